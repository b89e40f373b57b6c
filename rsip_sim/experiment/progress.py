"""How far a run has come, on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

SECONDS_BETWEEN_LINES = 5.0
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
    """A bar where the stream (stderr, unless named) is a terminal, otherwise plain lines.

    Without a stream, as under cron or pythonw, nothing is told.
    """
    stream = stream or sys.stderr
    if stream is None:
        return Progress()
    return Bar(stream) if getattr(stream, "isatty", bool)() else Lines(stream)


class Lines(Progress):
    """A line every few seconds, at most one of a short run and ten of any."""

    def __init__(self, stream: IO[str]) -> None:
        """Write to this stream."""
        self._stream = stream

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
        if far and self._done < self._total and now - self._last >= SECONDS_BETWEEN_LINES:
            self._last, self._told = now, self._done
            left = (now - self._begun) / self._done * (self._total - self._done)
            self._say(f"{self._done:,} of {self._total:,} replications, {_words(left)} left")

    def end(self) -> None:
        """Write how long it all took, if it took long."""
        spent = time.monotonic() - self._begun
        if self._done == self._total and spent >= SECONDS_BETWEEN_LINES:
            self._say(f"{self._done:,} replications in {_words(spent)}")

    def _say(self, text: str) -> None:
        with contextlib.suppress(OSError):  # a stream that is full is no reason to fail
            print(text, file=self._stream, flush=True)


class Bar(Progress):
    """A bar with the time left."""

    def __init__(self, stream: IO[str]) -> None:
        """Draw on this stream."""
        self._stream = stream
        self._bar: RichProgress | None = None

    def begin(self, total: int, already: int) -> None:
        """Draw the bar."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("Simulating"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("replications, time left"),
            TimeRemainingColumn(),
            console=Console(file=self._stream),
            transient=True,
        )
        self._bar.add_task("", total=total + already, completed=already)
        self._bar.start()

    def advance(self, replications: int) -> None:
        """Lengthen the bar."""
        if self._bar is not None:
            self._bar.advance(self._bar.task_ids[0], replications)

    def end(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.stop()


def _words(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"
