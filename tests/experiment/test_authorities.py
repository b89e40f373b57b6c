"""Generic authorities and the patterns measured on them."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.normalisation.england import England, Neighbours, national_policy, simulate_england
from experiments.normalisation.patterns import (
    academy_shares,
    bunching,
    gamma_variance,
    observed_persistence,
    patterns,
)
from rsip_sim.evidence.national import PHASES, authorities, opening_hazard
from rsip_sim.experiment.authorities import (
    START,
    authority_names,
    generic_authorities,
    generic_roster,
)

PRIMARY, SECONDARY = 0, 1


def invented_england(openings: np.ndarray, schools: int = 100) -> England:
    """An England whose primary converters are given: (authorities, months, replications)."""
    count, months, replications = openings.shape
    cube = np.zeros((count, 2, 3, months, replications), dtype=np.int64)
    cube[:, 0, PRIMARY] = openings
    start = np.zeros((count, 2, 3), dtype=np.int64)
    return England(cube, start, np.full((count, 3), schools), Neighbours(1.0, 1.0), START)


# rosters


def test_there_is_a_roster_for_every_authority_of_the_table() -> None:
    rosters = list(generic_authorities())
    assert len(rosters) == 149
    assert [roster.name for roster in rosters] == list(authority_names())


def test_an_authority_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="Atlantis"):
        generic_roster("Atlantis")


def test_schools_by_phase_are_as_many_as_the_table_counts_in_april_2011() -> None:
    for row in authorities():
        if row.month == START and row.authority in ("Kent", "Rutland", "Rotherham"):
            roster = generic_roster(row.authority)
            phase = PHASES.index(row.phase)
            assert (roster.phase == phase).sum() == row.maintained + row.converter + row.sponsored


def test_openings_of_the_first_of_april_are_still_to_come() -> None:
    """The table counts them already; the model opens them in its month 0."""
    rosters = list(generic_authorities())
    series = opening_hazard()
    for phase in (PRIMARY, SECONDARY):
        standing = sum(int(((r.route == 1) & (r.phase == phase)).sum()) for r in rosters)
        assert standing == series.openings[0, phase, : START - series.first].sum()


def test_every_start_academy_opened_before_the_start() -> None:
    for roster in generic_authorities():
        assert (roster.opened < START).all()


def test_grades_and_governance_follow_the_national_proportions() -> None:
    rosters = list(generic_authorities())
    grades = np.concatenate([roster.ofsted_grade for roster in rosters])
    shares = np.bincount(grades, minlength=5)[1:] / len(grades)
    assert shares == pytest.approx([0.20, 0.50, 0.28, 0.02], abs=0.005)
    kinds = np.concatenate([roster.governance[roster.phase == PRIMARY] for roster in rosters])
    assert (kinds == 2).mean() == pytest.approx(3743 / 16912, abs=0.005)


def test_voluntary_schools_and_only_they_have_a_diocese() -> None:
    roster = generic_roster("Lancashire")
    voluntary = (roster.governance == 2) | (roster.governance == 3)
    assert ((roster.diocese >= 0) == voluntary).all()


def test_there_is_one_community_a_secondary_school_and_primaries_are_spread_evenly() -> None:
    roster = generic_roster("Sheffield")
    assert len(roster.communities) == (roster.phase == SECONDARY).sum()
    primaries = np.bincount(roster.community[roster.phase == PRIMARY])
    assert primaries.max() - primaries.min() <= 1


def test_urns_differ_between_authorities_and_come_out_the_same_each_time() -> None:
    urns = np.concatenate([roster.urn for roster in generic_authorities()])
    assert len(set(urns.tolist())) == len(urns)
    generic_roster.cache_clear()
    assert (generic_roster("Leeds").urn == generic_roster("Leeds").urn).all()


# patterns


def test_openings_on_days_of_their_own_are_not_bunched() -> None:
    openings = np.zeros((2, 25, 1), dtype=np.int64)
    openings[0, [1, 4, 9], 0] = 1
    assert bunching(invented_england(openings), 24) == 0.0


def test_bunching_counts_every_school_that_opens_with_another() -> None:
    openings = np.zeros((2, 25, 1), dtype=np.int64)
    openings[0, 1, 0], openings[1, 1, 0] = 3, 1
    assert bunching(invented_england(openings), 24) == pytest.approx(0.75)


def test_authorities_that_share_one_rate_show_no_variance_of_the_rate() -> None:
    generator = np.random.default_rng(1)
    alike = generator.poisson(0.3, (150, 25, 4))
    assert gamma_variance(invented_england(alike), 0, PRIMARY) < 0.05


def test_the_variance_of_a_gamma_rate_is_found_again() -> None:
    generator = np.random.default_rng(2)
    rate = 0.2 * generator.gamma(1.0, 1.0, (150, 1, 8))
    uneven = generator.poisson(np.repeat(rate, 25, axis=1))
    england = invented_england(uneven, schools=10_000)
    assert gamma_variance(england, 0, PRIMARY) == pytest.approx(1.0, abs=0.15)


def test_the_academy_share_of_april_2013_holds_the_openings_of_that_day() -> None:
    openings = np.zeros((1, 26, 1), dtype=np.int64)
    openings[0, [3, 24, 25], 0] = 1
    assert academy_shares(invented_england(openings))[0, PRIMARY, 0] == pytest.approx(0.02)


def test_the_model_makes_an_england_of_two_authorities() -> None:
    policy = national_policy(horizon_months=26)
    rosters = [generic_roster("Rotherham"), generic_roster("Kent")]
    england = simulate_england(policy, 1, 2, rosters)
    assert england.openings.shape == (2, 2, 3, 26, 2)
    assert england.openings.sum() > 0
    found = patterns(england)
    assert [pattern.number for pattern in found] == sorted(pattern.number for pattern in found)
    assert all(pattern.model >= 0.0 for pattern in found if pattern.unit)


def test_authorities_do_not_share_their_luck() -> None:
    one = generic_roster("Leeds")
    england = simulate_england(national_policy(horizon_months=25), 1, 4, [one, one])
    assert (england.openings[0] != england.openings[1]).any()


def test_an_authority_keen_in_one_year_was_keener_in_the_next_among_primaries() -> None:
    primary, secondary = observed_persistence("primary"), observed_persistence("secondary")
    assert 0.0 < secondary < primary < 1.0
