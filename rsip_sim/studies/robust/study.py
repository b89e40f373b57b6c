"""The study of robustness: asked, worked out and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import AfterValidator

from rsip_sim.evidence.faults import Fault
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.kernel.asking import Faults, Question, objective_fault, shown
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.work import (
    CLIMATE_REPLICATIONS,
    CLIMATES,
    Robustness,
    robust_tables,
    robustness,
)

MOST_FUTURES = 1_000_000
Climate = Literal["observed", "flat", "surge", "uncertain"]


def _futures(value: int) -> int:
    if not 1 <= value <= MOST_FUTURES:
        allowed = f"from 1 to {number_text(MOST_FUTURES)} futures"
        raise planner_error(f"{number_text(value)} is out of range", allowed)
    return value


class RobustQuestion(Question):
    """Which of several scenarios is robust across futures and climates."""

    objectives: list[str] = shown(factory=list, metavar="METRIC", flag="--objective")
    """What is to be had; else erosion, cohesion and the cost to the council."""
    at: str | None = shown(None, metavar="MOMENT")
    """When it is read: mean, march_2013 or end."""
    climates: list[Climate] = shown(factory=lambda: list(CLIMATES), off=[])
    """National climates under which every scenario is simulated again."""
    climate_replications: Annotated[int, AfterValidator(_futures)] = shown(
        CLIMATE_REPLICATIONS, metavar="N", flag="--replications"
    )
    """Futures of each scenario and climate (number)."""


def robust_faults(asked: RobustQuestion, scenarios: Sequence[Scenario]) -> Faults:
    """Everything that is wrong with a question; no scenarios: whichever they are."""
    faults = Faults()
    faults.measures("objectives", asked.objectives, scenarios, objective_fault)
    faults.once("climates", asked.climates)
    faults.moment(asked.at, scenarios)
    return faults


@dataclass(frozen=True)
class Choice:
    """A checked question; the stored futures of the ground are read when it is worked out."""

    asked: RobustQuestion
    ground: Ground


class RobustStudy(Study[RobustQuestion, Choice, Robustness]):
    """Which option is seldom far from the best, and what it would be worth to know more."""

    name = "robust"
    question = RobustQuestion

    def check(self, asked: RobustQuestion, ground: Ground) -> Choice:
        """The choice among the scenarios of a comparison. Raises AskedError."""
        robust_faults(asked, ground.scenarios).stop()
        return Choice(asked, ground)

    def faults(
        self, asked: RobustQuestion, scenarios: Sequence[Scenario] = ()
    ) -> Sequence[Problem | Fault]:
        """What is wrong with objectives, moment and climates."""
        return robust_faults(asked, scenarios).found

    def facts(self, ready: Choice) -> dict[str, Any]:
        """Objectives, moment and climates.

        More futures of them refine the study of a stored comparison; one from a file is another.
        """
        asked = ready.asked
        facts = {"objectives": asked.objectives, "at": asked.at, "climates": asked.climates}
        return facts | (
            {"climate_replications": asked.climate_replications} if ready.ground.file else {}
        )

    def folder_name(self, ready: Choice) -> str:
        """What is not usually asked."""
        asked = ready.asked
        at = [f"at_{asked.at}"] if asked.at else []
        return "_".join(
            [self.name, *asked.objectives, *at, *([] if asked.climates else ["one_climate"])]
        )

    def simulates(self, ready: Choice) -> bool:
        """Under other climates; else all is read from what is stored."""
        return bool(ready.asked.climates)

    def work(self, ready: Choice, means: Means) -> Robustness:
        """Regret in the stored futures, and in new ones under each climate."""
        asked, ground = ready.asked, ready.ground
        return robustness(
            ground.stored, ground.scenarios, asked.objectives, asked.at, asked.climates,
            asked.climate_replications, means,
        )  # fmt: skip

    def tables(self, result: Robustness) -> Mapping[str, pd.DataFrame]:
        """Regret, Pareto set, climates where tried, and the worth of knowing more."""
        return robust_tables(result)

    def report(self, result: Robustness) -> Report:
        """Which option loses least in what, how sure, and the tables behind it."""
        return robust_report(result)
