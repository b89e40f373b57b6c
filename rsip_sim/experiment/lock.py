"""One run at a time in a folder: a lock that the system drops when its process ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from rsip_sim.experiment.errors import PlaceWarning, StoreError
from rsip_sim.experiment.places import held

LOCK = ".lock"
_HELD = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
"""What a system answers where another process holds the lock."""

_FAR = 1 << 20  # on Windows a locked byte cannot be read, so one beyond the text is locked


@contextlib.contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; StoreError if another process holds it.

    The file left by a process that was killed does not count: only a lock still held does.
    An address for which it stands is held too, and fetched again where it has changed since.
    A place that knows no locks, such as some network drives, is used without one, with a warning.
    """
    path = folder / LOCK
    stream = _locked(path)
    if stream is None:
        warnings.warn(
            f"{folder} is on a drive that knows no locks, so nothing keeps two runs from writing "
            "there at once: see to it that only one does",
            PlaceWarning,
            stacklevel=3,
        )
        with held(folder):
            yield
        return
    try:
        stream.truncate(0)
        stream.write(str(os.getpid()).encode())
        stream.flush()
        with held(folder):
            yield
    finally:
        with contextlib.suppress(OSError):  # Windows removes no open file
            path.unlink()
        stream.close()
        with contextlib.suppress(OSError):
            if sys.platform == "win32":
                path.unlink()


def _locked(path: Path) -> IO[bytes] | None:
    """The open lock file, or None where the place knows no locks."""
    while True:
        stream = path.open("a+b")
        try:
            _lock(stream)
            if os.path.samestat(os.fstat(stream.fileno()), path.stat()):
                return stream
        except FileNotFoundError:
            pass  # the holder removed the file between our two steps
        except OSError as error:
            if error.errno not in _HELD:
                stream.close()
                with contextlib.suppress(OSError):
                    path.unlink()
                return None
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
