"""The command of the back-test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in, progress
from rsip_sim.cli.options import Quiet, StudyOut, Workers


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command()(backtest)


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
