"""The two studies of evidence, run and kept in a folder: calibration and the back-test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from rsip_sim.analysis.backtest import REPLICATIONS, SEED, BacktestReport, run_backtest
from rsip_sim.analysis.calibrate import TARGETS, Calibration, evidence_digest, run_calibration
from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import environment, file_digest
from rsip_sim.experiment.store import write_text
from rsip_sim.paper.chart import Chart

MANIFEST = "manifest.json"


def backtest(
    observed: Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    mechanisms: bool = False,
    out: Path | None = None,
    progress: Progress | None = None,
) -> BacktestReport:
    """Run the back-test and keep text, tables and charts in a folder, if one is named.

    Arguments as of rsip_sim.analysis.backtest.run_backtest, None meaning the usual.
    Raises ObservationError, an ExperimentError, for a faulty file of observations.
    """
    report = run_backtest(
        observed,
        replications or REPLICATIONS,
        SEED if seed is None else seed,
        workers,
        mechanisms,
        progress=progress,
    )
    if out is not None:
        from rsip_sim.paper.charts.backtest import backtest_charts

        posterior = load_posterior()
        facts = {
            "study": "backtest",
            "seed": report.seed,
            "replications": report.replications,
            "observed_sha256": file_digest(observed) if observed else None,
            "posterior_sha256": posterior.digest if posterior else None,
        }
        _keep(out, report.text(), report.tables, backtest_charts(report), facts)
    return report


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
    done = run_calibration(path, workers, progress)
    if store:
        done.store()
    if out is not None:
        from rsip_sim.paper.charts.calibration import calibration_charts

        facts = {
            "study": "calibration",
            "seed": done.fitted.targets.seed,
            "evidence_sha256": evidence_digest(done.fitted.targets),
            "targets_sha256": file_digest(path),
        }
        tables = {"parameters": done.parameters(), "patterns": done.checks()}
        _keep(out, done.text(), tables, calibration_charts(done), facts)
    return done


def _keep(
    out: Path,
    text: str,
    tables: Mapping[str, pd.DataFrame],
    charts: Mapping[str, Chart],
    facts: Mapping[str, Any],
) -> None:
    """Write everything, and the manifest last: its presence means the folder is complete."""
    (out / "tables").mkdir(parents=True, exist_ok=True)
    (out / MANIFEST).unlink(missing_ok=True)
    paths = [out / "summary.txt"]
    write_text(paths[0], text.rstrip("\n") + "\n")
    for name, table in tables.items():
        paths.append(out / "tables" / f"{name}.csv")
        write_text(paths[-1], table.to_csv(index=False, lineterminator="\n"))
    for chart in charts.values():
        paths += chart.save(out / "charts")
    files = {path.relative_to(out).as_posix(): file_digest(path) for path in sorted(paths)}
    manifest = {**facts, "made_with": environment(), "files": files}
    write_text(out / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
