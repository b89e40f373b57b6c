"""One school's story: the same school in the same future under two scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from rsip_sim.evidence.months import month_text
from rsip_sim.measures.runs import SchoolSource, read_schools
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario
from rsip_sim.studies.story.futures import ChosenFuture, choose_future
from rsip_sim.studies.story.life import Life, relive
from rsip_sim.studies.story.turning_point import APPLICATION, TurningPoint, turning_points


@dataclass(frozen=True)
class Label:
    """What a term of a decision is called.

    short      its name
    parameter  of the register that says how much schools heed it; '' for none
    seen       name of what the term stands on, in the diary of a school; '' for nothing it sees
    written    how that is written
    """

    short: str
    parameter: str = ""
    seen: str = ""
    written: Callable[[float], str] = "{:.2f}".format


def _months(months: float) -> str:
    return counted(round(months), "month")


_PER_CENT, _POUNDS = "{:.1%}".format, "£{:g}".format

LABELS: Mapping[str, Label] = {
    # of the utility of membership
    "start": Label("starting wish to be a member"),
    "support": Label("support it gets, of need", "b_support", "adequacy", _PER_CENT),
    "price": Label("subscription a pupil", "b_price", "price", _POUNDS),
    "confidence": Label("confidence in the partnership", "b_confidence", "confidence"),
    "security": Label("months still guaranteed", "b_secure", "unexpired", _months),
    "market": Label("support on offer elsewhere", "b_market", "market"),
    "peers": Label("pupils around it that are in", "b_peer", "peers", _PER_CENT),
    "lock": Label("commitment that ties it", "b_lock", "bound", _months),
    "inertia": Label("habit of being in or out"),
    "taste": Label("its own leaning"),
    # of the rate of conversion
    "eligible": Label("may apply at all"),
    "national": Label("national rate of conversion"),
    "authority": Label("pace of this authority"),
    "share": Label("academies of its phase here", "share_multiplier", "academies", _PER_CENT),
    "politics": Label("political setting", "political_multiplier"),
    "money": Label("money that goes with conversion", "money_elasticity"),
    "rebound": Label("agreement that has lapsed", "rebound_multiplier"),
    "grade": Label("Ofsted grade"),
    "type": Label("type of school"),
    "neighbours": Label("conversions nearby", "contagion_same_phase"),
    "trust": Label("trust that takes schools in", "trust_multiplier"),
    "chain": Label("approach by a national chain", "chain_multiplier"),
    "membership": Label("hold of the partnership", "membership_multiplier"),
    "tie": Label("commitment that ties it", "tied_multiplier"),
}


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
