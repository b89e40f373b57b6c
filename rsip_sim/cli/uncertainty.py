"""Commands about what is not known: what matters, what to find out first, and the assumptions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in, progress
from rsip_sim.cli.options import Quiet, StudyOut, Workers

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that 'rsip compare' filled.")]
At = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT",
        help="mean, march_2013 or end; otherwise mean where lengths of agreement differ.",
    ),
]
InStudies = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for it; otherwise one in DIR/studies."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command()(assumptions)


def assumptions(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Folder that 'rsip compare' filled and 'rsip sensitivity' studied; otherwise "
            "the impacts kept with the package.",
        ),
    ] = None,
    store: Annotated[
        bool,
        typer.Option(
            "--store",
            help="Simulate the impacts anew and keep them with the package, for MODEL.md: some "
            "minutes.",
        ),
    ] = False,
    workers: Workers = None,
    out: StudyOut = None,
    quiet: Quiet = False,
) -> None:
    """Every assumption: how well it is known, and what hangs on it; the weak ones first."""
    with answered(out):
        from rsip_sim import face
        from rsip_sim.report.text import rendered
        from rsip_sim.studies.assumptions.keep import study_assumptions
        from rsip_sim.studies.assumptions.report import assumptions_report

        results = face.open_comparison(folder).results if folder else None
        log = study_assumptions(results, out, store, workers, progress(quiet))
        print(rendered(assumptions_report(log)))
        if out is not None:
            kept_in(out, quiet)
        if store and not quiet:
            print(
                "Bring MODEL.md in step: python -m rsip_sim.describe",
                file=sys.stderr,
            )
