"""Values that could be meant otherwise than they are read.

What is read without a word must have one meaning: 750.000 is £750 to a reader of YAML and
three-quarters of a million to half of Europe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from rsip_sim.scenario.problems import Problem, not_a_number
from rsip_sim.scenario.ranges import Range, number_text, range_of
from rsip_sim.scenario.reading import Document, KeyPath, Place, dotted, plain_value

THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPS = re.compile(r"[-+]?[0-9]{1,3}(_[0-9]{3})*(\.[0-9_]*)?([eE].*)?")
_NUMERIC = re.compile(r"[-+0-9_.eE]+")


def meant_otherwise(
    document: Document, limits: Callable[[KeyPath], Range | None] | None = None
) -> Iterator[Problem]:
    """Numbers of a file that could be another number: 750.000, 75_0000.

    limits  what a number at a path may be, None where none belongs; None: as in a scenario
    """
    for path, place in document.places.items():
        if place.text is None or place.quoted or not _NUMERIC.fullmatch(place.text):
            continue
        if THOUSANDS.fullmatch(place.text):
            yield from _by_dot(path, place.text, (limits or _of_field)(path))
        elif "_" in place.text and not _GROUPS.fullmatch(place.text):
            value = plain_value(place.text.replace("_", ""))
            if not isinstance(value, int | float):
                continue
            grouped = _with_one_meaning(value)
            bare = grouped.replace("_", "")
            advice = f"write {bare} or {grouped}" if grouped != bare else f"write {bare}"
            advice = advice if bare.strip("-+.0123456789") == "" else "write it without _"
            yield Problem(path, f"'{place.text}' is not grouped by thousands", advice)


def _with_one_meaning(value: float) -> str:
    """The number as a file may hold it: with a fourth decimal, which divides no thousands."""
    text = number_text(value)
    return f"{text}0" if THOUSANDS.fullmatch(text) else text


def _by_dot(path: KeyPath, text: str, limits: Range | None) -> Iterator[Problem]:
    """A dot before three digits divides thousands too, where so large a number could stand."""
    as_read, thousands = float(text), int(text.replace(".", ""))
    if limits is None or (limits.maximum is not None and abs(thousands) > limits.maximum):
        return
    small = _with_one_meaning(as_read)
    message = f"{text} is read as {number_text(as_read)}, and could mean {number_text(thousands)}"
    yield Problem(path, message, f"write {small} or {number_text(thousands)}")


def _of_field(path: KeyPath) -> Range | None:
    """The range of a field: what the timeline sets is named inside it, whole or by section."""
    return range_of(dotted(path[3:] if path[:1] == ("timeline",) else path))


def anywhere(path: KeyPath) -> Range:
    """Of files whose numbers stand at names of their own: the range of a field named on the way."""
    named = (range_of(part) for part in path if isinstance(part, str))
    return next((each for each in named if each), Range("", None, None))


def number_of(text: str, whole: bool = False, least: int | None = None) -> int | float:
    """The number of a text by the rules of a file.

    Raises ValueError, with what to write, where it is none, could be another or is too small.
    """
    place = Place("", 0, 0, text)
    for problem in meant_otherwise(Document(places={(): place}), anywhere):
        raise ValueError(f"{problem.message}; {problem.allowed}")
    value = plain_value(text)
    if not isinstance(value, int if whole else int | float) or value - value != 0:
        message, allowed = not_a_number("int_type" if whole else "float_type", "", value, place)
        raise ValueError(f"{message}; {allowed}")
    if least is not None and value < least:
        raise ValueError(f"{number_text(value)} is too small; at least {least}")
    return value
