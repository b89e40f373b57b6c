"""Values that could be meant otherwise than they are read.

What is read without a word must have one meaning: 750.000 is £750 to a reader of YAML and
three-quarters of a million to half of Europe.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.ranges import number_text, range_of
from rsip_sim.scenario.reading import Document, KeyPath, dotted

THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPS = re.compile(r"[-+]?[0-9]{1,3}(_[0-9]{3})*(\.[0-9_]*)?([eE].*)?")
_NUMERIC = re.compile(r"[-+0-9_.eE]+")


def meant_otherwise(document: Document) -> Iterator[Problem]:
    """Numbers of a file that could be another number: 750.000, 75_0000."""
    for path, place in document.places.items():
        if place.text is None or place.quoted or not _NUMERIC.fullmatch(place.text):
            continue
        if THOUSANDS.fullmatch(place.text):
            yield from _by_dot(path, place.text)
        elif "_" in place.text and not _GROUPS.fullmatch(place.text):
            bare = place.text.replace("_", "")
            advice = f"write {bare}"
            if bare.lstrip("+-").isdecimal():
                advice += f" or {number_text(int(bare))}"
            yield Problem(path, f"'{place.text}' is not grouped by thousands", advice)


def _by_dot(path: KeyPath, text: str) -> Iterator[Problem]:
    """A dot before three digits divides thousands too, where so large a number could stand."""
    as_read, thousands = float(text), int(text.replace(".", ""))
    limits = range_of(dotted(_field(path)))
    if limits is None or (limits.maximum is not None and abs(thousands) > limits.maximum):
        return
    small = number_text(as_read)
    if THOUSANDS.fullmatch(small):
        small += "0"  # a fourth decimal, which divides no thousands
    message = f"{text} is read as {number_text(as_read)}, and could mean {number_text(thousands)}"
    yield Problem(path, message, f"write {small} or {number_text(thousands)}")


def _field(path: KeyPath) -> KeyPath:
    """The path of a field: what the timeline sets is named inside it, whole or by section."""
    return path[3:] if path[:1] == ("timeline",) else path
