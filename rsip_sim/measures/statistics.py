"""Statistics over futures: pairing, means of what is defined, quantiles and 95% intervals.

Two scenarios are compared on the same futures, future by future. NaN is a future in which
something is not defined: it is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, ndtri, stdtrit

from rsip_sim.measures.runs import FloatArray

LOW, HIGH = 0.05, 0.95
"""The range across futures that is shown: nine futures in ten."""

POINTS = (LOW, 0.5, HIGH)

CONFIDENCE = 0.95
TAIL = (1 - CONFIDENCE) / 2

STANDARD_ERRORS = 1.96
"""Half of a 95% interval in standard errors, where futures are many."""

FEWEST_TO_COMPARE = 10
"""Futures below which nothing is said of a difference."""

FEWEST_IN_GROUP = 20
"""Futures of a group with which an option is picked for it; with fewer it has that of all."""

FEWEST_TO_VALUE_EVIDENCE = 100
"""Futures below which nothing is said of what knowing more would be worth."""

FEWEST_FOR_CURVES = 200
"""Futures below which no curve of an outcome over an input is fitted."""

ROUNDING = 1e-12
"""Relative differences below this are rounding of the last digits, and count as none."""


@dataclass(frozen=True)
class Spread:
    """Mean and range across futures; arrays (rows,)."""

    mean: FloatArray
    p05: FloatArray
    p50: FloatArray
    p95: FloatArray
    count: FloatArray


@dataclass(frozen=True)
class PairedDifferences:
    """Differences future by future (scenario − baseline), summed up; arrays (rows,).

    ci_low, ci_high          95% t-interval of the mean difference (precision)
    spread                   mean and 5–95% range of the differences across futures
    higher, lower            share of futures in which the scenario lies above, below
    variance_ratio           variance of the difference if the futures were independent ÷ as
                             paired; infinite where pairing leaves no variance
    """

    ci_low: FloatArray
    ci_high: FloatArray
    spread: Spread
    higher: FloatArray
    lower: FloatArray
    equal: FloatArray
    variance_ratio: FloatArray


@dataclass(frozen=True)
class Estimate:
    """A mean over futures with its 95% interval and the range of nine futures in ten."""

    mean: float
    ci_low: float
    ci_high: float
    p05: float
    p95: float

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out nought."""
        return bool(self.ci_low > 0 or self.ci_high < 0)


def mean_of_defined(values: FloatArray, axis: int = -1) -> FloatArray:
    """Mean along an axis of what is not NaN; NaN where nothing is."""
    defined = ~np.isnan(values)
    return _ratio(np.where(defined, values, 0.0).sum(axis=axis), defined.sum(axis=axis))


def variance_of_defined(values: FloatArray, axis: int = -1) -> FloatArray:
    """Sample variance along an axis of what is not NaN; NaN where fewer than two are."""
    defined = ~np.isnan(values)
    mean = np.expand_dims(mean_of_defined(values, axis), axis)
    squares = np.where(defined, values - mean, 0.0) ** 2
    return _ratio(squares.sum(axis=axis), defined.sum(axis=axis) - 1)


def standard_error(values: FloatArray, axis: int = -1) -> FloatArray:
    """Standard error of `mean_of_defined`; NaN where fewer than two are defined."""
    count = (~np.isnan(values)).sum(axis=axis)
    return np.asarray(np.sqrt(variance_of_defined(values, axis) / np.maximum(count, 1)))


def t_quantile(count: ArrayLike) -> FloatArray:
    """Half of a 95% t-interval of the mean of so many values, in standard errors; NaN below two."""
    count = np.asarray(count)
    return np.asarray(stdtrit(np.where(count > 1, count - 1, np.nan), 1 - TAIL))


def quantiles(values: FloatArray, levels: Sequence[float] = POINTS) -> FloatArray:
    """Points of what is defined along the last axis: (levels, …); NaN where nothing is.

    Linear between order statistics.
    """
    if not np.isnan(values).any():
        return np.asarray(np.quantile(values, levels, axis=-1))
    found: FloatArray = np.full((len(levels), *values.shape[:-1]), np.nan)
    for place in np.ndindex(*values.shape[:-1]):
        defined = values[place][~np.isnan(values[place])]
        if defined.size:
            found[:, *place] = np.quantile(defined, levels)
    return found


def weighted_quantiles(
    values: FloatArray, weight: FloatArray, levels: Sequence[float]
) -> tuple[float, ...]:
    """The smallest of the values (futures,) whose cumulative weight reaches each level."""
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weight[order])
    places = np.searchsorted(cumulative, np.array(levels) * cumulative[-1] - 1e-12)
    return tuple(float(values[order[min(place, len(order) - 1)]]) for place in places)


def spread_across_futures(values: FloatArray) -> Spread:
    """Mean and 5–95% range of each row; values (rows, replications), NaN = not defined."""
    count = (~np.isnan(values)).sum(axis=1).astype(np.float64)
    low, middle, high = quantiles(values)
    return Spread(mean_of_defined(values), low, middle, high, count)


def paired(levels: FloatArray, baseline: FloatArray) -> FloatArray:
    """Level less baseline, future by future; rounding of the last digits counts as none."""
    difference = levels - baseline
    difference[np.abs(difference) <= ROUNDING * np.abs(baseline)] = 0.0
    return difference


def paired_differences(levels: FloatArray, baseline: FloatArray) -> PairedDifferences:
    """Compare each row future by future.

    levels, baseline : (rows, replications), the same futures in the same columns. A future in
    which either is not defined (NaN) is left out of its row.
    """
    difference = paired(levels, baseline)
    undefined = np.isnan(difference)
    spread = spread_across_futures(difference)
    count, mean = spread.count, spread.mean
    variance = variance_of_defined(difference)
    independent = sum(
        variance_of_defined(np.where(undefined, np.nan, each)) for each in (levels, baseline)
    )
    half = t_quantile(count) * np.sqrt(variance / np.maximum(count, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = independent / variance
    return PairedDifferences(
        ci_low=mean - half,
        ci_high=mean + half,
        spread=spread,
        higher=_ratio((difference > 0).sum(axis=1), count),
        lower=_ratio((difference < 0).sum(axis=1), count),
        equal=_ratio((difference == 0).sum(axis=1), count),
        variance_ratio=ratio,
    )


def estimates(differences: FloatArray) -> list[Estimate]:
    """Mean, interval and range of each row; differences (rows, futures), changed nowhere."""
    found = paired_differences(differences, np.zeros_like(differences))
    columns = (found.spread.mean, found.ci_low, found.ci_high, found.spread.p05, found.spread.p95)
    return [Estimate(*(float(value) for value in row)) for row in zip(*columns, strict=True)]


def wilson_interval(share: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Binomial 95% interval of a chance from its share of so many futures; any shape.

    Wilson's score interval (Wilson 1927), which holds at shares of 0 and 1 too. NaN gives NaN.
    """
    z = float(ndtri(1 - TAIL))
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2) / (1 + z * z / count)
    return np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)


def exact_interval(happened: NDArray[np.int64], count: NDArray[np.int64]) -> FloatArray:
    """Exact binomial 95% interval of a chance, (2, …); Clopper and Pearson 1934.

    happened  number of futures in which it happened, of `count`
    """
    low = betaincinv(np.maximum(happened, 1), count - happened + 1, TAIL)
    high = betaincinv(happened + 1, np.maximum(count - happened, 1), 1 - TAIL)
    return np.stack([np.where(happened > 0, low, 0.0), np.where(happened < count, high, 1.0)])


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above ÷ below, NaN where below is not positive."""
    result: FloatArray = np.full(np.shape(below), np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result
