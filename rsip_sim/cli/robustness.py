"""The command that asks which choice is robust."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in, progress
from rsip_sim.cli.options import Quiet, Workers


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command()(robust)


def robust(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder that 'rsip compare' filled.")
    ],
    objective: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC",
            help="What is to be had, such as members; again for more. Otherwise erosion, cohesion "
            "and the cost to the council.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="mean, march_2013 or end; otherwise mean where lengths of agreement differ.",
        ),
    ] = None,
    climates: Annotated[
        bool,
        typer.Option(help="Also simulate every scenario under four national climates."),
    ] = True,
    replications: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Futures of each scenario and climate; otherwise 250."
        ),
    ] = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for it; otherwise one in DIR/studies."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Which choice is robust: regret across futures and climates, and what dominates what."""
    with answered(out):
        from rsip_sim import face
        from rsip_sim.report.text import rendered
        from rsip_sim.studies.robust import keep as robustness
        from rsip_sim.studies.robust.report import robust_report
        from rsip_sim.studies.robust.work import CLIMATES

        comparison = face.open_comparison(folder)
        found, kept = robustness.robust(
            comparison.results, comparison.scenarios, objective or (), at,
            CLIMATES if climates else (), replications, workers, out, progress(quiet),
        )  # fmt: skip
        print(rendered(robust_report(found)))
        kept_in(kept, quiet)
