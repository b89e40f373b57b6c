"""What deciding after looking is worth: the best choice in each group of futures, cross-fitted.

A rule that picks the best option for each group of futures always looks better than one option
for all when it is judged on the futures it was picked on: luck passes for knowledge. So the futures
are dealt into folds; the rule is picked on the other folds and judged on the fold that had no say.
The one option it is compared with is the best on all futures, whichever fold is judged: that errs
against the rule, if at all. (Were it picked on the other folds too, a near tie of two options would
count for the rule, since what did best on the others tends to do worse on the fold left out.)
Nothing is drawn: future k belongs to fold k modulo their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import (
    FEWEST_IN_GROUP,
    Estimate,
    estimates,
    mean_of_defined,
)

FOLDS = 10
FEWEST_TO_LEARN = 2 * FEWEST_IN_GROUP
"""Futures below which nothing can be learnt: two groups at least are told apart."""
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class Learnt:
    """What a way of grouping the futures is worth.

    value      gain of the rule over the one best option, judged on futures that had no say in it
    apparent   the same judged on the futures on which the rule was picked
    picks      option picked for each group on all futures; groups in the order of `group_names`
    shares     share of futures in each group
    changes    share of judged futures in which the rule took another option than the one for all
    """

    value: Estimate
    apparent: float
    picks: tuple[int, ...]
    shares: tuple[float, ...]
    changes: float


def halves(signals: FloatArray, cuts: FloatArray) -> IntArray:
    """Group of each future by which signals lie above their cut; signals (signals, futures).

    The first signal counts most: groups of two signals are low-low, low-high, high-low, high-high.
    """
    group = np.zeros(signals.shape[1], dtype=np.int64)
    for signal, cut in zip(signals, cuts, strict=True):
        group = 2 * group + (signal > cut)
    return group


def cuts_of(signals: FloatArray) -> FloatArray:
    """The middle of each signal over the futures: (signals,)."""
    return np.asarray(np.median(signals, axis=1))


def learnt(gains: FloatArray, signals: FloatArray) -> Learnt:
    """What it is worth to pick an option after seeing the signals.

    gains    (options, futures), more is better; `FEWEST_TO_LEARN` futures or more
    signals  (signals, futures)
    """
    futures = np.arange(gains.shape[1])
    fixed = best_option(gains)
    over = gains - gains[fixed]
    chosen = np.full(len(futures), fixed)
    for fold in range(FOLDS):
        out = futures % FOLDS == fold
        cuts = cuts_of(signals[:, ~out])
        picks = _picks(gains[:, ~out], halves(signals[:, ~out], cuts), len(signals), fixed)
        chosen[out] = picks[halves(signals[:, out], cuts)]
    group = halves(signals, cuts_of(signals))
    picks = _picks(gains, group, len(signals), fixed)
    (value,) = estimates(over[chosen, futures][None])
    shares = np.bincount(group, minlength=len(picks)) / len(futures)
    return Learnt(
        value,
        float(over[picks[group], futures].mean()),
        tuple(int(pick) for pick in picks),
        tuple(float(share) for share in shares),
        float((chosen != fixed).mean()),
    )


def best_option(gains: FloatArray) -> int:
    """The option with the largest mean gain; the first of those that tie, or are not defined."""
    return int(np.argmax(np.nan_to_num(mean_of_defined(gains), nan=-np.inf)))


def hindsight(gains: FloatArray) -> float:
    """Estimate gain of knowing the whole future before choosing, over the one best option."""
    return float((gains.max(axis=0) - gains[best_option(gains)]).mean())


def group_names(signals: Sequence[str]) -> list[str]:
    """Names of the groups of `halves`, in their order: ``participation low, erosion high``."""
    names = [""]
    for signal in signals:
        names = [f"{name}, {signal} {half}" for name in names for half in ("low", "high")]
    return [name.removeprefix(", ") for name in names]


def _picks(gains: FloatArray, group: IntArray, signals: int, fixed: int) -> IntArray:
    """Option for each group: the best there, or the one for all where the group is too small."""
    picks = np.full(2**signals, fixed, dtype=np.int64)
    for each in range(len(picks)):
        inside = group == each
        if inside.sum() >= FEWEST_IN_GROUP:
            picks[each] = best_option(gains[:, inside])
    return picks
