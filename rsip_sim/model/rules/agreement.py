"""Offers of an agreement, the Forum's vote, confidence and the end of the partnership.

The constants of an offer have no evidence behind them: Rotherham's line survived four budgets
(Schools Forum, January 2015), which bounds the Forum's vote, and nothing bounds the council's.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray
from rsip_sim.model.rules.choice import logistic

RENEWAL_PARTICIPATION = 0.7
RENEWAL_ADEQUACY = 0.6
MONTHS_TO_APRIL = 3  # from January
YEAR = 12
FORUM_PARTICIPATION = 0.6
FORUM_ADEQUACY = 0.6
HALF_YEAR = 6.0


def renewal_probability(
    participation: FloatArray, adequacy: FloatArray, intercept: FloatArray, slopes: FloatArray
) -> FloatArray:
    """Chance that the council offers an agreement; slopes (2, …): participation, adequacy."""
    score = (
        intercept
        + slopes[0] * (participation - RENEWAL_PARTICIPATION)
        + slopes[1] * (adequacy - RENEWAL_ADEQUACY)
    )
    return logistic(score)


def covers_year(start: IntArray, end: IntArray, april: int) -> BoolArray:
    """Whether an agreement from `start` to before `end` covers the whole year from that April."""
    return np.asarray((start <= april) & (end >= april + YEAR))


def forum_probability(
    participation: FloatArray,
    adequacy: FloatArray,
    covered: BoolArray,
    intercept: FloatArray,
    slopes: FloatArray,
    agreement: FloatArray,
) -> FloatArray:
    """Chance that the Forum keeps the line for the coming financial year.

    covered    an agreement covers the whole of that year
    slopes     (2, replications): participation, adequacy
    agreement  what such an agreement adds to the log-odds
    A Cabinet cannot bind a Forum: central lines need its approval every year (finance
    regulations; Schools Forum, January 2015).
    """
    score = (
        intercept
        + np.where(covered, agreement, 0.0)
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
    months: IntArray,
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


def under_quorum(participation: FloatArray, quorum: FloatArray) -> BoolArray:
    """Participation below the quorum."""
    return np.asarray(participation < quorum)


def months_of_cover(end: IntArray, month: int, in_force: BoolArray) -> IntArray:
    """Months of the agreement still to run; 0 where none is in force."""
    return np.asarray(np.where(in_force, np.maximum(end - month, 0), 0))
