"""A report as text for the terminal, 100 characters wide: headings, paragraphs and columns."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence

from rsip_sim.report.blocks import (
    Block,
    Column,
    Gap,
    Heading,
    Paragraph,
    Picture,
    Points,
    Report,
    Table,
)
from rsip_sim.report.words import TO_BE_WRITTEN

WIDTH = 100
INDENT = 2
"""Of rows below the text that names them, of lists within lists, and before words that follow a
column of numbers."""

NOTE = "   "
"""Before each line of a note on the table above it."""


def rendered(report: Report) -> str:
    """The whole report as text; pictures are in files of their own."""
    lines = heading(report.title) if report.title else []
    if report.subtitle:
        lines += paragraph(report.subtitle)
    before: Block | None = None
    for block in report.blocks:
        if lines and _stands_apart(block, before):
            lines.append("")
        lines += _lines(block)
        before = block
    return "\n".join(lines) + "\n"


def _stands_apart(block: Block, before: Block | None) -> bool:
    match block:
        case Heading(_, level):
            return level < 3 or not isinstance(before, Heading)
        case Paragraph() | Points() | Table():
            return block.apart
        case Picture() | Gap():
            return isinstance(block, Gap)


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(words, level):
            return heading(words) if level < 3 else paragraph(words)
        case Paragraph(words, kind):
            return paragraph(words, NOTE if kind == "note" else "")
        case Points():
            return [line for item in _points(block) for line in item]
        case Table():
            caption = [] if block.quiet else paragraph(block.caption, "", " " * INDENT)
            return [*caption, *table(block.columns, block.rows)]
        case Picture():
            return []
        case Gap(subject, who):
            return paragraph(f"{TO_BE_WRITTEN}: {subject} (by {who}).")


def _points(points: Points) -> Iterator[list[str]]:
    margin = " " * INDENT * points.depth
    for number, item in enumerate(points.items, 1):
        mark = f"{number}. " if points.numbered else "" if points.plain else "- "
        rest = " " * (INDENT if points.plain else len(mark))
        yield paragraph(item, margin + mark, margin + rest)


def heading(text: str) -> list[str]:
    """A heading with a rule below."""
    return [*textwrap.wrap(text.upper(), WIDTH), "─" * WIDTH]


def paragraph(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """A paragraph; ``first`` stands before its first line and ``rest`` before the others."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=first if rest is None else rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def shortened(text: str, width: int) -> str:
    """The text in at most so many characters; what does not fit gives way to an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def table(columns: Sequence[Column], rows: Sequence[Sequence[str] | str]) -> list[str]:
    """Columns with their headings; rows below a text that names them are indented."""
    lines, margin = _heads(columns), 0
    before: Sequence[str] = [""] * len(columns)
    for row in rows:
        if isinstance(row, str):
            lines += paragraph(row, "", " " * INDENT)
            margin = INDENT
        else:
            cells = [
                "" if column.once and cell == above else cell
                for column, cell, above in zip(columns, row, before, strict=True)
            ]
            lines += _row(columns, cells, margin)
            before = row
    return lines


def _heads(columns: Sequence[Column]) -> list[str]:
    """The lines of the headings, those shared by several columns above the others."""
    heads = [
        []
        if column.silent
        else column.heading.split("\n")
        if "\n" in column.heading
        else textwrap.wrap(column.heading, max(_width(column) - 1, 1))
        for column in columns
    ]
    deep = max(len(head) for head in heads)
    padded = [[""] * (deep - len(head)) + head for head in heads]
    lines = [_line(columns, [head[level] for head in padded]) for level in range(deep)]
    if not any(column.over for column in columns):
        return lines
    over = "".join(
        f"{words:>{sum(map(_width, group))}}"
        for words, group in itertools.groupby(columns, lambda column: column.over)
    )
    return [over.rstrip(), *lines]


def _row(columns: Sequence[Column], cells: Sequence[str], margin: int) -> list[str]:
    """The lines of one row: more than one where a cell goes on below.

    Words take the room of empty cells after them too.
    """
    wrapped = []
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        indent, hang = _indent(columns, place) + (0 if place else margin), column.hang
        after = itertools.takewhile(lambda each: not cells[each], range(place + 1, len(columns)))
        room = _width(column) - indent + sum(_width(columns[each]) for each in after)
        hang = INDENT if hang == 0 and cell.startswith("- ") else hang  # of a bullet
        wrapped.append(
            [shortened(cell, room - 1)]
            if hang is None
            else textwrap.wrap(
                cell, room, subsequent_indent=" " * hang, break_on_hyphens=False
            )
        )  # fmt: skip
    deep = max(len(lines) for lines in wrapped)
    return [
        _line(columns, [lines[level] if level < len(lines) else "" for lines in wrapped], margin)
        for level in range(deep)
    ]


def _line(columns: Sequence[Column], cells: Sequence[str], margin: int = 0) -> str:
    made, begin = "", 0
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        indent = _indent(columns, place) + (0 if place else margin)
        if cell:
            made = made.rstrip().ljust(begin + indent)
            made += f"{cell:{'<' if column.words else '>'}{_width(column) - indent}}"
        begin += _width(column)
    return made.rstrip()


def _width(column: Column) -> int:
    return int(column.width)


def _indent(columns: Sequence[Column], place: int) -> int:
    """What stands between words and the column of numbers before them."""
    return INDENT if place and columns[place].words and not columns[place - 1].words else 0
