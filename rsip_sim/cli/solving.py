"""The command that finds where a target begins to hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, kept_in, progress
from rsip_sim.cli.options import Quiet, Replications, Seed, StudyOut, Workers

_TARGET = (
    "What should hold, as a sentence: OUTCOME WHEN COMPARISON NUMBER, and perhaps: with "
    "probability P. OUTCOME: members, erosion, cohesion, breakdown and so on (a wrong one is "
    "answered with all). WHEN: at end, mean (of months 13 to the last), over own agreement, or a "
    "month such as by 2016-03. COMPARISON: at least, at most, above, below. NUMBER: 10%, £0.6m or "
    "80. An outcome that happens or not, such as breakdown, is a share of futures. Any other is "
    "an average over futures, or, with probability P, must be so in that share of them."
)
_EXAMPLE = (
    "For example: rsip solve scenarios/two_year.yaml --lever funding.earmark_gbp_per_year "
    '--target "members at end at least 105 with probability 0.8"'
)


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    app.command(epilog=_EXAMPLE)(solve)


def solve(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file.")],
    lever: Annotated[
        str,
        typer.Option(
            metavar="PATH",
            help="Number of the scenario to turn, such as funding.earmark_gbp_per_year, or "
            "parameters.NAME.",
        ),
    ],
    target: Annotated[str, typer.Option(metavar="TEXT", help=_TARGET)],
    low: Annotated[
        float | None,
        typer.Option("--from", metavar="X", help="Where to begin; otherwise as far as evidence."),
    ] = None,
    high: Annotated[
        float | None,
        typer.Option("--to", metavar="Y", help="Where to end; otherwise as far as evidence."),
    ] = None,
    second: Annotated[
        str | None,
        typer.Option(
            "--map", metavar="PATH2", help="Also map the target over this lever and the first."
        ),
    ] = None,
    low2: Annotated[
        float | None, typer.Option("--from2", metavar="X", help="Where the second lever begins.")
    ] = None,
    high2: Annotated[
        float | None, typer.Option("--to2", metavar="Y", help="Where the second lever ends.")
    ] = None,
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: StudyOut = None,
    quiet: Quiet = False,
) -> None:
    """Find from which value of a lever on, or up to which, a target holds, and how sure it is."""
    with answered(out):
        from rsip_sim.studies.solve.keep import solve_and_keep
        from rsip_sim.studies.solve.question import Range, question

        asked = question(
            file,
            Range(lever, low, high),
            target,
            None
            if second is None and low2 is None and high2 is None
            else Range(second or "", low2, high2),
            replications,
            seed,
        )
        print(solve_and_keep(asked, workers, out, progress(quiet)).text())
        if out is not None:
            kept_in(out, quiet)
