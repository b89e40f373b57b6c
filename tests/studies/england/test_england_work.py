"""England in numbers: the same luck whoever else is asked, money by pupils, sums that are sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.rosters import load_roster
from rsip_sim.measures.metrics import METRICS, PRICE, PRICE_SERVICE
from rsip_sim.measures.moments import END, moments_of
from rsip_sim.studies.england.places import (
    ACADEMIES,
    ENGLAND,
    SIZE,
    groups_of,
    rate_of,
    shipped_places,
    told_as,
)
from rsip_sim.studies.england.runs import Plan, measured_places, simulate_place
from rsip_sim.studies.england.work import England, england, ranked
from rsip_sim.studies.kernel.ground import Means
from tests.fakes.england import NAMED, THREE, fake_england, named_places, shorter
from tests.fakes.panels import NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR

FUTURES, MONTHS = 8, 15
BOTH = tuple(shorter(each, MONTHS) for each in (NO_AGREEMENT, TWO_YEAR))
MOMENTS = moments_of(BOTH[0].policy, MONTHS)


def plan(*scenarios, metrics=("members", "price_schools"), replications=FUTURES) -> Plan:
    policies = tuple(each.policy for each in scenarios or BOTH)
    pupils = int(BOTH[0].roster.pupils.sum())
    return Plan(policies, pupils, metrics, (MOMENTS["mean"], MOMENTS[END]), replications, 11)


@pytest.fixture(scope="module")
def measured():
    """Two small authorities, simulated."""
    places = named_places("Darlington", "Rutland")
    return dict(zip(("Darlington", "Rutland"), measured_places(plan(), places, Means(1)),
                    strict=True))  # fmt: skip


def test_an_authority_has_the_same_futures_whoever_else_is_asked_for(measured) -> None:
    (rutland,) = named_places("Rutland")
    np.testing.assert_array_equal(simulate_place((plan(), rutland, None)), measured["Rutland"])


def test_every_authority_has_luck_and_parameter_sets_of_its_own() -> None:
    trials = [plan().trials(place)[0] for place in named_places(*NAMED)]
    assert len({trial.seed for trial in trials}) == len(NAMED)
    cores = [trial.held["ses_core_gbp"] / trial.roster.pupils.sum() for trial in trials]
    assert not np.allclose(cores[0], cores[1])


def test_policies_of_one_block_are_told_as_each_is_alone(measured) -> None:
    (place,) = named_places("Darlington")
    (alone,) = simulate_place((plan(BOTH[1]), place, None))
    np.testing.assert_array_equal(alone, measured["Darlington"][1])


def test_every_authority_has_as_many_pounds_a_pupil_as_the_scenario_and_the_register() -> None:
    pupils = load_roster("rotherham_2011").pupils.sum()
    for place in named_places(*NAMED):
        trial = replace(plan(), policies=(replace(BOTH[0].policy, parameters="central"),)).trials(
            place
        )[0]
        funding = trial.policy.levers.funding
        assert funding.earmark_gbp_per_year / place.pupils == pytest.approx(750_000 / pupils)
        assert funding.ses_gbp_per_year / place.pupils == pytest.approx(2_000_000 / pupils)
        assert trial.held["ending_threshold_gbp"] / place.pupils == pytest.approx(50_000 / pupils)
        assert funding.dsg_gbp_per_pupil == BOTH[0].policy.levers.funding.dsg_gbp_per_pupil


def test_another_councils_pounds_are_divided_by_its_own_pupils() -> None:
    (place,) = named_places("Hackney")
    tenth = replace(plan(), pupils=10 * place.pupils).trials(place)[0]
    earmark = BOTH[0].policy.levers.funding.earmark_gbp_per_year
    assert tenth.policy.levers.funding.earmark_gbp_per_year == pytest.approx(earmark / 10)


def test_a_small_authority_is_not_small_in_money_a_pupil(measured) -> None:
    """Without money by pupils Rutland's partnership would have nine times as much a pupil."""
    sizes = {place.name: place for place in named_places(*measured)}
    assert sizes["Darlington"].pupils > 1.5 * sizes["Rutland"].pupils
    rate = rate_of(METRICS["price_schools"], MOMENTS, "mean", MONTHS)
    paid = {name: rate.of(values[:, 1, 1], sizes[name])[0] for name, values in measured.items()}
    means = [values.mean() for values in paid.values()]
    assert means[0] == pytest.approx(means[1], rel=0.1)


# rates


def test_every_metric_is_told_in_a_unit_that_no_size_enters() -> None:
    of_size = ("schools", "£m", "pupils in")
    for metric in METRICS.values():
        told, per = told_as(metric)
        assert not told.unit.startswith(of_size), metric.name
        assert bool(per) == (told.unit != metric.unit), metric.name
        assert told.format.notice > 0


