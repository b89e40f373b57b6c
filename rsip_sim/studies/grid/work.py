"""A grid: every combination of some levers, compared with the scenario itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.measures.metrics import PRICE_COUNCIL, PRICE_SCHOOLS, Metric, metrics_named
from rsip_sim.measures.moments import Moment, moment_for, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates, mean_of_defined, paired_differences
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.settings import varied_from
from rsip_sim.studies.grid.question import GridQuestion
from rsip_sim.studies.kernel.asking import Question
from rsip_sim.studies.kernel.cells import (
    Cells,
    GridCell,
    Measured,
    Values,
    all_cells,
    measure_cells,
    plain_values,
)
from rsip_sim.studies.kernel.ground import Means

Asked = TypeVar("Asked", bound=Question)


@dataclass(frozen=True)
class Ready(Generic[Asked]):
    """A checked question, with the cells that are simulated to answer it.

    replications  simulated futures of each cell, the same ones;  seed: of their draws
    """

    asked: Asked
    cells: Cells
    replications: int
    seed: int


@dataclass(frozen=True)
class OfCells:
    """What a study of cells came to."""

    cells: Cells
    measured: Measured
    replications: int

    @property
    def failures(self) -> Mapping[int, TaskFailed]:
        """What failed, by number of the cell."""
        return self.measured.failures


@dataclass(frozen=True)
class Found:
    """What was found of one metric at the moment on which the findings stand, in one condition.

    base  mean of the scenario as it is
    """

    metric: Metric
    moment: Moment
    condition: Values
    base: float
    best: Best | None
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class GridResult(OfCells):
    """What a grid came to.

    metrics  those asked for; the price is measured too
    moments  when each metric that was measured is read; the findings stand on the first
    """

    metrics: tuple[Metric, ...]
    moments: Mapping[str, tuple[Moment, ...]]
    found: tuple[Found, ...]

    @property
    def measured_metrics(self) -> tuple[Metric, ...]:
        """The metrics asked for, and the price."""
        return metrics_named(self.measured.metrics)

    def of(self, metric: Metric, condition: Values) -> Found:
        """What was found of one metric in one condition."""
        return next(
            each for each in self.found if (each.metric, each.condition) == (metric, condition)
        )

    def values(self, metric: Metric, moment: Moment) -> tuple[FloatArray, FloatArray]:
        """Each cell, and each less its base: (cells, futures)."""
        levels = self.measured.of(metric.name, moment)
        return levels, from_base(self.cells, levels)


def grid_cells(scenario: Scenario, asked: GridQuestion) -> Cells:
    """The cells of a grid; base are the scenario's own values, or the medians of what it draws.

    Raises AskedError where the base itself cannot be in one of the conditions.
    """
    levers = plain_values(asked.levers)
    base = tuple(varied_from(scenario, path) for path in levers)
    return all_cells(scenario, levers, plain_values(asked.conditions), base, None)


def run_grid(ready: Ready[GridQuestion], means: Means) -> GridResult:
    """Simulate what is missing of a grid, and work out what it says. Raises RunInterrupted."""
    cells, asked = ready.cells, ready.asked
    names = tuple(dict.fromkeys([*asked.metrics, PRICE_SCHOOLS, PRICE_COUNCIL]))
    known = moments_of(cells.scenario.policy, cells.scenario.policy.horizon_months)
    moments = {
        metric.name: tuple(dict.fromkeys(moment_for(metric, known, name) for name in asked.at))
        for metric in metrics_named(names)
    }
    every = tuple(dict.fromkeys(moment for own in moments.values() for moment in own))
    measured = measure_cells(cells, names, every, ready.replications, ready.seed, means)
    found = []
    for metric in metrics_named(names):
        first = moments[metric.name][0]
        values = measured.of(metric.name, first)
        for condition in cells.in_conditions:
            base = float(mean_of_defined(values[cells.base_in(condition).number]))
            best = best_cell(cells, condition, metric, values)
            told = tuple(effects(cells, condition, values))
            found.append(Found(metric, first, condition, base, best, told))
    return GridResult(
        cells,
        measured,
        ready.replications,
        metrics_named(tuple(asked.metrics)),
        moments,
        tuple(found),
    )


def grid_tables(result: GridResult) -> dict[str, pd.DataFrame]:
    """Tables by name: results, effects, cells."""
    results = [
        cells_table(result, metric, moment)
        for metric in result.measured_metrics
        for moment in result.moments[metric.name]
    ]
    return {
        "results": pd.concat(results, ignore_index=True),
        "effects": _effects(result),
        "cells": result.cells.table(result.failures),
    }


def cells_table(result: GridResult, metric: Metric, moment: Moment) -> pd.DataFrame:
    """One metric at one moment, one row a cell: its level, and its difference from its base."""
    levels, differences = map(estimates, result.values(metric, moment))
    rows = [
        {
            "cell": cell.number,
            **result.cells.named(cell.values, cell.condition),
            "metric": metric.name,
            "label": metric.label,
            "unit": unit_at(metric, moment, files=True),
            "date": moment.name,
            "mean": level.mean,
            "mean_ci_low": level.ci_low,
            "mean_ci_high": level.ci_high,
            "p05": level.p05,
            "p95": level.p95,
            "difference": own.mean,
            "ci_low": own.ci_low,
            "ci_high": own.ci_high,
            "replications": result.replications,
        }
        for cell, level, own in zip(result.cells.cells, levels, differences, strict=True)
    ]
    return pd.DataFrame(rows)


def _effects(result: GridResult) -> pd.DataFrame:
    """One row a metric, condition, lever and value, at the moment of the findings."""
    bases = dict(zip(result.cells.levers, result.cells.base, strict=True))
    rows = [
        {
            "metric": each.metric.name,
            "label": each.metric.label,
            "unit": unit_at(each.metric, each.moment, files=True),
            "date": each.moment.name,
            **dict(zip(result.cells.conditions, each.condition, strict=True)),
            "lever": effect.path,
            "from": bases[effect.path],
            "to": effect.value,
            "effect": effect.mean.mean,
            "ci_low": effect.mean.ci_low,
            "ci_high": effect.mean.ci_high,
            "smallest": effect.lowest,
            "largest": effect.highest,
            "settings": effect.settings,
        }
        for each in result.found
        for effect in each.effects
    ]
    return pd.DataFrame(rows)


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
    return Best(known[first], difference, near, len(known))


def _simulated(cells: Cells, condition: Values, values: FloatArray) -> list[GridCell]:
    """The cells of a condition in which anything is defined: none of them failed."""
    return [
        cell
        for cell in cells.cells
        if cell.condition == condition and not np.isnan(values[cell.number]).all()
    ]
