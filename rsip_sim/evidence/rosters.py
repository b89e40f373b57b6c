"""Rosters: the schools of one authority at the start of a scenario.

A roster is a CSV file whose columns `rsip_sim.evidence.roster_columns.COLUMNS` documents.
Shipped rosters are named without folder or ending (`rotherham_2011`).
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.faults import Fault, FaultyError, nearest
from rsip_sim.evidence.roster_columns import COLUMN_BY_NAME, COLUMNS, PHASE_OF, REQUIRED, CellError
from rsip_sim.evidence.tables import Row, decode, guarded, parse_table, read_bytes

MOST_ROWS = 5000
DATA = Path(__file__).parent / "data"
_SHIPPED_PATTERN = "*_20[0-9][0-9].csv"
_NUMBERS: Mapping[str, type[np.generic]] = {  # columns kept as they were read, with their type
    "urn": np.int64, "pupils": np.int64, "governance": np.int8, "legal_status": np.int8,
    "route": np.int8, "opened": np.int32, "planned_opening": np.int32, "ofsted_grade": np.int8,
    "member": np.int8, "pupils_filled": np.bool_,
}  # fmt: skip


class RosterError(FaultyError):
    """A roster that cannot be used; `faults` holds every fault found in it."""


@dataclass(frozen=True, eq=False)
class Roster:
    """The schools of one authority, sorted by URN: arrays of one entry a school, read-only.

    name             the name a scenario gives it: a shipped roster's, or the file's stem
    source           the file as it was named
    digest           sha256 of the file's bytes
    urn              int64
    school           names
    phase            int8 index into rsip_sim.model.panel.PHASES; nurseries and PRUs are 3
    detailed_phase   nursery, infant, junior, primary, secondary, special or pru
    pupils           int64, above 0
    governance       int8: 0 community, 1 foundation, 2 voluntary aided, 3 controlled, 4 other
    community        int16 index into communities, −1 none; communities in order of name
    diocese          int16 index into dioceses, −1 none; dioceses in order of name
    legal_status     int8: 0 maintained, 1 academy at the start
    route            int8: 0 none, 1 converter, 2 sponsored
    opened           int32 month number in which an academy opened, −1 for maintained schools
    planned_opening  int32 month number of a conversion already settled, −1 none
    trust            names, '' none
    ofsted_grade     int8 1 … 4, 0 not given
    member           int8: 1 and 0 for given membership at the start, −1 not given
    pupils_filled    bool, the number of pupils is an estimate
    """

    name: str
    source: str
    digest: str
    urn: NDArray[np.int64]
    school: tuple[str, ...]
    phase: NDArray[np.int8]
    detailed_phase: tuple[str, ...]
    pupils: NDArray[np.int64]
    governance: NDArray[np.int8]
    community: NDArray[np.int16]
    communities: tuple[str, ...]
    diocese: NDArray[np.int16]
    dioceses: tuple[str, ...]
    legal_status: NDArray[np.int8]
    route: NDArray[np.int8]
    opened: NDArray[np.int32]
    planned_opening: NDArray[np.int32]
    trust: tuple[str, ...]
    ofsted_grade: NDArray[np.int8]
    member: NDArray[np.int8]
    pupils_filled: NDArray[np.bool_]

    def __len__(self) -> int:
        """Number of schools."""
        return len(self.school)


def shipped_rosters() -> tuple[str, ...]:
    """Names of the rosters that come with the package."""
    return tuple(sorted(path.stem for path in DATA.glob(_SHIPPED_PATTERN)))


def roster_path(name_or_path: str | Path) -> Path:
    """The file of a shipped roster's name, or the path itself; it need not exist."""
    shipped = DATA / f"{name_or_path}.csv"
    return shipped if str(name_or_path) in shipped_rosters() else Path(name_or_path)


def load_roster(name_or_path: str | Path) -> Roster:
    """Read and check a shipped roster, by its name, or a CSV file, by its path.

    Raises RosterError with every fault of the file.
    """
    path = roster_path(name_or_path)
    return roster_from_bytes(_bytes(name_or_path), path.stem, str(name_or_path))


def roster_from_rows(rows: Sequence[Mapping[str, object]], name: str) -> Roster:
    """A roster from one mapping of column name to value a school, checked like a file."""
    return roster_from_bytes(roster_text(rows).encode(), name, name)


def roster_text(rows: Sequence[Mapping[str, object]]) -> str:
    """The rows as the text of a roster file, every documented column in order."""
    buffer = io.StringIO()
    names = [column.name for column in COLUMNS]
    writer = csv.DictWriter(buffer, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {name: guarded(cell) if isinstance(cell, str) else cell for name, cell in row.items()}
        for row in rows
    )
    return buffer.getvalue()


