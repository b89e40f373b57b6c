"""Whether the record of a finished run fits the scenarios kept with it, and today's version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rsip_sim.experiment import record
from rsip_sim.experiment.design import Design, blocks, design
from rsip_sim.experiment.errors import DesignError, StoreError
from rsip_sim.experiment.record import SHORT, commit_text
from rsip_sim.experiment.results import Results, open_results, stored_scenarios
from rsip_sim.experiment.store import MANIFEST, RUN, read_record
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario, ScenarioError
from rsip_sim.studies.verify.checks import Check

_OF_THE_MANIFEST = {
    "digest": str,
    "seed": int,
    "replications": int,
    "block": int,
    "files": dict,
    "made_with": dict,
    "inputs": dict,
    "scenarios": dict,
}
_BESIDE_THE_IDENTITY = ("digest", "block", "libraries", record.SEAL)  # what run.json holds besides
_WORDS = {
    "start": "the first month",
    "months": "the number of months",
    "cases": "the cases that were simulated",
}


@dataclass(frozen=True)
class Kept:
    """A finished run, as far as it can be read; what cannot be read is None.

    manifest, run  what manifest.json and run.json hold
    results        the stored panels
    scenarios      read from the resolved files;  design: made of them
    faults         why something cannot be read
    """

    folder: Path
    manifest: Mapping[str, Any]
    run: Mapping[str, Any] | None = None
    results: Results | None = None
    scenarios: tuple[Scenario, ...] | None = None
    design: Design | None = None
    faults: tuple[str, ...] = ()

    @property
    def replications(self) -> int:
        """Futures of each scenario."""
        return int(self.manifest["replications"])

    @property
    def has_own_roster(self) -> bool:
        """Whether the schools are those of a file kept with the run, not of the package."""
        return self.design is not None and Path(self.design.roster.source).is_file()

    def expected_files(self) -> set[str]:
        """What the manifest must name, as far as the design is known."""
        if self.design is None:
            return {RUN}
        from rsip_sim.experiment.tables import BLOCK_FILES

        names = {RUN} | {f"scenarios/{s.name}.resolved.yaml" for s in self.design.scenarios}
        if self.has_own_roster:
            names.add(f"scenarios/{Path(self.design.roster.source).name}")
        return names | {
            f"data/{case.folder}/{name(block.first)}"
            for case in self.design.distinct()
            for block in blocks(self.replications, self.manifest["block"])
            for name in BLOCK_FILES
        }


def read_kept(folder: Path) -> Kept:
    """A finished run, whatever has become of its files; StoreError if the folder holds none."""
    if not (folder / MANIFEST).is_file():
        open_results(folder)  # which says what is there instead
    manifest = read_record(folder / MANIFEST)
    wrong = [
        name for name, kind in _OF_THE_MANIFEST.items() if type(manifest.get(name)) is not kind
    ]
    if wrong or min(manifest["replications"], manifest["block"]) < 1:
        raise StoreError(f"{folder / MANIFEST} is damaged, or no manifest of a run")
    try:
        run = read_record(folder / RUN)
        dict(run["scenarios"])
        results = Results(folder, run, manifest["replications"], manifest["block"])
    except (OSError, StoreError, KeyError, TypeError, ValueError):
        return Kept(folder, manifest, faults=(f"{RUN} cannot be read",))
    try:
        scenarios = stored_scenarios(results)
    except ScenarioError as error:
        faults = tuple(_inside(folder, str(fault)) for fault in error.faults)
        return Kept(folder, manifest, run, results, faults=faults)
    try:
        plan = design(scenarios, run["seed"], manifest["replications"])
    except DesignError as error:
        return Kept(folder, manifest, run, results, scenarios, faults=(str(error),))
    return Kept(folder, manifest, run, results, scenarios, plan)


def check_record(kept: Kept) -> Check:
    """The identity of the run, worked out again from the scenarios kept with it."""
    found = [*_disagreements(kept), *_other_inputs(kept)]
    if found:
        sentence = "The record does not fit what is kept with it."
        return Check("record", "differs", sentence, tuple(found))
    if kept.design is None:
        sentence = "The identity cannot be worked out again from what is kept."
        return Check("record", "unknown", sentence, kept.faults)
    scenarios = counted(len(kept.design.scenarios), "scenario")
    sentence = (
        f"The identity, worked out again from the {scenarios} kept, is "
        f"{kept.manifest['digest'][:SHORT]}…, as recorded."
    )
    return Check("record", "equal", sentence)


def _disagreements(kept: Kept) -> Iterator[str]:
    """Where run.json does not fit its own digest, or the manifest."""
    run, manifest = kept.run, kept.manifest
    if run is None:
        return
    parts = {name: value for name, value in run.items() if name not in _BESIDE_THE_IDENTITY}
    if record.digest(parts) != run["digest"]:
        yield f"{RUN} does not have the digest that it gives for itself"
    for name, content in ((MANIFEST, manifest), (RUN, run)):
        if record.seal_is_broken(content):
            yield f"{name} is not what was written: its seal is that of another"
    for name in ("digest", "seed", "block"):
        if manifest[name] != run.get(name):
            yield f"{MANIFEST} and {RUN} differ in {name}: {manifest[name]} and {run.get(name)}"
    for name in ("roster", "model", "evidence", "scenarios"):
        if manifest["inputs"].get(name) != run.get(name):
            yield f"{MANIFEST} and {RUN} differ in the digest of {name}"
    for scenario in kept.scenarios or ():
        title = manifest["scenarios"].get(scenario.name)
        if title != scenario.title:
            yield f"scenario {scenario.name}: '{title}' in {MANIFEST}, '{scenario.title}' as kept"


def _other_inputs(kept: Kept) -> Iterator[str]:
    """Where the scenarios, schools or settings kept are not those that were run."""
    if kept.design is None or kept.run is None:
        return
    now, then = record.identity(kept.design), kept.run
    same = same_version(kept.manifest["made_with"])
    perhaps = "" if same else ", or this version of rsip_sim reads it in another way"
    for name, words in _WORDS.items():
        if now[name] != then.get(name):
            yield f"{words}: {then.get(name)} recorded, {now[name]} by the scenarios kept"
    if kept.has_own_roster and now["roster"] != then.get("roster"):
        yield f"the roster {kept.design.roster.name} kept with the run is not the one that was run"
    for scenario in kept.design.scenarios:
        if now["scenarios"][scenario.name] != then["scenarios"].get(scenario.name):
            yield f"scenario {scenario.name}: what is kept is not what was run{perhaps}"
        ran = (then["seed"], kept.replications)
        if (scenario.run.seed, scenario.run.replications) != ran:
            yield (
                f"scenario {scenario.name}: its file gives seed {scenario.run.seed} and "
                f"{scenario.run.replications:,} replications, the run {ran[0]} and {ran[1]:,}"
            )


def check_made_with(kept: Kept) -> tuple[Check, tuple[str, ...]]:
    """What the run was made with, against what is here.

    Returns the check, and in words what has changed that may change the numbers.
    """
    decisive = tuple(_decisive(kept))
    said = (
        "What is here may give other numbers."
        if decisive
        else "Model, evidence and the libraries that decide the numbers are the same here."
    )
    return made_with_check(kept.manifest["made_with"], said, decisive), decisive


def made_with_check(then: Mapping[str, Any], said: str, decisive: Sequence[str] = ()) -> Check:
    """What something was made with, against what is here.

    said      what follows where anything has changed
    decisive  what has changed that may change the numbers
    """
    before, now = _flat(then), _flat(record.environment())
    changes = [_changed(name, before, now) for name in now if before.get(name) != now[name]]
    details = tuple(dict.fromkeys([*decisive, *changes]))
    made = f"rsip_sim {before['rsip_sim']}, {before['commit']}, Python {before['Python']}"
    if not details:
        return Check("made with", "equal", f"{made}: all of it as it is here.")
    return Check("made with", "note", f"{made}. {said}", details)


def _flat(made_with: Mapping[str, Any]) -> dict[str, Any]:
    """Versions, platform and commit by name."""
    return {
        "rsip_sim": made_with.get("rsip_sim"),
        "Python": made_with.get("python"),
        "platform": made_with.get("platform"),
        "commit": commit_text(made_with.get("git")),
        **(made_with.get("libraries") or {}),
    }


def _changed(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    return f"{name} was {before.get(name)} and is {now[name]} here"


def _decisive(kept: Kept) -> Iterator[str]:
    """What decides the numbers and is not as it was."""
    run = kept.run
    if run is None:
        return
    if run.get("model") != record.source_digest():
        yield "the source of the model is another here"
    if run.get("evidence") != record.evidence_digest():
        yield "the parameter register or other evidence is another here"
    if kept.design and not kept.has_own_roster and run.get("roster") != kept.design.roster.digest:
        yield f"the roster {kept.design.roster.name} of the package is another here"
    before, now = run.get("libraries") or {}, record.libraries()
    yield from (_changed(name, before, now) for name in now if before.get(name) != now[name])


def same_version(then: Mapping[str, Any]) -> bool:
    """Whether version and checkout of rsip_sim are those here, as far as they are known."""
    now = record.environment()
    return all(then.get(name) == now[name] for name in ("rsip_sim", "git"))


def _inside(folder: Path, text: str) -> str:
    """A message without the folder, which the reader has just named."""
    return text.replace(f"{folder.as_posix()}/", "").replace(f"{folder}/", "")
