"""Renewal, the Forum's vote, confidence and breakdown.

The constants of renewal have no evidence behind them: Rotherham's line survived four budgets
(Schools Forum, January 2015), which bounds the Forum's vote, and nothing bounds the council's.
Comparisons of lengths are therefore shown with and without renewal risk.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray
from rsip_sim.model.rules.choice import logistic

RENEWAL_PARTICIPATION = 0.7
RENEWAL_ADEQUACY = 0.6
RENEWAL_PRESSURE = 0.4
FORUM_PARTICIPATION = 0.6
FORUM_ADEQUACY = 0.6
HALF_YEAR = 6.0


def renewal_probability(
    participation: FloatArray,
    adequacy: FloatArray,
    pressure: FloatArray,
    intercept: FloatArray,
    slopes: FloatArray,
) -> FloatArray:
    """Chance that the council renews or offers anew.

    slopes  (3, replications): on participation, adequacy and pressure
    """
    score = (
        intercept
        + slopes[0] * (participation - RENEWAL_PARTICIPATION)
        + slopes[1] * (adequacy - RENEWAL_ADEQUACY)
        - slopes[2] * (pressure - RENEWAL_PRESSURE)
    )
    return logistic(score)


def forum_probability(
    participation: FloatArray, adequacy: FloatArray, intercept: FloatArray, slopes: FloatArray
) -> FloatArray:
    """Chance that the Forum keeps the line; slopes (2, replications): participation, adequacy."""
    score = (
        intercept
        + slopes[0] * (participation - FORUM_PARTICIPATION)
        + slopes[1] * (adequacy - FORUM_ADEQUACY)
    )
    return logistic(score)


def confidence(
    before: FloatArray,
    adequacy: FloatArray,
    kept_share: FloatArray,
    exits: AnyArray,
    members: AnyArray,
    months: float,
    gain: FloatArray,
    exit_weight: FloatArray,
    cap: FloatArray,
) -> FloatArray:
    """Confidence after a review: part of the way to what was delivered, at most the cap.

    exits, members  voluntary exits since the last review and members at it, counts
    months          since the last review; exits are scaled to half a year
    """
    exit_share = exits / np.maximum(members, 1) * (HALF_YEAR / months)
    kept = np.clip(1.0 - exit_weight * exit_share, 0.0, 1.0)
    delivered = (np.clip(adequacy, 0.0, 1.0) + np.clip(kept_share, 0.0, 1.0) + kept) / 3.0
    return np.minimum(before + gain * (delivered - before), cap)


def under_quorum(participation: FloatArray, quorum: float) -> BoolArray:
    """Participation below the quorum."""
    return np.asarray(participation < quorum)


def disposition(previous: FloatArray, normal: FloatArray, correlation: FloatArray) -> FloatArray:
    """The council's or Forum's mood in one year, a normal score correlated with the year before."""
    return np.asarray(correlation * previous + np.sqrt(1.0 - correlation * correlation) * normal)


def months_of_cover(end: IntArray, month: int, in_force: BoolArray) -> IntArray:
    """Months of the agreement still to run; 0 where none is in force."""
    return np.asarray(np.where(in_force, np.maximum(end - month, 0), 0))
