"""The partnership: founded in month 0, it spends its fund on support every month."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.diary import Diary
from rsip_sim.model.draws import Purpose
from rsip_sim.model.governors_view import in_order
from rsip_sim.model.partnership_means import fund_pence
from rsip_sim.model.rules import choice, support
from rsip_sim.model.rules.sums import added
from rsip_sim.model.world import World

HISTORY = 4  # months of the last term


def founding_members(world: World, u0: FloatArray, diary: Diary | None = None) -> None:
    """The founding round: support, confidence and peers as expected, no inertia, no security."""
    p, schools, agreement = world.parameters, world.schools, world.levers.agreement
    noise = world.draws.uniform(schools.keys, Purpose.FOUNDING)
    constant = np.where(world.academy, u0[1], u0[0])
    market = world.levers.external.market_quality
    common = {
        "price": choice.price_term(p.b_price, world.levers.funding.subscription_gbp_per_pupil),
        "peers": p.b_peer * (p.founding_maintained - p.peer_reference),
        "market": -p.b_market * (market - p.market_reference),
        "lock": -p.b_lock * (agreement.school_commitment_months / 12.0),
    }
    utility = constant + in_order(common.values()) + world.membership_taste
    joins = choice.wants_membership(np.exp(utility), noise)
    if not agreement.academies_may_join:
        joins &= ~world.academy
    given = schools.roster.member
    joins = np.where(given[:, None] >= 0, given[:, None] == 1, joins)
    if diary is not None:
        own = {"start": constant[diary.row], "taste": world.membership_taste[diary.row]}
        founded = world.policy.partnership
        diary.found(world, {**own, **common} if founded else {}, noise, joins & founded)
    if world.policy.partnership:
        world.found(joins)


def allocate_support(world: World) -> None:
    """One month's support: the SES first, then lead schools, then days bought outside."""
    p, state, levers = world.parameters, world.support, world.levers
    counts = world.stocks.schools_served_alike()
    need = p.table("need_days")
    needed = support.days_by_class(counts, need)
    ses = _ses_fractions(world, needed)
    fund, external = _fund_fractions(world, counts, needed, ses)
    market = levers.external.market_quality
    state.ses = ses
    state.inside = support.adequacy_inside(ses, fund)
    outside = support.adequacy_outside(ses, market)
    state.own = np.stack([outside, state.inside], axis=2)
    bought = needed[:, 0, 0] * (outside[:, 0] - ses) + needed[:, 1, 0] * outside[:, 1]
    state.external_days = external + added(bought)
    state.need_days = added(needed)
    state.served_days = added(needed * state.own)
    state.history = [*state.history, state.inside][-HISTORY:]
    while len(state.history) < HISTORY:
        state.history.append(state.inside)
    state.lead_share = support.lead_share(
        state.lead_share,
        levers.funding.ses_capacity_share,
        p.capacity_share_reference,
        p.lead_offer_start,
        p.lead_offer_gain,
        p.lead_months,
    )


def _ses_fractions(world: World, needed: FloatArray) -> FloatArray:
    p = world.parameters
    share = support.in_school_share(
        p.in_school_share, world.levers.funding.ses_capacity_share, p.capacity_share_reference
    )
    days = support.ses_days(world.budget.ses / 100.0, share, p.post_gbp, p.post_days)
    return support.served_fractions(days, needed[:, 0, 0] + needed[:, 0, 1])


def _fund_fractions(
    world: World, counts: IntArray, needed: FloatArray, ses: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Share of what the SES leaves unmet that the fund serves, and the external days in it."""
    p, state = world.parameters, world.support
    unmet = needed[:, 0, 1] * (1.0 - ses) + needed[:, 1, 1]
    money = support.fund_for_days(
        fund_pence(world) / 100.0, p.fund_fixed_gbp, p.fund_reference_gbp, p.fund_day_share
    )
    good_members = counts[0, 0, 1] + counts[0, 1, 1] + counts[1, 0, 1] + counts[1, 1, 1]
    capacity = good_members * state.lead_share * p.lead_days_per_month
    lead_days = np.minimum(capacity, money / p.lead_day_gbp)
    lead = support.served_fractions(lead_days, unmet)
    used = added(lead * unmet)
    state.spare_lead_days = state.spare_lead_days + (capacity - used)
    outside_days = (money - lead_days * p.lead_day_gbp) / p.external_day_gbp
    rest = unmet * (1.0 - lead)
    outside = support.served_fractions(outside_days, rest)
    return lead + (1.0 - lead) * outside, added(outside * rest)


def partnership(world: World) -> Process:
    """Spends the fund every month."""
    for turn in world.calendar.months(Turn.SUPPORT):
        yield turn
        allocate_support(world)
