"""A disk that fails, or a process that is killed, at any one step of what is written."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest


class Killed(BaseException):
    """Nothing of the process runs any more."""


@contextlib.contextmanager
def failing(at: int, kill: bool = False) -> Iterator[list[str]]:
    """Fail at this step of writing, counted from 0; yields the steps as they come.

    kill  the process ends there, and cleans nothing up; otherwise the disk is full, and a file has
          been half written
    """
    steps: list[str] = []
    dead = False

    def stop(step: str) -> None:
        nonlocal dead
        steps.append(step)
        if len(steps) == at + 1:
            dead = kill
            raise Killed if kill else OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def write(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[: len(content) // 2])
            stop(f"half of {path}")
            return file.write(content[len(content) // 2 :])

    def stepped(name: str) -> Callable[..., Any]:
        true = getattr(os, name)

        def call(*words: Any, **named: Any) -> Any:
            if name != "unlink" or kill:  # a full disk takes files away
                if dead:
                    return None
                stop(f"{name} {words[-1]}")
            return true(*words, **named)

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "write_bytes", write)
        for name in ("replace", "mkdir", "unlink"):
            patch.setattr(os, name, stepped(name))
        yield steps
