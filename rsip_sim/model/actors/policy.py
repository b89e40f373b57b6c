"""The timeline: sets the levers that the planner has dated."""

from __future__ import annotations

from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.policy import Levers
from rsip_sim.model.world import World


def policy(world: World) -> Process:
    """Puts each dated change into force at the beginning of its month."""
    changes: dict[int, dict[int, Levers]] = {}
    for number, group in enumerate(world.groups):
        for month, levers in group.policy.changes:
            changes.setdefault(month, {})[number] = levers
    for month in sorted(changes):
        yield world.calendar.at(month, Turn.POLICY)
        world.set_levers(changes[month])
