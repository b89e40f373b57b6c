"""Commands about what is not known: what matters, what to find out first, and the assumptions."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli.answers import answered, gathered, kept_in, progress, stop_at
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
    for command in (sensitivity, assumptions):
        app.command()(command)


def sensitivity(
    folder: Folder,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Compared with; otherwise the comparison's baseline."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which scenario; otherwise the only other one."),
    ] = None,
    metric: Annotated[
        list[str] | None,
        typer.Option(
            metavar="METRIC",
            help="What to tell of, such as members; again for more. Otherwise erosion, members "
            "and cohesion. All headline measures are in the tables.",
        ),
    ] = None,
    at: At = None,
    sets: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Parameter sets, a power of two; otherwise 2048. More are preciser."
        ),
    ] = None,
    workers: Workers = None,
    out: InStudies = None,
    quiet: Quiet = False,
) -> None:
    """Which inputs matter, and how much is luck: a minute or two of simulation."""
    with answered(out):
        from rsip_sim import face
        from rsip_sim.report.text import rendered
        from rsip_sim.studies.sensitivity.keep import study_sensitivity
        from rsip_sim.studies.sensitivity.report import sensitivity_report
        from rsip_sim.studies.sensitivity.work import asked

        comparison, faults = face.open_comparison(folder), list[object]()
        against, chosen = comparison.baseline, comparison.scenarios[-1]
        with gathered(faults):
            against = comparison.scenario(baseline) if baseline else against
        with gathered(faults):
            chosen = comparison.other(against, scenario)
        if faults:  # what else was asked is looked at too, of two scenarios that are there
            first, last = comparison.scenarios[0], comparison.scenarios[-1]
            with gathered(faults):
                asked(first, last, comparison.results.seed, metric or (), at, sets)
        stop_at(faults)
        found, kept = study_sensitivity(
            comparison.results, against, chosen, metric or (), at, sets, workers, out,
            progress(quiet),
        )  # fmt: skip
        print(rendered(sensitivity_report(found)))
        kept_in(kept, quiet)


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
