"""Reading an extract of the national register: its form, its dates, its authorities.

The register's full extract is one CSV of all establishments ever open, some 60 MB of
Windows-1252 text; it is read row by row, once. What a reader has made of it since (an archive, a
workbook, text of another encoding or with other separators) is named in one sentence.
Source: https://get-information-schools.service.gov.uk/Downloads, Open Government Licence v3.0.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from rsip_sim.evidence import gias_types
from rsip_sim.evidence.faults import Fault, nearest, tidy
from rsip_sim.evidence.months import month_text
from rsip_sim.evidence.rosters import RosterError
from rsip_sim.evidence.tables import is_stream, read_bytes

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
REGION = "GOR (name)"
OPTIONAL = ("OfstedRating (name)", "PreviousLA (code)", "LastChangedDate", REGION)
DATE_ALLOWED = "a date written 01-09-2010"
_YEARS = (1000, 2100)
_ALLOWED = "give the full extract, 'all establishment data', as a CSV of comma-separated cells"
_BINARY = (
    (b"PK", "is an archive or a workbook, not a CSV file; unpack it, or save it as CSV"),
    (b"\x1f\x8b", "is a compressed file; unpack it"),
    (b"\xd0\xcf\x11\xe0", "is an Excel workbook; save it as CSV"),
    (b"%PDF", "is a PDF, not a CSV file"),
    (codecs.BOM_UTF32_LE, "is saved as UTF-32; save it as CSV UTF-8"),
    (codecs.BOM_UTF32_BE, "is saved as UTF-32; save it as CSV UTF-8"),
    (b"\xff\xfe", "is saved as UTF-16 (Excel's 'Unicode text'); save it as CSV UTF-8"),
    (b"\xfe\xff", "is saved as UTF-16 (Excel's 'Unicode text'); save it as CSV UTF-8"),
)
_OTHER_SEPARATORS = {
    ";": "semicolons", "\t": "tabs", "|": "vertical bars", ", ": "commas with spaces after them",
}  # fmt: skip

Numbered = tuple[int, dict[str, str]]  # the line of a record, and its cells by column name


@dataclass
class Extract:
    """One authority's records, and what the rest of the file says of whether it is whole.

    authority     its name; codes: the authority's codes in the file, nearly always one
    records       every establishment of the authority
    changed       the date in the file's name, or the latest on which a record was changed
    dated         the latest opening or closing up to today
    closed        closed establishments of all authorities
    open_in       codes of the authorities with an establishment that is open now
    heirs         code → authorities whose establishments were that authority's before, by name
    stood         code → establishments of other authorities open on the day and closed since
    is_cut        the last line has no end, so that its last cell may be cut off
    """

    authority: str = ""
    codes: set[str] = field(default_factory=set)
    records: list[Numbered] = field(default_factory=list)
    changed: date | None = None
    dated: date | None = None
    closed: int = 0
    open_in: set[str] = field(default_factory=set)
    heirs: dict[str, Counter[str]] = field(default_factory=dict)
    stood: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def latest(self) -> date | None:
        """The last date of which the file can know, None where it has none."""
        return self.changed or self.dated


def read_extract(path: Path, la: str, day: date) -> Extract:
    """One pass over a file; la is the authority's code or name. Raises RosterError."""
    wanted = la.casefold()

    def chosen(record: Mapping[str, str]) -> str:
        code, name = record["LA (code)"], record["LA (name)"]
        is_wanted = wanted in (code.casefold(), name.casefold()) or _same_number(wanted, code)
        return la if is_wanted else ""

    whole, found = _read(path, day, chosen)
    if not found:
        names = [name for name in whole.names.values() if name]
        suggestion = nearest(la, list(whole.names) if la.isdecimal() else names)
        message = f"there is no authority '{la}' in this file"
        allowed = "give a code such as 372 or a name such as Rotherham"
        raise RosterError([Fault(str(path), 0, 0, "LA (name)", message, allowed, suggestion)])
    return found[la]


