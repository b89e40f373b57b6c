"""Reading a table a person made: encoding, separator, header, quoted line breaks, exact places.

Nothing here knows what the columns mean. A fault never stops the reading while there is
something left that can be read, so that one pass finds every fault.
"""

from __future__ import annotations

import csv
import io
import itertools
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rsip_sim.evidence.faults import Fault, nearest, tidy

_SEPARATORS = (",", ";", "\t")
_LARGEST_FILE = 20_000_000
_MOST_COLUMNS = 200
_RUN = tuple("=+-@\t\r\n＝＋－＠")  # what begins a formula in a spreadsheet


@dataclass(frozen=True)
class Row:
    """One record: the line it starts on, its text as it stands and its cells by column name."""

    line: int
    raw: str
    separator: str
    cells: dict[str, str]
    positions: dict[str, int]

    def place(self, column: str) -> tuple[int, int]:
        """Line and column, from 1, at which the cell of that name begins."""
        line, start = _cell_start(self.raw, self.separator, self.positions.get(column, 0))
        return self.line + line, start + 1


@dataclass(frozen=True)
class Table:
    """The rows of a file and the faults of its form; rows may be empty where there are faults."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def guarded(text: str) -> str:
    """A text as a cell that no spreadsheet runs: an apostrophe before what begins a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_RUN) else text


