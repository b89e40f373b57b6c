"""A grid: every combination of some levers, compared with the scenario itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.measures.metrics import PRICE_COUNCIL, PRICE_SCHOOLS, Metric, metrics_named
from rsip_sim.measures.moments import Moment, moment_for, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import mean_of_defined
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.changing import varied_from
from rsip_sim.studies.grid.effects import Best, Effect, best_cell, effects, from_base
from rsip_sim.studies.grid.question import GridQuestion
from rsip_sim.studies.kernel.cells import (
    Cells,
    Measured,
    Values,
    all_cells,
    measure_cells,
    plain_values,
)
from rsip_sim.studies.kernel.ground import Means


@dataclass(frozen=True)
class Grid:
    """A checked grid.

    metrics, at   what is looked at, and when; the findings stand on the first moment. The price is
                  looked at whether asked for or not
    replications  simulated futures of each cell, the same ones;  seed: of their draws
    """

    cells: Cells
    metrics: tuple[str, ...]
    at: tuple[str, ...]
    replications: int
    seed: int


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
class GridResult:
    """What a grid came to.

    asked  the metrics asked for; the price is measured too
    """

    cells: Cells
    measured: Measured
    asked: tuple[str, ...]
    at: tuple[str, ...]
    replications: int
    found: tuple[Found, ...]

    @property
    def failures(self) -> Mapping[int, TaskFailed]:
        """What failed, by number of the cell."""
        return self.measured.failures

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics asked for."""
        return metrics_named(self.asked)

    @property
    def measured_metrics(self) -> tuple[Metric, ...]:
        """The metrics asked for, and the price."""
        return metrics_named(self.measured.metrics)

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


def grid_cells(scenario: Scenario, asked: GridQuestion) -> Cells:
    """The cells of a grid; base are the scenario's own values, or the medians of what it draws.

    Raises AskedError where the base itself cannot be in one of the conditions.
    """
    levers = plain_values(asked.levers)
    base = tuple(varied_from(scenario, path) for path in levers)
    return all_cells(scenario, levers, plain_values(asked.conditions), base, None)


def run_grid(asked: Grid, means: Means) -> GridResult:
    """Simulate what is missing of a grid, and work out what it says. Raises RunInterrupted."""
    cells = asked.cells
    names = tuple(dict.fromkeys([*asked.metrics, PRICE_SCHOOLS, PRICE_COUNCIL]))
    metrics = metrics_named(names)
    moments = dict.fromkeys(each for one in metrics for each in _moments(cells, asked.at, one))
    measured = measure_cells(cells, names, tuple(moments), asked.replications, asked.seed, means)
    found = []
    for metric in metrics:
        first = _moments(cells, asked.at, metric)[0]
        values = measured.of(metric.name, first)
        found += [
            _found(cells, condition, metric, first, values) for condition in cells.in_conditions
        ]
    return GridResult(cells, measured, asked.metrics, asked.at, asked.replications, tuple(found))


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
