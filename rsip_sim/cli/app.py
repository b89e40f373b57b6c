"""The `rsip` command: reads what is asked for, calls the package, prints what comes back.

Results go to stdout, progress and messages to stderr; the exit codes are those of
`rsip_sim.cli.answers`. Libraries are imported inside the commands, so that help and mistakes are
answered at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from rsip_sim.cli import studies
from rsip_sim.cli.answers import (
    CHECK_FAILED,
    WRONG_INPUT,
    answered,
    kept_in,
    print_faults,
    processes,
    progress,
)
from rsip_sim.cli.options import Form, Full, Out, Quiet, Replications, Scheduler, Seed, Workers
from rsip_sim.cli.streams import (
    StreamError,
    discard_output,
    prepare_libraries,
    prepare_streams,
    printed,
    say,
)
from rsip_sim.cli.telling import Format, print_lines, tell
from rsip_sim.experiment.places import place
from rsip_sim.version import __version__

_EPILOG = """\
Begin: rsip init, then rsip compare scenarios/no_agreement.yaml scenarios/two_year.yaml

Go on: rsip COMMAND --help; rsip show DIR for the parts of an answer that is kept in a folder

Exit codes: 0 done, 2 wrong input, 3 ran but a check failed, 130 stopped with Ctrl-C (the same
command carries on), 1 a fault of the programme (RSIP_DEBUG=1 shows where)"""

app = typer.Typer(
    name="rsip",
    cls=studies.StudyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulates policies for a school improvement partnership and compares them. "
    "A policy is a scenario file, a few lines long: 'rsip init' writes examples.",
    epilog=_EPILOG,
)

GROUPS = {
    "The main job": ("init", "check", "run", "compare", "page", "show"),
    "The next questions": (
        "explain", "solve", "sensitivity", "robust", "story", "risks", "england", "experiment",
    ),
    "A paper that can be checked": ("paper", "verify", "diff"),
    "Evidence, and other places": ("assumptions", "calibrate", "backtest", "roster", "schema"),
}  # fmt: skip
"""Each command's name under the heading that help gives it, in the order of a planner's work."""


PAGE_NEEDS = ("starlette", "uvicorn", "jinja2")
"""What the extra ``page`` installs."""


class FileKind(StrEnum):
    """The kinds of file that a planner writes."""

    scenario = "scenario"
    experiment = "experiment"


def main() -> None:
    """Run the command line."""
    prepare_streams()
    prepare_libraries()
    try:
        with printed():
            app(prog_name="rsip")
    except BrokenPipeError:
        discard_output()
    except StreamError as error:
        say(f"rsip: {error}")
        sys.exit(WRONG_INPUT)


def _show_version(asked: bool) -> None:
    if asked:
        print(f"rsip_sim {__version__}")
        raise typer.Exit


@app.callback()
def _rsip(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to put them; otherwise this folder.")
    ] = Path(),
) -> None:
    """Write the example scenarios and studies into a folder, to change and to compare.

    No file that says something else is replaced. A scenario needs none of them to start from:
    extends: rsip:base stands for the base that comes with the package.
    """
    with answered():
        from rsip_sim.cli.starting import next_steps, start_in

        print(next_steps(folder, start_in(folder)), end="")


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=studies.SCENARIO_FILE)],
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help="Also simulate each for some seconds, with and without each thing it changes: "
            "exit code 3 where a change does nothing, acts early or the wrong way, is outside the "
            "evidence, or the futures are too few to tell.",
        ),
    ] = False,
) -> None:
    """Find every fault of every scenario file, with its line and what may stand there."""
    with answered():
        from rsip_sim import face

        faults = face.check(files)
        if faults:
            print_faults(faults)
            raise typer.Exit(WRONG_INPUT)
        if deep:
            _check_deep(files)
            return
        for notice in face.notices(files):
            print(notice)
        print(f"No faults in {files[0] if len(files) == 1 else f'{len(files)} files'}")


def _check_deep(files: Sequence[Path]) -> None:
    from rsip_sim.report.text import rendered
    from rsip_sim.scenario import load_scenario
    from rsip_sim.studies.check.report import deep_report
    from rsip_sim.studies.check.work import check_deep

    held = True
    for number, file in enumerate(files):
        done = check_deep(load_scenario(file))
        print("\n" * bool(number) + rendered(deep_report(done)), end="", flush=True)
        held = held and done.passed
    if not held:
        raise typer.Exit(CHECK_FAILED)


@app.command()
def schema(
    of: Annotated[
        FileKind, typer.Option(help="Of scenario files, or of the study files of experiments.")
    ] = FileKind.scenario,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, with which editors help to write them.

    'rsip init' puts it beside the examples, whose first line finds it.
    """
    with answered():
        from rsip_sim.experiment.files import write_new
        from rsip_sim.scenario.editor_schema import schema_text
        from rsip_sim.studies.files.editor_schema import experiment_schema_text

        text = schema_text() if of is FileKind.scenario else experiment_schema_text()
        if out is None:
            print(text, end="")
        else:
            write_new(out, text)


@app.command()
def roster(
    extract: Annotated[
        Path,
        typer.Argument(
            metavar="EXTRACT.csv",
            help="The full extract of the national register, Get Information About Schools.",
        ),
    ],
    la: Annotated[
        str, typer.Option(metavar="NAME", help="Local authority: its name, or its code.")
    ],
    as_at: Annotated[
        str, typer.Option(metavar="MONTH", help="First of which month, such as 2011-04.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Roster file to write.")],
    communities: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="CSV with the columns urn and community; otherwise a school belongs to the "
            "nearest secondary school of its postcode district.",
        ),
    ] = None,
) -> None:
    """Make a roster of any English authority from the national register of schools."""
    with answered():
        from rsip_sim import face

        for note in face.make_roster(extract, la, as_at, out, communities):
            say(note)
        print(out)


