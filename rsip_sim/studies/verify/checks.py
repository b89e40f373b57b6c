"""What is checked: one verdict, one sentence; and whether files are those of their manifest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rsip_sim.experiment.store import LITTER, MANIFEST
from rsip_sim.report.words import counted, named

STRANGERS = "other files"  # name of the check

Verdict = Literal["equal", "differs", "unknown", "note"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    name      what was checked, in a word or two
    verdict   "equal"; "differs"; "unknown": it could not be checked; "note": worth knowing, but no
              number depends on it
    sentence  what was found
    details   further facts, a line each
    inside    whether it is of a study or paper kept inside the folder of a run
    """

    name: str
    verdict: Verdict
    sentence: str
    details: tuple[str, ...] = ()
    inside: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """Its details, or where it has none its sentence."""
        return self.details or (self.sentence,)


def check_files(
    files: Mapping[str, Any], changed: Mapping[str, str], expected: Iterable[str]
) -> Check:
    """The files of the manifest, and whether it names all that a run consists of.

    changed   as `changed_files` gives it
    expected  names that the manifest of such a run must hold
    """
    unlisted = sorted(set(expected) - set(files))
    details = [f"{name} {what}" for name, what in changed.items()]
    details += [f"{name} is not in the manifest, which should name it" for name in unlisted]
    if not details:
        whole = (
            f"{counted(len(files), 'file')} of the manifest, each with the sha256 that it gives."
        )
        return Check("files", "equal", whole)
    sentence = f"{counted(len(details), 'file')} of {len(files) + len(unlisted)} not as recorded."
    return Check("files", "differs", sentence, tuple(details))


def files_by_owner(folder: Path) -> dict[Path, list[str]]:
    """Every file below a folder, under the nearest folder around it that has a manifest.

    The names are paths inside that folder; manifests and litter are left out. The folder itself
    is always there.
    """
    found: dict[Path, list[str]] = {folder: []}
    for manifest in folder.rglob(MANIFEST):
        found.setdefault(manifest.parent, [])
    for path in sorted(folder.rglob("*")):
        if path.name in LITTER or path.name == MANIFEST or not path.is_file():
            continue
        owner = next(around for around in path.parents if around in found)
        found[owner].append(path.relative_to(owner).as_posix())
    return found


def check_strangers(listed: Mapping[str, Any], present: Iterable[str]) -> Check:
    """Files that stand in the folder and in no manifest; no result depends on one."""
    strangers = [name for name in present if name not in listed]
    if not strangers:
        return Check(STRANGERS, "equal", "None beside those of the manifest.")
    words = f"{counted(len(strangers), 'file')} that no manifest names: {named(strangers)}."
    return Check(STRANGERS, "note", f"{words} No number here depends on them.")
