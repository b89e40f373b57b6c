"""The value of information, worked out and kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rsip_sim.experiment.reopen import refuse_other_model
from rsip_sim.experiment.results import Results
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.keeping import STUDIES, check_place, keep
from rsip_sim.studies.value.work import Value, value


def study_value(
    results: Results,
    scenarios: Sequence[Scenario],
    objective: str | None = None,
    at: str | None = None,
    out: Path | None = None,
) -> tuple[Value, Path]:
    """Work out what evidence is worth to the choice, and keep it; returns it with its folder.

    out  folder; None: one inside that of the comparison
    Raises AskedError, StoreError.
    """
    refuse_other_model(results)
    found = value(results, scenarios, objective, at)
    name, moment = found.metric.name, found.moment.name
    folder = out or results.folder / STUDIES / "_".join(
        ["value", name, *([f"at_{at}"] if at else [])]
    )
    facts = {"study": "value", "comparison": results.digest, "objective": name, "at": moment}
    check_place(folder, facts)
    from rsip_sim.studies.value.chart import information_value

    chart = information_value(found)
    keep(folder, found, {chart.name: chart}, facts)
    return found, folder
