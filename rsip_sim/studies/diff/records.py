"""Why two papers differ, as far as their records tell, where the futures of one are not at hand.

What was changed is named; by how much it moved a figure takes the futures of both.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from rsip_sim.experiment.record import LIBRARIES, SHORT
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.text import WIDTH
from rsip_sim.report.words import counted, named
from rsip_sim.studies.diff.paper_record import FigureName, PaperRecord
from rsip_sim.studies.diff.worlds import CODE, DATA, KINDS, LUCK, SCENARIO

CAUSES = ["kind", "what"]
"""One row for each thing that the records do not have alike."""

FIGURES = ["metric", "statistic", "scenario", "renewal", "date", "first", "second"]
"""One row for each figure that both papers give and do not write alike."""

_MOST_FIGURES = 12


@dataclass(frozen=True)
class RecordsReport:
    """Two papers compared by their records.

    missing  folders whose futures are not at hand
    """

    first: PaperRecord
    second: PaperRecord
    missing: tuple[str, ...]

    @cached_property
    def causes(self) -> list[tuple[str, str]]:
        """Kind and words of everything that differs, in the order of KINDS."""
        return [(kind, words) for kind in KINDS for words in _CAUSES_OF.get(kind, _none)(self)]

    @cached_property
    def figures(self) -> list[tuple[FigureName, str, str]]:
        """Figures in both papers that are not written alike: name, first, second."""
        one, other = self.first.figures, self.second.figures
        return [
            (name, one[name], other[name])
            for name in one
            if one[name] != other.get(name, one[name])
        ]

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``causes`` and ``figures``; columns are CAUSES and FIGURES."""
        figures = [(*name, first, second) for name, first, second in self.figures]
        return {
            "causes": pd.DataFrame(self.causes, columns=CAUSES),
            "figures": pd.DataFrame(figures, columns=FIGURES),
        }

    def text(self) -> str:
        """What differs, and which figures do."""
        lines = ["WHY TWO PAPERS DIFFER, BY THEIR RECORDS", "─" * WIDTH]
        for sentence in self._conclusion():
            lines += textwrap.wrap(sentence, WIDTH)
        lines.append("")
        for name, record in (("first", self.first), ("second", self.second)):
            lines += _item(name, f"{record.folder}: {_made_of(record)}")
        for kind, words in self.causes:
            lines += _item(kind, words)
        if self.figures:
            lines += ["", "FIGURES THAT ARE NOT WRITTEN ALIKE", "─" * WIDTH]
            for figure, first, second in self.figures[:_MOST_FIGURES]:
                lines += textwrap.wrap(
                    f"{_figure_words(figure)}: {first} → {second}", WIDTH, subsequent_indent="  "
                )
            more = len(self.figures) - _MOST_FIGURES
            lines += [f"and {more:,} more; --out DIR keeps all in a table"] if more > 0 else []
        return "\n".join(lines) + "\n"

    def _conclusion(self) -> Iterator[str]:
        kinds = list(dict.fromkeys(kind for kind, _ in self.causes))
        if kinds:
            yield f"By their records the papers differ in {' and '.join(kinds)}."
        else:
            yield (
                "By their records both papers are from the same run, so that a figure written in "
                "another way is worded or rounded by another version."
            )
        both = len(self.first.figures.keys() & self.second.figures.keys())
        if both:
            yield (
                f"Of {counted(both, 'figure')} that both give, "
                f"{f'{len(self.figures):,}' if self.figures else 'none'} "
                f"{'is' if len(self.figures) == 1 else 'are'} written in another way."
            )
        if kinds:
            yield (
                f"By how much each of these moved a figure cannot be measured: the futures behind "
                f"{' and '.join(self.missing)} are not at hand. Name the folders of both "
                "comparisons, and each step is measured."
            )


def _none(report: RecordsReport) -> Iterator[str]:
    yield from ()


def _code(report: RecordsReport) -> Iterator[str]:
    one, other = report.first, report.second
    words = {"model": "the model's source", "evidence": "the register or other evidence"}
    for name, what in words.items():
        if one.inputs.get(name) != other.inputs.get(name):
            yield what
    old, new = (record.made_with.get("libraries") or {} for record in (one, other))
    for name in LIBRARIES:
        if old.get(name) != new.get(name):
            yield f"{name} {old.get(name)} → {new.get(name)}"


def _data(report: RecordsReport) -> Iterator[str]:
    if report.first.inputs.get("roster") != report.second.inputs.get("roster"):
        yield "the roster; in which schools, the records do not say"


def _scenario(report: RecordsReport) -> Iterator[str]:
    one, other = report.first, report.second
    old, new = (record.inputs.get("scenarios") or {} for record in (one, other))
    for name, title in other.scenarios.items():
        if name not in one.scenarios:
            continue
        if one.scenarios[name] != title:
            yield f"title of {name}: '{one.scenarios[name]}' → '{title}'"
        if old.get(name) != new.get(name):
            yield f"{name}: its levers, parameters or words; which, the records do not say"
    for where, ours, theirs in (("first", one, other), ("second", other, one)):
        only = [name for name in ours.scenarios if name not in theirs.scenarios]
        if only:
            yield f"only in the {where}: {named(only)}"


def _luck(report: RecordsReport) -> Iterator[str]:
    one, other = report.first, report.second
    if one.seed != other.seed:
        yield f"seed {one.seed} → {other.seed}"
    if one.replications != other.replications:
        yield f"futures: {one.replications:,} → {other.replications:,}"


_CAUSES_OF = {CODE: _code, DATA: _data, SCENARIO: _scenario, LUCK: _luck}


def _made_of(record: PaperRecord) -> str:
    """``comparison d51493b0a369…, 1,000 futures, seed 20110401``."""
    futures = counted(record.replications, "future")
    return f"comparison {record.digest[:SHORT]}…, {futures}, seed {record.seed}"


def _figure_words(name: FigureName) -> str:
    metric, what, *where = name
    label = METRICS[metric].label if metric in METRICS else metric
    return f"{label}, {what} ({', '.join(word for word in where if word)})"


def _item(name: str, words: str) -> list[str]:
    return textwrap.wrap(
        words, WIDTH, initial_indent=f"{name:<14}", subsequent_indent=" " * 16,
        break_on_hyphens=False,
    )  # fmt: skip
