"""Words that every report shares: several names in a row, and what stands where officers write."""

from __future__ import annotations

from collections.abc import Sequence

CONTENTS = "Contents"
TO_BE_WRITTEN = "To be written"
NOTHING = "–"
"""What stands in a cell that holds nothing, where a reader goes from cell to cell."""


def listed(names: Sequence[str], last: str = "and", most: int | None = None) -> str:
    """``a, b and c``; beyond so many ``a, b and 4 more``. ValueError where there is none."""
    if not names:
        raise ValueError("there is nothing to list")
    if most is not None and len(names) > most:
        names = [*names[:most], f"{len(names) - most} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
