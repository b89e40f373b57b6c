"""Scrutiny: reviews the partnership so many times a year; confidence follows what was delivered."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import BoolArray, FloatArray, IntArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.partnership_means import members_adequacy
from rsip_sim.model.rules import agreement as rules
from rsip_sim.model.world import World


class Reviews:
    """Remembers the voluntary exits since the last review."""

    def __init__(self, world: World) -> None:
        """The first review comes one interval after the start."""
        self._world = world
        self.exits: IntArray = np.zeros(world.replications, dtype=np.int64)
        self.members: IntArray = np.zeros(world.replications, dtype=np.int64)
        self._last: IntArray = np.zeros(world.replications, dtype=np.int64)

    def note(self) -> None:
        """Once a month: add up voluntary exits; hold a review when the interval has passed."""
        world = self._world
        if world.month == 0:
            self.members = world.member_schools
        self.exits = self.exits + world.flows["exits_voluntary"]
        interval = 12 // world.levers["agreement.reviews_per_year"]
        due = (world.month > 0) & (world.month % interval == 0)
        if due.any():
            self._review(due)
            self.exits = np.where(due, 0, self.exits)
            self.members = np.where(due, world.member_schools, self.members)
            self._last = np.where(due, world.month, self._last)

    def _review(self, due: BoolArray) -> None:
        world, state, p = self._world, self._world.agreement, self._world.parameters
        after = rules.confidence(
            state.confidence,
            members_adequacy(world, world.support.last_term()),
            self._kept_share(),
            self.exits,
            self.members,
            np.maximum(world.month - self._last, 1),
            p.confidence_gain,
            p.confidence_exit_weight,
            self._cap(),
        )
        state.confidence = np.where(due & state.alive, after, state.confidence)
        under = world.member_share() < world.levers["agreement.quorum"]
        world.dissolve(due & under & state.under_quorum)
        state.under_quorum = np.where(due, under, state.under_quorum)

    def _cap(self) -> FloatArray:
        """Confidence is capped until the report on governance is settled."""
        settled = self._world.month >= self._world.levers["agreement.governance_settled_months"]
        return np.where(settled, 1.0, self._world.parameters.confidence_cap)

    def _kept_share(self) -> FloatArray:
        """Whether this year's line is kept or guaranteed: 1 or 0; 1 where there is none.

        A de-delegated line counts as kept, whatever conversions take of it.
        """
        budget = self._world.budget
        kept = (budget.pooled + budget.to_academies > 0) | (budget.guarantee > 0)
        return np.where(kept | (budget.line == 0), 1.0, 0.0)


def scrutiny(world: World, reviews: Reviews) -> Process:
    """Notes exits every month and reviews at its own interval."""
    if not world.partnership.any():
        return
    for turn in world.calendar.months(Turn.REVIEW):
        yield turn
        reviews.note()
