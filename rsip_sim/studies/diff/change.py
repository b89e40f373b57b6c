"""By how much a mean moves from one set of simulated futures to another, and how surely.

Two sets may hold the same futures (the same seed and numbers), some of the same, or none: the
futures they share are compared with themselves, the others are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    def still(self, other: Sample) -> NDArray[np.bool_]:
        """Metrics in which nothing moves from one to the other, (metrics,).

        Either every future gives the same in both, or all futures of both give one and the same.
        """
        one, two = self.values, other.values
        alike: NDArray[np.bool_] = np.zeros(len(one), dtype=np.bool_)
        if self.seed == other.seed and one.shape == two.shape:
            alike = np.all((one == two) | (np.isnan(one) & np.isnan(two)), axis=1)
        value = one[:, :1]
        constant = np.all(one == value, axis=1) & np.all(two == value, axis=1)
        return np.asarray(alike | constant)


@dataclass(frozen=True)
class Change:
    """How far means move, (metrics,) each: the change and its 95% interval."""

    change: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray


def change(moves: Sequence[tuple[Sample, Sample]]) -> Change:
    """The sum of some moves, each from the mean of one sample to the mean of another.

    The interval is a t-interval. Where both samples hold the same futures it is that of the paired
    differences; where they share none, that of two independent means (Welch 1938); in between the
    shared futures bring the covariance that they have.
    """
    metrics = len(moves[0][0].values)
    total: FloatArray = np.zeros(metrics)
    influence: dict[int, FloatArray] = {}  # of each future on the sum, by seed
    fewest: FloatArray = np.full(metrics, np.inf)
    for before, after in moves:
        total += after.means - before.means
        for sign, sample in ((-1.0, before), (1.0, after)):
            count = (~np.isnan(sample.values)).sum(axis=1).astype(np.float64)
            fewest = np.minimum(fewest, count)
            own = sign * _influence(sample, count)
            influence[sample.seed] = _added(influence.get(sample.seed), own)
    variance = np.sum([np.sum(part**2, axis=1) for part in influence.values()], axis=0)
    half = t_quantile(fewest) * np.sqrt(variance)
    return Change(total, total - half, total + half)


def _influence(sample: Sample, count: FloatArray) -> FloatArray:
    """By how much each future moves the mean: deviation ÷ count, with Bessel's correction."""
    deviation = np.nan_to_num(sample.values - sample.means[:, None], nan=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(count / (count - 1)) / count
    result: FloatArray = deviation * np.where(count > 1, scale, 0.0)[:, None]
    return result


def _added(one: FloatArray | None, other: FloatArray) -> FloatArray:
    """The sum of two arrays (metrics, futures) of which one may hold more futures."""
    if one is None:
        return other
    short, long = sorted((one, other), key=lambda array: array.shape[1])
    result = long.copy()
    result[:, : short.shape[1]] += short
    return result
