"""The model's forecasts: from simulated futures that know what had happened.

Every replication runs from April 2011 through the years that were seen, on its own luck. For each
count to be forecast the replications whose years were most like the authority's own are kept and
weighted by likeness; what happened to them next is the forecast. This carries over all that the
past tells of an authority's temper, its pipeline, its trusts and its schools' grades, which a start
on the day of the forecast would have to invent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import nbinom, poisson

from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authorities import (
    START,
    Job,
    policy_for,
    roster_of,
    seed_of,
    simulate_all,
)
from rsip_sim.experiment.observations import national_hazards
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.parameters import UNCERTAIN
from rsip_sim.model.policy import Climate
from rsip_sim.model.rules.climate import LEAD_MONTHS
from rsip_sim.studies.backtest.cases import (
    BOTH_ROUTES,
    KNOWN_SERIES,
    TARGETS,
    Cases,
    Past,
    counts_of,
)
from rsip_sim.studies.kernel.trials import looks

FIRST_FUTURES = 1024
"""At the first look: with fewer, those that count would be less alike than with many."""

STRATA = 4
"""Paths of the national rate in the withheld mode, equally likely."""

KEPT_SHARE, LEAST_KEPT = 0.1, 100
"""Replications that are near enough to count: their share, and at least so many."""

OTHER_ROUTE, OTHER_PHASE = 0.5, 0.35
"""Weight of the other route, and of other phases, beside the count's own past."""

Counted = NDArray[np.int16]
"""Simulated openings (months, replications, 2 routes, 3 phases), month 0 first."""


@dataclass(frozen=True)
class Forecasts:
    """The model's forecasts from one origin.

    chances    (authorities, dates, targets, counts)
    rotherham  the openings of its futures
    known_to   half of the 95% interval of an expected count, averaged over the authorities, of the
               phase in which it is widest
    """

    chances: FloatArray
    rotherham: Counted
    known_to: float


def sharing(whole: Sequence[Cases], mode: str) -> list[tuple[Cases, ...]]:
    """The origins, put together where the same futures serve them.

    Every replication starts in April 2011, so the origin matters to it only through what national
    rate it lives under: a known series is the same for all, a withheld one ends with each.
    """
    return [tuple(whole)] if mode == KNOWN_SERIES else [(each,) for each in whole]


def climates(mode: str, origin: int, until: int) -> tuple[Climate, ...]:
    """The national rates a mode simulates, equally likely.

    With the series withheld, months from the origin on get the mean of the last twelve before it,
    times a factor that drifts from 1 as the register's uncertain climate does; a few paths stand
    for all.
    """
    if mode == KNOWN_SERIES:
        return (Climate(conversion="observed"),)
    register = load_register()
    spread, memory = (float(register[n].value) for n in ("climate_sd", "climate_months"))  # type: ignore[arg-type]
    last = until + LEAD_MONTHS[-1]
    hazards = national_hazards(START - 1, last, origin - 1)[:, 0]
    months = np.maximum(np.arange(START, last + 1) - (origin - 1), 0)
    drift = spread * np.sqrt(1.0 - np.exp(-2.0 * months / memory))
    found = []
    for z in ndtri((np.arange(STRATA) + 0.5) / STRATA):
        rates = 100.0 * hazards * np.exp(drift * z)[:, None]
        table = tuple((phase, tuple(rates[:, i].tolist())) for i, phase in enumerate(PHASES))
        found.append(Climate(conversion="table", opening_pct_per_month=table))
    return tuple(found)


