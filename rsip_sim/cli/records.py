"""Commands about stored runs: is one still what it was, and why do two of them differ?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import CHECK_FAILED, answered, progress
from rsip_sim.cli.options import Quiet, Workers


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    for command in (verify,):
        app.command()(command)


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of a finished run, study or paper.")
    ],
    blocks: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Blocks of futures to simulate again; the run's digest picks."
        ),
    ] = 2,
    all_blocks: Annotated[
        bool, typer.Option("--all", help="Simulate every block again, as long as the run took.")
    ] = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Check that what is stored is whole and unchanged, and that the model still gives the same.

    Exit code 3 where something differs.
    """
    with answered():
        from rsip_sim.studies.verify import work as verification

        number = None if all_blocks else blocks
        done = verification.verify(folder, number, workers, progress(quiet))
        print(done.text(), end="")
        if not done.passed:
            raise typer.Exit(CHECK_FAILED)
