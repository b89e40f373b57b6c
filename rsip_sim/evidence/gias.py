"""A roster of any English authority from the national register, Get Information About Schools.

Numbers of pupils, grades and trusts in an extract are the latest, whatever the date of the
roster. What an extract cannot know of a month is told in the notes; what it says in words or
numbers that are not known here is a fault, and stands for nothing.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rsip_sim.evidence import gias_types
from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.gias_communities import add_communities
from rsip_sim.evidence.gias_coverage import unknowable
from rsip_sim.evidence.gias_extract import (
    DATE_ALLOWED,
    REGION,
    REQUIRED,
    Extract,
    Numbered,
    date_of,
    opening_month,
    read_extract,
    read_extracts,
)
from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.roster_columns import COLUMN_BY_NAME, CellError, shown
from rsip_sim.evidence.rosters import RosterError, roster_from_rows

__all__ = ["REQUIRED", "GiasImport", "roster_from_gias", "rosters_from_gias"]

# where a phase's rolls are sought, in turn; failing these, in all phases together
_LIKE: dict[str, tuple[tuple[str, ...], ...]] = {
    "nursery": (("nursery",),),
    "infant": (("infant",), ("primary",)),
    "junior": (("junior",), ("primary",)),
    "primary": (("primary",), ("infant", "junior")),
    "secondary": (("secondary",),),
    "special": (("special",), ("pru",)),
    "pru": (("pru",), ("special",)),
}
# cells that go into a roster as they are, with the column whose reader checks them
_TAKEN = {
    "URN": "urn",
    "EstablishmentName": "school",
    "NumberOfPupils": "pupils",
    "Diocese (name)": "diocese",
    "ReligiousCharacter (name)": "diocese",
    "Trusts (name)": "trust",
}


@dataclass(frozen=True)
class GiasImport:
    """A roster made from the register, and what a planner should know of how it was made.

    authority  the authority's name in the register
    rows       one mapping of roster column to value a school, in order of URN
    left_out   establishments open on the date but not in the roster, by reason
    notes      sentences on what was filled, inferred and left out, and on what the extract
               cannot know
    region     of England, '' where the extract does not say
    """

    authority: str
    rows: tuple[dict[str, object], ...]
    left_out: Mapping[str, int]
    notes: tuple[str, ...]
    region: str = ""


class NoSchools(RosterError):
    """An authority of which the register has no state school on the day."""


def roster_from_gias(
    path: Path, la: str | int, as_at: int, communities_csv: Path | None = None
) -> GiasImport:
    """The state schools of one authority on the first of a month, as rows of a roster.

    la               the authority's code or name
    as_at            month number (see rsip_sim.evidence.months)
    communities_csv  two columns, urn and community; without it a school's community is inferred
                     as the nearest secondary of its postcode district

    Free schools, independent schools and colleges are left out and counted. A missing number of
    pupils is filled with the median of the phase, or of a like phase where the authority has no
    figure for it, and flagged. Raises RosterError.
    """
    day = _first_of(as_at)
    return _made(read_extract(path, str(la).strip(), day), str(path), as_at, communities_csv)


def rosters_from_gias(path: Path, as_at: int) -> tuple[GiasImport, ...]:
    """The state schools of every authority of the register that had any, in order of name.

    as_at  as for `roster_from_gias`, which gives the same for each authority. Raises RosterError
    with the faults of all.
    """
    found: list[GiasImport] = []
    faults: list[Fault] = []
    for extract in read_extracts(path, _first_of(as_at)).values():
        try:
            found.append(_made(extract, str(path), as_at, None))
        except NoSchools:
            continue
        except RosterError as error:
            faults += error.faults
    if not found and not faults:
        message = f"no authority had a state school open in {month_name(as_at)}"
        faults.append(Fault(str(path), 0, 0, "", message))
    if faults:
        raise RosterError(sorted(faults, key=lambda fault: fault.line))
    return tuple(found)


def _first_of(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _made(extract: Extract, file: str, as_at: int, communities_csv: Path | None) -> GiasImport:
    day = _first_of(as_at)
    standing, left_out, earlier, later, faults = _standing_on(extract, file, day)
    faults += _unknown_words(standing, gias_types.unknown_words, file)
    reasons = [gias_types.reason_left_out(record) for _, record in standing]
    schools = [each for each, reason in zip(standing, reasons, strict=True) if not reason]
    left_out.update(reason for reason in reasons if reason)
    faults += _school_faults(schools, file)
    if not schools and not faults:
        none = f"{extract.authority} had no state school open in {month_name(as_at)}"
        if left_out:
            none += f" that a roster could hold; left out: {_listed(left_out)}"
        raise NoSchools([Fault(file, 0, 0, "", none)])
    rows = [_row(record) for _, record in schools] if not faults else []
    rows.sort(key=lambda row: str(row["urn"]).zfill(12))
    filled = _fill_pupils(rows, file, faults)
    postcodes = {record["URN"]: record["Postcode"] for _, record in schools}
    community_note = add_communities(rows, postcodes, communities_csv, faults)
    if faults:
        raise RosterError(faults)
    roster_from_rows(rows, f"roster made from {file}")
    notes = [f"{len(rows)} schools of {extract.authority} on the first of {month_name(as_at)}."]
    if left_out:
        notes.append(f"Left out: {_listed(left_out)}.")
    notes.append(f"Closed before then: {earlier}; opened later or not at all: {later}.")
    if filled:
        notes.append(f"{filled} numbers of pupils are missing and filled with a median.")
    bodies = Counter(str(row["diocese"]) for row in rows if row["diocese"])
    if bodies:
        notes.append(f"Dioceses and faith bodies, with their schools: {_listed(bodies)}.")
    notes += [community_note, "Numbers of pupils, grades and trusts are the register's latest."]
    notes += unknowable(extract, schools, as_at, day)
    regions = (record.get(REGION, "") for _, record in schools)
    region = next((each for each in regions if not gias_types.is_placeholder(each)), "")
    return GiasImport(extract.authority, tuple(rows), dict(left_out), tuple(notes), region)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))


def _standing_on(
    extract: Extract, file: str, day: date
) -> tuple[list[Numbered], Counter[str], int, int, list[Fault]]:
    """The establishments of an authority that stood on a day, and what became of the others.

    Those of which the file does not tell, by reason; how many had closed before, and opened later;
    dates and words that cannot be read.
    """
    kept: list[Numbered] = []
    earlier = later = 0
    left_out: Counter[str] = Counter()
    faults = _unknown_words(extract.records, gias_types.unknown_status, file)
    for line, record in extract.records:
        status = gias_types.status(record)
        if not status or status == "never opened":
            later += status == "never opened"
            continue
        dates: dict[str, date | None] = {}
        for column in ("OpenDate", "CloseDate"):
            try:
                dates[column] = date_of(record[column])
            except ValueError as error:
                field = "OpenDate or CloseDate"
                faults.append(Fault(file, line, 0, field, str(error), DATE_ALLOWED))
        if len(dates) < 2:
            continue
        opened, closed = dates["OpenDate"], dates["CloseDate"]
        if opened is not None and opened > day:
            later += 1
        elif status == "closed" and closed is None:
            left_out["closed on a date that the register does not give"] += 1
        elif closed is None or closed > day:
            kept.append((line, record))
        elif status == "open":
            left_out["open by their status, but closed by their date"] += 1
        else:
            earlier += 1
    return kept, left_out, earlier, later, faults


def _unknown_words(
    records: Sequence[Numbered],
    unknown: Callable[[Mapping[str, str]], Iterator[gias_types.Unknown]],
    file: str,
) -> list[Fault]:
    """One fault for each word that is not known, at the first of its lines."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    times: Counter[tuple[str, str]] = Counter()
    for line, record in records:
        for column, word, allowed in unknown(record):
            found.setdefault((column, word), (line, allowed))
            times[column, word] += 1
    faults = []
    for (column, word), (line, allowed) in found.items():
        rows = f" (in {times[column, word]} rows)" if times[column, word] > 1 else ""
        faults.append(Fault(file, line, 0, column, f"'{word}' is not known{rows}", allowed))
    return faults


