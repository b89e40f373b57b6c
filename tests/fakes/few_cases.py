"""Some authorities of the back-test, for quick looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rsip_sim.studies.backtest.cases import Cases


def some_cases(whole: Sequence[Cases], every: int) -> tuple[Cases, ...]:
    """Every so many-th authority of the cases, and Rotherham, which is the last of them."""
    last = len(whole[0].names) - 1
    rows = [*range(0, last, every), last]
    return tuple(
        replace(
            each,
            names=tuple(each.names[row] for row in rows),
            past=each.past.of(rows),
            maintained=each.maintained[rows],
            after=each.after[rows],
            scored=sum(row < each.scored for row in rows),
        )
        for each in whole
    )
