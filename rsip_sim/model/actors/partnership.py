"""The partnership: founded in month 0, it spends its fund on support every month."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray, IntArray, added
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.diary import Diary
from rsip_sim.model.draws import Purpose
from rsip_sim.model.governors_view import in_order
from rsip_sim.model.partnership_means import fund_pence
from rsip_sim.model.rules import choice, support
from rsip_sim.model.rules.money import PENCE, sold_pence
from rsip_sim.model.tallies import ACADEMY, MAINTAINED
from rsip_sim.model.world import World


def founding_members(world: World, u0: FloatArray, diary: Diary | None = None) -> None:
    """The founding round: support, confidence and peers as expected, no inertia, no security."""
    p, schools, levers = world.parameters, world.schools, world.levers
    noise = world.draws.uniform(schools.keys, Purpose.FOUNDING)
    constant = np.where(world.academy, u0[1], u0[0])
    common = {
        "price": choice.price_term(p.b_price, levers["funding.subscription_gbp_per_pupil"]),
        "peers": p.b_peer * (p.founding_maintained - p.peer_reference),
        "market": -p.b_market * (levers["external.market_quality"] - p.market_reference),
        "lock": -p.b_lock * (levers["agreement.school_commitment_months"] / 12.0),
    }
    utility = constant + in_order(common.values()) + world.membership_taste
    joins = choice.wants_membership(np.exp(utility), noise)
    joins &= ~world.academy | levers["agreement.academies_may_join"]
    given = schools.roster.member
    joins = np.where(given[:, None] >= 0, given[:, None] == 1, joins) & world.partnership
    if diary is not None:
        own = {"start": constant[diary.row], "taste": world.membership_taste[diary.row]}
        diary.found(world, {**own, **common} if world.partnership.any() else {}, noise, joins)
    world.found(joins)


def allocate_support(world: World) -> None:
    """One month's support: the SES first, then lead schools, then days bought outside.

    What delegated money and schools' own budgets buy comes on top of what the institutions give.
    """
    state, p = world.support, world.parameters
    counts = world.stocks.schools.sum(axis=0)
    needed = counts * p.table("need_days")[:, None, None, None]
    state.ses = _ses_fractions(world, needed)
    by_service = support.served_by_the_service(state.ses, p.buy_back_share)
    fund = _fund_fractions(world, counts, needed, by_service)
    given = support.institutional(by_service, fund)
    state.inside = given[:, :, 1]
    market = world.levers["external.market_quality"]
    state.received = support.received(given, _delegated_days(world), needed, market)
    state.bought_days = added(needed * (state.received - given))
    state.need_days = added(needed)
    state.served_days = added(needed * state.received)
    state.lead_share = support.lead_share(
        state.lead_share,
        world.levers["funding.ses_capacity_share"],
        p.capacity_share_reference,
        p.lead_offer_start,
        p.lead_offer_gain,
        p.lead_months,
    )


def _ses_fractions(world: World, needed: FloatArray) -> FloatArray:
    """Share of the maintained schools' need that the service serves, (grade 4, replications)."""
    p, levers = world.parameters, world.levers
    share = support.in_school_share(
        p.in_school_share, levers["funding.ses_capacity_share"], p.capacity_share_reference
    )
    budget = world.budget
    days = support.ses_days(budget.ses / PENCE, budget.core / PENCE, share, p.post_gbp, p.post_days)
    maintained = needed[:, MAINTAINED, 0] + needed[:, MAINTAINED, 1]
    return support.served_fractions(days, maintained, levers["support.weakest_first_share"])


def _fund_fractions(
    world: World, counts: IntArray, needed: FloatArray, by_service: FloatArray
) -> FloatArray:
    """Share of what the service leaves unmet that the fund serves, (grade 4, replications)."""
    p, state = world.parameters, world.support
    weakest_first = world.levers["support.weakest_first_share"]
    left = needed[:, :, 1] * (1.0 - by_service)
    unmet = left[:, MAINTAINED] + left[:, ACADEMY]
    capacity = _lead_capacity(world, counts)
    money = support.fund_for_days(
        fund_pence(world) / PENCE, p.fund_fixed_gbp, p.fund_reference_gbp, p.fund_day_share
    )
    lead_days = np.minimum(capacity, money / p.lead_day_gbp)
    lead = support.served_fractions(lead_days, unmet, weakest_first)
    outside_days = (money - lead_days * p.lead_day_gbp) / p.external_day_gbp
    rest = unmet * (1.0 - lead)
    outside = support.served_fractions(outside_days, rest, weakest_first)
    state.commissioned_days = added(outside * rest)
    return lead + (1.0 - lead) * outside


def _lead_capacity(world: World, counts: IntArray) -> FloatArray:
    """Days a month of lead schools for use at home, when part has been sold beyond the borough."""
    p, state = world.parameters, world.support
    good_members = counts[0, 0, 1] + counts[0, 1, 1] + counts[1, 0, 1] + counts[1, 1, 1]
    capacity = good_members * state.lead_share * p.lead_days_per_month
    sold = capacity * world.levers["support.sold_beyond_share"]
    state.sold = sold_pence(sold, p.external_day_gbp, p.lead_day_gbp)
    return np.asarray(capacity - sold)


def _delegated_days(world: World) -> FloatArray:
    """Days that schools buy with money handed to them, by (grade 4, legal 2, relation 2, …)."""
    p, budget = world.parameters, world.budget
    pupils = world.stocks.pupils.sum(axis=0)
    everybody = budget.to_all / PENCE / world.schools.total_pupils
    academies = pupils[:, ACADEMY].sum(axis=(0, 1))
    theirs = everybody + budget.to_academies / PENCE / np.maximum(academies, 1)
    per_pupil = np.stack([everybody, theirs])[:, None]
    share = np.where(world.rules.are("delegated_money", "buys_nothing"), 0.0, p.fund_day_share)
    return support.delegated_days(pupils, per_pupil, share, p.external_day_gbp)


def partnership(world: World) -> Process:
    """Spends the fund every month."""
    for turn in world.calendar.months(Turn.SUPPORT):
        yield turn
        allocate_support(world)
        world.support.history = [*world.support.history[1:], world.support.inside]
