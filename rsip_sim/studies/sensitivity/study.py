"""The study of sensitivity: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.design import design
from rsip_sim.experiment.record import identity
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.kernel.asking import (
    Faults,
    Question,
    metric_fault,
    shown,
    two_scenarios,
)
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.kernel.trials import Precision
from rsip_sim.studies.sensitivity.report import sensitivity_report
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import (
    FEWEST_SETS,
    MOST_SETS,
    SETS,
    Pair,
    Sensitivity,
    pair_of,
    sensitivity,
)

PRECISION = 7.0
"""Percentage points of a spread: enough to tell an input that makes a tenth of it from none."""


def _sets(value: int) -> int:
    if not FEWEST_SETS <= value <= MOST_SETS or value & (value - 1):
        allowed = f"a power of two from {FEWEST_SETS} to {number_text(MOST_SETS)}"
        raise planner_error(f"{number_text(value)} will not do", allowed)
    return value


class SensitivityQuestion(Question):
    """Which inputs matter to the difference between two scenarios, and how much is luck."""

    baseline: str | None = shown(None, metavar="NAME")
    """Compared with; otherwise the comparison's baseline."""
    scenario: str | None = shown(None, metavar="NAME")
    """Which scenario; otherwise the only other one."""
    metrics: list[str] = shown(factory=list, metavar="METRIC", flag="--metric")
    """What is told of in words; else erosion, members and cohesion."""
    at: str | None = shown(None, metavar="MOMENT")
    """When it is read: mean, march_2013 or end; else as in a comparison of the two."""
    sets: Annotated[int, AfterValidator(_sets)] | None = shown(None, metavar="N")
    """Parameter sets of the design, at most (number, a power of two)."""
    precision: Precision = shown(PRECISION, metavar="X")
    """Simulate 512 sets, 1,024 and so on, until the share of every single input is known to X
    percentage points; 0: all sets."""


def sensitivity_faults(asked: SensitivityQuestion, scenarios: Sequence[Scenario]) -> Faults:
    """What is wrong with metrics and moment for some scenarios; none: whichever they are."""
    faults = Faults()
    faults.measures("metrics", asked.metrics, scenarios, metric_fault)
    faults.moment(asked.at, scenarios)
    return faults


@dataclass(frozen=True)
class Asked:
    """A checked question about two scenarios.

    comparison  by which the two are known where they stand in no stored comparison
    """

    question: SensitivityQuestion
    pair: Pair
    comparison: Mapping[str, Any]


class SensitivityStudy(Study[SensitivityQuestion, Asked, Sensitivity]):
    """Which inputs matter, and how much is luck: one CPU minute or two."""

    name = "sensitivity"
    simulates_much = True
    question = SensitivityQuestion

    def check(self, question: SensitivityQuestion, ground: Ground) -> Asked:
        """The two scenarios and what is told of them. Raises AskedError, DesignError."""
        faults = sensitivity_faults(question, ground.scenarios)
        two = two_scenarios(ground.scenarios, question.baseline, question.scenario, faults)
        faults.stop()
        assert two is not None  # else it was noted why
        pair = pair_of(*two, ground.seed, question.metrics, question.at)
        known = {} if ground.results else {"comparison": identity(design(two, ground.seed, 1))}
        return Asked(question, pair, known)

    def faults(
        self, asked: SensitivityQuestion, scenarios: Sequence[Scenario] = ()
    ) -> Sequence[Problem | Fault]:
        """What is wrong with metrics and moment."""
        return sensitivity_faults(asked, scenarios).found

    def facts(self, ready: Asked) -> dict[str, Any]:
        """The two scenarios, metrics, moment and parameter sets."""
        return {
            **ready.comparison,
            "baseline": ready.pair.baseline.name,
            "scenario": ready.pair.scenario.name,
            "metrics": list(ready.question.metrics),
            "at": ready.pair.moment.name,
            "sets": ready.question.sets or SETS,
            "precision": ready.question.precision,
        }

    def folder_name(self, ready: Asked) -> str:
        """The two scenarios, and what is not usually asked."""
        asked, pair, size = ready.question, ready.pair, ready.question.sets or SETS
        parts = [self.name, pair.scenario.name, "against", pair.baseline.name, *asked.metrics]
        parts += [f"at_{asked.at}"] if asked.at else []
        parts += [f"{size}_sets"] if size != SETS else []
        parts += [f"to_{asked.precision:g}_points"] if asked.precision != PRECISION else []
        return "_".join(parts)

    def work(self, ready: Asked, means: Means) -> Sensitivity:
        """Simulate the design of parameter sets under both scenarios."""
        question = ready.question
        sets, precision = question.sets or SETS, question.precision / 100
        return sensitivity(ready.pair, question.metrics, sets, precision, means)

    def tables(self, result: Sensitivity) -> Mapping[str, pd.DataFrame]:
        """Shares, indices and swings."""
        return sensitivity_tables(result)

    def report(self, result: Sensitivity) -> Report:
        """What matters to the difference, what is luck, and how sure that is."""
        return sensitivity_report(result)

    def charts(self, result: Sensitivity) -> Iterable[Chart]:
        """The share of each input, and what it does from its low to its high end."""
        from rsip_sim.studies.sensitivity.tornado_chart import sensitivity_tornado

        yield sensitivity_tornado(result)
