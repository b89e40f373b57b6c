"""The files of the golden record: written, compared and told apart.

Numbers in CSV and JSON, and those behind the figures of an HTML page, agree to a relative 1e-9,
everything else to the letter: the last bit of a float depends on the processor, a rounded figure
does not.
"""

from __future__ import annotations

import csv
import difflib
import io
import itertools
import json
import math
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

RECORD = Path(__file__).parent / "record"
CLOSE = 1e-9  # of the larger number
NOUGHT = 1e-12  # below it a number is taken for nought: what is left of sums that cancel
MOST_SHOWN = 25
_VALUE = re.compile(r'(?<= value=")([^"]*)(?=")')

Files = Mapping[str, str]
"""Text by its path in the folder of the case, such as ``tables/differences.csv``."""


def stored(case: str) -> dict[str, str]:
    """The files of a case as the repository has them; none where the case was never recorded."""
    folder = RECORD / case
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def write(case: str, files: Files) -> None:
    """Put these files in the place of those that are there."""
    shutil.rmtree(RECORD / case, ignore_errors=True)
    for name, text in files.items():
        path = RECORD / case / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")


def differences(before: Files, now: Files) -> list[str]:
    """What is not as recorded, a line each; of one file not more than can be read."""
    found = []
    for name in sorted({*before, *now}):
        if name not in now:
            found.append(f"{name}: recorded, and no longer made")
        elif name not in before:
            found.append(f"{name}: made, and not recorded")
        else:
            told = list(itertools.islice(_told(name, before[name], now[name]), MOST_SHOWN + 1))
            found += told[:MOST_SHOWN]
            if len(told) > MOST_SHOWN:
                found.append(f"{name}: and more")
    return [line.rstrip("\n") for line in found]


def _told(name: str, before: str, now: str) -> Iterator[str]:
    if before == now:
        return
    if name.endswith(".csv"):
        rows, others = (list(csv.reader(io.StringIO(text))) for text in (before, now))
        yield from _cells(name, rows, others)
    elif name.endswith(".json"):
        yield from _values(name, json.loads(before), json.loads(now))
    else:
        if name.endswith(".html"):
            one, two = (_VALUE.findall(text) for text in (before, now))
            yield from _values(f"{name}: value", one, two)
            before, now = (_VALUE.sub("…", text) for text in (before, now))
        yield from difflib.unified_diff(
            before.splitlines(True), now.splitlines(True), f"{name}, as recorded", f"{name}, now",
            n=1,
        )  # fmt: skip


def _cells(name: str, rows: list[list[str]], others: list[list[str]]) -> Iterator[str]:
    """Rows of two tables, cell by cell; the first row names the columns."""
    if rows[:1] != others[:1]:
        yield f"{name}: columns were {rows[:1]}, are {others[:1]}"
        return
    if len(rows) != len(others):
        yield f"{name}: had {len(rows) - 1} rows, has {len(others) - 1}"
    for number, (row, other) in enumerate(zip(rows, others, strict=False)):
        for column, one, two in zip(rows[0], row, other, strict=False):
            if not _alike(one, two):
                yield f"{name}, row {number}, {column}: was {one!r}, is {two!r}"


def _values(name: str, before: Any, now: Any) -> Iterator[str]:
    """Two readings of a JSON file, value by value."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now}):
            yield from _values(f"{name} › {key}", before.get(key), now.get(key))
    elif isinstance(before, list) and isinstance(now, list):
        if len(before) != len(now):
            yield f"{name}: had {len(before)} items, has {len(now)}"
        for number, (one, two) in enumerate(zip(before, now, strict=False)):
            yield from _values(f"{name} › {number}", one, two)
    elif type(before) is not type(now) or not _alike(str(before), str(now)):
        yield f"{name}: was {before!r}, is {now!r}"


def _alike(one: str, two: str) -> bool:
    if one == two:
        return True
    try:
        a, b = float(one), float(two)
    except ValueError:
        return False
    # a whole number is a count, a year or a URN: it is the same or another
    if one.lstrip("-").isdigit() and two.lstrip("-").isdigit():
        return False
    return math.isclose(a, b, rel_tol=CLOSE, abs_tol=NOUGHT)
