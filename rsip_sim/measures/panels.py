"""Reads the panels of a run: each metric at each moment, in every future."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from rsip_sim.measures.metrics import Columns, Metric
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
    """The panel of one scenario, read block by block: never more than two are held."""

    def __init__(self, results: PanelSource, scenario: Scenario) -> None:
        """Point at one scenario of a run; nothing is read before it is asked for."""
        self.scenario = scenario
        self._results = results

    def reduced(self, columns: Iterable[str], work: Callable[[Columns], FloatArray]) -> FloatArray:
        """What work makes of these columns, block by block; futures along its last axis."""
        found, done = np.empty(0), 0
        for block in self._results.blocks(self.scenario.name, sorted(set(columns))):
            part = work(block)
            if not done:
                found = np.empty((*part.shape[:-1], self._results.replications))
            found[..., done : done + part.shape[-1]] = part
            done += part.shape[-1]
        return found

    @property
    def months(self) -> int:
        """Months simulated."""
        return self.scenario.policy.horizon_months

    def metric(self, metric: Metric) -> FloatArray:
        """A metric in every month and future, (months, replications); NaN where not defined."""
        partnership = self.scenario.policy.partnership
        return self.reduced(metric.columns, lambda block: values_of(metric, block, partnership))

    def at(self, metrics: Sequence[Metric], moments: Mapping[str, Moment]) -> FloatArray:
        """Each metric at each moment in every future: (metrics, moments, replications)."""
        chosen, partnership = tuple(moments.values()), self.scenario.policy.partnership
        return self.reduced(
            (column for metric in metrics for column in metric.columns),
            lambda block: read_metrics(block, metrics, chosen, partnership),
        )
