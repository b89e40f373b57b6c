"""Why two papers differ, as far as their records tell, where the futures of one are not at hand.

What was changed is named; by how much it moved a figure takes the futures of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rsip_sim.experiment.record import LIBRARIES
from rsip_sim.report.words import named
from rsip_sim.studies.diff.papers import FigureName, PaperRecord
from rsip_sim.studies.diff.worlds import CODE, DATA, LUCK, SCENARIO


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
        """Kind and words of everything that differs, in the order of KINDS."""
        kinds = {CODE: _code, DATA: _data, SCENARIO: _scenario, LUCK: _luck}
        return [
            (kind, words)
            for kind, found in kinds.items()
            for words in found(self.first, self.second)
        ]

    @cached_property
    def figures(self) -> list[tuple[FigureName, str, str]]:
        """Figures in both papers that are not written alike: name, first, second."""
        one, other = self.first.figures, self.second.figures
        return [
            (name, one[name], other[name])
            for name in one
            if one[name] != other.get(name, one[name])
        ]


def _code(one: PaperRecord, other: PaperRecord) -> Iterator[str]:
    words = {"model": "the model's source", "evidence": "the register or other evidence"}
    for name, what in words.items():
        if one.inputs.get(name) != other.inputs.get(name):
            yield what
    old, new = (record.made_with.get("libraries") or {} for record in (one, other))
    for name in LIBRARIES:
        if old.get(name) != new.get(name):
            yield f"{name} {old.get(name)} → {new.get(name)}"


def _data(one: PaperRecord, other: PaperRecord) -> Iterator[str]:
    if one.inputs.get("roster") != other.inputs.get("roster"):
        yield "the roster; in which schools, the records do not say"


def _scenario(one: PaperRecord, other: PaperRecord) -> Iterator[str]:
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


def _luck(one: PaperRecord, other: PaperRecord) -> Iterator[str]:
    if one.seed != other.seed:
        yield f"seed {one.seed} → {other.seed}"
    if one.replications != other.replications:
        yield f"futures: {one.replications:,} → {other.replications:,}"
