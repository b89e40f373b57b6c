"""A roster of any English authority from the national register, Get Information About Schools.

The register's full extract is one CSV of all establishments ever open, some 60 MB of
Windows-1252 text; it is read row by row. Numbers of pupils, grades and trusts in it are the
latest, whatever the date of the roster.
Source: https://get-information-schools.service.gov.uk/Downloads, Open Government Licence v3.0.
"""

from __future__ import annotations

import codecs
import csv
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rsip_sim.evidence import gias_types
from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.evidence.months import month_name, month_text
from rsip_sim.evidence.rosters import RosterError, roster_from_rows
from rsip_sim.evidence.tables import decode, parse_table, read_bytes

REQUIRED = (
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (name)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "StatutoryLowAge",
    "StatutoryHighAge",
    "NumberOfPupils",
    "ReligiousCharacter (name)",
    "Diocese (name)",
    "Trusts (name)",
    "Postcode",
)
OPTIONAL = ("OfstedRating (name)",)
_MOST_SCHOOLS = 5000
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


@dataclass(frozen=True)
class GiasImport:
    """A roster made from the register, and what a planner should know of how it was made.

    authority  the authority's name in the register
    rows       one mapping of roster column to value a school, in order of URN
    left_out   establishments open on the date but not in the roster, by reason
    notes      sentences on what was filled, inferred and left out
    """

    authority: str
    rows: tuple[dict[str, object], ...]
    left_out: Mapping[str, int]
    notes: tuple[str, ...]


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
    file = str(path)
    records, authority = _records_of_authority(path, file, str(la).strip())
    records, faults = _open_on(records, file, as_at)
    reasons = [gias_types.reason_left_out(record) for _, record in records]
    left_out = Counter(reason for reason in reasons if reason)
    schools = [each for each, reason in zip(records, reasons, strict=True) if not reason]
    faults += _school_faults(schools, file)
    if not schools and not faults:
        message = f"{authority} had no state school open in {month_name(as_at)}"
        faults.append(Fault(file, 0, 0, "", message))
    rows = [_row(record) for _, record in schools]
    rows.sort(key=lambda row: str(row["urn"]).zfill(12))
    filled = _fill_pupils(rows, file, faults)
    postcodes = {record["URN"]: record["Postcode"] for _, record in schools}
    community_note = _add_communities(rows, postcodes, communities_csv, faults)
    if faults:
        raise RosterError(faults)
    roster_from_rows(rows, f"roster made from {file}")
    notes = [f"{len(rows)} schools of {authority} on the first of {month_name(as_at)}."]
    if left_out:
        listed = ", ".join(f"{reason} ({count})" for reason, count in sorted(left_out.items()))
        notes.append(f"Left out: {listed}.")
    if filled:
        notes.append(f"{filled} numbers of pupils are missing and filled with a median.")
    notes += [community_note, "Numbers of pupils, grades and trusts are the register's latest."]
    return GiasImport(authority, tuple(rows), dict(left_out), tuple(notes))


def _records_of_authority(
    path: Path, file: str, la: str
) -> tuple[list[tuple[int, dict[str, str]]], str]:
    found: list[tuple[int, dict[str, str]]] = []
    authorities: dict[str, str] = {}
    for line, record in _records(path, file):
        code, name = record["LA (code)"], record["LA (name)"]
        authorities[code] = name
        if la.casefold() in (code, name.casefold()):
            found.append((line, record))
    if not found:
        suggestion = nearest(la, [name for name in authorities.values() if name])
        if la.isdecimal():
            suggestion = nearest(la, list(authorities))
        message = f"there is no authority '{la}' in this file"
        allowed = "give a code such as 372 or a name such as Rotherham"
        raise RosterError([Fault(file, 0, 0, "LA (name)", message, allowed, suggestion)])
    return found, found[0][1]["LA (name)"]


def _records(path: Path, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding=_encoding(path), errors="replace", newline="") as text:
            reader = csv.reader(text)
            header = [cell.strip() for cell in next(reader, [])]
            places = _places(header, file)
            for cells in reader:
                if not cells:
                    continue
                if len(cells) <= max(places.values()):
                    message = "this row has too few cells; the file may be cut off"
                    raise RosterError([Fault(file, reader.line_num, 0, "", message)])
                yield (
                    reader.line_num,
                    {name: " ".join(cells[place].split()) for name, place in places.items()},
                )
    except csv.Error as error:
        raise RosterError([Fault(file, 0, 0, "", f"is not a CSV file ({error})")]) from error
    except (OSError, ValueError) as error:
        if isinstance(error, RosterError):
            raise
        faults = read_bytes(path, file)[1]
        raise RosterError(faults or [Fault(file, 0, 0, "", "cannot be read")]) from error


