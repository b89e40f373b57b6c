"""The assumption log as a study: asked, worked out and told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.experiment.results import Results
from rsip_sim.report.blocks import Report
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.assumptions.work import (
    STUDY,
    AssumptionLog,
    assumption_table,
    log_of_comparison,
    log_of_package,
    numbers_digest,
    store_impacts,
)
from rsip_sim.studies.kernel.asking import Faults, Question
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import TO_DESCRIBE
from rsip_sim.studies.kernel.study import Study


class AssumptionsQuestion(Question):
    """What is uncertain, and what hangs on it."""

    store: bool = False
    """Simulate the impacts anew and keep them with the package, for MODEL.md: some minutes."""


@dataclass(frozen=True)
class Asked:
    """Whose impacts are taken.

    results  a comparison; None: those of the package, simulated anew and stored if `store`
    """

    results: Results | None
    store: bool


class AssumptionsStudy(Study[AssumptionsQuestion, Asked, AssumptionLog]):
    """Every assumption: how well it is known, and what hangs on it; the weak ones first."""

    name = STUDY
    question = AssumptionsQuestion
    stands_on = "optional comparison"
    ground_help = (
        "Folder that 'rsip compare' filled and 'rsip sensitivity' studied; otherwise the impacts "
        "kept with the package."
    )

    def check(self, asked: AssumptionsQuestion, ground: Ground) -> Asked:
        """Raises AskedError where the impacts of a comparison are to be kept with the package."""
        faults = Faults()
        if asked.store and ground.results is not None:
            message = "is for the impacts kept with the package, not for those of a comparison"
            faults.add("store", message, "leave DIR out, or --store")
        faults.stop()
        return Asked(ground.results, asked.store)

    def facts(self, ready: Asked) -> dict[str, Any]:
        """The comparison, if there is one, and the numbers of register and sample."""
        comparison = None if ready.results is None else ready.results.digest
        return {"comparison": comparison, "numbers_sha256": numbers_digest()}

    def folder_name(self, ready: Asked) -> str:
        """Kept only where a folder is named, since the next study of sensitivity changes it."""
        return ""

    def simulates(self, ready: Asked) -> bool:
        """All of a comparison is read from what is stored."""
        return False

    def notes(self, ready: Asked) -> Sequence[str]:
        """What is left to do where the package was changed."""
        return [TO_DESCRIBE] if ready.store else []

    def work(self, ready: Asked, means: Means) -> AssumptionLog:
        """The register with its impacts."""
        if ready.results is not None:
            return log_of_comparison(ready.results)
        return log_of_package(ready.store, means)

    def tables(self, result: AssumptionLog) -> Mapping[str, pd.DataFrame]:
        """The log as one table."""
        return {"assumptions": assumption_table(result)}

    def report(self, result: AssumptionLog) -> Report:
        """The grid, the table, and the weakest."""
        return assumptions_report(result)

    def finish(self, ready: Asked, result: AssumptionLog) -> None:
        """Impacts that were simulated anew are kept with the package."""
        if result.simulated is not None:
            store_impacts(result.simulated)
