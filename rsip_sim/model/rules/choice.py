"""Whether a school wants to be in the partnership: a logit choice at each meeting.

No published model of partnership membership was found; the signs follow what heads say of
partnership and price, the levels reproduce the founding and retention rates seen in comparable
partnerships (Barking & Dagenham 2018-22, Ealing, North Tyneside, Hertfordshire).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.polynomial.hermite_e import hermegauss

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray

FREE_PRICE_GBP = 1.0  # a token price: Birmingham's partnership began at £1 a pupil
SECURE_MONTHS = 24.0
CALIBRATION_SECURITY = 0.5
MEETINGS_A_YEAR = 3
_NODES, _WEIGHTS = hermegauss(24)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_ITERATIONS = 44  # halvings: the root to about 2e-12


def logistic(x: FloatArray) -> FloatArray:
    """1 ÷ (1 + e^−x), safe for any finite x."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0))))


def softplus(x: FloatArray) -> FloatArray:
    """log(1 + e^x), safe for large x."""
    return np.asarray(np.log(1.0 + np.exp(np.minimum(x, 700.0))))


def _bisect(
    excess: Callable[[FloatArray], FloatArray], low: float, high: float, size: int
) -> FloatArray:
    """Root of a decreasing function of an array, element by element."""
    lower, upper = np.full(size, low), np.full(size, high)
    for _ in range(_ITERATIONS):
        middle = 0.5 * (lower + upper)
        positive = excess(middle) > 0.0
        lower = np.where(positive, middle, lower)
        upper = np.where(positive, upper, middle)
    return np.asarray(0.5 * (lower + upper))


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

    def shortfall(constant: FloatArray) -> FloatArray:
        share = (_WEIGHTS[:, None] * logistic(constant + peer_term + taste)).sum(axis=0)
        return np.asarray(target - share)

    return _bisect(shortfall, -15.0, 25.0, len(target))


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
    founded = founded / founded.sum(axis=0)

    def excess(inertia: FloatArray) -> FloatArray:
        stays = logistic(constant + peer_term + secure_term + inertia + taste)
        return np.asarray(1.0 - (founded * stays**MEETINGS_A_YEAR).sum(axis=0) - yearly_exit)

    return np.maximum(_bisect(excess, -20.0, 30.0, len(yearly_exit)), 0.0)


def nest_strength(
    multiplier: FloatArray, member_utility: float, academy_utility: float
) -> FloatArray:
    """Lambda: how strongly the wish to be a member holds a school back from converting.

    multiplier       typical member's application rate ÷ that without a partnership
    member_utility   utility of membership of a typical maintained member, central parameters
    academy_utility  the same school's utility of membership as an academy
    The gap is the central one: the drawn one can be zero or negative.
    """
    gap = softplus(np.array([member_utility])) - softplus(np.array([academy_utility]))
    return np.asarray(-np.log(multiplier) / gap[0])


def price_term(b_price: FloatArray, subscription_gbp: float) -> FloatArray:
    """Utility lost to the subscription above a token price; £ per pupil a year."""
    return np.asarray(-b_price * max(subscription_gbp - FREE_PRICE_GBP, 0.0))


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