def _encoding(path: Path) -> str:
    """Windows-1252 as published, or UTF-8 where somebody has saved the file again."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _places(header: list[str], file: str) -> dict[str, int]:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        allowed = "download the full extract, 'all establishment data', with all its columns"
        raise RosterError(
            [
                Fault(file, 1, 0, name, "this column is missing", allowed, nearest(name, header))
                for name in missing
            ]
        )
    return {name: header.index(name) for name in REQUIRED + OPTIONAL if name in header}


def _open_on(
    records: list[tuple[int, dict[str, str]]], file: str, as_at: int
) -> tuple[list[tuple[int, dict[str, str]]], list[Fault]]:
    day = date(as_at // 12, as_at % 12 + 1, 1)
    kept: list[tuple[int, dict[str, str]]] = []
    faults: list[Fault] = []
    for line, record in records:
        status = record["EstablishmentStatus (name)"].casefold()
        if status.startswith("proposed") or (status == "closed" and not record["CloseDate"]):
            continue
        try:
            opened, closed = (_date(record[column]) for column in ("OpenDate", "CloseDate"))
        except ValueError as error:
            allowed = "a date written 01-09-2010"
            faults.append(Fault(file, line, 0, "OpenDate or CloseDate", str(error), allowed))
            continue
        if (opened is None or opened <= day) and (closed is None or closed > day):
            kept.append((line, record))
    return kept, faults


def _school_faults(schools: list[tuple[int, dict[str, str]]], file: str) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for line, record in schools:
        urn, name = record["URN"], record["EstablishmentName"]
        if urn in seen:
            message = f"URN {urn} stands already on line {seen[urn]}"
            faults.append(Fault(file, line, 0, "URN", message))
        seen.setdefault(urn, line)
        if not urn.isdecimal():
            faults.append(Fault(file, line, 0, "URN", f"'{urn}' is not a whole number"))
        if gias_types.is_academy(record) and not record["OpenDate"]:
            message = f"the academy {name} has no opening date"
            faults.append(Fault(file, line, 0, "OpenDate", message))
        pupils = record["NumberOfPupils"]
        if pupils and not pupils.isdecimal():
            message = f"'{pupils}' is not a whole number"
            faults.append(Fault(file, line, 0, "NumberOfPupils", message))
    return faults


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        day, month, year = (int(part) for part in text.replace("/", "-").split("-"))
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"'{text}' is not a date") from None


def _row(record: dict[str, str]) -> dict[str, object]:
    academy = gias_types.is_academy(record)
    opened = _date(record["OpenDate"])
    month = opened.year * 12 + opened.month - 1 if opened else None
    return {
        "urn": record["URN"],
        "school": record["EstablishmentName"],
        "phase": gias_types.detailed_phase(record),
        "pupils": record["NumberOfPupils"],
        "governance": gias_types.governance(record),
        "diocese": gias_types.diocese(record),
        "legal_status": "academy" if academy else "maintained",
        "route": gias_types.route(record),
        "opened": month_text(month) if academy and month is not None else "",
        "trust": record["Trusts (name)"] if academy else "",
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
        phases = next(
            each for each in (*_LIKE[str(row["phase"])], tuple(known)) if set(each) & set(known)
        )
        rolls = [roll for phase in phases for roll in known.get(phase, [])]
        row["pupils"] = round(statistics.median(rolls))
        row["pupils_filled"] = "yes"
        row["note"] = (
            f"pupils filled with the median of {len(rolls)} {' and '.join(phases)} schools"
        )
    return len(missing)


def _add_communities(
    rows: list[dict[str, object]],
    postcodes: Mapping[str, str],
    communities_csv: Path | None,
    faults: list[Fault],
) -> str:
    if communities_csv is not None:
        given = _read_communities(communities_csv, faults)
        for row in rows:
            row["learning_community"] = given.get(str(row["urn"]), "")
        without = sum(not row["learning_community"] for row in rows)
        return f"Learning communities are as given; {without} schools have none."
    heads = [row for row in rows if row["phase"] == "secondary"]
    inferred = 0
    for row in rows:
        head = _nearest_secondary(row, heads, postcodes)
        row["learning_community"] = head["school"] if head else ""
        if head and head is not row:
            inferred += 1
            note = "community inferred from postcodes"
            row["note"] = f"{row['note']}; {note}" if row["note"] else note
    return f"Learning communities are inferred from postcodes for {inferred} schools."


def _nearest_secondary(
    row: dict[str, object], heads: list[dict[str, object]], postcodes: Mapping[str, str]
) -> dict[str, object] | None:
    """The secondary of the postcode district whose sector is nearest; the lower URN in a tie."""
    if row["phase"] == "secondary":
        return row
    district, sector = _district(postcodes[str(row["urn"])])
    near = [
        (abs(_district(postcodes[str(head["urn"])])[1] - sector), int(str(head["urn"])), head)
        for head in heads
        if district and _district(postcodes[str(head["urn"])])[0] == district
    ]
    return min(near, key=lambda each: each[:2])[2] if near else None


def _district(postcode: str) -> tuple[str, int]:
    """District and sector of a postcode: S65 and 2 of S65 2LY."""
    joined = postcode.replace(" ", "").upper()
    if len(joined) < 5 or not joined[-3].isdecimal():
        return "", 0
    return joined[:-3], int(joined[-3])


def _read_communities(path: Path, faults: list[Fault]) -> dict[str, str]:
    file = str(path)
    data, problems = read_bytes(path, file)
    text, more = decode(data, file) if not problems else ("", [])
    faults += problems + more
    if problems or (more and not text):
        return {}
    names = ("urn", "community")
    table = parse_table(text, file, names, names, _MOST_SCHOOLS)
    faults += table.faults
    given: dict[str, str] = {}
    for row in table.rows:
        urn = row.cells.get("urn", "")
        if urn in given:
            faults.append(Fault(file, *row.place("urn"), "urn", f"URN {urn} stands twice"))
        if not urn.isdecimal():
            message = f"'{urn}' is not a whole number"
            faults.append(Fault(file, *row.place("urn"), "urn", message))
        given[urn] = row.cells.get("community", "")
    return given
