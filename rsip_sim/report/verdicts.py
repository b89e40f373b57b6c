"""What may be said of a paired difference, by one rule for every metric and every outcome.

No difference is claimed where the 95% interval of the mean difference holds zero. The spread of
outcomes ("90% of futures") and the precision of a mean ("95% interval") are never mixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.report.quoted import Cell, Given, Quote, Said, say
from rsip_sim.report.words import of_futures

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
    p05, p95          5–95% range of the differences across futures
    higher, lower, equal   shares of futures; replications: futures in which both are defined
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


@dataclass(frozen=True)
class Figures:
    """The numbers of one comparison as they are written, each quoted with its source.

    source  from the name of a field of Difference to where that number stands
    """

    metric: Metric
    numbers: Difference
    source: Callable[[str], Cell]

    def value(self, statistic: str) -> float:
        """One number of the comparison."""
        return float(getattr(self.numbers, statistic))

    def quote(self, text: str, statistic: str) -> Quote:
        """A text quoted as this number."""
        return Quote(text, self.source(statistic))

    def level(self, statistic: str) -> Quote:
        """``12.3%``."""
        return self.quote(self.metric.format.level(self.value(statistic)), statistic)

    def relative(self, statistic: str = "difference") -> Said:
        """``0.4 points lower``, ``no different``."""
        value = self.value(statistic)
        if self.metric.format.shows_zero(value):
            return Said(self.quote(relative(self.metric, value), statistic))
        size = self.quote(self.metric.format.magnitude(value), statistic)
        return say("{size} {word}", size=size, word=word(self.metric, value))

    def futures(self, statistic: str) -> Quote:
        """``83 of 100 futures``, of a share of futures."""
        count = self.numbers.replications
        return self.quote(of_futures(self.value(statistic), count), statistic)


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
