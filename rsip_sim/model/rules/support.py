"""School-improvement support: who needs how many days, who serves them, and how well.

Schools of one grade, legal status and relation are served alike, so everything here is by class:
`grade` axes run from outstanding to inadequate (4), `legal` axes maintained then academy (2).
"""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, FloatArray

MONTHS = 12.0
CAPACITY_CEILING = 2.0
# in category first, then grade 3, then the rest: index lists into the grade axis
PRIORITY = ((3,), (2,), (0, 1))


def ses_days(
    budget_gbp: FloatArray,
    in_school_share: FloatArray,
    post_gbp: FloatArray,
    post_days: FloatArray,
) -> FloatArray:
    """Days a month the School Effectiveness Service spends in schools."""
    return np.asarray(budget_gbp / post_gbp * post_days * in_school_share / MONTHS)


def in_school_share(base: FloatArray, capacity_share: float, reference: FloatArray) -> FloatArray:
    """Share of SES days spent in schools once capacity building has taken its part."""
    return np.maximum(base - (capacity_share - reference), 0.0)


def fund_for_days(
    fund_gbp: FloatArray, fixed_gbp: FloatArray, reference_gbp: FloatArray, share: FloatArray
) -> FloatArray:
    """£ a month of the partnership fund that buys school days.

    The fixed cost is scaled down with a fund below the reference (no cliff).
    """
    fixed = fixed_gbp * np.minimum(fund_gbp / reference_gbp, 1.0)
    return np.asarray(np.maximum(fund_gbp - fixed, 0.0) * share / MONTHS)


def lead_share(
    share: FloatArray,
    capacity_share: float,
    reference: FloatArray,
    start: FloatArray,
    gain: FloatArray,
    months: FloatArray,
) -> FloatArray:
    """Next month's share of good members that offer lead-school days.

    Moves towards start + gain × capacity share ÷ reference (at most twice the reference).
    """
    target = start + gain * np.minimum(capacity_share / reference, CAPACITY_CEILING)
    return np.asarray(share + (target - share) * (1.0 - np.exp(-1.0 / months)))


def _fraction(days: FloatArray, unmet: FloatArray) -> FloatArray:
    """Share of the unmet days that can be served; where none is unmet, 1 if there are days."""
    served = np.where(unmet > 0.0, days / np.where(unmet > 0.0, unmet, 1.0), 1.0)
    return np.where(days > 0.0, np.minimum(served, 1.0), 0.0)


def served_fractions(days: FloatArray, unmet: FloatArray) -> FloatArray:
    """Share of each grade's unmet days that a source serves: (grade 4, replications).

    days   the source's days a month, (replications,)
    unmet  unmet days by grade of the schools it serves, (grade 4, replications)
    Half the days are spent pro rata to what is unmet, half in order of priority; a half that is
    not used up lapses. Strict priority would leave good schools, the ones that choose, with
    nothing.
    """
    half = 0.5 * days
    total = unmet[0] + unmet[1] + unmet[2] + unmet[3]
    pro_rata = _fraction(half, total)
    fractions = np.empty_like(unmet)
    left = half
    for grades in PRIORITY:
        group = unmet[grades[0]] if len(grades) == 1 else unmet[grades[0]] + unmet[grades[1]]
        group = group * (1.0 - pro_rata)
        share = _fraction(left, group)
        left = np.maximum(left - group, 0.0)
        for grade in grades:
            fractions[grade] = pro_rata + (1.0 - pro_rata) * share
    return fractions


def adequacy_inside(ses: FloatArray, fund: FloatArray) -> FloatArray:
    """Adequacy of support inside the partnership: (grade 4, legal 2, replications).

    ses   share of need the SES serves (maintained schools only), (grade 4, replications)
    fund  share of the remaining need that the fund serves
    """
    return np.stack([ses + (1.0 - ses) * fund, fund], axis=1)


def adequacy_outside(ses: FloatArray, market_quality: float) -> FloatArray:
    """Adequacy outside it: the SES or what the market offers, whichever is more; (4, 2, …)."""
    return np.stack([np.maximum(ses, market_quality), np.full_like(ses, market_quality)], axis=1)


def days_by_class(counts: AnyArray, need: FloatArray) -> FloatArray:
    """Days needed a month by (grade 4, legal 2, relation 2, replications) from school counts."""
    return np.asarray(counts * need[:, None, None, None])
