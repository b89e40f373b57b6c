"""One block from policy to the bytes of its tables, made by whichever process or machine has it.

Importing this module is cheap; the libraries that a block needs are imported by `import_libraries`
or by the first block.
"""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rsip_sim.experiment.errors import BlockFailure, is_of_disk

if TYPE_CHECKING:
    from rsip_sim.evidence.rosters import Roster
    from rsip_sim.model.policy import Policy
    from rsip_sim.model.simulation import BlockOutcome

Simulate = Callable[["Policy", "Roster", int, range], "BlockOutcome"]
"""What simulates replications of a policy with a seed: the model, or in tests something else."""

BLOCK = 2048  # replications simulated together: calls are shared, the arrays still fit the cache
SMALL_BLOCK = 512
"""Replications of a block of a run of few: blocks of several scenarios are then simulated together,
and fill the processes alike."""


def usual_block(replications: int) -> int:
    """Replications kept together of a run of so many."""
    return SMALL_BLOCK if replications <= BLOCK // 2 else BLOCK


def simulate_with_the_model(
    policy: Policy, roster: Roster, seed: int, replications: range
) -> BlockOutcome:
    """The model itself, imported when first used."""
    from rsip_sim.model.simulation import simulate_block

    return simulate_block(policy, roster, seed, replications)


@dataclass(frozen=True)
class Job:
    """One block to simulate; plain enough for any executor.

    first, stop  replications first … stop − 1
    folder       where it is kept: its path inside the folder of the run
    """

    scenario: str
    policy: Policy
    roster: Roster
    seed: int
    first: int
    stop: int
    folder: str
    simulate: Simulate = simulate_with_the_model


@dataclass(frozen=True)
class BlockMade:
    """One block simulated and checked.

    contents  of its tables, by the name of their file: some 6 kB a replication
    """

    first: int
    contents: dict[str, bytes]


def run_blocks(jobs: Sequence[Job]) -> list[BlockMade | BlockFailure]:
    """Simulate and check the blocks of one run, together where the model does.

    A failure is returned, unless it is one of the disk; it is one of the blocks that meet it alone.
    """
    return list(_made(jobs))


def _made(jobs: Sequence[Job]) -> Iterator[BlockMade | BlockFailure]:
    """The same one by one, so that each may be stored before the next is looked at."""
    outcomes: Sequence[BlockOutcome | None] = [None] * len(jobs)
    if len(jobs) > 1 and all(job.simulate is simulate_with_the_model for job in jobs):
        from rsip_sim.model.simulation import Portion, simulate_together

        portions = [Portion(job.policy, range(job.first, job.stop)) for job in jobs]
        # what fails together is simulated again, block by block, to learn which it is
        with contextlib.suppress(Exception), _no_result_of_nothing():
            outcomes = simulate_together(portions, jobs[0].roster, jobs[0].seed)
    for job, outcome in zip(jobs, outcomes, strict=True):
        yield _block(job, outcome)


def _block(job: Job, outcome: BlockOutcome | None) -> BlockMade | BlockFailure:
    """One block, checked, as the bytes of its tables; simulated where it has no outcome yet."""
    stage = "simulate"
    try:
        from rsip_sim.experiment import tables

        replications = range(job.first, job.stop)
        if outcome is None:
            with _no_result_of_nothing():
                outcome = job.simulate(job.policy, job.roster, job.seed, replications)
        stage = "check"
        tables.check_outcome(outcome, job.policy.horizon_months, len(job.roster), len(replications))
        schools = tables.schools_table(outcome.schools, job.roster.urn, job.first)
        panel = tables.panel_table(outcome.panel, outcome.notes, job.first)
        return BlockMade(
            job.first,
            {
                tables.schools_name(job.first): tables.content_of(schools),
                tables.panel_name(job.first): tables.content_of(panel),
            },
        )
    except Exception as error:
        if is_of_disk(error):  # the next block would meet it too
            raise
        return failed(job, stage, error)


def _no_result_of_nothing() -> np.errstate:
    """0/0, or a cast of what is no number, is an error and no result."""
    return np.errstate(invalid="raise")


def store_block(job: Job, made: BlockMade, run: Path) -> dict[str, str] | BlockFailure:
    """Write the files of a block into the folder of the run.

    Returns the sha256 of each by its path inside that folder, or what went wrong.
    """
    from rsip_sim.experiment import tables

    folder = run / job.folder
    try:
        digests = {
            name: tables.store(content, folder / name) for name, content in made.contents.items()
        }
        # the digests come last: where they stand and fit, the block is complete
        name = tables.digests_name(made.first)
        digests[name] = tables.store_digests(folder / name, digests)
        return {f"{job.folder}/{name}": digest for name, digest in digests.items()}
    except Exception as error:
        if is_of_disk(error):  # the next block would meet it too
            raise
        return failed(job, "write", error)


def run_and_store(run: Path, jobs: Sequence[Job]) -> list[dict[str, str] | BlockFailure]:
    """`run_blocks`, then `store_block`, in a process that sees the folder of the run.

    What goes back is short: a process that is killed in the middle of a long answer would leave
    whoever reads it waiting.
    """
    return [
        made if isinstance(made, BlockFailure) else store_block(job, made, run)
        for job, made in zip(jobs, _made(jobs), strict=True)
    ]


def failed(job: Job, stage: str, error: BaseException) -> BlockFailure:
    """What went wrong with a block, with its traceback where there is one."""
    trace = "".join(traceback.format_exception(error)) if error.__traceback__ else ""
    return BlockFailure(
        job.scenario, job.first, job.stop - 1, stage, type(error).__name__, str(error), trace
    )


def import_libraries() -> None:
    """Import what a block needs, so that a process is ready before its first block."""
    import rsip_sim.experiment.tables
    import rsip_sim.model.simulation  # noqa: F401
