"""Why two papers differ, as far as their records tell, where the futures of one are not at hand.

What was changed is named; by how much it moved a figure takes the futures of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from rsip_sim.experiment import errors
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Report, Table
from rsip_sim.report.words import counted, listed, named
from rsip_sim.studies.diff.papers import FigureName, PaperRecord
from rsip_sim.studies.diff.report import QUESTION, listing
from rsip_sim.studies.diff.worlds import CODE, DATA, LUCK, SCENARIO, version_words

CAUSES = ["kind", "what"]
"""One row for each thing that the records do not have alike."""

FIGURES = ["metric", "statistic", "scenario", "date", "first", "second"]
"""One row for each figure that both papers give and do not write alike."""


@dataclass(frozen=True)
class Records:
    """Two papers compared by their records.

    missing  folders whose futures are not at hand
    """

    first: PaperRecord
    second: PaperRecord
    missing: tuple[str, ...]

    @cached_property
    def causes(self) -> list[tuple[str, str]]:
        """Kind and words of everything that differs."""
        words = version_words(self.first.version, self.second.version)
        code = [(CODE, words)] if words else []
        return [*code, *_causes(self.first.run, self.second.run)]

    @cached_property
    def figures(self) -> list[tuple[FigureName, str, str]]:
        """Figures in both papers that are not written alike: name, first, second."""
        one, other = self.first.figures, self.second.figures
        return [
            (name, one[name], other[name])
            for name in one
            if one[name] != other.get(name, one[name])
        ]


def _causes(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    unsaid = "the records do not say"
    if one["inputs"].get("roster") != other["inputs"].get("roster"):
        yield DATA, f"the roster; in which schools, {unsaid}"
    old, new = one["scenarios"], other["scenarios"]
    before, after = (run["inputs"].get("scenarios") or {} for run in (one, other))
    for name in (name for name in new if name in old):
        if old[name] != new[name]:
            yield SCENARIO, f"title of {name}: '{old[name]}' → '{new[name]}'"
        if before.get(name) != after.get(name):
            yield SCENARIO, f"{name}: its levers, parameters or words; which, {unsaid}"
    for where, only in (("first", old.keys() - new.keys()), ("second", new.keys() - old.keys())):
        if only:
            yield SCENARIO, f"only in the {where}: {named(sorted(only))}"
    for name, word in (("seed", "seed"), ("replications", "futures:")):
        if one[name] != other[name]:
            yield LUCK, f"{word} {one[name]} → {other[name]}"


def records_tables(records: Records) -> Mapping[str, pd.DataFrame]:
    """``causes`` and ``figures``; columns are CAUSES and FIGURES."""
    figures = [(*name, first, second) for name, first, second in records.figures]
    return {
        "causes": pd.DataFrame(records.causes, columns=CAUSES),
        "figures": pd.DataFrame(figures, columns=FIGURES),
    }


def records_report(records: Records) -> Report:
    """What differs by the records alone, and which figures do."""
    kinds = list(dict.fromkeys(kind for kind, _ in records.causes))
    said = f"By their records the papers differ in {listed(kinds or ['nothing'])}."
    if both := len(records.first.figures.keys() & records.second.figures.keys()):
        unlike = len(records.figures)
        said += f" {unlike:,} of {counted(both, 'figure')} that both give read otherwise."
    made = [
        (name, errors.named(f"{paper.folder}: {paper.words}"))
        for name, paper in (("first", records.first), ("second", records.second))
    ]
    table = listing("made_of", "What the records have not alike", [*made, *records.causes])
    first: list[Block] = [Paragraph(said, apart=True), table]
    if kinds:
        missing = (
            f"By how much each moved a figure cannot be measured: the futures behind "
            f"{listed(records.missing)} are not at hand. Name the folders of both comparisons, and "
            "each cause is measured."
        )
        first += [Heading("How sure"), Paragraph(missing)]
    parts = []
    if records.figures:
        parts.append(Part("figures", "Figures that are not written alike", (_figures(records),)))
    about = errors.named(f"{records.first.folder} and {records.second.folder}")
    return Report(QUESTION, tuple(first), about, parts=tuple(parts))


def _figures(records: Records) -> Table:
    rows = []
    for (metric, what, *where), first, second in records.figures:
        label = METRICS[metric].label if metric in METRICS else metric
        rows.append((f"{label}, {what} ({', '.join(filter(None, where))})", first, second))
    columns = Column("Figure", 60, words=True, hang=2), Column("first", 18), Column("second", 18)
    return Table("figures", "Figures that both papers give and do not write alike",
                 "One row a figure.", columns, tuple(rows), quiet=True)  # fmt: skip