def read_extracts(path: Path, day: date) -> dict[str, Extract]:
    """Every authority of a file by its name, in order, in one pass. Raises RosterError."""
    _, found = _read(path, day, lambda record: record["LA (name)"])
    return dict(sorted(found.items()))


def _read(
    path: Path, day: date, key: Callable[[Mapping[str, str]], str]
) -> tuple[Extract, dict[str, Extract]]:
    """The file as a whole, and the records of each key but the empty one."""
    whole = Extract()
    records: dict[str, list[Numbered]] = {}
    for line, record in _records(path, str(path), whole):
        whole.names[record["LA (code)"]] = record["LA (name)"]
        if name := key(record):
            records.setdefault(name, []).append((line, record))
        _note_whole(whole, record, day)
    named = re.search(r"(?<!\d)(20\d\d)(\d\d)(\d\d)(?!\d)", path.stem)
    if named:
        whole.changed = _a_date(*(int(part) for part in named.groups())) or whole.changed
    return whole, {
        name: replace(
            whole,
            authority=own[0][1]["LA (name)"],
            codes={record["LA (code)"] for _, record in own},
            records=own,
        )
        for name, own in records.items()
    }


def _same_number(wanted: str, code: str) -> bool:
    return wanted.isdecimal() and code.isdecimal() and wanted.lstrip("0") == code.lstrip("0")


def _note_whole(extract: Extract, record: dict[str, str], day: date) -> None:
    """What one record says of the file as a whole."""
    code, status = record["LA (code)"], gias_types.status(record)
    opened, closed = (date_or_none(record[column]) for column in ("OpenDate", "CloseDate"))
    changed = date_or_none(record.get("LastChangedDate", ""))
    extract.changed = max(filter(None, (extract.changed, changed)), default=None)
    past = (each for each in (opened, closed) if each and each <= date.today())
    extract.dated = max(filter(None, (extract.dated, *past)), default=None)
    extract.closed += status == "closed"
    if status == "open":
        extract.open_in.add(code)
    before = record.get("PreviousLA (code)", "")
    if before and before != code:
        extract.heirs.setdefault(before, Counter())[record["LA (name)"]] += 1
    if closed and closed > day and (opened is None or opened <= day):
        extract.stood[code] += gias_types.is_maintained(record) or gias_types.is_academy(record)


def _records(path: Path, file: str, extract: Extract) -> Iterator[Numbered]:
    try:
        encoding = _encoding(path, file)
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            lines = _Lines(text)
            reader = csv.reader(lines)
            header = [cell.strip() for cell in next(reader, [])]
            places = _places(header, lines.last, file)
            for cells in reader:
                if not any(cells):
                    continue
                _check_width(cells, header, file, reader.line_num)
                yield (
                    reader.line_num,
                    {name: tidy(cells[place]) for name, place in places.items()},
                )
            extract.is_cut = not lines.last.endswith(("\n", "\r"))
            if extract.is_cut and lines.last.count('"') % 2:
                raise _cut_off(file, reader.line_num)
    except csv.Error as error:
        raise RosterError([Fault(file, 0, 0, "", f"is not a CSV file ({error})")]) from error
    except (OSError, ValueError) as error:
        if isinstance(error, RosterError):
            raise
        faults = read_bytes(path, file)[1]
        raise RosterError(faults or [Fault(file, 0, 0, "", "cannot be read")]) from error


