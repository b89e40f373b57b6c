"""One difference shared out: its parts, each with an interval, in three ways that add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import ROUNDING, paired_differences, t_quantile
from rsip_sim.model.policy import Policy
from rsip_sim.report.verdicts import CLEAR, Difference, Verdict, verdict
from rsip_sim.report.words import listed
from rsip_sim.studies.explain.hybrids import BY_MECHANISM, Hybrids, Step
from rsip_sim.studies.explain.shapley import CIRCLES, attribute, design_error

_T_OF_CIRCLES = float(t_quantile(CIRCLES))

Kind = Literal["step", "rest", "interaction", "total"]
Levels = Mapping[Policy, FloatArray]
"""Level of each metric in every future, (metrics, replications), by policy."""

REST = Step(
    "everything_else",
    "Everything else",
    "what the scenarios change that acts through none of these mechanisms",
)
INTERACTION = Step(
    "interaction", "Interaction", "what steps do together beyond what each does one at a time"
)
TOTAL = Step("total", "Whole difference", "the paired difference of the comparison")


@dataclass(frozen=True)
class Part:
    """One part of a difference.

    numbers       its mean with interval and range across futures; `baseline` and `level` are the
                  mean levels of the two scenarios. The interval of a share from some of all orders
                  includes what others might change
    values        the part in every future, (replications,); NaN where the metric is not defined
    design_error  standard error from the choice of orders; 0 where all orders count
    """

    kind: Kind
    step: Step
    numbers: Difference
    verdict: Verdict
    values: FloatArray
    design_error: float = 0.0

    @property
    def mean(self) -> float:
        """The average over the futures."""
        return self.numbers.difference

    @property
    def clear(self) -> bool:
        """Whether it can be told apart from nought and is large enough to show."""
        return self.verdict in CLEAR


@dataclass(frozen=True)
class Account:
    """One metric's difference shared out among one family of steps, in three ways.

    family   BY_LEVER or BY_MECHANISM
    shares   Shapley shares of the steps
    alone    each step by itself, and the interaction that is left
    removed  what the whole loses without each step, and the interaction that is left
    rest     by mechanism: what is left with all of them off
    total    the whole: the parts of any of the three ways, and the rest, add up to it
    idle     mechanisms that are switched off in both scenarios
    exact    whether the shares are averages over all orders
    """

    family: str
    metric: Metric
    moment: Moment
    shares: tuple[Part, ...]
    alone: tuple[Part, ...]
    removed: tuple[Part, ...]
    rest: Part
    total: Part
    idle: tuple[Step, ...]
    exact: bool

    def ways(self) -> Iterator[tuple[str, tuple[Part, ...]]]:
        """Each way of sharing out with all its parts, which add up to the total."""
        rest = (self.rest,) if self.family == BY_MECHANISM else ()
        yield "share", (*self.shares, *rest)
        yield "alone", (*self.alone[:-1], *rest, self.alone[-1])
        yield "removed", (*self.removed[:-1], *rest, self.removed[-1])

    def share(self, step: str) -> Part | None:
        """The share of a step by its name; None where it is not among the steps."""
        return next((part for part in self.shares if part.step.name == step), None)

    def ranked(self) -> list[Part]:
        """The shares, largest first."""
        return sorted(self.shares, key=lambda part: -abs(part.mean))


def account_of(
    family: Hybrids,
    place: int,
    metric: Metric,
    moment: Moment,
    levels: Levels,
    pair: tuple[Policy, Policy],
) -> Account:
    """Share out one metric's difference among the steps of a family.

    place  of the metric in the levels;  pair: policies of baseline and scenario
    """
    first, last = (levels[policy][place] for policy in pair)
    worths = {
        coalition: levels[after][place] - levels[before][place]
        for coalition, (before, after) in family.pairs.items()
    }
    defined = np.isfinite(np.stack([first, last, *worths.values()])).all(axis=0)
    made = attribute({c: worth[defined] for c, worth in worths.items()}, len(family.steps))
    parts = _Parts(metric, defined, first, last)
    errors = design_error(made) if defined.any() else np.zeros(len(family.steps))
    return Account(
        family=family.family,
        metric=metric,
        moment=moment,
        shares=parts.of_steps(family.steps, made.shares, errors),
        alone=(
            *parts.of_steps(family.steps, made.alone),
            parts.part("interaction", INTERACTION, made.interaction_alone),
        ),
        removed=(
            *parts.of_steps(family.steps, made.removed),
            parts.part("interaction", INTERACTION, made.interaction_removed),
        ),
        rest=parts.part("rest", REST, made.rest),
        total=parts.part("total", TOTAL, made.total),
        idle=family.idle,
        exact=made.by_circle is None,
    )


class _Parts:
    """Makes the parts of one metric's difference."""

    def __init__(
        self, metric: Metric, defined: NDArray[np.bool_], first: FloatArray, last: FloatArray
    ) -> None:
        """Levels of the two scenarios in every future, and in which futures all is defined."""
        self._metric = metric
        self._defined = defined
        self._rounding = ROUNDING * np.maximum(np.abs(first), np.abs(last))[defined]
        means = [float(each[defined].mean()) if defined.any() else np.nan for each in (first, last)]
        self._means = means[0], means[1]

    def of_steps(
        self, steps: Sequence[Step], values: FloatArray, errors: FloatArray | None = None
    ) -> tuple[Part, ...]:
        """One part a step; values (steps, futures in which all is defined)."""
        return tuple(
            self.part("step", step, values[i], 0.0 if errors is None else float(errors[i]))
            for i, step in enumerate(steps)
        )

    def part(self, kind: Kind, step: Step, values: FloatArray, error: float = 0.0) -> Part:
        """One part; what is only rounding of the last digits is nought."""
        everywhere = np.full(self._defined.shape, np.nan)
        everywhere[self._defined] = np.where(np.abs(values) <= self._rounding, 0.0, values)
        return _part(kind, step, self._metric, everywhere, self._means, error)


def together(account: Account, parts: Sequence[Part]) -> Part:
    """Several shares of an account as one part, named by their number."""
    step = Step("others", f"{len(parts)} others", listed([part.step.label for part in parts]))
    values = np.sum([part.values for part in parts], axis=0)
    error = float(np.hypot.reduce([part.design_error for part in parts]))
    n = account.total.numbers
    return _part("step", step, account.metric, values, (n.baseline, n.level), error)


def _part(
    kind: Kind,
    step: Step,
    metric: Metric,
    values: FloatArray,
    means: tuple[float, float],
    error: float,
) -> Part:
    paired = paired_differences(values[None], np.zeros((1, values.size)))
    mean, low, high = (
        float(each[0]) for each in (paired.spread.mean, paired.ci_low, paired.ci_high)
    )
    orders = _T_OF_CIRCLES * error
    numbers = Difference(
        baseline=means[0],
        level=means[1],
        difference=mean,
        ci_low=mean - float(np.hypot(mean - low, orders)),
        ci_high=mean + float(np.hypot(high - mean, orders)),
        p05=float(paired.spread.p05[0]),
        p95=float(paired.spread.p95[0]),
        higher=float(paired.higher[0]),
        lower=float(paired.lower[0]),
        equal=float(paired.equal[0]),
        replications=int(paired.spread.count[0]),
    )
    return Part(kind, step, numbers, verdict(metric, numbers), values, error)
