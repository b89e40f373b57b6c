"""What the back-test forecasts, what it may know, and the forecasts of model and rivals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    Openings,
    policy_for,
    roster_of,
    seed_of,
    simulate_all,
)
from rsip_sim.experiment.observations import (
    expected_openings,
    known_stocks,
    later_stocks,
    national_hazards,
    rotherham_counts,
    rotherham_maintained,
)
from rsip_sim.experiment.progress import Progress
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
    poisson_forecast,
    simulated_past,
)
from rsip_sim.studies.backtest.scoring import convolved

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MODEL, FLAT, LEARNT = "model", "flat rate", "flat rate, learnt"
FORECASTERS = (MODEL, FLAT, LEARNT)
KNOWN_SERIES, WITHHELD = "national series known", "national series withheld"

STRATA = 4
"""Paths of the national rate in the withheld mode, equally likely."""

_MONTHS_KNOWN = KNOWN - START
_LAST_KNOWN_FIGURE = parse_month("2013-03")
_SPARE = 40


@dataclass(frozen=True)
class Cases:
    """The counts to forecast, one row an authority; Rotherham is the last row.

    until       month number of the last openings forecast
    past        what had happened by 1 April 2013: (authorities, …)
    maintained  (authorities, 2 years, 3 phases) schools maintained at the start of either year
    after       (authorities, targets) what happened then
    scored      how many authorities, from the first, count towards scores
    """

    names: tuple[str, ...]
    until: int
    past: Past
    maintained: IntArray
    after: IntArray
    scored: int

    @property
    def highest(self) -> int:
        """The largest count a forecast gives a chance to."""
        remaining = np.asarray(self.past.remaining).sum(axis=1).max()
        return int(max(self.after.max() + _SPARE, min(remaining, 200)))


def cases(observed: Path | None = None) -> Cases:
    """All authorities with later stocks, from the shipped table or a file, and Rotherham.

    Rotherham's own counts come from its roster and its list of openings; a file that holds
    Rotherham gives what came later. Raises ObservationError for a faulty file.
    """
    later = later_stocks(observed)
    until = later.months[-1]
    given = ROTHERHAM in later.authorities
    names = (*(name for name in later.authorities if name != ROTHERHAM), ROTHERHAM)
    known = known_stocks().of(names)
    years = np.stack([known.openings(START, START + 12), known.openings(START + 12, KNOWN)], axis=1)
    remaining = known.at(KNOWN)[0].copy()
    maintained = np.stack([known.at(START)[0], known.at(START + 12)[0]], axis=1)
    years[-1] = [rotherham_counts(START, START + 12), rotherham_counts(START + 12, KNOWN)]
    remaining[-1] = rotherham_maintained(KNOWN)
    maintained[-1] = [rotherham_maintained(START), rotherham_maintained(START + 12)]
    with_later = names if given else names[:-1]
    stock = later.of(with_later).at(until)[1]
    before = known.of(with_later).at(KNOWN)[1]
    after = np.maximum(stock - before, 0)
    if not given:
        after = np.concatenate([after, rotherham_counts(KNOWN, until)[None]])
    return Cases(
        names, until, Past(years, remaining), maintained, counts_of(after), len(with_later)
    )


def some_cases(whole: Cases, every: int) -> Cases:
    """Every so many-th authority of the cases, and Rotherham: for quick looks."""
    rows = [*range(0, len(whole.names) - 1, every), len(whole.names) - 1]
    scored = sum(row < whole.scored for row in rows)
    past = Past(whole.past.years[rows], whole.past.remaining[rows])
    names = tuple(whole.names[row] for row in rows)
    return Cases(names, whole.until, past, whole.maintained[rows], whole.after[rows], scored)


def climates(mode: str, until: int) -> tuple[Climate, ...]:
    """The national rates a mode simulates, equally likely.

    With the series withheld, months after March 2013 get the mean of the last twelve, times a
    factor that drifts from 1 as the register's uncertain climate does; a few paths stand for all.
    """
    if mode == KNOWN_SERIES:
        return (Climate(conversion="observed"),)
    register = load_register()
    spread, memory = (float(register[n].value) for n in ("climate_sd", "climate_months"))  # type: ignore[arg-type]
    last = until + LEAD_MONTHS[-1]
    hazards = national_hazards(START - 1, last, _LAST_KNOWN_FIGURE)[:, 0]
    months = np.maximum(np.arange(START, last + 1) - _LAST_KNOWN_FIGURE, 0)
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


def model_forecasts(
    cases: Cases,
    mode: str,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
    overrides: tuple[tuple[str, float], ...] = (),
) -> tuple[FloatArray, FloatArray, Futures]:
    """Forecasts with and without the past, and Rotherham's futures.

    Forecasts are (authorities, targets, counts).
    """
    paths = climates(mode, cases.until)
    share = replications // len(paths)
    horizon = cases.until - START + 1
    jobs = [
        Job(
            name,
            policy_for(name, horizon, UNCERTAIN, path, overrides),
            seed_of(seed, name),
            np.arange(part * share, (part + 1) * share),
        )
        for name in cases.names
        for part, path in enumerate(paths)
    ]
    given, blind = [], []
    outcomes = simulate_all(jobs, workers, progress)
    for row, name in enumerate(cases.names):
        futures = _futures(name, [next(outcomes) for _ in paths])
        counts = future_counts(futures.openings, _MONTHS_KNOWN, cases.until - START)
        seen = Past(cases.past.years[row], cases.past.remaining[row])
        given.append(forecast(futures.past, seen, counts, cases.highest))
        blind.append(forecast(futures.past, seen, counts, cases.highest, conditional=False))
    return np.array(given), np.array(blind), futures  # of the last: Rotherham is always there


def _futures(name: str, parts: Sequence[Openings]) -> Futures:
    openings = np.concatenate([part.openings for part in parts], axis=1)
    roster = roster_of(name)
    here = [((roster.phase == p) & (roster.legal_status == 0)).sum() for p in range(3)]
    return Futures(openings, simulated_past(openings, np.array(here), _MONTHS_KNOWN))


def rival_forecasts(cases: Cases, mode: str) -> tuple[FloatArray, FloatArray]:
    """Both rivals' forecasts: (authorities, targets, counts) each.

    They know the national rates that the mode lets the model know. The second learns from all
    authorities how much authorities differ, and from each its own two years.
    """
    until = None if mode == KNOWN_SERIES else _LAST_KNOWN_FIGURE
    ahead = national_hazards(KNOWN, cases.until, until)
    behind = national_hazards(START, KNOWN)
    size = cases.highest + 1
    flat = np.zeros((len(cases.names), len(TARGETS), size))
    learnt = np.zeros_like(flat)
    variance = _variances(behind)
    for place, (route, phase) in enumerate(TARGETS):
        p = PHASES.index(phase)
        routes = (0, 1) if route == "all" else (ROUTES.index(route),)
        total = np.zeros(len(cases.names))
        pmf: FloatArray | None = None
        for r in routes:
            after = expected_openings(cases.past.remaining[:, p], ahead[:, r, p])
            before = _expected_before(cases.maintained[:, :, p], behind[:, r, p])
            own = cases.past.years[:, :, r, p].sum(axis=1)
            part = gamma_poisson_forecast(own, before, after, variance[r, p], size - 1)
            pmf = part if pmf is None else convolved(pmf, part)[:, :size]
            total += after
        flat[:, place] = poisson_forecast(total, size - 1)
        learnt[:, place] = pmf if pmf is not None else 0.0
    return flat, learnt


def _expected_before(maintained: IntArray, hazards: FloatArray) -> FloatArray:
    """What national rates gave in the two years: maintained (authorities, 2), hazards (24,)."""
    first = expected_openings(maintained[:, 0], hazards[:12])
    return np.asarray(first + expected_openings(maintained[:, 1], hazards[12:]))


def _variances(behind: FloatArray) -> FloatArray:
    """How much authorities differ, by route and phase, from all of them to April 2013."""
    everyone = known_stocks()
    openings = everyone.openings(START, KNOWN)
    maintained = np.stack([everyone.at(START)[0], everyone.at(START + 12)[0]], axis=1)
    found = np.zeros((2, len(PHASES)))
    for r in range(2):
        for p in range(len(PHASES)):
            expected = _expected_before(maintained[:, :, p], behind[:, r, p])
            found[r, p] = fitted_variance(openings[:, r, p], expected)
    return found
