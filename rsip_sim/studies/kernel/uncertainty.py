"""The studies of uncertainty, worked out and kept: what matters, what to find out, assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.design import design
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import identity
from rsip_sim.experiment.reopen import refuse_other_model
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, read_record
from rsip_sim.scenario import Scenario
from rsip_sim.studies.assumptions.impact import kept_impacts, numbers_digest, store_impacts
from rsip_sim.studies.assumptions.log import AssumptionLog, assumption_log, impact_table
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.keeping import STUDIES, Told, check_place, keep
from rsip_sim.studies.kernel.kept import stored_record
from rsip_sim.studies.sensitivity.report import sensitivity_report
from rsip_sim.studies.sensitivity.work import SETS, Sensitivity, asked, sensitivity
from rsip_sim.studies.value.report import value_report
from rsip_sim.studies.value.work import Value, value

SENSITIVITY = "sensitivity"


def study_sensitivity(
    results: Results,
    baseline: Scenario,
    scenario: Scenario,
    metrics: Sequence[str] = (),
    at: str | None = None,
    sets: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Sensitivity, Path]:
    """Study what matters to a scenario of a comparison, and keep it; returns it with its folder.

    out  folder; None: one inside that of the comparison
    The other arguments are those of `keep_sensitivity`. Raises AskedError, StoreError.
    """
    _, size = asked(baseline, scenario, results.seed, metrics, at, sets)
    parts = [SENSITIVITY, scenario.name, "against", baseline.name, *metrics]
    parts += [f"at_{at}"] if at else []
    parts += [f"{size}_sets"] if size != SETS else []
    folder = out or results.folder / STUDIES / "_".join(parts)
    refuse_other_model(results)
    found = keep_sensitivity(
        baseline, scenario, results.seed, metrics, at, sets, workers, folder, progress,
        results.digest,
    )  # fmt: skip
    return found, folder


def keep_sensitivity(
    baseline: Scenario,
    scenario: Scenario,
    seed: int | None = None,
    metrics: Sequence[str] = (),
    at: str | None = None,
    sets: int | None = None,
    workers: int | None = None,
    out: Path | None = None,
    progress: Progress | None = None,
    comparison: str | None = None,
) -> Sensitivity:
    """Study what matters to a scenario and to its difference from a baseline, and keep it.

    seed        of the luck; None: what the scenarios say
    out         folder for summary, tables, charts and manifest; None: it is not kept
    comparison  digest of the comparison it belongs to; None: what the two alone are known by
    The other arguments are those of rsip_sim.studies.sensitivity.work.sensitivity.
    Raises AskedError, DesignError where the two do not fit together, StoreError.
    """
    luck = baseline.run.seed if seed is None else seed
    pair, size = asked(baseline, scenario, luck, metrics, at, sets)
    drawn = design((baseline, scenario), seed, 1)
    facts = {
        "study": SENSITIVITY,
        "comparison": comparison or identity(drawn)["digest"],
        "baseline": baseline.name,
        "scenario": scenario.name,
        "metrics": list(metrics),
        "at": pair.moment.name,
        "sets": size,
    }
    if out is not None:
        check_place(out, facts)
    found = sensitivity(baseline, scenario, drawn.seed, metrics, at, sets, workers, progress)
    if out is not None:
        keep(out, Told(found.tables, sensitivity_report(found)), sensitivity_charts(found), facts)
    return found


def sensitivity_charts(found: Sensitivity) -> dict[str, Chart]:
    """The tornado, and what is luck and what is ignorance of each input."""
    from rsip_sim.studies.sensitivity.indices_chart import sensitivity_indices
    from rsip_sim.studies.sensitivity.tornado_chart import sensitivity_tornado

    charts = (sensitivity_tornado(found), sensitivity_indices(found))
    return {chart.name: chart for chart in charts}


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
    keep(folder, Told(found.tables, value_report(found)), {chart.name: chart}, facts)
    return found, folder


def study_assumptions(
    results: Results | None = None,
    out: Path | None = None,
    store: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
) -> AssumptionLog:
    """The assumption log: of a comparison's studies of sensitivity, or as kept with the package.

    results  a stored comparison; None: the impacts of the package
    out      folder to keep it in, if it is to be kept
    store    first simulate the impacts of the package anew and keep them with it
    Raises AskedError, StoreError.
    """
    if store and results is not None:
        message = "--store is for the impacts kept with the package, not for those of a comparison"
        raise AskedError([Fault("", 0, 0, "", message, "leave DIR out, or --store")])
    if store:
        store_impacts(workers, progress)
    log = _of_package() if results is None else _of_comparison(results)
    facts = {
        "study": "assumptions",
        "comparison": None if results is None else results.digest,
        "numbers_sha256": numbers_digest(),
    }
    if out is not None:
        from rsip_sim.studies.assumptions.chart import assumption_grid

        check_place(out, facts)
        charts = [assumption_grid(log)] if log.pairs else []
        drawn = {chart.name: chart for chart in charts}
        keep(out, Told(log.tables, assumptions_report(log)), drawn, facts)
    return log


def _of_package() -> AssumptionLog:
    note = (
        "These are kept with the package; 'rsip sensitivity DIR', then 'rsip assumptions DIR', "
        "give those of another comparison."
    )
    if stored_record("assumptions")["numbers_sha256"] != numbers_digest():
        note += " They were made before the register or the calibrated sample changed."
    return assumption_log(kept_impacts(), note)


def _of_comparison(results: Results) -> AssumptionLog:
    tables = [impact_table(each) for each in stored_sensitivity(results)]
    if tables:
        return assumption_log(pd.concat(tables, ignore_index=True))
    return assumption_log(
        None,
        f"Their impact on this comparison is not known yet: 'rsip sensitivity {results.folder}' "
        "works it out.",
    )


def stored_sensitivity(results: Results) -> Sequence[Mapping[str, pd.DataFrame]]:
    """The tables of every finished study of sensitivity that is kept with a comparison."""
    found = []
    for manifest in sorted((results.folder / STUDIES).glob(f"*/{MANIFEST}")):
        facts: Mapping[str, Any] = read_record(manifest)
        if (facts.get("study"), facts.get("comparison")) == (SENSITIVITY, results.digest):
            folder = manifest.parent / "tables"
            names = ("shares", "indices", "swings")
            found.append({name: pd.read_csv(folder / f"{name}.csv") for name in names})
    return found
