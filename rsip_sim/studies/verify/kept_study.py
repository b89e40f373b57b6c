"""Whether a study or paper is as it was kept, and belongs to the comparison that it names.

A study holds no simulated futures of its own; they are those of the comparison around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.places import told
from rsip_sim.experiment.record import SHORT, changed_files
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.report.words import counted
from rsip_sim.studies.kernel.keeping import FINDINGS, comparison_around
from rsip_sim.studies.verify.checks import Check, check_files, check_strangers
from rsip_sim.studies.verify.record import made_with_check

_BESIDE_THE_FACTS = ("edition", "asked", "made_with", "files", record.SEAL)
_WORSE = ("equal", "note", "differs")


def check_study(
    folder: Path, manifest: Mapping[str, Any], present: Iterable[str]
) -> tuple[Check, ...]:
    """All that can be checked of a study by itself.

    present  files there, by path inside the folder
    """
    return (
        *_check_itself(folder, manifest, present),
        made_with_check(manifest["made_with"], "What is here may write another study."),
        _check_comparison(folder, manifest),
    )


def check_kept_inside(
    run: Path, there: Mapping[str, Any], inside: Path, present: Iterable[str]
) -> Check:
    """A study or paper kept inside the folder of a run: its own files, and whether it belongs here.

    there    manifest of the run
    present  files there, by path inside it
    """
    name = inside.relative_to(run).as_posix()
    try:
        manifest = read_record(inside / MANIFEST)
        files = dict(manifest["files"])
    except (StoreError, KeyError, TypeError, ValueError):
        return Check(name, "differs", "Its manifest cannot be read.", inside=True)
    belonging = _belonging(inside, manifest, run, there)
    own = (*_check_itself(inside, {**manifest, "files": files}, present), belonging)
    worst = max((each.verdict for each in own), key=_WORSE.index)
    wrong = tuple(line for each in own if each.verdict != "equal" for line in each.told)
    sentence = f"{counted(len(files), 'file')}, {belonging.sentence}."
    return Check(name, worst, sentence, wrong, inside=True)


def _check_itself(
    folder: Path, manifest: Mapping[str, Any], present: Iterable[str]
) -> tuple[Check, ...]:
    """Its files; and whether what was asked is what its own digest and a paper's record say."""
    files, faults = manifest["files"], tuple(_fact_faults(folder, manifest))
    fits = f"What was asked of this study ({manifest.get('study')}) is as recorded."
    return (
        check_files(files, changed_files(folder, files), ()),
        check_strangers(files, present),
        Check("record", "differs", "The record of the study does not fit itself.", faults)
        if faults
        else Check("record", "equal", fits),
    )


def _fact_faults(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    facts = {name: value for name, value in manifest.items() if name not in _BESIDE_THE_FACTS}
    if "asked" in manifest and record.digest(facts) != manifest["asked"]:
        yield f"what {MANIFEST} says was asked does not have the digest that it gives"
    if record.seal_is_broken(manifest):
        yield f"{MANIFEST} is not what was written: its seal is that of another"
    runs = _runs(folder)
    if runs is not None and manifest.get("comparison") not in runs:
        yield f"the figures in {FINDINGS} are of another comparison than {MANIFEST} names"


def _runs(folder: Path) -> Mapping[str, Any] | None:
    """The runs that a paper says its figures are from; None where it says nothing of them."""
    if not (folder / FINDINGS).is_file():
        return None
    try:
        runs = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))["runs"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return runs if isinstance(runs, dict) else None


def _check_comparison(folder: Path, manifest: Mapping[str, Any]) -> Check:
    """The comparison from which the study was made, if it is at hand."""
    name, digest = "comparison", manifest.get("comparison")
    if not isinstance(digest, str):
        return Check(name, "note", "It rests on no comparison, or does not say on which.")
    around = comparison_around(folder, digest)
    if around is None:
        words = f"It was made from comparison {digest[:SHORT]}…, which is in no folder around it."
        return Check(name, "note", words)
    found = _belonging(folder, manifest, around, read_record(around / MANIFEST))
    place = told(around)
    words = f"In {place}: {found.sentence}; 'rsip verify {place}' verifies that."
    return replace(found, sentence=words)


def _belonging(
    folder: Path, manifest: Mapping[str, Any], run: Path, there: Mapping[str, Any]
) -> Check:
    """Whether a study was made from the run in a folder, as far as it says so.

    there  manifest of the run
    """
    name, digest = "comparison", manifest.get("comparison")
    if not isinstance(digest, str):
        return Check(name, "equal", "it rests on no comparison, or does not say on which")
    if digest != there["digest"]:
        return Check(name, "differs", "it was made from another comparison")
    had, has = manifest.get("replications", there["replications"]), there["replications"]
    if had != has:
        words = f"made from this comparison with {had:,} futures, not {has:,}"
        return Check(name, "note", words)
    data = tuple(_data_faults(folder, run, there))
    if data:
        return Check(name, "differs", "the data are not those from which it was made", data)
    return Check(name, "equal", "made from this comparison")


def _data_faults(folder: Path, run: Path, there: Mapping[str, Any]) -> Iterator[str]:
    """Where the blocks from which a paper was made are not those of its comparison as it is now."""
    known = (_runs(folder) or {}).get(there["digest"])
    made_from = known.get("data") if isinstance(known, dict) else None
    if not isinstance(made_from, dict):
        return
    for name, what in changed_files(run, made_from).items():
        yield f"{name}, from which it was made, {what} now"
    for name in sorted(there["files"]):
        if name.startswith("data/") and name not in made_from:
            yield f"{name} is none of the blocks from which it was made"
