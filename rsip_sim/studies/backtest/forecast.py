"""The forecasts: from simulated futures that know what had happened, and those of two rivals.

Every replication runs from April 2011 through the years that were seen, on its own luck. For each
count to be forecast the replications whose years were most like the authority's own are kept and
weighted by likeness; what happened to them next is the forecast. This carries over all that the
past tells of an authority's temper, its pipeline, its trusts and its schools' grades, which a start
on the day of the forecast would have to invent.

The rivals give each maintained school the national chance of opening. The first adds Poisson luck;
the second also a lasting factor for each authority, gamma-distributed around 1, learnt from the
openings the authority has had so far.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import nbinom, poisson

from rsip_sim.evidence.national import PHASES
from rsip_sim.model.arrays import FloatArray, IntArray

KEPT_SHARE = 0.1
"""Share of the replications that are near enough to count."""

LEAST_KEPT = 100
_VARIANCES = (1e-4, 20.0)  # of the factors of authorities
OTHER_ROUTE, OTHER_PHASE = 0.5, 0.35
"""Weight of the other route, and of other phases, beside the count's own past."""

ROUTES = ("converter", "sponsored")
TARGETS = tuple((route, phase) for phase in PHASES for route in ("all", *ROUTES))
"""Route and phase of each forecast count, in the order of every array below."""


@dataclass(frozen=True)
class Past:
    """Openings in the years seen before an origin, and schools then still maintained.

    years      (…, years, 2 routes, 3 phases): openings May 2011 to April 2012, and so on
    remaining  (…, 3 phases)
    Leading axes: replications for a simulated past, none for what was seen.
    """

    years: NDArray[np.number]
    remaining: NDArray[np.number]


def simulated_past(openings: NDArray[np.int16], maintained: IntArray, known: int) -> Past:
    """The past of each replication.

    openings    (months, replications, 2, 3), month 0 first
    maintained  (3,) schools maintained before month 0; known  model month of the origin, a whole
                number of years
    """
    years = np.stack([openings[m + 1 : m + 13].sum(axis=0) for m in range(0, known, 12)])
    gone = openings[: known + 1].sum(axis=(0, 2))
    return Past(np.moveaxis(years, 0, 1), maintained - gone)


def future_counts(openings: NDArray[np.int16], known: int, until: int) -> IntArray:
    """Openings after one model month to another: (replications, targets)."""
    return counts_of(openings[known + 1 : until + 1].sum(axis=0, dtype=np.int64))


def counts_of(openings: NDArray[np.integer]) -> IntArray:
    """Counts of every target from openings (…, 2 routes, 3 phases): (…, targets)."""
    return np.stack([_target(openings, *target) for target in TARGETS], axis=-1)


def _target(counts: NDArray[np.integer], route: str, phase: str) -> IntArray:
    of_phase = counts[..., PHASES.index(phase)]
    return np.asarray(
        of_phase.sum(axis=-1) if route == "all" else of_phase[..., ROUTES.index(route)]
    )


def features(past: Past, route: str, phase: str) -> FloatArray:
    """What a past is judged by for one target: square roots of counts, weighted.

    Square roots make a difference between 0 and 1 count as much as one between 6 and 9, as the
    luck of counts does. Shape (…, features).
    """
    own = PHASES.index(phase)
    roots = np.sqrt(np.asarray(past.years, dtype=np.float64))
    both = np.sqrt(np.asarray(past.years, dtype=np.float64).sum(axis=-3))
    converter, sponsored = (0, 1) if route != "sponsored" else (1, 0)
    columns = [roots[..., year, converter, own] for year in range(roots.shape[-3])]
    columns.append(OTHER_ROUTE * both[..., sponsored, own])
    columns += [OTHER_PHASE * both[..., 0, p] for p in range(3) if p != own]
    return np.stack(columns, axis=-1)


def likeness(simulated: FloatArray, seen: FloatArray) -> FloatArray:
    """Weight of each replication, adding up to 1: Epanechnikov in the distance of features.

    simulated  (replications, features); seen  (features,)
    """
    distance = np.sqrt(((simulated - seen) ** 2).sum(axis=1))
    kept = min(len(distance), max(LEAST_KEPT, int(KEPT_SHARE * len(distance))))
    width = max(float(np.partition(distance, kept - 1)[kept - 1]), 0.5) * 1.0001
    weight = np.maximum(1.0 - (distance / width) ** 2, 0.0)
    return np.asarray(weight / weight.sum())


def likened(past: Past, seen: Past, route: str, phase: str) -> tuple[FloatArray, FloatArray]:
    """Of each replication its weight for a target, and the schools really left ÷ those left in it.

    past  of the replications; seen  what happened to the origin
    """
    weight = likeness(features(past, route, phase), features(seen, route, phase))
    index = PHASES.index(phase)
    ratio = seen.remaining[index] / np.maximum(past.remaining[:, index], 1)
    return weight, np.asarray(ratio)


def forecast(past: Past, seen: Past, future: IntArray, highest: int) -> FloatArray:
    """Chances of each count of each target by each date: (dates, targets, highest + 1).

    past    of the replications; seen  what happened to the origin
    future  (dates, replications, targets) openings from the origin to each date
    Openings are scaled by the schools really left ÷ those left in the replication.
    """
    chances = np.zeros((len(future), len(TARGETS), highest + 1))
    for place, (route, phase) in enumerate(TARGETS):
        weight, ratio = likened(past, seen, route, phase)
        for date, counts in enumerate(future[:, :, place] * ratio):
            chances[date, place] = _chances(counts, weight, highest)
    return chances


def mean_errors(past: Past, seen: Past, future: IntArray) -> FloatArray:
    """Standard error of the expected count of each target at the last date, (targets,).

    Arguments as those of `forecast`
    """
    errors = np.empty(len(TARGETS))
    for place, (route, phase) in enumerate(TARGETS):
        weight, ratio = likened(past, seen, route, phase)
        counts = future[-1, :, place] * ratio
        errors[place] = np.sqrt(weight**2 @ (counts - weight @ counts) ** 2)
    return errors


def _chances(counts: FloatArray, weight: FloatArray, highest: int) -> FloatArray:
    """Weighted chances of whole counts; a count between two is shared between them.

    A little of a negative binomial with the same mean and variance is mixed in, the less the more
    replications there are: no finite sample may call a count impossible.
    """
    counts = np.minimum(counts, highest)
    low = np.floor(counts).astype(np.int64)
    part = counts - low
    pmf = np.bincount(low, weight * (1 - part), highest + 1)
    pmf += np.bincount(np.minimum(low + 1, highest), weight * part, highest + 1)
    smooth = np.sqrt((weight**2).sum())  # 1 ÷ √ the replications that the weights are worth
    return np.asarray((1 - smooth) * pmf + smooth * _smooth(counts, weight, highest))


def _smooth(counts: FloatArray, weight: FloatArray, highest: int) -> FloatArray:
    mean = max(float(weight @ counts), 0.01)
    variance = float(weight @ (counts - mean) ** 2)
    numbers = np.arange(highest + 1)
    if variance <= mean * 1.01:
        pmf = poisson.pmf(numbers, mean)
    else:
        pmf = nbinom.pmf(numbers, mean**2 / (variance - mean), mean / variance)
    return np.asarray(pmf / pmf.sum())


def poisson_forecast(expected: FloatArray, highest: int) -> FloatArray:
    """The first rival: (cases, highest + 1)."""
    pmf = poisson.pmf(np.arange(highest + 1), np.maximum(expected, 1e-9)[:, None])
    return _whole(np.asarray(pmf))


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
