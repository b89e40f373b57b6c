"""Text of a report for the terminal, 100 characters wide: headings, paragraphs and columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 100


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, width with the gap before it, and whether it is of words."""

    heading: str
    width: int
    words: bool = False


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


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table with its headings, which may take several lines; too long words are shortened."""
    heads = [textwrap.wrap(column.heading, max(column.width - 1, 1)) for column in columns]
    deep = max(len(head) for head in heads)
    padded = [[""] * (deep - len(head)) + head for head in heads]
    lines = [_line(columns, [head[level] for head in padded]) for level in range(deep)]
    return lines + [_line(columns, row) for row in rows]


def _line(columns: Sequence[Column], cells: Sequence[str]) -> str:
    made = [
        f"{shortened(cell, column.width - 1):{'<' if column.words else '>'}{column.width}}"
        for column, cell in zip(columns, cells, strict=True)
    ]
    return "".join(made).rstrip()
