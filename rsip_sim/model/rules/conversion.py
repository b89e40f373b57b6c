"""How fast a governing body moves towards academy status: a hazard clock and what drives it."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray

PULL_MONTHS = (3, 8)  # April and September, counted from January = 0
_NOVEMBER_2010 = 2010 * 12 + 10
_JANUARY_2011 = 2011 * 12
_APRIL_2011 = 2011 * 12 + 3
JULY_2012 = 2012 * 12 + 6
ORDERS_FROM = (2011 * 12 + 6, 2010 * 12 + 11, 2011 * 12 + 6)  # primary, secondary, special


def eligible_grades(number: int) -> BoolArray:
    """Which schools may apply at a month number: (phase 4, grade 4).

    To October 2010 outstanding mainstream schools; from November 2010 outstanding and good ones,
    special schools from January 2011; from April 2011 any grade. Never nursery schools or PRUs.
    Source: DfE announcements of 26 May and 17 November 2010 and April 2011.
    """
    allowed = np.zeros((4, 4), dtype=np.bool_)
    if number < _NOVEMBER_2010:
        allowed[:2, :1] = True
    elif number < _APRIL_2011:
        allowed[:2, :2] = True
        allowed[2, :2] = number >= _JANUARY_2011
    else:
        allowed[:3, :] = True
    return allowed


def type_multipliers(parameters: AnyArray, number: int) -> FloatArray:
    """Rate by phase and governance type: (phase 4, governance 5, replications).

    parameters  (7, replications): primary foundation, primary voluntary aided before and from
                July 2012, primary voluntary controlled, secondary foundation, aided, controlled
    Source: Poisson regression on the DfE register, September 2010 to August 2016; voluntary
    aided primaries waited for their dioceses and then moved in blocks.
    """
    multipliers = np.ones((4, 5, parameters.shape[1]))
    multipliers[0, 1] = parameters[0]
    multipliers[0, 2] = parameters[1] if number < JULY_2012 else parameters[2]
    multipliers[0, 3] = parameters[3]
    multipliers[1, 1:4] = parameters[4:7]
    return multipliers


def share_effect(academies: AnyArray, schools: AnyArray, per_ten_points: FloatArray) -> FloatArray:
    """Log multiplier for the same-phase academy share in the authority.

    academies, schools  counts, broadcastable; per_ten_points  multiplier for 10 points of share
    """
    points = 100.0 * academies / np.maximum(schools, 1)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(per_ten_points ** (points / 10.0)))


def money_effect(net_gain: FloatArray, national_gain: float, elasticity: FloatArray) -> FloatArray:
    """Log multiplier for a scenario whose service money differs from the national path.

    net_gain  £ a pupil in the scenario; nan where it is that of the national path
    """
    own = np.where(np.isnan(net_gain), national_gain, net_gain)
    return np.asarray(elasticity * np.log(own / national_gain))


def brake(adequacy: FloatArray, reference: FloatArray, multiplier: FloatArray) -> FloatArray:
    """Log multiplier on the application rate of members: multiplier ^ (adequacy ÷ reference).

    adequacy  what the partnership and the service give the school, mean of the last four months
    Members who get nothing are not held back. No study of partnerships and conversion was found;
    the multiplier rests on a few authorities (register, membership_multiplier).
    """
    return np.asarray(np.log(multiplier) * (adequacy / reference))


def rebound_holds(since: IntArray, months: FloatArray) -> BoolArray:
    """Whether conversion is quickened: for so many months from the end of money or partnership."""
    return np.asarray((since >= 0) & (since < months))


def clock_increment(log_rate: FloatArray) -> FloatArray:
    """What one meeting adds to a school's clock: log(1 + e^a)."""
    return np.asarray(np.log(1.0 + np.exp(log_rate)))


def opening_month(application: IntArray, months: FloatArray) -> IntArray:
    """The first of the month on or after application + duration, and later than the application."""
    whole = np.ceil(application + months).astype(np.int64)
    return np.asarray(np.maximum(whole, application + 1))


def pulled(opening: IntArray, start: int, pull: BoolArray) -> IntArray:
    """Openings a month before April or September move there when the pull is drawn.

    opening  model months; start  month number of model month 0
    Source: 17 % of converters open in April and 16 % in September (DfE register, 2010 to 2016).
    """
    following = (opening + 1 + start) % 12
    moves = pull & ((following == PULL_MONTHS[0]) | (following == PULL_MONTHS[1]))
    return np.asarray(opening + moves)


def pipeline_months(normal: FloatArray, median: FloatArray, sigma: FloatArray) -> FloatArray:
    """Application to opening, lognormal, in months."""
    return np.asarray(median * np.exp(sigma * normal))


def usual_pipeline(median: FloatArray) -> IntArray:
    """Whole months from application to opening where only the opening is known."""
    return np.rint(median).astype(np.int64)


def order_months(uniform: FloatArray) -> IntArray:
    """Order to opening: 9, 10, 11 or 12 months, equally likely."""
    return np.asarray(9 + np.minimum((uniform * 4).astype(np.int64), 3))


def order_rate(
    phase: AnyArray,
    grade: AnyArray,
    rate_grade_4: FloatArray,
    rate_grade_3_primary: FloatArray,
    rate_grade_3_secondary: FloatArray,
) -> FloatArray:
    """Monthly rate of academy orders on a maintained school, before authority and chain effects.

    Grade 4 in any converting phase; grade 3, a stand-in for results below the floor, which special
    schools do not have. Source: 105 of 166 ordered schools still maintained after nine months (NAO
    2018); sponsored openings in the DfE register.
    """
    third = np.where(
        phase == 0, rate_grade_3_primary, np.where(phase == 1, rate_grade_3_secondary, 0.0)
    )
    rate = np.where(grade == 4, rate_grade_4, np.where(grade == 3, third, 0.0))
    return np.asarray(np.where(phase < 3, rate, 0.0))
