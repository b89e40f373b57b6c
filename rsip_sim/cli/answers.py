"""What every command does alike: progress, and an answer to whatever goes wrong.

Exit codes: 0 done, 2 wrong input, 3 ran but a check failed, 130 stopped with Ctrl-C, 1 a fault of
the programme.
"""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rsip_sim.cli.streams import StreamError, discard_output, printed, say
from rsip_sim.experiment.errors import is_of_disk, told_of_disk

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rsip_sim.experiment.progress import Progress

FAULT, WRONG_INPUT, CHECK_FAILED, STOPPED = 1, 2, 3, 130
_MOST_FAILURES_SHOWN = 5
_USUAL_REPLICATIONS = 1000  # of a scenario file that says nothing else


@contextlib.contextmanager
def processes(
    cases: int, replications: int | None, workers: int | None, scheduler: str | None
) -> Iterator[Executor | None]:
    """Processes that start while this one is still reading; None where they would not pay.

    scheduler  of other machines, which then do all of it
    """
    if scheduler is not None:
        from rsip_sim.experiment.elsewhere import cluster

        with cluster(scheduler):
            yield None
    else:
        from rsip_sim.experiment.pool import useful_pool

        with useful_pool(cases, replications or _USUAL_REPLICATIONS, workers) as pool:
            yield pool


def progress(quiet: bool) -> Progress | None:
    """What tells of progress on stderr, or None."""
    from rsip_sim.experiment.progress import progress_on

    return None if quiet else progress_on(sys.stderr)


def kept_in(folder: Path, quiet: bool) -> None:
    """Say where the results are."""
    if not quiet:
        say(f"Data, tables and charts are in {folder}")


def print_faults(faults: Sequence[object]) -> None:
    """One line a fault on stderr."""
    for fault in faults:
        say(fault)


@contextlib.contextmanager
def ended() -> Iterator[None]:
    """End as `answered` does what happens outside of it: in help, and before a command begins."""
    try:
        with printed():
            yield
    except BrokenPipeError:
        discard_output()
    except SystemExit as end:  # typer ends for both without a word, and with 1 for the first
        why = end.__context__
        if isinstance(why, BrokenPipeError):
            discard_output()
            return
        if why is not None and isinstance(why.__cause__, KeyboardInterrupt):
            say("Stopped.")
        raise
    except StreamError as error:
        say(f"rsip: {error}")
        sys.exit(WRONG_INPUT)


@contextlib.contextmanager
def answered(folder: Path | None = None) -> Iterator[None]:
    """Turn what goes wrong into a message on stderr and an exit code; no traceback."""
    try:
        with printed(folder):
            yield
    except KeyboardInterrupt as stop:
        say(_stop_message(stop))
        raise typer.Exit(STOPPED) from None
    except BrokenPipeError:  # the reader of stdout, such as head, has seen enough
        discard_output()
        raise typer.Exit from None
    except typer.Exit:
        raise
    except Exception as error:
        if os.environ.get("RSIP_DEBUG"):
            traceback.print_exc()
        raise typer.Exit(_tell(error, folder)) from None


def _tell(error: Exception, folder: Path | None) -> int:
    """Say what went wrong; returns the exit code."""
    from rsip_sim import face

    if isinstance(error, face.WRONG_INPUT):
        print_faults(getattr(error, "faults", [f"rsip: {error}"]))
        return WRONG_INPUT
    if isinstance(error, StreamError):
        say(f"rsip: {error}")
        return WRONG_INPUT
    if isinstance(error, OSError) and is_of_disk(error):
        say(f"rsip: {told_of_disk(error, folder)}")
        return WRONG_INPUT
    if isinstance(error, face.BlocksFailed):
        for failure in error.failures[:_MOST_FAILURES_SHOWN]:
            say(failure)
        more = len(error.failures) - _MOST_FAILURES_SHOWN
        others = f"and {more} more; {error.others}" if more > 0 else error.others
        say(f"{others}, details are in {error.folder / 'failures.log'}")
        return CHECK_FAILED
    kind = f"{type(error).__name__}: {error}".splitlines()[0]
    say(f"rsip: a fault of the programme, not of your files: {kind}")
    say(f"Please report it as an issue of the project, with {_logged(folder)}.")
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
        f"Stopped: {done} of {blocks} {getattr(stop, 'what', '')} are kept in "
        f"{getattr(stop, 'folder', '')}; "
        "the same command carries on from there."
    )
