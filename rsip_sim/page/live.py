"""STUB, to be replaced by branch h-p at merge: the answer to two policies, slowly."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rsip_sim import face
from rsip_sim.charts.chart import Chart
from rsip_sim.report.blocks import Block, Report
from rsip_sim.scenario import Scenario, resolved_yaml

FIRST, REFINED = 256, 1000


class Outdated(Exception):
    """A newer question has been asked."""


@dataclass(frozen=True)
class LiveAnswer:
    """What two policies come to."""

    baseline: Scenario
    policy: Scenario
    replications: int
    report: Report
    chart: Chart
    seconds: float


class Live:
    """Answers."""

    def answer(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Callable[[], bool] | None = None,
    ) -> LiveAnswer:
        """The answer."""
        if stop is not None and stop():
            raise Outdated
        begun = time.monotonic()
        done = face.compare([baseline, policy], replications, workers=1)
        if stop is not None and stop():
            raise Outdated
        from rsip_sim.studies.compare.report import comparison_report

        report = comparison_report(done.tables)
        seconds = time.monotonic() - begun
        chart = done.charts()["headline"]
        return LiveAnswer(baseline, policy, replications, report, chart, seconds)

    def hangs_on(
        self,
        baseline: Scenario,
        policy: Scenario,
        replications: int = FIRST,
        stop: Callable[[], bool] | None = None,
    ) -> Sequence[Block]:
        """What it hangs on."""
        if stop is not None and stop():
            raise Outdated
        done = face.compare([baseline, policy], replications, workers=1)
        part = done.report.part("unknown")
        return part.blocks if part else ()


def scenario_text(policy: Scenario, reasons: Mapping[str, str]) -> str:
    """YAML."""
    return resolved_yaml(policy)


def command_for(baseline: Scenario, policy: Scenario, replications: int) -> str:
    """Command."""
    return f"rsip compare {baseline.path} {policy.path} --replications {replications}"


def python_for(baseline: Scenario, policy: Scenario, replications: int) -> str:
    """Python."""
    return f"import rsip_sim\n# {baseline.path} {policy.path} {replications}"
