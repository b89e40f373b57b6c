"""One fault in a file a person wrote: where it is, what is wrong and what to write instead."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from rsip_sim.evidence.characters import printable


@dataclass(frozen=True)
class Fault:
    """A fault at a place in a file; lines and columns count from 1, and 0 means not known.

    file        the file as the reader named it, or '' where the fault is in no file
    field       the column or key at fault, or '' for the file as a whole
    message     what is wrong
    allowed     what may stand there, or ''
    suggestion  the nearest legal text, or ''
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    allowed: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        """``file:line:column: field: what is wrong; what is allowed; did you mean 'x'?``."""
        place = [self.file] if self.file else []
        if self.line:
            place.append(str(self.line))
            if self.column:
                place.append(str(self.column))
        parts = [self.message]
        if self.allowed:
            parts.append(self.allowed)
        if self.suggestion:
            parts.append(f"did you mean '{self.suggestion}'?")
        field = f"{self.field}: " if self.field else ""
        where = f"{':'.join(place)}: " if place else ""
        return printable(f"{where}{field}{'; '.join(parts)}")


def nearest(text: str, names: Iterable[str]) -> str:
    """The name most like the text, or '' when none is near; upper and lower case count alike.

    Where none is like the whole of it, the shortest that begins with its three letters or more:
    ``two`` for two_year.
    """
    by_folded = {name.casefold(): name for name in names}
    folded = text.casefold()
    found = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    if not found and len(folded) > 2:
        found = sorted((name for name in by_folded if name.startswith(folded)), key=len)
    return by_folded[found[0]] if found else ""


def did_you_mean(text: str, names: Iterable[str]) -> str:
    """``; did you mean 'two_year'?``, to end a message with, or '' where no name is near."""
    near = nearest(text, names)
    return f"; did you mean '{near}'?" if near else ""


class FaultyError(ValueError):
    """A file that cannot be used; `faults` holds every fault found in it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
