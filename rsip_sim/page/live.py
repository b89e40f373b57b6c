"""The live answer: what a policy changes against another, told again at every turn of a lever."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from rsip_sim.charts.chart import Chart
from rsip_sim.page.futures import FuturesKept
from rsip_sim.report.blocks import Part, Report
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.headline_chart import headline
from rsip_sim.studies.compare.report import comparison_report
from rsip_sim.studies.compare.work import compare_results

FIRST, REFINED = 256, 1000


class Outdated(Exception):
    """The question is not asked any more."""


@dataclass(frozen=True)
class LiveAnswer:
    """What was asked, and the answer."""

    baseline: Scenario
    policy: Scenario
    replications: int
    report: Report
    chart: Chart
    seconds: float


class Live:
    """Answers for two policies."""

    def __init__(self) -> None:
        """Nothing is kept yet."""
        self._kept = FuturesKept()

    def answer(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Callable[[], bool] | None = None,
    ) -> LiveAnswer:
        """The first screen and the headline chart."""
        begun = time.perf_counter()
        futures = self._kept.of((baseline, policy), baseline.run.seed, replications)
        tables = compare_results(futures, baseline, (policy,), metrics=())
        report = comparison_report(tables)
        chart = headline(tables)
        return LiveAnswer(
            baseline, policy, replications, report, chart, time.perf_counter() - begun
        )

    def hangs_on(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Callable[[], bool] | None = None,
    ) -> Part:
        """What the answer hangs on."""
        from rsip_sim.studies.compare.alternatives import alternatives
        from rsip_sim.studies.compare.no_evidence import unevidenced

        futures = self._kept.of((baseline, policy), baseline.run.seed, replications)
        tables = compare_results(futures, baseline, (policy,), metrics=())
        tried = alternatives(futures, baseline, (policy,), 1)
        leaning = unevidenced(futures, baseline, (policy,))
        return comparison_report(tables, leaning, tried).part("unknown")
