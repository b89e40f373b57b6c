"""The council: sets the budget each April, keeps or renews the agreement, makes new offers."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import BoolArray, IntArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.disposition import Disposition
from rsip_sim.model.draws import Purpose
from rsip_sim.model.partnership_means import fund_pence, members_adequacy
from rsip_sim.model.rules import agreement as rules
from rsip_sim.model.rules import money
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import World

MONTHS_TO_APRIL = 3  # from January


def council_mood(world: World) -> Disposition:
    """The council's disposition, year by year."""
    return Disposition(world, Purpose.COUNCIL_DISPOSITION)


# budgets


def set_budget(world: World) -> None:
    """The budget of the financial year that begins now (or of the founding)."""
    state, p = world.budget, world.parameters
    funding = world.levers.funding
    earmark = int(money.to_pence(funding.earmark_gbp_per_year)) if world.policy.partnership else 0
    base = int(money.to_pence(funding.ses_gbp_per_year)) + earmark
    left = world.new_academy_pupils().sum(axis=0)
    loss = money.council_loss_gbp(world.calendar.number)
    envelope = money.envelope_pence(base, state.cut_index, loss, p.council_loss_share, left)
    line = money.line_pence(earmark, envelope, base)
    floor = np.minimum(money.to_pence(p.ses_floor_gbp), base - earmark)
    promised, guaranteed_ses, overspend = money.guaranteed_budget(envelope, earmark, floor)
    agreement = world.agreement
    in_force = agreement.in_force & agreement.alive
    agreement.line_kept |= in_force
    paid = np.where(agreement.alive & agreement.line_kept, line, 0)
    # a line that the Forum gave back to schools is lost; one freed by dissolution comes back
    lost = np.where(agreement.line_kept, paid, line)
    state.promised = earmark
    state.envelope = np.where(in_force | agreement.line_kept, envelope, envelope - line)
    state.earmark = np.where(in_force, promised, paid)
    state.ses = np.where(in_force, guaranteed_ses, envelope - lost)
    state.overspend = np.where(in_force, overspend, 0)
    state.pressure = money.pressure(state.earmark, state.envelope)


def close_the_year(world: World) -> None:
    """What the year that ends carries over: another cut, and lead-school days sold beyond."""
    world.budget.cut_index *= 1.0 - world.levers.funding.council_cut_pct_per_year / 100.0
    p, spare = world.parameters, world.support.spare_lead_days
    income = money.to_pence(spare * p.traded_take_up * p.lead_day_gbp)
    sells = world.levers.funding.traded_income
    world.budget.traded = np.where(world.agreement.alive & sells, income, 0)
    world.support.spare_lead_days = np.zeros(world.replications)


def watch_the_fund(world: World) -> None:
    """A fund that is empty at two budgets running, after having had money, ends the partnership."""
    state = world.budget
    empty = fund_pence(world) == 0
    world.dissolve(empty & state.fund_was_zero & state.fund_was_positive)
    state.fund_was_zero = empty
    state.fund_was_positive |= ~empty


def council_budgets(world: World) -> Process:
    """Sets the budget every April after the start."""
    for turn in world.calendar.months(Turn.BUDGETS):
        yield turn
        if world.month > 0 and world.calendar.is_april():
            close_the_year(world)
            set_budget(world)
            watch_the_fund(world)


# the agreement


def sign(world: World, where: BoolArray, start: int, months: int | IntArray) -> None:
    """An agreement begins in the replications where the mask holds."""
    state = world.agreement
    state.start = np.where(where, start, state.start)
    state.end = np.where(where, start + months, state.end)
    state.in_force |= where
    state.ever |= where
    state.lapsed &= ~where
    state.next_start = np.where(where, NEVER, state.next_start)


def council_resolutions(world: World) -> Process:
    """Begins agreements signed in January, and acts on a length that the timeline changes."""
    length = world.levers.agreement.length_months
    for turn in world.calendar.months(Turn.RESOLUTION, first=1):
        yield turn
        state = world.agreement
        begins = state.alive & (state.next_start == world.month)
        if begins.any():
            sign(world, begins, world.month, state.next_months)
        if world.levers.agreement.length_months != length:
            length = world.levers.agreement.length_months
            _change_length(world, length)


def _change_length(world: World, length: int) -> None:
    """An agreement in force then runs for the new length from its own start; else one begins."""
    state = world.agreement
    running = state.in_force & state.alive
    new_end = np.maximum(state.start + length, world.month)
    state.end = np.where(running, new_end, state.end)
    if length > 0:
        sign(world, state.alive & ~running, world.month, length)


def renew(world: World, mood: Disposition) -> None:
    """Agreements that end this month are renewed or lapse; in January lapsed ones may come back."""
    state, levers = world.agreement, world.levers.agreement
    expiring = state.in_force & (state.end <= world.month)
    offer_time = world.calendar.is_january()
    waiting = state.alive & state.ever & ~state.in_force & (state.next_start == NEVER)
    offered = waiting if offer_time else np.zeros_like(waiting)
    if not (expiring.any() or offered.any()):
        return
    agrees = _council_agrees(world, mood)
    renewed = expiring & agrees
    state.end = np.where(renewed, world.month + levers.renewal_months, state.end)
    state.start = np.where(renewed, world.month, state.start)
    lapsing = expiring & ~agrees
    state.in_force &= ~lapsing
    state.lapsed |= lapsing
    state.lapsed_month = np.where(lapsing, world.month, state.lapsed_month)
    new = offered & agrees
    state.next_start = np.where(new, world.month + MONTHS_TO_APRIL, state.next_start)
    state.next_months = np.where(new, levers.renewal_months, state.next_months)


def _council_agrees(world: World, mood: Disposition) -> BoolArray:
    levers = world.levers
    delegates = levers.funding.forum_delegates_from
    if delegates is not None and world.calendar.number >= delegates:
        return np.zeros(world.replications, dtype=np.bool_)
    if levers.agreement.renewal == "certain":
        return np.ones(world.replications, dtype=np.bool_)
    p = world.parameters
    probability = rules.renewal_probability(
        world.member_share(),
        members_adequacy(world, world.support.last_term()),
        world.budget.pressure,
        p.renewal_intercept,
        p.by(("renewal_participation", "renewal_adequacy", "renewal_pressure")),
    )
    return np.asarray(mood.uniform(world.calendar.year) < probability)


def council_renewals(world: World, mood: Disposition) -> Process:
    """Looks every month whether the agreement ends."""
    for turn in world.calendar.months(Turn.RENEWAL):
        yield turn
        renew(world, mood)
