"""The calibration, run, stored with the package and kept in a folder."""

from __future__ import annotations

from pathlib import Path

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import file_digest, source_digest
from rsip_sim.studies.calibrate.design import load_targets
from rsip_sim.studies.calibrate.work import TARGETS, Calibration, evidence_digest, run_calibration
from rsip_sim.studies.kernel.keeping import check_place, keep
from rsip_sim.studies.kernel.kept import store_results


def calibrate(
    targets: Path | None = None,
    workers: int | None = None,
    store: bool = True,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Calibrate, store the sample in the package, and keep tables and charts if a folder is named.

    targets  what to fit to; experiments/calibration/targets.yaml if None
    store    False: leave the package's sample as it is
    Raises TargetsError, an ExperimentError, for a faulty file of targets.
    """
    path = targets or TARGETS
    wanted = load_targets(path)
    facts = {
        "study": "calibration",
        "seed": wanted.seed,
        "evidence_sha256": evidence_digest(wanted),
        "targets_sha256": file_digest(path),
        "model_sha256": source_digest(),
    }
    if out is not None:
        check_place(out, facts)
    done = run_calibration(path, workers, progress)
    if store:
        done.store()
        load_posterior.cache_clear()
        record = {"seed": wanted.seed, "made_by": "rsip calibrate"}
        store_results("calibration", dict(done.tables), record)
    if out is not None:
        from rsip_sim.studies.calibrate.chart import calibration_charts

        keep(out, done, calibration_charts(done), facts)
    return done
