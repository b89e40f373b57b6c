"""A grid: every combination of some levers, compared with the scenario itself."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment, moment_for, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import estimates, mean_of_defined
from rsip_sim.scenario.changing import value_of
from rsip_sim.studies.grid.effects import Best, Effect, best_cell, effects, from_base
from rsip_sim.studies.grid.question import GridStudy
from rsip_sim.studies.kernel.cell_runs import Measured, measure_cells
from rsip_sim.studies.kernel.cells import Cells, Values, all_cells, plain_values
from rsip_sim.studies.kernel.files import LoadedStudy


@dataclass(frozen=True)
class Found:
    """What was found of one metric at the moment on which the findings stand, in one condition."""

    metric: Metric
    moment: Moment
    condition: Values
    base: float
    best: Best | None
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class GridReport:
    """What a grid came to."""

    study: LoadedStudy
    cells: Cells
    measured: Measured
    at: tuple[str, ...]
    replications: int
    found: tuple[Found, ...]

    @property
    def failures(self) -> Mapping[int, TaskFailed]:
        """What failed, by number of the cell."""
        return self.measured.failures

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics looked at."""
        return tuple(METRICS[name] for name in self.measured.metrics)

    def moments(self, metric: Metric) -> tuple[Moment, ...]:
        """When a metric is read; the findings stand on the first."""
        return _moments(self.cells, self.at, metric)

    def of(self, metric: Metric, condition: Values) -> Found:
        """What was found of one metric in one condition."""
        return next(
            each for each in self.found if (each.metric, each.condition) == (metric, condition)
        )

    def differences(self, metric: Metric) -> FloatArray:
        """Each cell less its base at the moment of the findings: (cells, futures)."""
        return from_base(self.cells, self.measured.of(metric.name, self.moments(metric)[0]))

    @functools.cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tidy tables: results, effects, cells."""
        return {"results": _results(self), "effects": _effects(self), "cells": _cells(self)}

    def text(self) -> str:
        """The findings in words, then the tables."""
        from rsip_sim.studies.grid.report import grid_text

        return grid_text(self)


def grid_cells(study: LoadedStudy, settings: GridStudy) -> Cells:
    """The cells of a grid; the scenario's own values are the base.

    Raises DesignError where the base itself cannot be in one of the conditions.
    """
    (scenario,) = study.scenarios
    levers = plain_values(settings.levers)
    base = tuple(value_of(scenario, path) for path in levers)
    return all_cells(scenario, levers, plain_values(settings.conditions), base, None)


def run_grid(
    study: LoadedStudy,
    settings: GridStudy,
    folder: Path,
    replications: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> GridReport:
    """Simulate what is missing of a grid, and work out what it says.

    folder  where the cells are kept
    Raises DesignError, RunInterrupted.
    """
    cells, at = grid_cells(study, settings), tuple(settings.at)
    metrics = [METRICS[name] for name in settings.metrics]
    moments = dict.fromkeys(each for one in metrics for each in _moments(cells, at, one))
    measured = measure_cells(
        cells, settings.metrics, tuple(moments), replications, study.seed, folder, workers,
        progress,
    )  # fmt: skip
    found = []
    for metric in metrics:
        first = _moments(cells, at, metric)[0]
        values = measured.of(metric.name, first)
        found += [
            _found(cells, condition, metric, first, values) for condition in cells.in_conditions
        ]
    return GridReport(study, cells, measured, at, replications, tuple(found))


def _moments(cells: Cells, at: Sequence[str], metric: Metric) -> tuple[Moment, ...]:
    policy = cells.scenario.policy
    known = moments_of(policy, policy.horizon_months)
    return tuple(dict.fromkeys(moment_for(metric, known, name) for name in at))


def _found(
    cells: Cells, condition: Values, metric: Metric, moment: Moment, values: FloatArray
) -> Found:
    base = cells.find(cells.base, condition)
    own = values[base.number] if base is not None else np.full(values.shape[1], np.nan)
    return Found(
        metric, moment, condition, float(mean_of_defined(own)),
        best_cell(cells, condition, metric, values),
        tuple(effects(cells, condition, values)),
    )  # fmt: skip


def _results(report: GridReport) -> pd.DataFrame:
    """One row a cell, metric and moment."""
    rows = []
    for metric in report.metrics:
        for moment in report.moments(metric):
            values = report.measured.of(metric.name, moment)
            levels, paired = estimates(values), estimates(from_base(report.cells, values))
            for cell, level, own in zip(report.cells.cells, levels, paired, strict=True):
                rows.append(
                    {
                        "cell": cell.number,
                        **_named(report.cells, cell.condition, cell.values),
                        "metric": metric.name,
                        "label": metric.label,
                        "unit": unit_at(metric, moment),
                        "date": moment.name,
                        "mean": level.mean,
                        "mean_ci_low": level.ci_low,
                        "mean_ci_high": level.ci_high,
                        "p05": level.p05,
                        "p95": level.p95,
                        "difference": own.mean,
                        "ci_low": own.ci_low,
                        "ci_high": own.ci_high,
                        "replications": report.replications,
                    }
                )
    return pd.DataFrame(rows)


def _effects(report: GridReport) -> pd.DataFrame:
    """One row a metric, condition, lever and value, at the moment of the findings."""
    rows = [
        {
            "metric": each.metric.name,
            "label": each.metric.label,
            "unit": unit_at(each.metric, each.moment),
            "date": each.moment.name,
            **dict(zip(report.cells.conditions, each.condition, strict=True)),
            "lever": effect.path,
            "from": dict(zip(report.cells.levers, report.cells.base, strict=True))[effect.path],
            "to": effect.value,
            "effect": effect.mean.mean,
            "ci_low": effect.mean.ci_low,
            "ci_high": effect.mean.ci_high,
            "smallest": effect.lowest,
            "largest": effect.highest,
            "settings": effect.settings,
        }
        for each in report.found
        for effect in each.effects
    ]
    return pd.DataFrame(rows)


def _cells(report: GridReport) -> pd.DataFrame:
    """One row a combination: what became of it, and why where it is missing."""
    rows = [
        {
            "cell": cell.number,
            **_named(report.cells, cell.condition, cell.values),
            "state": "failed" if cell.number in report.failures else "done",
            "why": str(report.failures.get(cell.number, "")),
        }
        for cell in report.cells.cells
    ]
    rows += [
        {
            "cell": None,
            **_named(report.cells, each.condition, each.values),
            "state": "left out",
            "why": each.why,
        }
        for each in report.cells.left_out
    ]
    return pd.DataFrame(rows)


def _named(cells: Cells, condition: Values, values: Values) -> dict[str, Any]:
    return {
        **dict(zip(cells.conditions, condition, strict=True)),
        **dict(zip(cells.levers, values, strict=True)),
    }
