"""Which inputs a chart shows of each metric: rows chosen by the difference and by the level."""

from __future__ import annotations

from collections.abc import Sequence

OF_DIFFERENCE = 3  # rows that the difference chooses, before the level has its turn


def leading_rows(difference: Sequence[int], level: Sequence[int], most: int) -> list[int]:
    """What leads in the difference, then in the level, then more of the difference; each once."""
    places = [*difference[:OF_DIFFERENCE], *level, *difference[OF_DIFFERENCE:]]
    return list(dict.fromkeys(places))[:most]


def more_words(told: Sequence[str], shown: Sequence[str]) -> list[str]:
    """A line of the note where not all measures found room; else none."""
    left = len(told) - len(shown)
    if not left:
        return []
    return [
        f"{left} more {'measure is' if left == 1 else 'measures are'} in the table beside this."
    ]
