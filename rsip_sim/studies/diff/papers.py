"""Two papers: stored comparisons with what they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import SHORT
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, RUN, read_record
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.ground import comparison_ground
from rsip_sim.studies.kernel.manifests import comparison_around, read_study

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
    libraries = tuple(sorted(record.libraries().items()))
    return Version(record.source_digest(), record.evidence_digest(), libraries)


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

    @property
    def made_words(self) -> str:
        """What it was made with: ``rsip_sim 0.1.0, commit 4dc36260fd79``."""
        git, version = self.made_with.get("git"), f"rsip_sim {self.made_with.get('rsip_sim')}"
        return f"{version}, {record.commit_text(git)}" if git else version


def open_paper(folder: Path) -> Paper:
    """A stored comparison as a paper, or that from which the study or paper kept here was made.

    Raises AskedError where the folder holds a single scenario, StoreError where the comparison is
    not at hand or its record is damaged.
    """
    place = _comparison_of(folder)
    try:
        ground = comparison_ground(place)
        run, made = read_record(place / RUN), read_record(place / MANIFEST)["made_with"]
        other = "" if run["roster"] == ground.baseline.roster.digest else run["roster"]
        libraries = tuple(sorted(run["libraries"].items()))
        version = Version(run["model"], run["evidence"], libraries, other)
    except (KeyError, TypeError) as error:
        raise StoreError(
            f"the record of {place} is damaged; 'rsip verify {place}' says where"
        ) from error
    return Paper(place, ground.stored, ground.scenarios, version, made)


def _comparison_of(folder: Path) -> Path:
    """The folder itself, or that of the comparison from which a study in it was made."""
    study = read_study(folder)
    if study is None:
        return folder
    digest = str(study.get("comparison", ""))
    place = comparison_around(folder, digest)
    if place is None:
        raise StoreError(
            f"{folder} holds a study ({study['study']}), and no folder around it the comparison "
            f"{digest[:SHORT]}… on which that rests; name the folder of the comparison"
        )
    now = read_record(place / MANIFEST)["replications"]
    if study.get("replications", now) != now:
        raise StoreError(
            f"{folder} holds a study of {study['replications']:,} futures, and {place} now holds "
            f"{now:,}; make the study again, or name the folder of the comparison"
        )
    return place
