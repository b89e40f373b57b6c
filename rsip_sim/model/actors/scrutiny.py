"""Scrutiny: reviews the partnership so many times a year; confidence follows what was delivered."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray, IntArray
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
        self._last = 0

    def note(self) -> None:
        """Once a month: add up voluntary exits; hold a review when the interval has passed."""
        world = self._world
        if world.month == 0:
            self.members = world.member_schools()
        self.exits = self.exits + world.flows["exits_voluntary"]
        interval = 12 // world.levers.agreement.reviews_per_year
        if world.month > 0 and world.month % interval == 0:
            self._review(world.month - self._last)
            self.exits = np.zeros_like(self.exits)
            self.members = world.member_schools()
            self._last = world.month

    def _review(self, months: int) -> None:
        world, state, p = self._world, self._world.agreement, self._world.parameters
        after = rules.confidence(
            state.confidence,
            members_adequacy(world, world.support.last_term()),
            self._kept_share(),
            self.exits,
            self.members,
            float(months),
            p.confidence_gain,
            p.confidence_exit_weight,
            self._cap(),
        )
        state.confidence = np.where(state.alive, after, state.confidence)
        under = rules.under_quorum(world.member_share(), world.levers.agreement.quorum)
        world.dissolve(under & state.under_quorum)
        state.under_quorum = under

    def _cap(self) -> FloatArray:
        """Confidence is capped until the report on governance is settled."""
        settled = self._world.month >= self._world.levers.agreement.governance_settled_months
        cap = self._world.parameters.confidence_cap
        return np.ones_like(cap) if settled else cap

    def _kept_share(self) -> FloatArray:
        """Share of the promised budget that is paid; 1 where nothing was promised."""
        promised = self._world.budget.promised
        if promised == 0:
            return np.ones(self._world.replications)
        return np.asarray(self._world.budget.earmark / promised)


def scrutiny(world: World, reviews: Reviews) -> Process:
    """Notes exits every month and reviews at its own interval."""
    if not world.policy.partnership:
        return
    for turn in world.calendar.months(Turn.REVIEW):
        yield turn
        reviews.note()
