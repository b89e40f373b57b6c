"""External providers: national chains that approach schools below good and lone academies."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import IntArray
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.draws import Purpose, exponential
from rsip_sim.model.tallies import ACADEMY_BIT, BELOW_GOOD_BIT
from rsip_sim.model.world import World, cells_at


class ChainClock:
    """Approaches to schools of the authority: a Poisson number a year."""

    def __init__(self, world: World) -> None:
        """Start the clock; it advances with the scenario's rate."""
        self._world = world
        self._made = np.zeros(world.replications, dtype=np.int64)
        self._clock = np.zeros(world.replications)
        self._due = exponential(world.draws.one(Purpose.CHAIN_CLOCK))

    def approach(self) -> None:
        """Make this month's approaches."""
        world = self._world
        self._clock += world.levers["external.chain_approaches_per_year"] / 12.0
        while True:
            columns = np.flatnonzero(self._clock >= self._due)
            if len(columns) == 0:
                return
            self._approach_one(columns)
            self._made[columns] += 1
            keys = np.zeros(len(columns), dtype=np.uint64)
            gap = world.draws.uniform_at(keys, columns, Purpose.CHAIN_CLOCK, self._made[columns])
            self._due[columns] += exponential(gap)

    def _approach_one(self, columns: IntArray) -> None:
        """One school a replication: the highest keyed score among those a chain would want."""
        world = self._world
        classes = world.classes[:, columns]
        academy = (classes & ACADEMY_BIT) > 0
        wanted = ~academy & (classes & BELOW_GOOD_BIT > 0) & world.schools.converts[:, None]
        rows, places = np.nonzero(academy)
        block = world.block[rows, columns[places]]
        only = world.blocks.schools[block, columns[places]] == 1
        wanted[rows, places] = only & (block != world.blocks.chain)
        rows, places = np.nonzero(wanted)
        score = np.full(wanted.shape, -1.0)
        candidates = cells_at(rows, columns[places], world.replications)
        made = self._made[candidates.columns]
        score[rows, places] = world.luck(candidates, Purpose.CHAIN_TARGET, made)
        target = score.argmax(axis=0)
        found = wanted[target, np.arange(len(columns))]
        chosen = cells_at(target[found], columns[found], world.replications)
        lone = chosen.of(world.academy)
        chosen.where(~lone).put(world.approached, world.month)
        academies = chosen.where(lone)
        luck = world.luck(academies, Purpose.CHAIN_JOIN, self._made[academies.columns])
        joins = academies.where(
            luck < world.parameters.chain_lone_academy_probability[academies.columns]
        )
        world.rehouse(joins, np.full(len(joins), world.blocks.chain))


def providers(world: World, clock: ChainClock) -> Process:
    """Approaches schools every month from the start."""
    for turn in world.calendar.months(Turn.APPROACHES):
        yield turn
        clock.approach()
