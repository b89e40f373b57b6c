"""One difference shared out: its parts, each with an interval, which add up to it.

Where only the first of the stored futures are taken apart, the whole is that of all of them, and
the averages of the parts are put right by how the whole of the first lies beside that of all: the
regression estimator of two-phase sampling (Cochran, Sampling Techniques, 1977, 12.6), which adds
up as the parts do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    ROUNDING,
    STANDARD_ERRORS,
    mean_of_defined,
    paired_differences,
    standard_error,
    t_quantile,
)
from rsip_sim.model.policy import Policy
from rsip_sim.report.verdicts import CLEAR, Difference, Verdict, verdict
from rsip_sim.report.words import listed
from rsip_sim.studies.explain.hybrids import BY_LEVER, BY_MECHANISM, Hybrids, Step
from rsip_sim.studies.explain.shapley import half_interval, number_of_orders, shares_of

Kind = Literal["step", "rest", "total"]
Levels = Mapping[Policy, FloatArray]
"""Level of each metric in every future, (metrics, replications), by policy; NaN in futures in
which no account asks for it."""

HEADINGS = {BY_LEVER: "By change of policy", BY_MECHANISM: "By mechanism"}

REST = Step(
    "everything_else",
    "Everything else",
    "what the scenarios change that acts through none of these mechanisms",
)
TOTAL = Step("total", "Whole difference", "the paired difference of the comparison")


@dataclass(frozen=True)
class Part:
    """One part of a difference.

    numbers  its mean with interval and range across futures. The interval of a share from some of
             all orders includes what others might change
    values   the part in every future that was taken apart, (replications,), of the total in every
             future that is stored; NaN where the metric is not defined
    """

    kind: Kind
    step: Step
    numbers: Difference
    verdict: Verdict
    values: FloatArray

    @property
    def mean(self) -> float:
        """The average over the futures."""
        return self.numbers.difference

    @property
    def clear(self) -> bool:
        """Whether it can be told apart from nought and is large enough to show."""
        return self.verdict in CLEAR

    def noticed(self, metric: Metric) -> bool:
        """Whether it is clear, and as large as a councillor would notice."""
        return self.clear and abs(self.mean) >= metric.format.notice


@dataclass(frozen=True)
class Whole:
    """The difference of one metric in every stored future, and what its parts share.

    means      of the levels under baseline and scenario
    every      the difference, (replications,); NaN where it or some part is not defined
    rounding   differences up to which are nought, (replications,)
    """

    metric: Metric
    means: tuple[float, float]
    every: FloatArray
    rounding: FloatArray

    @classmethod
    def of(cls, metric: Metric, made: FloatArray, first: FloatArray, last: FloatArray) -> Whole:
        """Of all parts, (parts, replications), and both levels in every stored future."""
        every, taken = last - first, made.shape[1]
        every[:taken] = np.where(np.isfinite(made).all(axis=0), every[:taken], np.nan)
        rounding = ROUNDING * np.maximum(np.abs(first), np.abs(last))
        every = np.where(np.abs(every) <= rounding, 0.0, every)
        before, after = np.where(np.isnan(every), np.nan, [first, last])
        means = float(mean_of_defined(before)), float(mean_of_defined(after))
        return cls(metric, means, every, rounding)

    def part(self, kind: Kind, step: Step, values: FloatArray, orders: int = 1) -> Part:
        """One part in the futures that were taken apart, which took so many orders in turn.

        What is only rounding is nought, and what is not defined in some part is in none.
        """
        size = values.size
        values = np.where(np.abs(values) <= self.rounding[:size], 0.0, values)
        values = np.where(np.isnan(self.every[:size]), np.nan, values)
        found = paired_differences(values[None], np.zeros((1, size)))
        mean, low, high = (
            float(each[0]) for each in (found.spread.mean, found.ci_low, found.ci_high)
        )
        if size < self.every.size:
            mean, half = _put_right(values, self.every, orders)
            low, high = mean - half, mean + half
        elif orders > 1 and np.isfinite(half := half_interval(values, orders)):
            low, high = mean - half, mean + half
        numbers = Difference(
            baseline=self.means[0],
            level=self.means[1],
            difference=mean,
            ci_low=low,
            ci_high=high,
            p05=float(found.spread.p05[0]),
            p95=float(found.spread.p95[0]),
            higher=float(found.higher[0]),
            lower=float(found.lower[0]),
            equal=float(found.equal[0]),
            replications=int(found.spread.count[0]),
        )
        return Part(kind, step, numbers, verdict(self.metric, numbers), values)


@dataclass(frozen=True)
class Account:
    """One metric's difference shared out among one family of steps.

    family   BY_LEVER or BY_MECHANISM
    shares   Shapley shares of the steps
    rest     by mechanism: what is left with all of them off
    total    the whole: the shares and the rest add up to it
    orders   of the steps that futures take in turn; 1: every future takes all of them
    """

    family: str
    metric: Metric
    moment: Moment
    whole: Whole
    shares: tuple[Part, ...]
    rest: Part
    total: Part
    orders: int

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that add up to the total."""
        return (*self.shares, self.rest) if self.family == BY_MECHANISM else self.shares

    def ranked(self) -> list[Part]:
        """The shares, largest first."""
        return sorted(self.shares, key=lambda part: -abs(part.mean))

    def leaders(self) -> list[Part]:
        """The clear parts that go the way of a clear whole, largest first; the rest too."""
        whole, parts = self.total, sorted((*self.shares, self.rest), key=lambda p: -abs(p.mean))
        return [p for p in parts if whole.clear and p.clear and p.mean * whole.mean > 0]


