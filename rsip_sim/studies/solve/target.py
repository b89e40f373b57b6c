"""What a planner wants to hold: an outcome, when it is read, what it should be, and how surely.

A target is about a share of futures or about an average over them, and which it is follows from
the outcome:

* outcomes that either happen in a future or do not (`breakdown`, `lapsed`, `in_force`) are shares
  of futures: *breakdown by 2016-03 at most 10%*;
* any other outcome with a probability is one too, the share of futures in which the rest is so:
  *members at end at least 80 with probability 0.8*;
* any other outcome without a probability is its average over all futures: *erosion mean below
  30%*.

`rsip_sim.studies.solve.question` reads the sentence; `Target.words` writes it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.measures import formats
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import METRICS, OF_100, Metric
from rsip_sim.measures.moments import END, MEAN, OWN_AGREEMENT, Moment, last_day, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.policy import Policy
from rsip_sim.scenario.problems import THOUSANDS
from rsip_sim.studies.kernel.asking import refusal

Compare = Literal["at least", "at most", "above", "below"]
COMPARES: tuple[Compare, ...] = ("at least", "at most", "above", "below")
SPANS = {END: "at end", MEAN: "mean", OWN_AGREEMENT: "over own agreement"}
"""The moments that have a name, as a target says them; any other moment is a month."""

PERCENT = 100.0
ROUNDING = 1e-9
"""Relative distances from a target below this are rounding of the last digits: as good as met."""


@dataclass(frozen=True)
class Target:
    """One outcome at one moment, compared with a number.

    metric       name from METRICS
    moment       "end", "mean", "own_agreement", or a month such as "2016-03"
    compare      how the outcome should lie to the value; value: in the metric's unit
    probability  share of futures (0 to 1) in which that should be so; None: on average, or, for
                 an outcome that is itself a share of futures, no more is needed
    probability_compare  how that share should lie to the probability
    """

    metric: str
    moment: str
    compare: Compare
    value: float
    probability: float | None = None
    probability_compare: Compare = "at least"

    @property
    def of(self) -> Metric:
        """The outcome."""
        return METRICS[self.metric]

    @property
    def chance(self) -> bool:
        """Whether the outcome is itself something that happens in a future or does not."""
        return self.of.kind in ("chance", "risk")

    @property
    def is_share(self) -> bool:
        """Whether the target is about a share of futures, and not about an average."""
        return self.chance or self.probability is not None

    @property
    def all_or_nothing(self) -> bool:
        """Whether each future counts wholly or not at all, so that its share is binomial."""
        return self.probability is not None or (
            self.chance and self.moment not in (MEAN, OWN_AGREEMENT)
        )

    @property
    def goal_compare(self) -> Compare:
        """How the share or average should lie to `goal`."""
        return self.compare if self.probability is None else self.probability_compare

    @property
    def goal(self) -> float:
        """What the share (per cent of futures) or the average (the metric's unit) is held to."""
        return self.value if self.probability is None else PERCENT * self.probability

    @property
    def upwards(self) -> bool:
        """Whether more of the share or average is nearer to the target."""
        return self.goal_compare in ("at least", "above")

    @property
    def format(self) -> NumberFormat:
        """How the share or average is written: an average has a digit more than its outcome.

        A share has two decimals where the target is within 1% of none or of all futures.
        """
        if self.is_share:
            rare = min(self.goal, PERCENT - self.goal) < 1
            return replace(formats.CHANCE, decimals=2) if rare else formats.CHANCE
        return replace(self.of.format, decimals=self.of.format.decimals + 1)

    def words(self) -> str:
        """The target as a sentence that reads back to the same target."""
        when = SPANS.get(self.moment) or f"{_preposition(self.of)} {self.moment}"
        said = f"{self.metric} {when} {self.compare} {value_words(self.of, self.value)}"
        if self.probability is None:
            return said
        how = "" if self.probability_compare == "at least" else f"{self.probability_compare} "
        return f"{said} with probability {how}{plain(self.probability)}"

    def observed(self, values: FloatArray) -> FloatArray:
        """Each future's part in the share or average, in the unit of `goal`.

        values : the metric in each future, any shape; NaN, where not defined, stays NaN.
        """
        if self.probability is None:
            return values
        counted = np.where(compares(values, self.compare, self.value), PERCENT, 0.0)
        return np.where(np.isnan(values), np.nan, counted)

    def met(self, share_or_average: FloatArray) -> NDArray[np.bool_]:
        """Whether these shares or averages meet the target; NaN does not."""
        return compares(share_or_average, self.goal_compare, self.goal)


def compares(values: FloatArray, compare: Compare, limit: float) -> NDArray[np.bool_]:
    """Whether each value lies as it should to the limit; NaN never does."""
    distance = np.asarray(values - limit)
    same = np.abs(distance) <= ROUNDING * max(1.0, abs(limit))
    beyond = distance > 0 if compare in ("at least", "above") else distance < 0
    if compare in ("at least", "at most"):
        return np.asarray(beyond | same)
    return np.asarray(beyond & ~same)


def moment_of(target: Target, policy: Policy) -> Moment:
    """The moment at which the target is read in a run of this policy.

    Raises AskedError where the run has no such moment.
    """
    months = policy.horizon_months
    if target.moment in SPANS:
        found = moments_of(policy, months)
        if target.moment in found:
            return found[target.moment]
        if target.moment == MEAN:
            raise refusal("a mean is taken from month 13 on, and the run ends before")
        raise refusal("the scenario has no agreement of its own to read over")
    number = parse_month(target.moment)
    month = number - policy.start
    if not 0 <= month < months:
        first, last = month_text(policy.start), month_text(policy.start + months - 1)
        raise refusal(f"{target.moment} is outside the run", f"from {first} to {last}")
    label = last_day(number)
    return Moment(target.moment, label, f"on {label}", month, month, False)


def value_words(metric: Metric, value: float) -> str:
    """A value as a target writes it: ``10%``, ``£600,000``, ``80``, ``0.5 of 100``."""
    sign = formats.MINUS if value < 0 else ""
    if metric.unit.startswith("%"):
        return f"{sign}{plain(abs(value))}%"
    if metric.format.prefix:
        return f"{sign}{metric.format.prefix}{plain(abs(value))}"
    scale = f" {OF_100}" if metric.unit == OF_100 and 0 < value <= 1 else ""
    return f"{sign}{plain(abs(value))}{scale}"


def plain(value: float) -> str:
    """A number with thousands separated, and no more decimals than it has."""
    text = f"{value:,.9f}".rstrip("0").removesuffix(".")
    return f"{text}0" if THOUSANDS.fullmatch(text) else text  # three decimals look like thousands


def _preposition(metric: Metric) -> str:
    return "on" if metric.kind in ("level", "chance") else "by"
