"""Limit cases whose answer is known beforehand: from a formula, or because nothing can happen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import opening_hazard
from rsip_sim.evidence.register import Register, load_register
from rsip_sim.evidence.rosters import Roster
from rsip_sim.model import simulation
from rsip_sim.model.national import WINTER
from rsip_sim.model.rules.climate import flat_hazard
from tests.fakes.worlds import (
    APRIL_2011,
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

NOBODY_CONVERTS = {
    "kappa_primary": 0.0,
    "kappa_secondary": 0.0,
    "kappa_special": 0.0,
    "order_rate_grade_4": 0.0,
    "order_rate_grade_3_primary": 0.0,
    "order_rate_grade_3_secondary": 0.0,
}
NO_ORDERS = {name: 0.0 for name in NOBODY_CONVERTS if name.startswith("order")}
# a conversion clock that depends on nothing but the national rate
PLAIN_CLOCK = {
    **NO_ORDERS,
    "eta_sd_primary": 0.0,
    "conversion_taste_sd": 0.0,
    "contagion_same_phase": 1.0,
    "share_multiplier": 1.0,
    "trust_multiplier": 1.0,
    "consortium_reach": -60.0,
    "grade_multiplier_1": 1.0,
    "grade_multiplier_3": 1.0,
    "grade_multiplier_4": 1.0,
    "pipeline_months_sigma": 0.0,
    "pull_probability": 0.0,
    "withdrawal_share": 0.0,
}
CERTAIN = {**PLAIN_CLOCK, "kappa_primary": 1e12, "kappa_secondary": 1e12, "kappa_special": 1e12}
FLAT = {"climate.conversion": "flat", "external.chain_approaches_per_year": 0.0}


def alike(number: int, **columns: object) -> Roster:
    """So many schools that share nothing: no community, no diocese."""
    return roster([school(100_000 + n, **columns) for n in range(number)], "alike")


def within_luck(count: float, expected: float, variance: float) -> bool:
    return abs(count - expected) < 4.5 * np.sqrt(variance)


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
        "fall_effect_sd": 0.0,
    }
    # with no support at all every pupil below good counts as vulnerable
    changes = {**FLAT, "external.market_quality": 0.0, "funding.ses_gbp_per_year": 0.0}
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
    dissolved = outcome.panel["dissolved"]
    assert not dissolved[:12].any()
    assert dissolved[12:].all()
    assert (outcome.panel["agreement_in_force"] == 1 - dissolved).all()


def test_without_a_quorum_even_an_empty_partnership_lives_on_its_earmark():
    changes = {
        "funding.subscription_gbp_per_pupil": 5000.0,
        "agreement.quorum": 0.0,
        "agreement.renewal": "certain",
    }
    outcome = simulate(policy(changes, horizon=40), town())
    assert not outcome.panel["dissolved"].any()
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
    for name in ("unmet_days_below_good", "vulnerable_pupils", "external_share"):
        assert not outcome.panel[name].any(), name
    assert not outcome.schools["months_unmet"].any()
    np.testing.assert_allclose(outcome.panel["served_days"], outcome.panel["need_days"])


def test_the_days_served_are_those_that_the_service_can_pay():
    changes = {**FLAT, "external.market_quality": 0.0}
    plan = policy(changes, horizon=3, partnership=False)
    panel = simulate(plan, alike(40, ofsted_grade=4), 8).panel
    days = 2_000_000 / 60_000 * 200 * 0.2 / 12
    np.testing.assert_allclose(panel["served_days"], days)
    assert not panel["external_share"].any()


def test_the_days_served_are_those_that_the_fund_can_pay():
    # no service, no market, and no good school to lend days: all is bought at £600 a day
    changes = {**FLAT, "external.market_quality": 0.0, "funding.ses_gbp_per_year": 0.0}
    schools = alike(20, ofsted_grade=4, member="yes")
    panel = simulate(policy(changes, horizon=1), schools, 64).panel
    nobody_better = panel["need_days"][0] == 20 * 8.0
    assert nobody_better.any()
    days = (750_000 - 100_000) * 0.4 / 12 / 600
    np.testing.assert_allclose(panel["served_days"][0][nobody_better], days)
    np.testing.assert_allclose(panel["external_share"][0][nobody_better], 1.0)


def test_without_any_support_nobody_is_served():
    changes = {
        "funding.ses_gbp_per_year": 0.0,
        "funding.earmark_gbp_per_year": 0.0,
        "funding.endowment": "none",
        "external.market_quality": 0.0,
    }
    outcome = simulate(policy(changes, horizon=24), alike(20, ofsted_grade=4))
    for name in ("served_days", "adequacy", "external_share", "mutual_support"):
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
    )


def test_where_nobody_needs_support_nobody_lacks_it(monkeypatch):
    monkeypatch.setattr(simulation, "load_register", without_need)
    outcome = simulate(policy(horizon=24), town())
    for name in ("need_days", "served_days", "unmet_days_below_good", "external_share"):
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


def test_without_conversion_the_envelope_is_the_cut_path_and_the_service_has_the_rest():
    changes = {"agreement.renewal": "certain", **FLAT, "agreement.quorum": 0.0}
    plan = policy(changes, horizon=84, overrides=NOBODY_CONVERTS)
    panel = simulate(plan, town(), 2).panel
    for year in range(7):
        envelope = round(275_000_000 * 0.915**year)
        service = max(envelope - 75_000_000, 110_000_000)
        month = 12 * year + 5
        assert (abs(panel["envelope_pence_per_year"][month] - envelope) <= 1).all()
        assert (panel["earmark_pence_per_year"][month] == 75_000_000).all()
        assert (abs(panel["ses_pence_per_year"][month] - service) <= 1).all()
        overspend = max(75_000_000 + service - envelope, 0)
        assert (abs(panel["overspend_pence_per_year"][month] - overspend) <= 1).all()


def test_the_fund_is_earmark_and_subscriptions_and_the_award_while_it_lasts():
    changes = {
        "funding.subscription_gbp_per_pupil": 2.5,
        "funding.endowment": "won",
        "funding.traded_income": False,
        "agreement.renewal": "certain",
    }
    outcome = simulate(policy(changes, horizon=40), town())
    members = stocks(outcome, "pupils", "member")
    award = np.zeros((40, 1), dtype=int)
    award[6:30] = 450_000 * 100 // 2 // 2  # half of it general, over two years
    expected = outcome.panel["earmark_pence_per_year"] + 250 * members + award
    alive = outcome.panel["dissolved"] == 0
    assert (outcome.panel["fund_pence_per_year"] == expected)[alive].all()
    assert alive[6:30].any()


# the agreement


def test_cover_is_a_sawtooth_where_renewal_is_certain():
    changes = {
        "agreement.length_months": 20,
        "agreement.renewal_months": 8,
        "agreement.renewal": "certain",
        "agreement.quorum": 0.0,
    }
    cover = simulate(policy(changes, horizon=60), town(), 4).panel["cover_months"]
    expected = [20 - t if t < 20 else 8 - (t - 20) % 8 for t in range(60)]
    assert (cover == np.array(expected)[:, None]).all()


NEVER_RENEWED = {"renewal_intercept": -60.0}


def test_a_forum_that_always_refuses_pays_until_the_agreement_and_its_last_budget_end():
    overrides = {**NEVER_RENEWED, "forum_intercept": -60.0}
    plan = policy({"agreement.quorum": 0.0}, horizon=60, overrides=overrides)
    panel = simulate(plan, town()).panel
    assert panel["agreement_in_force"][:24].all()
    assert not panel["agreement_in_force"][24:].any()
    assert panel["lapsed"][24:].all()
    # the budget of April 2013 still treats it as in force; the vote is in January 2014
    assert (panel["earmark_pence_per_year"][:36] == 75_000_000).all()
    assert not panel["earmark_pence_per_year"][36:].any()


def test_a_forum_that_always_keeps_the_line_lets_it_shrink_with_the_envelope():
    overrides = {**NEVER_RENEWED, **NOBODY_CONVERTS, "forum_intercept": 60.0}
    plan = policy({"agreement.quorum": 0.0}, horizon=72, overrides=overrides)
    panel = simulate(plan, town()).panel
    for month in (36, 47, 48, 71):
        expected = 75_000_000 * 0.915 ** (month // 12)
        assert (abs(panel["earmark_pence_per_year"][month] - expected) <= 1).all()
    assert not panel["overspend_pence_per_year"][36:].any()


def test_the_forum_does_not_vote_in_a_january_in_which_the_agreement_is_in_force():
    # it ends in March 2014: in January there was no vote, in April there is no guarantee
    changes = {"agreement.length_months": 35, "agreement.quorum": 0.0}
    overrides = {**NEVER_RENEWED, **NOBODY_CONVERTS, "forum_intercept": -60.0}
    panel = simulate(policy(changes, horizon=60, overrides=overrides), town()).panel
    earmark = panel["earmark_pence_per_year"]
    assert (earmark[:36] == 75_000_000).all()
    assert (abs(earmark[36:48] - 75_000_000 * 0.915**3) <= 1).all()
    assert not earmark[48:].any()


def test_a_line_once_refused_returns_with_a_new_agreement_and_outlives_it():
    changes = {"agreement.quorum": 0.0, "agreement.renewal_months": 12}
    # the council offers anew in January 2015 alone; the Forum tosses a coin each time it votes
    timeline = [(40, {"agreement.renewal": "certain"}), (50, {"agreement.renewal": "uncertain"})]
    coin = {"forum_intercept": 0.0, "forum_participation": 0.0, "forum_adequacy": 0.0}
    plan = policy(
        changes,
        horizon=76,
        timeline=timeline,
        overrides={**NEVER_RENEWED, **NOBODY_CONVERTS, **coin},
    )
    earmark = simulate(plan, town(), 64).panel["earmark_pence_per_year"]
    refused = earmark[36] == 0
    assert 10 < refused.sum() < 54
    assert (earmark[48:60] == 75_000_000).all()
    kept = earmark[72] > 0
    assert (refused & kept).any()
    assert (refused & ~kept).any()


def test_delegation_waits_for_the_agreement_to_end():
    changes = {
        "agreement.length_months": 36,
        "agreement.renewal": "certain",
        "funding.forum_delegates_from": APRIL_2011 + 12,
        "agreement.quorum": 0.0,
    }
    panel = simulate(policy(changes, horizon=72), town()).panel
    assert (panel["earmark_pence_per_year"][:48] == 75_000_000).all()
    assert not panel["earmark_pence_per_year"][48:].any()
    assert panel["agreement_in_force"][:36].all()
    assert not panel["agreement_in_force"][36:].any()


def test_delegation_waits_for_the_year_it_is_announced_for():
    changes = {
        "agreement.length_months": 0,
        "funding.forum_delegates_from": APRIL_2011 + 30,
        "agreement.quorum": 0.0,
    }
    plan = policy(changes, horizon=48, overrides={**NOBODY_CONVERTS, "forum_intercept": 60.0})
    earmark = simulate(plan, town()).panel["earmark_pence_per_year"]
    assert earmark[:36].all()
    assert not earmark[36:].any()


def test_an_offer_in_january_begins_in_april_for_the_length_of_a_renewal():
    changes = {"agreement.quorum": 0.0, "agreement.renewal_months": 15}
    timeline = [(30, {"agreement.renewal": "certain"})]
    overrides = {**NEVER_RENEWED, "forum_intercept": 60.0}
    plan = policy(changes, horizon=72, timeline=timeline, overrides=overrides)
    panel = simulate(plan, town()).panel
    in_force = np.zeros(72)
    in_force[:24] = 1
    in_force[36:] = 1
    assert (panel["agreement_in_force"] == in_force[:, None]).all()
    assert (panel["lapsed"] == 1 - in_force[:, None]).all()
    assert (panel["cover_months"][36] == 15).all()


def test_an_agreement_of_length_nought_was_never_signed():
    changes = {"agreement.length_months": 0, "agreement.quorum": 0.0}
    panel = simulate(policy(changes, overrides={"forum_intercept": -60.0}), town()).panel
    assert not panel["agreement_in_force"].any()
    assert not panel["lapsed"].any()
    # a line of the budget from the start, until the first vote takes it away
    assert (panel["earmark_pence_per_year"][:12] == 75_000_000).all()
    assert not panel["earmark_pence_per_year"][12:].any()


def test_a_fund_empty_at_two_budgets_running_ends_the_partnership():
    changes = {"funding.endowment": "none", "funding.traded_income": False, "agreement.quorum": 0.0}
    overrides = {**NEVER_RENEWED, "forum_intercept": -60.0}
    dissolved = simulate(policy(changes, horizon=60, overrides=overrides), town()).panel[
        "dissolved"
    ]
    # nothing in April 2014, nothing in April 2015
    assert not dissolved[:48].any()
    assert dissolved[48:].all()
