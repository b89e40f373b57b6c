"""Stores at an address: what they hold, one that shows half of what is written, one that stops."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fsspec.core import url_to_fs
from fsspec.implementations.memory import MemoryFileSystem

from rsip_sim.experiment import places
from tests.fakes.experiment_fakes import COMMIT

CHANGES = ("pipe_file", "put_file", "rm_file", "mv")


class Slow(MemoryFileSystem):
    """A store in which half of a file may be seen, as on a drive reached over a network."""

    protocol = "slow"
    store: dict[str, Any] = {}  # noqa: RUF012
    pseudo_dirs = [""]  # noqa: RUF012

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return super()._strip_protocol(path.removeprefix("slow://"))


class Killed(BaseException):
    """From here on the process changes nothing."""


class Watch:
    """What is changed in stores, in order; at change number `last` the process is killed instead.

    Of a file that is put just then half is there, where a store does that.
    """

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        self.changes: list[tuple[str, str]] = []

    def change(self, what: str, store: MemoryFileSystem, path: str, to: str) -> None:
        if self.last == len(self.changes):
            self.last = None  # until half of the file is there
            if what == "put_file" and isinstance(store, Slow):
                store.pipe_file(re.sub(r"\d+\.tmp$", "1.tmp", to), b"half of it")  # process 1
            self.last = -1
        if self.last == -1:
            raise Killed
        self.changes.append((what, to))


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Tell the watch of every change in memory."""
    with pytest.MonkeyPatch.context() as patch:
        for name in CHANGES:
            real = getattr(MemoryFileSystem, name)

            def told(
                store: Any, path: str, *more: Any, what: str = name, real: Any = real, **named: Any
            ) -> Any:
                to = more[0] if what in ("put_file", "mv") else path
                watch.change(what, store, path, to)
                return real(store, path, *more, **named)

            patch.setattr(MemoryFileSystem, name, told)
        yield


def another_process() -> None:
    """From here on nothing is known of any address, as in a process that has just begun."""
    places._OPEN.clear()
    places.ELSEWHERE.clear()


def there(address: str) -> dict[str, bytes]:
    """Every file at an address, by its path below it; without the commit, which may move on."""
    files, root = url_to_fs(address)
    files.invalidate_cache()
    found = files.find(root)
    return {path[len(root) + 1 :]: COMMIT.sub(b"", files.cat_file(path)) for path in found}


def put(address: str, content: bytes) -> None:
    """Put a file at an address, as somebody else does."""
    files, path = url_to_fs(address)
    files.pipe_file(path, content)
    files.invalidate_cache()
