"""What is found when a kept run is verified: one check, one verdict, one sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["equal", "differs", "unknown", "note"]
FEW = 5  # things named one by one; the rest are counted
SHORT = 12  # characters of a digest or commit that are shown


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    name      what was checked, in a word or two
    verdict   "equal"; "differs"; "unknown": it could not be checked; "note": worth knowing, but no
              number depends on it
    sentence  what was found
    details   further facts, a line each
    """

    name: str
    verdict: Verdict
    sentence: str
    details: tuple[str, ...] = ()


def named(things: Sequence[str]) -> str:
    """The first few by name and the others by number: ``a, b and 7 more``."""
    if len(things) <= FEW:
        return ", ".join(things)
    return f"{', '.join(things[:FEW])} and {len(things) - FEW} more"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 file``, ``12 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
