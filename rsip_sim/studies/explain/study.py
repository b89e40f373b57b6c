"""The study of why two scenarios differ: asked, worked out and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.experiment.results import Results
from rsip_sim.report.blocks import Report
from rsip_sim.studies.explain.report import explain_report
from rsip_sim.studies.explain.work import (
    Difference,
    Explained,
    ExplainQuestion,
    difference,
    explain,
    tables,
)
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study


@dataclass(frozen=True)
class Asked:
    """What was asked, the difference it means, and the stored comparison that holds it."""

    question: ExplainQuestion
    results: Results
    difference: Difference


class ExplainStudy(Study[ExplainQuestion, Asked, Explained]):
    """Say why two scenarios differ, by lever and mechanism: a quarter of a CPU minute, or one."""

    name = "explain"
    simulates_much = True
    question = ExplainQuestion

    def check(self, asked: ExplainQuestion, ground: Ground) -> Asked:
        """The two scenarios, metrics and moment. Raises AskedError."""
        return Asked(asked, ground.stored, difference(asked, ground.scenarios))

    def facts(self, ready: Asked) -> dict[str, Any]:
        """Futures, scenarios, moment and metrics."""
        asked = ready.difference
        return {
            "replications": ready.results.replications,
            "baseline": asked.baseline.name,
            "scenario": asked.scenario.name,
            "moment": asked.moment,
            "metrics": list(asked.metrics),
            "precision": asked.precision,
        }

    def folder_name(self, ready: Asked) -> str:
        """The two scenarios, and what is not usually asked."""
        two, asked = ready.difference, ready.question
        at = [f"at_{asked.at}"] if asked.at else []
        named = [two.scenario.name, "against", two.baseline.name, *asked.metrics, *at]
        return "_".join([self.name, *named])

    def grown(self, before: Mapping[str, Any], facts: Mapping[str, Any]) -> bool:
        """Whether all but the number of futures and their precision is the same."""
        own = facts.keys() - {"replications", "precision"}
        return all(before.get(name) == facts[name] for name in own)

    def work(self, ready: Asked, means: Means) -> Explained:
        """Simulate what lies between the two, and share the difference out."""
        return explain(ready.results, ready.difference, means.workers, means.progress)

    def tables(self, result: Explained) -> Mapping[str, pd.DataFrame]:
        """The parts of every account."""
        return tables(result)

    def report(self, result: Explained) -> Report:
        """The answer and its shares, and behind it every account."""
        return explain_report(result)

    def charts(self, result: Explained) -> Iterable[Chart]:
        """The shares of every measure."""
        from rsip_sim.studies.explain.chart import shares_chart

        yield from [shares_chart(result)] if result.accounts else []
