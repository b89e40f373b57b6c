"""A report before it is set: headings, paragraphs, lists, tables, pictures and marked gaps.

What a command prints, what a study keeps and what Cabinet reads are all a `Report`; a renderer for
each medium sets the same blocks. What is said of the terminal holds there alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from rsip_sim.report.quoted import Said, joined


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 for the sections of a paper, 2 below them, 3 within these."""

    words: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: of the body, the lead of a paper, or a note on what stands before it.

    apart  a blank line stands before it on the terminal
    """

    words: str
    kind: Literal["body", "lead", "note"] = "body"
    apart: bool = False


@dataclass(frozen=True)
class Points:
    """A list: with bullets, numbered, or plain, each then a line that hangs.

    depth  how many lists it stands within, on the terminal;  apart: as of a paragraph
    """

    items: tuple[str, ...]
    numbered: bool = False
    plain: bool = False
    depth: int = 0
    apart: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table.

    heading  what stands above it; its line breaks are kept on the terminal
    width    in characters on the terminal, with the gap before it; elsewhere relative to the others
    words    whether it holds words and not numbers
    over     a heading that stands above this one and its neighbours
    hang     None: on the terminal an ellipsis stands for what does not fit; else it goes on in
             the next line, indented by so much
    silent   its heading goes without saying on the terminal
    once     on the terminal a cell that says what the one above it says is left blank
    """

    heading: str
    width: float
    words: bool = False
    over: str = ""
    hang: int | None = None
    silent: bool = False
    once: bool = False

    @property
    def whole(self) -> str:
        """The heading with what stands over it, on one line."""
        heading = " ".join(self.heading.split()) if "\n" in self.heading else self.heading
        return f"{self.over}: {heading}" if self.over else heading


def columns(
    headings: Sequence[str], widths: Sequence[float], words: Sequence[int] = ()
) -> tuple[Column, ...]:
    """Columns of these headings and widths; the first holds words, and those at these places."""
    return tuple(
        Column(heading, width, words=place == 0 or place in words)
        for place, (heading, width) in enumerate(zip(headings, widths, strict=True))
    )


