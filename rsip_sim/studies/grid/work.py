"""A grid: every combination of some levers, compared with the scenario itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.measures.metrics import PRICE_COUNCIL, PRICE_SCHOOLS, Metric, metrics_named
from rsip_sim.measures.moments import Moment, moment_for, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import estimates, mean_of_defined
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.changing import varied_from
from rsip_sim.studies.grid.effects import Best, Effect, best_cell, effects, from_base
from rsip_sim.studies.grid.question import GridQuestion
from rsip_sim.studies.kernel.asking import Question
from rsip_sim.studies.kernel.cells import (
    Cells,
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
