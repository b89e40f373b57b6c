"""The values that a message says may be written."""

from __future__ import annotations

import re
from collections.abc import Iterator

NUMBER = r"-?[0-9][0-9_.e+-]*"
TOLD = re.compile(
    rf"(?P<words>(?:write )?(?:\w+, )+\w+ or \w+$)|from (?P<low>{NUMBER}) to (?P<high>{NUMBER})|"
    rf"at (?:least|most) (?P<bound>{NUMBER})"
)
WRITTEN = (
    "{n}%", "£{n}", "{n:,}", "'{n}'", "{n} years", "{n} months", "{n}k", "{n}m", "{n},5", "{n}.0",
    "{n}.5", "-{n}", "{n}e3", "1e{n}", "{n}.000", "£{n:,}.50", "yes", "No", "ON", "'true'", "TRUE",
    "nearly", "uncertian", "obsrved", "2011/4", "April 2011", "04-2011", "2011-4", "''", "~",
)  # fmt: skip
"""Ways to write a number, and words, as people do."""


def advised(allowed: str, suggestion: str = "") -> Iterator[str]:
    """What may stand there instead, from what a message allows and the name that it suggests."""
    if suggestion:
        yield suggestion
    words = allowed.removeprefix("write ")
    told = TOLD.search(allowed)
    if told and told["words"]:
        yield from re.split(r", | or ", words)
    elif told and told["low"]:
        yield from (told["low"], told["high"])
    elif told and told["bound"]:
        yield told["bound"]
    elif allowed.startswith("write "):
        yield from (each for each in words.split(" or ") if " " not in each and "…" not in each)
