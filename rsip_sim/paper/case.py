"""The case a paper is about: a stored comparison, what it told, and what was studied of it.

Reports are taken in as they stand, every figure traced to them. A study is a folder with
manifest.json, report.json, tables/*.csv and charts/*. Those of another comparison, or of the same
one before it was extended, are left out, and the annex says so.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rsip_sim.charts.frame import Chart
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import file_digest
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, read_sealed
from rsip_sim.measures.formats import inside
from rsip_sim.paper.ledger import NUMBER_WORDS, LedgerTable, Spoken
from rsip_sim.paper.seed_risks import USUAL_SCALE, RiskScale, risk_table
from rsip_sim.report.blocks import Block, Heading, Paragraph, Part, Picture, Report, Table, mapped
from rsip_sim.report.quoted import Given, InStudy, Quote, Said, given
from rsip_sim.scenario import Scenario
from rsip_sim.studies.assumptions.work import AssumptionLog, log_of_package
from rsip_sim.studies.compare.headline_table import read_over
from rsip_sim.studies.compare.screen import Screen
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.kernel.keeping import REPORT, kept_report, refuse_changed
from rsip_sim.studies.risks.work import Risks, risks_of


@dataclass(frozen=True)
class Case:
    """One stored comparison to write a paper about.

    tables        the comparison;  results: its panels and its table of schools
    report        what it told
    record        its manifest
    told          the studies kept with it, and what was made for the paper
    left_out      what is kept with it and not taken in, each with the reason
    log           the assumptions, with what hangs on each
    charts        those of the comparison, most important first
    scale         on which the template scores risks
    with_schools  whether the annex may name single schools
    """

    tables: ComparisonTables
    results: Results
    report: Report
    record: Mapping[str, Any]
    told: tuple[Told, ...] = ()
    left_out: tuple[str, ...] = ()
    log: AssumptionLog = field(default_factory=log_of_package)
    charts: Mapping[str, Chart] = field(default_factory=dict)
    scale: RiskScale = USUAL_SCALE
    with_schools: bool = False

    @property
    def baseline(self) -> Scenario:
        """The scenario compared with."""
        return self.tables.baseline

    @property
    def others(self) -> tuple[Scenario, ...]:
        """The scenarios compared with it: the options."""
        return self.tables.others

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All of them, the baseline first."""
        return (self.baseline, *self.others)

    @functools.cached_property
    def screen(self) -> Screen:
        """What the first screen of the comparison was made from."""
        return Screen(self.tables)

    @functools.cached_property
    def risks(self) -> LedgerTable:
        """Chance and effect of the risks that the report of 2010 named."""
        return risk_table(self.results, self.scenarios, self.scale)

    @functools.cached_property
    def schools(self) -> Risks | None:
        """The register of risks, schools by name, of the last option with a partnership."""
        founded = [each for each in self.scenarios if each.policy.partnership]
        return risks_of(self.results, self.scenarios, founded[-1]) if founded else None

    def picture(self, name: str) -> Picture:
        """One of its charts, told in words; its title stands in the picture."""
        source = InStudy(f"{CHARTS}{name}", "alternative")
        return Picture(name, alt=sourced(source, Said(self.charts[name].alt)))

    @property
    def dated(self) -> Said:
        """Over which months its figures are read: ``average, April 2012 to March 2016``."""
        return given(inside(read_over(self.baseline, self.screen.moment)), "date")


COMPARISON = "comparison"
"""The name under which figures are traced to the report of the comparison itself."""

CHARTS = "charts/"
"""Begins the name under which figures are traced to the words of a chart of the paper."""

NAMES_SCHOOLS = ("risks", "story")
"""Kinds of studies whose reports name schools: taken in only where that is asked for."""

_FIGURE = re.compile(
    rf"([£+−±<>]*\d(?:[\d,.]*\d)?(?:%|m\b)?|\b(?:{NUMBER_WORDS})\b)", re.IGNORECASE
)


@dataclass(frozen=True)
class StoredChart:
    """A chart of a study: its name, its picture, its drawing and its words."""

    name: str
    png: bytes
    svg: bytes
    alt: str


