"""What can go wrong with an experiment, in words for a planner."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ELSEWHERE: dict[str, str] = {}
"""Addresses, by the scratch folder in which this process works on each; see `places`."""


def named(text: str) -> str:
    """Words in which every place has the name by which its user knows it."""
    for folder, address in ELSEWHERE.items():
        text = text.replace(folder, address)
    return text


class ExperimentError(ValueError):
    """The experiment as asked for cannot be run; the message says why and what to do."""

    def __str__(self) -> str:
        """The message, with places as their user knows them."""
        return named(super().__str__())


class InputError(ValueError):
    """What was asked for makes no sense, or would replace a file; the message says which."""


class DesignError(ExperimentError):
    """The scenarios do not fit together, or the numbers asked for make no sense."""


class StoreError(ExperimentError):
    """The folder for the results cannot be used."""


class AddressError(StoreError):
    """The address for the results does not answer, or refuses what was asked of it."""


class PlaceWarning(UserWarning):
    """Something about the place of the results that whoever runs the command should know."""


_OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.EMFILE}
"""Errors of a disk or drive, whatever file they name or do not name."""


def is_of_disk(error: BaseException) -> bool:
    """Whether a disk, drive, folder, file or address refused something."""
    return isinstance(error, AddressError) or (
        isinstance(error, OSError) and (error.filename is not None or error.errno in _OF_THE_DISK)
    )


_FULL = {errno.ENOSPC, errno.EDQUOT}
HALF = re.compile(r"\.(.+)\.\d+\.tmp", re.DOTALL)
"""The names of files that are being written: that of the file, and of the process."""

_TAKEN = {errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY}


def told_of_disk(error: OSError, place: Path | None = None) -> str:
    """What a disk, drive or folder refused, in a sentence that names the file and what to do.

    place  the folder in which it happened, where the error names no file
    """
    file = error.filename2 or error.filename or place
    why = error.strerror or str(error)
    if file is None:
        return f"a file cannot be read or written: {why}"
    path = Path(os.fsdecode(file))
    half = HALF.fullmatch(path.name)
    name = str(path.with_name(half[1]) if half else path)
    told = f"{name} cannot be used: {why}"
    if error.errno in _FULL:
        return f"{told}. Make room on its disk, and run the command again"
    if error.errno in _TAKEN and Path(name).is_file():
        return f"{told}. Close it in Word, Excel or wherever it is open, and run the command again"
    return told


@dataclass(frozen=True)
class BlockFailure:
    """One block that could not be simulated or stored; the other blocks are not touched by it.

    first, last  its replications, both included
    stage        simulate, check, write or worker
    kind         name of the exception
    message      its text
    trace        the traceback, for whoever mends it
    """

    scenario: str
    first: int
    last: int
    stage: str
    kind: str
    message: str
    trace: str = ""

    def __str__(self) -> str:
        """One line that says which block failed, at what and why."""
        return (
            f"{self.scenario}, replications {self.first}–{self.last}: "
            f"{self.stage} failed: {self.kind}: {self.message}"
        )


class BlocksFailed(RuntimeError):
    """Pieces of a run failed. `failures` says which and why, `others` what became of the rest."""

    def __init__(
        self, failures: Sequence[object], folder: Path, others: str = "the other blocks are kept"
    ) -> None:
        """Keep the failures; the message is one line a failure."""
        self.failures = tuple(failures)
        self.folder = folder
        self.others = others
        super().__init__("\n".join(str(failure) for failure in self.failures))


class RunInterrupted(KeyboardInterrupt):
    """The run was stopped by its user; what was finished is kept."""

    def __init__(self, done: int, blocks: int, folder: Path, what: str = "blocks") -> None:
        """Blocks (or what else is kept by itself) stored so far, of how many, and where."""
        self.done, self.blocks, self.folder, self.what = done, blocks, folder, what
        super().__init__(named(f"{done} of {blocks} {what} are stored in {folder}"))
