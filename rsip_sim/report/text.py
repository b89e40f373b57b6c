"""A report as text for the terminal: headings, paragraphs and columns, as wide as there is room."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from rsip_sim.report.blocks import (
    Block,
    Column,
    Gap,
    Heading,
    Paragraph,
    Part,
    Picture,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import TO_BE_WRITTEN

WIDTH = 96
"""Of a line in a file or a pipe, and the most on a terminal."""

NARROWEST = 60
INDENT = 2
"""Of rows below the text that names them, of lists within lists, and before words that follow a
column of numbers."""

NOTE = "   "
"""Before each line of a note on the table above it."""

_LEAST_NAME = 16  # characters of the first column, before its cells stand in lines of their own


class Line(NamedTuple):
    """One line: its text, and whether it is a heading."""

    text: str
    strong: bool = False


def rendered(report: Report, width: int = WIDTH) -> str:
    """The whole report as text, every part of it; pictures are in files of their own."""
    lines = first_screen(report, width)
    for part in report.parts:
        lines += [Line(""), *part_lines(part, width)]
    return "\n".join(line.text for line in lines) + "\n"


def first_screen(report: Report, width: int = WIDTH) -> list[Line]:
    """The question, the answer, its table and how sure it is."""
    return [*_title(report, width), *_set(report.blocks, width)]


def part_lines(part: Part, width: int = WIDTH) -> list[Line]:
    """One part below its heading."""
    return [*_heading(part.title, width), *_set(part.blocks, width)]


def _title(report: Report, width: int) -> list[Line]:
    """The question, and in the same line what it was asked about, where there is room."""
    title = report.title.upper()
    if report.subtitle and len(title) + 3 + len(report.subtitle) <= width:
        return [Line(f"{title}   {report.subtitle}", True)]
    about = [Line(line) for line in paragraph(report.subtitle, width)]
    return [*_heading(report.title, width), *about]


def _heading(text: str, width: int) -> list[Line]:
    return [Line(line, True) for line in textwrap.wrap(text.upper(), width)]


def _set(blocks: Sequence[Block], width: int) -> list[Line]:
    lines: list[Line] = []
    before: Block | None = None
    for block in blocks:
        match block:
            case Heading(words, level):
                apart = level < 3 or not isinstance(before, Heading)
                texts = [] if level < 3 else paragraph(words, width)
            case Paragraph(words, kind, apart):
                texts = paragraph(words, width, NOTE if kind == "note" else "")
            case Points():
                apart, texts = block.apart, list(_points(block, width))
            case Table():
                caption = [] if block.quiet else paragraph(block.caption, width, "", " " * INDENT)
                apart, texts = block.apart, [*caption, *table(block.columns, block.rows, width)]
            case Gap(subject, who):
                apart = True
                texts = paragraph(f"{TO_BE_WRITTEN}: {subject} (by {who}).", width)
            case Picture():  # in a file of its own
                continue
        if lines and apart:
            lines.append(Line(""))
        if isinstance(block, Heading) and block.level < 3:
            lines += _heading(block.words, width)
        lines += [Line(text) for text in texts]
        before = block
    return lines


def _points(points: Points, width: int) -> Iterator[str]:
    margin = " " * INDENT * points.depth
    for number, item in enumerate(points.items, 1):
        mark = f"{number}. " if points.numbered else "" if points.plain else "- "
        rest = " " * (INDENT if points.plain else len(mark))
        yield from paragraph(item, width, margin + mark, margin + rest)


def paragraph(text: str, width: int = WIDTH, first: str = "", rest: str | None = None) -> list[str]:
    """A paragraph; ``first`` stands before its first line and ``rest`` before the others."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=first if rest is None else rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def shortened(text: str, width: int) -> str:
    """The text in at most so many characters; what does not fit gives way to an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def table(
    columns: Sequence[Column], rows: Sequence[Sequence[str] | str], width: int = WIDTH
) -> list[str]:
    """Columns with their headings; rows below a text that names them are indented.

    Where the columns are wider than the line, the first gives way, or a wider one that goes on in
    the next line; where that is not enough, the cells of the first stand in lines of their own
    above the others, and of these the last columns go below. A number is never cut.
    """
    columns = [_wide_enough(column, rows, place) for place, column in enumerate(columns)]
    over = sum(map(_width, columns)) - width
    if over <= 0:
        return _table(columns, rows, width)
    first, *others = columns
    widest = max((each for each in columns if each.hang is not None), key=_width, default=first)
    widest = first if _width(first) >= _width(widest) else widest
    left = _width(widest) - over
    if left >= min(_LEAST_NAME, _width(widest)):
        narrow = replace(widest, width=left, hang=widest.hang or int(widest is first))
        return _table([narrow if each is widest else each for each in columns], rows, width)
    lines = [] if first.silent else paragraph(first.heading, width)
    for number, group in enumerate(_groups(others, width - INDENT)):
        chosen = [others[place] for place in group]
        below: list[Sequence[str] | str] = []
        for row in rows:
            if not isinstance(row, str):
                below += [row[0], ["", *(row[1 + place] for place in group)]]
            else:
                below.append(row.upper())
        margin = Column(" ", INDENT, words=True, silent=True)
        lines += [*([""] if number else []), *_table([margin, *chosen], below, width, 0)]
    return lines


def _wide_enough(column: Column, rows: Sequence[Sequence[str] | str], place: int) -> Column:
    """A column of numbers as wide as its longest cell needs; words may be cut or go on below."""
    if column.words or column.hang is not None:
        return column
    longest = max((len(row[place]) for row in rows if not isinstance(row, str)), default=0)
    return replace(column, width=max(_width(column), longest + 1))


def _groups(columns: Sequence[Column], width: int) -> Iterator[list[int]]:
    """Places of as many columns side by side as there is room for, group by group."""
    group: list[int] = []
    for place, column in enumerate(columns):
        if group and sum(_width(columns[each]) for each in group) + _width(column) > width:
            yield group
            group = []
        group.append(place)
    yield group


def _table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str] | str],
    width: int,
    indent: int = INDENT,
) -> list[str]:
    lines, margin = _heads(columns), 0
    before: Sequence[str] = [""] * len(columns)
    for row in rows:
        if isinstance(row, str):
            lines += paragraph(row, width, "", " " * INDENT)
            margin = indent
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
    lines = [_line(columns, level) for level in _levels(heads)]
    if not any(column.over for column in columns):
        return lines
    over = [
        (words, sum(map(_width, group)))
        for words, group in itertools.groupby(columns, lambda column: column.over)
    ]
    above = _levels([textwrap.wrap(words, max(width - 1, 1)) for words, width in over])
    shared = (
        "".join(f"{text:>{width}}" for text, (_, width) in zip(level, over, strict=True))
        for level in above
    )
    return [*(line.rstrip() for line in shared), *lines]


def _levels(stacks: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """What stands side by side, line by line, the last lines of all in one."""
    return list(itertools.zip_longest(*map(reversed, stacks), fillvalue=""))[::-1]


def _row(columns: Sequence[Column], cells: Sequence[str], margin: int) -> list[str]:
    """The lines of one row: more than one where a cell goes on below.

    Words take the room of empty cells after them too.
    """
    wrapped = []
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        indent, hang = _indent(columns, place) + (0 if place else margin), column.hang
        after = list(
            itertools.takewhile(lambda each: not cells[each], range(place + 1, len(columns)))
        )
        room = max(_width(column) - indent + sum(_width(columns[each]) for each in after), 2)
        beside = columns[place + 1 + len(after) :]
        if hang is not None and beside and beside[0].words and not _indent(columns, place + 1):
            room -= 1  # between words and words
        hang = INDENT if hang == 0 and cell.startswith("- ") else hang  # of a bullet
        wrapped.append(
            [shortened(cell, room - 1)]
            if hang is None
            else textwrap.wrap(
                cell, room, subsequent_indent=" " * hang, break_on_hyphens=False
            )
        )  # fmt: skip
    levels = itertools.zip_longest(*wrapped, fillvalue="")
    return [_line(columns, level, margin) for level in levels]


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


MOST_ACROSS = 8
"""Options that stand side by side, the baseline among them."""

_LABEL, _OPTION, _MEASURE = 40, 8, 12
_LEAST_LABEL = 24  # of an option that stands below others


def options_table(
    name: str, caption: str, described: str, options: Sequence[str], rows: Sequence[Row | str]
) -> Table:
    """The table of a first screen: measures down and options across, the other way where many.

    caption    what its numbers are: it stands above the labels of the measures
    described  how to read it with a measure a row
    rows       label and one cell an option; or a text that names the rows after it
    """
    width = max(_OPTION, *(2 + max(map(len, option.split())) for option in options))
    label = Column(caption, _LABEL, words=True, hang=1)
    heads = [Column(option, width) for option in options]
    down = Table(name, caption, described, (label, *heads), tuple(rows), quiet=True, apart=True)
    if len(options) <= MOST_ACROSS:
        return down
    width = min(_MEASURE, (WIDTH - _LEAST_LABEL) // len(down.cells))
    heads = []
    for over, group in down.named:
        fits = len(over) < width * len(group)  # else it goes in
        for measure, *_ in group:
            head = measure if fits else f"{over}: {measure}"
            heads.append(Column(head, width, over=over if fits else ""))
    return Table(
        name,
        caption,
        f"One row an option, one column a measure. {described}",
        (Column("option", _LEAST_LABEL, words=True, hang=1), *heads),
        tuple(zip(options, *(row[1:] for row in down.cells), strict=True)),
        apart=True,
    )
