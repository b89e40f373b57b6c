"""What each number of a scenario may be: the register's range, or one of the few fixed here.

A lever is looked up in the parameter register by its path in the scenario file. Only numbers
that are no part of the model, such as the number of replications, have their range here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic_core import PydanticCustomError

from rsip_sim.evidence.register import load_register

LONGEST_RUN = 240
LARGEST_SEED = 2**53 - 1  # the largest whole number that every JSON reader keeps exactly


@dataclass(frozen=True)
class Range:
    """The accepted range of a number (None: no bound), and its unit ('' for a bare number).

    low, high  the range met in evidence, None where there is none
    """

    unit: str
    minimum: float | None
    maximum: float | None
    low: float | None = None
    high: float | None = None

    @property
    def is_share(self) -> bool:
        """Whether the number is a fraction that people also write in per cent."""
        return self.unit.startswith("share")

    def words(self) -> str:
        """The accepted range in words: ``from 0 to 120 months``."""
        bounds = bound_words(self.minimum, self.maximum)
        if not self.unit or self.minimum is self.maximum is None:
            return bounds
        plain = self.unit[0].isalpha() and not self.is_share
        return f"{bounds} {self.unit}" if plain else f"{bounds} ({self.unit})"


_FIXED = {
    "horizon_months": Range("months", 1, LONGEST_RUN),
    "run.replications": Range("replications", 1, 1_000_000),
    "run.seed": Range("", 0, LARGEST_SEED),
    "climate.opening_pct_per_month": Range("% of maintained schools a month", 0, 100),
    "cohesion.weights": Range("", 0, 1000),
}


def range_of(path: str) -> Range | None:
    """The range of the number at a dotted path, or None where no number belongs there."""
    section, _, leaf = path.partition(".")
    if section == "parameters" and leaf in load_register():
        held = load_register()[leaf]
        low = held.minimum if held.low is None else held.low
        high = held.maximum if held.high is None else held.high
        return Range(held.unit, low, high, held.low, held.high)
    head = ".".join(path.split(".")[:2])
    for name in (path, head):
        if name in load_register():
            lever = load_register()[name]
            return Range(lever.unit, lever.minimum, lever.maximum, lever.low, lever.high)
        if name in _FIXED:
            return _FIXED[name]
    return None


def refuse_outside(path: str, value: float) -> None:
    """Raise PydanticCustomError where the number is outside the range of its path."""
    allowed = range_of(path)
    if allowed is None:
        return
    if allowed.minimum is not None and value < allowed.minimum:
        raise planner_error(f"{number_text(value)} is too small", allowed.words())
    if allowed.maximum is not None and value > allowed.maximum:
        raise planner_error(f"{number_text(value)} is too large", allowed.words())


def planner_error(message: str, allowed: str = "", suggestion: str = "") -> PydanticCustomError:
    """An error for use in validators that already has the words a planner will read."""
    context = {"message": message, "allowed": allowed, "suggestion": suggestion}
    return PydanticCustomError("planner", "{message}", context)


def bound_words(low: float | None, high: float | None) -> str:
    """Bounds in words: ``from 0 to 120``, ``at least 0``, ``at most 120``, ``any number``."""
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"at least {number_text(low)}"
    return f"{f'from {number_text(low)} to' if low is not None else 'at most'} {number_text(high)}"


def number_text(value: float | None) -> str:
    """The number as one would write it in a scenario: ``750_000``, ``0.5``."""
    if value is None:
        return ""
    if abs(value) >= 1e16:
        return f"{float(value):g}"
    whole = int(value)
    if value == whole:
        return f"{whole:_}" if abs(whole) >= 10_000 else str(whole)
    return repr(float(value))
