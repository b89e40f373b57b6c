"""What a planner expects of each lever, in words, with the margin it must reach.

Means over paired futures of Rotherham at central parameters: both scenarios share every draw,
so that a few hundred futures show even small effects. A margin is in the unit of the measure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
import pytest

from rsip_sim.model.policy import Cohesion
from rsip_sim.model.simulation import BlockOutcome, simulate_policies
from tests.fakes.worlds import (
    APRIL_2011,
    LEVER_NAMES,
    SEED,
    Measure,
    at,
    bits,
    flows,
    policy,
    remembered,
    rotherham,
    simulate,
    stocks,
)

FUTURES = 192
MONTHS = 48
CERTAIN = {"agreement.renewal": "certain"}
tested: set[str] = set()


# what the tests below move, in their order: some of these worlds share a block, which costs little
# more than one of them alone
TRIED: tuple[Mapping[str, object], ...] = (
    {},
    {"agreement.length_months": 60},
    {"agreement.length_months": 0},
    {"agreement.length_months": 0, "agreement.later_offers": False},
    {"agreement.renewal_months": 36},
    CERTAIN,
    {**CERTAIN, "agreement.length_months": 60},
    {"agreement.school_commitment_months": 24},
    {"agreement.quorum": 0.9},
    {"agreement.reviews_per_year": 12},
    {"agreement.reviews_per_year": 1},
    {"agreement.academies_may_join": False},
    {"agreement.governance_settled_months": 24},
    {"funding.dsg_gbp_per_pupil": 5170.0},
    {"funding.earmark_gbp_per_year": 1_100_000.0},
    {"funding.subscription_gbp_per_pupil": 10.0},
    {"funding.subscription_gbp_per_pupil": 1.0},
    {"funding.subscription_gbp_per_pupil": 0.0},
    {"funding.ses_gbp_per_year": 2_500_000.0},
    {"funding.ses_capacity_share": 0.15},
    {"funding.council_cut_pct_per_year": 15.0},
    {"funding.service_money": 771.0},
    {"funding.service_money": 77.0},
    {"funding.endowment": "won"},
    {"funding.endowment": "none"},
    {"funding.forum_delegates_from": APRIL_2011 + 24},
    {"support.weakest_first_share": 1.0},
    {"support.weakest_first_share": 0.0},
    {"support.sold_beyond_share": 0.5},
    {"climate.conversion": "surge"},
    {"climate.conversion": "flat"},
    {"climate.conversion": "observed"},
    {"climate.conversion": "uncertain"},
    {"external.market_quality": 0.8},
    {"external.chain_approaches_per_year": 6.0},
)
AT_ONCE = 8  # worlds that share a block


def world(changes: Mapping[str, object] | None = None, **rest: object) -> BlockOutcome:
    """The authority under some levers."""
    if not rest and (changes or {}) in TRIED:
        place = TRIED.index(changes or {})
        return worlds_tried(place - place % AT_ONCE)[place % AT_ONCE]
    plan = policy(changes or {}, **{"horizon": MONTHS, **rest})  # type: ignore[arg-type]
    return remembered(plan, rotherham(), FUTURES)


@lru_cache(maxsize=8)
def worlds_tried(first: int) -> tuple[BlockOutcome, ...]:
    """Some of the worlds of the table."""
    plans = [policy(each, horizon=MONTHS) for each in TRIED[first : first + AT_ONCE]]
    return simulate_policies(plans, rotherham(), SEED, np.arange(FUTURES))


def mean(column: str) -> Measure:
    """A column's mean over the months of each future."""
    return lambda outcome: np.asarray(outcome.panel[column].mean(axis=0), dtype=float)


def total(prefix: str) -> Measure:
    """A flow summed over the months."""
    return lambda outcome: np.asarray(flows(outcome, prefix).sum(axis=0), dtype=float)


def last(column: str) -> Measure:
    """A column in the last month."""
    return lambda outcome: np.asarray(at(outcome, column, -1), dtype=float)


def thousands(column: str) -> Measure:
    """Mean £1,000 a year of a column of pence."""
    return lambda outcome: np.asarray(outcome.panel[column].mean(axis=0) / 1e5)


def members(outcome: BlockOutcome) -> np.ndarray:
    """Schools in the partnership, mean over the months."""
    return np.asarray(stocks(outcome, "schools", "member").mean(axis=0))


