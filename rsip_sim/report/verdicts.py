"""What may be said of a paired difference, by one rule for every metric and every outcome.

No difference is claimed where the 95% interval of the mean difference holds zero. The spread of
outcomes ("90% of futures") and the precision of a mean ("95% interval") are never mixed.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import Literal

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_TO_COMPARE,
    mean_of_defined,
    paired_differences,
    spread_across_futures,
)
from rsip_sim.report.quoted import Cell, Given, Quote
from rsip_sim.report.words import of_futures
from rsip_sim.scenario import Scenario

Verdict = Literal[
    "better",
    "worse",
    "higher",
    "lower",
    "no clear difference",
    "negligible",
    "equal",
    "too uncertain",
    "not defined",
]
CLEAR: frozenset[Verdict] = frozenset({"better", "worse", "higher", "lower"})


@dataclass(frozen=True)
class Difference:
    """One paired difference, in the unit of its metric.

    baseline, level   means; difference: mean of the paired differences
    ci_low, ci_high   95% interval of the mean difference
    p05, p95, p50     5–95% range and median of the differences across futures
    higher, lower, equal   shares of futures; replications: futures in which both are defined
    variance_ratio    of independent futures to paired ones
    baseline_p05, baseline_p95   5–95% range of the baseline's own level across futures
    """

    baseline: float
    level: float
    difference: float
    ci_low: float
    ci_high: float
    p05: float
    p95: float
    higher: float
    lower: float
    equal: float
    replications: int
    p50: float = math.nan
    variance_ratio: float = math.nan
    baseline_p05: float = math.nan
    baseline_p95: float = math.nan


def differences_of(levels: FloatArray, baseline: FloatArray) -> list[Difference]:
    """The paired difference of each row; levels, baseline: (rows, replications)."""
    found, base = paired_differences(levels, baseline), spread_across_futures(baseline)
    spread = found.spread
    columns = (
        base.mean, mean_of_defined(levels), spread.mean, found.ci_low, found.ci_high, spread.p05,
        spread.p95, found.higher, found.lower, found.equal, spread.count.astype(int), spread.p50,
        found.variance_ratio, base.p05, base.p95,
    )  # fmt: skip
    return [Difference(*row) for row in zip(*(each.tolist() for each in columns), strict=True)]


def verdict(metric: Metric, numbers: Difference) -> Verdict:
    """What may be said of a difference, and no more."""
    if numbers.replications == 0:
        return "not defined"
    if numbers.equal == 1.0:
        return "equal"
    if numbers.replications < FEWEST_TO_COMPARE:
        return "too uncertain"
    write = metric.format
    if not (numbers.ci_low > 0 or numbers.ci_high < 0):
        nothing = write.shows_zero(numbers.ci_low) and write.shows_zero(numbers.ci_high)
        return "negligible" if nothing else "no clear difference"
    if write.shows_zero(numbers.difference):
        return "negligible"
    up = numbers.difference > 0
    if metric.better == "neither":
        return "higher" if up else "lower"
    return "better" if up == (metric.better == "higher") else "worse"


def relative(metric: Metric, value: float) -> str:
    """A signed difference in words: ``0.4 points lower``, ``3 more``, ``no different``."""
    if metric.format.shows_zero(value):
        return "no different"
    return f"{metric.format.magnitude(value)} {word(metric, value)}"


def word(metric: Metric, value: float) -> str:
    """The metric's word for a change in this direction: ``more``, ``lower``."""
    return metric.words[0 if value > 0 else 1]


SPREAD = Quote("90% of futures", Given("convention: from the 5th to the 95th percentile"))
INTERVAL = Quote("95% interval", Given("convention: confidence of the interval of a mean"))


TABLE = "differences"
"""The table in which every compared number stands; its keys: scenario, metric, date."""

_COLUMN_OF = {"higher": "share_higher", "lower": "share_lower", "equal": "share_equal"}
"""Columns of that table, where they are not called as the field of Difference is."""


@dataclass(frozen=True)
class Row:
    """One compared number: a metric of one option at one moment, against the baseline."""

    scenario: Scenario
    metric: Metric
    moment: Moment
    numbers: Difference

    @functools.cached_property
    def verdict(self) -> Verdict:
        """What may be said of it."""
        return verdict(self.metric, self.numbers)

    def quote(self, text: str, statistic: str) -> Quote:
        """A text quoted as one number of this row, named by its field."""
        key = (self.scenario.name, self.metric.name, self.moment.name)
        return Quote(text, Cell(TABLE, key, _COLUMN_OF.get(statistic, statistic)))

    def futures(self, statistic: str) -> Quote:
        """``83 of 100 futures``, of a share of futures."""
        share = getattr(self.numbers, statistic)
        return self.quote(of_futures(share, self.numbers.replications), statistic)
