"""The register of risks as a study: asked, worked out, told and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.experiment.results import Results
from rsip_sim.report.blocks import Report
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import Faults, last_named, scenario_named
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.risks.question import RisksQuestion
from rsip_sim.studies.risks.report import risks_report
from rsip_sim.studies.risks.work import RiskRegister, month_fault, risk_register


@dataclass(frozen=True)
class Asked:
    """A scenario of a comparison, and to the end of which month leaving is counted.

    baseline  compared with; None: the scenario is the baseline itself
    by        month number; None: the end
    taken     what is said where the scenario was not named, or None
    """

    results: Results
    scenario: Scenario
    baseline: Scenario | None
    by: int | None
    taken: str | None


class RisksStudy(Study[RisksQuestion, Asked, RiskRegister]):
    """List schools and learning communities by the risk that they leave, most pupils first."""

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
            else:
                faults.at("by", month_fault(ground.stored, ground.baseline, month))
        faults.stop()
        assert scenario is not None
        baseline = None if scenario is ground.baseline else ground.baseline
        taken = None if asked.scenario else last_named(among)
        return Asked(ground.stored, scenario, baseline, month, taken)

    def facts(self, ready: Asked) -> dict[str, Any]:
        """The scenario, what it is compared with, and how far."""
        return {
            "replications": ready.results.replications,
            "scenario": ready.scenario.name,
            "baseline": ready.baseline.name if ready.baseline is not None else None,
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

    def work(self, ready: Asked, means: Means) -> RiskRegister:
        """From the stored table of schools alone."""
        return risk_register(ready.results, ready.scenario, ready.baseline, ready.by)

    def tables(self, result: RiskRegister) -> Mapping[str, pd.DataFrame]:
        """Both lists in full."""
        return {"schools": result.schools, "communities": result.communities}

    def report(self, result: RiskRegister) -> Report:
        """The tops of both lists."""
        return risks_report(result)

    def charts(self, result: RiskRegister) -> Iterable[Chart]:
        """Schools at risk, and the communities as tiles where there is a partnership."""
        from rsip_sim.studies.risks.communities_chart import community_tiles
        from rsip_sim.studies.risks.schools_chart import schools_at_risk

        yield schools_at_risk(result)
        if result.partnership and not result.communities.empty:
            yield community_tiles(result.communities, result.scenario, result.replications)
