"""The study of where a target begins to hold: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.record import digest, evidence_digest, source_digest
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.asking import AskedError, Faults
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.solve.question import Search, SolveQuestion, checked
from rsip_sim.studies.solve.report import solve_report
from rsip_sim.studies.solve.work import Solved, solve, tables


class SolveStudy(Study[SolveQuestion, Search, Solved]):
    """Find from which value of a lever on, or up to which, a target holds, and how sure it is."""

    name = "solve"
    question = SolveQuestion
    stands_on = "scenario"
    example = (
        "For example: rsip solve scenarios/two_year.yaml --lever funding.earmark_gbp_per_year "
        '--target "members at end at least 105 with probability 0.8"'
    )

    def check(self, asked: SolveQuestion, ground: Ground) -> Search:
        """Target, lever and moment in the scenario. Raises AskedError."""
        faults = Faults()
        search = checked(asked, ground, faults)
        if search is None:
            raise AskedError(faults.found)
        return search

    def faults(
        self, asked: SolveQuestion, scenarios: Sequence[Scenario] = ()
    ) -> Sequence[Problem | Fault]:
        """What is wrong with target and levers."""
        faults = Faults()
        checked(asked, Ground(tuple(scenarios)), faults)
        return faults.found

    def facts(self, ready: Search) -> dict[str, Any]:
        """What was asked, and what the answer stands on."""
        scenario, lever = ready.scenario, ready.lever
        policy = {
            name: value
            for name, value in scenario.resolved.items()
            if name not in ("roster", "run", "why")
        }
        return {
            "scenario": scenario.name,
            "scenario_sha256": digest({**policy, "parameters_are": scenario.policy.parameters}),
            "roster_sha256": scenario.roster.digest,
            "target": ready.target.words(),
            "lever": {"path": lever.path, "from": lever.low, "to": lever.high},
            "replications": ready.replications,
            "seed": ready.seed,
            "model_sha256": source_digest(),
            "evidence_sha256": evidence_digest(),
        }

    def work(self, ready: Search, means: Means) -> Solved:
        """Search along the lever."""
        return solve(ready, means.workers, means.progress)

    def tables(self, result: Solved) -> Mapping[str, pd.DataFrame]:
        """The answer and the curve."""
        return tables(result)

    def report(self, result: Solved) -> Report:
        """The answer in sentences, then the numbers."""
        return solve_report(result)

    def charts(self, result: Solved) -> Iterable[Chart]:
        """The curve."""
        from rsip_sim.studies.solve.chart import tipping_curve

        yield tipping_curve(result)
