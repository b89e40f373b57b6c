"""Files that are written whole or not at all, whenever the process or the machine stops."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rsip_sim.experiment.errors import HALF, InputError
from rsip_sim.experiment.places import changed, own


@contextlib.contextmanager
def written_aside(files: Mapping[Path, bytes]) -> Iterator[Callable[[], None]]:
    """Write files under temporary names; what is yielded moves them into place, in their order.

    What was there before stays as it is until then, also where the disk has no room for the new.
    """
    aside = {path: path.with_name(f".{path.name}.{os.getpid()}.tmp") for path in files}

    def put_in_place() -> None:
        for path, temporary in aside.items():
            os.replace(temporary, path)
        changed(*aside)

    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with aside[path].open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())  # else a power cut may leave the name without the content
        yield put_in_place
    finally:
        for temporary in aside.values():
            temporary.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: under another name, and then moved into place."""
    with written_aside({path: content}) as put_in_place:
        put_in_place()


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    write_bytes(path, text.encode())


def remove(path: Path) -> None:
    """Remove a file if it is there, also at the address for which its folder stands."""
    path.unlink(missing_ok=True)
    changed(path)


def write_new(named: str | Path, text: str) -> Path:
    """Write a text file, and give its path; InputError if there is one that says something else.

    named  a ~ at its beginning is the home folder, as for every place
    Raises StoreError where no file can have that name.
    """
    path = own(named)
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise InputError(f"{path} is no ordinary file; name another")
        if path.exists() and path.read_bytes() != text.encode():
            raise InputError(f"{path} exists already and is left as it is; name another file")
        write_text(path, text)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror or error}") from None
    return path


def sweep(folder: Path) -> None:
    """Remove the half-written files of our own that a process left when it was stopped."""
    for path in folder.rglob(".*.tmp"):
        if HALF.fullmatch(path.name) and path.is_file():
            path.unlink()
