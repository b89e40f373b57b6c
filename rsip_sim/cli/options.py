"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.telling import Format
from rsip_sim.experiment.places import place


def number(
    whole: bool = True, least: int | None = None
) -> Callable[[str | int | float], int | float]:
    """How an option takes a number: as a file does, and asked back where it could be another."""

    def read(text: str | int | float) -> int | float:
        from rsip_sim.scenario.problems import number_of

        if not isinstance(text, str):  # the default
            return text
        try:
            return number_of(text, whole, least)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return read


Replications = Annotated[
    int | None,
    typer.Option(
        min=1,
        parser=number(least=1),
        metavar="N",
        help="Simulated futures; otherwise what the files say.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        parser=number(least=0),
        metavar="N",
        help="Of the random draws; otherwise what the files say.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, parser=number(least=1), metavar="N", help="Processes; no result depends on how many."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="Of a Dask scheduler, whose workers then simulate; no folder is shared with them.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        parser=place,
        help="Folder for the results; otherwise one in runs. The same command carries on there.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages.")]
Full = Annotated[bool, typer.Option("--full", help="Print all, and not the first screen alone.")]
Form = Annotated[
    Format,
    typer.Option(
        "--format", metavar="F", show_default=False, help="text, csv (the table) or json (all)."
    ),
]
