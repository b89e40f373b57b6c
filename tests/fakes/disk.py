"""A disk that is watched, and that stops as a process does that is killed or loses its power."""

from __future__ import annotations

import builtins
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from rsip_sim.experiment.lock import LOCK


class Killed(BaseException):
    """Nothing is told and nothing tidied up: from here on the process changes no file."""


class Disk:
    """Every step by which the files of a folder change, in order: what is done, and to which.

    At step `last` the process is killed instead; of what was never brought to the disk (fsync)
    only half is there then, whatever name it has by that time.
    """

    def __init__(self, folder: Path, last: int | None = None) -> None:
        self.folder, self.last = folder, last
        self.steps: list[tuple[str, str]] = []
        self._safe: dict[Path, int] = {}  # bytes brought to the disk, of each file written

    def step(self, what: str, path: Path) -> None:
        """One step is about to be done, or never."""
        if self.folder not in path.parents or path.name == LOCK:
            return
        if self.last == len(self.steps):
            while self._safe:
                each, safe = self._safe.popitem()
                os.truncate(each, (safe + each.stat().st_size) // 2)
            raise Killed
        self.steps.append((what, path.relative_to(self.folder).as_posix()))

    def opened(self, path: Path, mode: str) -> None:
        self.step("open", path)
        self._safe[path] = path.stat().st_size if "r" in mode else 0

    def brought(self, stream: int) -> None:
        found = os.fstat(stream)
        for path in [each for each in self._safe if os.path.samestat(found, each.stat())]:
            self.step("bring", path)
            self._safe[path] = found.st_size

    def moved(self, source: Path, target: Path) -> None:
        self.step("move", target)
        self._safe[target] = self._safe.pop(source)

    def removed(self, path: Path) -> None:
        if os.path.lexists(path):
            self.step("remove", path)
            self._safe.pop(path, None)


@contextmanager
def watched(disk: Disk) -> Iterator[None]:
    """Whatever Python writes, moves or removes inside goes by the disk."""
    opens, replaces, unlinks = io.open, os.replace, os.unlink

    def opened(file: Any, mode: str = "r", *given: Any, **named: Any) -> Any:
        if set(mode) & set("wax+") and Path(file).name != LOCK:
            disk.opened(Path(file), mode)
        return opens(file, mode, *given, **named)

    def replaced(source: Any, target: Any) -> None:
        disk.moved(Path(source), Path(target))
        replaces(source, target)

    def unlinked(path: Any, **named: Any) -> None:
        disk.removed(Path(path))
        unlinks(path, **named)

    with pytest.MonkeyPatch.context() as patch:
        for module in (io, builtins):
            patch.setattr(module, "open", opened)
        patch.setattr(os, "replace", replaced)
        patch.setattr(os, "unlink", unlinked)
        patch.setattr(os, "fsync", disk.brought)
        yield
