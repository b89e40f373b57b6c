"""Blocks of a finished run simulated again, and compared with the stored data bit by bit.

What is compared is the data, not the bytes of the files: another version of the Parquet library
writes another header for the same data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rsip_sim.evidence.months import month_text
from rsip_sim.experiment import tables
from rsip_sim.experiment.design import Design, blocks
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.tasks import Guarded, TaskFailed, run_tasks
from rsip_sim.experiment.worker import Job
from rsip_sim.report.words import counted
from rsip_sim.studies.verify.checks import Check

_VIEWS = {"float64": np.int64}  # so that nan equals nan, and −0 does not equal 0


class StoredBlock(Job):
    """One block as it is stored, with all that it takes to simulate it again."""

    @property
    def files(self) -> tuple[str, str]:
        """Names of its files in the folder of its case: the panel, and the table of schools."""
        return tables.panel_name(self.first), tables.schools_name(self.first)

    @property
    def case(self) -> str:
        """Name of that folder."""
        return Path(self.folder).name

    @property
    def label(self) -> str:
        """``two_year, replications 0–999``."""
        return f"{self.scenario}, replications {self.first:,}–{self.stop - 1:,}"


def stored_blocks(folder: Path, design: Design, size: int) -> list[StoredBlock]:
    """Every block of a run, by case."""
    return [
        StoredBlock(
            case.scenario, case.policy, design.roster, design.seed,
            block.first, block.stop, str(folder / "data" / case.folder),
        )
        for case in design.distinct()
        for block in blocks(design.replications, size)
    ]  # fmt: skip


def sampled(
    found: Sequence[StoredBlock], digest: str, number: int | None, suspects: Sequence[StoredBlock]
) -> list[StoredBlock]:
    """The blocks to simulate again, in the order of the run.

    Those with the smallest sha256 of "digest of the run, case, first replication": anybody who
    verifies the run takes the same. As many of the suspects come on top.

    number  how many; None: all
    """
    if number is None:
        return list(found)

    def rank(block: StoredBlock) -> str:
        key = f"{digest} {block.case} {block.first}"
        return hashlib.sha256(key.encode()).hexdigest()

    chosen = {*sorted(found, key=rank)[:number], *suspects[:number]}
    return [block for block in found if block in chosen]


def check_blocks(
    chosen: Sequence[StoredBlock],
    of: int,
    expected: Sequence[str],
    workers: int | None = None,
    progress: Progress | None = None,
) -> Check:
    """Simulate blocks again and compare them with what is stored.

    of        blocks of the whole run
    expected  what has changed since the run that may change the numbers
    """
    if not chosen:
        return Check("blocks", "note", f"None of {of} simulated again, as was asked.")
    replications = [block.stop - block.first for block in chosen]
    outcomes = run_tasks(
        Guarded(block_faults), chosen, replications, workers, progress, may_go=False
    )
    details, unequal = [], 0
    for block, found in zip(chosen, outcomes, strict=True):
        failed = f"could not be simulated: {found}"
        faults = (failed,) if isinstance(found, TaskFailed) else found
        unequal += bool(faults)
        details += [f"{block.label}: {fault}" for fault in faults]
    again = f"{counted(len(chosen), 'block')} of {of} simulated again"
    if not details:
        also = ", although something that decides the numbers has changed since" if expected else ""
        return Check("blocks", "equal", f"{again}: equal to the stored data to the bit{also}.")
    because = (
        "A difference is to be expected, since what it was made with is not what is here."
        if expected
        else "Either the data were changed, or this machine calculates differently."
    )
    sentence = f"{again}: {unequal} not equal to the stored data. {because}"
    return Check("blocks", "differs", sentence, tuple(details))


def block_faults(block: StoredBlock) -> tuple[str, ...]:
    """In what a block simulated again differs from what is stored; nothing where it does not."""
    outcome = block.simulate(block.policy, block.roster, block.seed, range(block.first, block.stop))
    again = (
        tables.panel_table(outcome.panel, outcome.notes, block.first),
        tables.schools_table(outcome.schools, block.roster.urn, block.first),
    )
    faults = (
        _stored_fault(Path(block.folder, name), table, block.policy.start)
        for name, table in zip(block.files, again, strict=True)
    )
    return tuple(filter(None, faults))


def _stored_fault(path: Path, again: pa.Table, start: int) -> str:
    """What is wrong with a stored table, '' where it holds the same data."""
    if not path.is_file():
        return f"{path.name} is missing"
    try:
        stored = tables.stored_table(path)
        if stored is not None:
            return _first_difference(_columns(stored), _columns(again), start)
    except (OSError, ValueError, KeyError, pa.ArrowException):
        pass
    return f"{path.name} cannot be read"


Columns = Mapping[str, NDArray[Any]]


def _columns(table: pa.Table) -> dict[str, NDArray[Any]]:
    return {name: table.column(name).to_numpy() for name in table.schema.names}


def _first_difference(stored: Columns, again: Columns, start: int) -> str:
    """The first cell that differs, by row and then by column, and how many do; '' for none."""
    if list(stored) != list(again):
        odd = sorted({*stored} ^ {*again}) or ["their order"]
        return f"other columns ({', '.join(odd)})"
    kinds = [name for name in again if stored[name].dtype != again[name].dtype]
    if kinds:
        return f"columns of another type ({', '.join(kinds)})"
    rows = len(again["replication"])
    if len(stored["replication"]) != rows:
        return f"{len(stored['replication']):,} rows stored, {rows:,} simulated now"
    unequal = {
        name: places
        for name in again
        if (places := np.flatnonzero(_bits(stored[name]) != _bits(again[name]))).size
    }
    if not unequal:
        return ""
    row = min(int(places[0]) for places in unequal.values())
    column = next(name for name, places in unequal.items() if places[0] == row)
    cells = sum(places.size for places in unequal.values())
    if "month" in again:
        where = month_text(start + int(again["month"][row]))
    else:
        where = f"school {int(again['urn'][row])}"
    return (
        f"first in replication {int(again['replication'][row]):,}, {where}, {column}: "
        f"{stored[column][row]} stored, {again[column][row]} now; in all "
        f"{counted(cells, 'cell')} of {counted(len(unequal), 'column')}"
    )


def _bits(column: NDArray[Any]) -> NDArray[Any]:
    return column.view(_VIEWS.get(column.dtype.name, column.dtype))
