"""What is found when a kept run is verified: one check, one verdict, one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["equal", "differs", "unknown", "note"]


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