def founders(outcome: BlockOutcome) -> np.ndarray:
    """Schools that founded the partnership: those of the first month, its moves taken back."""
    moves = outcome.panel["joins"][0].astype(int) - flows(outcome, "exits_")[0]
    return np.asarray(stocks(outcome, "schools", "member")[0] - moves, dtype=float)


def erosion(outcome: BlockOutcome) -> np.ndarray:
    """Per cent of the DSG that has newly left by the end."""
    new, gross = (
        outcome.panel[name][-1].astype(float)
        for name in ("recouped_new_pence_per_year", "gross_pence_per_year")
    )
    return np.asarray(100.0 * new / gross)


def expect(
    more: BlockOutcome,
    than: BlockOutcome,
    higher: Mapping[str, tuple[Measure, float]] | None = None,
    lower: Mapping[str, tuple[Measure, float]] | None = None,
) -> None:
    """Each measure is higher (or lower) by at least its margin, and surely so."""
    for sign, measures in ((1.0, higher or {}), (-1.0, lower or {})):
        for name, (measure, margin) in measures.items():
            difference = sign * (measure(more) - measure(than))
            error = difference.std(ddof=1) / np.sqrt(len(difference))
            found = f"{name}: {sign * difference.mean():+.4g} (standard error {error:.2g})"
            assert difference.mean() >= margin, found
            assert difference.mean() >= 3.0 * error, found


Expectation = Callable[[], None]


def lever(*names: str) -> Callable[[Expectation], Expectation]:
    """Mark a test as the one of a lever, so that none is forgotten."""
    assert set(names) <= {*LEVER_NAMES, "partnership"}, names
    tested.update(names)
    return lambda test: test


# the agreement


@lever("agreement.length_months")
def test_a_longer_guarantee_gives_more_secure_members_and_costs_the_council_something():
    expect(
        world({"agreement.length_months": 60}),
        world(),
        higher={
            "members": (members, 3.0),
            "cover": (mean("cover_months"), 10.0),
            "connectedness": (mean("connectedness"), 0.01),
            "guarantee, £1,000": (thousands("guarantee_pence_per_year"), 5.0),
        },
        lower={
            "voluntary exits": (total("exits_voluntary"), 2.0),
            "SES, £1,000": (thousands("ses_pence_per_year"), 5.0),
        },
    )


@lever("agreement.length_months")
def test_where_the_service_is_small_a_guarantee_is_overspent():
    hard = {"funding.council_cut_pct_per_year": 25.0, "funding.ses_gbp_per_year": 1_000_000.0}
    expect(
        world({**hard, "agreement.length_months": 60}),
        world(hard),
        higher={"overspend, £1,000": (thousands("overspend_pence_per_year"), 1.0)},
    )


@lever("agreement.length_months", "agreement.renewal")
def test_length_alone_without_renewal_risk_still_keeps_members_through_security():
    expect(
        world({**CERTAIN, "agreement.length_months": 60}),
        world(CERTAIN),
        higher={"members": (members, 1.0)},
        lower={"voluntary exits": (total("exits_voluntary"), 1.0)},
    )


@lever("agreement.later_offers")
def test_agreements_that_may_be_offered_later_keep_members_and_line():
    never = {"agreement.length_months": 0, "agreement.later_offers": False}
    expect(
        world({"agreement.length_months": 0}),
        world(never),
        higher={
            "members": (members, 1.0),
            "line kept": (last("line_kept"), 0.02),
            "connectedness": (mean("connectedness"), 0.005),
        },
        lower={"unmet days": (mean("unmet_days_below_good"), 0.3)},
    )


@lever("agreement.renewal_months")
def test_longer_later_agreements_lapse_less_often():
    expect(
        world({"agreement.renewal_months": 36}),
        world(),
        higher={"members": (members, 0.5)},
        lower={
            "lapsed": (mean("lapsed"), 0.01),
            "voluntary exits": (total("exits_voluntary"), 0.5),
        },
    )


@lever("agreement.renewal")
def test_certain_renewal_never_lapses_and_keeps_the_line():
    certain = world(CERTAIN)
    assert not certain.panel["lapsed"].any()
    assert certain.panel["line_kept"].all()
    expect(
        certain,
        world(),
        higher={
            "pooled, £1,000": (thousands("pooled_pence_per_year"), 10.0),
            "members": (members, 1.0),
        },
        lower={"lapsed": (mean("lapsed"), 0.03)},
    )


