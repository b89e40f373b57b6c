"""A map of two levers: where on a grid of their values the target is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.solve.curve import Point, points_of
from rsip_sim.studies.solve.lever import Lever, possible, settings
from rsip_sim.studies.solve.question import Search
from rsip_sim.studies.solve.search import Measure

MOST_EACH = 9
"""Values, at most, of either lever."""


@dataclass(frozen=True)
class TippingMap:
    """The share or average at every combination of two levers that a scenario could have.

    across, down  the first lever and the second, as they are shown
    points        by value of the first and of the second; what cannot be is left out
    """

    across: Lever
    down: Lever
    points: Mapping[tuple[float, float], Point]

    @property
    def columns(self) -> list[float]:
        """Values of the first lever."""
        return sorted({first for first, _ in self.points})

    @property
    def rows(self) -> dict[float, list[Point | None]]:
        """By value of the second lever: the points along the first, None for what cannot be."""
        return {
            second: [self.points.get((first, second)) for first in self.columns]
            for second in sorted({second for _, second in self.points})
        }

    @property
    def legible(self) -> TippingMap:
        """The same with the lever of the longer words down, where there is room for them."""
        if len(self.across.short(self.across.high)) <= len(self.down.short(self.down.high)):
            return self
        turned = {(down, across): point for (across, down), point in self.points.items()}
        return TippingMap(self.down, self.across, turned)

    def table(self) -> pd.DataFrame:
        """One row a combination."""
        rows = [
            (*values, p.estimate, p.low, p.high, p.futures, p.status.words)
            for values, p in self.points.items()
        ]
        names = ["estimate", "ci_low", "ci_high", "futures", "target"]
        return pd.DataFrame(rows, columns=[self.across.path, self.down.path, *names])


def tipping_map(asked: Search, measure: Measure) -> TippingMap:
    """Measure the target on a grid of the question's two levers.

    Raises AskedError where a scenario can have no combination, ValueError without a second lever.
    """
    across, down = asked.levers
    values = [
        (first, second)
        for second in down.spaced(MOST_EACH)
        for first in across.spaced(MOST_EACH)
        if possible(asked.scenario, settings(asked.levers, (first, second)))
    ]
    if not values:
        message = "no combination of the two levers is one a scenario can have"
        raise AskedError([Problem(("across", "lever"), message)])
    observed = asked.target.observed(np.stack(measure(values)))
    points = points_of(asked.target, np.array([first for first, _ in values]), observed)
    return TippingMap(across, down, dict(zip(values, points, strict=True)))
