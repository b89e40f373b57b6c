"""The study of what it would be worth to know more: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.report.blocks import Report
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.value.question import ValueQuestion
from rsip_sim.studies.value.report import value_report
from rsip_sim.studies.value.work import Choice, Value, choice, tables, value


class ValueStudy(Study[ValueQuestion, Choice, Value]):
    """What it would be worth to know more before choosing, and what to find out first."""

    name = "value"
    question = ValueQuestion

    def check(self, asked: ValueQuestion, ground: Ground) -> Choice:
        """The choice among the scenarios of a comparison. Raises AskedError."""
        return choice(ground.stored, ground.scenarios, asked.objective, asked.at)

    def facts(self, ready: Choice) -> dict[str, Any]:
        """Objective and moment."""
        return {"objective": ready.metric.name, "at": ready.moment.name}

    def folder_name(self, ready: Choice) -> str:
        """The objective, and the moment where it is not the usual one."""
        at = [] if ready.usual_moment else [f"at_{ready.moment.name}"]
        return "_".join([self.name, ready.metric.name, *at])

    def work(self, ready: Choice, means: Means) -> Value:
        """By regression on the stored futures: nothing is simulated."""
        return value(ready)

    def tables(self, result: Value) -> Mapping[str, pd.DataFrame]:
        """Choices and worth."""
        return tables(result)

    def report(self, result: Value) -> Report:
        """What to choose now, whether to wait, and what to find out."""
        return value_report(result)

    def charts(self, result: Value) -> Iterable[Chart]:
        """What each thing would be worth."""
        from rsip_sim.studies.value.chart import information_value

        yield information_value(result)
