"""The assumption log, put together and kept."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results
from rsip_sim.studies.assumptions.impact import kept_impacts, numbers_digest, store_impacts
from rsip_sim.studies.assumptions.log import AssumptionLog, assumption_log, impact_table
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.keeping import Told, check_place, keep
from rsip_sim.studies.kernel.kept import stored_record
from rsip_sim.studies.kernel.manifests import kept_tables


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
    tables = [
        impact_table(each)
        for each in kept_tables(results, "sensitivity", ("shares", "indices", "swings"))
    ]
    if tables:
        return assumption_log(pd.concat(tables, ignore_index=True))
    return assumption_log(
        None,
        f"Their impact on this comparison is not known yet: 'rsip sensitivity {results.folder}' "
        "works it out.",
    )