def unguarded(cell: str) -> str:
    """The text of a cell that was guarded, or the cell as it is."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_RUN) else cell


def _cell_start(raw: str, separator: str, index: int) -> tuple[int, int]:
    """Lines before the cell at an index, and its column from 0; (0, 0) where it is not there."""
    starts = itertools.islice(_cell_starts(raw, separator), index, None)
    return next(starts, (0, 0))


def _cell_starts(raw: str, separator: str) -> Iterator[tuple[int, int]]:
    """Where each cell of a record begins, in one walk over it."""
    line = column = 0
    quoted = False
    yield 0, 0
    for position, character in enumerate(raw):
        if character == '"':
            quoted = not quoted
        if character == "\n" or (character == "\r" and raw[position + 1 : position + 2] != "\n"):
            line, column = line + 1, position + 1
        elif character == separator and not quoted:
            yield line, position + 1 - column


def is_stream(path: Path) -> bool:
    """Whether a path is a pipe or a device, which may never end; OSError where there is nothing."""
    mode = path.stat().st_mode
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def read_bytes(
    path: Path, file: str, what: str = "CSV", most: int = _LARGEST_FILE
) -> tuple[bytes, list[Fault]]:
    """The bytes of a file, or the fault that explains why it cannot be read.

    what  kind of file, for messages;  most: bytes it may have
    """
    allowed = ""
    try:
        if is_stream(path):
            message = "is a pipe or a device, not a file"
        elif path.is_dir():
            message, allowed = "is a folder", f"give the path of a {what} file"
        elif (size := path.stat().st_size) > most:
            message = f"has {-(-size // 1024)} kB, too much for a {what}"
            allowed = f"at most {most // 1024} kB"
        else:
            return path.read_bytes(), []
    except FileNotFoundError:
        message = "there is no such file"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        message = f"cannot be read ({reason})"
    return b"", [Fault(file, 0, 0, "", message, allowed)]


def decode(data: bytes, file: str) -> tuple[str, list[Fault]]:
    """The text of the bytes; anything but UTF-8 is a fault, and read as well as it can be."""
    allowed = "save it as UTF-8 (in Excel: Save As, CSV UTF-8)"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4096]:
        return "", [Fault(file, 0, 0, "", "is not a plain text file", allowed)]
    return text_of(data, file, allowed)


def text_of(data: bytes, file: str, allowed: str) -> tuple[str, list[Fault]]:
    """The text of UTF-8, else that of Windows-1252, with a fault at the first wrong character."""
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line, start = before.count(b"\n") + 1, before.rfind(b"\n") + 1
        column = len(before[start:].decode("utf-8-sig", errors="replace")) + 1
        meant = data[error.start : error.start + 1].decode("cp1252", errors="replace")
        message = f"a character that is not UTF-8 (perhaps '{meant}')"
        fault = Fault(file, line, column, "", message, allowed)
        return data.decode("cp1252", errors="replace"), [fault]


def _separator(first_line: str, known: Iterable[str]) -> str:
    names = set(known)

    def recognised(separator: str) -> tuple[int, int]:
        cells = [cell.strip(' "').casefold() for cell in first_line.split(separator)]
        return sum(cell in names for cell in cells), len(cells)

    return max(_SEPARATORS, key=recognised)


def parse_table(
    text: str, file: str, known: tuple[str, ...], required: tuple[str, ...], most_rows: int
) -> Table:
    """Cells of a text by column name, with every fault of its form.

    Commas, semicolons or tabs may separate cells; column names may be written in capitals;
    empty rows and empty columns at the end are passed over. Cells are stripped of white space.
    """
    lines = list(io.StringIO(text, newline=""))
    if not text.strip():
        return Table(file, (), (), (Fault(file, 0, 0, "", "is empty"),))
    mark = lines[0].strip().casefold()
    if mark.startswith("sep=") and len(mark) <= len("sep=,"):
        message = "this line is for Excel, which alone reads it"
        return Table(file, (), (), (Fault(file, 1, 1, "", message, "delete the line"),))
    separator = _separator(lines[0], known)
    faults: list[Fault] = []
    records = _records(lines, separator, file, faults)
    header_line, header = records[0] if records else (1, [])
    raw_header = "".join(lines[header_line - 1 : header_line])
    positions = _positions(header, raw_header, separator, file, known, required, faults)
    rows: list[Row] = []
    for index, (line, cells) in enumerate(records[1:], start=1):
        if not any(cell.strip() for cell in cells):
            continue
        end = records[index + 1][0] - 1 if index + 1 < len(records) else len(lines)
        raw = "".join(lines[line - 1 : end])
        by_name = {
            name: unguarded(tidy(cells[place]))
            for name, place in positions.items()
            if place < len(cells)
        }
        rows.append(Row(line, raw, separator, by_name, positions))
        faults += _stray_cells(rows[-1], cells, header, file)
        if len(rows) > most_rows:
            message = f"more than {most_rows} rows"
            faults.append(Fault(file, line, 1, "", message, "one row a school of one authority"))
            rows.pop()
            break
    if not rows and not faults:
        faults.append(Fault(file, 1, 0, "", "has a header but no rows"))
    return Table(file, tuple(positions), tuple(rows), tuple(faults))


def _records(
    lines: list[str], separator: str, file: str, faults: list[Fault]
) -> list[tuple[int, list[str]]]:
    reader = csv.reader(lines, delimiter=separator, strict=True)
    records: list[tuple[int, list[str]]] = []
    start = 1
    try:
        for cells in reader:
            records.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        message = "this row cannot be read"
        if "unexpected end of data" in str(error):
            message = "a quotation mark opened in this row is never closed"
        elif "expected after" in str(error):
            message = "a quotation mark stands inside a cell"
        elif "field limit" in str(error):
            message = "a cell of this row does not end: perhaps a quotation mark is never closed"
        allowed = 'put cells that hold commas in "…", and write a quotation mark in one as ""'
        faults.append(Fault(file, start, 1, "", message, allowed))
    return records


def _positions(
    header: list[str],
    raw: str,
    separator: str,
    file: str,
    known: tuple[str, ...],
    required: tuple[str, ...],
    faults: list[Fault],
) -> dict[str, int]:
    positions: dict[str, int] = {}
    names = ["_".join(cell.casefold().split()) for cell in header]
    named = sum(map(bool, names))
    if named > _MOST_COLUMNS:
        allowed = f"no table here has more than {len(known)}"
        faults.append(Fault(file, 1, 1, "", f"has {named} columns", allowed))
        return {}
    left = set(known) - set(names)
    walk = (start for _, start in _cell_starts(raw, separator))
    starts = itertools.chain(walk, itertools.repeat(0))  # beyond a line break inside a name
    for index, (cell, name, start) in enumerate(zip(header, names, starts, strict=False)):
        column = start + 1
        if not name:
            continue
        if name not in known:
            suggestion = nearest(name, left)
            faults.append(
                Fault(file, 1, column, cell.strip(), "unknown column", suggestion=suggestion)
            )
        elif name in positions:
            faults.append(Fault(file, 1, column, name, "this column stands twice"))
        else:
            positions[name] = index
    missing = [name for name in required if name not in positions]
    for name in missing:
        allowed = f"the first line must name {', '.join(required)}"
        faults.append(Fault(file, 1, 1, name, "this column is missing", allowed))
    return positions


def _stray_cells(row: Row, cells: list[str], header: list[str], file: str) -> list[Fault]:
    for index, cell in enumerate(cells):
        if cell.strip() and (index >= len(header) or not header[index].strip()):
            line, column = _cell_start(row.raw, row.separator, index)
            allowed = 'a name with a comma in it must stand in "…"'
            message = f"'{cell.strip()}' stands in a column without a name"
            return [Fault(file, row.line + line, column + 1, "", message, allowed)]
    return []
