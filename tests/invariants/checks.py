"""What holds in every world, each a function of a world and what was simulated in it.

The name of a check is what it promises; it fails by an assertion.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.model.panel import COLUMNS, CONVERTING_PHASES, PHASES, SCHOOL_COLUMNS
from rsip_sim.model.policy import Levers
from rsip_sim.model.rules.conversion import ORDERS_FROM
from rsip_sim.model.simulation import BlockOutcome
from tests.fakes.random_worlds import RandomWorld
from tests.fakes.worlds import flows, stocks

Check = Callable[[RandomWorld, BlockOutcome], None]
CHECKS: list[Check] = []
FRACTIONS = (
    "participation",
    "connectedness",
    "integrity",
    "mutual_support",
    "stability",
    "cohesion_core",
    "adequacy",
    "confidence",
    "adequacy_judged",
    "lead_offer_share",
)
OF_THE_PARTNERSHIP = (
    "fund_pence_per_year",
    "pooled_pence_per_year",
    "guarantee_pence_per_year",
    "subscriptions_pence_per_year",
    "sold_pence_per_year",
    "cover_months",
)
LAST_MONTHS_OF_ORDERS = 12  # from an order to the opening, at most
FIRST_MONTHS_OF_ORDERS = 9


def promise(check: Check) -> Check:
    """List a check."""
    CHECKS.append(check)
    return check


def levers_at(world: RandomWorld, month: int) -> Levers:
    """The levers in force in a month."""
    current = world.policy.levers
    for changed, later in world.policy.changes:
        current = later if changed <= month else current
    return current


def ever(world: RandomWorld) -> list[Levers]:
    """The levers of the start and every later set."""
    return [world.policy.levers, *(later for _, later in world.policy.changes)]


def months(world: RandomWorld) -> range:
    """Every month of the run."""
    return range(world.policy.horizon_months)


def is_april(world: RandomWorld, month: int) -> bool:
    """Whether a budget is set in the month."""
    return (world.policy.start + month) % 12 == 3


# the panel


@promise
def every_column_is_there_with_its_type_and_a_number_in_every_cell(world, outcome):
    shape = (world.policy.horizon_months, world.replications)
    assert set(outcome.panel) == {column.name for column in COLUMNS}
    for column in COLUMNS:
        values = outcome.panel[column.name]
        assert values.shape == shape
        assert values.dtype == column.dtype, column.name
        if column.name != "cohesion" or world.policy.partnership:
            assert np.isfinite(values).all(), column.name
    assert set(outcome.schools) == set(SCHOOL_COLUMNS)
    for name, table in outcome.schools.items():
        assert table.shape == (len(world.roster), world.replications), name
        assert table.dtype == np.int16, name


@promise
def shares_lie_between_0_and_1(world, outcome):
    for name in FRACTIONS:
        values = outcome.panel[name]
        assert values.min() >= 0.0, name
        assert values.max() <= 1.0 + 1e-12, name


@promise
def the_index_is_defined_where_there_is_a_partnership_and_only_there(world, outcome):
    index = outcome.panel["cohesion"]
    if not world.policy.partnership:
        assert np.isnan(index).all()
        return
    assert index.min() >= 0.02 - 1e-12
    assert index.max() <= 1.0 + 1e-12


# schools


@promise
def every_school_has_one_legal_status_and_one_relation(world, outcome):
    for place, phase in enumerate(PHASES):
        here = world.roster.phase == place
        assert (stocks(outcome, "schools", phase) == here.sum()).all()
        assert (stocks(outcome, "pupils", phase) == world.roster.pupils[here].sum()).all()
    for column in COLUMNS:
        if column.unit in ("schools", "pupils"):
            assert outcome.panel[column.name].min() >= 0, column.name


@promise
def no_academy_reverts_and_each_new_one_is_an_opening(world, outcome):
    for place, phase in enumerate(CONVERTING_PHASES):
        before = int(((world.roster.phase == place) & (world.roster.legal_status == 1)).sum())
        academies = stocks(outcome, "schools", phase, "academy")
        opened = sum(
            outcome.panel[f"openings_{route}_{phase}"].astype(int)
            for route in ("converter", "sponsored")
        )
        assert (np.diff(academies, axis=0, prepend=before) == opened).all()


@promise
def nurseries_and_referral_units_stay_maintained(world, outcome):
    assert not stocks(outcome, "schools", "other", "academy").any()


@promise
def the_school_table_tells_the_same_openings_as_the_panel(world, outcome):
    opened = outcome.schools["opening_month"]
    for route, name in ((1, "converter"), (2, "sponsored")):
        by_route = np.where(outcome.schools["route"] == route, opened, -1)
        for month in months(world):
            counted = (by_route == month).sum(axis=0)
            assert (counted == flows(outcome, f"openings_{name}_")[month]).all()
    before = world.roster.legal_status == 1
    assert (opened[before] == -2).all()
    assert (opened[~before] >= -1).all()
    assert opened.max() < world.policy.horizon_months
    assert ((outcome.schools["route"] == 0) == (opened == -1)).all()
    assert ((outcome.schools["trust"] == -1) == (opened == -1)).all()


@promise
def planned_openings_happen_in_their_month(world, outcome):
    planned = world.roster.planned_opening
    for row in np.flatnonzero(planned >= 0):
        month = int(planned[row]) - world.policy.start
        expected = month if month < world.policy.horizon_months else -1
        assert (outcome.schools["opening_month"][row] == expected).all()


@promise
def no_sponsored_academy_opens_before_its_order(world, outcome):
    orders = outcome.panel["orders"].astype(int)
    opened = flows(outcome, "openings_sponsored_")
    for month in range(LAST_MONTHS_OF_ORDERS, world.policy.horizon_months):
        since = opened[LAST_MONTHS_OF_ORDERS : month + 1].sum(axis=0)
        assert (since <= orders[: month - FIRST_MONTHS_OF_ORDERS + 1].sum(axis=0)).all()
    for place, phase in enumerate(CONVERTING_PHASES):
        first = ORDERS_FROM[place] + FIRST_MONTHS_OF_ORDERS - world.policy.start
        assert not outcome.panel[f"openings_sponsored_{phase}"][: max(first, 0)].any()


# the partnership


@promise
def members_change_only_by_joining_and_leaving(world, outcome):
    members = stocks(outcome, "schools", "member")
    change = np.diff(members, axis=0)
    net = outcome.panel["joins"].astype(int) - flows(outcome, "exits_")
    assert (change == net[1:]).all()


@promise
def without_a_partnership_nobody_is_in_it_and_it_gets_nothing(world, outcome):
    if world.policy.partnership:
        return
    for name in ("joins", "exits_voluntary", "exits_academy", "exits_dissolution"):
        assert not outcome.panel[name].any(), name
    for name in (*OF_THE_PARTNERSHIP, "participation", "partnership_ended", "line_kept"):
        assert not outcome.panel[name].any(), name
    assert not stocks(outcome, "schools", "member").any()


@promise
def the_end_is_for_good_and_empties_the_partnership(world, outcome):
    dissolved = outcome.panel["partnership_ended"] == 1
    assert (np.diff(dissolved.astype(int), axis=0) >= 0).all()
    for name in (*OF_THE_PARTNERSHIP, "joins"):
        after = dissolved.copy()
        after[1:] &= dissolved[:-1]  # from the month after on
        assert not outcome.panel[name][after].any(), name
    assert not stocks(outcome, "schools", "member")[dissolved].any()
    begins = np.diff(dissolved.astype(int), axis=0, prepend=0) == 1
    assert not outcome.panel["exits_dissolution"][~begins].any()


@promise
def participation_is_the_pupil_share_with_associates_at_their_weight(world, outcome):
    maintained = stocks(outcome, "pupils", "maintained", "member")
    associates = stocks(outcome, "pupils", "academy", "member")
    weighted = maintained + world.policy.cohesion.associate_weight * associates
    expected = weighted / world.roster.pupils.sum()
    np.testing.assert_allclose(outcome.panel["participation"], expected, atol=1e-12)


@promise
def tied_schools_do_not_leave(world, outcome):
    tie = world.policy.levers.agreement.school_commitment_months
    for name in ("exits_voluntary", "exits_academy"):
        assert not outcome.panel[name][:tie].any()


@promise
def academies_that_may_not_join_are_out_after_their_first_meeting(world, outcome):
    if any(plan.agreement.academies_may_join for plan in ever(world)):
        return
    if any(plan.agreement.school_commitment_months for plan in ever(world)):
        return
    assert not stocks(outcome, "schools", "academy", "member")[4:].any()


# the agreement


@promise
def the_agreement_is_in_force_exactly_while_it_has_months_to_run(world, outcome):
    in_force = outcome.panel["agreement_in_force"] == 1
    assert (in_force == (outcome.panel["cover_months"] > 0)).all()
    assert not (in_force & (outcome.panel["lapsed"] == 1)).any()
    assert not (in_force & (outcome.panel["partnership_ended"] == 1)).any()
    # an extension is signed in January, three months before it begins
    longest = max(
        max(plan.agreement.length_months, plan.agreement.renewal_months + 3) for plan in ever(world)
    )
    assert outcome.panel["cover_months"].max() <= longest


@promise
def a_year_begun_is_never_cut(world, outcome):
    alive = outcome.panel["partnership_ended"] == 0
    for name in ("line", "pooled", "delegated", "guarantee", "ses_path", "ses", "overspend"):
        values = outcome.panel[f"{name}_pence_per_year"]
        for month in months(world)[1:]:
            if not is_april(world, month):
                same = values[month] == values[month - 1]
                assert (same | ~alive[month]).all(), name


@promise
def a_line_once_refused_stays_refused(world, outcome):
    kept = outcome.panel["line_kept"].astype(int)
    assert (np.diff(kept, axis=0) <= 0).all()


@promise
def certain_renewal_lapses_only_until_april_and_the_forum_keeps_the_line(world, outcome):
    plans = ever(world)
    certain = all(plan.agreement.renewal == "certain" for plan in plans)
    delegated = any(plan.funding.forum_delegates_from is not None for plan in plans)
    if not certain or delegated or not world.policy.partnership:
        return
    alive = outcome.panel["partnership_ended"] == 0
    assert (outcome.panel["line_kept"] == 1)[alive].all()
    later = all(plan.agreement.later_offers for plan in plans)
    if later and dict(world.policy.structure).get("later_offers") != "none":
        # offered in January, an agreement covers every financial year from the next April on
        first = next((m for m in months(world) if m > 2 and is_april(world, m)), None)
        set_by_timeline = len({plan.agreement.length_months for plan in plans}) > 1
        if first is not None and not set_by_timeline:
            assert ((outcome.panel["agreement_in_force"] == 1) | ~alive)[first:].all()


@promise
def without_later_offers_an_agreement_is_never_followed_by_another(world, outcome):
    plans = ever(world)
    never = not any(plan.agreement.later_offers for plan in plans)
    if not never and dict(world.policy.structure).get("later_offers") != "none":
        return
    if len({plan.agreement.length_months for plan in plans}) == 1:
        assert (np.diff(outcome.panel["agreement_in_force"].astype(int), axis=0) <= 0).all()


# money


@promise
def gross_is_retained_plus_recouped_to_the_penny(world, outcome):
    parts = outcome.panel["retained_pence_per_year"] + outcome.panel["recouped_pence_per_year"]
    assert (outcome.panel["gross_pence_per_year"] == parts).all()


@promise
def no_pound_is_negative_where_none_can_be(world, outcome):
    for column in COLUMNS:
        if column.unit == "pence" and column.name != "retained_pence_per_year":
            assert outcome.panel[column.name].min() >= 0, column.name
    factor = dict(world.policy.overrides).get("recoupment_factor", 1.0)
    if world.policy.parameters == "central" and factor <= 1.0:
        assert outcome.panel["retained_pence_per_year"].min() >= 0


@promise
def what_is_new_since_the_start_is_part_of_what_is_recouped(world, outcome):
    none_before = not (world.roster.legal_status == 1).any()
    for ending in ("pence_per_year", "cumulative_pence"):
        new = outcome.panel[f"recouped_new_{ending}"]
        everything = outcome.panel[f"recouped_{ending}"]
        assert (new <= everything).all()
        assert not none_before or (new == everything).all()


@promise
def sums_since_the_start_are_the_twelfths_of_the_annual_rates(world, outcome):
    for name in ("gross", "recouped", "recouped_new"):
        rate, total = (
            outcome.panel[f"{name}_pence_per_year"],
            outcome.panel[f"{name}_cumulative_pence"],
        )
        assert (total == np.cumsum(rate, axis=0) // 12).all()


@promise
def the_deficits_are_those_of_the_sponsored_openings(world, outcome):
    chance = dict(world.policy.overrides).get("deficit_chance")
    if world.policy.parameters != "central" or chance not in (0.0, 1.0):
        return
    expected = chance * sum(
        round(float(load_register()[f"deficit_{phase}_gbp"].value) * 100)
        * np.cumsum(outcome.panel[f"openings_sponsored_{phase}"].astype(np.int64), axis=0)
        for phase in CONVERTING_PHASES
    )
    assert (outcome.panel["deficits_cumulative_pence"] == expected).all()


@promise
def the_line_is_what_is_pooled_and_what_is_delegated(world, outcome):
    panel = outcome.panel
    parts = panel["pooled_pence_per_year"] + panel["delegated_pence_per_year"]
    assert (panel["line_pence_per_year"] == parts).all()
    own = panel["delegated_academies_pence_per_year"]
    assert (own <= panel["delegated_pence_per_year"]).all()
    # academies have a share of their own only while the others pool theirs
    assert not own[panel["line_kept"] == 0].any() or (panel["pooled_pence_per_year"] > 0).any()


@promise
def the_fund_is_the_sum_of_what_comes_in(world, outcome):
    panel = outcome.panel
    income = sum(
        panel[f"{name}_pence_per_year"]
        for name in ("pooled", "guarantee", "subscriptions", "endowment", "sold")
    )
    assert (panel["fund_pence_per_year"] == income).all()


@promise
def service_and_guarantee_are_the_path_and_what_breaks_it_is_overspend(world, outcome):
    panel = outcome.panel
    spent = panel["ses_pence_per_year"] + panel["guarantee_pence_per_year"]
    found = panel["ses_path_pence_per_year"] + panel["overspend_pence_per_year"]
    assert (spent == found).all()


@promise
def nothing_is_guaranteed_while_the_line_is_pooled_nor_beyond_the_line(world, outcome):
    panel = outcome.panel
    both = (panel["guarantee_pence_per_year"] > 0) & (panel["pooled_pence_per_year"] > 0)
    assert not both.any()
    assert (panel["guarantee_pence_per_year"] <= panel["line_pence_per_year"]).all()


# support


@promise
def nobody_is_served_beyond_need(world, outcome):
    panel = outcome.panel
    assert (panel["served_days"] <= panel["need_days"] * (1.0 + 1e-12)).all()
    assert panel["served_days"].min() >= 0.0
    unmet = panel["unmet_days_below_good"]
    assert unmet.min() >= 0.0
    assert (unmet <= panel["need_days"] * (1.0 + 1e-12)).all()
    # the unmet need of schools below good is part of all that is unmet, unless somebody has
    # joined or left between the support and the accounts
    quiet = (panel["joins"] == 0) & (flows(outcome, "exits_") == 0)
    rest = panel["need_days"] - panel["served_days"]
    assert (unmet <= rest + 1e-9)[quiet].all()
    assert panel["vulnerable_pupils"].min() >= 0.0
    assert panel["vulnerable_pupils"].max() <= world.roster.pupils.sum()


@promise
def the_days_served_at_home_are_paid_for(world, outcome):
    """Service days and lead-school days never exceed what the two budgets of the month buy."""
    if world.policy.parameters != "central":
        return
    panel = outcome.panel
    home = panel["served_days"] - panel["bought_by_schools_days"] - panel["commissioned_days"]
    for month in months(world):
        capacity = levers_at(world, month).funding.ses_capacity_share
        in_schools = 0.27 * (1.0 - capacity) / 0.9
        service = panel["ses_pence_per_year"][month] / 100
        core = min(500_000.0, levers_at(world, month).funding.ses_gbp_per_year)
        days = np.maximum(service - core, 0.0) / 60_000 * 200 * in_schools / 12
        lead = panel["fund_pence_per_year"][month] / 100 * 0.4 / 12 / 250
        if panel["partnership_ended"][month].any() or is_april(world, month):
            continue  # the money may have gone between the support and the accounts
        # academies buy back from their own money: look where there are none
        nobody = stocks(outcome, "schools", "academy")[month] == 0
        assert (home[month] <= days + lead + 1e-9)[nobody].all()


@promise
def what_is_received_is_what_is_given_and_what_schools_buy(world, outcome):
    panel = outcome.panel
    assert (panel["adequacy"] >= panel["adequacy_judged"] - 1e-12).all()
    assert panel["bought_by_schools_days"].min() >= 0.0
    assert (panel["bought_by_schools_days"] <= panel["served_days"] + 1e-9).all()
    assert panel["commissioned_days"].min() >= 0.0


@promise
def months_of_unmet_need_fit_into_the_run(world, outcome):
    unmet = outcome.schools["months_unmet"]
    assert unmet.min() >= 0
    assert unmet.max() <= world.policy.horizon_months


# counts


@promise
def chains_hold_academies_only_and_academies_alone_are_outside(world, outcome):
    academies = stocks(outcome, "schools", "academy")
    assert (outcome.panel["schools_in_chains"] <= academies).all()
    outside = stocks(outcome, "schools", "academy", "alone")
    assert (outcome.panel["academies_alone"] <= outside).all()


@promise
def schools_in_category_are_below_good_and_none_is_counted_twice(world, outcome):
    below, worst = (outcome.panel[f"schools_{name}"] for name in ("below_good", "in_category"))
    assert (worst <= below).all()
    assert (below <= len(world.roster)).all()


@promise
def members_at_the_end_are_those_of_the_last_month(world, outcome):
    member = outcome.schools["member_at_end"]
    assert set(np.unique(member)) <= {0, 1}
    np.testing.assert_array_equal(member.sum(axis=0), stocks(outcome, "schools", "member")[-1])


@promise
def the_first_month_alone_is_a_month_in_which_somebody_left(world, outcome):
    alone = outcome.schools["first_month_alone"]
    left = flows(outcome, "exits_")
    for month in months(world):
        assert ((alone == month).sum(axis=0) <= left[month]).all()
    assert alone.min() >= -1
    assert alone.max() < world.policy.horizon_months
