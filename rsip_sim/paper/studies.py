"""The studies kept beside a comparison, read as they were stored; none need be there.

A study is a folder with manifest.json, tables/*.csv and charts/*. Those of another comparison, or
of the same one before it was extended, are left aside, and the paper says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import title_of
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import file_digest
from rsip_sim.experiment.store import MANIFEST, read_record


@dataclass(frozen=True)
class StoredChart:
    """A chart of a study: name, the files with its picture and drawing, and its words."""

    name: str
    png: Path
    svg: Path
    title: str
    alt: str


@dataclass(frozen=True)
class Study:
    """One stored study.

    kind    what it is: ``risks``, ``sensitivity``;  name: of its folder
    facts   its manifest;  digest: sha256 of it
    """

    kind: str
    name: str
    folder: Path
    facts: dict[str, Any]
    digest: str

    def table(self, name: str) -> pd.DataFrame | None:
        """One of its tables, or None."""
        path = self.folder / "tables" / f"{name}.csv"
        return pd.read_csv(path) if path.is_file() else None

    @property
    def charts(self) -> tuple[StoredChart, ...]:
        """Its charts, those with a picture and an alternative."""
        found = []
        for path in sorted((self.folder / "charts").glob("*.alt.txt")):
            name = path.name.removesuffix(".alt.txt")
            png, svg = path.with_name(f"{name}.png"), path.with_name(f"{name}.svg")
            alt = path.read_text(encoding="utf-8").strip()
            if png.is_file() and svg.is_file() and alt:
                title = title_of(svg.read_text(encoding="utf-8"))
                found.append(StoredChart(name, png, svg, title, alt))
        return tuple(found)


@dataclass(frozen=True)
class Studies:
    """The studies that belong to a comparison, and the folders of those that do not."""

    found: tuple[Study, ...] = ()
    foreign: tuple[str, ...] = ()

    def of(self, *kinds: str) -> tuple[Study, ...]:
        """The studies of these kinds."""
        return tuple(study for study in self.found if study.kind in kinds)

    def named(self, name: str) -> Study:
        """The study in this folder."""
        return next(study for study in self.found if study.name == name)


def read_studies(folder: Path, comparison: str, replications: int) -> Studies:
    """What is kept in a folder of studies.

    comparison    digest of the comparison;  replications: its futures
    """
    found, foreign = [], []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            facts = read_record(path / MANIFEST)
        except (OSError, StoreError):
            continue  # not finished, or no study
        ours = facts.get("comparison", comparison) == comparison
        ours = ours and facts.get("replications", replications) == replications
        if "study" not in facts or not ours:
            foreign.append(path.name)
        else:
            digest = file_digest(path / MANIFEST)
            found.append(Study(str(facts["study"]), path.name, path, facts, digest))
    return Studies(tuple(found), tuple(foreign))
