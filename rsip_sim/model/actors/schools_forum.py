"""The Schools Forum: votes each January whether the partnership keeps its budget line."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import BoolArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.national import Disposition
from rsip_sim.model.partnership_means import members_adequacy
from rsip_sim.model.rules import agreement as rules
from rsip_sim.model.world import World


def vote(world: World, mood: Disposition) -> None:
    """A line once refused is gone, and what was offered on it falls."""
    state = world.agreement
    state.line_kept &= ~state.alive | _keeps(world, mood)
    state.offered &= state.line_kept


def _keeps(world: World, mood: Disposition) -> BoolArray:
    state, p = world.agreement, world.parameters
    april = world.month + rules.MONTHS_TO_APRIL
    running = state.in_force & rules.covers_year(state.start, state.end, april)
    covered = running | state.offered
    probability = rules.forum_probability(
        world.member_share(),
        members_adequacy(world, world.support.last_term()),
        covered & ~world.rules.are("forum", "deaf"),
        p.forum_intercept,
        p.by(("forum_participation", "forum_adequacy")),
        p.forum_agreement,
    )
    keeps = mood.uniform(world.calendar.year) < probability
    keeps |= covered & world.rules.are("forum", "bound")
    keeps |= world.renewal_is_certain()
    # the vote is on the financial year that begins in April
    delegates = world.levers["funding.forum_delegates_from"]
    return np.asarray(keeps & (world.calendar.start + april < delegates))


def schools_forum(world: World, mood: Disposition) -> Process:
    """Votes every January, after the council has made its offers."""
    for turn in world.calendar.months(Turn.FORUM):
        yield turn
        if world.calendar.is_january():
            vote(world, mood)
