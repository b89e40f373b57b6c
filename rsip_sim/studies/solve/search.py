"""Search along one lever, coarse then by bisection: where a target is met.

The number of values is fixed beforehand: a first pass of at most `COARSE_STEPS` + 2 round values
(the scenario's own among them), then `ROUNDS` rounds that halve the gaps between

* neighbours of which one meets the target and one does not,
* for the first `ROUNDS_FOR_INTERVAL` rounds, neighbours of which one does so clearly, since there
  lie the ends of the interval, and where nothing meets the target or everything does, the value
  nearest to it and its neighbours,

at most `GAPS` of them a round, and never below the lever's own grid.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.studies.solve.curve import Curve
from rsip_sim.studies.solve.lever import COARSE_STEPS, Lever
from rsip_sim.studies.solve.target import Target

ROUNDS = 6  # 2⁶ > FINE_STEPS: a crossing is followed down to the grid
ROUNDS_FOR_INTERVAL = 3
GAPS = 3
MOST_VALUES = COARSE_STEPS + 2 + ROUNDS * GAPS

Measure = Callable[[FloatArray], FloatArray]
"""Values of the lever → the outcome in every future of each, (values, replications)."""


def search(lever: Lever, target: Target, measure: Measure) -> Curve:
    """The curve of the target's share or average over the lever, dense where it meets the goal."""
    first = lever.values[list(lever.first)]
    curve = Curve(target, first, target.observed(measure(first)))
    for number in range(ROUNDS if curve.effect else 0):
        places = _next_places(curve, lever.values, number < ROUNDS_FOR_INTERVAL)
        if not places:
            break
        values = lever.values[places]
        curve = curve.with_more(values, target.observed(measure(values)))
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
