"""Money, in whole pence: DSG and its erosion, the line, the council's service, the fund."""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.months import school_year
from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray

PENCE = 100
MONTHS = 12.0


def unit_pence(
    unit_gbp: FloatArray, dsg_gbp_per_pupil: FloatArray, reference_gbp: FloatArray
) -> IntArray:
    """DSG per pupil-year in whole pence: the phase's unit scaled by the scenario's level.

    Source: Rotherham Schools Forum units of 2020/21 (ratio of secondary to primary 1.34) brought
    to about £4,700 a pupil over all schools; cash-flat, as the guaranteed unit of 2010-13 was.
    """
    return np.rint(unit_gbp * dsg_gbp_per_pupil / reference_gbp * PENCE).astype(np.int64)


def recouped_unit_pence(unit: IntArray, factor: FloatArray) -> IntArray:
    """DSG recouped per pupil-year of an academy: the unit with its pooled part, whole pence.

    Source: Southwark's worked example of 2012: slightly more than the whole unit leaves.
    """
    return np.rint(unit * factor).astype(np.int64)


def recouped_pence(pupils: AnyArray, unit: IntArray, most: IntArray) -> IntArray:
    """DSG recouped for academies, pence a year, (replications,).

    pupils  of academies by phase, (phase 3, replications); unit: recouped a pupil of each
    most    what there is, (replications,): the pooled part of the last units is met by no one
    """
    recouped: IntArray = np.minimum((pupils * unit).sum(axis=0), most)
    return recouped


def service_money_gbp(number: int, secondary: bool) -> float:
    """£ per pupil a year paid to an academy for central services, national path.

    LACSEG 2011-12 averages £302 primary and £318 secondary, 7.5 % less from September 2012, then
    the Education Services Grant: £150, £140 and £87 by school year from 2013, £77 after. The grant
    ended in September 2017: its last rate holds, as only ratios to this path enter.
    Source: published LACSEG averages and ESG rates.
    """
    year = school_year(number)
    if year >= 2013:
        return {2013: 150.0, 2014: 140.0, 2015: 87.0}.get(year, 77.0)
    average = 318.0 if secondary else 302.0
    return average * 0.925 if year == 2012 else average


def left_share(left_pupils: AnyArray, maintained_at_start: int) -> FloatArray:
    """Pupils of academies opened since the start ÷ pupils maintained then; 0 where none were."""
    return np.asarray(left_pupils / max(maintained_at_start, 1))


def ses_path_pence(
    base: IntArray, cut_index: FloatArray, follows: FloatArray, left: FloatArray
) -> IntArray:
    """The council's money for the School Effectiveness Service, pence a year.

    base       the service's budget at the start, pence; cut_index  what the yearly cuts have left
    follows    how far the service shrinks with the share of pupils who left, net of buy-back
    Meets the service's line of 2014-15 in the Schools Forum's agenda of 16 January 2015.
    """
    return np.rint(base * cut_index * (1.0 - follows * left)).astype(np.int64)


def guaranteed_ses(
    path: IntArray, guarantee: IntArray, core: IntArray
) -> tuple[IntArray, IntArray]:
    """What the service has left where the council pays a guarantee, and the overspend; pence.

    The guarantee is taken from the service down to its statutory core; the rest is overspend.
    """
    ses = np.maximum(path - guarantee, np.minimum(path, core))
    return ses, ses + guarantee - path


def dedelegated_pence(line: IntArray, maintained: IntArray, maintained_then: IntArray) -> IntArray:
    """What maintained schools pool again of a de-delegated line, pence a year.

    The rate a pupil is the line ÷ the pupils maintained when de-delegation began; academies keep
    their share. Source: school funding reform of April 2013 (register, southwark-2012).
    """
    # whole pence × whole pupils first, so that a half penny is one
    pooled = np.rint(line * maintained / np.maximum(maintained_then, 1))
    return np.where(maintained_then > 0, pooled, 0.0).astype(np.int64)


def sold_pence(days: FloatArray, market_gbp: FloatArray, lead_gbp: FloatArray) -> IntArray:
    """What the fund keeps of lead schools' days sold beyond the borough, pence a year.

    days  sold a month, at the market's price; the schools that give them are paid as at home
    """
    return to_pence(days * MONTHS * (market_gbp - lead_gbp))


def to_pence(pounds: FloatArray | float) -> IntArray:
    """Whole pence."""
    return np.asarray(np.rint(np.asarray(pounds) * PENCE).astype(np.int64))
