"""One school's story, worked out from a comparison and kept beside it."""

from __future__ import annotations

from pathlib import Path

from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.reopen import refuse_other_model
from rsip_sim.experiment.results import Results
from rsip_sim.measures.runs import AS_WRITTEN, CERTAIN
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.keeping import STUDIES, Told, check_place, keep
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
