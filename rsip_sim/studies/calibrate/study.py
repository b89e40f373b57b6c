"""The calibration as a study: asked, worked out, told, drawn and stored with the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.evidence.posterior import DATA, load_posterior, prior_digest, write_posterior
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.record import file_digest, source_digest
from rsip_sim.report.blocks import Report
from rsip_sim.studies.calibrate.report import calibration_report
from rsip_sim.studies.calibrate.targets import TARGETS, Targets, load_targets
from rsip_sim.studies.calibrate.work import Calibration, calibrate, evidence_digest
from rsip_sim.studies.kernel.asking import File, Question, shown
from rsip_sim.studies.kernel.ground import Ground, Means
from rsip_sim.studies.kernel.keeping import TO_DESCRIBE, store_results
from rsip_sim.studies.kernel.study import Study


class CalibrationQuestion(Question):
    """Which values of the uncertain parameters the openings to April 2013 leave credible."""

    targets: File | None = shown(None, metavar="FILE")
    """What to fit to; otherwise experiments/calibration/targets.yaml."""
    store: bool = shown(True, off=False)
    """Keep the sample in the package, for all runs with uncertain values."""


MADE_BY = "rsip calibrate"


@dataclass(frozen=True)
class Fitting:
    """What is fitted to, with the digests of that file and of all that the fit looks at."""

    targets: Targets
    targets_sha256: str
    evidence_sha256: str
    store: bool


class CalibrationStudy(Study[CalibrationQuestion, Fitting, Calibration]):
    """Fit the uncertain parameters to the openings up to 1 April 2013: half a minute."""

    name = "calibration"
    simulates_much = True
    question = CalibrationQuestion
    stands_on = "evidence"

    def check(self, asked: CalibrationQuestion, ground: Ground) -> Fitting:
        """Read the file of targets. Raises AskedError with every fault of it."""
        path = asked.targets or TARGETS
        targets = load_targets(path)
        return Fitting(targets, file_digest(path), evidence_digest(path), asked.store)

    def facts(self, ready: Fitting) -> dict[str, Any]:
        """What is fitted to what."""
        return {
            "seed": ready.targets.seed,
            "evidence_sha256": ready.evidence_sha256,
            "targets_sha256": ready.targets_sha256,
            "model_sha256": source_digest(),
        }

    def notes(self, ready: Fitting) -> Sequence[str]:
        """What is left to do where the package was changed."""
        return [TO_DESCRIBE] if ready.store else []

    def work(self, ready: Fitting, means: Means) -> Calibration:
        """Simulate, learn, and draw the sample."""
        return calibrate(ready.targets, means.workers, means.progress)

    def tables(self, result: Calibration) -> Mapping[str, pd.DataFrame]:
        """Parameters and patterns, before and after."""
        return {"parameters": result.parameters(), "patterns": result.checks()}

    def report(self, result: Calibration) -> Report:
        """What was learnt most, and how many patterns are met."""
        return calibration_report(result)

    def finish(self, ready: Fitting, result: Calibration) -> None:
        """The sample and its tables are kept with the package."""
        if ready.store:
            store_sample(result, ready.evidence_sha256, DATA)
            load_posterior.cache_clear()
            record: dict[str, object] = {"seed": ready.targets.seed, "made_by": MADE_BY}
            store_results(self.name, dict(self.tables(result)), record)


def store_sample(done: Calibration, evidence_sha256: str, folder: Path) -> None:
    """Write the posterior sample with the hashes of what it came from."""
    targets = done.fitted.targets
    record: dict[str, object] = {
        "evidence_sha256": evidence_sha256,
        "prior_sha256": prior_digest(load_register()[name] for name in targets.fitted),
        "seed": targets.seed,
        "replications_an_authority": targets.replications,
        "made_by": MADE_BY,
    }
    write_posterior(folder, targets.fitted, done.values, record)