@lever("agreement.school_commitment_months")
def test_tied_schools_found_more_warily_leave_less_and_convert_more_slowly():
    expect(
        world({"agreement.school_commitment_months": 24}),
        world(),
        higher={"stability": (mean("stability"), 0.005)},
        lower={
            "founders": (founders, 1.0),
            "voluntary exits": (total("exits_voluntary"), 2.0),
            "converters": (total("openings_converter"), 0.3),
        },
    )


@lever("agreement.quorum")
def test_a_high_quorum_breaks_partnerships_and_leaves_schools_on_their_own():
    expect(
        world({"agreement.quorum": 0.9}),
        world(),
        higher={
            "ended": (last("partnership_ended"), 0.2),
            "academies alone": (mean("academies_alone"), 0.5),
        },
        lower={"fund, £1,000": (thousands("fund_pence_per_year"), 100.0)},
    )


@lever("agreement.reviews_per_year")
def test_more_reviews_let_confidence_follow_delivery_sooner():
    monthly, yearly = (world({"agreement.reviews_per_year": n}) for n in (12, 1))
    expect(monthly, yearly, higher={"confidence": (mean("confidence"), 0.03)})
    changes = [
        (np.diff(outcome.panel["confidence"], axis=0) != 0).sum() for outcome in (monthly, yearly)
    ]
    assert changes[0] > 8 * changes[1]


@lever("agreement.academies_may_join")
def test_shutting_academies_out_costs_associates_and_deters_conversion():
    closed = world({"agreement.academies_may_join": False})
    assert not stocks(closed, "schools", "academy", "member").any()
    expect(
        closed,
        world(),
        higher={"academies alone": (mean("academies_alone"), 1.0)},
        lower={
            # a member would lose its place: an assumption of the register, by no more than that
            "converters": (total("openings_converter"), 0.2),
            "participation": (mean("participation"), 0.05),
            "connectedness": (mean("connectedness"), 0.03),
        },
    )


@lever("agreement.governance_settled_months")
def test_open_questions_of_governance_cap_confidence():
    expect(
        world({"agreement.governance_settled_months": 24}),
        world(),
        lower={
            "confidence": (mean("confidence"), 0.01),
            "members": (members, 0.02),
        },
    )


# money


@lever("funding.dsg_gbp_per_pupil")
def test_a_larger_grant_moves_more_pounds_but_no_school():
    richer, base = world({"funding.dsg_gbp_per_pupil": 5170.0}), world()
    gross = richer.panel["gross_pence_per_year"] / base.panel["gross_pence_per_year"]
    np.testing.assert_allclose(gross, 1.1, rtol=1e-4)
    np.testing.assert_allclose(erosion(richer), erosion(base), rtol=1e-4)
    np.testing.assert_array_equal(members(richer), members(base))


@lever("funding.earmark_gbp_per_year")
def test_more_earmark_gives_better_support_and_keeps_members():
    expect(
        world({"funding.earmark_gbp_per_year": 1_100_000.0}),
        world(),
        higher={
            "adequacy": (mean("adequacy"), 0.03),
            "as schools judge it": (mean("adequacy_judged"), 0.05),
            "confidence": (mean("confidence"), 0.01),
            "members": (members, 0.3),
        },
        lower={
            "unmet days": (mean("unmet_days_below_good"), 1.0),
            "bought by schools": (mean("bought_by_schools_days"), 0.3),
        },
    )


@lever("funding.subscription_gbp_per_pupil")
def test_a_dearer_subscription_has_fewer_members_and_a_larger_fund():
    expect(
        world({"funding.subscription_gbp_per_pupil": 10.0}),
        world(),
        higher={
            "fund, £1,000": (thousands("fund_pence_per_year"), 100.0),
            "academies alone": (mean("academies_alone"), 0.3),
        },
        lower={
            "founders": (founders, 10.0),
            "members": (members, 10.0),
            "cohesion": (mean("cohesion"), 0.05),
        },
    )


