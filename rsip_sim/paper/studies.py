"""The studies kept beside a comparison, read as they were stored; none need be there.

A study is a folder with manifest.json, report.json, tables/*.csv and charts/*. Those of another
comparison, or of the same one before it was extended, are left aside, and the paper says so.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import title_of
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import file_digest
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.paper.ledger import NUMBER_WORDS
from rsip_sim.report.blocks import Block, Heading, Picture, Report, Table, mapped
from rsip_sim.report.quoted import Cell, Given, InStudy, Quote, Said
from rsip_sim.studies.kernel.keeping import REPORT, kept_report

METHOD = "method"
"""The part of a study's report that a paper leaves out: how to read what was printed."""

_FIGURE = re.compile(
    rf"([£+−±<>]*\d(?:[\d,.]*\d)?(?:%|m\b)?|\b(?:{NUMBER_WORDS})\b)", re.IGNORECASE
)


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

    @functools.cached_property
    def report(self) -> Report | None:
        """What it told, block by block; None where it was kept before studies stored that.

        StoreError if the file is not as the study left it.
        """
        return kept_report(self.folder) if (self.folder / REPORT).is_file() else None

    @property
    def blocks(self) -> Iterator[Block]:
        """What it told, to stand in a paper: every figure known as the study's."""
        for block in self._told() if self.report else ():
            where = block.name if isinstance(block, Table) else "report"
            traced = mapped(block, functools.partial(_traced, InStudy(self.name, where)))
            match traced:
                case Heading(words):
                    yield replace(traced, words=Said(words).capitalised(), level=3)
                case Table():
                    columns = tuple(
                        replace(each, heading=Said(each.heading).capitalised())
                        for each in traced.columns
                    )
                    name = f"{self.name}_{traced.name}"
                    yield from replace(traced, name=name, columns=columns).parted()
                case Picture():
                    yield replace(traced, study=self.name)
                case _:
                    yield traced

    def _told(self) -> Iterator[Block]:
        """The first screen and every part behind it but how to read it, which the paper says."""
        if self.report is not None:
            yield from self.report.without(METHOD)
            for part in self.report.parts:
                if part.name != METHOD:
                    yield Heading(part.title)
                    yield from part.blocks

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

    @property
    def told(self) -> Mapping[str, str]:
        """Every word that each study told, by its folder, for those that stored it."""
        return {
            study.name: "\n".join(words for _, words in study.report.passages())
            for study in self.found
            if study.report is not None
        }

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


def _traced(source: InStudy, said: Said) -> Said:
    """The same text, each figure in it quoted from the study; what is given stays given."""
    parts: list[str | Quote] = []
    for part in said.parts:
        if isinstance(part, str):
            pieces = _FIGURE.split(part)
            parts += [Quote(each, source) if n % 2 else each for n, each in enumerate(pieces)]
        elif isinstance(part.source, Given):
            parts.append(part)
        else:
            table = part.source.table if isinstance(part.source, Cell) else source.where
            parts.append(Quote(part.text, replace(source, where=table)))
    return Said(*parts)
