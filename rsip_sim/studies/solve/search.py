"""Search along one lever, coarse then by bisection, and a map of two: where a target is met.

The number of values is fixed beforehand: a first pass of at most `COARSE_STEPS` + 2 round values
(the scenario's own among them), then `ROUNDS` rounds that halve the gaps between

* neighbours of which one meets the target and one does not,
* for the first `ROUNDS_FOR_INTERVAL` rounds, neighbours of which one does so clearly, since there
  lie the ends of the interval, and where nothing meets the target or everything does, the value
  nearest to it and its neighbours,

at most `GAPS` of them a round, and never below the lever's own grid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.solve.curve import Curve, Point, points_of
from rsip_sim.studies.solve.lever import COARSE_STEPS, Lever, possible, settings
from rsip_sim.studies.solve.question import Search
from rsip_sim.studies.solve.target import Target

ROUNDS = 6  # 2⁶ > FINE_STEPS: a crossing is followed down to the grid
ROUNDS_FOR_INTERVAL = 3
GAPS = 3
MOST_VALUES = COARSE_STEPS + 2 + ROUNDS * GAPS

Measure = Callable[[Sequence[tuple[float, ...]]], list[FloatArray]]
"""One tuple of lever values a row → the outcome in every future of each, (replications,)."""


def search(lever: Lever, target: Target, measure: Measure) -> Curve:
    """The curve of the target's share or average over the lever, dense where it meets the goal."""

    def observed(values: FloatArray) -> FloatArray:
        return target.observed(np.stack(measure([(float(value),) for value in values])))

    first = lever.values[list(lever.first)]
    curve = Curve(target, first, observed(first), frozenset(float(value) for value in first))
    for number in range(ROUNDS if curve.effect else 0):
        places = _next_places(curve, lever.values, number < ROUNDS_FOR_INTERVAL)
        if not places:
            break
        values = lever.values[places]
        curve = curve.with_more(values, observed(values))
    return curve


def _next_places(curve: Curve, grid: FloatArray, interval: bool) -> list[int]:
    """Places on the grid of the values to try next."""
    tried = np.searchsorted(grid, curve.values)
    gaps = [
        (urgency, -(tried[i + 1] - tried[i]), (tried[i] + tried[i + 1]) // 2)
        for i in range(len(tried) - 1)
        if tried[i + 1] - tried[i] > 1 and (urgency := _urgency(curve, i, interval))
    ]
    return sorted(int(middle) for _, _, middle in sorted(gaps)[:GAPS])


def _urgency(curve: Curve, gap: int, interval: bool) -> int:
    """How soon to look into the gap after a point: 1 first, 2 next, 0 not at all."""
    one, other = curve.points[gap].status, curve.points[gap + 1].status
    if one.met != other.met:
        return 1
    return 2 if interval and (one != other or _beside_nearest(curve, gap)) else 0


def _beside_nearest(curve: Curve, gap: int) -> bool:
    """Whether nothing crosses the target, and the inner value nearest to it is at this gap."""
    if len({point.status.met for point in curve.points}) > 1:
        return False
    distance = [abs(point.estimate - curve.target.goal) for point in curve.points]
    if np.isnan(distance).all():
        return False
    nearest = int(np.nanargmin(distance))
    return 0 < nearest < len(distance) - 1 and nearest in (gap, gap + 1)


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
