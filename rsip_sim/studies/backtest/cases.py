"""What the back-test forecasts, what it may know, and the forecasts of model and rivals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import PHASES
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authority_runs import (
    KNOWN,
    ROTHERHAM,
    START,
    Job,
    policy_for,
    roster_of,
    seed_of,
    simulate_all,
)
from rsip_sim.experiment.observations import (
    Stocks,
    expected_openings,
    known_stocks,
    later_stocks,
    national_hazards,
    rotherham_counts,
    rotherham_maintained,
)
from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.parameters import UNCERTAIN
from rsip_sim.model.policy import Climate
from rsip_sim.model.rules.climate import LEAD_MONTHS
from rsip_sim.studies.backtest.forecast import (
    ROUTES,
    TARGETS,
    Past,
    counts_of,
    fitted_variance,
    forecast,
    future_counts,
    gamma_poisson_forecast,
    mean_errors,
    poisson_forecast,
    simulated_past,
)
from rsip_sim.studies.backtest.scoring import convolved
from rsip_sim.studies.kernel.precision import looks

MODEL, FLAT, LEARNT = "model", "flat rate", "flat rate, learnt"
FORECASTERS = (MODEL, FLAT, LEARNT)
KNOWN_SERIES, WITHHELD = "national series known", "national series withheld"

ORIGINS = (KNOWN, parse_month("2012-04"))
"""Days on which forecasts are made, as month numbers; the openings of their first day are known.

Whole years from April 2011. Parameter ranges are those calibrated with what was known at the first
of them, so a forecast from the second is not wholly free of what it forecasts.
"""

FIRST_FUTURES = 1024
"""At the first look: with fewer, those that count would be less alike than with many."""

STRATA = 4
"""Paths of the national rate in the withheld mode, equally likely."""

_SPARE = 40


@dataclass(frozen=True)
class Cases:
    """The counts to forecast from one origin, one row an authority; Rotherham is the last row.

    origin      month number of the day of the forecast
    dates       month numbers, ascending: openings after the origin to each are forecast
    past        what had happened by the origin: (authorities, …)
    maintained  (authorities, years, 3 phases) schools maintained at the start of each year seen
    after       (authorities, dates, targets) what happened then
    scored      how many authorities, from the first, count towards scores
    """

    names: tuple[str, ...]
    origin: int
    dates: tuple[int, ...]
    past: Past
    maintained: IntArray
    after: IntArray
    scored: int

    @property
    def until(self) -> int:
        """Month number of the last openings forecast."""
        return self.dates[-1]

    @property
    def highest(self) -> int:
        """The largest count a forecast gives a chance to."""
        remaining = np.asarray(self.past.remaining).sum(axis=1).max()
        return int(max(self.after.max() + _SPARE, min(remaining, 200)))

    def of(self, rows: Sequence[int]) -> Cases:
        """The same for some rows, Rotherham's the last of them."""
        past = Past(self.past.years[rows], self.past.remaining[rows])
        return replace(
            self,
            names=tuple(self.names[row] for row in rows),
            past=past,
            maintained=self.maintained[rows],
            after=self.after[rows],
            scored=sum(row < self.scored for row in rows),
        )


def cases(observed: Path | None = None) -> tuple[Cases, ...]:
    """All authorities with later stocks, from the shipped table or a file, and Rotherham.

    One entry an origin, the authorities alike. Rotherham's own counts come from its roster and its
    list of openings; a file that holds Rotherham gives what came later.
    Raises ObservationError for a faulty file.
    """
    later, known = later_stocks(observed), known_stocks()
    given = ROTHERHAM in later.authorities
    names = (*(name for name in later.authorities if name != ROTHERHAM), ROTHERHAM)
    return tuple(_cases_from(origin, names, known.of(names), later, given) for origin in ORIGINS)


def _cases_from(
    origin: int, names: tuple[str, ...], known: Stocks, later: Stocks, given: bool
) -> Cases:
    starts = range(START, origin, 12)
    years = np.stack([known.openings(start, start + 12) for start in starts], axis=1)
    maintained = np.stack([known.at(start)[0] for start in starts], axis=1)
    remaining = known.at(origin)[0].copy()
    years[-1] = [rotherham_counts(start, start + 12) for start in starts]
    maintained[-1] = [rotherham_maintained(start) for start in starts]
    remaining[-1] = rotherham_maintained(origin)
    with_later = names if given else names[:-1]
    before = known.of(with_later).at(origin)[1]
    dates = (*(month for month in known.months if month > origin), *later.months)
    after = []
    for date in dates:
        stock = (known if date in known.months else later).of(with_later).at(date)[1]
        gained = np.maximum(stock - before, 0)
        if not given:
            gained = np.concatenate([gained, rotherham_counts(origin, date)[None]])
        after.append(counts_of(gained))
    seen = Past(years, remaining)
    return Cases(names, origin, dates, seen, maintained, np.stack(after, axis=1), len(with_later))


def some_cases(whole: Sequence[Cases], every: int) -> tuple[Cases, ...]:
    """Every so many-th authority of the cases, and Rotherham: for quick looks."""
    last = len(whole[0].names) - 1
    return tuple(each.of([*range(0, last, every), last]) for each in whole)


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


@dataclass(frozen=True)
class Futures:
    """Simulated futures of one authority, for the parts of the report that need more than counts.

    openings  (months, replications, 2 routes, 3 phases)
    past      of the replications
    """

    openings: NDArray[np.int16]
    past: Past


