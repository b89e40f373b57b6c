"""One school's story: the same school in the same future under two scenarios."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.measures.school_table import SchoolSource, read_schools
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.scenario import Scenario
from rsip_sim.studies.story.events import Event, events_of
from rsip_sim.studies.story.futures import ChosenFuture, choose_future
from rsip_sim.studies.story.life import Life, relive
from rsip_sim.studies.story.school import school_words
from rsip_sim.studies.story.terms import Titles
from rsip_sim.studies.story.turning_point import APPLICATION, turning_points
from rsip_sim.studies.story.why import Explanation, explain, term_rows

WARNING = (
    "This is one simulated future and no forecast of this school: tastes, inspections and luck are "
    "drawn, and nothing is known here of its governors. It shows how a policy works on a school "
    "like it."
)


@dataclass(frozen=True)
class Story:
    """Two lives of one school in one future, and why they differ.

    ours, theirs   the life under the scenario, and under the baseline
    chosen         which future is told, and how the others differ
    explanations   of what differs first; () where no decision does
    """

    ours: Life
    theirs: Life
    chosen: ChosenFuture
    explanations: tuple[Explanation, ...]

    @property
    def titles(self) -> Titles:
        """Titles of the scenario and the baseline."""
        return self.ours.scenario.title, self.theirs.scenario.title

    @property
    def school(self) -> str:
        """Name of the school."""
        return self.ours.scenario.roster.school[self.ours.row]

    @property
    def described(self) -> str:
        """The school in words, with its URN."""
        return school_words(self.ours.scenario.roster, self.ours.row)

    @functools.cached_property
    def events(self) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
        """What happens in either life, in order."""
        return tuple(events_of(self.ours)), tuple(events_of(self.theirs))

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Events and months of both lives, terms of the decision, and kinds of difference."""
        return {
            "events": self._events_table(),
            "months": pd.concat(
                [_months_table(life) for life in (self.ours, self.theirs)], ignore_index=True
            ),
            "terms": self._terms_table(),
            "futures": self._futures_table(),
        }

    def _events_table(self) -> pd.DataFrame:
        rows = [
            (life.scenario.name, month_text(life.start + event.month), event.kind, event.sentence)
            for life, events in zip((self.ours, self.theirs), self.events, strict=True)
            for event in events
        ]
        return pd.DataFrame(rows, columns=["scenario", "month", "kind", "event"])

    def _terms_table(self) -> pd.DataFrame:
        rows = [
            (
                explanation.point.kind,
                month_text(self.ours.start + explanation.point.month),
                term.name,
                label,
                term.ours,
                term.theirs,
                term.moved,
                "share of the way" if explanation.point.kind == APPLICATION else "utility",
            )
            for explanation in self.explanations
            for term, label in term_rows(explanation.point)
        ]
        columns = ["decision", "month", "term", "label", "scenario", "baseline", "moved", "unit"]
        return pd.DataFrame(rows, columns=columns)

    def _futures_table(self) -> pd.DataFrame:
        chosen = self.chosen
        rows = [(kind.words, kind.futures) for kind in chosen.kinds]
        if chosen.differing:
            rows.append(("no difference", chosen.replications - chosen.differing))
        return pd.DataFrame(rows, columns=["kind", "futures"])


def _months_table(life: Life) -> pd.DataFrame:
    """One row a month: how the school and the agreement stand after everybody has acted."""
    under_way = (life.months["opening_due"] != NEVER).astype(int)
    return pd.DataFrame(
        {
            "scenario": life.scenario.name,
            "month": [month_text(life.start + month) for month in range(life.horizon)],
            "member": life.months["member"].astype(int),
            "academy": life.months["academy"].astype(int),
            "conversion_under_way": under_way,
            "grade": life.months["grade"],
            "support": life.months["adequacy"],
            "short_of_support": life.months["unmet"].astype(int),
            "agreement_in_force": life.panel["agreement_in_force"],
            "months_of_cover": life.panel["cover_months"],
        }
    )


def tell(
    results: SchoolSource,
    seed: int,
    scenario: Scenario,
    baseline: Scenario,
    row: int,
    variant: str,
    replication: int | None = None,
) -> Story:
    """The story of one school of the roster under two scenarios of a run.

    variant      of renewal, AS_WRITTEN or CERTAIN
    replication  the future to tell; None: a typical one, as `choose_future` has it
    Raises VariantError, FutureError, and StoreError where the future cannot be simulated again.
    """
    ours, theirs = (read_schools(results, s.name, variant) for s in (scenario, baseline))
    chosen = choose_future(ours, theirs, row, replication)
    one = relive(scenario, variant, seed, chosen.replication, row, ours)
    other = relive(baseline, variant, seed, chosen.replication, row, theirs)
    titles = scenario.title, baseline.title
    explanations = tuple(
        explain(point, one, other, titles, seed, chosen.replication)
        for point in turning_points(one, other)
    )
    return Story(one, other, chosen, explanations)
