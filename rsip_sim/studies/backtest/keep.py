"""The back-test, run and kept in a folder."""

from __future__ import annotations

from pathlib import Path

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.record import file_digest, source_digest
from rsip_sim.studies.backtest.work import REPLICATIONS, SEED, BacktestReport, run_backtest
from rsip_sim.studies.kernel.keeping import check_place, keep
from rsip_sim.studies.kernel.kept import store_results


def backtest(
    observed: Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    mechanisms: bool = False,
    out: Path | None = None,
    progress: Progress | None = None,
    store: bool = False,
) -> BacktestReport:
    """Run the back-test and keep text, tables and charts in a folder, if one is named.

    store  also keep the scores with the package, for the model description

    Arguments as of rsip_sim.studies.backtest.work.run_backtest, None meaning the usual.
    Raises ObservationError, an ExperimentError, for a faulty file of observations.
    """
    posterior = load_posterior()
    facts = {
        "study": "backtest",
        "seed": SEED if seed is None else seed,
        "replications": replications or REPLICATIONS,
        "mechanisms": mechanisms,
        "observed_sha256": file_digest(observed) if observed and observed.is_file() else None,
        "posterior_sha256": posterior.digest if posterior else None,
        "model_sha256": source_digest(),
    }
    if out is not None:
        check_place(out, facts)
    report = run_backtest(
        observed,
        replications or REPLICATIONS,
        SEED if seed is None else seed,
        workers,
        mechanisms,
        progress=progress,
    )
    if out is not None:
        from rsip_sim.studies.backtest.chart import backtest_charts

        keep(out, report, backtest_charts(report), facts)
    if store:
        names = ("scores", "verdicts", "rotherham", "mechanisms")
        tables = {name: report.tables[name] for name in names if name in report.tables}
        record = {"seed": report.seed, "replications": report.replications}
        store_results("backtest", tables, {**record, "made_by": "rsip backtest --store"})
    return report