class _Lines:
    """The lines of a text one by one, the last one kept."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.last = ""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        self.last = next(self._lines)
        return self.last


def _cut_off(file: str, line: int) -> RosterError:
    message = "this row has too few cells; the file may be cut off"
    return RosterError([Fault(file, line, 0, "", message)])


def _check_width(cells: Sequence[str], header: Sequence[str], file: str, line: int) -> None:
    if len(cells) < len(header):
        raise _cut_off(file, line)
    if any(cell.strip() for cell in cells[len(header) :]):
        message = "this row has more cells than the first line has names"
        allowed = 'a name with a comma in it must stand in "…"'
        raise RosterError([Fault(file, line, 0, "", message, allowed)])


def _encoding(path: Path, file: str) -> str:
    """Windows-1252 as published, or UTF-8 where somebody has saved the file again."""
    if is_stream(path):  # it is read twice
        raise RosterError(read_bytes(path, file)[1])
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as data:
        start = data.read(4096)
        _refuse_other_kinds(start, file)
        data.seek(0)
        try:
            while chunk := data.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            if start.startswith(codecs.BOM_UTF8):
                message = "begins as UTF-8 text and goes on as something else"
                raise RosterError([Fault(file, 0, 0, "", message, _ALLOWED)]) from None
            return "cp1252"
    return "utf-8-sig"


def _refuse_other_kinds(start: bytes, file: str) -> None:
    message = next((words for mark, words in _BINARY if start.startswith(mark)), "")
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        message = "is empty"
    elif text.startswith((b"<", b"{")):
        message = "is a web page or another kind of file, not a CSV file"
    elif not message and b"\0" in start:
        message = "is no text of one byte a letter; save it as CSV UTF-8"
    if message:
        raise RosterError([Fault(file, 0, 0, "", message, _ALLOWED)])


def _places(header: list[str], line: str, file: str) -> dict[str, int]:
    """Where each column stands; RosterError, of one line where nothing of the header is known."""
    if re.match(r'"?sep=', line.casefold()):
        message = "a line sep=… is no part of the register's file"
        raise RosterError([Fault(file, 1, 0, "", message, "delete the line")])
    for separator, words in _OTHER_SEPARATORS.items():
        cells = [cell.strip(' "\r\n') for cell in line.split(separator)]
        if len(set(REQUIRED) & set(cells)) > len(set(REQUIRED) & set(header)):
            message = f"cells are separated by {words}, not by commas alone"
            raise RosterError([Fault(file, 1, 0, "", message, _ALLOWED)])
    missing = [name for name in REQUIRED if name not in header]
    if len(missing) == len(REQUIRED):
        message = f"the first line names none of the register's columns, such as {REQUIRED[0]}"
        allowed = "its first line must be that of the full extract, 'all establishment data'"
        raise RosterError([Fault(file, 1, 0, "", message, allowed)])
    allowed = "download the full extract, 'all establishment data', with all its columns"
    faults = [
        Fault(file, 1, 0, name, "this column is missing", allowed, nearest(name, header))
        for name in missing
    ]
    for name in (*REQUIRED, *OPTIONAL):
        if header.count(name) > 1:
            faults.append(Fault(file, 1, 0, name, "this column stands twice"))
    if faults:
        raise RosterError(faults)
    return {name: header.index(name) for name in REQUIRED + OPTIONAL if name in header}


def date_of(text: str) -> date | None:
    """The date of a cell, day first and the year in full; None where it is empty.

    ValueError for anything else: ``31/08/13`` may be of any century, ``9/2013`` has no day.
    """
    if not text:
        return None
    match = re.fullmatch(r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})", text)
    found = _a_date(int(match[3]), int(match[2]), int(match[1])) if match else None
    if found is None:
        raise ValueError(f"'{text}' is not a date")
    return found


def date_or_none(text: str) -> date | None:
    """The date of a cell, None where it is empty or at fault."""
    try:
        return date_of(text)
    except ValueError:
        return None


def opening_month(record: Mapping[str, str]) -> str:
    """The month in which an academy opened, as a roster has it."""
    opened = date_of(record["OpenDate"])
    return month_text(opened.year * 12 + opened.month - 1) if opened else ""


def _a_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if _YEARS[0] <= year <= _YEARS[1] else None
    except ValueError:
        return None
