"""One run at a time at an address, in stores that know no locks.

Whoever wants the place puts a mark of its own there, and then looks which others there are. Of two,
the one that put its mark later sees that of the other, wherever what was put is listed from then
on: never do both go on. No two marks have one name, so none is removed in place of another.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import os
import platform
import secrets
import sys
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rsip_sim.experiment.errors import StoreError

MARK = ".lock-"


@contextlib.contextmanager
def marked(files: Any, folder: str, address: str) -> Iterator[None]:
    """Hold a folder of a file system of fsspec; StoreError, with who does, if another run holds it.

    address  by which the folder is told
    The mark of a process of this machine that has ended is removed; what to do about that of
    another machine is told, since nobody here knows whether it still runs.
    """
    own = f"{folder}/{MARK}{secrets.token_hex(8)}"
    files.pipe_file(own, json.dumps(_ourselves()).encode())
    try:
        files.invalidate_cache()
        for path in sorted(files.ls(folder, detail=False)):
            name = path.rpartition("/")[2]
            if not name.startswith(MARK) or own.endswith(name):
                continue
            with contextlib.suppress(FileNotFoundError):  # it ended while we looked
                said = files.cat_file(path)
                if _has_ended(said):
                    files.rm_file(path)
                    continue
                raise StoreError(
                    f"another run ({_who(said)}) is writing to {address}; wait for it, or name "
                    f"another folder with --out. If it was killed, remove {address}/{name} and "
                    "run the command again"
                )
        yield
    finally:
        with contextlib.suppress(Exception):  # the next run is told of a mark that is left
            files.rm_file(own)


def _ourselves() -> dict[str, Any]:
    user = "unknown"
    with contextlib.suppress(OSError, KeyError, ImportError):  # of a container without names
        user = getpass.getuser()
    return {
        "process": os.getpid(), "user": user, "host": platform.node(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "machine": _machine(),
    }  # fmt: skip


def _machine() -> str:
    """By which this machine since it was started, or this container of it, is known."""
    known = [platform.node()]
    try:
        known.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii"))
        known.append(os.readlink("/proc/self/ns/pid"))
    except OSError:
        known.append(str(uuid.getnode()))
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:16]


def _read(said: bytes) -> dict[str, Any]:
    try:
        content = json.loads(said)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _has_ended(said: bytes) -> bool:
    """Whether a mark is of a process that is known to have ended."""
    mark = _read(said)
    process = mark.get("process")
    if mark.get("machine") != _machine() or type(process) is not int or sys.platform == "win32":
        return False  # on Windows asking after a process would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _who(said: bytes) -> str:
    mark = _read(said)
    known = {name: mark.get(name, "unknown") for name in ("process", "user", "host", "since")}
    return "process {process} of {user} on {host}, since {since}".format(**known)
