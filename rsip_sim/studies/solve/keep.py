"""The study "where does it tip?", run and kept in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rsip_sim.charts.chart import Chart
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import digest, evidence_digest, source_digest
from rsip_sim.studies.kernel.keeping import check_place, keep
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.question import Question
from rsip_sim.studies.solve.work import Solved, solve


def solve_and_keep(
    asked: Question,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Solved:
    """Answer the question; keep text, tables and charts in a folder, if one is named.

    Raises StoreError where the folder holds anything else.
    """
    facts = study_facts(asked)
    if out is not None:
        check_place(out, facts)
    solved = solve(asked, workers, progress)
    if out is not None:
        keep(out, solved, solved_charts(solved), facts)
    return solved


def solved_charts(solved: Solved) -> dict[str, Chart]:
    """The curve, and the map if there is one, by file name."""
    from rsip_sim.studies.solve.curve_chart import tipping_curve
    from rsip_sim.studies.solve.map_chart import tipping_map_chart

    charts = [tipping_curve(solved)]
    if solved.grid is not None:
        charts.append(tipping_map_chart(solved, solved.grid))
    return {chart.name: chart for chart in charts}


def study_facts(asked: Question) -> dict[str, Any]:
    """What makes the study this study: what was asked, and what the answer stands on."""
    scenario = asked.scenario
    policy = {
        name: value for name, value in scenario.resolved.items() if name not in ("roster", "run")
    }
    return {
        "study": "solve",
        "scenario": scenario.name,
        "scenario_sha256": digest({**policy, "parameters_are": scenario.policy.parameters}),
        "roster_sha256": scenario.roster.digest,
        "target": asked.target.words(),
        "lever": _range(asked.lever),
        "map": None if asked.second is None else _range(asked.second),
        "replications": asked.replications,
        "seed": asked.seed,
        "model_sha256": source_digest(),
        "evidence_sha256": evidence_digest(),
    }


def _range(lever: Lever) -> dict[str, Any]:
    return {"path": lever.path, "from": lever.low, "to": lever.high}
