"""The `rsip` command: reads what is asked for, calls the package, prints what comes back.

Results go to stdout, progress and messages to stderr. Exit codes: 0 done, 2 wrong input, 3 ran
but a check failed, 130 stopped with Ctrl-C, 1 a fault of the programme. Libraries are imported
inside the commands, so that help and mistakes are answered at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import rsip_sim

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rsip_sim.experiment.progress import Progress

WRONG_INPUT, CHECK_FAILED, FAULT, STOPPED = 2, 3, 1, 130
_USUAL_REPLICATIONS = 1000
_MOST_FAILURES_SHOWN = 5

app = typer.Typer(
    name="rsip",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Simulates policies for a school improvement partnership and compares them. "
    "A policy is a scenario file; the folder scenarios holds examples.",
    epilog="Start with: rsip compare scenarios/one_year.yaml scenarios/five_year.yaml",
)

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


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console without £ or – still gets the rest
            stream.reconfigure(errors="replace")
    app()


def _show_version(asked: bool) -> None:
    if asked:
        print(f"rsip_sim {rsip_sim.__version__}")
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
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Scenario files.")],
    deep: Annotated[
        bool,
        typer.Option(
            "--deep",
            help="Also simulate each scenario for some seconds, with and without each thing it "
            "changes. Exit code 3 where a change does nothing, an outcome moves early or the wrong "
            "way, a lever is outside its evidence (a result there is the model's word alone), or "
            "the replications are too few to tell.",
        ),
    ] = False,
) -> None:
    """Find every fault of every scenario file, with its line and what may stand there."""
    with _answered():
        from rsip_sim import face

        faults = face.check(files)
        if faults:
            _print_faults(faults)
            raise typer.Exit(WRONG_INPUT)
        if deep:
            _check_deep(files)
        else:
            print("1 file is right" if len(files) == 1 else f"{len(files)} files are right")


def _check_deep(files: Sequence[Path]) -> None:
    from rsip_sim.analysis.guard import check_deep_text

    held = True
    for place, file in enumerate(files):
        text, passed = check_deep_text(file)
        print(f"\n{text}" if place else text, flush=True)
        held = held and passed
    if not held:
        raise typer.Exit(CHECK_FAILED)


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there instead of printing it.")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, with which editors help to write them."""
    with _answered():
        from rsip_sim import face

        if out is None:
            print(face.schema_text(), end="")
        else:
            face.write_new(out, face.schema_text())


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
    with _answered():
        from rsip_sim import face

        notes = face.make_roster(extract, la, as_at, out, communities)
        for note in notes:
            print(note, file=sys.stderr)
        print(out)


@app.command()
def run(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Scenario file.")],
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Simulate one scenario: a table of its headlines, and charts."""
    with _answered(out), _pool_ahead(1, replications, workers) as executor:
        from rsip_sim import face

        (scenario,) = face.load_scenarios([file])
        folder = out or face.default_folder([scenario], seed)
        done = face.run(scenario, replications, seed, executor, workers, folder, _progress(quiet))
        print(done.text())
        _kept_in(folder, quiet)


@app.command()
def compare(
    baseline: Annotated[
        Path, typer.Argument(metavar="BASELINE", help="Scenario file to compare the others with.")
    ],
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Scenario files to compare with it.")
    ],
    replications: Replications = None,
    seed: Seed = None,
    workers: Workers = None,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Compare scenarios with a baseline on the same simulated futures: by how much, how sure."""
    cases = 2 * (1 + len(files))
    with _answered(out), _pool_ahead(cases, replications, workers) as executor:
        from rsip_sim import face

        scenarios = face.load_scenarios([baseline, *files])
        folder = out or face.default_folder(scenarios, seed, renewal_both=True)
        done = face.compare(
            scenarios, replications, seed, executor, workers, folder, progress=_progress(quiet)
        )
        print(done.text())
        _kept_in(folder, quiet)


@app.command()
def calibrate(
    targets: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="What to fit to; otherwise experiments/calibration/targets.yaml."
        ),
    ] = None,
    store: Annotated[
        bool,
        typer.Option(help="Keep the sample in the package, for all runs with uncertain values."),
    ] = True,
    workers: Workers = None,
    out: StudyOut = None,
    quiet: Quiet = False,
) -> None:
    """Fit the uncertain parameters to the openings up to 1 April 2013: some minutes."""
    with _answered(out):
        from rsip_sim.paper import studies

        print(studies.calibrate(targets, workers, store, out, _progress(quiet)).text())
        if out is not None:
            _kept_in(out, quiet)


