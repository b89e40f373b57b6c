"""A paper before it is set: headings, paragraphs, lists, tables, pictures and marked gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from rsip_sim.report.quoted import Said


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 for the sections of the paper, 2 below them."""

    words: Said
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: of the body, the lead of a paper, or a note on what stands before it."""

    words: Said
    kind: Literal["body", "lead", "note"] = "body"


@dataclass(frozen=True)
class Points:
    """A list, with bullets or numbered."""

    items: tuple[Said, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with one header row, no merged and no empty cells.

    name         short name, unique in the paper
    caption      what it shows, with unit, place and period
    description  how to read it, for a reader who hears it read out
    header       one cell a column
    rows         cells; the first of each row names it
    widths       of the columns, relative to one another
    words        indices of the columns that hold words and not numbers, beside the first
    """

    name: str
    caption: Said
    description: Said
    header: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    widths: tuple[float, ...]
    words: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        """ValueError for a table that a reader could not follow cell by cell."""
        columns = len(self.header)
        if not self.rows or len(self.widths) != columns:
            raise ValueError(f"the table {self.name} has no rows, or widths that do not fit")
        if any(len(row) != columns for row in self.rows):
            raise ValueError(f"the table {self.name} has rows of another length than its header")
        if not all(cell.strip() for row in (self.header, *self.rows) for cell in row):
            raise ValueError(f"the table {self.name} has an empty cell")


@dataclass(frozen=True)
class Picture:
    """A chart by its name; the setting knows its picture, caption and alternative.

    study  folder name of the stored study it belongs to, '' for a chart of the comparison itself
    """

    chart: str
    study: str = ""
    caption: Said = field(default_factory=Said)
    alt: Said = field(default_factory=Said)


@dataclass(frozen=True)
class Gap:
    """A place where officers write, and this tool does not.

    subject  what is missing: ``Legal advice``;  who: who writes it
    """

    subject: Said
    who: Said


Block = Heading | Paragraph | Points | Table | Picture | Gap


def mapped(block: Block, change: Callable[[Said], Said]) -> Block:
    """The block with each of its texts changed."""
    match block:
        case Heading() | Paragraph():
            return replace(block, words=change(block.words))
        case Points():
            return replace(block, items=tuple(change(item) for item in block.items))
        case Table():
            return replace(
                block,
                caption=change(block.caption),
                description=change(block.description),
                header=tuple(change(cell) for cell in block.header),
                rows=tuple(tuple(change(cell) for cell in row) for row in block.rows),
            )
        case Picture():
            return replace(block, caption=change(block.caption), alt=change(block.alt))
        case Gap():
            return replace(block, subject=change(block.subject), who=change(block.who))


@dataclass(frozen=True)
class Document:
    """A whole paper, ready to be set.

    title, subtitle  of the paper; the subtitle says place, period and what made it
    """

    title: Said
    subtitle: Said
    blocks: tuple[Block, ...]
    language: str = "en-GB"

    def passages(self) -> Iterator[tuple[str, Said]]:
        """Every text of the paper with its place, in order: alternatives of pictures included."""
        yield "title", self.title
        yield "subtitle", self.subtitle
        section = "front"
        for number, block in enumerate(self.blocks, 1):
            if isinstance(block, Heading) and block.level == 1:
                section = str(block.words)
            for what, words in _passages_of(block):
                yield f"{section} / {number} / {what}", words


def _passages_of(block: Block) -> Iterator[tuple[str, Said]]:
    match block:
        case Heading(words) | Paragraph(words):
            yield type(block).__name__.lower(), words
        case Points(items):
            for number, item in enumerate(items, 1):
                yield f"point {number}", item
        case Table():
            yield "caption", block.caption
            yield "description", block.description
            yield from _cells("header", block.header)
            for number, row in enumerate(block.rows, 1):
                yield from _cells(f"row {number}", row)
        case Picture():
            yield "caption", block.caption
            yield "alternative", block.alt
        case Gap(subject, who):
            yield "gap", subject
            yield "gap, for", who


def _cells(what: str, row: Sequence[Said]) -> Iterator[tuple[str, Said]]:
    for number, cell in enumerate(row, 1):
        yield f"{what}, column {number}", cell
