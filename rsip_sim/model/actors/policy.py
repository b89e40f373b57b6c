"""The timeline: sets the levers that the planner has dated."""

from __future__ import annotations

from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.world import World


def policy(world: World) -> Process:
    """Puts each dated change into force at the beginning of its month."""
    for month, levers in world.policy.changes:
        yield world.calendar.at(month, Turn.POLICY)
        world.levers = levers
