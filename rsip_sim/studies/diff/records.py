"""Why two papers differ, as far as their records tell, where the futures of one are not at hand.

What was changed is named; by how much it moved a figure takes the futures of both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

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
        """Kind and words of everything that differs."""
        return list(_causes(self.first.run, self.second.run))

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
    digests = {
        "model": (CODE, "the model's source"),
        "evidence": (CODE, "the register or other evidence"),
        "roster": (DATA, f"the roster; in which schools, {unsaid}"),
    }
    for name, cause in digests.items():
        if one["inputs"].get(name) != other["inputs"].get(name):
            yield cause
    before, after = ((run.get("made_with") or {}).get("libraries") or {} for run in (one, other))
    for name in LIBRARIES:
        if before.get(name) != after.get(name):
            yield CODE, f"{name} {before.get(name)} → {after.get(name)}"
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