@app.command()
def backtest(
    observed: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Later stocks by authority, with the columns date, local_authority, phase, "
            "la_maintained, converter and sponsored; otherwise those shipped.",
        ),
    ] = None,
    mechanisms: Annotated[
        bool, typer.Option("--mechanisms", help="Also switch mechanisms off, one by one.")
    ] = False,
    replications: Annotated[
        int | None, typer.Option(min=256, metavar="N", help="Futures of each authority.")
    ] = None,
    workers: Workers = None,
    out: StudyOut = None,
    quiet: Quiet = False,
) -> None:
    """Forecast what followed April 2013, and score it against two simple rivals: some minutes."""
    with _answered(out):
        from rsip_sim.paper import studies

        report = studies.backtest(
            observed, replications, None, workers, mechanisms, out, _progress(quiet)
        )
        print(report.text())
        if out is not None:
            _kept_in(out, quiet)


@contextlib.contextmanager
def _pool_ahead(
    cases: int, replications: int | None, workers: int | None
) -> Iterator[Executor | None]:
    """Processes that start while this one is still reading; None where they would not pay."""
    from rsip_sim.experiment.pool import number_of_workers, process_pool
    from rsip_sim.experiment.worker import BLOCK

    each = replications or _USUAL_REPLICATIONS
    blocks = cases * -(-each // BLOCK)
    count = number_of_workers(workers, blocks, cases * each)
    if count == 1:
        yield None
    else:
        with process_pool(count) as pool:
            yield pool


def _progress(quiet: bool) -> Progress | None:
    from rsip_sim.experiment.progress import progress_on

    return None if quiet else progress_on(sys.stderr)


def _kept_in(folder: Path, quiet: bool) -> None:
    if not quiet:
        print(f"Data, tables and charts are in {folder}", file=sys.stderr)


def _print_faults(faults: Sequence[object]) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)


@contextlib.contextmanager
def _answered(folder: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong into a message on stderr and an exit code; no traceback."""
    try:
        yield
    except KeyboardInterrupt as stop:
        print(_stop_message(stop), file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    except BrokenPipeError:  # the reader of stdout, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None
    except Exception as error:
        if isinstance(error, typer.Exit):
            raise
        if os.environ.get("RSIP_DEBUG"):
            traceback.print_exc()
        raise typer.Exit(_tell(error, folder)) from None


def _tell(error: Exception, folder: Path | None) -> int:
    """Say what went wrong; returns the exit code."""
    from rsip_sim import face

    if isinstance(error, face.WRONG_INPUT):
        _print_faults(getattr(error, "faults", [f"rsip: {error}"]))
        return WRONG_INPUT
    if isinstance(error, face.BlocksFailed):
        for failure in error.failures[:_MOST_FAILURES_SHOWN]:
            print(failure, file=sys.stderr)
        more = len(error.failures) - _MOST_FAILURES_SHOWN
        print(
            (f"and {more} more; " if more > 0 else "")
            + f"the other blocks are kept, details are in {error.folder / 'failures.log'}",
            file=sys.stderr,
        )
        return CHECK_FAILED
    kind = f"{type(error).__name__}: {error}".splitlines()[0]
    print(f"rsip: a fault of the programme, not of your files: {kind}", file=sys.stderr)
    print(f"Please report it as an issue of the project, with {_logged(folder)}.", file=sys.stderr)
    return FAULT


def _logged(folder: Path | None) -> str:
    """Where the traceback is, or how to see it."""
    from rsip_sim.experiment.store import ERRORS

    if folder is not None and folder.is_dir():
        with contextlib.suppress(OSError):
            (folder / ERRORS).write_text(traceback.format_exc(), encoding="utf-8")
            return f"the file {folder / ERRORS}"
    return "what it prints when RSIP_DEBUG=1 is set"


def _stop_message(stop: KeyboardInterrupt) -> str:
    done, blocks = getattr(stop, "done", 0), getattr(stop, "blocks", 0)
    if not blocks:
        return "Stopped."
    return (
        f"Stopped: {done} of {blocks} blocks are kept in {getattr(stop, 'folder', '')}; "
        "the same command carries on from there."
    )