def account_of(
    family: Hybrids,
    place: int,
    metric: Metric,
    moment: Moment,
    levels: Levels,
    stored: tuple[FloatArray, FloatArray],
) -> Account:
    """Share out one metric's difference among the steps of a family.

    place   of the metric in the levels
    stored  its levels under baseline and scenario, (replications,) each: in the futures of
            `levels`, which come first, and in those that are not taken apart
    """
    worths = {
        coalition: levels[after][place] - levels[before][place]
        for coalition, (before, after) in family.pairs.items()
    }
    steps, orders = family.steps, number_of_orders(len(family.steps))
    shares, rest = shares_of(worths, len(steps)), worths[0]
    whole = Whole.of(metric, np.stack([rest, *shares]), *stored)
    return Account(
        family=family.family,
        metric=metric,
        moment=moment,
        whole=whole,
        shares=tuple(
            whole.part("step", step, values, orders)
            for step, values in zip(steps, shares, strict=True)
        ),
        rest=whole.part("rest", REST, rest),
        total=whole.part("total", TOTAL, whole.every),
        orders=orders,
    )


def shown(accounts: Sequence[Account], most: int) -> list[tuple[Part, ...]]:
    """The parts that are set side by side, one row a step and one part an account.

    accounts  of one family, the first that of the lead
    most      rows of single steps

    The steps that anyone would notice in some measure come first, as the lead ranks them; then
    the others as one, and everything else where there is any.
    """
    ranked = [part.step.name for part in accounts[0].ranked()]
    found = {p.step.name for each in accounts for p in each.shares if p.noticed(each.metric)}
    names = [name for name in ranked if name in found][:most]
    left = [name for name in ranked if name not in names]
    if len(left) == 1:
        names, left = ranked, []
    by_name = [{part.step.name: part for part in each.shares} for each in accounts]
    rows = [tuple(each[name] for each in by_name) for name in names]
    if left:
        others = [[each[name] for name in left] for each in by_name]
        rows.append(tuple(map(_together, accounts, others)))
    if any(each.rest.verdict != "equal" for each in accounts):
        rows.append(tuple(each.rest for each in accounts))
    return rows


def _together(account: Account, parts: Sequence[Part]) -> Part:
    """Several shares of an account as one part, named by their number."""
    label = f"{len(parts)} others" if len(parts) < len(account.shares) else f"All {len(parts)}"
    step = Step("others", label, listed([part.step.label for part in parts]))
    values = np.sum([part.values for part in parts], axis=0)
    return account.whole.part("step", step, values, account.orders)


def _put_right(values: FloatArray, every: FloatArray, orders: int) -> tuple[float, float]:
    """Average of a part over every stored future, and half its 95% interval, from the first few.

    Where these do not show how the whole varies they tell nothing: the interval has no end.
    """
    whole = np.where(np.isfinite(values), every[: values.size], np.nan)
    mean, level, overall = (float(mean_of_defined(each)) for each in (values, whole, every))
    apart = np.nan_to_num(whole - level)
    square = float(apart @ apart)
    if square == 0 and standard_error(every) > 0:
        return mean, np.inf
    slope = float(apart @ np.nan_to_num(values - mean)) / square if square > 0 else 0.0
    left = values - slope * whole
    half = half_interval(left, orders) if orders > 1 else np.nan
    if not np.isfinite(half):
        half = float(t_quantile(np.isfinite(left).sum()) * standard_error(left))
    return mean + slope * (overall - level), float(
        np.hypot(half, slope * STANDARD_ERRORS * standard_error(every))
    )


def precise(accounts: Sequence[Account], precision: float) -> bool:
    """Whether every share is known well enough: only the width of its interval is looked at.

    precision  how wide it may be beside that of the whole difference in every stored future; what
               is narrower than anyone would notice will do in any case; 0: never well enough
    """
    return precision > 0 and not any(
        _half(part) > max(precision * _half(account.total), account.metric.format.notice)
        for account in accounts
        for part in (*account.shares, account.rest)
    )


def _half(part: Part) -> float:
    return (part.numbers.ci_high - part.numbers.ci_low) / 2
