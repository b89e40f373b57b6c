"""Simulates the cells of a study and keeps each in a small file, so that a stop loses little.

cells/<number>.npy   what was measured of one cell: float64 (metrics, moments, replications)
failures.log         tracebacks of the cells that failed
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rsip_sim.experiment.errors import BlocksFailed, RunInterrupted
from rsip_sim.experiment.store import FAILURES, write_bytes, write_text
from rsip_sim.experiment.tasks import Guarded, TaskFailed, run_tasks
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.studies.kernel.cells import Cells
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.kernel.trials import Trial, measure_all

FOLDER = "cells"


@dataclass(frozen=True)
class CellTask:
    """One cell to simulate, and the file that takes what is measured of it."""

    trial: Trial
    file: Path


@dataclass(frozen=True)
class Measured:
    """What was measured of every cell.

    metrics, moments  in the order of the axes
    values            float (cells, metrics, moments, replications); NaN where a cell failed
    failures          by number of the cell
    """

    metrics: tuple[str, ...]
    moments: tuple[Moment, ...]
    values: FloatArray
    failures: Mapping[int, TaskFailed]

    def of(self, metric: str, moment: Moment) -> FloatArray:
        """One metric at one moment: (cells, replications)."""
        return np.asarray(self.values[:, self.metrics.index(metric), self.moments.index(moment)])


def measure_cells(
    cells: Cells,
    metrics: Sequence[str],
    moments: Sequence[Moment],
    replications: int,
    seed: int,
    means: Means,
) -> Measured:
    """Measure every cell on the same futures; cells measured before are read and not repeated.

    means  with the folder of the study, which belongs to it alone
    A cell that fails is a failure in the result and in failures.log; the others are kept.
    Raises RunInterrupted on Ctrl-C, when what was finished is kept; BlocksFailed where every cell
    failed; ValueError without a folder.
    """
    folder = means.folder
    if folder is None:
        raise ValueError("cells are kept as they are measured, so this study needs a folder")
    shape = (len(metrics), len(moments), replications)
    trials = [
        Trial(
            cell.policy, cells.scenario.roster, seed, np.arange(replications), tuple(metrics),
            tuple(moments),
        )
        for cell in cells.cells
    ]  # fmt: skip
    files = [folder / FOLDER / f"{cell.number:04d}.npy" for cell in cells.cells]
    missing = [i for i, file in enumerate(files) if stored(file, shape) is None]
    failed = _simulate(
        [CellTask(trials[i], files[i]) for i in missing],
        replications,
        len(files) - len(missing),
        folder,
        means,
    )
    failures = {missing[i]: failure for i, failure in failed.items()}
    _log(folder, failures)
    if len(failures) == len(files):
        raise BlocksFailed(list(failures.values()), folder, "no cell could be simulated")
    values = np.full((len(files), *shape), np.nan)
    for i, file in enumerate(files):
        found = stored(file, shape)
        if found is not None:
            values[i] = found
    return Measured(tuple(metrics), tuple(moments), values, failures)


def cell_files(folder: Path) -> list[Path]:
    """The files of the cells that were measured, in order."""
    return sorted(file for file in (folder / FOLDER).glob("*.npy") if file.is_file())


def simulate_cell(task: CellTask) -> None:
    """Measure one cell and keep it, whole or not at all."""
    (measured,) = measure_all([task.trial], workers=1)
    buffer = io.BytesIO()
    np.save(buffer, measured)
    write_bytes(task.file, buffer.getvalue())


def stored(file: Path, shape: tuple[int, ...]) -> FloatArray | None:
    """What was measured of a cell, or None where it was not, or not wholly."""
    try:
        found: FloatArray = np.load(file)
    except (OSError, ValueError, EOFError):
        return None
    return found if found.shape == shape else None


def _simulate(
    tasks: Sequence[CellTask],
    replications: int,
    already: int,
    folder: Path,
    means: Means,
) -> dict[int, TaskFailed]:
    """Simulate the cells; returns what failed by place in the list."""
    failures = {}
    sizes = [replications] * len(tasks)
    try:
        done = run_tasks(
            Guarded(simulate_cell), tasks, sizes, means.workers, means.progress,
            already * replications,
        )  # fmt: skip
        for i, outcome in enumerate(done):
            if isinstance(outcome, TaskFailed):
                failures[i] = outcome
    except KeyboardInterrupt:
        kept = sum(task.file.is_file() for task in tasks)
        raise RunInterrupted(already + kept, already + len(tasks), folder, "cells") from None
    return failures


def _log(folder: Path, failures: Mapping[int, TaskFailed]) -> None:
    (folder / FAILURES).unlink(missing_ok=True)
    if failures:
        text = "\n".join(f"cell {i}: {one}\n{one.trace}" for i, one in failures.items())
        write_text(folder / FAILURES, text)
