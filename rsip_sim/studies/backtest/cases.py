"""The counts that the back-test forecasts: what had happened by each origin, and what came then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import PHASES
from rsip_sim.experiment.authorities import KNOWN, ROTHERHAM, START
from rsip_sim.experiment.observations import (
    Stocks,
    known_stocks,
    later_stocks,
    rotherham_counts,
    rotherham_maintained,
)
from rsip_sim.model.arrays import IntArray

ORIGINS = (KNOWN, parse_month("2012-04"))
"""Days on which forecasts are made, as month numbers; the openings of their first day are known.

Whole years from April 2011. Parameter ranges are those calibrated with what was known at the first
of them, so a forecast from the second is not wholly free of what it forecasts.
"""

KNOWN_SERIES, WITHHELD = "national series known", "national series withheld"
"""Whether forecasters know the national rate after the origin."""

ROUTES = ("converter", "sponsored")
TARGETS = tuple((route, phase) for phase in PHASES for route in ("all", *ROUTES))
"""Route and phase of each forecast count, in the order of every array below."""

BOTH_ROUTES = tuple(place for place, (route, _) in enumerate(TARGETS) if route == "all")
"""Places of the counts by either route."""

_SPARE = 40


@dataclass(frozen=True)
class Past:
    """Openings in the years seen before an origin, and schools then still maintained.

    years      (…, years, 2 routes, 3 phases): openings May 2011 to April 2012, and so on
    remaining  (…, 3 phases)
    Leading axes: replications for a simulated past, none for what was seen.
    """

    years: NDArray[np.number]
    remaining: NDArray[np.number]

    def of(self, rows: int | Sequence[int]) -> Past:
        """The same of one of the rows of the first axis, or of some."""
        return Past(self.years[rows], self.remaining[rows])


def counts_of(openings: NDArray[np.integer]) -> IntArray:
    """Counts of every target from openings (…, 2 routes, 3 phases): (…, targets)."""
    both = openings.sum(axis=-2, keepdims=True)
    of_phases = np.swapaxes(np.concatenate([both, openings], axis=-2), -1, -2)
    return np.asarray(of_phases.reshape(*openings.shape[:-2], len(TARGETS)))


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
