"""The cells of a study: every combination of values in each condition, simulated and kept.

Each cell is kept in a small file as soon as it is measured, so that a stop loses little:
cells/<number>.npy   what was measured of one cell: float64 (metrics, moments, replications), and
                     a digest behind it
failures.log         tracebacks of the cells that failed
"""

from __future__ import annotations

import hashlib
import io
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import Field

from rsip_sim.experiment.errors import BlocksFailed, RunInterrupted
from rsip_sim.experiment.files import remove, write_bytes, write_text
from rsip_sim.experiment.pool import number_of_workers
from rsip_sim.experiment.record import digest
from rsip_sim.experiment.store import FAILURES
from rsip_sim.experiment.tasks import Guarded, TaskFailed, filled, run_tasks
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import ChangeError, Scenario, with_values
from rsip_sim.scenario.changing import check_fields, value_problems
from rsip_sim.scenario.levers import CLIMATE
from rsip_sim.scenario.loading import with_values_from
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.reading import Document, KeyPath
from rsip_sim.scenario.resolved import plain_numbers
from rsip_sim.scenario.settings import value_of
from rsip_sim.scenario.timeline import SECTIONS_IN_WORDS
from rsip_sim.studies.kernel.asking import AskedError, Faults
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.kernel.trials import Trial, measure_all

Values = tuple[Any, ...]

MOST_CELLS = 5000

ListedValues = Annotated[list[Any], Field(min_length=1)]

FOLDER = "cells"
SEAL = 32  # bytes of a sha256 at the end of the file of a cell


@dataclass(frozen=True)
class GridCell:
    """One combination that is simulated.

    number     place in the study, by which its file is named
    values     of the levers, in their order;  condition: of the conditions, in theirs
    """

    number: int
    values: Values
    condition: Values
    policy: Policy


@dataclass(frozen=True)
class LeftOut:
    """One combination that cannot be, and why."""

    values: Values
    condition: Values
    why: str


