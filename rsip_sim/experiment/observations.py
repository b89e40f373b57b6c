"""What was seen of each authority's schools: the table of stocks, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.national import (
    PHASES,
    AuthorityCount,
    authorities,
    opening_hazard,
    rotherham_openings,
)
from rsip_sim.evidence.tables import Row, decode, parse_table, read_bytes
from rsip_sim.experiment.authorities import KNOWN, ROTHERHAM, START, roster_of
from rsip_sim.experiment.errors import ExperimentError

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]

COLUMNS = ("date", "local_authority", "phase", "la_maintained", "converter", "sponsored")
_IGNORED = ("academy_share_pct",)
_MOST_ROWS = 200_000


class ObservationError(ExperimentError):
    """An observations file that cannot be used; `faults` holds every fault found in it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True)
class Stocks:
    """Schools of some authorities on some firsts of a month.

    authorities  names; months  month numbers, ascending
    maintained   int (authorities, months, 3 phases), −1 where nothing is known
    academies    int (authorities, months, 2 routes, 3 phases), −1 where nothing is known
    """

    authorities: tuple[str, ...]
    months: tuple[int, ...]
    maintained: IntArray
    academies: IntArray

    def at(self, month: int) -> tuple[IntArray, IntArray]:
        """Maintained schools and academies of every authority at a month of the table."""
        place = self.months.index(month)
        return self.maintained[:, place], self.academies[:, place]

    def openings(self, after: int, until: int) -> IntArray:
        """Academies gained after one month and up to another: (authorities, 2 routes, 3 phases).

        A fall (an academy that closed or merged) counts as none.
        """
        gained = self.at(until)[1] - self.at(after)[1]
        return np.asarray(np.maximum(gained, 0))

    def of(self, names: Sequence[str]) -> Stocks:
        """The same for some authorities, in the order given."""
        rows = [self.authorities.index(name) for name in names]
        return Stocks(tuple(names), self.months, self.maintained[rows], self.academies[rows])


def stocks_of(rows: Sequence[AuthorityCount]) -> Stocks:
    """Arrange rows of the table by authority, month and phase."""
    names = tuple(sorted({row.authority for row in rows}))
    months = tuple(sorted({row.month for row in rows}))
    name_at = {name: place for place, name in enumerate(names)}
    month_at = {month: place for place, month in enumerate(months)}
    maintained = np.full((len(names), len(months), len(PHASES)), -1, dtype=np.int64)
    academies = np.full((len(names), len(months), 2, len(PHASES)), -1, dtype=np.int64)
    for row in rows:
        place = name_at[row.authority], month_at[row.month]
        phase = PHASES.index(row.phase)
        maintained[(*place, phase)] = row.maintained
        academies[(*place, 0, phase)] = row.converter
        academies[(*place, 1, phase)] = row.sponsored
    return Stocks(names, months, maintained, academies)


def known_stocks() -> Stocks:
    """What could be known on 1 April 2013: every authority, nothing later."""
    return stocks_of([row for row in authorities() if row.month <= KNOWN])


def later_stocks(observed: Path | None = None) -> Stocks:
    """What came after, for the authorities that have it; from a file of the same layout or shipped.

    Only authorities with every phase at every later month are kept.
    Raises ObservationError with every fault of the file.
    """
    rows = list(authorities()) if observed is None else read_observations(observed)
    stocks = stocks_of([row for row in rows if row.month > KNOWN])
    complete = np.flatnonzero((stocks.maintained >= 0).all(axis=(1, 2)))
    names = [stocks.authorities[row] for row in complete]
    return stocks.of(names)


