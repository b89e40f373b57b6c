"""The command that says why two scenarios differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in, progress
from rsip_sim.cli.options import Quiet, Workers


def register(app: typer.Typer) -> None:
    """Add the command of this subject."""
    app.command()(explain)


def explain(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", help="Folder that 'rsip compare' filled with --out."),
    ],
    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Scenario to start from; otherwise the comparison's."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Scenario to explain; otherwise the only other one."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Metric to explain, as in the table of differences; more than once for several. "
            "Otherwise members, cohesion, erosion and unmet_days.",
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="MOMENT",
            help="mean, march_2013, own_agreement or end; otherwise the one on which the "
            "comparison's findings stand.",
        ),
    ] = None,
    renewal: Annotated[
        str,
        typer.Option(
            metavar="HOW", help="as-written, or certain: every agreement is renewed in both."
        ),
    ] = "as-written",
    workers: Workers = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the summary, tables and charts; otherwise one in DIR/studies.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Say why two scenarios of a comparison differ, by lever and by mechanism: a minute or two."""
    with answered(out):
        from rsip_sim import face
        from rsip_sim.studies.explain.keep import explain_comparison

        comparison = face.open_comparison(folder)
        report, place = explain_comparison(
            comparison.results,
            comparison.scenarios,
            baseline,
            scenario,
            metric or (),
            at,
            renewal,
            workers,
            out,
            progress(quiet),
        )
        print(report.text())
        kept_in(place, quiet)
