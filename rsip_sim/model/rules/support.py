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
    core_gbp: FloatArray,
    in_school_share: FloatArray,
    post_gbp: FloatArray,
    post_days: FloatArray,
) -> FloatArray:
    """Days a month the School Effectiveness Service spends in schools.

    They come from the money above the core, which pays for statutory work.
    """
    above = np.maximum(budget_gbp - core_gbp, 0.0)
    return np.asarray(above / post_gbp * post_days * in_school_share / MONTHS)


def in_school_share(
    base: FloatArray, capacity_share: FloatArray, reference: FloatArray
) -> FloatArray:
    """Share of SES days spent in schools once capacity building has taken its part; at most 1."""
    return np.minimum(base * (1.0 - capacity_share) / (1.0 - reference), 1.0)


def delegated_days(
    pupils: AnyArray, gbp_per_pupil: FloatArray, share: FloatArray, day_gbp: FloatArray
) -> FloatArray:
    """Days a month that schools buy with money handed to them, by class of school.

    pupils  of each class, (…, replications); share  of the money that buys days
    """
    return np.asarray(pupils * gbp_per_pupil * share / day_gbp / MONTHS)


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
    capacity_share: FloatArray,
    reference: FloatArray,
    start: FloatArray,
    gain: FloatArray,
    months: FloatArray,
) -> FloatArray:
    """Next month's share of good members that offer lead-school days.

    Moves towards start + gain × capacity share ÷ reference (at most twice the reference), at most
    all of them. Where the reference is 0, any capacity is twice it, and none adds nothing.
    """
    most = np.where(capacity_share > 0.0, CAPACITY_CEILING, 0.0)
    some = reference > 0.0
    built = np.where(some, capacity_share / np.where(some, reference, 1.0), most)
    target = np.minimum(start + gain * np.minimum(built, CAPACITY_CEILING), 1.0)
    return np.asarray(share + (target - share) * (1.0 - np.exp(-1.0 / months)))


def _fraction(days: FloatArray, unmet: FloatArray) -> FloatArray:
    """Share of the unmet days that can be served; where none is unmet, 1 if there are days."""
    served = np.where(unmet > 0.0, days / np.where(unmet > 0.0, unmet, 1.0), 1.0)
    return np.where(days > 0.0, np.minimum(served, 1.0), 0.0)


def served_fractions(days: FloatArray, unmet: FloatArray, weakest_first: FloatArray) -> FloatArray:
    """Share of each grade's unmet days that a source serves: (grade 4, replications).

    days           the source's days a month, (replications,)
    unmet          unmet days by grade of the schools it serves, (grade 4, replications)
    weakest_first  share of the days spent in order of priority, after the others have been spent
                   pro rata to what is unmet; what either part does not use up lapses
    Strict priority would leave good schools, the ones that choose, with nothing.
    """
    left = weakest_first * days
    total = unmet[0] + unmet[1] + unmet[2] + unmet[3]
    pro_rata = _fraction(days - left, total)
    fractions = np.empty_like(unmet)
    for grades in PRIORITY:
        group = unmet[grades[0]] if len(grades) == 1 else unmet[grades[0]] + unmet[grades[1]]
        group = group * (1.0 - pro_rata)
        share = _fraction(left, group)
        left = np.maximum(left - group, 0.0)
        for grade in grades:
            fractions[grade] = pro_rata + (1.0 - pro_rata) * share
    return fractions


def served_by_the_service(ses: FloatArray, buy_back: FloatArray) -> FloatArray:
    """Share of need that the service serves: (grade 4, legal 2, replications).

    ses       of maintained schools, (grade 4, replications)
    buy_back  an academy's share relative to a maintained school's, from its own money
    """
    return np.stack([ses, buy_back * ses], axis=1)


def institutional(ses: FloatArray, fund: FloatArray) -> FloatArray:
    """What the institutions give: (grade 4, legal 2, relation 2, replications).

    ses   share of need the service serves, (grade 4, legal 2, replications)
    fund  share of what it leaves that the fund serves, members only, (grade 4, replications)
    """
    return np.stack([ses, ses + (1.0 - ses) * fund[:, None]], axis=2)


def received(
    given: FloatArray, delegated: FloatArray, need: FloatArray, market: FloatArray
) -> FloatArray:
    """Share of need met, whoever meets it: (grade 4, legal 2, relation 2, replications).

    given      by the institutions; delegated  days bought with delegated money; need  in days
    market     quality of the support a school can buy from its own budget
    """
    bought = np.where(need > 0.0, delegated / np.where(need > 0.0, need, 1.0), 0.0)
    return np.maximum(np.minimum(given + bought, 1.0), market)
