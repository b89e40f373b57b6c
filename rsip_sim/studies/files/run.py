"""Runs the study that a file asks for, and keeps it under its title."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from rsip_sim.experiment.places import here
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.runner import run_scenarios
from rsip_sim.report.blocks import Paragraph, Part, Report
from rsip_sim.studies.files.loading import LoadedStudy
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import begun
from rsip_sim.studies.kernel.study import Kept, facts_of, run_and_keep

COMPARISON = "comparison"  # folder of the runs that a study of robustness reads


def run_study(
    study: LoadedStudy,
    workers: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Kept[Any]:
    """Run a study, or carry on where it was stopped, and keep it.

    out  folder or address; None: one in runs, the same for the same study and for no other
    Raises ExperimentError where it cannot be run, RunInterrupted on Ctrl-C.
    """
    means, ground = Means(workers, progress), study.ground
    folder = here(out) if out else None
    if study.kind.compares:
        folder, ground = _compared(study, folder, means)
    return run_and_keep(study.kind.made(), study.question, ground, folder, means, head_of(study))


def head_of(study: LoadedStudy) -> Report:
    """The title of the file, under which the answer stands, and its question as a part."""
    words = study.settings.description
    asked = (Part("asked", "What was asked", (Paragraph(words),)),) if words else ()
    return Report(study.settings.title, (), parts=asked)


def _compared(study: LoadedStudy, out: Path | None, means: Means) -> tuple[Path, Ground]:
    """The folder of the study, and its scenarios simulated there as a comparison."""
    ground, made = study.ground, study.kind.made()
    facts = facts_of(made, made.check(study.question, ground), ground)
    folder = out or ground.place(made.name, facts)
    assert folder is not None  # a study file always has one
    with begun(folder, facts):
        results = run_scenarios(
            ground.scenarios, ground.seed, ground.replications, folder / COMPARISON, None,
            means.workers, progress=means.progress,
        )  # fmt: skip
    return folder, replace(ground, results=results)