@dataclass(frozen=True)
class Forecasts:
    """The model's forecasts from one origin.

    chances    (authorities, dates, targets, counts)
    rotherham  its futures
    known_to   half of the 95% interval of an expected count, averaged over the authorities, of the
               phase in which it is widest
    """

    chances: FloatArray
    rotherham: Futures
    known_to: float


def model_forecasts(
    together: Sequence[Cases],
    mode: str,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
    overrides: tuple[tuple[str, float], ...] = (),
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
    openings: list[list[NDArray[np.int16]]] = [[] for _ in range(len(first.names) * len(paths))]
    done = 0
    for few in looks(replications, precision, FIRST_FUTURES):
        jobs = [
            Job(
                name,
                policy_for(name, horizon, UNCERTAIN, path, overrides),
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


def _forecasts(
    together: Sequence[Cases], simulated: Iterable[NDArray[np.int16]]
) -> list[Forecasts]:
    """From each origin; simulated: the openings of each authority in turn, Rotherham's the last."""
    given: list[list[FloatArray]] = [[] for _ in together]
    errors: list[list[FloatArray]] = [[] for _ in together]
    for row, (name, openings) in enumerate(zip(together[0].names, simulated, strict=True)):
        futures = [_futures(name, openings, own.origin) for own in together]
        for own, each, rows, unsure in zip(together, futures, given, errors, strict=True):
            asked = _asked(own, row, each)
            rows.append(forecast(*asked, own.highest))
            unsure.append(mean_errors(*asked))
    of_phases = [place for place, (route, _) in enumerate(TARGETS) if route == "all"]
    return [
        Forecasts(
            np.array(rows),
            each,
            STANDARD_ERRORS * float(np.mean(unsure, axis=0)[of_phases].max()),
        )
        for each, rows, unsure in zip(futures, given, errors, strict=True)
    ]


def _asked(own: Cases, row: int, simulated: Futures) -> tuple[Past, Past, IntArray]:
    """Of an authority: the past of its futures, what was seen, and openings to each date."""
    future = np.stack(
        [future_counts(simulated.openings, own.origin - START, d - START) for d in own.dates]
    )
    return simulated.past, Past(own.past.years[row], own.past.remaining[row]), future


def _futures(name: str, openings: NDArray[np.int16], origin: int) -> Futures:
    roster = roster_of(name)
    here = [((roster.phase == p) & (roster.legal_status == 0)).sum() for p in range(3)]
    return Futures(openings, simulated_past(openings, np.array(here), origin - START))


def rival_forecasts(cases: Cases, mode: str) -> tuple[FloatArray, FloatArray]:
    """Both rivals' forecasts: (authorities, dates, targets, counts) each.

    They know the national rates that the mode lets the model know. The second learns from all
    authorities how much authorities differ, and from each its own years so far.
    """
    shape = (len(cases.names), len(cases.dates), len(TARGETS), cases.highest + 1)
    flat, learnt = np.zeros(shape), np.zeros(shape)
    behind = national_hazards(START, cases.origin)
    variance = _variances(cases.origin, behind)
    for date, month in enumerate(cases.dates):
        known = None if mode == KNOWN_SERIES else cases.origin - 1
        ahead = national_hazards(cases.origin, month, known)
        for place, target in enumerate(TARGETS):
            both = _rivals_of(cases, target, behind, ahead, variance)
            flat[:, date, place], learnt[:, date, place] = both
    return flat, learnt


def _rivals_of(
    cases: Cases,
    target: tuple[str, str],
    behind: FloatArray,
    ahead: FloatArray,
    variance: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Both rivals' chances of one target by one date: (authorities, counts) each."""
    route, phase = target
    p, size = PHASES.index(phase), cases.highest + 1
    total = np.zeros(len(cases.names))
    learnt = np.eye(1, size).repeat(len(cases.names), axis=0)  # of no route yet: surely none
    for r in (0, 1) if route == "all" else (ROUTES.index(route),):
        after = expected_openings(cases.past.remaining[:, p], ahead[:, r, p])
        before = _expected_before(cases.maintained[:, :, p], behind[:, r, p])
        own = cases.past.years[:, :, r, p].sum(axis=1)
        part = gamma_poisson_forecast(own, before, after, variance[r, p], size - 1)
        learnt = convolved(learnt, part)[:, :size]
        total += after
    return poisson_forecast(total, size - 1), learnt


def _expected_before(maintained: IntArray, hazards: FloatArray) -> FloatArray:
    """What monthly national rates gave in the years seen; maintained (authorities, years)."""
    years = hazards.reshape(-1, 12)
    each = [expected_openings(maintained[:, year], rates) for year, rates in enumerate(years)]
    return np.asarray(np.sum(each, axis=0))


def _variances(origin: int, behind: FloatArray) -> FloatArray:
    """How much authorities differ, by route and phase, from all of them to the origin."""
    everyone = known_stocks()
    openings = everyone.openings(START, origin)
    maintained = np.stack([everyone.at(start)[0] for start in range(START, origin, 12)], axis=1)
    found = np.zeros((2, len(PHASES)))
    for r in range(2):
        for p in range(len(PHASES)):
            expected = _expected_before(maintained[:, :, p], behind[:, r, p])
            found[r, p] = fitted_variance(openings[:, r, p], expected)
    return found
