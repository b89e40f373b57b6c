"""Numbers in a text: writing small counts in words, and checking a text against its number."""

from __future__ import annotations

import math
import re

WORDS = (
    "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip
NOBREAK = "\N{NO-BREAK SPACE}"
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_OF = re.compile(r"(\d+) of (\d+)")
_BELOW = ("under ", "fewer than ", "less than ")
_ABOVE = ("over ", "more than ")
_EVERY = (
    "all", "every future", "every future gives exactly", "the one future simulated gives exactly",
)  # fmt: skip
_SCALES = {"bn": 1e9, "m": 1e6}


def in_words(count: int) -> str:
    """A count as it stands in a sentence: ``four``, ``12``."""
    return WORDS[count] if 0 < count < len(WORDS) else f"{count:,}"


def share_text(share: float) -> str:
    """``97%``, ``under 1%``, ``over 99%``, ``0%``."""
    if 0 < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1:
        return "over 99%"
    return f"{100 * share:.0f}%"


def agrees(text: str, value: float, nearest: float = 0.0) -> bool:
    """Whether a text is the rounding of a number, in the number's own unit or in per cent of 1.

    nearest  what it may be rounded to beyond its decimals: 1000 for £12,000
    A sign may be told by a word after the number, so signs are not compared. "Under 5%" and
    "over 95%" are compared as bounds, "83 of 100 futures" as a share or a count.
    """
    if math.isnan(value):
        return text == "not defined"
    lower = text.lower()
    if lower in WORDS[1:]:
        return value == WORDS.index(lower)
    numbers = _NUMBER.findall(text)
    if not numbers:
        return _without_digits(lower, value)
    if of := _OF.search(text):
        part, whole = float(of[1]), float(of[2])
        if lower.startswith(_BELOW):
            return 0 <= value * whole < part
        if lower.startswith(_ABOVE):
            return part < value * whole <= whole
        return abs(part - value * whole) <= 0.5 + 1e-9 * whole or part == 1 > value * whole
    told = [_rounds(lower, numbers[0], size, nearest) for size in _sizes(text, abs(value))]
    return all(told) if lower.startswith(_BELOW) else any(told)


def _without_digits(text: str, value: float) -> bool:
    """Words such as ``none`` and ``every future`` that stand for a number."""
    if text == "none":
        return value == 0
    return text == "no different" or (text in _EVERY and value == 1)


def _sizes(text: str, value: float) -> list[float]:
    """The number in the unit of the text."""
    after = re.search(r"\d(bn|m)\b", text)
    if after:
        return [value / _SCALES[after[1]]]
    return [value, value * 100] if "%" in text or "points" in text else [value]


def _rounds(text: str, number: str, size: float, nearest: float) -> bool:
    written = float(number.replace(",", ""))
    if text.startswith(_BELOW):
        return size <= written * (1 + 1e-12)
    if text.startswith(_ABOVE):
        return size >= written * (1 - 1e-12)
    last_digit = 10.0 ** -len(number.partition(".")[2])
    return abs(written - size) <= 0.5 * max(last_digit, nearest) + 1e-9 * max(size, 1.0)
