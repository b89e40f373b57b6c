"""Learning communities of schools in a roster made from the register: given, or inferred."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.gias_types import is_placeholder
from rsip_sim.evidence.tables import decode, parse_table, read_bytes

_MOST_SCHOOLS = 5000


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
        community = row.cells.get("community", "")
        given[urn] = "" if is_placeholder(community) else community
    return given
