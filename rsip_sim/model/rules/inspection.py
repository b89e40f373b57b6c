"""When Ofsted comes and what it finds."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray

FALL_CAP = 0.9
NEVER = 32767


def start_grades(uniform: FloatArray, shares: FloatArray) -> AnyArray:
    """Grades at the start, 1 outstanding … 4 inadequate, drawn from shares (4,)."""
    bounds = np.cumsum(shares)[:3] / np.sum(shares)
    worse = [uniform > bound for bound in bounds]
    return np.asarray(1 + worse[0] + worse[1] + worse[2], dtype=np.int8)


def months_to_inspection(threshold: FloatArray, grade: AnyArray, rates: FloatArray) -> IntArray:
    """Whole months until a unit-exponential threshold is passed at the grade's monthly rate.

    The rate depends on the grade alone, and the grade changes only at inspections, so the clock
    need not be advanced month by month: the date is known when the clock is set. `rates` must be
    above 0. Source: inspections a year by previous grade, Ofsted 2010/11 to 2013/14.
    """
    months = np.ceil(threshold / rates[grade - 1])
    return np.asarray(np.minimum(np.maximum(months, 1.0), NEVER - 1).astype(np.int64))


def grade_chances(
    grade: AnyArray,
    adequacy: FloatArray,
    matrix: FloatArray,
    fall_ratio: FloatArray,
    leave_ratio: FloatArray,
    up_ratio: FloatArray,
    fall_effect: FloatArray,
    reference: FloatArray,
) -> FloatArray:
    """Chances of each grade at an inspection: (4, cells), summing to 1.

    matrix      (4, 4) previous × next grade, for a typical authority
    adequacy    support received; the reference (0.8) is neutral
    fall_ratio  ratio on falling into grade 4 between full and no support, and so on; (cells,)
    From grades 1–3 the chance of grade 4 is tilted (at most 0.9) and the others rescaled; from
    grade 3 those of 1 and 2 are then tilted upwards, together at most what 4 leaves, and 3 takes
    the rest; from grade 4 the chances of 1–3 are tilted together (at most 1), the rest staying.
    Source: matrix inferred from Ofsted re-inspections 2010/11 to 2014/15; ratios from the London
    Challenge gap.
    """
    chances = matrix[grade - 1].T
    tilt = adequacy - reference
    with np.errstate(divide="ignore"):  # a ratio of 0: below the reference, up to the cap
        tilted = fall_ratio**tilt
        upwards = up_ratio**tilt
        leaving = leave_ratio**tilt
    fall = np.minimum(chances[3] * tilted * fall_effect, FALL_CAP)
    leave = np.minimum((1.0 - chances[3]) * leaving, 1.0)
    in_category = grade == 4
    worst = np.where(in_category, 1.0 - leave, fall)
    scale = (1.0 - worst) / (1.0 - chances[3])
    first, second, third = (chances[at] * scale for at in range(3))
    rises = grade == 3
    most = (1.0 - worst) / np.maximum(first + second, 1e-300)
    up = np.where(rises, np.minimum(upwards, most), 1.0)
    first, second = first * up, second * up
    third = np.where(rises, np.maximum(1.0 - worst - first - second, 0.0), third)
    return np.stack([first, second, third, worst])


def regraded(uniform: FloatArray, chances: FloatArray) -> AnyArray:
    """The grade found: the first whose cumulative chance reaches the uniform draw."""
    first = chances[0]
    second = first + chances[1]
    third = second + chances[2]
    return np.asarray(1 + (uniform > first) + (uniform > second) + (uniform > third), dtype=np.int8)
