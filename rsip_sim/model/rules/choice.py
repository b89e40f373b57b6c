"""Whether a school wants to be in the partnership: a logit choice at each meeting.

No published model of partnership membership was found; the signs follow what heads say of
partnership and price, the levels reproduce the founding and retention rates seen in comparable
partnerships (Barking & Dagenham 2018-22, Ealing, North Tyneside, Hertfordshire).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, added

FREE_PRICE_GBP = 1.0  # a token price: Birmingham's partnership began at £1 a pupil
SECURE_MONTHS = 24.0
CALIBRATION_SECURITY = 0.5
MEETINGS_A_YEAR = 3
_NODES, _WEIGHTS = hermegauss(24)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_ITERATIONS = 14


def logistic(x: FloatArray) -> FloatArray:
    """1 ÷ (1 + e^−x), safe for any finite x."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0))))


def _newton(
    step: Callable[[FloatArray], tuple[FloatArray, FloatArray]], start: FloatArray
) -> FloatArray:
    """Root of an increasing function, element by element; a step goes at most 2 either way.

    step  gives the function's value and slope
    """
    root = start
    for _ in range(_ITERATIONS):
        value, slope = step(root)
        root = root - np.clip(value / np.maximum(slope, 1e-12), -2.0, 2.0)
    return root


def founding_constant(
    target: FloatArray, peer_term: FloatArray, taste_sd: FloatArray
) -> FloatArray:
    """The constant of the utility for which the founding round reaches a target share.

    target     share of the schools that join at the founding, (replications,)
    peer_term  b_peer × (founding peer share − reference), (replications,)
    taste_sd   standard deviation of the schools' persistent taste, (replications,)
    Integrates over the normal taste (24 nodes) and the logistic noise.
    """
    taste = _NODES[:, None] * taste_sd

    def excess(constant: FloatArray) -> tuple[FloatArray, FloatArray]:
        joins = logistic(constant + peer_term + taste)
        share = added(_WEIGHTS[:, None] * joins)
        slope = added(_WEIGHTS[:, None] * joins * (1.0 - joins))
        return share - target, slope

    return _newton(excess, np.log(target / (1.0 - target)) - peer_term)


def member_inertia(
    yearly_exit: FloatArray,
    constant: FloatArray,
    peer_term: FloatArray,
    secure_term: FloatArray,
    taste_sd: FloatArray,
) -> FloatArray:
    """The inertia of members for which a founding member leaves within a year at a given rate.

    yearly_exit  share of founding members that leave within three meetings, (replications,)
    secure_term  b_secure at the security of calibration (0.5), (replications,)
    Where not even a negative inertia is needed the result is 0 (the caller counts those).
    """
    taste = _NODES[:, None] * taste_sd
    founded = _WEIGHTS[:, None] * logistic(constant + peer_term + taste)
    founded = founded / added(founded)
    # solved on the log of the exit, which is nearly linear in the inertia
    log_exit = np.log(yearly_exit)

    def excess(inertia: FloatArray) -> tuple[FloatArray, FloatArray]:
        stays = logistic(constant + peer_term + secure_term + inertia + taste)
        all_year = founded * stays**MEETINGS_A_YEAR
        leaves = np.maximum(added(founded * (1.0 - stays**MEETINGS_A_YEAR)), 1e-300)
        slope = MEETINGS_A_YEAR * added(all_year * (1.0 - stays)) / leaves
        return log_exit - np.log(leaves), slope

    return np.maximum(_newton(excess, np.zeros_like(yearly_exit)), 0.0)


def price_term(b_price: FloatArray, subscription_gbp: FloatArray) -> FloatArray:
    """Utility lost to the subscription above a token price; £ per pupil a year."""
    return -b_price * np.maximum(subscription_gbp - FREE_PRICE_GBP, 0.0)


def security(months_unexpired: AnyArray) -> FloatArray:
    """Security 0–1: unexpired months of the agreement, 24 or more being full security."""
    return np.asarray(np.clip(months_unexpired, 0, SECURE_MONTHS) / SECURE_MONTHS)


def class_utility(
    constants: FloatArray,
    adequacy_inside: FloatArray,
    inertia: FloatArray,
    outsider_extra: FloatArray,
    b_support: FloatArray,
    adequacy_reference: FloatArray,
) -> FloatArray:
    """The part of utility common to all schools of one class.

    constants        u0 of maintained schools and of academies, (2, replications)
    adequacy_inside  support a school of the class gets inside, (grade 4, legal 2, replications)
    returns          (grade 4, legal 2, relation 2, replications); relation 0 alone, 1 member
    """
    support = b_support * (adequacy_inside - adequacy_reference)
    inside = constants[None] + support
    return np.stack([inside - (inertia + outsider_extra), inside + inertia], axis=2)


def wants_membership(exp_utility: FloatArray, noise: FloatArray) -> BoolArray:
    """Member when utility plus logistic noise is above 0.

    exp_utility  e^u;  noise  uniform draws, whose logit is the noise. The comparison
    u + log(noise ÷ (1 − noise)) > 0 is the same as noise × (1 + e^u) > 1.
    """
    return np.asarray(noise * (1.0 + exp_utility) > 1.0)
