"""One school's story and the register of risks, worked out from a comparison and kept beside it."""

from __future__ import annotations

from pathlib import Path

from rsip_sim.evidence.months import month_text
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.reopen import refuse_other_model
from rsip_sim.experiment.results import Results
from rsip_sim.measures.runs import AS_WRITTEN, CERTAIN
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.keeping import STUDIES, Told, check_place, keep
from rsip_sim.studies.risks.report import risks_report
from rsip_sim.studies.risks.work import RiskRegister, risk_register
from rsip_sim.studies.story.futures import check_future
from rsip_sim.studies.story.report import story_report
from rsip_sim.studies.story.work import Story, tell


class StudyError(ExperimentError):
    """What was asked of a comparison makes no sense."""


def story(
    results: Results,
    scenario: Scenario,
    baseline: Scenario,
    row: int,
    certain: bool = False,
    replication: int | None = None,
    out: Path | None = None,
) -> tuple[Story, Path]:
    """Tell the story of one school and keep it; returns it with its folder.

    row          of the school in the roster
    certain      with every agreement renewed
    replication  the future to tell; None: a typical one
    out          folder; None: one inside that of the comparison

    Raises StudyError, FutureError, VariantError, StoreError.
    """
    if scenario.name == baseline.name:
        raise StudyError(
            f"a story needs two scenarios, and '{scenario.name}' is both; name another with "
            f"--scenario or --baseline: {', '.join(results.scenarios)}"
        )
    check_future(replication, results.replications)
    urn = int(scenario.roster.urn[row])
    facts = {
        "study": "story",
        "comparison": results.digest,
        "replications": results.replications,
        "urn": urn,
        "scenario": scenario.name,
        "baseline": baseline.name,
        "renewal": CERTAIN if certain else AS_WRITTEN,
        "replication": replication,
    }
    name = f"story_{urn}_{scenario.name}_against_{baseline.name}"
    name += "_renewal_certain" if certain else ""
    name += f"_future_{replication}" if replication is not None else ""
    folder = out or results.folder / STUDIES / name
    check_place(folder, facts)
    refuse_other_model(results)
    told = tell(
        results, results.seed, scenario, baseline, row, CERTAIN if certain else AS_WRITTEN,
        replication,
    )  # fmt: skip
    from rsip_sim.studies.story.chart import story_timeline

    chart = story_timeline(told)
    keep(folder, Told(told.tables, story_report(told)), {chart.name: chart}, facts)
    return told, folder


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
    drawn = {chart.name: chart for chart in charts}
    keep(folder, Told(found.tables, risks_report(found)), drawn, facts)
    return found, folder
