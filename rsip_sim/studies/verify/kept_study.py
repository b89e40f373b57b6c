"""Whether a study or paper is as it was kept, and belongs to the comparison that it names.

A study holds no simulated futures of its own; they are those of the comparison around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.places import told
from rsip_sim.experiment.record import SHORT, changed_files
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.report.words import counted
from rsip_sim.studies.kernel.manifests import FINDINGS, comparison_around
from rsip_sim.studies.verify.checks import Check, Verdict, check_files, check_strangers
from rsip_sim.studies.verify.record import made_with_check

_BESIDE_THE_FACTS = (
    "edition",
    "asked",
    "made_with",
    "files",
    record.SEAL,
)  # what a manifest holds besides


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


def _check_itself(
    folder: Path, manifest: Mapping[str, Any], present: Iterable[str]
) -> tuple[Check, ...]:
    """Its files; and whether what was asked is what its own digest and a paper's record say."""
    files = manifest["files"]
    faults = tuple(_fact_faults(folder, manifest))
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
    there, place = read_record(around / MANIFEST), told(around)
    verdict, words = _belonging(manifest, digest, there["replications"])
    data = tuple(_data_faults(folder, digest, around, there)) if verdict == "equal" else ()
    if data:
        words = f"The data in {place} are not those from which it was made."
        return Check(name, "differs", words, data)
    words = f"{words[0].upper()}{words[1:]} in {place}; 'rsip verify {place}' verifies that."
    return Check(name, verdict, words)


def _data_faults(
    folder: Path, digest: str, around: Path, there: Mapping[str, Any]
) -> Iterator[str]:
    """Where the blocks from which a paper was made are not those of its comparison as it is now.

    digest, around, there  of the comparison: its digest, folder and manifest
    """
    run = (_runs(folder) or {}).get(digest)
    made_from = run.get("data") if isinstance(run, dict) else None
    if not isinstance(made_from, dict):
        return
    for name, what in changed_files(around, made_from).items():
        yield f"{name}, from which it was made, {what} now"
    for name in sorted({each for each in there["files"] if each.startswith("data/")}):
        if name not in made_from:
            yield f"{name} is none of the blocks from which it was made"


def check_kept_inside(
    folder: Path, inside: Path, present: Iterable[str], digest: str, replications: int
) -> Check:
    """A study or paper kept inside the folder of a run: its own files, and whether it belongs here.

    present               files there, by path inside it
    digest, replications  of the run
    """
    name = inside.relative_to(folder).as_posix()
    try:
        manifest = read_record(inside / MANIFEST)
        files = dict(manifest["files"])
    except (StoreError, KeyError, TypeError, ValueError):
        return Check(name, "differs", "Its manifest cannot be read.", inside=True)
    own = _check_itself(inside, {**manifest, "files": files}, present)
    verdict, words = _belonging(manifest, digest, replications)
    if verdict == "equal":
        data = tuple(_data_faults(inside, digest, folder, read_record(folder / MANIFEST)))
        own += (Check(name, "differs", "Its data are others.", data),) if data else ()
    worst = max([verdict, *(each.verdict for each in own)], key=("equal", "note", "differs").index)
    wrong = tuple(line for each in own if each.verdict != "equal" for line in each.told)
    sentence = f"{counted(len(files), 'file')}, {words}."
    return Check(name, worst, sentence, wrong, inside=True)


def _belonging(manifest: Mapping[str, Any], digest: str, replications: int) -> tuple[Verdict, str]:
    """Whether a study was made from this run, as far as it says so."""
    if not isinstance(manifest.get("comparison"), str):
        return "equal", "it rests on no comparison, or does not say on which"
    if manifest["comparison"] != digest:
        return "differs", "it was made from another comparison"
    futures = manifest.get("replications", replications)
    if futures != replications:
        return "note", f"made from this comparison with {futures:,} futures, not {replications:,}"
    return "equal", "made from this comparison"
