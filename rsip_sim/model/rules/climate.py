"""The national climate: how fast schools everywhere become academies.

The published series is a series of openings; schools decide six to nine months before.
Source: DfE register of schools, monthly openings by phase, September 2010 to September 2016.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray

LEAD_MONTHS = (6, 7, 8, 9)  # application to opening: about six months in autumn 2011, nine later
MONTHS_PER_MEETING = 4
SURGE_MONTHS = (6, 18)
SURGE_MULTIPLIER = 3.0
LAST_MONTHS_HELD = 12


def series_at(series: FloatArray, first: int, number: int) -> FloatArray:
    """The monthly hazard of each phase at a month number: (phases,).

    series  (phases, months) from month number `first`. Before it nothing opened; beyond its last
    month the mean of its last 12 months holds.
    """
    position = number - first
    if position < 0:
        return np.zeros(series.shape[0])
    if position >= series.shape[1]:
        return np.asarray(series[:, -LAST_MONTHS_HELD:].mean(axis=1))
    return np.asarray(series[:, position])


def flat_hazard(series: FloatArray, first: int, winter: tuple[int, int]) -> FloatArray:
    """The mean hazard of the winter 2010-11, all that a planner of April 2011 had seen: (phases,).

    winter  first and last month number of that winter.
    No special school opened in it, though special schools could apply from January 2011: they are
    given the primary rate, since a rate of exactly nought would be a forecast nobody made.
    """
    start, end = winter[0] - first, winter[1] - first + 1
    hazard = series[:, start:end].mean(axis=1)
    hazard[2] = hazard[0] if hazard[2] == 0.0 else hazard[2]
    return np.asarray(hazard)


def surge_factor(model_month: int) -> float:
    """Three times the flat rate for a year from the seventh month, else 1."""
    return SURGE_MULTIPLIER if SURGE_MONTHS[0] <= model_month < SURGE_MONTHS[1] else 1.0


def application_rate(
    window: FloatArray, normalisation: FloatArray, withdrawal_share: FloatArray
) -> FloatArray:
    """g: applications per meeting that lead to the openings of the window.

    window         opening hazard a month in each of the months t+6 … t+9, (4, phases, replications)
    normalisation  kappa, which makes generic authorities reproduce the national counts, (phases, …)
    """
    mean = (window[0] + window[1] + window[2] + window[3]) / len(LEAD_MONTHS)
    return np.asarray(normalisation * mean * MONTHS_PER_MEETING / (1.0 - withdrawal_share))


def autoregression(months: float | FloatArray) -> FloatArray:
    """Month-to-month correlation of a process that forgets at the given e-folding time."""
    return np.exp(-1.0 / np.asarray(months, dtype=np.float64))


def next_path(previous: FloatArray, normal: FloatArray, correlation: FloatArray) -> FloatArray:
    """The next value of a stationary first-order process with unit variance."""
    return np.asarray(correlation * previous + np.sqrt(1.0 - correlation * correlation) * normal)


def paths(first: FloatArray, normals: FloatArray, correlation: FloatArray) -> list[FloatArray]:
    """Such a process from its first value on: one value more than there are normals."""
    values = [first]
    for normal in normals:
        values.append(next_path(values[-1], normal, correlation))
    return values


def order_climate(
    path: FloatArray, deviation: FloatArray, memory: FloatArray, month: int
) -> FloatArray:
    """How the uncertain climate of a month moves academy orders: mean 1 over all futures.

    path    the climate's log rate ÷ deviation at a model month ≥ 0, when it started from 0
    memory  its month-to-month correlation
    """
    variance = deviation * deviation * (1.0 - memory ** (2 * month))
    return np.exp(deviation * path - variance / 2.0)


def authority_effect(
    deviation: FloatArray, fixed_share: FloatArray, fixed: FloatArray, path: FloatArray
) -> FloatArray:
    """eta: this authority's log rate relative to the nation, mean 1 on the rate.

    deviation    sd of the log rate, (phases, replications)
    fixed_share  share of its variance that never changes
    fixed, path  standard normal: the lasting part and the part that drifts
    Source: spread between authorities in the register, April 2011 to March 2013.
    """
    blend = np.sqrt(fixed_share) * fixed + np.sqrt(1.0 - fixed_share) * path
    return np.asarray(deviation * blend - deviation * deviation / 2.0)
