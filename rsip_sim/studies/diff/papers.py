"""Two papers: stored comparisons with what they were made with, or what records say of them."""

from __future__ import annotations

import json
from collections import Counter
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
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.ground import comparison_ground
from rsip_sim.studies.kernel.keeping import FINDINGS, comparison_around, read_study

BASELINE = ""
"""The role of the baseline; every other scenario's role is its name."""

_NAMES = ("metric", "what", "scenario", "date")  # what tells one figure from another
_OF_A_RUN = {
    "digest": str, "seed": int, "replications": int, "scenarios": dict, "inputs": dict,
    "made_with": dict,
}  # fmt: skip

FigureName = tuple[str, ...]


class NotAtHandError(StoreError):
    """The comparison from which a study was made is not in the folders around it."""


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


@dataclass(frozen=True)
class PaperRecord:
    """One run, as its own manifest or a paper made from it describes it.

    run      its digest, seed, replications, titles of scenarios, sha256 of the inputs (roster,
             model, evidence and each scenario), and what it was made with
    figures  how a paper writes each figure of a metric; metric, statistic, scenario
             and date name it
    """

    folder: Path
    run: Mapping[str, Any]
    figures: Mapping[FigureName, str]

    @property
    def version(self) -> Version:
        """What decided its numbers, as far as the record tells."""
        inputs, made = self.run["inputs"], self.run["made_with"]
        libraries = tuple(sorted(made.get("libraries", {}).items()))
        return Version(inputs.get("model", ""), inputs.get("evidence", ""), libraries)

    @property
    def words(self) -> str:
        """``comparison d51493b0a369…, 1,000 futures, seed 20110401``."""
        futures = counted(self.run["replications"], "future")
        return f"comparison {self.run['digest'][:SHORT]}…, {futures}, seed {self.run['seed']}"


def opened(folder: Path) -> Paper | PaperRecord:
    """A paper with its futures, or the record of one that was sent without them."""
    try:
        return open_paper(folder)
    except NotAtHandError:
        return record_of(folder)


def open_paper(folder: Path) -> Paper:
    """A stored comparison as a paper, or that from which the study or paper kept here was made.

    Raises AskedError where the folder holds a single scenario, NotAtHandError or another
    StoreError where the comparison is not at hand or its record is damaged.
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
        raise NotAtHandError(
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


def record_of(folder: Path) -> PaperRecord:
    """The record that a run, or a paper made from one, holds. StoreError where it holds none."""
    study = read_study(folder)
    try:
        if study is None:
            run, figures = read_record(folder / MANIFEST), {}
        else:
            findings = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
            run, figures = findings["runs"][study["comparison"]], _figures(findings)
        if any(type(run[name]) is not kind for name, kind in _OF_A_RUN.items()):
            raise TypeError("the record of a run is damaged")
        return PaperRecord(folder, run, figures)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"{folder} holds no record of a run, and no folder around it the comparison on which "
            "it rests; name the folder of the comparison"
        ) from error


def _figures(findings: Mapping[str, Any]) -> dict[FigureName, str]:
    """Figures that their names tell apart."""
    found = [
        (tuple(str(entry.get(name, "")) for name in _NAMES), str(entry["display"]))
        for entry in findings.get("entries", ())
        if entry.get("metric") and "display" in entry
    ]
    written = Counter(name for name, _ in dict.fromkeys(found))
    return {name: display for name, display in found if written[name] == 1}
