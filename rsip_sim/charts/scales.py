"""The scale of a panel: from where to where, in which unit, and how its ticks are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import style
from rsip_sim.measures.formats import MINUS, NumberFormat
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment, unit_at

ROUND = (1, 2, 2.5, 5, 10)
"""Steps between ticks, times a power of ten."""


def tick(value: float) -> str:
    """Label of a tick: ``5``, ``−2.5``, ``1,000``."""
    return "0" if abs(value) < 1e-12 else f"{value:,.6g}".replace("-", MINUS)


def signed_tick(value: float) -> str:
    """Label of a tick on a scale of differences: ``+5``, ``−2.5``, ``0``."""
    return f"+{tick(value)}" if value >= 1e-12 else tick(value)


def round_step(largest: float) -> float:
    """A round step (1, 2, 2.5 or 5 × a power of ten) that reaches the largest in four steps."""
    if not largest > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest / 4))
    enough = largest * (1 - 1e-9) / 4
    return next(float(power * factor) for factor in ROUND if power * factor >= enough)


def difference_unit(metric: Metric, moment: Moment | None = None) -> str:
    """What a difference of the metric is counted in, as charts write it."""
    if metric.format.suffix == "%":
        return "percentage points"
    return metric.unit if moment is None else unit_at(metric, moment)


def least_shown(write: NumberFormat) -> float:
    """The narrowest scale on which a difference that is written can be seen."""
    return 2 * 10.0**-write.difference_decimals


@dataclass(frozen=True)
class Scale:
    """The scale along the rows of a panel.

    unit       what its numbers are in, as the words above the panel say
    low, high  its ends; the larger first where less is to the right
    write      of a tick
    ticks      where they stand; None: at most so many round ones; () none at all
    line       where a line stands upright across the rows
    label      below the ticks
    """

    unit: str
    low: float
    high: float
    write: Callable[[float], str] = signed_tick
    ticks: Sequence[float] | None = None
    most: int = 5
    line: float | None = 0.0
    label: str = ""

    def draw(self, axes: Axes) -> None:
        """Set the horizontal axis."""
        axes.set_xlim(self.low, self.high)
        if self.line is not None:
            axes.axvline(self.line, color=style.BLACK, linewidth=0.9, zorder=1.5)
        if self.ticks is None:
            axes.xaxis.set_major_locator(MaxNLocator(self.most, steps=list(ROUND)))
        else:
            axes.set_xticks(list(self.ticks))
        axes.xaxis.set_major_formatter(lambda value, _: self.write(value))
        if self.label:
            axes.set_xlabel(self.label)


def ends_around(
    numbers: Iterable[float], least: float, edge: float = 0.05, nought: bool = True
) -> tuple[float, float]:
    """Ends of a scale that holds the numbers, with a margin.

    least   its smallest length;  edge: the margin as a share of it;  nought: holds 0 too
    """
    known = np.array([*numbers, *([0.0] if nought else [])], dtype=float)
    known = known[np.isfinite(known)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if high - low < least:
        low, high = low - least / 2, high + least / 2
    margin = edge * (high - low)
    return low - margin, high + margin