@lever("funding.subscription_gbp_per_pupil")
def test_up_to_a_token_pound_nobody_minds():
    token, free = (world({"funding.subscription_gbp_per_pupil": price}) for price in (1.0, 0.0))
    np.testing.assert_array_equal(founders(token), founders(free))


@lever("funding.ses_gbp_per_year")
def test_a_larger_service_serves_more_and_leaves_schools_less_to_buy():
    expect(
        world({"funding.ses_gbp_per_year": 2_500_000.0}),
        world(),
        higher={
            "mutual support": (mean("mutual_support"), 0.01),
            "days served": (mean("served_days"), 5.0),
            "connectedness": (mean("connectedness"), 0.01),
        },
        lower={
            "bought by schools": (mean("bought_by_schools_days"), 0.5),
            "commissioned": (mean("commissioned_days"), 1.0),
            "unmet days": (mean("unmet_days_below_good"), 1.0),
        },
    )


@lever("funding.ses_capacity_share")
def test_capacity_building_raises_lead_schools_and_takes_days_from_schools_now():
    expect(
        world({"funding.ses_capacity_share": 0.15}),
        world(),
        higher={"lead-school offers": (mean("lead_offer_share"), 0.05)},
        lower={"days served": (mean("served_days"), 2.0)},
    )


@lever("funding.council_cut_pct_per_year")
def test_deeper_cuts_starve_the_service_and_not_the_line():
    expect(
        world({"funding.council_cut_pct_per_year": 15.0}),
        world(),
        higher={
            "unmet days": (mean("unmet_days_below_good"), 1.0),
            "bought by schools": (mean("bought_by_schools_days"), 0.3),
        },
        lower={
            "SES, £1,000": (thousands("ses_pence_per_year"), 50.0),
            "adequacy": (mean("adequacy"), 0.02),
        },
    )


@lever("funding.service_money")
def test_more_money_with_conversion_draws_schools_away():
    generous, meagre = (world({"funding.service_money": rate}) for rate in (771.0, 77.0))
    expect(
        generous,
        meagre,
        higher={
            "converters": (total("openings_converter"), 1.0),
            "erosion, points": (erosion, 1.0),
        },
    )


@lever("funding.endowment")
def test_an_endowment_award_buys_support_while_it_lasts():
    won, none = (world({"funding.endowment": word}) for word in ("won", "none"))
    expect(
        won,
        none,
        higher={
            "fund, £1,000": (thousands("fund_pence_per_year"), 40.0),
            "adequacy": (mean("adequacy"), 0.01),
        },
        lower={"unmet days": (mean("unmet_days_below_good"), 0.3)},
    )
    # a bid is an award in a few futures, and in the others as if there had been none
    bid = world()
    for name, column in bid.panel.items():
        awarded, refused = (
            (bits(column) == bits(other.panel[name])).all(axis=0) for other in (won, none)
        )
        assert (awarded | refused).all(), name
    lucky = (bid.panel["fund_pence_per_year"] == won.panel["fund_pence_per_year"]).all(axis=0)
    assert 0 < lucky.sum() < FUTURES / 10


@lever("funding.forum_delegates_from")
def test_delegation_by_the_forum_leaves_schools_to_buy_for_themselves():
    expect(
        world({"funding.forum_delegates_from": APRIL_2011 + 24}),
        world(),
        higher={
            "unmet days": (mean("unmet_days_below_good"), 2.0),
            "bought by schools": (mean("bought_by_schools_days"), 2.0),
        },
        lower={
            "pooled, £1,000": (thousands("pooled_pence_per_year"), 100.0),
            "as schools judge it": (mean("adequacy_judged"), 0.03),
            "members": (members, 0.5),
        },
    )


@lever("funding.line")
def test_a_de_delegated_line_loses_the_share_of_those_who_leave():
    observed = {"climate.conversion": "observed"}
    plan = policy(observed, horizon=MONTHS, timeline=[(24, {"funding.line": "dedelegated"})])
    expect(
        remembered(plan, rotherham(), FUTURES),
        world(observed),
        higher={"bought by schools": (mean("bought_by_schools_days"), 0.05)},
        lower={
            "pooled, £1,000": (thousands("pooled_pence_per_year"), 5.0),
            "as schools judge it": (mean("adequacy_judged"), 0.001),
        },
    )


# how support is shared out


