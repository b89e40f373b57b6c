"""Where does it tip? The values of a lever for which a target holds, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd

from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.metrics import PRICE
from rsip_sim.measures.moments import END, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import with_values
from rsip_sim.studies.kernel.trials import Trial, Whole, measure_all
from rsip_sim.studies.solve.curve import MOST_VALUES, Curve, Edge, Measure, search
from rsip_sim.studies.solve.question import Search

Answer = Literal[
    "from", "up to", "within", "several", "everywhere", "nowhere", "no effect", "not defined"
]
"""What kind of answer was found.

from, up to   one tipping value, above or below which the target is met
within        met between two values only; several: in two or more stretches
everywhere, nowhere     at all values tried, or at none
no effect     the lever changes nothing; not defined: the outcome has no value in any future
"""


Prices = dict[float, Mapping[str, float]]
"""By value of the lever: the mean of each line of the price over the run, in pounds."""


@dataclass(frozen=True)
class Solved:
    """A question with what was found.

    prices  by value tried: the mean of each line of the price over the run, in pounds
    """

    question: Search
    curve: Curve
    prices: Prices = field(default_factory=dict)

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


def solve(asked: Search, workers: int | None = None, progress: Progress | None = None) -> Solved:
    """Search along the question's lever."""
    most = min(MOST_VALUES, len(asked.lever.values)) * asked.replications
    whole, prices = Whole(progress, most), Prices()
    curve = search(asked.lever, asked.target, simulated(asked, workers, whole, prices))
    whole.finish()
    return Solved(asked, curve, prices)


def simulated(
    asked: Search, workers: int | None, progress: Progress | None, prices: Prices
) -> Measure:
    """What measures the outcome in every future at some values of the lever.

    prices  takes what the values cost
    The futures are the same whatever the values.
    """
    policy = asked.scenario.policy
    end = moments_of(policy, policy.horizon_months)[END]
    metrics = tuple(dict.fromkeys([asked.target.metric, *PRICE]))
    moments = tuple(dict.fromkeys([asked.moment, end]))
    futures = np.arange(asked.replications)

    def measured(values: FloatArray) -> FloatArray:
        lever = asked.lever
        trials = [
            Trial(
                with_values(asked.scenario, {lever.path: lever.given(each)}).policy,
                asked.scenario.roster, asked.seed, futures, metrics, moments,
            )
            for each in values
        ]  # fmt: skip
        found = measure_all(trials, workers, progress)
        for each, values_found in zip(values, found, strict=True):
            prices[float(each)] = {
                line: float(values_found[metrics.index(line), -1].mean()) for line in PRICE
            }
        return np.stack([each[0, 0] for each in found])

    return measured


def tables(solved: Solved) -> dict[str, pd.DataFrame]:
    """The answer and the curve; values in their lever's unit."""
    asked = solved.question
    curve = pd.DataFrame(
        [
            (p.value, p.estimate, p.low, p.high, p.futures, p.status.words)
            for p in solved.curve.points
        ],
        columns=[asked.lever.path, "estimate", "ci_low", "ci_high", "futures", "target"],
    )
    return {"answer": _answer_table(solved), "curve": curve}


def _answer_table(solved: Solved) -> pd.DataFrame:
    """One row a stretch of values that meets the target; one row also where none does."""
    asked = solved.question
    common = (asked.lever.path, asked.target.words(), str(solved.answer))
    rows: list[tuple[str | float | None, ...]] = [
        (*common, stretch.first, stretch.last, *_interval(stretch.below),
         *_interval(stretch.above))
        for stretch in solved.curve.stretches
    ]  # fmt: skip
    columns = [
        "lever", "target", "answer", "met_from", "met_to",
        "from_ci_low", "from_ci_high", "to_ci_low", "to_ci_high",
    ]  # fmt: skip
    return pd.DataFrame(rows or [(*common, *[None] * 6)], columns=columns)


def _interval(edge: Edge | None) -> tuple[float | None, float | None]:
    return (None, None) if edge is None else (edge.low, edge.high)