def test_a_rate_of_all_is_that_of_its_sums() -> None:
    """A region's members of 100 schools are its members ÷ its schools, whatever their sizes."""
    members = {place.name: 7.0 + i for i, place in enumerate(named_places(*NAMED))}
    places = named_places(*NAMED)

    def change(place, rate, option):
        values = np.array([[0.0], [members[place.name]]])
        return float(rate.of(values, place)[1, 0])

    found = fake_england(THREE[:2], change, places=places, metrics=("members", "fund"))
    rates = {rate.name: rate for rate in found.rates}
    total = sum(members.values())
    schools, pupils = sum(p.schools for p in places), sum(p.pupils for p in places)
    told = found.change(THREE[1], rates["members"], found.england).mean
    assert told == pytest.approx(100 * total / schools)
    assert found.change(THREE[1], rates["fund"], found.england).mean == pytest.approx(
        total / pupils
    )


def test_the_price_is_by_the_year_and_a_lost_service_is_what_the_baseline_has_more() -> None:
    (place,) = named_places("Rutland")
    spent = np.array([[90_000.0], [60_000.0]])
    for name in PRICE:
        rate = rate_of(METRICS[name], MOMENTS, "mean", MONTHS)
        assert rate.moment.name == END
        told = rate.of(spent, place)[:, 0]
        yearly = spent[:, 0] * 12 / MONTHS / place.pupils
        wanted = yearly[0] - yearly if name == PRICE_SERVICE else yearly
        np.testing.assert_allclose(told, wanted)


# groups and ranks


def test_every_kind_holds_each_authority_once() -> None:
    places = shipped_places()
    groups = groups_of(places)
    for kind in {group.kind for group in groups}:
        rows = [row for group in groups if group.kind == kind for row in group.rows]
        assert sorted(rows) == list(range(len(places))), kind
    assert groups[0].kind == ENGLAND
    thirds = [len(group.rows) for group in groups if group.kind == SIZE]
    assert min(thirds) > 0.8 * len(places) / 3


def test_few_authorities_make_no_thirds() -> None:
    assert {group.kind for group in groups_of(named_places(*NAMED))} == {ENGLAND, "region"}


def test_ranks_have_the_interval_of_what_is_clearly_ahead_and_behind() -> None:
    found = ranked(np.array([1.0, 9.0, 1.1, np.nan]), np.full(4, 0.5))
    assert found.rank.tolist() == [3, 1, 2, 4]
    assert found.best.tolist() == [2, 1, 2, 1]
    assert found.worst.tolist() == [4, 2, 4, 4]
    assert found.best[3] == 1  # what is not defined is told apart from nothing
    reversed_ = ranked(np.array([1.0, 9.0]), np.full(2, 0.5), least_first=True)
    assert reversed_.rank.tolist() == [1, 2]


def test_of_authorities_that_are_alike_luck_tells_one_pair_in_twenty_apart() -> None:
    luck = np.random.default_rng(4)
    apart = [ranked(luck.normal(size=120), np.ones(120)).apart for _ in range(40)]
    assert np.mean(apart) == pytest.approx(0.05, abs=0.01)


def test_a_kind_that_changes_otherwise_has_a_clear_contrast() -> None:
    found = fake_england(THREE[:2])
    rate = next(rate for rate in found.rates if rate.name == "members")
    contrast = found.contrast(THREE[1], rate, ACADEMIES)
    assert contrast.clear
    assert contrast.mean > 0
    alike = fake_england(THREE[:2], lambda place, rate, option: 1.0)
    assert not alike.contrast(THREE[1], rate, ACADEMIES).clear


def test_what_is_averaged_over_many_is_known_better_than_one() -> None:
    found = fake_england(THREE[:2])
    rate = found.rates[0]
    england_, one = found.change(THREE[1], rate, found.england), found.of_place(THREE[1], rate, 0)
    assert (one.ci_high - one.ci_low) > 2 * (england_.ci_high - england_.ci_low)


def test_without_a_partnership_there_are_no_members_to_compare() -> None:
    scenarios = tuple(shorter(each, MONTHS) for each in (TWO_YEAR, NO_PARTNERSHIP))
    places = named_places("Rutland")
    found = england(
        England(scenarios, places, ("members", "erosion"), "mean", 2, 3, generic=True), Means(1)
    )
    members, erosion = found.rates[:2]
    assert np.isnan(found.change(scenarios[1], members, found.england).mean)
    assert np.isfinite(found.change(scenarios[1], erosion, found.england).mean)
