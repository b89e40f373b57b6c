"""How fast a school comes to apply: the national rate and everything that multiplies it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from rsip_sim.evidence.months import parse_month

from .national import service_money_of_an_academy

if TYPE_CHECKING:
    from .schools import School

PRIMARY, SECONDARY, SPECIAL, OTHER = range(4)
FOUNDATION, AIDED, CONTROLLED = 1, 2, 3


def power(base: float, exponent: float) -> float:
    """A power; nought to a negative power is infinite."""
    return math.inf if base == 0 and exponent < 0 else base**exponent


def soft(exponent: float) -> float:
    """log(1 + e^x), the step of a clock whose log rate is x."""
    return 0.0 if exponent == -math.inf else float(np.log1p(np.exp(exponent)))


def log_rate(school: School, month: int) -> float:
    """a: log rate of applying at a meeting."""
    world, p = school.world, school.world.numbers
    g = world.climate.applications(world.levers.climate, school.phase, month)
    if g <= 0:
        return -math.inf
    factors = [
        g,
        (
            p.grade_multiplier_1,
            p.grade_multiplier_2,
            p.grade_multiplier_3,
            p.grade_multiplier_4,
        )[school.grade - 1],
        type_multiplier(school, month),
        *contagion(school, month),
        p.share_multiplier ** (world.academy_percentage(school.phase) / 10),
        p.political_multiplier,
        p.trust_multiplier if world.trust_active(school.family, month) else 1.0,
        p.chain_multiplier if school.recently_approached(month) else 1.0,
        money_multiplier(school, month),
        world.partnership.rebound(month),
        p.tied_multiplier if school.tied(month) else 1.0,
        *brake(school),
    ]
    if min(factors) <= 0:
        return -math.inf
    rate = sum(float(np.log(factor)) for factor in factors)
    return rate + world.temper.eta(school.phase, month) + school.conversion_taste


def type_multiplier(school: School, month: int) -> float:
    p = school.world.numbers
    early = school.world.policy.start + month < parse_month("2012-07")
    if school.phase == PRIMARY:
        aided = p.type_primary_va_early if early else p.type_primary_va_late
        kinds = {FOUNDATION: p.type_primary_foundation, AIDED: aided}
        kinds[CONTROLLED] = p.type_primary_vc
    elif school.phase == SECONDARY:
        kinds = {FOUNDATION: p.type_secondary_foundation, AIDED: p.type_secondary_va}
        kinds[CONTROLLED] = p.type_secondary_vc
    else:
        kinds = {}
    return kinds.get(school.governance, 1.0)


def contagion(school: School, month: int) -> list[float]:
    """Multipliers for recent applications in the community, its own withdrawn one too."""
    p = school.world.numbers
    phases = {
        other.phase
        for other in school.world.schools
        if school.community
        and other.community == school.community
        and 0 < month - other.applied < p.contagion_months
    }
    found = [p.contagion_same_phase] if school.phase in phases else []
    return found + ([p.contagion_other_phase] if phases - {school.phase} else [])


def money_multiplier(school: School, month: int) -> float:
    """Net gain in this scenario ÷ net gain on the national path, to the elasticity."""
    paid = school.world.levers.funding.service_money
    if isinstance(paid, str):
        return 1.0
    number = school.world.policy.start + month
    p = school.world.numbers
    return power(paid / service_money_of_an_academy(number, school.phase), p.money_elasticity)


def brake(school: School) -> list[float]:
    """Multipliers of a member: the better the support inside, the slower; none outside."""
    if not school.member:
        return []
    world, p = school.world, school.world.numbers
    inside = world.support.over_the_term(school.grade, school.academy)
    strength = {"off": 0.0, "constant": 1.0}.get(
        world.rules["brake"], inside / p.adequacy_reference
    )
    may_stay = world.levers.agreement.academies_may_join
    return [p.membership_multiplier**strength, 1.0 if may_stay else p.exclusion_multiplier]
