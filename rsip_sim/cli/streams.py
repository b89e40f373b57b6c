"""What the command prints to, and what other programs have set around it.

A stream may be missing (cron, services, pythonw), full, or of a code page with few characters; the
environment may hold settings for other programs that use the same libraries.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

from rsip_sim.experiment.errors import PlaceWarning, named

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
