"""Sobol indices: how much of a spread each input makes alone, and how much it has a part in.

Two tables of inputs A and B, row by row, and for each factor i a third, A with the columns of i
taken from B. Estimators: first order after Saltelli and others (2010, "Variance based sensitivity
analysis of model output", Computer Physics Communications 181), total after Jansen (1999). For
the factor that is set apart from all others (luck), both come from correlations (Janon and others,
2014, "Asymptotic normality and efficiency of two Sobol index estimators", ESAIM 18): A and the
third table share all but that factor, B and the third table share nothing else. Differences
between scenarios have heavy tails, which squares would magnify and correlations do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.measures.runs import FloatArray

RESAMPLES = 500
_TAIL = 0.025


@dataclass(frozen=True)
class Indices:
    """Shares of the variance of some outcomes, with 95% bootstrap intervals.

    Shares are arrays (outcomes, factors, 3) or (outcomes, 3) in the order estimate, low, high;
    NaN where an outcome does not vary.

    variance      (outcomes,)
    first, total  of each factor: what it makes alone, and what it has any part in
    apart         what the factor set apart makes alone;  others: what all others together make
                  without it;  both: what takes both. The three estimates add up to 1
    """

    variance: FloatArray
    first: FloatArray
    total: FloatArray
    apart: FloatArray
    others: FloatArray
    both: FloatArray


def sobol_indices(
    of_a: FloatArray, of_b: FloatArray, of_mixed: FloatArray, apart: int, seed: int
) -> Indices:
    """Indices of every factor for every outcome.

    of_a, of_b  outcomes of the two tables, (outcomes, rows)
    of_mixed    outcomes of A with one factor's columns from B, (outcomes, factors, rows)
    apart       place of the factor to be set against all others together
    seed        of the resampling of rows that gives the intervals

    Rows in which any outcome is NaN are left out. Where the rows are a quasi-random design, the
    intervals, which take them for independent, are a little too wide.
    """
    defined = ~(np.isnan(of_a) | np.isnan(of_b) | np.isnan(of_mixed).any(axis=1))
    found = [
        _one_outcome(a[rows], b[rows], mixed[:, rows], apart, seed)
        for a, b, mixed, rows in zip(of_a, of_b, of_mixed, defined, strict=True)
    ]
    return Indices(*(np.array(each) for each in zip(*found, strict=True)))


def _one_outcome(
    a: FloatArray, b: FloatArray, mixed: FloatArray, apart: int, seed: int
) -> tuple[FloatArray, ...]:
    """The fields of Indices; `mixed` (factors, rows)."""
    if a.size == 0 or not np.ptp([a, b]) > 0:
        none = np.full((len(mixed), 3), np.nan)
        return np.zeros(()), none, none, none[0], none[0], none[0]
    centre = np.concatenate([a, b]).mean()
    a, b, mixed = a - centre, b - centre, mixed - centre
    weights = _resampled(a.size, seed)
    variance = weights @ ((a**2 + b**2) / 2) - (weights @ ((a + b) / 2)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        first = (weights @ (b * (mixed - a)).T) / variance[:, None]
        total = (weights @ ((mixed - a) ** 2 / 2).T) / variance[:, None]
    alone = _correlation(b, mixed[apart], weights)
    without = _correlation(a, mixed[apart], weights)
    first[:, apart], total[:, apart] = alone, 1 - without
    return (
        variance[0],
        _with_interval(first),
        _with_interval(total),
        _with_interval(alone),
        _with_interval(without),
        _with_interval(1 - alone - without),
    )


def _correlation(one: FloatArray, other: FloatArray, weights: FloatArray) -> FloatArray:
    """Correlation of two columns whose means and variances are the same, at each weighting.

    Both columns together give the mean and the variance, which makes it more precise.
    """
    mean = weights @ ((one + other) / 2)
    variance = weights @ ((one**2 + other**2) / 2) - mean**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((weights @ (one * other) - mean**2) / variance)


def _resampled(rows: int, seed: int) -> FloatArray:
    """Weights of the rows, (1 + RESAMPLES, rows): first all alike, then as drawn anew."""
    whole: FloatArray = np.full((1, rows), 1 / rows)
    # a bootstrap, always the same for the same seed
    draws = np.random.default_rng(seed).multinomial(rows, whole[0], size=RESAMPLES)
    return np.concatenate([whole, draws / rows])


def _with_interval(values: FloatArray) -> FloatArray:
    """Estimate and percentile interval, (…, 3), of values whose first row is the estimate."""
    known = np.where(np.isfinite(values[1:]), values[1:], values[:1])
    low, high = np.quantile(known, (_TAIL, 1 - _TAIL), axis=0)
    return np.stack([values[0], low, high], axis=-1)
