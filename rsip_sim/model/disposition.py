"""The disposition of the council or the Forum: correlated from one year to the next."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from rsip_sim.model.arrays import FloatArray
from rsip_sim.model.draws import Purpose
from rsip_sim.model.rules.agreement import disposition
from rsip_sim.model.world import World


class Disposition:
    """A normal score a year, correlated, whose uniform is compared with a probability.

    One fixed score would make new offers dead letters, a fresh one each year a toss of a coin.
    """

    def __init__(self, world: World, purpose: Purpose) -> None:
        """Begin with the calendar year of the start."""
        self._world = world
        self._purpose = purpose
        self._year = world.calendar.start // 12
        self._score = world.draws.normal(purpose, self._year)

    def uniform(self, year: int) -> FloatArray:
        """The uniform of a calendar year, (replications,); years must not go backwards."""
        while self._year < year:
            self._year += 1
            self._score = disposition(
                self._score,
                self._world.draws.normal(self._purpose, self._year),
                self._world.parameters.disposition_correlation,
            )
        return np.asarray(ndtr(self._score))
