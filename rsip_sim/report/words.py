"""Words that every report shares: several names in a row, and what stands where officers write."""

from __future__ import annotations

from collections.abc import Sequence

CONTENTS = "Contents"
TO_BE_WRITTEN = "To be written"
NOTHING = "–"
"""What stands in a cell that holds nothing, where a reader goes from cell to cell."""

FEW = 5  # things named one by one; the rest are counted


def listed(names: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """``a, b and c``; beyond so many ``a, b and 4 more``. ValueError where there is none."""
    if not names:
        raise ValueError("there is nothing to list")
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"


def named(things: Sequence[str]) -> str:
    """The first few by name and the others by number: ``a, b and 7 more``."""
    if len(things) <= FEW:
        return ", ".join(things)
    return f"{', '.join(things[:FEW])} and {len(things) - FEW} more"


def counted(number: int, one: str, many: str = "") -> str:
    """``1 file``, ``12 files``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
