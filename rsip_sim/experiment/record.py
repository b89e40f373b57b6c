"""Provenance: what makes a run this run, and what it was made with.

The identity says what was asked of the model; block size, number of processes and number of
replications do not belong to it, and no clock, user or path does.
"""

from __future__ import annotations

import functools
import hashlib
import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from rsip_sim.evidence.months import month_text
from rsip_sim.evidence.rosters import Roster, shipped_rosters
from rsip_sim.experiment.design import Design
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.reading import WHY
from rsip_sim.version import EDITION, __version__

FORMAT = 2  # of the files of a run
SEAL = "seal"  # of a record: the sha256 of all the rest of it
SHORT = 12  # characters of a digest or commit that are shown
PACKAGE = Path(__file__).parents[1]
# the libraries on which the bits of the results depend
LIBRARIES = ("numpy", "scipy", "simpy", "pyarrow")
_OF_THE_RUN = ("seed", "replications")  # given by the command, not by one scenario


def resolved(scenario: Scenario, design: Design) -> Scenario:
    """The scenario as it is run, with the seed, the replications and the roster of the run.

    Scenarios may name one roster differently; a roster file is kept once, beside all of them.
    """
    run = {**scenario.resolved["run"], "replications": design.replications, "seed": design.seed}
    named = scenario.resolved["roster"] if is_made(design.roster) else design.roster.source
    roster = Path(named).name
    return replace(scenario, resolved={**scenario.resolved, "run": run, "roster": roster})


def is_made(roster: Roster) -> bool:
    """Whether a roster was made in the process: neither of the package nor read from a file."""
    return roster.source not in shipped_rosters() and Path(roster.source).suffix.lower() != ".csv"


def identity(design: Design) -> dict[str, Any]:
    """What the results of a design depend on, with a `digest` of it all."""
    parts: dict[str, Any] = {
        "edition": EDITION,
        "format": FORMAT,
        "seed": design.seed,
        "start": month_text(design.start),
        "months": design.months,
        "schools": len(design.roster),
        "roster": design.roster.digest,
        "model": source_digest(),
        "evidence": evidence_digest(),
        "scenarios": {s.name: _scenario_digest(s) for s in design.scenarios},
        "cases": [{"scenario": case.scenario, "folder": case.folder} for case in design.cases],
    }
    return {**parts, "digest": digest(parts)}


_version = functools.cache(metadata.version)  # which reads a file


def libraries() -> dict[str, str]:
    """Versions of the libraries that decide the bits of the results."""
    return {name: _version(name) for name in LIBRARIES}


def environment() -> dict[str, Any]:
    """What the run was made with: versions, platform, and the commit of a checkout."""
    return {
        "rsip_sim": __version__,
        "git": git_state(PACKAGE),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": libraries()
        | {name: _version(name) for name in ("pandas", "matplotlib", "pydantic")},
    }


def digest(value: Any) -> str:
    """Sha256 of a plain value, written as JSON with its keys in order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(content: Mapping[str, Any]) -> dict[str, Any]:
    """A record with the sha256 of itself, by which a single changed figure in it is noticed."""
    return {**content, SEAL: digest(content)}


def seal_is_broken(content: Mapping[str, Any]) -> bool:
    """Whether a sealed record is not what was sealed; one without a seal is whatever it says."""
    rest = {name: value for name, value in content.items() if name != SEAL}
    return SEAL in content and content[SEAL] != digest(rest)


def bytes_digest(content: bytes) -> str:
    """Sha256 of some bytes."""
    return hashlib.sha256(content).hexdigest()


def file_digest(path: Path) -> str:
    """Sha256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@functools.cache
def source_digest() -> str:
    """Sha256 of the source of the model and of the code that reads its evidence."""
    return _text_digest([*(PACKAGE / "model").rglob("*.py"), *(PACKAGE / "evidence").glob("*.py")])


@functools.cache
def evidence_digest() -> str:
    """Sha256 of the register and of every data file but the rosters, which have their own."""
    evidence = PACKAGE / "evidence"
    rosters = shipped_rosters()
    files = [*evidence.glob("*.yaml"), *evidence.glob("data/*.yaml"), *evidence.glob("data/*.csv")]
    return _text_digest([path for path in files if path.stem not in rosters])


def changed_files(folder: Path, files: Mapping[str, Any]) -> dict[str, str]:
    """Files that are not as a manifest says, by name, with what is the matter with each.

    files  sha256 by path inside the folder
    """
    changed = {}
    for name, digest in files.items():
        inside = PurePosixPath(name)
        if inside.is_absolute() or ".." in inside.parts:
            changed[name] = "lies outside the folder"
        elif not (folder / name).is_file():
            changed[name] = "is missing"
        elif file_digest(folder / name) != digest:
            changed[name] = "has other content"
    return changed


def git_state(package: Path) -> dict[str, Any] | None:
    """Commit of the checkout that holds the package, and whether the package was changed since.

    None outside a checkout, or where git is missing.
    """
    checkout = package.parent
    if not (checkout / ".git").exists():
        return None
    command = ["git", "status", "--porcelain=v2", "--branch", "--", package.name]
    try:
        done = subprocess.run(
            command, cwd=checkout, capture_output=True, text=True, timeout=10, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    lines = done.stdout.splitlines()
    commit = next((line.split()[-1] for line in lines if line.startswith("# branch.oid")), "")
    return {"commit": commit, "changed": any(not line.startswith("#") for line in lines)}


def _scenario_digest(scenario: Scenario) -> str:
    parts = dict(scenario.resolved)
    parts.pop("roster", None)  # a name or path; the roster's own digest stands in the identity
    parts.pop(WHY, None)  # what a planner says of a lever makes no other run
    parts["run"] = {key: value for key, value in parts["run"].items() if key not in _OF_THE_RUN}
    return digest(parts)


def _text_digest(paths: list[Path]) -> str:
    """One sha256 for some text files; a checkout with other line ends gives the same."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        total.update(f"{path.relative_to(PACKAGE).as_posix()}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()


def commit_text(git: Mapping[str, Any] | None) -> str:
    """A checkout in words: ``commit 4dc36260fd79 with changes since``."""
    if not git:
        return "no checkout"
    changed = " with changes since" if git.get("changed") else ""
    return f"commit {str(git.get('commit'))[:SHORT]}{changed}"