@dataclass(frozen=True)
class Cells:
    """All combinations of a study.

    levers, conditions  values by dotted path
    base                values of the levers with which the others are compared
    """

    scenario: Scenario
    levers: Mapping[str, Values]
    conditions: Mapping[str, Values]
    base: Values
    cells: tuple[GridCell, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def in_conditions(self) -> tuple[Values, ...]:
        """Every combination of the conditions; one empty one where there are none."""
        return tuple(itertools.product(*self.conditions.values()))

    @property
    def own_condition(self) -> Values:
        """The condition of the scenario itself where it is one of them, else the first."""
        own = tuple(value_of(self.scenario, path) for path in self.conditions)
        return own if own in self.in_conditions else self.in_conditions[0]

    def climates(self, condition: Values | None = None) -> tuple[str, ...]:
        """The national climates simulated, in one condition or in all of them."""
        own = (self.scenario.policy.levers.climate.conversion,)
        given = dict(self.conditions)
        if condition is not None:
            given = {path: (value,) for path, value in zip(given, condition, strict=True)}
        return {CLIMATE: own, **given, **self.levers}[CLIMATE]

    @property
    def digest(self) -> str:
        """Digest of what every cell simulates."""
        return digest([repr(cell.policy) for cell in self.cells])

    def find(self, values: Values, condition: Values) -> GridCell | None:
        """The cell of these values, or None where it was left out."""
        return self._by_values.get((values, condition))

    def base_in(self, condition: Values) -> GridCell:
        """The base in a condition, in which `all_cells` makes sure that it can be."""
        return self._by_values[self.base, condition]

    def named(self, values: Values, condition: Values) -> dict[str, Any]:
        """The values of conditions and levers by path, as columns of a table."""
        paths = (*self.conditions, *self.levers)
        return dict(zip(paths, (*condition, *values), strict=True))

    def table(self, failures: Mapping[int, TaskFailed]) -> pd.DataFrame:
        """One row a combination: what became of it, and why where it is missing."""
        rows: list[tuple[Any, ...]] = []
        for cell in self.cells:
            state = "failed" if cell.number in failures else "done"
            why = str(failures.get(cell.number, ""))
            rows.append((cell.number, *cell.condition, *cell.values, state, why))
        for each in self.left_out:
            rows.append((None, *each.condition, *each.values, "left out", each.why))
        columns = ["cell", *self.conditions, *self.levers, "state", "why"]
        return pd.DataFrame(rows, columns=columns)

    @cached_property
    def _by_values(self) -> dict[tuple[Values, Values], GridCell]:
        return {(cell.values, cell.condition): cell for cell in self.cells}


def plain_values(given: Mapping[str, list[Any]]) -> dict[str, Values]:
    """The values of levers as a study lists them, in the form in which cells hold them."""
    return {path: tuple(plain_numbers(values)) for path, values in given.items()}


def all_cells(
    scenario: Scenario,
    levers: Mapping[str, Values],
    conditions: Mapping[str, Values],
    base: Values,
    since: int | None,
) -> Cells:
    """Every combination of the levers in every condition.

    base   values of the levers with which the others are compared
    since  month from which the levers act; None: the start of the run
    Raises AskedError where the base itself cannot be in one of the conditions.
    """
    cells: list[GridCell] = []
    left_out: list[LeftOut] = []
    for condition in itertools.product(*conditions.values()):
        changed = dict(zip(conditions, condition, strict=True))
        for values in itertools.product(*levers.values()):
            varied = dict(zip(levers, values, strict=True))
            try:
                if since is None:
                    policy = with_values(scenario, {**changed, **varied}).policy
                else:
                    policy = with_values_from(scenario, since, varied).policy
            except ChangeError as error:
                why = "; ".join(fault.message for fault in error.faults)
                left_out.append(LeftOut(values, condition, why))
            else:
                cells.append(GridCell(len(cells), values, condition, policy))
    made = Cells(scenario, levers, conditions, base, tuple(cells), tuple(left_out))
    for condition in made.in_conditions:
        if made.find(base, condition) is None:
            why = next(each.why for each in left_out if each.condition == condition)
            message = f"the scenario itself cannot be compared with: {why}"
            field = "conditions" if conditions else "levers"
            raise AskedError([Problem((field,), message, at_key=True)])
    return made


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
    failed.
    """
    folder = means.folder
    assert folder is not None, "cells are kept as they are measured, so a folder is needed"
    shape = (len(metrics), len(moments), replications)
    trials = [
        Trial(
            cell.policy, cells.scenario.roster, seed, np.arange(replications), tuple(metrics),
            tuple(moments),
        )
        for cell in cells.cells
    ]  # fmt: skip
    files = [folder / FOLDER / f"{cell.number:04d}.npy" for cell in cells.cells]
    tasks = {i: (trials[i], file) for i, file in enumerate(files) if stored(file, shape) is None}
    failures = _simulate(tasks, replications, len(files) - len(tasks), folder, means)
    remove(folder / FAILURES)
    if failures:
        text = "\n".join(f"cell {i}: {one}\n{one.trace}" for i, one in failures.items())
        write_text(folder / FAILURES, text)
    if len(failures) == len(files):
        raise BlocksFailed(list(failures.values()), folder, "no cell could be simulated")
    nothing = np.full(shape, np.nan)
    measured = (stored(file, shape) for file in files)
    values = np.stack([nothing if found is None else found for found in measured])
    return Measured(tuple(metrics), tuple(moments), values, failures)


def cell_files(folder: Path) -> list[Path]:
    """The files of the cells that were measured, in order."""
    return sorted(file for file in (folder / FOLDER).glob("*.npy") if file.is_file())


def measure_block(trials: Sequence[Trial]) -> list[FloatArray | TaskFailed]:
    """Measure cells that share a block; where it fails, each of them is tried alone."""
    done = Guarded(partial(measure_all, workers=1))(trials)
    if not isinstance(done, TaskFailed):
        return list(done)
    if len(trials) == 1:
        return [done]
    return [each for trial in trials for each in measure_block([trial])]


def _keep(measured: FloatArray, file: Path) -> None:
    buffer = io.BytesIO()
    np.save(buffer, measured)
    content = buffer.getvalue()
    write_bytes(file, content + _seal(file, content))


def stored(file: Path, shape: tuple[int, ...]) -> FloatArray | None:
    """What was measured of a cell, or None where it was not, or is not as it was written."""
    whole = file.read_bytes() if file.is_file() else b""
    content, seal = whole[:-SEAL], whole[-SEAL:]
    if seal != _seal(file, content):
        return None
    found: FloatArray = np.load(io.BytesIO(content))
    return found if found.shape == shape else None


def _seal(file: Path, content: bytes) -> bytes:
    """By which a cell that was damaged, or put in the place of another, is noticed."""
    return hashlib.sha256(file.name.encode() + content).digest()


def _simulate(
    tasks: Mapping[int, tuple[Trial, Path]],
    replications: int,
    already: int,
    folder: Path,
    means: Means,
) -> dict[int, TaskFailed]:
    """Simulate the cells, by number; returns what failed."""
    failures, numbers = {}, list(tasks)
    processes = number_of_workers(means.workers, len(tasks), replications * len(tasks))
    room = min(BLOCK, -(-replications * len(tasks) // processes))
    blocks = [[numbers[i] for i in block] for block in filled([replications] * len(tasks), room)]
    try:
        done = run_tasks(
            measure_block, [[tasks[i][0] for i in block] for block in blocks],
            [replications * len(block) for block in blocks], means.workers, means.progress,
            already * replications,
        )  # fmt: skip
        for block, outcomes in zip(blocks, done, strict=True):
            for i, outcome in zip(block, outcomes, strict=True):
                if isinstance(outcome, TaskFailed):
                    failures[i] = outcome
                else:
                    _keep(outcome, tasks[i][1])
    except KeyboardInterrupt:
        kept = sum(file.is_file() for _, file in tasks.values())
        raise RunInterrupted(already + kept, already + len(tasks), folder, "cells") from None
    return failures


def sound_values(
    faults: Faults,
    name: str,
    given: Mapping[str, Sequence[Any]],
    scenario: Scenario | None,
    fewest: int = 2,
    at_review: bool = False,
) -> dict[str, list[Any]]:
    """The fields with sound values, by path; what is wrong with the others is noted.

    name       field of the question in which they stand
    scenario   None where it is not known, so that parameters must keep to the evidence
    fewest     values that a field needs
    at_review  whether they act from a month on, so that only levers will do
    """
    force = scenario is not None and bool(scenario.resolved["force_parameters"])
    sound = {}
    for path, values in given.items():
        before, at = len(faults.found), (name, path)
        _check_path(faults, at, path, at_review)
        if len(faults.found) == before:
            _check_values(faults, at, path, values, force)
            if len(values) == 1 < fewest:
                faults.add(at, "one value varies nothing", "give two or more", at_key=True)
        if len(faults.found) == before:
            sound[path] = [plain_numbers(each) for each in values]
    return sound


def check_number(faults: Faults, name: str, *fields: Mapping[str, Sequence[Any]]) -> None:
    """Note where the combinations of all values are more than can be simulated."""
    count = math.prod(len(values) for each in fields for values in each.values())
    if count > MOST_CELLS:
        allowed = f"at most {MOST_CELLS:,}; give fewer values"
        faults.add(name, f"these are {count:,} combinations", allowed, at_key=True)


def _check_path(faults: Faults, at: KeyPath, path: str, at_review: bool) -> None:
    try:
        check_fields([path])
    except ChangeError as error:
        (fault,) = error.faults
        faults.add(at, fault.message, fault.allowed, fault.suggestion, at_key=True)
        return
    if at_review and path not in lever_paths():
        allowed = f"fields of {SECTIONS_IN_WORDS} can"
        faults.add(at, "cannot change at a review", allowed, at_key=True)


def _check_values(
    faults: Faults, at: KeyPath, path: str, values: Sequence[Any], force: bool
) -> None:
    seen: list[Any] = []
    for place, value in enumerate(values):
        here, plain = (*at, place), (type(value), plain_numbers(value))
        found = value_problems(path, value, Document(), here, force)
        faults.found += found
        if not found and plain in seen:
            faults.add(here, "stands twice", "delete one of them")
        seen.append(plain)
