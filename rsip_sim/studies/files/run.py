"""Runs a study from its file and keeps it: one function for each kind of study."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rsip_sim.charts.chart import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment import record
from rsip_sim.experiment.design import design
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.experiment.store import FAILURES
from rsip_sim.studies.files.checks import SETS_WORDS
from rsip_sim.studies.files.schema import RobustnessStudy, SensitivityStudy, TippingStudy
from rsip_sim.studies.files.titled import Titled
from rsip_sim.studies.grid.question import GridStudy
from rsip_sim.studies.grid.work import GridReport, grid_cells, run_grid
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.cell_runs import cell_files
from rsip_sim.studies.kernel.cells import Cells
from rsip_sim.studies.kernel.files import LoadedStudy
from rsip_sim.studies.kernel.ground import Means, scenario_ground
from rsip_sim.studies.kernel.keeping import Found, Told, begun, keep
from rsip_sim.studies.review.question import ReviewStudy
from rsip_sim.studies.review.work import ReviewReport, review_cells, run_review
from rsip_sim.studies.robust.keep import robust_charts
from rsip_sim.studies.robust.report import robust_report
from rsip_sim.studies.robust.work import robustness
from rsip_sim.studies.sensitivity.keep import sensitivity_charts
from rsip_sim.studies.sensitivity.report import sensitivity_report
from rsip_sim.studies.sensitivity.work import asked, sensitivity
from rsip_sim.studies.solve.question import SolveQuestion
from rsip_sim.studies.solve.study import SolveStudy

COMPARISON = "comparison"  # folder of the runs that a study of robustness reads


@dataclass(frozen=True)
class Kept:
    """A study that was run: what it came to, where it is, and how many of its cells failed."""

    report: Found
    folder: Path
    failed: int = 0

    @property
    def failures_log(self) -> Path:
        """Where the reasons of what failed are."""
        return self.folder / FAILURES


@dataclass(frozen=True)
class _Run:
    """A study and what it is run with.

    replications  futures of each cell
    out           folder; None: one in runs, the same for the same study and for no other
    """

    study: LoadedStudy
    replications: int
    workers: int | None
    out: Path | None
    progress: Progress | None

    def facts(self, **asked: Any) -> dict[str, Any]:
        """What makes the work of a study this study's; its title and words do not."""
        study = self.study
        return {
            "study": f"{study.settings.kind} {study.name}",
            "replications": self.replications,
            "seed": study.seed,
            "roster": study.scenarios[0].roster.digest,
            "model": record.source_digest(),
            "evidence": record.evidence_digest(),
            "libraries": record.libraries(),
            **asked,
        }

    def folder(self, facts: Mapping[str, Any]) -> Path:
        """Where it is kept."""
        return self.out or Path("runs") / f"{self.study.name}-{record.digest(facts)[:12]}"


