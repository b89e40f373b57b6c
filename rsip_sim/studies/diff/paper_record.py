"""What a paper that was sent without its futures says of the run that its figures are from."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.studies.kernel.manifests import FINDINGS, read_study

_NAMES = ("metric", "what", "scenario", "renewal", "date")  # what tells one figure from another
_OF_A_RUN = {"digest": str, "seed": int, "replications": int, "scenarios": dict, "inputs": dict}

FigureName = tuple[str, ...]


@dataclass(frozen=True)
class PaperRecord:
    """One run, as its own manifest or a paper made from it describes it.

    scenarios  titles by name
    inputs     sha256 of roster, model and evidence, and of each of the scenarios
    made_with  versions, platform and commit
    figures    how a paper writes each figure of a metric; metric, statistic, scenario, renewal
               and date name it
    """

    folder: Path
    digest: str
    seed: int
    replications: int
    scenarios: Mapping[str, str]
    inputs: Mapping[str, Any]
    made_with: Mapping[str, Any]
    figures: Mapping[FigureName, str] = field(default_factory=dict)


def paper_record(folder: Path) -> PaperRecord | None:
    """The record that a run, or a paper made from one, holds; None if the folder holds neither.

    Raises StoreError where a manifest is damaged.
    """
    if not (folder / MANIFEST).is_file():
        return None
    if (study := read_study(folder)) is None:
        return _record(folder, read_record(folder / MANIFEST), {})
    try:
        findings = json.loads((folder / FINDINGS).read_text(encoding="utf-8"))
        return _record(folder, findings["runs"][study["comparison"]], _figures(findings))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _record(
    folder: Path, run: Mapping[str, Any], figures: Mapping[FigureName, str]
) -> PaperRecord | None:
    if any(type(run.get(name)) is not kind for name, kind in _OF_A_RUN.items()):
        return None
    made_with = run.get("made_with") or {}
    described = {name: run[name] for name in _OF_A_RUN}
    return PaperRecord(folder, made_with=made_with, figures=figures, **described)


def _figures(findings: Mapping[str, Any]) -> dict[FigureName, str]:
    """Figures that their names tell apart."""
    found = [
        (tuple(str(entry.get(name, "")) for name in _NAMES), str(entry["display"]))
        for entry in findings.get("entries", ())
        if entry.get("metric") and "display" in entry
    ]
    written = Counter(name for name, _ in dict.fromkeys(found))
    return {name: display for name, display in found if written[name] == 1}


def without_futures(folder: Path, reason: StoreError) -> PaperRecord:
    """The record of a paper whose futures are not at hand; the reason is raised if it has none."""
    record = paper_record(folder)
    if record is None:
        raise reason
    return record
