"""Studies whose cells were never simulated: files on the fly, and measures made by a formula."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.report.text import rendered
from rsip_sim.studies.files.loading import LoadedStudy, head_of, load_study
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.kernel.trials import Trial
from tests.fakes.places import SCENARIOS

FUTURES = 40
Measure = Callable[[Trial], NDArray[np.float64]]

GRID = """
title: A grid
kind: grid
scenario: two_year.yaml
levers:
  agreement.length_months: [12, 24, 60]
  agreement.school_commitment_months: [0, 24]
  funding.earmark_gbp_per_year: [0, 750_000]
metrics: [members, erosion, fund]
"""
REVIEW = """
title: A review
kind: review
scenario: two_year.yaml
review: 2013-04
levers: {agreement.length_months: [24, 48], funding.earmark_gbp_per_year: [0, 750_000]}
sees: [participation, overspend]
together: [participation, overspend]
objectives: [members, breakdown]
worth_gbp: {members: [20_000]}
"""


def study(
    folder: Path, text: str, scenario: str = "two_year", futures: int | None = None
) -> LoadedStudy:
    """A study file in a folder that also holds the scenario it speaks of."""
    for name in ("base", scenario):
        (folder / f"{name}.yaml").write_bytes((SCENARIOS / f"{name}.yaml").read_bytes())
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return load_study(path, futures)


def worked(made: LoadedStudy, folder: Path, workers: int = 1) -> Any:
    """What a study comes to; its cells are kept in the folder, and nothing else."""
    kind = made.kind.made()
    ready = kind.check(made.question, made.ground)
    return kind.work(ready, Means(workers, folder=folder))


def text_of(made: LoadedStudy, result: Any) -> str:
    """What a study says under the title of its file."""
    return rendered(head_of(made).followed_by(made.kind.made().report(result)))


def luck(number: int, futures: int = FUTURES) -> NDArray[np.float64]:
    """Numbers that sum to nought exactly, another series for each number."""
    half = np.arange(futures // 2) * (2 * number + 1)
    wave = np.round(np.sin(half + number + 0.5) * 64) / 64  # so that sums are exact
    return np.concatenate([wave, -wave, np.zeros(futures % 2)])


def by_formula(trial: Trial) -> NDArray[np.float64]:
    """Length adds, a tie takes away, and the earmark adds, on luck that all cells share."""
    levers = trial.policy.changes[-1][1] if trial.policy.changes else trial.policy.levers
    length, tie = levers.agreement.length_months, levers.agreement.school_commitment_months
    earmark = levers.funding.earmark_gbp_per_year / 1e6
    futures = len(trial.replications)
    gain = length / 12 - tie / 12 + 4 * earmark
    shape = (len(trial.metrics), len(trial.moments), futures)
    measured = np.empty(shape)
    for i, name in enumerate(trial.metrics):
        level = {"members": 100 + gain, "erosion": 25 - 0.1 * gain}.get(name, 50.0)
        measured[i] = level + luck(i, futures)
    return measured


def measure_all_by(measure: Measure) -> Callable[..., list[NDArray[np.float64]]]:
    """What stands in for `measure_all` of the trials."""

    def measure_all(trials, workers=None, progress=None):
        return [measure(trial) for trial in trials]

    return measure_all


def unlucky(trial: Trial) -> NDArray[np.float64]:
    """One length fails."""
    if trial.policy.levers.agreement.length_months == 60:
        raise ValueError("no luck")
    return by_formula(trial)
