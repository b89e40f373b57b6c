"""Studies and papers that were kept, as their manifests describe them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, read_record, read_sealed
from rsip_sim.measures.csv_files import read_table
from rsip_sim.studies.kernel.keeping import STUDIES, refuse_changed

FINDINGS = "findings.json"
"""In which a paper says, run by run, what its figures were taken from."""

_MOST_ABOVE = 3  # folders above a study in which its comparison is looked for


def read_study(folder: Path) -> Mapping[str, Any] | None:
    """The manifest of a study kept in this folder; None where it holds none, or no manifest.

    Raises StoreError where the manifest is damaged.
    """
    if not (folder / MANIFEST).is_file():
        return None
    manifest = read_record(folder / MANIFEST)
    if "study" not in manifest:
        return None
    if not all(type(manifest.get(name)) is dict for name in ("files", "made_with")):
        raise StoreError(f"{folder / MANIFEST} is damaged, or no manifest of a study")
    return manifest


def comparison_around(folder: Path, digest: str) -> Path | None:
    """The folder above that holds the comparison of this digest, None if there is none."""
    here = Path.cwd()
    for above in list(folder.absolute().parents)[:_MOST_ABOVE]:
        with contextlib.suppress(OSError, StoreError):
            if read_record(above / MANIFEST).get("digest") == digest:
                return above.relative_to(here) if above.is_relative_to(here) else above
    return None


def kept_tables(
    results: Results, study: str, names: Sequence[str]
) -> Sequence[Mapping[str, pd.DataFrame]]:
    """These tables of every finished study of that name that is kept with a comparison.

    StoreError where one is not as it was kept.
    """
    found = []
    for manifest in sorted((results.folder / STUDIES).glob(f"*/{MANIFEST}")):
        facts = read_record(manifest)
        if (facts.get("study"), facts.get("comparison")) == (study, results.digest):
            files = {name: f"tables/{name}.csv" for name in names}
            refuse_changed(manifest.parent, read_sealed(manifest), files.values())
            found.append({name: read_table(manifest.parent / file) for name, file in files.items()})
    return found
