"""Where does it tip? The values of a lever for which a target holds, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from rsip_sim.experiment.progress import Progress, Silent
from rsip_sim.studies.solve.curve import Curve, Edge
from rsip_sim.studies.solve.map import ACROSS, UP, TippingMap, tipping_map
from rsip_sim.studies.solve.question import Question, simulated
from rsip_sim.studies.solve.search import MOST_VALUES, search

Answer = Literal[
    "from", "up to", "within", "several", "everywhere", "nowhere", "no effect", "not defined"
]
"""What kind of answer was found.

from, up to   one tipping value, above or below which the target is met
within        met between two values only; several: in two or more stretches
everywhere, nowhere     at all values tried, or at none
no effect     the lever changes nothing; not defined: the outcome has no value in any future
"""


@dataclass(frozen=True)
class Solved:
    """A question with what was found; grid: the map of two levers, if one was asked for."""

    question: Question
    curve: Curve
    grid: TippingMap | None = None

    @property
    def answer(self) -> Answer:
        """What kind of answer was found."""
        curve = self.curve
        if not any(point.futures for point in curve.points):
            return "not defined"
        if not curve.effect:
            return "no effect"
        if not curve.stretches:
            return "nowhere"
        if len(curve.stretches) > 1:
            return "several"
        (stretch,) = curve.stretches
        if stretch.below and stretch.above:
            return "within"
        if stretch.below:
            return "from"
        return "up to" if stretch.above else "everywhere"

    @property
    def edge(self) -> Edge | None:
        """The one edge of the target, where there is exactly one."""
        if self.answer not in ("from", "up to"):
            return None
        (stretch,) = self.curve.stretches
        return stretch.below or stretch.above

    @property
    def value(self) -> float | None:
        """The tipping value: the smallest, or largest, value tried that meets the target."""
        return self.edge.meets if self.edge else None

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The answer, the curve and, if asked for, the map; values in their lever's unit."""
        path = self.question.lever.path
        curve = pd.DataFrame(
            [
                (p.value, p.estimate, p.low, p.high, p.futures, p.status.words)
                for p in self.curve.points
            ],
            columns=[path, "estimate", "ci_low", "ci_high", "futures", "target"],
        )
        tables = {"answer": self._answer_table(), "curve": curve}
        if self.grid is not None and self.question.second is not None:
            tables["map"] = self.grid.table(self.question.lever, self.question.second)
        return tables

    def text(self) -> str:
        """The answer in sentences, then the curve and the map as tables."""
        from rsip_sim.studies.solve.report import render_solved

        return render_solved(self)

    def _answer_table(self) -> pd.DataFrame:
        """One row a stretch of values that meets the target; one row also where none does."""
        asked = self.question
        common = (asked.lever.path, asked.target.words(), str(self.answer))
        rows: list[tuple[str | float | None, ...]] = [
            (*common, stretch.first, stretch.last, *_interval(stretch.below, up=True),
             *_interval(stretch.above, up=False))
            for stretch in self.curve.stretches
        ]  # fmt: skip
        columns = [
            "lever", "target", "answer", "met_from", "met_to",
            "from_ci_low", "from_ci_high", "to_ci_low", "to_ci_high",
        ]  # fmt: skip
        return pd.DataFrame(rows or [(*common, *[None] * 6)], columns=columns)


def solve(asked: Question, workers: int | None = None, progress: Progress | None = None) -> Solved:
    """Search along the question's lever and, where it has two, map both."""
    told = _AsOne(progress or Silent(), _most_replications(asked))
    try:
        measure = simulated(asked, workers, told)
        curve = search(asked.lever, asked.target, measure)
        grid = tipping_map(asked, measure) if asked.second else None
    finally:
        told.close()
    return Solved(asked, curve, grid)


def _interval(edge: Edge | None, up: bool) -> tuple[float | None, float | None]:
    """95% interval of the value at an edge, None where it is open; up: the target begins there."""
    if edge is None:
        return None, None
    ends = edge.clearly_fails, edge.clearly_meets
    return ends if up else ends[::-1]


def _most_replications(asked: Question) -> int:
    values = min(MOST_VALUES, len(asked.lever.values))
    if asked.second is not None:
        values += len(asked.lever.spaced(ACROSS)) * len(asked.second.spaced(UP))
    return values * asked.replications


class _AsOne:
    """Many pieces of work told of as one, whose total is the most that it can come to."""

    def __init__(self, told: Progress, total: int) -> None:
        """Begin."""
        self._told = told
        told.begin(total, 0)

    def begin(self, total: int, already: int) -> None:
        """One more piece: it is counted in the whole."""

    def advance(self, replications: int) -> None:
        """So many more are done."""
        self._told.advance(replications)

    def end(self) -> None:
        """This piece is done, but the whole may not be."""

    def close(self) -> None:
        """Nothing more comes."""
        self._told.end()