@functools.lru_cache(maxsize=8)  # the scenarios of a comparison name one roster each
def roster_from_bytes(data: bytes, name: str, source: str) -> Roster:
    """A roster from the bytes of a roster file; source is the file's name in faults."""
    text, faults = decode(data, source)
    if faults and not text:
        raise RosterError(faults)
    table = parse_table(text, source, tuple(COLUMN_BY_NAME), REQUIRED, MOST_ROWS)
    faults += table.faults
    records: list[dict[str, int | str]] = []
    first_line: dict[int | str, int] = {}
    for row in table.rows:
        record, row_faults = _record(row, source, set(table.columns))
        faults += row_faults
        urn = record["urn"]
        if urn in first_line and urn != -1:
            line, column = row.place("urn")
            message = f"URN {urn} stands already on line {first_line[urn]}"
            faults.append(Fault(source, line, column, "urn", message))
        first_line.setdefault(urn, row.line)
        records.append(record)
    if faults:
        raise RosterError(sorted(faults, key=lambda fault: (fault.line, fault.column)))
    return _assemble(records, name, source, hashlib.sha256(data).hexdigest())


def _bytes(name_or_path: str | Path) -> bytes:
    path = roster_path(name_or_path)
    data, faults = read_bytes(path, str(name_or_path))
    if faults and not os.path.exists(path):  # unlike Path.exists, for any name
        shipped = shipped_rosters()
        allowed = f"a path of a CSV file, or a roster of the package: {', '.join(shipped)}"
        suggestion = nearest(path.stem, shipped)
        message = "there is no such roster"
        faults = [Fault(str(name_or_path), 0, 0, "", message, allowed, suggestion)]
    if faults:
        raise RosterError(faults)
    return data


def _record(row: Row, file: str, present: set[str]) -> tuple[dict[str, int | str], list[Fault]]:
    record: dict[str, int | str] = {}
    faults: list[Fault] = []

    def fault(column: str, message: str, allowed: str = "", suggestion: str = "") -> None:
        faults.append(Fault(file, *row.place(column), column, message, allowed, suggestion))

    for column in COLUMNS:
        cell = row.cells.get(column.name, "")
        record[column.name] = column.default
        if cell:
            try:
                record[column.name] = column.read(cell)
            except CellError as error:
                fault(column.name, str(error), column.allowed, error.suggestion)
        elif column.required and column.name in present:
            fault(column.name, "is empty", column.allowed)
    if not faults:
        _check_status(row, record, fault)
    return record, faults


def _check_status(row: Row, record: dict[str, int | str], fault: Callable[..., None]) -> None:
    academy = record["legal_status"] == 1
    planned = record["planned_opening"] != -1
    if (academy or planned) and record["phase"] in ("nursery", "pru"):
        column = "legal_status" if academy else "planned_opening"
        fault(column, f"a {record['phase']} does not become an academy in this model", "maintained")
    if academy and record["opened"] == -1:
        fault("opened", "an academy needs the month it opened", COLUMN_BY_NAME["opened"].allowed)
    if academy and planned:
        fault("planned_opening", "an academy has no planned opening", "leave it empty")
    if not academy and record["opened"] != -1:
        fault(
            "opened",
            "a maintained school has not opened as an academy",
            "leave it empty, or use planned_opening for a conversion already settled",
        )
    if not academy and not planned and row.cells.get("route"):
        fault("route", "a maintained school without a planned opening has no route")
    if (academy or planned) and record["route"] == 0:
        record["route"] = 1


def _assemble(records: list[dict[str, int | str]], name: str, source: str, digest: str) -> Roster:
    ordered = sorted(records, key=lambda record: int(record["urn"]))

    def texts(column: str) -> tuple[str, ...]:
        return tuple(str(record[column]) for record in ordered)

    numbers: dict[str, Any] = {
        column: _frozen([int(record[column]) for record in ordered], kind)
        for column, kind in _NUMBERS.items()
    }
    communities, community = _indexed(texts("learning_community"))
    dioceses, diocese = _indexed(texts("diocese"))
    return Roster(
        name=name,
        source=source,
        digest=digest,
        school=texts("school"),
        phase=_frozen([PHASE_OF[phase] for phase in texts("phase")], np.int8),
        detailed_phase=texts("phase"),
        community=_frozen(community, np.int16),
        communities=communities,
        diocese=_frozen(diocese, np.int16),
        dioceses=dioceses,
        trust=texts("trust"),
        **numbers,
    )


def _indexed(names: tuple[str, ...]) -> tuple[tuple[str, ...], list[int]]:
    distinct = tuple(sorted({name for name in names if name}))
    place = {name: index for index, name in enumerate(distinct)}
    return distinct, [place.get(name, -1) for name in names]


def _frozen(values: list[int], kind: type[np.generic]) -> NDArray[Any]:
    array = np.array(values, dtype=kind)
    array.setflags(write=False)
    return array
