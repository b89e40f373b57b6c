"""One block from policy to files: simulated, checked and stored by whichever process has it.

Importing this module is cheap; the libraries that a block needs are imported by `import_libraries`
or by the first block.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
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

BLOCK = 1024  # replications simulated together: calls are shared, the arrays still fit the cache


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
    folder       where its files go; every process must see it
    """

    scenario: str
    policy: Policy
    roster: Roster
    seed: int
    first: int
    stop: int
    folder: Path
    simulate: Simulate = simulate_with_the_model


@dataclass(frozen=True)
class BlockDone:
    """One block stored: the sha256 of each of its files, by name."""

    first: int
    stop: int
    folder: Path
    digests: dict[str, str]


def run_block(job: Job) -> BlockDone | BlockFailure:
    """Simulate, check and store one block. A failure is returned, unless it is one of the disk."""
    stage = "simulate"
    try:
        from rsip_sim.experiment import tables

        replications = range(job.first, job.stop)
        with np.errstate(invalid="raise"):  # 0/0, or a cast of what is no number: no result
            outcome = job.simulate(job.policy, job.roster, job.seed, replications)
        stage = "check"
        tables.check_outcome(outcome, job.policy.horizon_months, len(job.roster), len(replications))
        stage = "write"
        contents = {
            tables.schools_name(job.first): tables.schools_table(
                outcome.schools, job.roster.urn, job.first
            ),
            tables.panel_name(job.first): tables.panel_table(
                outcome.panel, outcome.notes, job.first
            ),
        }
        digests = {name: tables.store(table, job.folder / name) for name, table in contents.items()}
        # the digests come last: where they stand and fit, the block is complete
        name = tables.digests_name(job.first)
        digests[name] = tables.store_digests(job.folder / name, digests)
        return BlockDone(job.first, job.stop, job.folder, digests)
    except Exception as error:
        if is_of_disk(error):  # the next block would meet it too
            raise
        return BlockFailure(
            job.scenario,
            job.first,
            job.stop - 1,
            stage,
            type(error).__name__,
            str(error),
            traceback.format_exc(),
        )


def import_libraries() -> None:
    """Import what a block needs, so that a process is ready before its first block."""
    import rsip_sim.experiment.tables
    import rsip_sim.model.simulation  # noqa: F401