@app.command()
def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=studies.SCENARIO_FILE)],
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    full: Full = False,
    form: Form = Format.text,
    quiet: Quiet = False,
) -> None:
    """Simulate one scenario: a table of its headlines, and charts.

    Kept in the folder: summary.txt, tables (CSV), charts (SVG, PNG, CSV) and data (Parquet).
    """
    with answered(out), processes(1, replications, workers, scheduler) as executor:
        from rsip_sim import face

        (scenario,) = face.load_scenarios([file])
        folder = out or face.default_folder([scenario], seed)
        done = face.run(
            scenario, replications, seed, executor, workers, folder, progress=progress(quiet)
        )
        tell(done.report, folder, full, form)
        kept_in(folder, quiet)


@app.command()
def compare(
    baseline: Annotated[
        Path, typer.Argument(metavar="BASELINE", help="The scenario that others are compared with.")
    ],
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help=studies.SCENARIO_FILE)],
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    full: Full = False,
    form: Form = Format.text,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios with a baseline on the same simulated futures: by how much, how sure.

    Kept in the folder: summary.txt, tables (CSV), charts (SVG, PNG, CSV) and data (Parquet).
    Go on from there with rsip show, explain, robust, risks and paper.
    """
    cases = 1 + len(files)
    with answered(out), processes(cases, replications, workers, scheduler) as executor:
        from rsip_sim import face

        scenarios = face.load_scenarios([baseline, *files])
        folder = out or face.default_folder(scenarios, seed)
        done = face.compare(
            scenarios, replications, seed, executor, workers, folder, progress=progress(quiet)
        )
        tell(done.report, folder, full, form, f"rsip explain {folder} | rsip paper {folder}")
        kept_in(folder, quiet)


@app.command()
def page(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE…]",
            help="Scenario files to choose from; the first two are baseline and policy to begin "
            "with. Those that come with the package are there too.",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="N", help="Of this machine; 0 for a free one.")
    ] = 8011,
) -> None:
    """Turn levers in a browser and see at once by how much it matters, and how sure that is.

    The page is served on this machine alone, until Ctrl-C. What is saved and kept there is written
    into this folder. Needs the extra 'page'.
    """
    with answered():
        try:
            from rsip_sim.page.app import Page
            from rsip_sim.page.serve import Server
        except ModuleNotFoundError as error:
            missing = str(error.name).partition(".")[0]
            if missing not in PAGE_NEEDS:
                raise
            say(
                f"rsip: rsip page needs {missing}, which comes with the extra 'page'; in the "
                "folder of the project: python -m pip install -c constraints.txt -e '.[page]', "
                f"elsewhere: python -m pip install {' '.join(PAGE_NEEDS)}"
            )
            raise typer.Exit(WRONG_INPUT) from None
        from rsip_sim import face

        given = files or []
        face.load_scenarios(given)
        server = Server(Page(Path.cwd(), given), port)
        print(f"Open {server.address} in a browser; Ctrl-C ends it", flush=True)
        server.answer()


@app.command()
def show(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR", parser=place, help="Folder of a finished run, comparison or study."
        ),
    ],
    part: Annotated[
        str | None,
        typer.Argument(
            metavar="[PART]",
            help="A part, such as price, or a study kept with it, such as explain; otherwise the "
            "first screen and which parts there are.",
        ),
    ] = None,
    full: Full = False,
    form: Form = Format.text,
) -> None:
    """Show a kept answer again, or a part of it."""
    with answered():
        from rsip_sim.cli.telling import width
        from rsip_sim.experiment.places import here, told
        from rsip_sim.report.text import part_lines
        from rsip_sim.studies.kernel.keeping import kept_report, part_or_study

        kept = here(folder, "*.json")
        report = kept_report(kept)
        found = kept if part is None else part_or_study(kept, report, part)
        if isinstance(found, Path):
            tell(report if part is None else kept_report(found), told(found), full, form)
        else:
            print_lines(part_lines(found, width()))


@app.command()
def paper(
    folder: Annotated[
        Path,
        typer.Argument(metavar="DIR", parser=place, help="Folder that 'rsip compare' filled."),
    ],
    template: Annotated[
        str,
        typer.Option(
            metavar="T",
            help="Sections and headings: rotherham (of 2011), rotherham_today, generic, or a "
            "council's own Word file (.docx), whose styles are then used with generic headings.",
        ),
    ] = "rotherham",
    with_schools: Annotated[
        bool,
        typer.Option("--with-schools", help="Also name schools and communities, in the annex."),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", parser=place, help="Folder for the pack; otherwise DIR/paper."),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Write the report to Cabinet, four pages, and its annex: Word, HTML, workbook, figures."""
    with answered():
        from rsip_sim import face

        kept = face.open_comparison(folder).paper(template, with_schools, out)
        print(kept / "paper.docx")
        kept_in(kept, quiet)


def in_groups(app: typer.Typer) -> None:
    """Sort the commands of an app into GROUPS; KeyError for a command that is in none."""
    headings = {name: heading for heading, names in GROUPS.items() for name in names}
    order = list(headings)
    for command in app.registered_commands:
        command.name = str(command.name or getattr(command.callback, "__name__", ""))
        command.rich_help_panel = headings[command.name]
    app.registered_commands.sort(key=lambda command: order.index(str(command.name)))


studies.register(app)
in_groups(app)
