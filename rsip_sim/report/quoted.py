"""Text that knows where each of its figures stands.

A `Said` is a str like any other; beside its characters it keeps its parts: words, and quotes with
the source of each. So a sentence can be printed on a terminal as it is, and a paper can say of
every figure in it from which cell of which table it was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Self


@dataclass(frozen=True)
class Cell:
    """A cell of a table that is kept with the results.

    table   name of the table
    key     values of its key columns, which name the row
    column  name of the column
    unit    what the quotation counts in: 1e6 where pounds are quoted in millions
    nearest what it is rounded to beyond its decimals: 1000 for £12,000; 0 for nothing
    """

    table: str
    key: tuple[str, ...]
    column: str
    unit: float = 1.0
    nearest: float = 0.0


@dataclass(frozen=True)
class Derived:
    """A number worked out from others, which stands in no table by itself.

    what   what it is and how it is worked out, in words
    value  the number
    """

    what: str
    value: float


@dataclass(frozen=True)
class Given:
    """No result: a date, a title, a convention, the planner's own words; what says which."""

    what: str


@dataclass(frozen=True)
class InStudy:
    """A figure as a kept study tells it.

    study  name of the study's folder;  where: the table of the study it stands in, or its report
    """

    study: str
    where: str


Source = Cell | Derived | Given | InStudy


@dataclass(frozen=True)
class Quote:
    """Something quoted, as it is written, and where it comes from."""

    text: str
    source: Source


Part = str | Quote


class Said(str):
    """A text with its parts, each plain words or a Quote."""

    parts: tuple[Part, ...]

    def __new__(cls, *parts: Part) -> Self:
        """Put parts together; those that are a Said bring their own parts along."""
        flat: list[Part] = []
        for part in parts:
            for piece in part.parts if isinstance(part, Said) else (part,):
                if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                    flat[-1] += piece
                elif piece != "":
                    flat.append(piece)
        made = super().__new__(
            cls, "".join(piece if isinstance(piece, str) else piece.text for piece in flat)
        )
        made.parts = tuple(flat)
        return made

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """What is quoted in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Quote))


def say(template: str, **slots: Part) -> Said:
    """Words with ``{slots}`` for what is quoted: ``say("{n} schools left", n=quote)``."""
    parts: list[Part] = []
    for words, name, _, _ in Formatter().parse(template):
        parts.append(words)
        if name is not None:
            parts.append(slots[name])
    return Said(*parts)


def joined(separator: str, items: Iterable[Part]) -> Said:
    """The items one after the other, as str.join does."""
    parts: list[Part] = []
    for item in items:
        parts += [separator, item] if parts else [item]
    return Said(*parts)


def listed(items: Sequence[Part], last: str = "and") -> Said:
    """``a, b and c``."""
    if len(items) < 2:
        return Said(*items)
    return say("{first} {last} {final}", first=joined(", ", items[:-1]), last=last, final=items[-1])


def given(text: str, what: str) -> Said:
    """Words that are no result, quoted as they are."""
    return Said(Quote(text, Given(what)))


def titled(title: str) -> Said:
    """The title of a scenario between quotation marks."""
    return say("'{title}'", title=given(title, "title of a scenario"))
