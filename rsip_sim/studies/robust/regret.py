"""Regret and dominance: what a choice loses, future by future, against the others on offer.

The regret of a choice in one future is the value of the choice that did best in that same future
less its own. It is 0 for the best choice, and in the unit of the objective.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_TO_COMPARE,
    paired,
    paired_differences,
    spread_across_futures,
)

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Regret:
    """The regret of several choices over the same futures; arrays (choices,).

    level            mean of the objective itself
    mean, p95, worst  of regret across futures; ci_low, ci_high: 95% interval of the mean
    best             share of futures in which it does best; choices that tie share the future
    rival            its mean regret is the smallest, or not clearly larger than the smallest
    futures          futures counted: those in which the objective is defined for every choice
    notice           the smallest difference that a councillor notices
    """

    level: FloatArray
    mean: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    p95: FloatArray
    worst: FloatArray
    best: FloatArray
    rival: BoolArray
    futures: int
    notice: float

    @property
    def enough(self) -> bool:
        """Whether the futures are enough to compare the choices."""
        return self.futures >= FEWEST_TO_COMPARE

    @property
    def near(self) -> BoolArray:
        """The choices whose mean regret is the smallest, or not larger clearly and noticeably."""
        return np.asarray(self.rival | (self.mean - self.mean.min() < self.notice))

    @property
    def decided(self) -> bool:
        """Whether some choice is clearly and noticeably nearer the best than another."""
        return self.enough and not self.near.all()


def regret_of(values: FloatArray, higher: bool, notice: float = 0.0) -> Regret:
    """The regret of each choice; values (choices, futures) of one objective, NaN = not defined.

    higher  whether more of the objective is better
    notice  the smallest difference that a councillor notices
    """
    known = values[:, ~np.isnan(values).any(axis=0)]
    choices, futures = known.shape
    if not futures:
        none = np.full(choices, np.nan)
        never = np.zeros(choices, dtype=np.bool_)
        return Regret(none, none, none, none, none, none, none, never, 0, notice)
    gains = known if higher else -known
    lost = np.abs(paired(gains, gains.max(axis=0)))
    best = lost == 0
    found = paired_differences(lost, np.zeros_like(lost))
    first = lost[np.argmin(found.spread.mean)]
    behind = paired_differences(lost, np.broadcast_to(first, lost.shape)).ci_low > 0
    return Regret(
        level=spread_across_futures(known).mean,
        mean=found.spread.mean,
        ci_low=found.ci_low,
        ci_high=found.ci_high,
        p95=found.spread.p95,
        worst=lost.max(axis=1),
        best=(best / best.sum(axis=0)).mean(axis=1),
        rival=~behind,
        futures=futures,
        notice=notice,
    )


@dataclass(frozen=True)
class Standing:
    """How one choice stands beside the others on several objectives at once.

    dominated_by  choices that are on average as good in every objective and better in one
    clearly       of those, the ones for which no difference could be chance
    undominated   share of futures in which no other choice is as good in all and better in one
    """

    dominated_by: tuple[int, ...]
    clearly: tuple[int, ...]
    undominated: float


def standings(gains: FloatArray, smallest: FloatArray) -> list[Standing]:
    """Each choice's standing; gains (objectives, choices, futures), more is better.

    smallest  (objectives,): a difference of averages below this is none
    """
    choices = gains.shape[1]
    found = []
    for one in range(choices):
        others = [other for other in range(choices) if other != one]
        ahead = {other: _ahead(gains[:, other], gains[:, one], smallest) for other in others}
        beaten = np.any([dominates(gains[:, other], gains[:, one]) for other in others], axis=0)
        found.append(
            Standing(
                tuple(other for other, (average, _) in ahead.items() if average),
                tuple(other for other, (average, clear) in ahead.items() if average and clear),
                float(1.0 - beaten.mean()),
            )
        )
    return found


def dominates(gains: FloatArray, others: FloatArray) -> BoolArray:
    """Where one choice is as good in all objectives and better in one; (objectives, futures)."""
    difference = paired(gains, others)
    return np.asarray((difference >= 0).all(axis=0) & (difference > 0).any(axis=0))


def _ahead(gains: FloatArray, others: FloatArray, smallest: FloatArray) -> tuple[bool, bool]:
    """Whether the averages are ahead, and whether every difference of them is clear or none."""
    found = paired_differences(gains, others)
    mean = np.where(np.abs(found.spread.mean) < smallest, 0.0, found.spread.mean)
    ahead = bool((mean >= 0).all() and (mean > 0).any())
    return ahead, bool(((found.ci_low > 0) | (mean == 0)).all())
