"""The Schools Forum: votes each January whether the partnership keeps its budget line."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import BoolArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.disposition import Disposition
from rsip_sim.model.draws import Purpose
from rsip_sim.model.partnership_means import members_adequacy
from rsip_sim.model.rules.agreement import forum_probability
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import World


def forum_mood(world: World) -> Disposition:
    """The Forum's disposition, year by year."""
    return Disposition(world, Purpose.FORUM_DISPOSITION)


def vote(world: World, mood: Disposition) -> None:
    """No vote while an agreement is in force or signed; a line once refused is gone."""
    state = world.agreement
    voting = state.alive & ~state.in_force & (state.next_start == NEVER) & state.line_kept
    if voting.any():
        state.line_kept &= ~(voting & ~_keeps(world, mood))


def _keeps(world: World, mood: Disposition) -> BoolArray:
    delegates = world.levers.funding.forum_delegates_from
    # the vote is on the financial year that begins in April
    if delegates is not None and world.calendar.number + 3 >= delegates:
        return np.zeros(world.replications, dtype=np.bool_)
    if world.levers.agreement.renewal == "certain":
        return np.ones(world.replications, dtype=np.bool_)
    p = world.parameters
    probability = forum_probability(
        world.member_share(),
        members_adequacy(world, world.support.last_term()),
        p.forum_intercept,
        p.by(("forum_participation", "forum_adequacy")),
    )
    return np.asarray(mood.uniform(world.calendar.year) < probability)


def schools_forum(world: World, mood: Disposition) -> Process:
    """Votes every January, after the council has made its offers."""
    for turn in world.calendar.months(Turn.FORUM):
        yield turn
        if world.calendar.is_january():
            vote(world, mood)
