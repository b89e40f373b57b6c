"""The curve of a share or an average over the values of a lever, and where it meets a target.

At each value tried stands an estimate with its 95% interval: for a share of futures the exact
binomial one (Clopper and Pearson 1934), which is honest at none and at all of them, for an average
the t-interval. The interval of the *tipping value* holds every value whose own interval holds the
target: at the true tipping value the curve is the target, so its interval misses it in one case of
twenty, and so does the interval of the value. No resampling is needed for that. Since all values
share their futures the whole curve moves together with them, which makes the curve smooth and one
value comparable with the next.

The number of values is fixed beforehand: a first pass of at most `COARSE_STEPS` + 2 round values
(the scenario's own among them), then `ROUNDS` rounds that halve the gaps between

* neighbours of which one meets the target and one does not,
* for the first `ROUNDS_FOR_INTERVAL` rounds, neighbours of which one does so clearly, since there
  lie the ends of the interval, and where nothing meets the target or everything does, the value
  nearest to it and its neighbours,

at most `GAPS` of them a round, and never below the lever's own grid.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    exact_interval,
    mean_of_defined,
    standard_error,
    t_quantile,
)
from rsip_sim.studies.solve.lever import COARSE_STEPS, Lever
from rsip_sim.studies.solve.target import PERCENT, Target


class Status(IntEnum):
    """How one value stands to the target; "clearly": its whole 95% interval does."""

    CLEARLY_NOT = 0
    NOT = 1
    MET = 2
    CLEARLY_MET = 3

    @property
    def met(self) -> bool:
        """Whether the estimate meets the target."""
        return self >= Status.MET

    @property
    def clear(self) -> bool:
        """Whether the whole interval lies on one side of the target."""
        return self in (Status.CLEARLY_NOT, Status.CLEARLY_MET)

    @property
    def words(self) -> str:
        """``clearly met``, ``met``, ``not met``, ``clearly not met``."""
        return ("clearly not met", "not met", "met", "clearly met")[self]


@dataclass(frozen=True)
class Point:
    """The share or average at one value of the lever, in the unit of the target's goal.

    low, high  95% interval of the estimate; futures: in how many it is defined
    """

    value: float
    estimate: float
    low: float
    high: float
    futures: int
    status: Status


@dataclass(frozen=True)
class Edge:
    """Where the target begins or ceases to be met, between two neighbouring values tried.

    fails, meets  the two neighbours
    low, high     95% interval of the tipping value: the nearest value on either side at which the
                  target clearly fails or is clearly met; None where none was tried before the
                  next edge
    """

    fails: float
    meets: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Stretch:
    """Neighbouring values that all meet the target; no edge where it is cut off by the range."""

    first: float
    last: float
    below: Edge | None
    above: Edge | None


@dataclass(frozen=True)
class Curve:
    """What was found at every value tried.

    observed  each future's part in the share or average, (values, replications), NaN where the
              outcome is not defined
    """

    target: Target
    values: FloatArray
    observed: FloatArray

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Estimate, interval and status at every value, in order of the values."""
        return points_of(self.target, self.values, self.observed)

    def with_more(self, values: FloatArray, observed: FloatArray) -> Curve:
        """The curve with further values of the lever."""
        both = np.concatenate([self.values, values])
        joined = np.concatenate([self.observed, observed])
        order = np.argsort(both)
        return Curve(self.target, both[order], joined[order])

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The stretches of values that meet the target; none where no value does."""
        found = []
        for met, group in itertools.groupby(range(len(self.points)), self._met):
            if met:
                places = list(group)
                first, last = places[0], places[-1]
                found.append(
                    Stretch(
                        self.points[first].value,
                        self.points[last].value,
                        self._edge(first - 1, first),
                        self._edge(last + 1, last),
                    )
                )
        return tuple(found)

    @property
    def edges(self) -> list[Edge]:
        """Where stretches begin and end inside the range."""
        return [edge for one in self.stretches for edge in (one.below, one.above) if edge]

    @cached_property
    def effect(self) -> bool:
        """Whether the lever changes anything in any future at any value tried."""
        base = self.observed[:1]
        same = (self.observed == base) | (np.isnan(self.observed) & np.isnan(base))
        return not bool(same.all())

    def _met(self, place: int) -> bool:
        return self.points[place].status.met

    def _edge(self, fails: int, meets: int) -> Edge | None:
        if not 0 <= fails < len(self.points):
            return None
        step = fails - meets
        failing = self._nearest(Status.CLEARLY_NOT, fails, step)
        meeting = self._nearest(Status.CLEARLY_MET, meets, -step)
        ends = (failing, meeting) if fails < meets else (meeting, failing)
        return Edge(self.points[fails].value, self.points[meets].value, *ends)

    def _nearest(self, wanted: Status, place: int, step: int) -> float | None:
        """The nearest value of that status from a place on, before the target is met or fails."""
        met = self._met(place)
        while 0 <= place < len(self.points) and self._met(place) == met:
            if self.points[place].status == wanted:
                return self.points[place].value
            place += step
        return None


def points_of(target: Target, values: FloatArray, observed: FloatArray) -> tuple[Point, ...]:
    """Estimate, interval and status of each row; values (rows,), observed (rows, replications)."""
    estimate, count = mean_of_defined(observed), (~np.isnan(observed)).sum(axis=1)
    low, high = intervals(observed, target.all_or_nothing)
    if target.is_share:
        low, high = np.clip(low, 0.0, PERCENT), np.clip(high, 0.0, PERCENT)
    worst, best = (low, high) if target.upwards else (high, low)
    status = np.where(
        target.met(estimate),
        Status.MET + target.met(worst).astype(int),
        Status.NOT - (~target.met(best)).astype(int),
    )
    return tuple(
        Point(
            float(value),
            float(estimate[i]),
            float(low[i]),
            float(high[i]),
            int(count[i]),
            Status(int(status[i])),
        )
        for i, value in enumerate(values)
    )


def intervals(observed: FloatArray, all_or_nothing: bool) -> tuple[FloatArray, FloatArray]:
    """95% interval of the mean of each row; (rows, replications) → two arrays (rows,).

    all_or_nothing  each value is 0 or 100, so that the mean is a share in per cent
    Where a row is defined in too few futures to say anything, the interval is all that can be.
    """
    count = (~np.isnan(observed)).sum(axis=1)
    if all_or_nothing:
        low, high = exact_interval((observed > 0).sum(axis=1), count)  # NaN is not above 0
        return PERCENT * low, PERCENT * high
    half = np.where(count > 1, t_quantile(count) * standard_error(observed), np.inf)
    middle = np.where(count > 0, mean_of_defined(observed), 0.0)
    return middle - half, middle + half


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
