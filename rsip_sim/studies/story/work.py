"""One school's story: the same school in the same future under two scenarios."""

from __future__ import annotations

from dataclasses import dataclass

from rsip_sim.measures.school_table import SchoolSource, read_schools
from rsip_sim.scenario import Scenario
from rsip_sim.studies.story.futures import ChosenFuture, choose_future
from rsip_sim.studies.story.life import Life, relive
from rsip_sim.studies.story.turning_point import TurningPoint, turning_points


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
    def titles(self) -> tuple[str, str]:
        """Titles of the scenario and the baseline."""
        return self.ours.title, self.theirs.title

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