def run_study(
    study: LoadedStudy,
    replications: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Kept:
    """Run a study, or carry on where it was stopped, and keep it.

    replications  futures of each cell; None: what the study says
    out           folder; None: one in runs, the same for the same study and for no other
    Raises ExperimentError where it cannot be run, RunInterrupted on Ctrl-C.
    """
    if replications is not None and isinstance(study.settings, SensitivityStudy):
        message = "a study of sensitivity counts parameter sets, not futures"
        raise AskedError([Fault("", 0, 0, "--replications", message, SETS_WORDS)])
    run = _Run(study, study.replications(replications), workers, out, progress)
    return _RUN[study.settings.kind](run)


def _policies(cells: Cells) -> str:
    """Digest of what every cell simulates."""
    return record.digest([repr(cell.policy) for cell in cells.cells])


# grids


def _run_grid(run: _Run) -> Kept:
    study, settings = run.study, cast(GridStudy, run.study.settings)
    facts = run.facts(
        cells=_policies(grid_cells(study, settings)),
        metrics=settings.metrics, at=settings.at,
    )  # fmt: skip
    folder = run.folder(facts)
    with begun(folder, facts):
        report = run_grid(study, settings, folder, run.replications, run.workers, run.progress)
    keep(folder, report, grid_charts(report), facts, not report.failures, cell_files(folder))
    return Kept(report, folder, len(report.failures))


def grid_charts(report: GridReport) -> dict[str, Chart]:
    """Effects of each lever on each metric, and, with two levers or more, every cell."""
    from rsip_sim.studies.grid.effects_chart import study_effects
    from rsip_sim.studies.grid.heat_chart import study_heat

    charts = []
    for metric in report.metrics:
        charts.append(study_effects(report, metric))
        if len(report.cells.levers) > 1:
            charts += [
                study_heat(report, metric, condition) for condition in report.cells.in_conditions
            ]
    return {chart.name: chart for chart in charts}


# reviews


def _run_review(run: _Run) -> Kept:
    study, settings = run.study, cast(ReviewStudy, run.study.settings)
    facts = run.facts(
        cells=_policies(review_cells(study, settings)),
        review=settings.review, metrics=[*settings.objectives, *settings.sees],
    )  # fmt: skip
    folder = run.folder(facts)
    with begun(folder, facts):
        report = run_review(study, settings, folder, run.replications, run.workers, run.progress)
    keep(folder, report, review_charts(report), facts, not report.failures, cell_files(folder))
    return Kept(report, folder, len(report.failures))


def review_charts(report: ReviewReport) -> dict[str, Chart]:
    """What looking is worth, and for each aim that it may change, the options by group."""
    from rsip_sim.studies.review.options_chart import review_options
    from rsip_sim.studies.review.value_chart import review_value

    changed = [one for one in report.judged if not one.settled]
    charts = [review_value(report), *(review_options(report, one) for one in changed)]
    return {chart.name: chart for chart in charts}


# robustness


def _run_robustness(run: _Run) -> Kept:
    study, settings = run.study, cast(RobustnessStudy, run.study.settings)
    plan = design(study.scenarios, study.seed, run.replications, renewal_both=True)
    facts = run.facts(
        comparison=record.identity(plan)["digest"],
        objectives=settings.objectives, at=settings.at, climates=settings.climates,
        climate_replications=settings.climate_replications,
    )  # fmt: skip
    folder = run.folder(facts)
    with begun(folder, facts):
        results = run_scenarios(
            study.scenarios, study.seed, run.replications, folder / COMPARISON, None, run.workers,
            progress=run.progress, renewal_both=True,
        )  # fmt: skip
        report = robustness(
            results, study.scenarios, settings.objectives, settings.at, settings.climates,
            settings.climate_replications, run.workers, run.progress,
        )  # fmt: skip
    titled = Titled(study, Told(report.tables, robust_report(report)))
    keep(folder, titled, robust_charts(report), facts)
    return Kept(titled, folder)


# analyses with commands of their own


def _run_sensitivity(run: _Run) -> Kept:
    study, settings = run.study, cast(SensitivityStudy, run.study.settings)
    baseline, scenario = study.scenarios
    pair, sets = asked(baseline, scenario, study.seed, settings.metrics, settings.at, settings.sets)
    facts = run.facts(
        comparison=record.identity(design(study.scenarios, study.seed, 1)),
        metrics=settings.metrics, at=pair.moment.name, sets=sets,
    )  # fmt: skip
    folder = run.folder(facts)
    with begun(folder, facts):
        found = sensitivity(
            baseline, scenario, study.seed, settings.metrics, settings.at, sets,
            run.workers, run.progress,
        )  # fmt: skip
    report = Titled(study, Told(found.tables, sensitivity_report(found)))
    keep(folder, report, sensitivity_charts(found), facts)
    return Kept(report, folder)


def _run_tipping(run: _Run) -> Kept:
    study, settings = run.study, cast(TippingStudy, run.study.settings)
    asked = SolveQuestion(search=settings.search, target=settings.target, across=settings.across)
    kind = SolveStudy()
    ready = kind.check(asked, scenario_ground(study.scenarios, study.seed, run.replications))
    facts = run.facts(search={"study": kind.name, **kind.facts(ready)})
    folder = run.folder(facts)
    with begun(folder, facts):
        solved = kind.work(ready, Means(run.workers, run.progress))
    report = Titled(study, Told(kind.tables(solved), kind.report(solved)))
    keep(folder, report, {chart.name: chart for chart in kind.charts(solved)}, facts)
    return Kept(report, folder)


_RUN: dict[str, Callable[[_Run], Kept]] = {
    "grid": _run_grid,
    "review": _run_review,
    "robustness": _run_robustness,
    "sensitivity": _run_sensitivity,
    "tipping": _run_tipping,
}
