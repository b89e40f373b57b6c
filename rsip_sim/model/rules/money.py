"""Money, in whole pence: DSG and its erosion, the council's envelope, the partnership fund."""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.months import financial_year, school_year
from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray

PENCE = 100
PRESSURE_CAP = 10.0


def unit_pence(
    unit_gbp: FloatArray | float, dsg_gbp_per_pupil: float, reference_gbp: float
) -> IntArray:
    """DSG per pupil-year in whole pence: the phase's unit scaled by the scenario's level.

    Source: Rotherham Schools Forum units of 2020/21 (ratio of secondary to primary 1.34) brought
    to about £4,700 a pupil over all schools; cash-flat, as the guaranteed unit of 2010-13 was.
    """
    return np.rint(np.asarray(unit_gbp) * dsg_gbp_per_pupil / reference_gbp * PENCE).astype(
        np.int64
    )


def recouped_unit_pence(unit: IntArray, factor: FloatArray) -> IntArray:
    """DSG recouped per pupil-year of an academy: the unit with its pooled part, whole pence.

    Source: Southwark's worked example of 2012: slightly more than the whole unit leaves.
    """
    return np.rint(unit * factor).astype(np.int64)


def service_money_gbp(number: int, secondary: bool) -> float:
    """£ per pupil a year paid to an academy for central services, national path.

    LACSEG 2011-12 averages £302 primary and £318 secondary, 7.5 % less from September 2012, then
    the Education Services Grant: £150, £140 and £87 by school year from 2013, £77 after.
    Source: published LACSEG averages and ESG rates.
    """
    year = school_year(number)
    if year >= 2013:
        return {2013: 150.0, 2014: 140.0, 2015: 87.0}.get(year, 77.0)
    average = 318.0 if secondary else 302.0
    return average * 0.925 if year == 2012 else average


def council_loss_gbp(number: int) -> float:
    """£ per pupil a year the council loses for services when a school leaves.

    £116 to March 2014 (before April 2013 a stand-in for the cut to general grant), then £113, £87
    and £77 by financial year. Source: ESG general funding rates.
    """
    return {2014: 113.0, 2015: 87.0}.get(
        financial_year(number), 116.0 if financial_year(number) < 2014 else 77.0
    )


def envelope_pence(
    base: int, cut_index: float, loss_gbp: float, loss_share: FloatArray, left_pupils: AnyArray
) -> IntArray:
    """The council's envelope for school improvement, pence a year.

    base         SES plus earmark at the start, pence; cut_index  0.915 to the power of the years
    left_pupils  pupils in schools that became academies since the start, (replications,)
    Anchored to the School Effectiveness and partnership lines of 2014/15 in the Schools Forum's
    agenda of 16 January 2015.
    """
    kept = base * cut_index - loss_share * (loss_gbp * PENCE) * left_pupils
    return np.maximum(np.rint(kept), 0.0).astype(np.int64)


def line_pence(earmark: int, envelope: IntArray, base: int) -> IntArray:
    """The earmark as an unguaranteed budget line: it shrinks with the envelope."""
    if base == 0:
        return np.zeros_like(envelope)
    return np.rint(earmark * (envelope / base)).astype(np.int64)


def guaranteed_budget(
    envelope: IntArray, earmark: int, floor: IntArray
) -> tuple[IntArray, IntArray, IntArray]:
    """Earmark, SES and overspend while the agreement is in force, pence a year.

    The earmark is untouched; the SES has the rest but never less than its floor; what that costs
    above the envelope is overspend.
    """
    promised = np.full_like(envelope, earmark)
    ses = np.maximum(envelope - promised, floor)
    return promised, ses, np.maximum(promised + ses - envelope, 0)


def pressure(earmark: IntArray, envelope: IntArray) -> FloatArray:
    """Earmark ÷ envelope, at most 10 (an envelope of nought)."""
    return np.minimum(earmark / np.maximum(envelope, 1), PRESSURE_CAP)


def to_pence(pounds: FloatArray | float) -> IntArray:
    """Whole pence."""
    return np.asarray(np.rint(np.asarray(pounds) * PENCE).astype(np.int64))
