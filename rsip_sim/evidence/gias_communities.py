"""Learning communities of schools in a roster made from the register: given, or inferred."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.gias_types import is_placeholder
from rsip_sim.evidence.roster_columns import COLUMN_BY_NAME, CellError, shown
from rsip_sim.evidence.tables import decode, parse_table, read_bytes

_MOST_SCHOOLS = 5000
_COLUMN = COLUMN_BY_NAME["learning_community"]


def add_communities(
    rows: list[dict[str, object]],
    postcodes: Mapping[str, str],
    communities_csv: Path | None,
    faults: list[Fault],
) -> str:
    """Give each row its `learning_community`; returns a sentence on where they are from."""
    if communities_csv is not None:
        given = _read_communities(communities_csv, faults)
        for row in rows:
            row["learning_community"] = given.pop(int(str(row["urn"])), "")
        without = sum(not row["learning_community"] for row in rows)
        told = f"Learning communities are as given; {without} schools have none"
        if given:
            verb = "is" if len(given) == 1 else "are"
            told += f", and {len(given)} of the schools given {verb} not in the roster"
        return f"{told}."
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


def _read_communities(path: Path, faults: list[Fault]) -> dict[int, str]:
    file = str(path)
    data, problems = read_bytes(path, file)
    text, more = decode(data, file) if not problems else ("", [])
    faults += problems + more
    if problems or (more and not text):
        return {}
    names = ("urn", "community")
    table = parse_table(text, file, names, names, _MOST_SCHOOLS)
    faults += table.faults
    given: dict[int, str] = {}
    for row in table.rows:
        urn, community = row.cells.get("urn", ""), row.cells.get("community", "")
        if not re.fullmatch("[0-9]{1,12}", urn):
            message = f"'{shown(urn)}' is not a whole number"
            faults.append(Fault(file, *row.place("urn"), "urn", message))
            continue
        if int(urn) in given:
            faults.append(Fault(file, *row.place("urn"), "urn", f"URN {urn} stands twice"))
        given[int(urn)] = ""
        if not is_placeholder(community):
            try:
                given[int(urn)] = str(_COLUMN.read(community))
            except CellError as error:
                place = row.place("community")
                faults.append(Fault(file, *place, "community", str(error), _COLUMN.allowed))
    return given