def _school_faults(schools: list[Numbered], file: str) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, record in schools:
        urn, name = record["URN"], record["EstablishmentName"]
        number = urn.lstrip("0")
        if number in seen:
            message = f"URN {urn} stands already on line {seen[number]}"
            faults.append(Fault(file, line, 0, "URN", message))
        seen.setdefault(number, line)
        if not name:
            faults.append(Fault(file, line, 0, "EstablishmentName", "is empty"))
        if gias_types.is_academy(record) and not record["OpenDate"]:
            message = f"the academy {name} has no opening date"
            faults.append(Fault(file, line, 0, "OpenDate", message))
        faults += _cell_faults(line, record, file)
    return faults


def _cell_faults(line: int, record: Mapping[str, str], file: str) -> Iterator[Fault]:
    """What a roster could not hold, told where the reader can mend it: in the extract."""
    for column in ("URN", "NumberOfPupils"):
        cell = record[column]
        if not re.fullmatch("[0-9]{1,12}", cell) and (cell or column == "URN"):
            yield Fault(file, line, 0, column, f"'{shown(cell)}' is not a whole number")
            return
    taken = dict(_TAKEN)
    if int(record["NumberOfPupils"] or 0) == 0:
        del taken["NumberOfPupils"]  # to be filled
    cells = [(name, column, record[name]) for name, column in taken.items() if record[name]]
    if gias_types.is_academy(record) and record["OpenDate"]:
        cells.append(("OpenDate", "opened", opening_month(record)))
    for name, column, cell in cells:
        try:
            COLUMN_BY_NAME[column].read(cell)
        except CellError as error:
            if column not in ("diocese", "trust") or not gias_types.is_placeholder(cell):
                allowed = COLUMN_BY_NAME[column].allowed
                yield Fault(file, line, 0, name, str(error), allowed, error.suggestion)


