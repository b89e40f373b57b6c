"""The council: sets the budget each April, pays guarantees, offers agreements each January."""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.months import financial_year
from rsip_sim.model.arrays import BoolArray, IntArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.national import Disposition
from rsip_sim.model.partnership_means import fund_pence, members_adequacy
from rsip_sim.model.rules import agreement as rules
from rsip_sim.model.rules import money
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import World

CAPPED_FROM = 2013  # financial year from which a central line may not grow


# budgets


def set_budget(world: World) -> None:
    """The budget of the financial year that begins now (or of the founding)."""
    _share_the_line(world)
    _pay_the_service(world)
    state = world.budget
    # a line that is de-delegated goes on, whatever conversions have taken of it
    has_money = (state.pooled + state.to_academies > 0) | (state.guarantee > 0)
    world.begin_rebound(world.agreement.alive & state.had_money & ~has_money)
    state.had_money |= has_money


def _share_the_line(world: World) -> None:
    """The line is pooled or goes to schools; once refused, the council may have to pay it."""
    state, agreement = world.budget, world.agreement
    earmark = money.to_pence(world.levers["funding.earmark_gbp_per_year"])
    if financial_year(world.calendar.number) < CAPPED_FROM or world.month == 0:
        state.line_cap = earmark
    state.line = np.minimum(earmark, state.line_cap)
    maintained = world.schools.total_pupils - world.academy_pupils().sum(axis=0)
    dedelegated = world.levers["funding.line"] == "dedelegated"
    begins = dedelegated & (state.pupils_dedelegated < 0)
    then = np.where(begins, maintained, state.pupils_dedelegated)
    state.pupils_dedelegated = np.where(dedelegated, then, -1)
    again = money.dedelegated_pence(state.line, maintained, state.pupils_dedelegated)
    whole = np.where(dedelegated, again, state.line)
    kept = agreement.alive & agreement.line_kept
    promised = agreement.in_force & rules.covers_year(agreement.start, agreement.end, world.month)
    pays = agreement.alive & ~agreement.line_kept & promised
    state.pooled = np.where(kept, whole, 0)
    state.to_academies = np.where(kept, state.line - whole, 0)
    state.to_all = np.where(kept, 0, state.line)
    state.guarantee = np.where(pays & ~world.rules.are("guarantee", "none"), whole, 0)


def _pay_the_service(world: World) -> None:
    state, p = world.budget, world.parameters
    base = money.to_pence(world.levers["funding.ses_gbp_per_year"])
    opened = world.academy_pupils().sum(axis=0) - world.start_academies.sum()
    left = money.left_share(opened, world.maintained_at_start)
    follows = np.where(world.rules.are("ses_size", "kept"), 0.0, p.ses_follows_pupils)
    follows = np.where(world.rules.are("ses_size", "wholly"), 1.0, follows)
    state.path = money.ses_path_pence(base, state.cut_index, follows, left)
    state.core = np.minimum(money.to_pence(p.ses_core_gbp), base)
    state.ses, state.overspend = money.guaranteed_ses(state.path, state.guarantee, state.core)


def watch_the_fund(world: World) -> None:
    """A fund below what a partnership needs, at two budgets running, ends it."""
    short = fund_pence(world) < world.parameters.ending_threshold_gbp * money.PENCE
    short &= ~world.rules.are("ending", "never_for_money")
    world.dissolve(short & world.budget.fund_was_short)
    world.budget.fund_was_short = short


def council_budgets(world: World) -> Process:
    """Sets the budget every April after the start."""
    for turn in world.calendar.months(Turn.BUDGETS):
        yield turn
        if world.month > 0 and world.calendar.is_april():
            cut = world.levers["funding.council_cut_pct_per_year"]
            world.budget.cut_index = world.budget.cut_index * (1.0 - cut / 100.0)
            set_budget(world)
            watch_the_fund(world)


# the agreement


def begin(world: World, where: BoolArray, months: int | IntArray) -> None:
    """An agreement begins now in the replications where the mask holds."""
    state = world.agreement
    state.start = np.where(where, world.month, state.start)
    state.end = np.where(where, world.month + months, state.end)
    state.in_force |= where
    state.lapsed &= ~where


def council_resolutions(world: World) -> Process:
    """Begins what was signed in January, and signs agreements whose length the timeline sets.

    What was signed in January stands, whatever length the timeline sets before April; then it
    extends the agreement that runs.
    """
    length = world.levers["agreement.length_months"]
    for turn in world.calendar.months(Turn.RESOLUTION, first=1):
        yield turn
        state = world.agreement
        begins = state.alive & (state.next_start == world.month)
        if begins.any():
            extended = np.maximum(state.end, world.month + state.next_months)
            state.end = np.where(begins & state.in_force, extended, state.end)
            begin(world, begins & ~state.in_force, state.next_months)
            state.next_start = np.where(begins, NEVER, state.next_start)
        if (world.levers["agreement.length_months"] != length).any():
            set_by_timeline = world.levers["agreement.length_months"] != length
            length = world.levers["agreement.length_months"]
            # a length of nought ends what runs, and signs nothing
            acts = state.alive & set_by_timeline & (state.in_force | (length > 0))
            begin(world, acts, length)


def offer(world: World, mood: Disposition) -> None:
    """Agreements end; each January the council may offer one for the coming financial year."""
    state, levers = world.agreement, world.levers
    ending = state.in_force & (state.end <= world.month)
    state.in_force &= ~ending
    state.lapsed |= ending
    world.begin_rebound(ending & world.rules.are("rebound_after", "lapse"))
    if not world.calendar.is_january():
        return
    april = world.month + rules.MONTHS_TO_APRIL
    wanting = state.alive & state.line_kept & levers["agreement.later_offers"]
    wanting &= ~world.rules.are("later_offers", "none")
    wanting &= ~(state.in_force & rules.covers_year(state.start, state.end, april))
    state.offered = wanting & _council_agrees(world, mood)


def _council_agrees(world: World, mood: Disposition) -> BoolArray:
    p = world.parameters
    probability = rules.renewal_probability(
        world.member_share(),
        members_adequacy(world, world.support.last_term()),
        p.renewal_intercept,
        p.by(("renewal_participation", "renewal_adequacy")),
    )
    agrees = mood.uniform(world.calendar.year) < probability
    return np.asarray(agrees | world.renewal_is_certain())


def sign(world: World) -> None:
    """What was offered and the Forum lets stand: the running agreement is extended, or one signed.

    Either covers the whole of the coming financial year.
    """
    state = world.agreement
    months = world.levers["agreement.renewal_months"]
    april = world.month + rules.MONTHS_TO_APRIL
    extends = state.offered & state.in_force
    state.end = np.where(extends, np.maximum(state.end, april + months), state.end)
    new = state.offered & ~state.in_force
    state.next_start = np.where(new, april, state.next_start)
    state.next_months = np.where(new, months, state.next_months)
    state.offered = np.zeros_like(state.offered)


def council_offers(world: World, mood: Disposition) -> Process:
    """Looks every month whether an agreement has ended, and offers one every January."""
    for turn in world.calendar.months(Turn.OFFERS):
        yield turn
        offer(world, mood)


def council_signings(world: World) -> Process:
    """Signs each January, after the Forum's vote."""
    for turn in world.calendar.months(Turn.SIGNING):
        yield turn
        if world.calendar.is_january():
            sign(world)