@lever("support.weakest_first_share")
def test_the_weakest_first_serves_those_below_good_and_costs_the_good():
    first, by_need = (world({"support.weakest_first_share": share}) for share in (1.0, 0.0))
    expect(
        first,
        by_need,
        lower={
            "unmet days": (mean("unmet_days_below_good"), 5.0),
            "adequacy": (mean("adequacy"), 0.05),
        },
    )


@lever("support.sold_beyond_share")
def test_days_sold_beyond_the_borough_pay_into_the_fund_and_are_missing_at_home():
    expect(
        world({"support.sold_beyond_share": 0.5}),
        world(),
        higher={
            "fund, £1,000": (thousands("fund_pence_per_year"), 5.0),
            "commissioned": (mean("commissioned_days"), 1.0),
        },
        lower={"served": (mean("served_days"), 0.5)},
    )


# the world outside


@lever("climate.conversion")
def test_a_surge_erodes_more_than_a_flat_climate():
    surge, flat = (world({"climate.conversion": name}) for name in ("surge", "flat"))
    expect(
        surge,
        flat,
        higher={
            "converters": (total("openings_converter"), 0.8),
            "erosion, points": (erosion, 0.8),
        },
        lower={"integrity": (mean("integrity"), 0.01)},
    )


@lever("climate.conversion")
def test_what_then_happened_was_more_than_that_winter_promised():
    observed, flat = (world({"climate.conversion": name}) for name in ("observed", "flat"))
    expect(observed, flat, higher={"converters": (total("openings_converter"), 2.0)})


@lever("climate.conversion")
def test_an_uncertain_climate_spreads_erosion_more_than_a_flat_one():
    uncertain, flat = (world({"climate.conversion": name}) for name in ("uncertain", "flat"))
    assert erosion(uncertain).std() > 1.1 * erosion(flat).std()


@lever("climate.opening_pct_per_month")
def test_a_higher_national_climate_erodes_more():
    def table(primary: float, secondary: float) -> BlockOutcome:
        rates = (("primary", (primary,)), ("secondary", (secondary,)), ("special", (primary,)))
        return world({"climate.conversion": "table", "climate.opening_pct_per_month": rates})

    expect(
        table(1.0, 2.0),
        table(0.25, 0.5),
        higher={
            "converters": (total("openings_converter"), 8.0),
            "erosion, points": (erosion, 5.0),
            "members among academies": (
                lambda o: stocks(o, "schools", "academy", "member").mean(axis=0),
                2.0,
            ),
        },
        lower={"integrity": (mean("integrity"), 0.05)},
    )


@lever("external.market_quality")
def test_a_good_market_draws_members_away_and_serves_everybody():
    expect(
        world({"external.market_quality": 0.8}),
        world(),
        higher={
            "bought by schools": (mean("bought_by_schools_days"), 5.0),
            "received": (mean("adequacy"), 0.05),
        },
        lower={
            "members": (members, 0.8),
            "unmet days": (mean("unmet_days_below_good"), 1.0),
        },
    )


@lever("external.chain_approaches_per_year")
def test_chains_that_knock_more_often_take_more_schools():
    expect(
        world({"external.chain_approaches_per_year": 6.0}),
        world(),
        higher={
            "schools in chains": (last("schools_in_chains"), 0.5),
            "openings": (total("openings_"), 0.1),
        },
    )


# the partnership itself, and how it is measured


@lever("partnership")
def test_without_a_partnership_more_schools_convert_and_fewer_are_served():
    expect(
        world(partnership=False),
        world(),
        higher={
            "converters": (total("openings_converter"), 0.5),
            "erosion, points": (erosion, 0.5),
            "unmet days": (mean("unmet_days_below_good"), 5.0),
            "bought by schools": (mean("bought_by_schools_days"), 10.0),
            "academies alone": (mean("academies_alone"), 2.0),
        },
        lower={
            "connectedness": (mean("connectedness"), 0.2),
            "core cohesion": (mean("cohesion_core"), 0.1),
        },
    )


def test_counting_associates_for_less_lowers_participation_but_moves_nobody():
    less, full = world(cohesion=Cohesion(associate_weight=0.0)), world()
    expect(less, full, lower={"participation": (mean("participation"), 0.05)})
    np.testing.assert_array_equal(members(less), members(full))


