"""By how much a mean moves from one set of simulated futures to another, and how surely.

Two sets may hold the same futures (the same seed and numbers), some of the same, or none: the
futures they share are compared with themselves, the others are independent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import mean_of_defined, t_quantile


@dataclass(frozen=True)
class Sample:
    """A paired difference in the first futures of a seed.

    seed    of the draws; futures of the same seed and place are the same
    values  (metrics, futures), NaN where not defined
    """

    seed: int
    values: FloatArray

    @property
    def means(self) -> FloatArray:
        """Mean of what is defined, (metrics,); NaN where nothing is."""
        return mean_of_defined(self.values)


@dataclass(frozen=True)
class Change:
    """How far a mean moves, with its 95% interval; NaN where not defined.

    still  nothing moves: every future gives the same in both, or all futures of both the same one
    """

    change: float
    ci_low: float
    ci_high: float
    still: bool


def change(before: Sample, after: Sample) -> list[Change]:
    """From the mean of one sample to the mean of another, metric by metric, with a t-interval.

    Where both hold the same futures it is that of the paired differences; where they share none,
    that of two independent means (Welch 1938); in between the shared futures bring the covariance
    that they have.
    """
    counts = [(~np.isnan(each.values)).sum(axis=1).astype(np.float64) for each in (before, after)]
    one, other = (
        _influence(each, count) for each, count in zip((before, after), counts, strict=True)
    )
    parts = [_less(other, one)] if before.seed == after.seed else [one, other]
    variance = np.sum([np.sum(part**2, axis=1) for part in parts], axis=0)
    half = t_quantile(np.minimum(*counts)) * np.sqrt(variance)
    moved = after.means - before.means
    numbers = zip(moved, moved - half, moved + half, _still(before, after), strict=True)
    return [Change(float(c), float(low), float(high), bool(s)) for c, low, high, s in numbers]


def _still(before: Sample, after: Sample) -> NDArray[np.bool_]:
    one, two = before.values, after.values
    constant = np.all(one == one[:, :1], axis=1) & np.all(two == one[:, :1], axis=1)
    if before.seed != after.seed or one.shape != two.shape:
        return np.asarray(constant)
    alike = np.all((one == two) | (np.isnan(one) & np.isnan(two)), axis=1)
    return np.asarray(alike | constant)


def _influence(sample: Sample, count: FloatArray) -> FloatArray:
    """By how much each future moves the mean: deviation ÷ count, with Bessel's correction."""
    deviation = np.nan_to_num(sample.values - sample.means[:, None], nan=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(count / (count - 1)) / count
    result: FloatArray = deviation * np.where(count > 1, scale, 0.0)[:, None]
    return result


def _less(one: FloatArray, other: FloatArray) -> FloatArray:
    """One array (metrics, futures) less another, either of which may hold more futures."""
    result = np.zeros((len(one), max(one.shape[1], other.shape[1])))
    result[:, : one.shape[1]] += one
    result[:, : other.shape[1]] -= other
    return result
