"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.telling import Format

Replications = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Simulated futures of each scenario; otherwise what the scenario files say.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        metavar="N",
        help="Seed of the random draws, shared by all scenarios; otherwise what the files say.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="Processes that simulate; 1 means this process alone. Otherwise as many as useful. "
        "The results do not depend on it.",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Folder for data, tables, charts and manifest.json, which is written last. The same "
        "command carries on an interrupted run there. Otherwise a folder in runs.",
    ),
]
StudyOut = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for the summary, tables and charts."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no messages.")]

Full = Annotated[
    bool, typer.Option("--full", help="Print the whole answer, and not its first screen alone.")
]
Form = Annotated[
    Format,
    typer.Option(
        "--format", help="How to print the answer: text, its table as csv, or all as json."
    ),
]
