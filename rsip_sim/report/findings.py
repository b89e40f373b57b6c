"""One number of a comparison: a metric of one option at one moment, against the baseline."""

from __future__ import annotations

from dataclasses import dataclass

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.report.quoted import Cell
from rsip_sim.report.verdicts import Difference, Figures, Verdict
from rsip_sim.scenario import Scenario

TABLE = "differences"
"""The table in which every compared number stands; its keys: scenario, metric, date."""

_COLUMN_OF = {"higher": "share_higher", "lower": "share_lower", "equal": "share_equal"}
"""Columns of that table, where they are not called as the field of Difference is."""


@dataclass(frozen=True)
class Row:
    """One compared number.

    p50, variance_ratio          of the paired differences
    baseline_p05, baseline_p95   5–95% range of the baseline's own level across futures
    """

    scenario: Scenario
    metric: Metric
    moment: Moment
    numbers: Difference
    p50: float
    variance_ratio: float
    baseline_p05: float
    baseline_p95: float
    verdict: Verdict

    def cell(self, statistic: str) -> Cell:
        """Where a number of this row stands."""
        key = (self.scenario.name, self.metric.name, self.moment.name)
        return Cell(TABLE, key, _COLUMN_OF.get(statistic, statistic))

    @property
    def figures(self) -> Figures:
        """The numbers as they are written, each quoted with its cell."""
        return Figures(self.metric, self.numbers, self.cell)
