"""One number of a comparison: a metric of one option at one moment, against the baseline."""

from __future__ import annotations

from dataclasses import dataclass

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.report.quoted import Cell, Quote
from rsip_sim.report.verdicts import Difference, Verdict, relative
from rsip_sim.report.words import of_futures
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

    def quote(self, text: str, statistic: str) -> Quote:
        """A text quoted as one number of this row, named by its field."""
        return Quote(text, self.cell(statistic))

    def level(self, statistic: str) -> Quote:
        """``12.3%``."""
        return self.quote(self.metric.format.level(getattr(self.numbers, statistic)), statistic)

    def relative(self) -> Quote:
        """The difference in words: ``0.4 points lower``, ``no different``."""
        return self.quote(relative(self.metric, self.numbers.difference), "difference")

    def futures(self, statistic: str) -> Quote:
        """``83 of 100 futures``, of a share of futures."""
        share = getattr(self.numbers, statistic)
        return self.quote(of_futures(share, self.numbers.replications), statistic)
