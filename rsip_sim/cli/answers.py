"""What every command does alike: what it prints to, progress, an answer to whatever goes wrong.

A stream may be missing (cron, services, pythonw), full, or of a code page with few characters; the
environment may hold settings for other programs that use the same libraries.

Exit codes: 0 done, 2 wrong input, 3 ran but a check failed, 130 stopped with Ctrl-C, 1 a fault of
the programme.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

import typer

from rsip_sim.experiment.errors import PlaceWarning, RunInterrupted, is_of_disk, named, told_of_disk

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rsip_sim.experiment.progress import Progress


FAULT, WRONG_INPUT, CHECK_FAILED, STOPPED = 1, 2, 3, 130
_MOST_FAILURES_SHOWN = 5
_USUAL_REPLICATIONS = 1000  # of a scenario file that says nothing else

_STAND_INS = {
    "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-", "─": "-", "→": "->",
    "±": "+/-", "×": "x", "÷": "/", "≤": "<=", "≥": ">=", "…": "...", "£": "GBP ", "·": "-",
    "‘": "'", "’": "'", "“": '"', "”": '"', "\N{NO-BREAK SPACE}": " ",
}  # fmt: skip
"""What stands for a character that the code page of a terminal or a pipe lacks."""

_OF_OTHERS = ("PYTHONWARNINGS", "TERMINAL_WIDTH", "MATPLOTLIBRC")
"""Settings for other programs, which would change what is printed or stop this one."""

_FILES = 3  # numbers of stdin, stdout and stderr: 0, 1 and 2


class StreamError(OSError):
    """What was to be printed cannot be written; the work itself is done.

    folder  where the results are, or None
    """

    def __init__(self, why: str, folder: Path | None) -> None:
        """Keep why, and where the results are."""
        self.folder = folder
        kept = f"; the results are in {folder}" if folder is not None else ""
        super().__init__(f"what was to be printed could not be written ({why}){kept}")


def prepare_streams() -> None:
    """Nothing that is printed fails for want of a character or of a stream."""
    _fill_gaps()
    codecs.register_error("stand_in", stand_in)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="stand_in")


def prepare_libraries() -> None:
    """Leave what other programs have set aside, and let no library print on the screen.

    What this package itself warns of is said in a line.
    """
    for name in _OF_OTHERS:
        os.environ.pop(name, None)
    os.environ["MPLBACKEND"] = "agg"
    sys.warnoptions.clear()  # or the processes that simulate would be started with them
    logging.getLogger().addHandler(logging.NullHandler())
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    warnings.simplefilter("always", PlaceWarning)
    warnings.showwarning = lambda message, *_, **__: say(f"rsip: {message}")


def stand_in(error: UnicodeError) -> tuple[str, int]:
    """ASCII for what a stream cannot show; for letters with accents the letters alone."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    import unicodedata

    said = []
    for character in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
        said.append(_STAND_INS.get(character, plain or "?"))
    return "".join(said), error.end


@contextlib.contextmanager
def printed(folder: Path | None = None) -> Iterator[None]:
    """What is printed inside has reached its reader; StreamError where it cannot be written.

    folder  where the results are that are told of
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except (BrokenPipeError, StreamError):
        raise
    except OSError as error:
        if error.filename is not None:
            raise
        discard_output()
        raise StreamError(error.strerror or str(error), folder) from error


def say(words: object) -> None:
    """Print on stderr, places by their names; one that cannot be written is no reason to fail."""
    try:
        print(named(str(words)), file=sys.stderr, flush=True)
    except OSError:
        _discard(sys.stderr)


def discard_output() -> None:
    """Throw away what stdout still holds, so that the end of the process does not fail over it."""
    _discard(sys.stdout)


def _discard(stream: TextIO) -> None:
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _fill_gaps() -> None:
    """Open nothing for each stream that is missing.

    Otherwise the first file opened takes its number, and whatever a library prints lands in it;
    and Python prints on stdout what was meant for a stderr that is not there.
    """
    if None not in (sys.stdin, sys.stdout, sys.stderr):
        for stream in (sys.stdout, sys.stderr):
            _discard_unless_writable(stream)
        return
    number = os.open(os.devnull, os.O_RDWR)
    while number < _FILES:
        number = os.open(os.devnull, os.O_RDWR)
    os.close(number)
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")


def _discard_unless_writable(stream: TextIO) -> None:
    """Nothing is what a stream goes to whose number was taken by a file opened to be read."""
    try:
        os.write(stream.fileno(), b"")
    except OSError as error:
        if error.errno == errno.EBADF:
            _discard(stream)
    except ValueError:  # a stream without a number
        pass


def _nothing(mode: str) -> TextIO:
    return cast(TextIO, open(os.devnull, mode, encoding="utf-8"))


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
        say(f"The results are in {folder}")


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
        kept = isinstance(stop, RunInterrupted)
        say(f"Stopped: {stop}; the same command carries on from there." if kept else "Stopped.")
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
