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
    The mark of a process of this machine that has ended is removed; of another machine nobody here
    knows whether it still runs, so it is told what to remove if it does not.
    """
    own = f"{MARK}{secrets.token_hex(8)}"
    files.pipe_file(f"{folder}/{own}", json.dumps(ourselves()).encode())
    try:
        files.invalidate_cache()
        for path in sorted(files.ls(folder, detail=False)):
            name = path.rpartition("/")[2]
            if name.startswith(MARK) and name != own:
                with contextlib.suppress(FileNotFoundError):  # it ended while we looked
                    _give_way(files.cat_file(path), f"{address}/{name}", address)
                    files.rm_file(path)
        yield
    finally:
        with contextlib.suppress(Exception):  # the next run is told of a mark that is left
            files.rm_file(f"{folder}/{own}")


def ourselves() -> dict[str, Any]:
    """What a mark says of whoever put it."""
    user = "unknown"
    with contextlib.suppress(OSError, KeyError, ImportError):  # of a container without names
        user = getpass.getuser()
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return {"process": os.getpid(), "user": user, "host": platform.node(), "since": since,
            "machine": _machine()}  # fmt: skip


def _machine() -> str:
    """By which this machine since it was started, or this container of it, is known."""
    known = [platform.node()]
    try:
        known.append(Path("/proc/sys/kernel/random/boot_id").read_text("ascii"))
        known.append(os.readlink("/proc/self/ns/pid"))
    except OSError:
        known.append(str(uuid.getnode()))
    return hashlib.sha256("\0".join(known).encode()).hexdigest()[:16]


def _give_way(said: bytes, mark: str, address: str) -> None:
    """StoreError unless what a mark says is of a process that is known to have ended."""
    who: dict[str, Any] = dict.fromkeys(("process", "user", "host", "since"), "unknown")
    with contextlib.suppress(ValueError, TypeError):  # damaged
        who |= json.loads(said)
    if who.get("machine") == _machine() and sys.platform != "win32":  # there asking would end it
        with contextlib.suppress(TypeError, OSError, OverflowError):
            try:
                os.kill(who["process"], 0)
            except ProcessLookupError:
                return
    raise StoreError(
        "another run (process {process} of {user} on {host}, since {since}) ".format(**who)
        + f"is writing to {address}; wait for it, or name another folder with --out. If it was "
        f"killed, remove {mark} and run the command again"
    )
