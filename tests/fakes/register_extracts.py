"""Small extracts of the national register: establishments of an invented authority."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from rsip_sim.evidence.gias import REQUIRED

HEADER = (*REQUIRED, "OfstedRating (name)", "PreviousLA (code)", "LastChangedDate")
Establishment = dict[str, str]

_PRIMARY = {
    "LA (code)": "999",
    "LA (name)": "Exampleshire",
    "TypeOfEstablishment (name)": "Community school",
    "EstablishmentTypeGroup (name)": "Local authority maintained schools",
    "EstablishmentStatus (name)": "Open",
    "PhaseOfEducation (name)": "Primary",
    "StatutoryLowAge": "4",
    "StatutoryHighAge": "11",
    "NumberOfPupils": "200",
    "ReligiousCharacter (name)": "Does not apply",
    "Diocese (name)": "Not applicable",
    "Postcode": "EX1 1AA",
}


def establishment(urn: int, name: str, **cells: str) -> Establishment:
    """A maintained primary school of Exampleshire, some cells otherwise.

    cells  by column name without brackets and spaces: `Diocese="Diocese of York"`
    """
    record = dict.fromkeys(HEADER, "") | _PRIMARY | {"URN": str(urn), "EstablishmentName": name}
    columns = {column.split(" (")[0]: column for column in HEADER} | {
        "LACode": "LA (code)", "LAName": "LA (name)",
    }  # fmt: skip
    return record | {columns[column]: value for column, value in cells.items()}


def converter(urn: int, name: str, opened: str, **cells: str) -> Establishment:
    """An academy that opened by conversion on a date."""
    kinds = {"TypeOfEstablishment": "Academy converter", "EstablishmentTypeGroup": "Academies"}
    return establishment(urn, name, OpenDate=opened, **{**kinds, **cells})


def extract_text(establishments: Sequence[Establishment], separator: str = ",") -> str:
    """The establishments as the text of an extract."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, HEADER, delimiter=separator, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(establishments)
    return buffer.getvalue()


def write_extract(folder: Path, *establishments: Establishment, name: str = "extract.csv") -> Path:
    """Write the establishments as an extract in a folder, as the register encodes it."""
    path = folder / name
    path.write_bytes(extract_text(establishments).encode("cp1252"))
    return path