Row = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with a heading to every column, whose first cells name the rows.

    name         short name, unique in its report
    caption      what it shows, with unit, place and period
    description  how to read it, for a reader who hears it read out
    columns      what stands in each, and how wide it is
    rows         cells; a text in their place names the rows after it
    quiet        the heading above says what the caption says, so the terminal leaves it out
    apart        as of a paragraph
    """

    name: str
    caption: str
    description: str
    columns: tuple[Column, ...]
    rows: tuple[Row | str, ...]
    quiet: bool = False
    apart: bool = False

    def __post_init__(self) -> None:
        """ValueError for a table that a reader could not follow cell by cell."""
        if not self.cells:
            raise ValueError(f"the table {self.name} has no rows")
        if any(isinstance(row, tuple) and len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"the table {self.name} has rows of another length than its header")
        if not all(column.heading.strip() for column in self.columns):
            raise ValueError(f"the table {self.name} has an empty heading")

    @property
    def header(self) -> Row:
        """The headings, one a column."""
        return tuple(column.whole for column in self.columns)

    @property
    def headings(self) -> Row:
        """Each heading once, as they are read: those that several columns share before theirs."""
        groups = [(over, [column.heading for column in group])
                  for over, group in groupby(self.columns, lambda column: column.over)]  # fmt: skip
        above = [word for over, heads in groups for word in ([over] if over else heads)]
        return (*above, *(head for over, heads in groups if over for head in heads))

    @property
    def cells(self) -> tuple[Row, ...]:
        """The rows, without the texts that name several."""
        return tuple(row for row in self.rows if isinstance(row, tuple))

    @property
    def named(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """The rows below each text that names them, those before the first below ''."""
        found: list[tuple[str, list[Row]]] = [("", [])]
        for row in self.rows:
            if isinstance(row, str):
                found.append((row, []))
            else:
                found[-1][1].append(row)
        return tuple((name, tuple(rows)) for name, rows in found)

    @property
    def labelled(self) -> tuple[Row, ...]:
        """The rows, each label behind the text that names it: ``Price: The council pays``."""
        return tuple(
            (f"{name}: {row[0]}" if name else row[0], *row[1:])
            for name, rows in self.named
            for row in rows
        )

    def parted(self) -> Iterator[Table]:
        """The table; or where texts name its rows, a table for each of these, captioned so.

        What names no rows, such as a measure that is not defined, stands in the descriptions.
        """
        loose = [f"{name}." for name, rows in self.named if name and not rows]
        described = joined(" ", [self.description, *loose])
        for number, (name, rows) in enumerate(self.named):
            if rows:
                yield replace(
                    self,
                    name=f"{self.name}_{number}" if number else self.name,
                    caption=name or self.caption,
                    description=described,
                    rows=rows,
                )


@dataclass(frozen=True)
class Picture:
    """A chart by its name; the setting knows its picture, caption and alternative.

    study  folder name of the stored study it belongs to, '' for a chart of the comparison itself
    """

    chart: str
    study: str = ""
    caption: str = ""
    alt: str = ""


@dataclass(frozen=True)
class Gap:
    """A place where officers write, and this tool does not.

    subject  what is missing: ``Legal advice``;  who: who writes it
    """

    subject: str
    who: str


Block = Heading | Paragraph | Points | Table | Picture | Gap


def mapped(block: Block, change: Callable[[Said], Said]) -> Block:
    """The block with each of its texts changed."""

    def each(words: str) -> Said:
        return change(Said(words))

    match block:
        case Heading() | Paragraph():
            return replace(block, words=each(block.words))
        case Points():
            return replace(block, items=tuple(map(each, block.items)))
        case Table():
            return replace(
                block,
                caption=each(block.caption),
                description=each(block.description),
                columns=tuple(
                    replace(
                        column, heading=each(column.heading), over=column.over and each(column.over)
                    )
                    for column in block.columns
                ),
                rows=tuple(
                    each(row) if isinstance(row, str) else tuple(map(each, row))
                    for row in block.rows
                ),
            )
        case Picture():
            return replace(block, caption=each(block.caption), alt=each(block.alt))
        case Gap():
            return replace(block, subject=each(block.subject), who=each(block.who))


@dataclass(frozen=True)
class Part:
    """What stands behind the first screen of a report, and is shown when it is asked for.

    name    one word, unique in its report: ``why``
    title   its heading;  blocks: what stands below it
    """

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """A whole report, ready to be set: the first screen, and the parts behind it.

    title     the question; '' for what only goes on
    subtitle  what was asked about: place, period and futures; of a paper also what made it
    blocks    the first screen: the answer, one table, how sure
    parts     the rest, in the order in which it is offered
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    parts: tuple[Part, ...] = ()

    def part(self, name: str) -> Part | None:
        """The part of this name, or None."""
        return next((part for part in self.parts if part.name == name), None)

    @property
    def table(self) -> Table | None:
        """The one table of the first screen, or None."""
        return next((block for block in self.blocks if isinstance(block, Table)), None)

    def followed_by(self, other: Report) -> Report:
        """The other report under this title, which takes the place of its question."""
        return replace(
            other,
            title=self.title,
            subtitle=self.subtitle or other.subtitle,
            blocks=(*self.blocks, *other.blocks),
            parts=(*self.parts, *other.parts),
        )

    def passages(self) -> Iterator[tuple[str, Said]]:
        """Every text of the report with its place, in order: alternatives of pictures included."""
        yield "title", Said(self.title)
        yield "subtitle", Said(self.subtitle)
        section = "front"
        behind = [block for part in self.parts for block in (Heading(part.title), *part.blocks)]
        for number, block in enumerate([*self.blocks, *behind], 1):
            if isinstance(block, Heading) and block.level == 1:
                section = str(block.words)
            for what, words in _passages_of(block):
                yield f"{section} / {number} / {what}", Said(words)


def _passages_of(block: Block) -> Iterator[tuple[str, str]]:
    match block:
        case Heading(words) | Paragraph(words):
            yield type(block).__name__.lower(), words
        case Points(items):
            for number, item in enumerate(items, 1):
                yield f"point {number}", item
        case Table():
            for table in block.parted():
                yield "caption", table.caption
                yield "description", table.description
                yield from _cells("header", table.headings)
                for number, row in enumerate(table.cells, 1):
                    yield from _cells(f"row {number}", row)
        case Picture():
            yield "caption", block.caption
            yield "alternative", block.alt
        case Gap(subject, who):
            yield "gap", subject
            yield "gap, for", who


def _cells(what: str, row: Sequence[str]) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(row, 1):
        yield f"{what}, column {number}", cell
