"""Differences from the base cell, and what each lever does by itself, paired future by future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates, mean_of_defined, paired_differences
from rsip_sim.studies.kernel.cells import Cells, GridCell, Values


@dataclass(frozen=True)
class Effect:
    """What moving one lever from its base value does, averaged over settings of the others.

    path, value      the lever and where it is moved to
    lowest, highest  smallest and largest mean effect among the settings of the other levers
    settings         settings in which both values can be: those averaged over
    """

    path: str
    value: Any
    mean: Estimate
    lowest: float
    highest: float
    settings: int


@dataclass(frozen=True)
class Best:
    """The cell with the best mean of a metric in one condition.

    difference  from the base
    near        cells whose mean is not clearly worse, itself left out
    cells       cells compared
    """

    cell: GridCell
    level: float
    difference: Estimate
    near: tuple[GridCell, ...]
    cells: int


def from_base(cells: Cells, values: FloatArray) -> FloatArray:
    """Each cell less the base of its own condition; values and result (cells, futures)."""
    rows = [cells.base_in(cell.condition).number for cell in cells.cells]
    return np.asarray(values - values[rows])


def effects(cells: Cells, condition: Values, values: FloatArray) -> list[Effect]:
    """The effect of every lever and value in one condition; values (cells, futures)."""
    place = {cell.values: cell.number for cell in _simulated(cells, condition, values)}
    found = []
    for k, (path, options) in enumerate(cells.levers.items()):
        for option in options:
            if option == cells.base[k]:
                continue
            moved = [
                values[number] - values[place[unmoved]]
                for setting, number in place.items()
                if setting[k] == option
                and (unmoved := (*setting[:k], cells.base[k], *setting[k + 1 :])) in place
            ]
            if moved:
                found.append(_effect(path, option, moved))
    return found


def _effect(path: str, option: Any, moved: Sequence[FloatArray]) -> Effect:
    """moved: the difference in each setting of the other levers, (futures,)."""
    by_setting = [each.mean for each in estimates(np.stack(moved))]
    (mean,) = estimates(np.mean(moved, axis=0)[None])
    return Effect(path, option, mean, min(by_setting), max(by_setting), len(moved))


def best_cell(cells: Cells, condition: Values, metric: Metric, values: FloatArray) -> Best | None:
    """The best cell of one condition, or None where no direction is good or nothing is known."""
    known = _simulated(cells, condition, values)
    if metric.better == "neither" or not known:
        return None
    rows = values[[cell.number for cell in known]]
    level = mean_of_defined(rows)
    sign = 1.0 if metric.better == "higher" else -1.0
    first = int(np.argmax(sign * level))
    behind = paired_differences(rows * sign, np.broadcast_to(rows[first] * sign, rows.shape))
    (difference,) = estimates((rows[first] - values[cells.base_in(condition).number])[None])
    near = tuple(cell for i, cell in enumerate(known) if i != first and not behind.ci_high[i] < 0)
    return Best(known[first], float(level[first]), difference, near, len(known))


def _simulated(cells: Cells, condition: Values, values: FloatArray) -> list[GridCell]:
    """The cells of a condition in which anything is defined: none of them failed."""
    return [
        cell
        for cell in cells.cells
        if cell.condition == condition and not np.isnan(values[cell.number]).all()
    ]
