"""Scores of forecasts of counts: how near, how sharp and how honest they were.

A forecast is a probability mass function: row i, column n is the chance that case i comes to n.
Sources: Gneiting and Raftery 2007, Journal of the American Statistical Association 102 (scores);
Czado, Gneiting and Held 2009, Biometrics 65 (probability integral transform of counts).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.measures.statistics import standard_error
from rsip_sim.model.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Scores:
    """Scores of some cases, one entry a case; lower is better in the first two.

    crps        continuous ranked probability score, in the unit of the counts
    log_score   minus the logarithm of the chance given to what happened
    pit_low     chance given to fewer than happened, and pit_high to as many or fewer
    """

    crps: FloatArray
    log_score: FloatArray
    pit_low: FloatArray
    pit_high: FloatArray

    def coverage(self, level: float) -> float:
        """How often the truth fell into the central interval; a perfect forecast gives `level`.

        A count has no exact interval of a given chance; the part of a case's probability
        integral that lies inside the interval counts, so that honest forecasts score exactly.
        """
        low, high = (1 - level) / 2, (1 + level) / 2
        overlap = np.minimum(self.pit_high, high) - np.maximum(self.pit_low, low)
        width = np.maximum(self.pit_high - self.pit_low, 1e-12)
        return float((np.clip(overlap, 0.0, None) / width).mean())


def score(pmf: FloatArray, observed: IntArray) -> Scores:
    """Score forecasts (cases, counts) against what happened (cases,), of counts in the table."""
    cases = np.arange(len(observed))
    cumulative = np.cumsum(pmf, axis=1)
    happened = observed[:, None] <= np.arange(pmf.shape[1])
    crps = ((cumulative - happened) ** 2).sum(axis=1)
    chance = pmf[cases, observed]
    below = np.where(observed > 0, cumulative[cases, observed - 1], 0.0)
    with np.errstate(divide="ignore"):
        log_score = -np.log(chance)
    return Scores(crps, log_score, below, np.minimum(below + chance, 1.0))


def mean(pmf: FloatArray) -> FloatArray:
    """Expected count of each case, from chances (…, counts)."""
    return np.asarray(pmf @ np.arange(pmf.shape[-1]))


def convolved(one: FloatArray, other: FloatArray) -> FloatArray:
    """The sum of two independent counts, case by case; as many columns as the first and second."""
    size = one.shape[1] + other.shape[1] - 1
    total = np.zeros((len(one), size))
    for count in range(one.shape[1]):
        total[:, count : count + other.shape[1]] += one[:, count : count + 1] * other
    return total


def mean_difference(ours: FloatArray, theirs: FloatArray) -> tuple[float, float]:
    """Mean of (theirs − ours) over cases and its standard error: above 0, ours is better.

    Infinite scores are compared as they stand: the mean is then infinite too.
    """
    difference = theirs - ours
    if len(difference) < 2 or not np.isfinite(difference).all():
        return float(difference.mean()), float("nan")
    return float(difference.mean()), float(standard_error(difference))
