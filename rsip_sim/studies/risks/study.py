"""The register of risks as a study: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.charts.frame import Chart
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.experiment.results import Results
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import Faults, Question, last_named, scenario_named, shown
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.risks.report import risks_report
from rsip_sim.studies.risks.work import Risks, risks_of


class RisksQuestion(Question):
    """Who leaves, under which scenario, and by when."""

    scenario: str | None = shown(None, metavar="NAME")
    """Scenario; otherwise the last with a partnership."""
    by: str | None = shown(None, metavar="MONTH")
    """Count leaving to the end of a month, as 2013-03."""


@dataclass(frozen=True)
class Asked:
    """A scenario of a comparison, and to the end of which month leaving is counted.

    scenarios  all of the comparison, the baseline first
    by        month number; None: the end
    taken     what is said where the scenario was not named, or None
    """

    results: Results
    scenario: Scenario
    scenarios: tuple[Scenario, ...]
    by: int | None
    taken: str | None


class RisksStudy(Study[RisksQuestion, Asked, Risks]):
    """How many schools and communities are at which risk under each option; lists in its parts."""

    name = "risks"
    question = RisksQuestion

    def check(self, asked: RisksQuestion, ground: Ground) -> Asked:
        """The scenario asked about. Raises AskedError."""
        faults, month = Faults(), None
        founded = [each for each in ground.scenarios if each.policy.partnership]
        among = founded or list(ground.scenarios)
        scenario: Scenario | None = among[-1]
        if asked.scenario is not None:
            scenario = scenario_named(asked.scenario, ground.scenarios, "scenario", faults)
        if asked.by is not None:
            try:
                month = parse_month(asked.by)
            except ValueError as error:
                faults.add("by", str(error))
        first = ground.baseline.policy.start
        last = first + ground.stored.months - 1
        if month is not None and not first <= month <= last:
            allowed = f"from {month_text(first)} to {month_text(last)}"
            faults.add("by", f"{month_text(month)} is outside the months simulated", allowed)
        faults.stop()
        assert scenario is not None
        taken = None if asked.scenario else last_named(among)
        return Asked(ground.stored, scenario, ground.scenarios, month, taken)

    def facts(self, ready: Asked) -> dict[str, Any]:
        """The scenario, what it is compared with, and how far."""
        baseline = ready.scenarios[0]
        return {
            "replications": ready.results.replications,
            "scenario": ready.scenario.name,
            "baseline": None if ready.scenario is baseline else baseline.name,
            "by": month_text(ready.by) if ready.by is not None else None,
        }

    def folder_name(self, ready: Asked) -> str:
        """The scenario, and what is not usually asked."""
        name = f"{self.name}_{ready.scenario.name}"
        return name + (f"_by_{month_text(ready.by)}" if ready.by is not None else "")

    def simulates(self, ready: Asked) -> bool:
        """All is read from what is stored."""
        return False

    def notes(self, ready: Asked) -> Sequence[str]:
        """Which scenario was taken of several."""
        return () if ready.taken is None else (ready.taken,)

    def work(self, ready: Asked, means: Means) -> Risks:
        """From the stored table of schools alone."""
        return risks_of(ready.results, ready.scenarios, ready.scenario, ready.by)

    def tables(self, result: Risks) -> Mapping[str, pd.DataFrame]:
        """Counts under every option, and both lists of the one chosen in full."""
        register = result.chosen
        return {
            "counts": result.counts,
            "schools": register.schools,
            "communities": register.communities,
        }

    def report(self, result: Risks) -> Report:
        """How many are at which risk, and the tops of both lists."""
        return risks_report(result)

    def charts(self, result: Risks) -> Iterable[Chart]:
        """The communities as tiles, where there is a partnership."""
        from rsip_sim.studies.risks.report import community_tiles

        register = result.chosen
        if register.partnership and not register.communities.empty:
            yield community_tiles(register.communities, register.scenario, register.replications)
