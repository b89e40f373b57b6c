"""One school's story as a study: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.experiment.results import Results
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import Faults, Question, last_named, shown, two_scenarios
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.story.report import story_report
from rsip_sim.studies.story.school import find_school
from rsip_sim.studies.story.work import Story, story_tables, tell


class StoryQuestion(Question):
    """Which school, in which future, under which two scenarios."""

    school: str = shown(metavar="URN")
    """The school's URN or its name."""
    replication: int | None = shown(None, metavar="K")
    """The future to tell; otherwise a typical one."""
    baseline: str | None = shown(None, metavar="NAME")
    """Scenario to compare with; otherwise the baseline."""
    scenario: str | None = shown(None, metavar="NAME")
    """Scenario to tell; otherwise the last of the others."""


@dataclass(frozen=True)
class Asked:
    """Two scenarios of a comparison, and a school of their roster.

    row          of the school in the roster
    replication  the future to tell; None: a typical one
    taken        what is said where the scenario was not named, or None
    """

    results: Results
    scenario: Scenario
    baseline: Scenario
    row: int
    replication: int | None
    taken: str | None

    @property
    def urn(self) -> int:
        """URN of the school."""
        return int(self.scenario.roster.urn[self.row])


class StoryStudy(Study[StoryQuestion, Asked, Story]):
    """Tell one school's life under two scenarios: the first decision that differs, and why."""

    name = "story"
    question = StoryQuestion

    def check(self, asked: StoryQuestion, ground: Ground) -> Asked:
        """School, scenarios and future. Raises AskedError."""
        faults, results = Faults(), ground.stored
        before = asked.baseline or ground.baseline.name
        others = [each for each in ground.scenarios if each.name != before]
        pair = two_scenarios(
            ground.scenarios, asked.baseline, asked.scenario or others[-1].name, faults
        )
        row = find_school(ground.baseline.roster, asked.school, faults)
        most = results.replications
        if asked.replication is not None and not 0 <= asked.replication < most:
            message = f"there is no future {asked.replication}"
            allowed = f"the comparison holds {most:,}, numbered 0 to {most - 1}"
            faults.add("replication", message, allowed)
        faults.stop()
        assert pair is not None
        assert row is not None
        taken = None if asked.scenario else last_named(others)
        return Asked(results, pair[1], pair[0], row, asked.replication, taken)

    def facts(self, ready: Asked) -> dict[str, Any]:
        """The school, both scenarios, and the future where it was asked for."""
        return {
            "replications": ready.results.replications,
            "urn": ready.urn,
            "scenario": ready.scenario.name,
            "baseline": ready.baseline.name,
            "replication": ready.replication,
        }

    def folder_name(self, ready: Asked) -> str:
        """The school, both scenarios, and what is not usually asked."""
        name = f"story_{ready.urn}_{ready.scenario.name}_against_{ready.baseline.name}"
        return name + (f"_future_{ready.replication}" if ready.replication is not None else "")

    def notes(self, ready: Asked) -> Sequence[str]:
        """Which scenario was taken of several."""
        return () if ready.taken is None else (ready.taken,)

    def work(self, ready: Asked, means: Means) -> Story:
        """One future of each scenario simulated again, with a diary of the school."""
        seed, pair = ready.results.seed, (ready.scenario, ready.baseline)
        return tell(ready.results, seed, *pair, ready.row, ready.replication)

    def tables(self, result: Story) -> Mapping[str, pd.DataFrame]:
        """Months of both lives, terms of the decision, and kinds of difference."""
        return story_tables(result)

    def report(self, result: Story) -> Report:
        """Which future, both lives, the first difference and why."""
        return story_report(result)

    def charts(self, result: Story) -> Iterable[Chart]:
        """Both lives, month by month."""
        from rsip_sim.studies.story.chart import story_timeline

        yield story_timeline(result)
