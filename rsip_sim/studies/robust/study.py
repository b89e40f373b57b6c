"""The study of robustness: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.robust.question import RobustQuestion, robust_faults
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.work import Robustness, robustness


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

    def charts(self, result: Robustness) -> Iterable[Chart]:
        """Regret of each option."""
        from rsip_sim.studies.robust.regret_chart import robust_regret

        yield robust_regret(result)
