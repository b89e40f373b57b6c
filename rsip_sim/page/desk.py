"""One piece of work at a time, and of each window its newest question alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rsip_sim.page.live import Outdated

Done = TypeVar("Done")
Stop = Callable[[], bool]

_MOST_WAITING = 12
_MOST_WINDOWS = 64
_SECONDS = 0.05  # between two looks whether a question that waits is still the newest


class BusyError(Exception):
    """More is waiting already than anybody asks who only looks."""


class Desk:
    """Where whatever simulates, draws or writes waits for its turn."""

    def __init__(self) -> None:
        """Nothing is being done."""
        self._work = threading.Lock()
        self._counts = threading.Lock()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._waiting = 0
        self.closed = False

    def ask(self, window: str, turn: int, work: Callable[[Stop], Done]) -> Done:
        """Do the work once nothing else is being done.

        window  whose question it is; '' for one that no other question outdates
        turn    its number in that window
        work    is told whether to stop, as often as it asks

        Raises Outdated where the window asks something newer meanwhile or the page ends, and
        BusyError where too much is waiting.
        """
        with self._counts:
            if window:
                self._newest[window] = max(turn, self._newest.pop(window, turn))
                if len(self._newest) > _MOST_WINDOWS:
                    self._newest.popitem(last=False)

        def stop() -> bool:
            return self.closed or bool(window and self._newest.get(window) != turn)

        with self._turn(stop):
            return work(stop)

    @contextmanager
    def _turn(self, stop: Stop) -> Iterator[None]:
        with self._counts:
            if self._waiting >= _MOST_WAITING:
                raise BusyError
            self._waiting += 1
        try:
            while not self._work.acquire(timeout=_SECONDS):
                if stop():
                    raise Outdated
        finally:
            with self._counts:
                self._waiting -= 1
        try:
            if stop():
                raise Outdated
            yield
        finally:
            self._work.release()

    def close(self) -> None:
        """The page ends: whatever waits or asks is told to stop."""
        self.closed = True
