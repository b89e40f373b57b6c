"""Local trusts and dioceses: families of schools in which conversion becomes easier for a while."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.calendar import HISTORY_MONTHS, Process, Turn
from rsip_sim.model.draws import Purpose, exponential
from rsip_sim.model.world import World


class TrustClocks:
    """When each diocese and community next forms a trust of its own accord."""

    def __init__(self, world: World) -> None:
        """Start so long before the pipeline that the number of active trusts is in equilibrium."""
        self._world = world
        self._rate = 1.0 / (12.0 * world.parameters.trust_years_between)
        self._active = world.parameters.trust_active_months.astype(np.int64)
        shape = (world.schools.families, world.replications)
        self._formed = np.zeros(shape, dtype=np.int64)
        self._next = (
            -HISTORY_MONTHS
            - self._active
            + self._gap(*np.indices(shape).reshape(2, -1)).reshape(shape)
        )

    def _gap(self, families: IntArray, columns: IntArray) -> FloatArray:
        keys = self._world.schools.family_keys[families]
        uniform = self._world.draws.uniform_at(
            keys, columns, Purpose.TRUST_CLOCK, self._formed[families, columns]
        )
        return np.asarray(exponential(uniform) / self._rate[columns])

    def form(self) -> None:
        """Form the trusts whose time has come; each is active for its months from then."""
        month = self._world.month
        while True:
            families, columns = np.nonzero(self._next <= month)
            if len(families) == 0:
                return
            formed = np.ceil(self._next[families, columns]).astype(np.int64)
            until = formed + self._active[columns]
            active = self._world.trust_active_until
            active[families, columns] = np.maximum(active[families, columns], until)
            self._formed[families, columns] += 1
            self._next[families, columns] += self._gap(families, columns)


def trusts(world: World, clocks: TrustClocks) -> Process:
    """Looks every month, from the months of the pipeline on."""
    for turn in world.calendar.months(Turn.TRUSTS, first=-HISTORY_MONTHS):
        yield turn
        clocks.form()
