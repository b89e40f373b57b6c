"""How an answer reaches the reader: its first screen, a part of it, or all, and in which format."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsip_sim.cli.answers import printed
from rsip_sim.evidence.tables import guarded

if TYPE_CHECKING:
    from rsip_sim.report.blocks import Report
    from rsip_sim.report.text import Line

SCHEMA, VERSION = "rsip answer", 1
"""Of the JSON that ``--format json`` prints."""

_FIGURE = re.compile(r"\+£?[\d.,]+[%m]?")  # which a spreadsheet may read as it stands


class Format(StrEnum):
    """How an answer is printed."""

    text = "text"
    csv = "csv"
    json = "json"


def width() -> int:
    """Characters of a line: the terminal's within limits, or the usual ones of a file or pipe."""
    from rsip_sim.report.text import NARROWEST, WIDTH

    if not sys.stdout.isatty():
        return WIDTH
    return min(max(shutil.get_terminal_size((WIDTH, 24)).columns, NARROWEST), WIDTH)


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines, headings bold where the terminal shows it and NO_COLOR does not forbid it."""
    from rich.console import Console

    bold = sys.stdout.isatty() and not Console().no_color
    for line in lines:
        print(f"\x1b[1m{line.text}\x1b[0m" if bold and line.strong and line.text else line.text)


def tell(
    report: Report,
    folder: Path | None = None,
    full: bool = False,
    form: Format = Format.text,
    then: str = "",
) -> None:
    """Print an answer: its first screen and what to type next, all of it, or its table.

    folder  where it is kept, which the hints name
    then    another command that goes on from it
    Raises StreamError where it cannot be written.
    """
    from rsip_sim.report.text import Line, first_screen, part_lines

    with printed(folder):
        if form is Format.json:
            print(json.dumps(as_json(report, folder), indent=1, ensure_ascii=False))
        elif form is Format.csv:
            print(as_csv(report), end="")
        else:
            wide = width()
            lines = first_screen(report, wide)
            for part in report.parts if full else ():
                lines += [Line(""), *part_lines(part, wide)]
            print_lines(lines if full else [*lines, *_more(report, folder, then, wide)])


def _more(report: Report, folder: Path | None, then: str, wide: int) -> list[Line]:
    """What to type next."""
    from rsip_sim.report.text import Line, paragraph

    hints = [then] if then else []
    if report.parts:
        shown = f"rsip show {folder}" if folder is not None else "--full also shows:"
        between = " | " if folder is not None else ", "
        hints.insert(0, f"{shown} {between.join(part.name for part in report.parts)}")
    lines = [Line("")] if hints else []
    for place, hint in enumerate(hints):
        lines += map(Line, paragraph(hint, wide, "      " if place else "MORE  ", "      "))
    return lines


def as_csv(report: Report) -> str:
    """The table of the first screen as CSV; ValueError where it has none."""
    table = report.table
    if table is None:
        raise ValueError("this answer has no table; --format json has all of it")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (table.header, *table.labelled):
        writer.writerow([c if _FIGURE.fullmatch(c) else guarded(c) for c in map(str, row)])
    return text.getvalue()


def as_json(report: Report, folder: Path | None = None) -> dict[str, Any]:
    """The first screen as data, and the names of the parts behind it."""
    from rsip_sim.report.blocks import Paragraph, Points

    said: list[str] = []
    for block in report.blocks:
        if isinstance(block, Paragraph):
            said.append(block.words)
        elif isinstance(block, Points):
            said += block.items
    table = report.table
    return {
        "schema": SCHEMA,
        "version": VERSION,
        "question": report.title,
        "about": report.subtitle,
        "says": [str(each) for each in said],
        "table": table
        and {
            "caption": str(table.caption),
            "columns": [str(each) for each in table.header],
            "rows": [[str(cell) for cell in row] for row in table.labelled],
        },
        "parts": [part.name for part in report.parts],
        "folder": folder and str(folder),
    }