def model_forecasts(
    together: Sequence[Cases],
    mode: str,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
    precision: float = 0.0,
) -> list[Forecasts]:
    """The forecasts from each of some origins that share their futures: see `sharing`.

    replications  futures of each authority, at most
    precision     half of a 95% interval, in schools, that is narrow enough; 0: none is
    """
    first = together[0]
    paths = climates(mode, first.origin, first.until)
    share = replications // len(paths)
    horizon = first.until - START + 1
    openings: list[list[Counted]] = [[] for _ in range(len(first.names) * len(paths))]
    done = 0
    for few in looks(replications, precision, FIRST_FUTURES):
        jobs = [
            Job(
                name,
                policy_for(name, horizon, UNCERTAIN, path),
                seed_of(seed, name),
                np.arange(done, few // len(paths)) + part * share,
            )
            for name in first.names
            for part, path in enumerate(paths)
        ]
        for kept, outcome in zip(openings, simulate_all(jobs, workers, progress), strict=True):
            kept.append(outcome.openings)
        done = few // len(paths)
        rows = range(0, len(openings), len(paths))
        simulated = (
            np.concatenate(list(chain(*openings[row : row + len(paths)])), axis=1) for row in rows
        )
        found = _forecasts(together, simulated)
        if all(each.known_to <= precision for each in found):
            break
    return found


def _forecasts(together: Sequence[Cases], simulated: Iterable[Counted]) -> list[Forecasts]:
    """From each origin; simulated: the openings of each authority in turn, Rotherham's the last."""
    made: list[list[tuple[FloatArray, FloatArray]]] = [[] for _ in together]
    for row, openings in enumerate(simulated):
        for own, forecasts in zip(together, made, strict=True):
            future = np.stack([future_counts(openings, own.origin, date) for date in own.dates])
            past = past_of(own.names[row], openings, own.origin)
            forecasts.append(forecast(past, own.past.of(row), future, own.highest))
    found = []
    for forecasts in made:
        chances, errors = (np.array(each) for each in zip(*forecasts, strict=True))
        known_to = STANDARD_ERRORS * float(errors.mean(axis=0)[list(BOTH_ROUTES)].max())
        found.append(Forecasts(chances, openings, known_to))
    return found


def past_of(name: str, openings: Counted, origin: int) -> Past:
    """What had happened by an origin in the simulated futures of an authority."""
    roster = roster_of(name)
    here = [((roster.phase == p) & (roster.legal_status == 0)).sum() for p in range(len(PHASES))]
    return simulated_past(openings, np.array(here), origin)


def simulated_past(openings: Counted, maintained: IntArray, origin: int) -> Past:
    """The past of each replication; maintained: (3,) schools before month 0.

    origin  month number, whole years after the start
    """
    known = origin - START
    years = np.stack([openings[m + 1 : m + 13].sum(axis=0) for m in range(0, known, 12)])
    gone = openings[: known + 1].sum(axis=(0, 2))
    return Past(np.moveaxis(years, 0, 1), maintained - gone)


def future_counts(openings: Counted, origin: int, until: int) -> IntArray:
    """Openings after one month number to another: (replications, targets)."""
    months = slice(origin - START + 1, until - START + 1)
    return counts_of(openings[months].sum(axis=0, dtype=np.int64))


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


def forecast(
    past: Past, seen: Past, future: IntArray, highest: int
) -> tuple[FloatArray, FloatArray]:
    """Chances of each count of each target by each date, and how well the last are known.

    past    of the replications; seen  what happened to the origin
    future  (dates, replications, targets) openings from the origin to each date
    Returns chances (dates, targets, highest + 1) and standard errors of the expected counts at the
    last date (targets,). Openings are scaled by the schools really left ÷ those in the replication.
    """
    chances = np.zeros((len(future), len(TARGETS), highest + 1))
    errors = np.empty(len(TARGETS))
    for place, (route, phase) in enumerate(TARGETS):
        weight, ratio = likened(past, seen, route, phase)
        counts = future[:, :, place] * ratio
        chances[:, place] = [_chances(by_date, weight, highest) for by_date in counts]
        errors[place] = np.sqrt(weight**2 @ (counts[-1] - weight @ counts[-1]) ** 2)
    return chances, errors


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
