"""Reads the panels of a run: each metric at each moment, in every future."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.metrics import PARTS, Columns, Metric
from rsip_sim.measures.moments import Moment, read
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.scenario import Scenario


def values_of(metric: Metric, columns: Columns, partnership: bool) -> FloatArray:
    """A metric in every month and future, (months, replications); NaN where not defined."""
    values = metric.compute(columns)
    if metric.membership and not partnership:
        return np.full(values.shape, np.nan)
    return values


def read_metrics(
    columns: Columns, metrics: Sequence[Metric], moments: Sequence[Moment], partnership: bool
) -> FloatArray:
    """Each metric at each moment in every future: (metrics, moments, replications)."""
    rows = []
    for metric in metrics:
        values = values_of(metric, columns, partnership)
        rows.append(np.stack([read(metric, values, moment) for moment in moments]))
    return np.stack(rows)


class Panel:
    """The panel of one scenario: columns (months, replications), read when first needed."""

    def __init__(self, results: PanelSource, scenario: Scenario) -> None:
        """Point at one scenario of a run; nothing is read before it is asked for."""
        self.scenario = scenario
        self._results = results
        self._columns: dict[str, NDArray[Any]] = {}

    def __getitem__(self, column: str) -> NDArray[Any]:
        """One column of the panel."""
        self.load((column,))
        return self._columns[column]

    def load(self, columns: Iterable[str]) -> None:
        """Read these columns together, those not yet read."""
        missing = sorted(set(columns) - set(self._columns))
        if missing:
            self._columns |= self._results.arrays(self.scenario.name, missing)

    @property
    def months(self) -> int:
        """Months simulated."""
        return self.scenario.policy.horizon_months

    def metric(self, metric: Metric) -> FloatArray:
        """A metric in every month and future, (months, replications); NaN where not defined."""
        return values_of(metric, self, self.scenario.policy.partnership)

    def at(self, metrics: tuple[Metric, ...], moments: Mapping[str, Moment]) -> FloatArray:
        """Each metric at each moment in every future: (metrics, moments, replications)."""
        self.load(column for metric in metrics for column in metric.columns)
        return read_metrics(
            self, metrics, tuple(moments.values()), self.scenario.policy.partnership
        )

    def parts(self) -> dict[str, FloatArray]:
        """The five components of cohesion, each (months, replications)."""
        self.load(PARTS)
        return {part: self[part] for part in PARTS}
