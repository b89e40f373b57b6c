"""Worlds in which little can happen, so that what must happen is known beforehand."""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.rosters import Roster
from tests.fakes.worlds import roster, school

NOBODY_CONVERTS = {
    "kappa_primary": 0.0,
    "kappa_secondary": 0.0,
    "kappa_special": 0.0,
    "order_rate_grade_4": 0.0,
    "order_rate_grade_3_primary": 0.0,
    "order_rate_grade_3_secondary": 0.0,
}
NO_ORDERS = {name: 0.0 for name in NOBODY_CONVERTS if name.startswith("order")}
# a conversion clock that depends on nothing but the national rate
PLAIN_CLOCK = {
    **NO_ORDERS,
    "eta_sd_primary": 0.0,
    "conversion_taste_sd": 0.0,
    "contagion_same_phase": 1.0,
    "share_multiplier": 1.0,
    "trust_multiplier": 1.0,
    "consortium_reach": -60.0,
    "grade_multiplier_1": 1.0,
    "grade_multiplier_3": 1.0,
    "grade_multiplier_4": 1.0,
    "pipeline_months_sigma": 0.0,
    "pull_probability": 0.0,
    "withdrawal_share": 0.0,
}
CERTAIN = {**PLAIN_CLOCK, "kappa_primary": 1e12, "kappa_secondary": 1e12, "kappa_special": 1e12}
FLAT = {"climate.conversion": "flat", "external.chain_approaches_per_year": 0.0}


NO_MONEY = {"funding.ses_gbp_per_year": 0.0, "funding.earmark_gbp_per_year": 0.0}


def alike(number: int, **columns: object) -> Roster:
    """So many schools that share nothing: no community, no diocese."""
    return roster([school(100_000 + n, **columns) for n in range(number)], "alike")


def within_luck(count: float, expected: float, variance: float) -> bool:
    return abs(count - expected) < 4.5 * np.sqrt(variance)
