"""The line, the agreement, the guarantee and the end: what law and rules say of single worlds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pytest

from rsip_sim.evidence.months import parse_month
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import simulate_policies
from tests.fakes.limit_worlds import (
    CERTAIN,
    FLAT,
    NO_ORDERS,
    NOBODY_CONVERTS,
    alike,
    within_luck,
)
from tests.fakes.worlds import (
    APRIL_2011,
    SEED,
    flows,
    policy,
    roster,
    school,
    simulate,
    stocks,
    town,
)

CERTAIN_RENEWAL = {"agreement.renewal": "certain", "agreement.quorum": 0.0}
ALIVE = {"agreement.quorum": 0.0, "funding.endowment": "none"}
NEVER_OFFERED = {"renewal_intercept": -60.0}
ALWAYS_OFFERED = {"renewal_intercept": 60.0}
REFUSED = {"forum_intercept": -60.0}
KEPT = {"forum_intercept": 60.0}
GOES_ON = (("ending", "never_for_money"),)


# money


def test_without_conversion_the_service_is_the_cut_path_and_the_line_is_flat():
    plan = policy({**CERTAIN_RENEWAL, **FLAT}, horizon=84, overrides=NOBODY_CONVERTS)
    panel = simulate(plan, town(), 2).panel
    for year in range(7):
        month = 12 * year + 5
        service = round(200_000_000 * 0.9**year)
        assert (abs(panel["ses_path_pence_per_year"][month] - service) <= 1).all()
        assert (panel["ses_pence_per_year"] == panel["ses_path_pence_per_year"])[month].all()
        assert (panel["pooled_pence_per_year"][month] == 75_000_000).all()


@pytest.mark.parametrize(("rule", "share"), [("in_part", 0.6), ("kept", 0.0), ("wholly", 1.0)])
def test_the_service_shrinks_with_the_pupils_who_left_as_the_rule_says(rule, share):
    plan = policy(
        {**FLAT, "funding.council_cut_pct_per_year": 0.0},
        horizon=24,
        partnership=False,
        overrides=CERTAIN,
        structure=(("ses_size", rule),),
    )
    schools = roster([school(10 + n, pupils=100) for n in range(40)])
    panel = simulate(plan, schools, 4).panel
    left = stocks_of_new_academies(panel, 12) / 4000
    expected = np.rint(200_000_000 * (1.0 - share * left))
    assert (panel["ses_path_pence_per_year"][12] == expected).all()
    assert left.min() > 0.9


def stocks_of_new_academies(panel: dict[str, np.ndarray], month: int) -> np.ndarray:
    return sum(
        panel[name][month].astype(int)
        for name in panel
        if name.startswith("pupils_") and "_academy_" in name
    )


def test_the_fund_is_earmark_and_subscriptions_and_the_award_while_it_lasts():
    changes = {
        **CERTAIN_RENEWAL,
        "funding.subscription_gbp_per_pupil": 2.5,
        "funding.endowment": "won",
    }
    outcome = simulate(policy(changes, horizon=40), town())
    members = stocks(outcome, "pupils", "member")
    award = np.zeros((40, 1), dtype=int)
    award[6:30] = 450_000 * 100 // 2 // 2  # half of it general, over two years
    expected = outcome.panel["pooled_pence_per_year"] + 250 * members + award
    assert (outcome.panel["fund_pence_per_year"] == expected).all()


def test_from_2013_the_line_is_never_above_that_of_2012():
    more = {"funding.earmark_gbp_per_year": 900_000.0}
    less = {"funding.earmark_gbp_per_year": 500_000.0}
    raised = policy({**CERTAIN_RENEWAL}, horizon=48, timeline=[(12, more), (13, less), (25, more)])
    line = simulate(raised, town(), 2).panel["line_pence_per_year"]
    in_pounds = [line[month, 0] // 100 for month in (0, 12, 24, 36)]
    assert in_pounds == [750_000, 900_000, 500_000, 900_000]
    later = policy(
        {**CERTAIN_RENEWAL}, horizon=48, start=parse_month("2014-04"), timeline=[(5, more)]
    )
    line = simulate(later, town(), 2).panel["line_pence_per_year"]
    assert (line == 75_000_000).all()


# the agreement


def living(changes: dict, overrides: dict, horizon: int = 60, **rest: object) -> Policy:
    """A policy under which the partnership does not end, unless the rest says so."""
    rest = {"structure": GOES_ON, **rest}
    return policy({**ALIVE, **changes}, horizon=horizon, overrides=overrides, **rest)


def lived(changes: dict, overrides: dict, horizon: int = 60, **rest: object) -> dict:
    """The panel of a town under it."""
    return simulate(living(changes, overrides, horizon, **rest), town()).panel


def lived_together(plans: Sequence[Policy]) -> list[dict]:
    """The panels of the town under several, which share a block."""
    return [each.panel for each in simulate_policies(plans, town(), SEED, np.arange(32))]


LENGTHS = (0, 1, 9, 11, 12, 13, 20, 24, 60)


@lru_cache(maxsize=1)
def always_offered() -> dict[int, dict]:
    """The panel of each length, where every offer is made and taken."""
    told = {**ALWAYS_OFFERED, **KEPT}
    plans = [living({"agreement.length_months": length}, told) for length in LENGTHS]
    return dict(zip(LENGTHS, lived_together(plans), strict=True))


@pytest.mark.parametrize("length", LENGTHS)
def test_offered_every_january_an_agreement_runs_on_from_the_next_april(length):
    panel = always_offered()[length]
    cover, in_force = panel["cover_months"], panel["agreement_in_force"]
    end, expected = length, []
    for month in range(60):
        april = month + 3
        if month % 12 == 9 and end < april + 12:  # January
            end = april + 12 if end > month else -(april + 12)  # not begun before April
        if end < 0 and month == -end - 12:
            end = -end
        expected.append(max(end - month, 0))
    assert (cover == np.array(expected)[:, None]).all()
    assert (in_force == (cover > 0)).all()


@pytest.mark.parametrize("renewal", [12, 15, 36])
def test_an_offer_covers_the_coming_year_and_none_comes_while_one_is_covered(renewal):
    changes = {"agreement.length_months": 12, "agreement.renewal_months": renewal}
    cover = lived(changes, {**ALWAYS_OFFERED, **KEPT}, 72)["cover_months"]
    for month in range(12, 72, 12):
        assert (cover[month] >= 12).all()
    assert cover[9].max() == 3 + renewal
    assert cover[9 + 12].max() == (3 + renewal if renewal < 24 else 3 + renewal - 12)


@pytest.mark.parametrize(
    "how", [{"agreement.later_offers": False}, {"structure": (("later_offers", "none"), *GOES_ON)}]
)
def test_without_later_offers_the_first_agreement_is_the_last(how):
    changes = {"agreement.length_months": 24} | {k: v for k, v in how.items() if "." in k}
    rest = {k: v for k, v in how.items() if "." not in k}
    panel = lived(changes, {**ALWAYS_OFFERED, **KEPT}, **rest)
    assert panel["agreement_in_force"][:24].all()
    assert not panel["agreement_in_force"][24:].any()
    assert panel["lapsed"][24:].all()


def test_an_agreement_of_length_nought_was_never_signed_and_never_lapsed():
    panel = lived({"agreement.length_months": 0}, {**NEVER_OFFERED, **KEPT})
    assert not panel["agreement_in_force"].any()
    assert not panel["lapsed"].any()
    assert (panel["pooled_pence_per_year"] == 75_000_000).all()


def test_an_offer_falls_with_the_line_and_none_is_made_on_a_refused_one():
    panel = lived({"agreement.length_months": 0}, {**ALWAYS_OFFERED, **REFUSED})
    assert not panel["agreement_in_force"].any()
    assert panel["line_kept"][:9].all()
    assert not panel["line_kept"][9:].any()
    assert panel["pooled_pence_per_year"][:12].all()
    assert not panel["pooled_pence_per_year"][12:].any()
    assert not panel["guarantee_pence_per_year"].any()


# the guarantee


def test_the_council_pays_a_refused_line_in_the_years_an_agreement_wholly_covers():
    for length, paid in ((23, []), (24, [12]), (35, [12]), (36, [12, 24]), (60, [12, 24, 36, 48])):
        panel = lived({"agreement.length_months": length}, {**REFUSED, **NOBODY_CONVERTS})
        guarantee = panel["guarantee_pence_per_year"]
        expected = np.zeros(60, dtype=int)
        for april in paid:
            expected[april : april + 12] = 75_000_000
        assert (guarantee == expected[:, None]).all(), length
        # schools spend the refused line in the same years: both are there
        assert (panel["delegated_pence_per_year"][12:] == 75_000_000).all()


def test_a_guarantee_comes_out_of_the_service_down_to_its_core_and_then_is_overspent():
    changes = {"agreement.length_months": 60, "funding.ses_gbp_per_year": 1_200_000.0}
    panel = lived(changes, {**REFUSED, **NOBODY_CONVERTS})
    for year in range(1, 5):
        path = round(120_000_000 * 0.9**year)
        service = max(path - 75_000_000, 50_000_000)
        month = 12 * year
        assert (abs(panel["ses_pence_per_year"][month] - service) <= 1).all()
        overspend = service + 75_000_000 - path
        assert (abs(panel["overspend_pence_per_year"][month] - overspend) <= 1).all()


def test_nobody_guarantees_where_the_rule_says_so():
    structure = (("guarantee", "none"), *GOES_ON)
    panel = lived({"agreement.length_months": 60}, REFUSED, structure=structure)
    assert panel["agreement_in_force"].all()
    assert not panel["guarantee_pence_per_year"].any()


@pytest.mark.parametrize("april", [24, 30])
def test_delegation_is_a_refusal_for_the_year_it_is_announced_for(april):
    changes = {**CERTAIN_RENEWAL, "funding.forum_delegates_from": APRIL_2011 + april}
    changes |= {"agreement.length_months": 36}
    panel = lived(changes, NOBODY_CONVERTS, 72)
    first = -(-april // 12) * 12  # the next April
    kept = (np.arange(72) < first)[:, None]
    assert ((panel["pooled_pence_per_year"] > 0) == kept).all()
    covered = ((np.arange(72) >= first) & (np.arange(72) < 36))[:, None]
    assert ((panel["guarantee_pence_per_year"] > 0) == covered).all()


def test_a_length_set_by_the_timeline_signs_from_that_month_and_revives_no_line():
    plan = [(18, {"agreement.length_months": 30})]
    changes = {"agreement.length_months": 1, "agreement.later_offers": False}
    panel = lived(changes, {**REFUSED, **NOBODY_CONVERTS}, timeline=plan)
    cover = panel["cover_months"]
    assert (cover[18] == 30).all()
    assert (cover[47] == 1).all()
    assert not cover[48:].any()
    assert not panel["line_kept"][9:].any()
    # April 2013 to March 2015 are wholly covered
    paid = panel["guarantee_pence_per_year"] > 0
    assert (paid == ((np.arange(60) >= 24) & (np.arange(60) < 48))[:, None]).all()


def test_a_length_of_nought_set_by_the_timeline_ends_the_agreement():
    plan = [(18, {"agreement.length_months": 0})]
    panel = lived({"agreement.later_offers": False}, KEPT, timeline=plan)
    assert panel["agreement_in_force"][:18].all()
    assert not panel["agreement_in_force"][18:].any()


# the Forum


def votes(changes: dict, overrides: dict, **rest: object) -> float:
    """Share of the first votes that keep the line, at even odds without an agreement."""
    even = {"forum_intercept": 0.0, "forum_participation": 0.0, "forum_adequacy": 0.0}
    plan = policy(changes, horizon=10, overrides={**even, **overrides}, **rest)
    return float(simulate(plan, town(), 512).panel["line_kept"][-1].mean())


def test_the_forum_votes_with_or_without_an_agreement_and_hears_one_that_covers_the_year():
    plain = votes({"agreement.length_months": 0}, NEVER_OFFERED)
    assert plain == pytest.approx(0.5, abs=0.07)
    weight = {"forum_agreement": 2.0}
    heard = 1.0 / (1.0 + np.exp(-2.0))
    covered = votes({"agreement.length_months": 24}, {**NEVER_OFFERED, **weight})
    assert covered == pytest.approx(heard, abs=0.07)
    # one that ends within the year is none, one signed that same January counts
    assert votes({"agreement.length_months": 23}, {**NEVER_OFFERED, **weight}) == plain
    assert votes({"agreement.length_months": 0}, {**ALWAYS_OFFERED, **weight}) == covered


def test_a_forum_may_be_bound_or_deaf():
    changes = {"agreement.length_months": 24}
    weight = {**NEVER_OFFERED, "forum_agreement": 2.0}
    assert votes(changes, weight, structure=(("forum", "bound"),)) == 1.0
    deaf = votes(changes, weight, structure=(("forum", "deaf"),))
    assert deaf == votes({"agreement.length_months": 0}, NEVER_OFFERED)


# de-delegation


def test_what_is_pooled_again_falls_with_each_conversion_and_academies_keep_their_share():
    changes = {**CERTAIN_RENEWAL, **FLAT}
    overrides = {**NO_ORDERS, "kappa_primary": 30.0, "withdrawal_share": 0.0}
    plan = policy(
        changes, horizon=60, overrides=overrides, timeline=[(24, {"funding.line": "dedelegated"})]
    )
    outcome = simulate(plan, town())
    panel = outcome.panel
    maintained = stocks(outcome, "pupils", "maintained")
    for april in (24, 36, 48):
        rate = 75_000_000 / maintained[24]
        expected = np.rint(rate * maintained[april])
        assert (panel["pooled_pence_per_year"][april] == expected).all()
    assert (panel["delegated_academies_pence_per_year"][48] > 0).any()
    assert (panel["line_kept"] == 1).all()
    assert (panel["line_pence_per_year"] == 75_000_000).all()


# the end


@pytest.mark.parametrize("threshold", [0.0, 20_000.0, 750_000.0, 750_001.0])
def test_a_fund_below_what_it_takes_at_two_budgets_running_ends_the_partnership(threshold):
    overrides = {**NEVER_OFFERED, **KEPT, "ending_threshold_gbp": threshold}
    ended = lived({"agreement.length_months": 0}, overrides, structure=())["partnership_ended"]
    # the founding is no budget: those of April 2012 and April 2013 are the first two
    assert not ended[:24].any()
    assert ended[24:].all() == (threshold > 750_000.0)


def test_after_the_end_schools_have_the_line_and_conversion_is_quickened():
    overrides = {**NEVER_OFFERED, **KEPT, "ending_threshold_gbp": 800_000.0}
    panel = lived({"agreement.length_months": 60}, overrides, structure=())
    assert panel["partnership_ended"][24:].all()
    assert (panel["delegated_pence_per_year"][24:] == 75_000_000).all()
    assert not panel["guarantee_pence_per_year"].any()


@pytest.mark.parametrize("earmark", [0.0, 40_000.0])
def test_a_penny_a_pupil_does_not_keep_a_partnership_alive(earmark):
    changes = {"funding.earmark_gbp_per_year": earmark}
    for price in (0.0, 0.01):
        ended = lived({**changes, "funding.subscription_gbp_per_pupil": price}, KEPT, structure=())[
            "partnership_ended"
        ]
        assert ended[24:].all()


# the rebound


def quickened(changes: dict, overrides: dict, **rest: object) -> np.ndarray:
    """Months in which the rebound is felt, found by what a different multiplier changes."""
    keen = {**overrides, "kappa_primary": 30.0, "withdrawal_share": 0.0}
    structure = rest.pop("structure", GOES_ON)
    runs = lived_together(
        [
            living(changes, {**keen, "rebound_multiplier": value}, structure=structure, **rest)
            for value in (1.0, 3.0)
        ]
    )
    return (runs[0]["applications"] != runs[1]["applications"]).any(axis=1)


@pytest.mark.parametrize(
    ("length", "kept", "first"),
    [(24, False, 24), (36, False, 36), (60, False, None), (24, True, None), (0, False, 12)],
    ids=["two years", "three years", "five years", "a paper lapses", "none"],
)
def test_conversion_quickens_when_the_money_stops_and_not_when_a_paper_lapses(length, kept, first):
    changes = {"agreement.length_months": length, "agreement.later_offers": False}
    found = quickened(changes, KEPT if kept else REFUSED)
    if first is None:
        assert not found.any()
    else:
        assert not found[:first].any()
        assert found[first : first + 5].any()


def test_a_paper_that_lapses_quickens_conversion_where_the_rule_says_so():
    changes = {"agreement.length_months": 24, "agreement.later_offers": False}
    structure = (("rebound_after", "lapse"), *GOES_ON)
    found = quickened(changes, KEPT, structure=structure)
    assert not found[:24].any()
    assert found[24:30].any()


# sponsors


@pytest.mark.parametrize(
    ("columns", "chance", "home"),
    [
        ({"diocese": "Hallam", "learning_community": "Ash"}, 1.0, "diocese"),
        ({"learning_community": "Ash"}, 1.0, "chain"),
        ({"learning_community": "Ash"}, 0.0, "community"),
        ({}, 1.0, "chain"),
        ({}, 0.0, "itself"),
    ],
)
def test_a_sponsored_academy_has_a_sponsor(columns, chance, home):
    overrides = {
        **NOBODY_CONVERTS,
        "order_rate_grade_4": 1.0,
        "order_effect_sd": 0.0,
        "sponsor_chain_chance": chance,
    }
    rows = [school(10 + n, ofsted_grade=4, **columns) for n in range(6)]
    plan = policy(FLAT, horizon=30, partnership=False, overrides=overrides)
    outcome = simulate(plan, roster(rows), 16)
    opened = outcome.schools["opening_month"] >= 0
    trust = outcome.schools["trust"]
    assert opened.mean() > 0.7
    first_family = 6  # blocks of single schools come first, then dioceses, communities, the chain
    expected = {
        "diocese": first_family,
        "community": first_family,
        "chain": first_family + len(columns),
        "itself": np.arange(6)[:, None],
    }[home]
    assert (trust == expected)[opened].all()
    chained = opened.sum(axis=0) if home == "chain" else 0
    assert (outcome.panel["schools_in_chains"][-1] == chained).all()


def test_a_deficit_comes_with_the_chance_that_one_is_left():
    overrides = {"order_rate_grade_4": 1.0, "order_effect_sd": 0.0, "deficit_chance": 0.3}
    plan = policy(FLAT, horizon=30, partnership=False, overrides=overrides)
    outcome = simulate(plan, alike(20, ofsted_grade=4), 64)
    opened = flows(outcome, "openings_sponsored").sum()
    deficits = outcome.panel["deficits_cumulative_pence"][-1].sum() / 5_000_000
    assert within_luck(deficits, 0.3 * opened, 0.3 * 0.7 * opened)
    assert opened > 500


# orders and the climate


def test_orders_move_with_an_uncertain_climate_and_on_average_not_at_all():
    overrides = {**NOBODY_CONVERTS, "order_rate_grade_4": 0.002, "order_effect_sd": 0.0}
    plans = [
        policy({"climate.conversion": name}, horizon=48, partnership=False, overrides=overrides)
        for name in ("uncertain", "flat")
    ]
    schools = alike(60, ofsted_grade=4)
    uncertain, flat = (simulate(p, schools, 1024).panel["orders"].sum(axis=0) for p in plans)
    assert uncertain.std() > 1.15 * flat.std()
    error = np.sqrt(uncertain.var() / 1024 + flat.var() / 1024)
    assert abs(uncertain.mean() - flat.mean()) < 4 * error
