"""The command that runs a study from its file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, progress
from rsip_sim.cli.options import Quiet, Seed, Workers
from rsip_sim.cli.studies import tell


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command()(experiment)


def experiment(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="Study file; the folder experiments holds examples."),
    ],
    replications: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Futures of each cell; otherwise what the study says."
        ),
    ] = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the cells, summary, tables and charts; the same command carries on a "
            "study that was stopped. Otherwise a folder in runs.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Run a study: a grid of levers, a choice at a review, robustness, sensitivity or tipping.

    Exit code 3 where a cell failed; the others are kept, and the same command tries again.
    """
    with answered(out):
        from rsip_sim.studies.files.loading import load_study
        from rsip_sim.studies.files.run import run_study

        study = load_study(file, replications, seed)
        tell(run_study(study, workers, out, progress(quiet)), quiet)
