"""A study of what matters, worked out and kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rsip_sim.charts.chart import Chart
from rsip_sim.experiment.design import design
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import identity
from rsip_sim.experiment.reopen import refuse_other_model
from rsip_sim.experiment.results import Results
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.keeping import STUDIES, Told, check_place, keep
from rsip_sim.studies.sensitivity.report import sensitivity_report
from rsip_sim.studies.sensitivity.work import SETS, Sensitivity, asked, sensitivity

SENSITIVITY = "sensitivity"


def study_sensitivity(
    results: Results,
    baseline: Scenario,
    scenario: Scenario,
    metrics: Sequence[str] = (),
    at: str | None = None,
    sets: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Sensitivity, Path]:
    """Study what matters to a scenario of a comparison, and keep it; returns it with its folder.

    out  folder; None: one inside that of the comparison
    The other arguments are those of `keep_sensitivity`. Raises AskedError, StoreError.
    """
    _, size = asked(baseline, scenario, results.seed, metrics, at, sets)
    parts = [SENSITIVITY, scenario.name, "against", baseline.name, *metrics]
    parts += [f"at_{at}"] if at else []
    parts += [f"{size}_sets"] if size != SETS else []
    folder = out or results.folder / STUDIES / "_".join(parts)
    refuse_other_model(results)
    found = keep_sensitivity(
        baseline, scenario, results.seed, metrics, at, sets, workers, folder, progress,
        results.digest,
    )  # fmt: skip
    return found, folder


def keep_sensitivity(
    baseline: Scenario,
    scenario: Scenario,
    seed: int | None = None,
    metrics: Sequence[str] = (),
    at: str | None = None,
    sets: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    comparison: str | None = None,
) -> Sensitivity:
    """Study what matters to a scenario and to its difference from a baseline, and keep it.

    seed        of the luck; None: what the scenarios say
    out         folder for summary, tables, charts and manifest; None: it is not kept
    comparison  digest of the comparison it belongs to; None: what the two alone are known by
    The other arguments are those of rsip_sim.studies.sensitivity.work.sensitivity.
    Raises AskedError, DesignError where the two do not fit together, StoreError.
    """
    luck = baseline.run.seed if seed is None else seed
    pair, size = asked(baseline, scenario, luck, metrics, at, sets)
    drawn = design((baseline, scenario), seed, 1)
    facts = {
        "study": SENSITIVITY,
        "comparison": comparison or identity(drawn)["digest"],
        "baseline": baseline.name,
        "scenario": scenario.name,
        "metrics": list(metrics),
        "at": pair.moment.name,
        "sets": size,
    }
    if out is not None:
        check_place(out, facts)
    found = sensitivity(baseline, scenario, drawn.seed, metrics, at, sets, workers, progress)
    if out is not None:
        keep(out, Told(found.tables, sensitivity_report(found)), sensitivity_charts(found), facts)
    return found


def sensitivity_charts(found: Sensitivity) -> dict[str, Chart]:
    """The tornado, and what is luck and what is ignorance of each input."""
    from rsip_sim.studies.sensitivity.indices_chart import sensitivity_indices
    from rsip_sim.studies.sensitivity.tornado_chart import sensitivity_tornado

    charts = (sensitivity_tornado(found), sensitivity_indices(found))
    return {chart.name: chart for chart in charts}
