"""The forecasts of two rivals, which give each maintained school the national chance of opening.

The first adds Poisson luck; the second also a lasting factor for each authority, gamma-distributed
around 1, learnt from the openings the authority has had so far.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import nbinom, poisson

from rsip_sim.evidence.national import PHASES
from rsip_sim.experiment.authorities import START
from rsip_sim.experiment.observations import expected_openings, known_stocks, national_hazards
from rsip_sim.measures.statistics import standard_error
from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.studies.backtest.cases import KNOWN_SERIES, ROUTES, TARGETS, Cases


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


_VARIANCES = (1e-4, 20.0)  # of the factors of authorities


def rival_forecasts(cases: Cases, mode: str) -> tuple[FloatArray, FloatArray]:
    """Both rivals' forecasts: (authorities, dates, targets, counts) each.

    They know the national rates that the mode lets the model know. The second learns from all
    authorities how much authorities differ, and from each its own years so far.
    """
    highest = cases.highest
    shape = (len(cases.names), len(cases.dates), len(TARGETS), highest + 1)
    flat, learnt = np.zeros(shape), np.zeros(shape)
    behind = national_hazards(START, cases.origin)
    variance = _variances(cases.origin, behind)
    before = _expected_before(cases.maintained, behind)
    openings = cases.past.years.sum(axis=1)
    known = None if mode == KNOWN_SERIES else cases.origin - 1
    for date, month in enumerate(cases.dates):
        ahead = national_hazards(cases.origin, month, known)
        after = expected_openings(cases.past.remaining, ahead)
        for place, (route, phase) in enumerate(TARGETS):
            p = PHASES.index(phase)
            routes = [0, 1] if route == "all" else [ROUTES.index(route)]
            own = [
                gamma_poisson_forecast(
                    openings[:, r, p], before[:, r, p], after[:, r, p], variance[r, p], highest
                )
                for r in routes
            ]
            flat[:, date, place] = poisson_forecast(after[:, routes, p].sum(axis=1), highest)
            learnt[:, date, place] = functools.reduce(convolved, own)[:, : highest + 1]
    return flat, learnt


def _expected_before(maintained: IntArray, hazards: FloatArray) -> FloatArray:
    """What monthly national rates gave in the years seen: (authorities, 2 routes, 3 phases).

    maintained  (authorities, years, 3 phases);  hazards  (months, 2 routes, 3 phases)
    """
    years = np.split(hazards, maintained.shape[1])
    each = [expected_openings(maintained[:, year], rates) for year, rates in enumerate(years)]
    return np.asarray(np.sum(each, axis=0))


def _variances(origin: int, behind: FloatArray) -> FloatArray:
    """How much authorities differ, by route and phase, from all of them to the origin."""
    everyone = known_stocks()
    openings = everyone.openings(START, origin)
    maintained = np.stack([everyone.at(start)[0] for start in range(START, origin, 12)], axis=1)
    expected = _expected_before(maintained, behind)
    found = np.zeros((len(ROUTES), len(PHASES)))
    for r, p in np.ndindex(found.shape):
        found[r, p] = fitted_variance(openings[:, r, p], expected[:, r, p])
    return found


def fitted_variance(openings: IntArray, expected: FloatArray) -> float:
    """Variance of the authorities' factors by maximum likelihood, from their openings so far.

    openings, expected  (authorities,): what happened, and what the national rate gave
    """
    known = expected > 0
    happened, mean = openings[known], expected[known]
    fewer = np.arange(happened.max())
    reached = (happened[:, None] > fewer).sum(axis=0)  # authorities with more openings than that

    def slope(variance: float) -> float:
        """Of the log likelihood, in closed form: its highest point is known to half the digits."""
        spread = 1.0 + variance * mean
        own = np.log(spread) / variance**2 - (happened + 1.0 / variance) * mean / spread
        return float((reached * fewer / (1.0 + fewer * variance)).sum() + own.sum())

    low, high = _VARIANCES
    if slope(low) <= 0:
        return low
    return high if slope(high) >= 0 else float(brentq(slope, low, high, xtol=1e-15))


def poisson_forecast(expected: FloatArray, highest: int) -> FloatArray:
    """The first rival: (cases, highest + 1)."""
    pmf = poisson.pmf(np.arange(highest + 1), np.maximum(expected, 1e-9)[:, None])
    return _whole(np.asarray(pmf))


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
