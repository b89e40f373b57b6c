"""The register of risks, worked out from a comparison and kept beside it."""

from __future__ import annotations

from pathlib import Path

from rsip_sim.evidence.months import month_text
from rsip_sim.experiment.results import Results
from rsip_sim.measures.runs import AS_WRITTEN, CERTAIN
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.keeping import STUDIES, Told, check_place, keep
from rsip_sim.studies.risks.report import risks_report
from rsip_sim.studies.risks.work import RiskRegister, risk_register


def risks(
    results: Results,
    scenario: Scenario,
    baseline: Scenario | None,
    certain: bool = False,
    by: int | None = None,
    out: Path | None = None,
) -> tuple[RiskRegister, Path]:
    """Work out the register of risks of one scenario and keep it; returns it with its folder.

    baseline  compared with; None: the scenario is the baseline
    certain   with every agreement renewed
    by        month number to the end of which leaving is counted; None: the end
    out       folder; None: one inside that of the comparison

    Raises DateError, VariantError, StoreError.
    """
    variant = CERTAIN if certain else AS_WRITTEN
    facts = {
        "study": "risks",
        "comparison": results.digest,
        "replications": results.replications,
        "scenario": scenario.name,
        "baseline": baseline.name if baseline is not None else None,
        "renewal": variant,
        "by": month_text(by) if by is not None else None,
    }
    name = f"risks_{scenario.name}"
    name += "_renewal_certain" if certain else ""
    name += f"_by_{month_text(by)}" if by is not None else ""
    folder = out or results.folder / STUDIES / name
    check_place(folder, facts)
    found = risk_register(results, scenario, baseline, variant, by)
    from rsip_sim.studies.risks.communities_chart import community_tiles
    from rsip_sim.studies.risks.schools_chart import schools_at_risk

    charts = [schools_at_risk(found, results)]
    if found.partnership and not found.communities.empty:
        charts.append(community_tiles(found.communities, scenario, results))
    keep(
        folder,
        Told(found.tables, risks_report(found)),
        {chart.name: chart for chart in charts},
        facts,
    )
    return found, folder
