"""How far a run has come, on stderr: a line that is written anew on a terminal, some elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import IO

SECONDS_BETWEEN_LINES = 5.0
_WIDEST = 60  # characters of what is written over
MOST_LINES = 8  # between those that say what is stored already, and that all is done


class Progress:
    """What a runner tells while it works; this one says nothing."""

    def begin(self, total: int, already: int) -> None:
        """Replications to simulate over all scenarios, and those found in the folder."""

    def advance(self, replications: int) -> None:
        """So many more are done."""

    def end(self) -> None:
        """Nothing more comes."""


def progress_on(stream: IO[str] | None = None) -> Progress:
    """Lines on a stream (stderr, unless named).

    Without a stream, as under cron or pythonw, nothing is told.
    """
    stream = stream or sys.stderr
    if stream is None:
        return Progress()
    return Lines(stream)


class Lines(Progress):
    """A line every few seconds, at most one of a short run and ten of any.

    On a terminal one line is written anew at each step, and wiped out at the end.
    """

    def __init__(self, stream: IO[str]) -> None:
        """Write to this stream."""
        self._stream = stream
        self._anew = getattr(stream, "isatty", bool)()

    def begin(self, total: int, already: int) -> None:
        """Start the clock."""
        self._total, self._done, self._told = total, 0, 0
        self._begun = self._last = time.monotonic()
        if already:
            rest = f"{total:,} are to come" if total else "and that is all"
            self._say(f"{already:,} replications are stored already, {rest}")

    def advance(self, replications: int) -> None:
        """Perhaps write a line."""
        self._done += replications
        now = time.monotonic()
        far = (self._done - self._told) * MOST_LINES >= self._total
        due = self._anew or (far and now - self._last >= SECONDS_BETWEEN_LINES)
        if due and self._done < self._total:
            self._last, self._told = now, self._done
            left = (now - self._begun) / self._done * (self._total - self._done)
            told = f"{self._done:,} of {self._total:,} replications, {_words(left)} left"
            self._say(told, passing=self._anew)

    def end(self) -> None:
        """Write how long it all took, if it took long."""
        spent = time.monotonic() - self._begun
        if self._done == self._total and spent >= SECONDS_BETWEEN_LINES:
            self._say(f"{self._done:,} replications in {_words(spent)}")
        elif self._anew:
            self._say("", passing=True)

    def _say(self, text: str, passing: bool = False) -> None:
        line = text.ljust(_WIDEST) if self._anew else text
        with contextlib.suppress(OSError):  # a stream that is full is no reason to fail
            print(line, file=self._stream, end="\r" if passing else "\n", flush=True)


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
