"""Deciding comparisons of real numbers, and the first month in which one was too close to call."""

from __future__ import annotations

import math

CLOSE = 1e-9


class Ties:
    """Compares, and remembers the first month in which the last bit could have decided."""

    def __init__(self) -> None:
        self.month = 0
        self.first: int | None = None
        self.why = ""

    def note(self, distance: float, why: str) -> None:
        if abs(distance) < CLOSE and self.first is None:
            self.first, self.why = self.month, why

    def at_least(self, value: float, limit: float, why: str) -> bool:
        if math.isfinite(value) and math.isfinite(limit):
            self.note((value - limit) / max(1.0, abs(limit)), why)
        return value >= limit

    def above(self, value: float, limit: float, why: str) -> bool:
        return not self.at_least(limit, value, why)

    def below(self, value: float, limit: float, why: str) -> bool:
        return not self.at_least(value, limit, why)

    def ceil(self, value: float, why: str) -> int:
        self.note(value - round(value), why)
        return math.ceil(value)
