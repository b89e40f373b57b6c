"""Simulates authorities, all policies of one in one block, and keeps each as soon as it is done.

authorities/<number>-<digest>.npy  what was measured of one authority: float64 (policies, metrics,
                                   moments, futures); its name holds the beginning of its sha256

An authority costs about a quarter of a second whatever it has, and then by schools × futures;
several authorities in one block would save a part of that quarter and cost what the model is
readable by: a block has one roster.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rsip_sim.experiment.authorities import (
    amounts_by_pupils,
    policy_by_pupils,
    register_pupils,
)
from rsip_sim.experiment.errors import BlocksFailed, RunInterrupted
from rsip_sim.experiment.files import remove, write_bytes, write_text
from rsip_sim.experiment.places import changed
from rsip_sim.experiment.record import bytes_digest
from rsip_sim.experiment.store import FAILURES
from rsip_sim.experiment.tasks import Guarded, TaskFailed, run_tasks
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.policy import Policy
from rsip_sim.studies.england.places import Place
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.kernel.trials import Trial, measure_all

FOLDER = "authorities"
_DIGITS = 16  # of a digest, in the name of a file


@dataclass(frozen=True)
class Plan:
    """What is simulated of every authority.

    policies      as the scenarios have them, the baseline first
    pupils        of the authority for which the scenarios' pounds are meant
    replications  futures of each authority;  seed: of the study, of which each has its own
    """

    policies: tuple[Policy, ...]
    pupils: int
    metrics: tuple[str, ...]
    moments: tuple[Moment, ...]
    replications: int
    seed: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of what is measured of one authority."""
        return len(self.policies), len(self.metrics), len(self.moments), self.replications

    def trials(self, place: Place) -> list[Trial]:
        """Every policy in one authority, on the same futures, money in proportion to pupils."""
        seed, replications = self.seed + 1 + place.number, np.arange(self.replications)
        factor = place.pupils / register_pupils()
        (how,) = {policy.parameters for policy in self.policies}
        held = amounts_by_pupils(how, factor, seed, replications)
        return [
            Trial(
                policy_by_pupils(policy, place.pupils / self.pupils), place.roster, seed,
                replications, self.metrics, self.moments, held,
            )
            for policy in self.policies
        ]  # fmt: skip


def simulate_place(task: tuple[Plan, Place, Path | None]) -> FloatArray:
    """Measure one authority, and keep it in the folder if there is one, whole or not at all."""
    plan, place, folder = task
    measured = np.stack(measure_all(plan.trials(place), workers=1))
    if folder is not None:
        buffer = io.BytesIO()
        np.save(buffer, measured)
        digest = bytes_digest(buffer.getvalue())[:_DIGITS]
        write_bytes(folder / FOLDER / f"{place.number:03d}-{digest}.npy", buffer.getvalue())
    return measured


def measured_places(plan: Plan, places: Sequence[Place], means: Means) -> Iterator[FloatArray]:
    """What was measured of each authority, one after the other; what is kept is not repeated.

    Raises RunInterrupted on Ctrl-C, when what was finished is kept; BlocksFailed, after all others
    are kept, where an authority cannot be simulated.
    """
    folder, sizes = means.folder, len(plan.policies) * plan.replications
    missing = [place for place in places if _stored(plan, place, folder) is None]
    already = len(places) - len(missing)
    results = run_tasks(
        Guarded(simulate_place), [(plan, place, folder) for place in missing],
        [sizes] * len(missing), means.workers, means.progress, already * sizes,
    )  # fmt: skip
    waiting = {place.number for place in missing}
    failures: list[TaskFailed] = []
    try:
        for place in places:
            found = next(results) if place.number in waiting else _stored(plan, place, folder)
            if isinstance(found, TaskFailed):
                failures.append(found)
            elif not failures:
                assert found is not None  # it was there a moment ago, and the folder is held
                if folder is not None:
                    changed(*(folder / FOLDER).glob(f"{place.number:03d}-*.npy"))
                yield found
        next(results, None)  # which tells that all is done
    except KeyboardInterrupt:
        if folder is None:
            raise
        raise RunInterrupted(len(kept_files(folder)), len(places), folder, FOLDER) from None
    if folder is not None:
        _log(folder, failures)
    if failures:
        raise BlocksFailed(failures, folder or Path(), "the other authorities are kept")


def kept_files(folder: Path) -> list[Path]:
    """The files of the authorities that were measured, in order."""
    return sorted((folder / FOLDER).glob("*-*.npy"))


def _stored(plan: Plan, place: Place, folder: Path | None) -> FloatArray | None:
    """What is kept of an authority; None where nothing is, or not as it was left."""
    if folder is None:
        return None
    for file in sorted((folder / FOLDER).glob(f"{place.number:03d}-*.npy")):
        content = file.read_bytes()
        if bytes_digest(content)[:_DIGITS] == file.stem.partition("-")[2]:
            found: FloatArray = np.load(io.BytesIO(content))
            if found.shape == plan.shape:
                return found
        remove(file)  # so that the folder holds one of each, which the manifest names
    return None


def _log(folder: Path, failures: Sequence[TaskFailed]) -> None:
    remove(folder / FAILURES)
    if failures:
        write_text(folder / FAILURES, "\n".join(f"{each}\n{each.trace}" for each in failures))
