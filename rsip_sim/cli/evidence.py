"""Commands about the evidence: calibration and the back-test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in, progress
from rsip_sim.cli.options import Quiet, StudyOut, Workers


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    for command in (calibrate, backtest):
        app.command()(command)


def calibrate(
    targets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What to fit to; otherwise experiments/calibration/targets.yaml."
        ),
    ] = None,
    store: Annotated[
        bool,
        typer.Option(help="Keep the sample in the package, for all runs with uncertain values."),
    ] = True,
    workers: Workers = None,
    out: StudyOut = None,
    quiet: Quiet = False,
) -> None:
    """Fit the uncertain parameters to the openings up to 1 April 2013: half a minute."""
    with answered(out):
        from rsip_sim.studies.calibrate import keep

        print(keep.calibrate(targets, workers, store, out, progress(quiet)).text())
        if out is not None:
            kept_in(out, quiet)
        if store and not quiet:
            print(
                "Bring MODEL.md in step: python -m rsip_sim.describe",
                file=sys.stderr,
            )


def backtest(
    observed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Later stocks by authority, with the columns date, local_authority, phase, "
            "la_maintained, converter and sponsored; otherwise those shipped.",
        ),
    ] = None,
    mechanisms: Annotated[
        bool, typer.Option("--mechanisms", help="Also switch mechanisms off, one by one.")
    ] = False,
    replications: Annotated[
        int | None, typer.Option(min=256, metavar="N", help="Futures of each authority.")
    ] = None,
    store: Annotated[
        bool,
        typer.Option("--store", help="Keep the scores with the package, for MODEL.md."),
    ] = False,
    workers: Workers = None,
    out: StudyOut = None,
    quiet: Quiet = False,
) -> None:
    """Forecast what followed April 2013, and score it against two simple rivals: some minutes."""
    with answered(out):
        from rsip_sim.studies.backtest import keep

        report = keep.backtest(
            observed, replications, None, workers, mechanisms, out, progress(quiet), store
        )
        print(report.text())
        if out is not None:
            kept_in(out, quiet)
