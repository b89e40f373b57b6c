"""One run at a time in a folder: a lock that the system drops when its process ends."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rsip_sim.experiment.errors import StoreError

LOCK = ".lock"
_FAR = 1 << 20  # on Windows a locked byte cannot be read, so one beyond the text is locked


@contextlib.contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; StoreError if another process holds it.

    The file left by a process that was killed does not count: only a lock still held does.
    """
    path = folder / LOCK
    stream = _locked(path)
    try:
        stream.truncate(0)
        stream.write(str(os.getpid()).encode())
        stream.flush()
        yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no open file
            path.unlink()
        stream.close()
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                path.unlink()


def _locked(path: Path) -> IO[bytes]:
    while True:
        stream = path.open("a+b")
        try:
            _lock(stream)
            if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                return stream
        except FileNotFoundError:
            pass  # the holder removed the file between our two steps
        except OSError as error:
            stream.seek(0)
            owner = stream.read().decode(errors="replace") or "unknown"
            stream.close()
            raise StoreError(
                f"another run (process {owner}) is writing to {path.parent}; wait for it, "
                "or name another folder with --out"
            ) from error
        stream.close()


if sys.platform == "win32":
    import msvcrt

    def _lock(stream: IO[bytes]) -> None:
        stream.seek(_FAR)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
