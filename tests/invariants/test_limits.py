"""Limit cases whose answer is known beforehand: from a formula, or because nothing can happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import opening_hazard
from rsip_sim.evidence.register import Register, load_register
from rsip_sim.model import simulation
from rsip_sim.model.national import WINTER
from rsip_sim.model.rules.climate import flat_hazard
from tests.fakes.limit_worlds import (
    CERTAIN,
    FLAT,
    NO_MONEY,
    NOBODY_CONVERTS,
    PLAIN_CLOCK,
    alike,
    within_luck,
)
from tests.fakes.worlds import (
    Row,
    academy,
    flows,
    policy,
    roster,
    rotherham,
    school,
    simulate,
    stocks,
    town,
    town_rows,
)

# conversion


def test_where_the_hazard_is_nought_no_school_becomes_an_academy_and_no_pound_leaves():
    plan = policy(FLAT, overrides=NOBODY_CONVERTS)
    schools = roster([row for row in town_rows() if "legal_status" not in row])
    outcome = simulate(plan, schools)
    assert not flows(outcome, "openings_").any()
    assert not outcome.panel["applications"].any()
    assert not outcome.panel["recouped_cumulative_pence"].any()
    gross, kept = (outcome.panel[f"{n}_pence_per_year"] for n in ("gross", "retained"))
    assert (gross == kept).all()
    assert (outcome.panel["integrity"] == 1.0).all()


def test_where_conversion_is_certain_each_school_opens_six_months_after_its_first_meeting():
    start = parse_month("2012-04")
    plan = policy(FLAT, horizon=14, start=start, partnership=False, overrides=CERTAIN)
    opened = simulate(plan, alike(60), 4).schools["opening_month"]
    assert (opened == opened[:, :1]).all()  # no luck is left
    # who met eight or seven months before the start would have opened before it; that lapses, and
    # the next meeting after the start decides
    assert set(np.unique(opened)) == {0, 1, 6, 7}
    assert (np.bincount(opened[:, 0])[[0, 1, 6, 7]] > 5).all()


def test_the_share_of_academies_follows_from_the_rate_at_each_meeting():
    rate, start, until = 0.05, parse_month("2012-04"), 24
    series = opening_hazard()
    hazard = flat_hazard(series.converter, series.first, WINTER)[0]
    overrides = {**PLAIN_CLOCK, "kappa_primary": rate / (4.0 * hazard)}
    plan = policy(FLAT, horizon=until + 1, start=start, partnership=False, overrides=overrides)
    schools = alike(80, ofsted_grade=2)
    opened = simulate(plan, schools, 256).schools["opening_month"] >= 0
    miss = 1.0 / (1.0 + rate)
    # the first meeting is in one of the months −8 … −5; applications of −8 and −7 lapse at 0
    certain = simulate(
        policy(FLAT, horizon=14, start=start, partnership=False, overrides=CERTAIN), schools, 1
    ).schools["opening_month"][:, 0]
    expected = np.zeros(len(certain))
    for first, opening in ((-8, 6), (-7, 7), (-6, 0), (-5, 1)):
        inside = len(range(first + 8, until - 6 + 1, 4))  # meetings from month 0 on
        if first < -6:
            chance = (1.0 - miss) * (1.0 - miss**inside) + miss * (1.0 - miss ** (inside + 1))
        else:
            chance = 1.0 - miss ** (inside + 2)
        expected[certain == opening] = chance
    variance = 256 * (expected * (1.0 - expected)).sum()
    assert within_luck(opened.sum(), 256 * expected.sum(), variance)


def test_orders_come_at_their_monthly_rate_and_open_nine_to_twelve_months_later():
    rate = 0.1
    overrides = {
        **NOBODY_CONVERTS,
        "order_rate_grade_4": rate,
        "order_effect_sd": 0.0,
    }
    start = parse_month("2012-04")
    plan = policy(FLAT, horizon=9, start=start, partnership=False, overrides=overrides)
    outcome = simulate(plan, alike(60, ofsted_grade=4), 128)
    # by month 8 only orders of the months before the start can have opened
    share = sum(
        np.exp(-rate * month) * (1.0 - np.exp(-rate)) * min((8 - month) / 4.0, 1.0)
        for month in range(8)
    )
    number = 60 * 128
    opened = flows(outcome, "openings_sponsored_").sum()
    assert within_luck(opened, number * share, number * share * (1.0 - share))
    assert not flows(outcome, "openings_")[0].any()


@pytest.mark.parametrize(
    ("phase", "grade", "month"),
    [
        ("primary", 2, "2010-11"),
        ("secondary", 2, "2010-11"),
        ("special", 1, "2011-01"),
        ("special", 2, "2011-01"),
        ("primary", 3, "2011-04"),
        ("special", 3, "2011-04"),
        ("secondary", 4, "2011-04"),
    ],
)
def test_even_the_keenest_school_waits_until_its_kind_may_apply(phase, grade, month):
    plan = policy(FLAT, horizon=10, start=parse_month(month), partnership=False, overrides=CERTAIN)
    outcome = simulate(plan, alike(20, phase=phase, ofsted_grade=grade), 16)
    opened = flows(outcome, "openings_converter_")
    assert not opened[:6].any()  # no application before the start
    assert opened[6:].sum() > 0.85 * 20 * 16  # and all at their first meeting after it


def test_outstanding_schools_need_not_wait():
    start = parse_month("2010-11")
    plan = policy(FLAT, horizon=10, start=start, partnership=False, overrides=CERTAIN)
    opened = flows(simulate(plan, alike(20, ofsted_grade=1), 16), "openings_converter_")
    assert opened[:2].sum() > 0


@pytest.mark.parametrize("phase", ["nursery", "pru"])
def test_some_kinds_never_convert_however_keen(phase):
    outcome = simulate(policy(FLAT, horizon=30, overrides=CERTAIN), alike(5, phase=phase), 8)
    assert not flows(outcome, "openings_").any()


def test_a_planned_opening_keeps_the_route_the_roster_gives_it():
    rows = [school(1, planned_opening="2011-07", route="sponsored"), school(2)]
    outcome = simulate(policy(horizon=6), roster(rows), 4)
    assert (outcome.schools["opening_month"][0] == 3).all()
    assert (outcome.schools["route"][0] == 2).all()
    assert (outcome.panel["openings_sponsored_primary"][3] == 1).all()


def test_a_lone_academy_joins_a_chain_at_the_first_approach():
    a_year = 6.0
    changes = {"external.chain_approaches_per_year": a_year}
    plan = policy(changes, horizon=12, overrides={"chain_lone_academy_probability": 1.0})
    joined = simulate(plan, roster([academy(5, ofsted_grade=2)]), 4000).panel["schools_in_chains"]
    for month in (0, 3, 11):
        share = 1.0 - np.exp(-a_year * (month + 1) / 12.0)
        assert within_luck(joined[month].sum(), 4000 * share, 4000 * share * (1.0 - share))


# inspection


@pytest.mark.parametrize("given", ["", 1, 4], ids=["drawn", "outstanding", "inadequate"])
def test_grades_follow_the_published_matrix_where_support_does_not_matter(given):
    register = load_register()
    matrix = np.array([register[f"regrade_from_{grade}"].value for grade in (1, 2, 3, 4)])
    monthly = 1.0 - np.exp(-np.array(register["inspection_rate"].value))
    overrides = {
        **NOBODY_CONVERTS,
        "fall_ratio": 1.0,
        "leave_ratio": 1.0,
        "up_ratio": 1.0,
        "fall_effect_sd": 0.0,
    }
    # with no support at all every pupil below good counts as vulnerable
    changes = {**FLAT, **NO_MONEY, "external.market_quality": 0.0}
    plan = policy(changes, partnership=False, overrides=overrides)
    outcome = simulate(plan, alike(50, pupils=1, ofsted_grade=given), 256)
    drawn = np.array(register["start_grade_shares"].value)
    shares = np.eye(4)[given - 1] if given else drawn
    number = 50 * 256
    for month in range(60):
        shares = shares + (shares * monthly) @ matrix - shares * monthly
        expected = shares[2:].sum() * number
        found = outcome.panel["vulnerable_pupils"][month].sum()
        assert within_luck(found, expected, expected * (1.0 - shares[2:].sum())), month


# membership


@pytest.mark.parametrize(("status", "share"), [("maintained", 0.93), ("academy", 0.70)])
def test_the_founding_share_is_the_one_asked_for(status, share):
    rows: list[Row] = [school(10 + n) for n in range(40)]
    if status == "academy":
        rows = [academy(10 + n) for n in range(40)]
    # the meetings of the first month come after the founding
    outcome = simulate(policy(FLAT, horizon=1, overrides=NOBODY_CONVERTS), roster(rows), 512)
    moved = outcome.panel["joins"].astype(int) - flows(outcome, "exits_")
    founded = (stocks(outcome, "schools", status, "member") - moved).sum()
    number = 40 * 512
    assert within_luck(founded, number * share, number * share * (1.0 - share))


def test_at_a_price_beyond_all_means_nobody_joins_and_the_partnership_ends_at_the_second_review():
    plan = policy({"funding.subscription_gbp_per_pupil": 5000.0}, horizon=24)
    outcome = simulate(plan, town())
    assert not outcome.panel["participation"].any()
    assert not outcome.panel["joins"].any()
    ended = outcome.panel["partnership_ended"]
    assert not ended[:12].any()
    assert ended[12:].all()
    assert (outcome.panel["agreement_in_force"] == 1 - ended).all()


def test_without_a_quorum_even_an_empty_partnership_lives_on_its_earmark():
    changes = {
        "funding.subscription_gbp_per_pupil": 5000.0,
        "agreement.quorum": 0.0,
        "agreement.renewal": "certain",
    }
    outcome = simulate(policy(changes, horizon=40), town())
    assert not outcome.panel["partnership_ended"].any()
    assert (outcome.panel["fund_pence_per_year"] >= 75_000_000).all()


def test_schools_named_as_members_are_members_whatever_the_price():
    rows = [{**row, "member": "yes"} for row in town_rows()]
    plan = policy(
        {"funding.subscription_gbp_per_pupil": 5000.0, "agreement.school_commitment_months": 6},
        horizon=6,
    )
    assert (simulate(plan, roster(rows)).panel["participation"] == 1.0).all()


def test_a_tie_holds_to_the_month_against_any_price():
    rows = [{**row, "member": "yes"} for row in town_rows()]
    changes = {"agreement.school_commitment_months": 18, "agreement.quorum": 0.0}
    dear = {"funding.subscription_gbp_per_pupil": 5000.0}
    outcome = simulate(policy(changes, horizon=24, timeline=[(3, dear)]), roster(rows))
    assert (outcome.panel["participation"][:18] == 1.0).all()
    # each leaves at its first meeting after the tie
    assert not outcome.panel["participation"][21:].any()
    alone = outcome.schools["first_month_alone"]
    assert set(np.unique(alone)) == {18, 19, 20, 21}


# one school


@pytest.mark.parametrize("community", ["", "Ash"])
def test_one_school_is_an_authority_of_its_own(community):
    plan = policy(horizon=30, overrides={"kappa_primary": 100.0})
    outcome = simulate(plan, roster([school(3, learning_community=community)]), 64)
    assert (outcome.panel["connectedness"] == 1.0).all()
    assert (outcome.panel["integrity"] == 1.0).all()
    assert set(np.unique(outcome.panel["participation"])) == {0.0, 1.0}
    assert set(np.unique(outcome.panel["stability"])) <= {0.0, 1.0}
    retained = outcome.panel["retained_pence_per_year"]
    academies = stocks(outcome, "schools", "academy")
    assert (retained == np.where(academies == 1, 0, 200 * 413_000)).all()


# support


def test_with_support_without_end_nobody_goes_short():
    rows = [{**row, "member": "yes"} for row in town_rows() if "legal_status" not in row]
    changes = {"funding.ses_gbp_per_year": 2e7, "agreement.renewal": "certain"}
    outcome = simulate(policy(changes, overrides=NOBODY_CONVERTS), roster(rows))
    for name in ("mutual_support", "adequacy"):
        assert (outcome.panel[name] == 1.0).all(), name
    np.testing.assert_allclose(outcome.panel["connectedness"], 1.0, atol=1e-9)
    for name in ("unmet_days_below_good", "vulnerable_pupils", "bought_by_schools_days"):
        assert not outcome.panel[name].any(), name
    assert not outcome.schools["months_unmet"].any()
    np.testing.assert_allclose(outcome.panel["served_days"], outcome.panel["need_days"])


def test_the_days_served_are_those_that_the_service_can_pay():
    changes = {**FLAT, "external.market_quality": 0.0, "funding.earmark_gbp_per_year": 0.0}
    plan = policy(changes, horizon=3, partnership=False)
    panel = simulate(plan, alike(40, ofsted_grade=4), 8).panel
    days = (2_000_000 - 500_000) / 60_000 * 200 * 0.27 / 12  # the core gives schools no days
    np.testing.assert_allclose(panel["served_days"], days)
    assert not panel["bought_by_schools_days"].any()
    assert not panel["commissioned_days"].any()


def test_the_days_schools_buy_are_those_that_delegated_money_can_pay():
    changes = {**FLAT, "external.market_quality": 0.0, "funding.ses_gbp_per_year": 0.0}
    plan = policy(changes, horizon=1, partnership=False)
    panel = simulate(plan, alike(40, ofsted_grade=4), 64).panel
    # what a good school cannot use is lost to the others: look where none has risen
    quiet = panel["schools_in_category"][0] == 40
    days = 750_000 * 0.4 / 600 / 12
    for name in ("served_days", "bought_by_schools_days"):
        np.testing.assert_allclose(panel[name][0][quiet], days)
    nothing = replace(plan, structure=(("delegated_money", "buys_nothing"),))
    assert not simulate(nothing, alike(40, ofsted_grade=4), 8).panel["served_days"].any()


def test_what_an_academy_buys_back_is_its_share_of_what_the_service_gives():
    changes = {**FLAT, "external.market_quality": 0.0, "funding.earmark_gbp_per_year": 0.0}
    rows = [school(10 + n, ofsted_grade=4) for n in range(20)]
    rows += [academy(90, ofsted_grade=4)]
    panel = simulate(policy(changes, horizon=1, partnership=False), roster(rows), 64).panel
    quiet = panel["need_days"][0] == 21 * 8.0
    days = (2_000_000 - 500_000) / 60_000 * 200 * 0.27 / 12
    share = min(days / (20 * 8.0), 1.0)
    np.testing.assert_allclose(panel["served_days"][0][quiet], 8.0 * share * (20 + 0.4))
    assert not panel["bought_by_schools_days"].any()  # bought back stays in the local system


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_days_sold_beyond_the_borough_are_missing_at_home_and_the_fund_keeps_the_margin(share):
    changes = {**FLAT, "external.market_quality": 0.0, "funding.ses_gbp_per_year": 0.0}
    changes |= {"support.sold_beyond_share": share, "funding.ses_capacity_share": 0.0}
    overrides = {"lead_days_per_month": 2.0, "lead_offer_gain": 0.0}
    rows = [school(10 + n, ofsted_grade=1 + 3 * (n % 2), member="yes") for n in range(40)]
    panel = simulate(policy(changes, horizon=1, overrides=overrides), roster(rows), 64).panel
    quiet = panel["schools_below_good"][0] == 20
    capacity = 20 * 0.3 * 2.0
    sold = round(capacity * share * 12 * (600 - 250) * 100)
    assert (panel["sold_pence_per_year"][0][quiet] == sold).all()
    fund = 750_000 + sold / 100
    money = (fund - 100_000) * 0.4 / 12
    at_home = min(capacity * (1.0 - share), money / 250)
    bought = (money - at_home * 250) / 600
    np.testing.assert_allclose(panel["commissioned_days"][0][quiet], bought)
    np.testing.assert_allclose(panel["served_days"][0][quiet], at_home + bought)


def test_the_days_served_are_those_that_the_fund_can_pay():
    # no service, no market, and no good school to lend days: all is bought at £600 a day
    changes = {**FLAT, "external.market_quality": 0.0, "funding.ses_gbp_per_year": 0.0}
    schools = alike(20, ofsted_grade=4, member="yes")
    panel = simulate(policy(changes, horizon=1), schools, 64).panel
    nobody_better = panel["need_days"][0] == 20 * 8.0
    assert nobody_better.any()
    days = (750_000 - 100_000) * 0.4 / 12 / 600
    np.testing.assert_allclose(panel["served_days"][0][nobody_better], days)
    np.testing.assert_allclose(panel["commissioned_days"][0][nobody_better], days)


def test_without_any_support_nobody_is_served():
    changes = {
        "funding.ses_gbp_per_year": 0.0,
        "funding.earmark_gbp_per_year": 0.0,
        "funding.endowment": "none",
        "external.market_quality": 0.0,
    }
    outcome = simulate(policy(changes, horizon=24), alike(20, ofsted_grade=4))
    for name in ("served_days", "adequacy", "bought_by_schools_days", "mutual_support"):
        # lead schools of the partnership are paid, so that without money there are none
        assert not outcome.panel[name][:11].any(), name
    # every pupil of a school below good, which nearly all still are after the first month
    assert (outcome.panel["vulnerable_pupils"][0] >= 0.8 * 20 * 200).all()


def without_need() -> Register:
    """The register with no adviser-day needed by anybody."""
    register = load_register()
    return Register(
        tuple(
            replace(parameter, value=(0.0,) * 4) if parameter.name == "need_days" else parameter
            for parameter in register
        ),
        "test",
        tuple(register.structures.values()),
    )


def test_where_nobody_needs_support_nobody_lacks_it(monkeypatch):
    monkeypatch.setattr(simulation, "load_register", without_need)
    outcome = simulate(policy(horizon=24), town())
    for name in ("need_days", "served_days", "unmet_days_below_good", "bought_by_schools_days"):
        assert not outcome.panel[name].any(), name
    assert (outcome.panel["mutual_support"] == 1.0).all()
    assert (outcome.panel["adequacy"] == 1.0).all()


# money


def test_where_all_are_academies_everything_is_recouped():
    rows = [academy(10 + n, learning_community="Ash") for n in range(4)]
    outcome = simulate(policy(horizon=24), roster(rows))
    assert not outcome.panel["retained_pence_per_year"].any()
    assert not outcome.panel["recouped_new_cumulative_pence"].any()


def test_twice_the_grant_is_twice_every_pound_of_it_and_nothing_else():
    once, twice = (
        simulate(policy({"funding.dsg_gbp_per_pupil": level}, horizon=36), town())
        for level in (4700.0, 9400.0)
    )
    for name in once.panel:
        factor = 2 if name.startswith(("gross_", "retained_", "recouped_")) else 1
        # sums since the start are rounded down once, after doubling
        spare = 1 if "cumulative" in name else 0
        difference = twice.panel[name] - factor * once.panel[name]
        assert np.nanmax(np.abs(difference)) <= spare, name


def test_rotherham_has_the_dsg_of_its_rolls_and_near_4700_a_pupil():
    outcome = simulate(policy(horizon=1), rotherham(), 1)
    gross = outcome.panel["gross_pence_per_year"][0, 0]
    units = np.array([413_000, 553_000, 1_200_000])
    schools = rotherham()
    expected = sum(
        int(pupils) * (1_200_000 if kind == "pru" else 413_000 if phase == 3 else units[phase])
        for pupils, phase, kind in zip(
            schools.pupils, schools.phase, schools.detailed_phase, strict=True
        )
    )
    assert gross == expected
    assert gross / 100 / schools.pupils.sum() == pytest.approx(4700, rel=0.05)
