"""Files that are written whole or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import os
import re
from pathlib import Path

from rsip_sim.experiment.errors import InputError

HALF_WRITTEN = re.compile(r"\..+\.\d+\.tmp", re.DOTALL)
"""The names of files of our own that are being written."""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: under another name, and then moved into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())  # else a power cut may leave the name without the content
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    write_bytes(path, text.encode())


def write_new(path: Path, text: str) -> None:
    """Write a text file; InputError if there is one already that says something else."""
    try:
        if path.exists() and path.read_bytes() != text.encode():
            raise InputError(f"{path} exists already and is left as it is; name another file")
        write_text(path, text)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None


def sweep(folder: Path) -> None:
    """Remove the half-written files of our own that a process left when it was stopped."""
    for path in folder.rglob(".*.tmp"):
        if HALF_WRITTEN.fullmatch(path.name) and path.is_file():
            path.unlink()
