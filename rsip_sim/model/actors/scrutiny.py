"""Scrutiny: reviews the partnership so many times a year; confidence follows what was delivered."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import BoolArray, FloatArray, IntArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.partnership_means import members_adequacy
from rsip_sim.model.rules import agreement as rules
from rsip_sim.model.world import World


def _review(
    world: World, due: BoolArray, exits: IntArray, members: IntArray, months: IntArray
) -> None:
    """A review of what was delivered in these months since the last one, where it is due."""
    state, p = world.agreement, world.parameters
    settled = world.month >= world.levers["agreement.governance_settled_months"]
    after = rules.confidence(
        state.confidence,
        members_adequacy(world, world.support.last_term()),
        _kept_share(world),
        exits,
        members,
        np.maximum(months, 1),
        p.confidence_gain,
        p.confidence_exit_weight,
        np.where(settled, 1.0, p.confidence_cap),
    )
    state.confidence = np.where(due & state.alive, after, state.confidence)
    under = rules.under_quorum(world.member_share(), world.levers["agreement.quorum"])
    world.dissolve(due & under & state.under_quorum)
    state.under_quorum = np.where(due, under, state.under_quorum)


def _kept_share(world: World) -> FloatArray:
    """Whether this year's line is kept or guaranteed: 1 or 0; 1 where there is none.

    A de-delegated line counts as kept, whatever conversions take of it.
    """
    budget = world.budget
    kept = (budget.pooled + budget.to_academies > 0) | (budget.guarantee > 0)
    return np.where(kept | (budget.line == 0), 1.0, 0.0)


def scrutiny(world: World) -> Process:
    """Adds up voluntary exits every month and reviews when its interval has passed."""
    if not world.partnership.any():
        return
    exits = last = members = np.zeros(world.replications, dtype=np.int64)
    for turn in world.calendar.months(Turn.REVIEW):
        yield turn
        if world.month == 0:
            members = world.member_schools
        exits = exits + world.flows["exits_voluntary"]
        interval = 12 // world.levers["agreement.reviews_per_year"]
        due = (world.month > 0) & (world.month % interval == 0)
        if due.any():
            _review(world, due, exits, members, world.month - last)
            exits = np.where(due, 0, exits)
            members = np.where(due, world.member_schools, members)
            last = np.where(due, world.month, last)