@dataclass(frozen=True)
class Told:
    """A report that the annex takes in.

    kind    what told it: ``risks``, ``sensitivity``;  name: of its folder
    file    where it is kept, from the folder of the comparison
    digest  sha256 of its manifest; '' for what was made for this paper
    """

    kind: str
    name: str
    report: Report
    file: str
    charts: tuple[StoredChart, ...] = ()
    digest: str = ""

    @property
    def part(self) -> Part:
        """The first screen, the parts behind it below their titles, and the charts."""
        about = self.report.subtitle
        blocks: list[Block] = [Paragraph(about)] if about else []
        blocks += self.report.blocks
        for part in self.report.parts:
            inside = (replace(b, level=3) if isinstance(b, Heading) else b for b in part.blocks)
            blocks += [Heading(part.title), *inside]
        own = tuple(block for block in blocks if not isinstance(block, Picture))
        part = traced_part(Part(self.name, self.report.title, own), self.name)
        words = f"words of the study {self.name}"
        pictures = [
            Picture(each.name, self.name, alt=given(each.alt, words)) for each in self.charts
        ]
        return replace(part, blocks=(*part.blocks, *pictures))


def spoken(report: Report, file: str) -> Spoken:
    """Every word of a report, and where it is kept."""
    return Spoken("\n".join(words for _, words in report.passages()), file)


def read_studies(
    folder: Path, comparison: str, replications: int, with_schools: bool
) -> tuple[tuple[Told, ...], tuple[str, ...]]:
    """What the studies in a folder told, and the names of those left out, each with the reason.

    comparison    digest of the comparison;  replications: its futures
    with_schools  whether those that name schools are taken in
    Raises StoreError where a report or a chart is not as its study left it.
    """
    found: list[Told] = []
    left: list[str] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if not (path / MANIFEST).is_file():
            continue  # not finished, or no study
        try:
            facts = read_sealed(path / MANIFEST)
        except (OSError, StoreError):
            left.append(f"{path.name} (its record is damaged, or of another edition)")
            continue
        kind = str(facts.get("study"))
        ours = facts.get("comparison", comparison) == comparison
        if not ours or facts.get("replications", replications) != replications:
            left.append(f"{path.name} (of another comparison)")
        elif not (path / REPORT).is_file():
            left.append(f"{path.name} (kept without its report)")
        elif kind in NAMES_SCHOOLS and not with_schools:
            left.append(f"{path.name} (it names schools)")
        else:
            file, digest = f"studies/{path.name}/{REPORT}", file_digest(path / MANIFEST)
            charts = tuple(_stored_charts(path, facts))
            found.append(Told(kind, path.name, kept_report(path), file, charts, digest))
    return tuple(found), tuple(left)


def _stored_charts(study: Path, facts: Mapping[str, Any]) -> Iterator[StoredChart]:
    for words in sorted((study / "charts").glob("*.alt.txt")):
        name = words.name.removesuffix(".alt.txt")
        files = [f"charts/{name}.{ending}" for ending in ("png", "svg", "alt.txt")]
        refuse_changed(study, facts, files)
        png, svg, alt = ((study / file).read_bytes() for file in files)
        yield StoredChart(name, png, svg, alt.decode().strip())


def traced_part(part: Part, name: str) -> Part:
    """A part of a report, each figure quoted from it."""
    title = sourced(InStudy(name, "report"), Said(part.title))
    return Part(part.name, title, tuple(traced(part.blocks, name)))


def traced(blocks: Sequence[Block], name: str) -> list[Block]:
    """The blocks, each figure quoted from its report; tables with named rows in several."""
    return [each for block in blocks for each in _traced(block, name)]


def _traced(block: Block, name: str) -> Iterator[Block]:
    if isinstance(block, Table):  # a paper has no headings of two lines or above others
        block = replace(
            block,
            columns=tuple(replace(each, heading=each.whole, over="") for each in block.columns),
        )
    where = block.name if isinstance(block, Table) else "report"
    known = mapped(block, functools.partial(sourced, InStudy(name, where)))
    if isinstance(known, Table):
        yield from replace(known, name=f"{name}_{known.name}").parted()
    else:
        yield known


def sourced(source: InStudy, said: Said) -> Said:
    """The same text, each figure in it quoted from the report.

    What is given stays given; what the comparison and its charts quote from a cell or have worked
    out keeps that source, for their tables are the paper's own.
    """
    own = source.study == COMPARISON or source.study.startswith(CHARTS)
    parts: list[str | Quote] = []
    for part in said.parts:
        if isinstance(part, str):
            pieces = _FIGURE.split(part)
            parts += [Quote(each, source) if n % 2 else each for n, each in enumerate(pieces)]
        elif isinstance(part.source, Given) or own:
            parts.append(part)
        else:
            parts.append(Quote(part.text, source))
    return Said(*parts)
