"""The derived constants of the membership choice, solved again from the words.

The two implementations are fed the same constants; this solution is only compared with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from rsip_sim.model.parameters import Parameters

from .luck import Numbers

NODES, WEIGHTS = np.polynomial.hermite.hermgauss(24)
SHARES = WEIGHTS / math.sqrt(math.pi)
MEETINGS_A_YEAR = 3
SECURITY = 0.5


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def root(rising: Callable[[float], float], low: float = -40.0, high: float = 40.0) -> float:
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def over_taste(p: Numbers, what: Callable[[float], float]) -> float:
    """Mean over schools whose taste is normal."""
    tastes = math.sqrt(2) * p.membership_taste_sd * NODES
    return sum(float(w) * what(float(t)) for w, t in zip(SHARES, tastes, strict=True))


def solve(parameters: Parameters) -> tuple[float, float, float]:
    """u0 of maintained schools, u0 of academies, inertia k."""
    p = Numbers(parameters)
    peers = p.b_peer * (p.founding_maintained - p.peer_reference)

    def founders(u0: float) -> float:
        return over_taste(p, lambda taste: logistic(u0 + peers + taste))

    maintained = root(lambda u0: founders(u0) - p.founding_maintained)
    academy = root(lambda u0: founders(u0) - p.founding_academy)
    all_founders = founders(maintained)

    def stayers(k: float) -> float:
        def stays(taste: float) -> float:
            utility = maintained + peers + taste
            at_meetings = logistic(utility + p.b_secure * SECURITY + k)
            return logistic(utility) / all_founders * at_meetings**MEETINGS_A_YEAR

        return over_taste(p, stays)

    return maintained, academy, max(root(lambda k: stayers(k) - (1 - p.exit_yearly)), 0.0)
