"""Two simple rivals of the model: a flat national rate, and the same learnt per authority.

Both give each maintained school the national chance of opening. The first adds Poisson luck; the
second also a lasting factor for each authority, gamma-distributed around 1, learnt from the
openings the authority has had so far.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import nbinom, poisson

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_VARIANCES = (1e-4, 20.0)


def poisson_forecast(expected: FloatArray, highest: int) -> FloatArray:
    """The first rival: (cases, highest + 1)."""
    pmf = poisson.pmf(np.arange(highest + 1), np.maximum(expected, 1e-9)[:, None])
    return _whole(np.asarray(pmf))


def fitted_variance(openings: IntArray, expected: FloatArray) -> float:
    """Variance of the authorities' factors by maximum likelihood, from their openings so far.

    openings, expected  (authorities,): what happened, and what the national rate gave
    """
    known = expected > 0

    def minus_log_likelihood(log_variance: float) -> float:
        size = np.exp(-log_variance)
        chance = size / (size + expected[known])
        return -float(nbinom.logpmf(openings[known], size, chance).sum())

    low, high = (float(np.log(bound)) for bound in _VARIANCES)
    best = minimize_scalar(minus_log_likelihood, bounds=(low, high), method="bounded")
    return float(np.exp(best.x))


def gamma_poisson_forecast(
    openings: IntArray, before: FloatArray, after: FloatArray, variance: float, highest: int
) -> FloatArray:
    """The second rival: (cases, highest + 1).

    openings  so far; before, after  what the national rate gives for the past and the future
    """
    size = 1 / variance + openings
    rate = 1 / variance + before
    chance = rate / (rate + np.maximum(after, 1e-9))
    pmf = nbinom.pmf(np.arange(highest + 1), size[:, None], chance[:, None])
    return _whole(np.asarray(pmf))


def _whole(pmf: FloatArray) -> FloatArray:
    """Chance beyond the last count is put on the last count."""
    pmf[:, -1] += 1.0 - pmf.sum(axis=1)
    return np.maximum(pmf, 0.0)
