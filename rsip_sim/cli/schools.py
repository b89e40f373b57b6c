"""Commands about single schools: one school's story, and the register of risks."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rsip_sim.cli.answers import answered, gathered, kept_in, stop_at
from rsip_sim.cli.options import Quiet

if TYPE_CHECKING:
    from rsip_sim.scenario import Scenario


class Renewal(StrEnum):
    """How agreements are renewed."""

    as_written = "as-written"
    certain = "certain"


Folder = Annotated[
    Path,
    typer.Argument(metavar="DIR", help="Folder that 'rsip compare' filled."),
]
Kept = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for it; otherwise one in DIR/studies."),
]
HowRenewed = Annotated[
    Renewal,
    typer.Option(help="Renewal as the scenario has it, or every agreement renewed."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this subject."""
    for command in (story,):
        app.command()(command)


def story(
    folder: Folder,
    school: Annotated[str, typer.Option(metavar="URN", help="The school's URN or its name.")],
    replication: Annotated[
        int | None,
        typer.Option(metavar="K", help="The future to tell; otherwise a typical one."),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Scenario to compare with; otherwise the baseline."),
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Scenario to tell; otherwise the last of the others."),
    ] = None,
    renewal: HowRenewed = Renewal.as_written,
    out: Kept = None,
    quiet: Quiet = False,
) -> None:
    """Tell one school's life under two scenarios: the first decision that differs, and why."""
    with answered():
        from rsip_sim import face
        from rsip_sim.report.text import rendered
        from rsip_sim.studies.story import keep as stories
        from rsip_sim.studies.story.futures import check_future
        from rsip_sim.studies.story.report import story_report
        from rsip_sim.studies.story.school import find_school

        comparison = face.open_comparison(folder)
        results, faults = comparison.results, list[object]()
        before = comparison.baseline
        with gathered(faults):
            before = comparison.scenario(baseline) if baseline else before
        others = [each for each in comparison.scenarios if each.name != before.name]
        with gathered(faults):
            chosen = comparison.scenario(scenario) if scenario else _last(others, quiet)
        with gathered(faults):
            row = find_school(before.roster, school)
        with gathered(faults):
            check_future(replication, results.replications)
        stop_at(faults)
        certain = renewal is Renewal.certain
        told, kept = stories.story(results, chosen, before, row, certain, replication, out)
        print(rendered(story_report(told)))
        kept_in(kept, quiet)


def _last(scenarios: list[Scenario], quiet: bool) -> Scenario:
    """The last-named scenario; where there are several, it is said which, and how to choose."""
    if len(scenarios) > 1 and not quiet:
        names = ", ".join(each.name for each in scenarios)
        print(
            f"Of several scenarios the last is taken, {scenarios[-1].name}; "
            f"--scenario chooses among {names}",
            file=sys.stderr,
        )
    return scenarios[-1]
