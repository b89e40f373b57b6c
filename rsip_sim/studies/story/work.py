"""One school's story: the same school in the same future under two scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.measures.runs import SchoolSource, read_schools
from rsip_sim.scenario import Scenario
from rsip_sim.studies.story.futures import ChosenFuture, choose_future
from rsip_sim.studies.story.life import Life, relive
from rsip_sim.studies.story.terms import LABELS
from rsip_sim.studies.story.turning_point import APPLICATION, TurningPoint, turning_points

_TERMS = ["decision", "month", "term", "label", "scenario", "baseline", "moved", "unit"]


@dataclass(frozen=True)
class Story:
    """Two lives of one school in one future, and where they part.

    ours, theirs  the life under the scenario, and under the baseline
    chosen        which future is told, and how the others differ
    points        what differs first; () where nothing does
    """

    ours: Life
    theirs: Life
    chosen: ChosenFuture
    points: tuple[TurningPoint, ...]

    @property
    def lives(self) -> tuple[Life, Life]:
        """Under the scenario, and under the baseline."""
        return self.ours, self.theirs

    @property
    def school(self) -> str:
        """Name of the school."""
        return self.ours.scenario.roster.school[self.ours.row]


def tell(
    results: SchoolSource,
    seed: int,
    scenario: Scenario,
    baseline: Scenario,
    row: int,
    replication: int | None = None,
) -> Story:
    """The story of one school of the roster under two scenarios of a run.

    replication  the future to tell; None: a typical one, as `choose_future` has it
    Raises StoreError where the future cannot be simulated again.
    """
    one, other = (read_schools(results, each.name) for each in (scenario, baseline))
    chosen = choose_future(one, other, row, replication)
    ours, theirs = (
        relive(each, seed, chosen.replication, row, table)
        for each, table in ((scenario, one), (baseline, other))
    )
    return Story(ours, theirs, chosen, turning_points(ours, theirs))


def story_tables(story: Story) -> Mapping[str, pd.DataFrame]:
    """``terms`` of the decisions, ``futures`` by kind of difference."""
    chosen, start = story.chosen, story.ours.start
    terms = [
        (
            point.kind,
            month_text(start + point.month),
            term.name,
            LABELS[term.name].short,
            term.ours,
            term.theirs,
            term.moved,
            "share of the way" if point.kind == APPLICATION else "utility",
        )
        for point in story.points
        for term in point.terms
    ]
    return {
        "terms": pd.DataFrame(terms, columns=_TERMS),
        "futures": pd.DataFrame(chosen.counted(), columns=["kind", "futures"]),
    }