def read_observations(path: Path) -> list[AuthorityCount]:
    """Read a file of stocks by authority; ObservationError with every fault found."""
    data, faults = read_bytes(path, str(path))
    text = ""
    if not faults:
        text, faults = decode(data, str(path))
    if faults and not text:
        raise ObservationError(faults)
    table = parse_table(text, str(path), COLUMNS + _IGNORED, COLUMNS, _MOST_ROWS)
    faults = [*faults, *table.faults]
    known = {row.authority for row in authorities()}
    counts = [_count(row, str(path), known, faults) for row in table.rows]
    later = [count for count in counts if count is not None]
    if not faults and not any(count.month > KNOWN for count in later):
        faults.append(Fault(str(path), 0, 0, "date", "no date after 1 April 2013", "later dates"))
    if faults:
        raise ObservationError(faults)
    return later


def _count(row: Row, file: str, known: set[str], faults: list[Fault]) -> AuthorityCount | None:
    before = len(faults)

    def fault(column: str, message: str, allowed: str, suggestion: str = "") -> None:
        faults.append(Fault(file, *row.place(column), column, message, allowed, suggestion))

    date, name, phase = (row.cells.get(column, "") for column in COLUMNS[:3])
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])(-01)?", date):
        fault("date", f"'{date}' is not a first of a month", "such as 2014-09-01")
    if name not in known:
        fault("local_authority", f"'{name}' is not known", "a name of 2013", nearest(name, known))
    if phase not in PHASES:
        fault("phase", f"'{phase}' is not known", ", ".join(PHASES), nearest(phase, PHASES))
    numbers = []
    for column in COLUMNS[3:]:
        cell = row.cells.get(column, "")
        if re.fullmatch(r"[0-9]{1,5}", cell):
            numbers.append(int(cell))
        else:
            fault(column, f"'{cell}' is not a whole number", "a number of schools")
    if len(faults) > before:
        return None
    return AuthorityCount(parse_month(date[:7]), name, phase, *numbers)


def rotherham_counts(after: int, until: int) -> IntArray:
    """Rotherham's openings of the 2011 schools by route and phase, mergers left out: (2, 3)."""
    counts = np.zeros((2, len(PHASES)), dtype=np.int64)
    for opening in rotherham_openings():
        real = opening.route in ("converter", "sponsored") and opening.urn > 0
        if real and after < opening.month <= until:
            counts[("converter", "sponsored").index(opening.route), _phase(opening.phase)] += 1
    return counts


def _phase(phase: str) -> int:
    return PHASES.index("primary" if phase in ("infant", "junior") else phase)


def national_hazards(after: int, until: int, known_until: int | None = None) -> FloatArray:
    """England's monthly chances (months, 2 routes, 3 phases) of the months after … until.

    known_until  last month whose figure is known; later months get the mean of its last 12
    """
    series = opening_hazard()
    hazards = np.stack([series.converter, series.sponsored])
    last = known_until if known_until is not None else series.first + hazards.shape[2] - 1
    held = hazards[:, :, last - 11 - series.first : last + 1 - series.first].mean(axis=2)
    months = [
        hazards[:, :, month - series.first] if month <= last else held
        for month in range(after + 1, until + 1)
    ]
    return np.array(months)


def expected_openings(maintained: NDArray[np.number], hazards: FloatArray) -> FloatArray:
    """Openings expected from schools still maintained, allowing for those that have left.

    maintained  (…, 3 phases) at the beginning; hazards  monthly chances (months, 2 routes, 3)
    Returns (…, 2 routes, 3 phases).
    """
    return np.asarray(maintained[..., None, :] * (1.0 - np.prod(1.0 - hazards, axis=0)))


def rotherham_maintained(month: int) -> IntArray:
    """Schools of Rotherham's roster by phase that were still maintained at a month: (3,)."""
    roster = roster_of(ROTHERHAM)
    standing = [((roster.phase == p) & (roster.legal_status == 0)).sum() for p in range(3)]
    gone = [
        _phase(opening.phase)
        for opening in rotherham_openings()
        if opening.urn > 0 and START < opening.month <= month
    ]
    return np.array(standing) - np.bincount(np.array(gone, dtype=np.int64), minlength=3)
