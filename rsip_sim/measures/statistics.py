"""Paired statistics: two scenarios on the same futures, compared future by future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from rsip_sim.measures.runs import FloatArray

LOW, HIGH = 0.05, 0.95
"""The range across futures that is shown: nine futures in ten."""

CONFIDENCE = 0.95

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


def _quantiles(values: FloatArray) -> FloatArray:
    """5, 50 and 95% points of each row, linear between order statistics; NaN left out."""
    result: FloatArray = np.full((3, len(values)), np.nan)
    if not np.isnan(values).any():
        result[:] = np.quantile(values, (LOW, 0.5, HIGH), axis=1)
        return result
    for row, numbers in enumerate(values):
        defined = numbers[~np.isnan(numbers)]
        if defined.size:
            result[:, row] = np.quantile(defined, (LOW, 0.5, HIGH))
    return result


def _ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """above ÷ below, NaN where below is not positive."""
    result: FloatArray = np.full(below.shape, np.nan)
    np.divide(above, below, out=result, where=below > 0)
    return result


def _mean(values: FloatArray, defined: NDArray[np.bool_], count: FloatArray) -> FloatArray:
    return _ratio(np.where(defined, values, 0.0).sum(axis=1), count)


def _variance(values: FloatArray, defined: NDArray[np.bool_], count: FloatArray) -> FloatArray:
    mean = _mean(values, defined, count)
    squares = np.where(defined, values - mean[:, None], 0.0) ** 2
    return _ratio(squares.sum(axis=1), count - 1)


def spread_across_futures(values: FloatArray) -> Spread:
    """Mean and 5–95% range of each row; values (rows, replications), NaN = not defined."""
    defined = ~np.isnan(values)
    count = defined.sum(axis=1).astype(np.float64)
    low, middle, high = _quantiles(values)
    return Spread(_mean(values, defined, count), low, middle, high, count)


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
    defined = ~np.isnan(difference)
    spread = spread_across_futures(difference)
    count, mean = spread.count, spread.mean
    variance = _variance(difference, defined, count)
    independent = _variance(levels, defined, count) + _variance(baseline, defined, count)
    half = _t_quantile(count) * np.sqrt(variance / np.maximum(count, 1))
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


def wilson_interval(share: FloatArray, count: int) -> tuple[FloatArray, FloatArray]:
    """Binomial 95% interval of a chance from its share of so many futures; any shape.

    Wilson's score interval (Wilson 1927), which holds at shares of 0 and 1 too. NaN gives NaN.
    """
    z = float(ndtri(1 - (1 - CONFIDENCE) / 2))
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2) / (1 + z * z / count)
    return np.clip(middle - half, 0.0, share), np.clip(middle + half, share, 1.0)


def _t_quantile(count: FloatArray) -> FloatArray:
    degrees = np.where(count > 1, count - 1, np.nan)
    return np.asarray(stdtrit(degrees, 1 - (1 - CONFIDENCE) / 2))
