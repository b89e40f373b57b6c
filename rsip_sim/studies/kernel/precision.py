"""When enough futures are simulated: looked at after 256, 512, 1,024 …, by the width of intervals.

A look reads how wide intervals are and never where they lie, so that when to stop owes nothing to
what is found; and it is always taken after the same futures, so that the answer does not hang on
who simulates them, or in how many goes.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from rsip_sim.experiment.progress import Progress
from rsip_sim.scenario.ranges import number_text, planner_error

FIRST_LOOK = 256


def looks(most: int, precision: float, first: int = FIRST_LOOK) -> tuple[int, ...]:
    """How many futures there are at each look: the first number, its doubles, all of them last.

    precision  0: there is nothing to look for before all are simulated
    """
    found = []
    while precision > 0 and first < most:
        found.append(first)
        first *= 2
    return (*found, most)


def _not_negative(value: float) -> float:
    if value < 0:
        raise planner_error(f"{number_text(value)} will not do", "0 or more")
    return value


Precision = Annotated[float, AfterValidator(_not_negative)]
"""How wide an interval may be; 0: no interval is narrow enough, and all futures are simulated."""


class Whole(Progress):
    """One count of progress over several runs of tasks."""

    def __init__(self, told: Progress | None, most: int) -> None:
        """Begin a whole of so many replications at most."""
        self._told: Progress = told or Progress()
        self._told.begin(most, 0)

    def begin(self, total: int, already: int) -> None:
        """Part of a whole that has begun."""

    def advance(self, replications: int) -> None:
        """So many more are done."""
        self._told.advance(replications)

    def end(self) -> None:
        """Only a part has ended."""

    def finish(self) -> None:
        """The whole is done."""
        self._told.end()
