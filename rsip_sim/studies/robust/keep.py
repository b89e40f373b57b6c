"""The study of robustness of a stored comparison, kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rsip_sim.charts.chart import Chart
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.reopen import refuse_other_model
from rsip_sim.experiment.results import Results
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.keeping import STUDIES, Told, check_place, keep
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.work import CLIMATE_REPLICATIONS, CLIMATES, Robustness, robustness


def robust(
    results: Results,
    scenarios: Sequence[Scenario],
    objectives: Sequence[str] = (),
    at: str | None = None,
    climates: Sequence[str] = CLIMATES,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Robustness, Path]:
    """Study which scenario of a comparison is robust, and keep it; returns it with its folder.

    out  folder; None: one inside that of the comparison
    The other arguments are those of `robustness`, None meaning the usual.
    Raises AskedError, StoreError.
    """
    folder = out or results.folder / STUDIES / _name(objectives, at, climates)
    # more futures refine the same study, so their number does not belong to what was asked
    facts = {
        "study": "robust",
        "comparison": results.digest,
        "objectives": list(objectives),
        "at": at,
        "climates": list(climates),
    }
    check_place(folder, facts)
    if climates:
        refuse_other_model(results)
    found = robustness(
        results, scenarios, objectives, at, climates, replications or CLIMATE_REPLICATIONS,
        workers, progress,
    )  # fmt: skip
    keep(folder, Told(found.tables, robust_report(found)), robust_charts(found), facts)
    return found, folder


def robust_charts(found: Robustness) -> dict[str, Chart]:
    """The charts by file name, in the order of their importance."""
    from rsip_sim.studies.robust.climates_chart import robust_climates
    from rsip_sim.studies.robust.pareto_chart import robust_pareto
    from rsip_sim.studies.robust.regret_chart import robust_regret

    charts = [robust_regret(found), robust_pareto(found)]
    if found.climates:
        charts.append(robust_climates(found))
    return {chart.name: chart for chart in charts}


def _name(objectives: Sequence[str], at: str | None, climates: Sequence[str]) -> str:
    parts = ["robust", *objectives]
    if at:
        parts.append(f"at_{at}")
    if not climates:
        parts.append("one_climate")
    return "_".join(parts)
