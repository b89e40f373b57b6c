"""The command that writes a Cabinet pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in
from rsip_sim.cli.options import Quiet


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command()(paper)


def paper(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder that 'rsip compare' filled.")
    ],
    template: Annotated[
        str,
        typer.Option(
            metavar="T",
            help="Sections and headings: rotherham, generic, or a council's own Word file (.docx), "
            "whose styles are then used with the generic headings.",
        ),
    ] = "rotherham",
    with_schools: Annotated[
        bool,
        typer.Option("--with-schools", help="Also name the schools and communities to watch."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the pack; otherwise DIR/paper."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the Cabinet pack of a comparison: Word, HTML, workbook, charts and every figure."""
    with answered():
        from rsip_sim import face

        kept = face.open_comparison(folder).paper(template, with_schools, out)
        print(kept / "paper.docx")
        kept_in(kept, quiet)