def _row(record: Mapping[str, str]) -> dict[str, object]:
    academy = gias_types.is_academy(record)
    return {
        "urn": record["URN"],
        "school": record["EstablishmentName"],
        "phase": gias_types.detailed_phase(record),
        "pupils": record["NumberOfPupils"],
        "governance": gias_types.governance(record),
        "diocese": gias_types.diocese(record),
        "legal_status": "academy" if academy else "maintained",
        "route": gias_types.route(record),
        "opened": opening_month(record) if academy else "",
        "trust": gias_types.trust(record),
        "ofsted_grade": gias_types.ofsted_grade(record),
        "pupils_filled": "no",
        "note": "",
    }


def _fill_pupils(rows: list[dict[str, object]], file: str, faults: list[Fault]) -> int:
    """Fill missing rolls with the median of the phase, else of the phases most like it."""
    known: dict[str, list[int]] = {}
    for row in rows:
        pupils = str(row["pupils"])
        if pupils.isdecimal() and int(pupils) > 0:
            known.setdefault(str(row["phase"]), []).append(int(pupils))
    missing = [row for row in rows if row["pupils"] in ("", "0")]
    if missing and not known:
        message = "no school of the authority has a number of pupils, so none can be filled"
        faults.append(Fault(file, 0, 0, "NumberOfPupils", message))
        return 0
    for row in missing:
        alike = (*_LIKE[str(row["phase"])], tuple(known))
        phases = next(each for each in alike if set(each) & set(known))
        rolls = [roll for phase in phases for roll in known.get(phase, [])]
        words = f"{len(rolls)} {' and '.join(phases)} schools"
        row["pupils"], row["pupils_filled"] = round(statistics.median(rolls)), "yes"
        row["note"] = f"pupils filled with the median of {words}"
    return len(missing)
