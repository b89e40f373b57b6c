"""Two stored comparisons as the papers that they make, and the versions they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment import record
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, RUN, read_record
from rsip_sim.scenario import Scenario

BASELINE = ""
"""The role of the baseline; every other scenario's role is its name."""


@dataclass(frozen=True)
class Version:
    """What decides the numbers besides scenarios and seed.

    model, evidence  sha256 of the model's source, and of register, calibrated sample and series
    libraries        names and versions
    roster           sha256 of a roster of the package that is no longer the one here, else ''
    """

    model: str
    evidence: str
    libraries: tuple[tuple[str, str], ...]
    roster: str = ""


def version_here() -> Version:
    """The version that simulates now."""
    return Version(
        record.source_digest(),
        record.evidence_digest(),
        tuple(sorted(record.libraries().items())),
    )


@dataclass(frozen=True)
class Paper:
    """One stored comparison, and what it was made with.

    made_with  versions, platform and commit, as its manifest says
    """

    folder: Path
    results: Results
    scenarios: tuple[Scenario, ...]
    version: Version
    made_with: Mapping[str, Any]

    @property
    def roster(self) -> Roster:
        """The schools of all its scenarios."""
        return self.scenarios[0].roster

    @property
    def roles(self) -> dict[str, Scenario]:
        """The scenarios by role."""
        baseline, *others = self.scenarios
        return {BASELINE: baseline} | {each.name: each for each in others}


def paper_of(results: Results, scenarios: tuple[Scenario, ...]) -> Paper:
    """The paper that a stored comparison makes."""
    run = read_record(results.folder / RUN)
    here = scenarios[0].roster.digest
    version = Version(
        run["model"],
        run["evidence"],
        tuple(sorted(run["libraries"].items())),
        "" if run["roster"] == here else run["roster"],
    )
    made_with = read_record(results.folder / MANIFEST)["made_with"]
    return Paper(results.folder, results, scenarios, version, made_with)
