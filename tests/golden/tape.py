"""Simulations that were stored: a study asks for a run, and gets the numbers that were kept of it.

Bits are promised on one machine and one numpy, so the record stands on stored runs. A run is known
by what was asked; one that nobody asked for when the runs were stored is an error, never simulated.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import lzma
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment import authorities as authority_runs
from rsip_sim.experiment.authorities import Job, Openings
from rsip_sim.model import simulation
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome
from rsip_sim.studies.kernel import trials
from rsip_sim.studies.kernel.trials import Trial

RUNS = Path(__file__).parent / "runs"  # xz, since runs on the same luck share most numbers
Arrays = Mapping[str, NDArray[Any]]
_OPENINGS = ("openings", "founding", "exits")


class Tape:
    """The runs of one file, or a new file of them.

    anew  simulate what is asked for, and keep it
    """

    def __init__(self, name: str, anew: bool) -> None:
        self.path, self.anew = RUNS / f"{name}.npz.xz", anew
        self.kept: dict[str, NDArray[Any]] = {}
        if not anew:
            with lzma.open(self.path) as packed, np.load(io.BytesIO(packed.read())) as file:
                self.kept = {key: file[key] for key in file.files}

    def close(self) -> None:
        """Write the runs, if they are new."""
        if self.anew:
            RUNS.mkdir(exist_ok=True)
            with lzma.open(self.path, "wb", preset=9) as packed:
                np.savez(packed, **dict(sorted(self.kept.items(), key=_column)))

    def run(self, asked: str, simulate: Callable[[], Arrays]) -> dict[str, NDArray[Any]]:
        """The arrays of one run by name."""
        key = hashlib.sha256(asked.encode()).hexdigest()[:12]
        if self.anew:
            self.kept |= {f"{key}/{name}": array for name, array in simulate().items()}
        found = {
            name.partition("/")[2]: array
            for name, array in self.kept.items()
            if name.startswith(f"{key}/")
        }
        if not found:
            raise LookupError(
                f"no stored run in {self.path.name} is that of {asked}\nIf it is meant to be asked "
                "for: python -m pytest -n 0 tests/golden --regenerate --simulate-anew"
            )
        return found


@contextlib.contextmanager
def played(name: str, anew: bool) -> Iterator[None]:
    """While this lasts, blocks, trials and authorities are those of the file of this name."""
    tape = Tape(name, anew)
    block, measure, authority = (
        simulation.simulate_block,
        trials.measure,
        authority_runs.simulate,
    )

    def stored_block(
        policy: Policy, roster: Roster, seed: int, replications: range
    ) -> BlockOutcome:
        def simulate() -> Arrays:
            outcome = block(policy, roster, seed, replications)
            return {
                **{f"panel/{name}": array for name, array in outcome.panel.items()},
                **{f"schools/{name}": array for name, array in outcome.schools.items()},
                **{f"notes/{name}": np.array(count) for name, count in outcome.notes.items()},
            }

        asked = f"{policy!r} {roster.digest} {seed} {_which(replications)}"
        parts: dict[str, dict[str, Any]] = {"panel": {}, "schools": {}, "notes": {}}
        for key, array in tape.run(f"block {asked}", simulate).items():
            part, _, column = key.partition("/")
            parts[part][column] = int(array) if part == "notes" else array
        return BlockOutcome(**parts)

    def stored_measure(trial: Trial) -> NDArray[np.float64]:
        asked = (
            f"{trial.policy!r} {trial.roster.digest} {trial.seed} {_which(trial.replications)} "
            f"{trial.metrics} {[moment.name for moment in trial.moments]} {_held(trial.held)}"
        )
        return tape.run(f"trial {asked}", lambda: {"": measure(trial)})[""]

    def stored_authority(job: Job) -> Openings:
        def simulate() -> Arrays:
            with patch.object(simulation, "simulate_block", block):  # its blocks are not kept
                (made,) = authority([job])
            return {name: getattr(made, name) for name in _OPENINGS}

        asked = f"{job.authority} {_policy(job.policy)} {job.seed} {_which(job.replications)}"
        found = tape.run(f"authority {asked}", simulate)
        return Openings(job.authority, *(found[name] for name in _OPENINGS))

    with (
        patch.object(trials, "BLOCK", 1024),  # as trials were cut when their runs were stored
        patch.object(simulation, "simulate_block", stored_block),
        patch.object(simulation, "simulate_together", _one_by_one),
        patch.object(trials, "measure", stored_measure),
        patch.object(
            trials, "measure_together", lambda some: [stored_measure(each) for each in some]
        ),
        patch.object(authority_runs, "simulate", lambda jobs: [*map(stored_authority, jobs)]),
    ):
        yield
    tape.close()


def _one_by_one(*_: object) -> None:
    """Blocks of several scenarios are stored one by one, and a run falls back to that."""
    raise LookupError("runs are stored block by block")


def _column(kept: tuple[str, Any]) -> tuple[str, str]:
    """The same column of different runs side by side: much of it is the same."""
    run, _, column = kept[0].partition("/")
    return column, run


def _which(replications: range | NDArray[np.int64]) -> str:
    numbers = np.asarray(replications, dtype="<i8")
    return f"{len(numbers)}:{hashlib.sha256(numbers.tobytes()).hexdigest()[:8]}"


def _held(values: Mapping[str, NDArray[np.float64]]) -> str:
    """Parameter values, so told that their last bits, which may differ by machine, do not show."""
    places = np.arange(1, 1 + len(next(iter(values.values()), ())))
    return str([(name, f"{float(each @ places):.7g}") for name, each in sorted(values.items())])


def _policy(policy: Policy) -> str:
    """A policy whose national rates are calculated: told without their last bits."""
    climate = policy.levers.climate
    rates = [
        (phase, f"{sum(of_phase):.7g}")
        for phase, of_phase in climate.opening_pct_per_month or ()
    ]  # fmt: skip
    return " ".join(
        str(each)
        for each in (
            policy.horizon_months, policy.parameters, climate.conversion, rates, policy.overrides
        )
    )  # fmt: skip
