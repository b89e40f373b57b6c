"""Differences from the base cell, and what each lever does by itself, paired future by future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates, mean_of_defined, paired_differences
from rsip_sim.studies.kernel.cells import Cells, GridCell, Values


@dataclass(frozen=True)
class Effect:
    """What moving one lever from its base value does, averaged over settings of the others.

    path, value     the lever and where it is moved to
    lowest, highest  smallest and largest mean effect among the settings of the other levers
    settings        settings in which both values can be: those averaged over
    futures         the effect in each future, (futures,)
    """

    path: str
    value: Any
    mean: Estimate
    lowest: float
    highest: float
    settings: int
    futures: FloatArray = field(repr=False, compare=False)


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
    bases = {
        condition: base.number
        for condition in cells.in_conditions
        if (base := cells.find(cells.base, condition)) is not None
    }
    rows = [bases[cell.condition] for cell in cells.cells]
    return np.asarray(values - values[rows])


def effects(cells: Cells, condition: Values, values: FloatArray) -> list[Effect]:
    """The effect of every lever and value in one condition; values (cells, futures)."""
    place = {cell.values: cell.number for cell in cells.cells if cell.condition == condition}
    found = []
    for k, (path, options) in enumerate(cells.levers.items()):
        base = cells.base[k]
        for option in options:
            if option == base:
                continue
            pairs = _pairs(place, k, option, base, values)
            if pairs:
                found.append(_effect(path, option, pairs, values))
    return found


def _pairs(
    place: dict[Values, int], k: int, option: Any, base: Any, values: FloatArray
) -> list[tuple[int, int]]:
    """Cells with the option and with the base value, all else alike, both simulated."""
    pairs = []
    for setting, number in place.items():
        other = place.get((*setting[:k], base, *setting[k + 1 :]))
        if setting[k] != option or other is None:
            continue
        if not np.isnan(values[[number, other]]).all(axis=1).any():
            pairs.append((number, other))
    return pairs


def _effect(path: str, option: Any, pairs: Sequence[tuple[int, int]], values: FloatArray) -> Effect:
    moved = np.stack([values[one] - values[other] for one, other in pairs])
    by_setting, futures = [each.mean for each in estimates(moved)], moved.mean(axis=0)
    (mean,) = estimates(futures[None])
    return Effect(path, option, mean, min(by_setting), max(by_setting), len(pairs), futures)


def best_cell(cells: Cells, condition: Values, metric: Metric, values: FloatArray) -> Best | None:
    """The best cell of one condition, or None where no direction is good or nothing is known."""
    known = [
        cell
        for cell in cells.cells
        if cell.condition == condition and not np.isnan(values[cell.number]).all()
    ]
    if metric.better == "neither" or not known:
        return None
    rows = values[[cell.number for cell in known]]
    level = mean_of_defined(rows)
    sign = 1.0 if metric.better == "higher" else -1.0
    first = int(np.argmax(sign * level))
    behind = paired_differences(rows * sign, np.broadcast_to(rows[first] * sign, rows.shape))
    base = cells.find(cells.base, condition)
    base_row = values[base.number] if base is not None else np.full(rows.shape[1], np.nan)
    (difference,) = estimates((rows[first] - base_row)[None])
    near = tuple(cell for i, cell in enumerate(known) if i != first and not behind.ci_high[i] < 0)
    return Best(known[first], float(level[first]), difference, near, len(known))