def test_uncertain_parameters_spread_what_may_happen():
    spread = {
        parameters: simulate(policy(horizon=36, parameters=parameters), rotherham(), FUTURES)
        for parameters in ("central", "uncertain")
    }
    for measure in (members, mean("adequacy"), mean("confidence")):
        assert measure(spread["uncertain"]).std() > 1.3 * measure(spread["central"]).std()


def test_every_lever_has_its_expectation():
    assert tested == {*LEVER_NAMES, "partnership"}


# parameters: what we do not know, each moved between the ends of its range


WHERE_IT_TELLS: dict[str, dict[str, object]] = {
    "b_support": {"funding.earmark_gbp_per_year": 100_000.0},  # where support is poor
    "ending_threshold_gbp": {"funding.earmark_gbp_per_year": 50_000.0},
    "exclusion_multiplier": {"agreement.academies_may_join": False},
}


PULLS: tuple[tuple[str, tuple[float, float], str, Measure, float], ...] = (
    ("membership_multiplier", (1.0, 0.3), "converters", total("openings_converter"), -1.0),
    ("contagion_same_phase", (1.15, 1.75), "converters", total("openings_converter"), 0.2),
    ("trust_multiplier", (1.2, 3.5), "converters", total("openings_converter"), 0.3),
    ("associate_stay", (0.45, 0.95), "associates' exits", total("exits_academy"), -1.5),
    ("exit_yearly", (0.003, 0.08), "voluntary exits", total("exits_voluntary"), 8.0),
    ("b_support", (0.3, 2.0), "voluntary exits", total("exits_voluntary"), 1.0),
    ("renewal_intercept", (-0.5, 2.5), "lapsed", mean("lapsed"), -0.05),
    ("rebound_multiplier", (1.0, 3.0), "converters", total("openings_converter"), 0.05),
    ("forum_agreement", (0.0, 3.0), "line kept", last("line_kept"), 0.02),
    ("ses_follows_pupils", (0.2, 0.9), "SES", thousands("ses_pence_per_year"), -20.0),
    ("ses_core_gbp", (3e5, 7e5), "unmet days", mean("unmet_days_below_good"), 1.0),
    ("buy_back_share", (0.1, 0.8), "bought", mean("bought_by_schools_days"), -0.2),
    ("ending_threshold_gbp", (2e4, 1e5), "ended", last("partnership_ended"), 0.5),
    ("lead_day_gbp", (100.0, 500.0), "unmet days", mean("unmet_days_below_good"), 0.5),
    ("lead_days_per_month", (0.25, 2.0), "commissioned", mean("commissioned_days"), -3.0),
    ("up_ratio", (0.9, 1.8), "below good", mean("schools_below_good"), -0.2),
    ("exclusion_multiplier", (0.6, 1.1), "converters", total("openings_converter"), 1.0),
    ("sponsor_chain_chance", (0.2, 0.8), "in chains", last("schools_in_chains"), 0.3),
    ("deficit_chance", (0.1, 0.6), "deficits", thousands("deficits_cumulative_pence"), 50.0),
)
ENDS_AT_ONCE = 5  # parameters that share a block


@lru_cache(maxsize=4)
def ends_of_ranges(first: int) -> dict[str, tuple[BlockOutcome, BlockOutcome]]:
    """Some parameters of the table, each at both of its ends."""
    some = PULLS[first : first + ENDS_AT_ONCE]
    plans = [
        policy(
            {"climate.conversion": "observed", **WHERE_IT_TELLS.get(name, {})},
            horizon=MONTHS,
            overrides={name: end},
        )
        for name, ends, *_ in some
        for end in ends
    ]
    outcomes = simulate_policies(plans, rotherham(), SEED, np.arange(FUTURES))
    return {name: outcomes[2 * n : 2 * n + 2] for n, (name, *_) in enumerate(some)}


@pytest.mark.parametrize("row", range(len(PULLS)), ids=lambda row: PULLS[row][0])
def test_an_uncertain_parameter_pulls_the_way_its_name_says(row):
    name, _, what, measure, margin = PULLS[row]
    low, high = ends_of_ranges(row - row % ENDS_AT_ONCE)[name]
    expect(
        high,
        low,
        **{"higher" if margin > 0 else "lower": {what: (measure, abs(margin))}},
    )
