"""Adviser-days: what is needed, who serves it, and how well each kind of school is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Ties
    from .world import World

GRADES = (1, 2, 3, 4)
MONTHS_OF_TERM = 4
PRIORITY: tuple[tuple[int, ...], ...] = ((4,), (3,), (1, 2))
ByGrade = dict[int, float]
Class = tuple[int, bool, bool]  # grade, academy, member


@dataclass
class Allocation:
    """Shares of need that one month's days serve."""

    service: ByGrade  # by the council's service, in maintained schools
    buy_back: float  # what academies have of that, from their own money
    lead: ByGrade  # by lead schools, of what members still need
    commissioned: ByGrade  # by external days of the fund, of what members then still need
    delegated: dict[Class, float]  # by days from delegated money
    market: float

    def from_service(self, grade: int, academy: bool) -> float:
        return self.service[grade] * (self.buy_back if academy else 1.0)

    def inside(self, grade: int, academy: bool) -> float:
        """Institutional support of a member: from the service, and the fund on what is left."""
        left = 1 - self.from_service(grade, academy)
        return 1 - left * (1 - self.lead[grade]) * (1 - self.commissioned[grade])

    def institutional(self, grade: int, academy: bool, member: bool) -> float:
        return self.inside(grade, academy) if member else self.from_service(grade, academy)

    def received(self, grade: int, academy: bool, member: bool) -> float:
        """With what the school buys itself, from delegated money or on the market."""
        given = self.institutional(grade, academy, member) + self.delegated[grade, academy, member]
        return max(self.market, min(1.0, given))

    def bought_by_school(self, grade: int, academy: bool, member: bool) -> float:
        return self.received(grade, academy, member) - self.institutional(grade, academy, member)

    def commissioned_for(self, grade: int, academy: bool, member: bool) -> float:
        if not member:
            return 0.0
        left = 1 - self.from_service(grade, academy)
        return left * (1 - self.lead[grade]) * self.commissioned[grade]


@dataclass
class Support:
    """The state of support between months."""

    latest: Allocation | None = None
    history: list[Allocation] = field(
        default_factory=list
    )  # of the last four months since the start
    needed = served = commissioned = bought_by_schools = 0.0  # days of this month
    lead_share: float = 0.0
    reference: float = 0.0  # adequacy that neither draws nor repels
    sold: int = 0  # pence a year that the fund keeps for days sold beyond the authority

    def over_the_term(self, grade: int, academy: bool) -> float:
        """Adequacy inside the partnership, mean of four months; before the start the reference."""
        since = sum(each.inside(grade, academy) for each in self.history)
        return (since + (MONTHS_OF_TERM - len(self.history)) * self.reference) / MONTHS_OF_TERM


def served_share(days: float, unmet: float) -> float:
    if unmet <= 0:
        return 1.0 if days > 0 else 0.0
    return min(1.0, days / unmet)


def spend(days: float, unmet: ByGrade, weakest_first: float, ties: Ties) -> ByGrade:
    """Part of the days pro rata to what is unmet, then the rest by priority."""
    first = served_share(days * (1 - weakest_first), sum(unmet.values()))
    purse = days * weakest_first
    served: ByGrade = {}
    wanted = {group: sum(unmet[grade] for grade in group) * (1 - first) for group in PRIORITY}
    for place, group in enumerate(PRIORITY):
        second = served_share(purse, wanted[group])
        for grade in group:
            served[grade] = first + (1 - first) * second
        if wanted[group] > 0 and any(wanted[later] == 0 for later in PRIORITY[place + 1 :]):
            ties.note(purse - wanted[group], "a day left for a class without need")
        purse = max(purse - wanted[group], 0.0)
    return served


def service_days(world: World) -> float:
    """Days a month in schools of the council's service, from its money above the core."""
    p, council = world.numbers, world.council
    posts = max(council.ses - council.core, 0) / 100 / p.post_gbp
    for_schools = 1 - world.levers.funding.ses_capacity_share
    in_school = min(p.in_school_share * for_schools / (1 - p.capacity_share_reference), 1)
    return posts * p.post_days * in_school / 12


def days_of_lead_schools(world: World) -> tuple[float, float]:
    """Days a month that lead schools offer at home, and those sold beyond the authority."""
    good = sum(1 for s in world.schools if s.member and s.grade <= 2)
    offered = good * world.support.lead_share * world.numbers.lead_days_per_month
    sold = world.levers.support.sold_beyond_share * offered
    return offered - sold, sold


def delegated_shares(world: World, need: ByGrade) -> dict[Class, float]:
    """Share of its need that each class of schools buys from delegated money."""
    p = world.numbers
    shares: dict[Class, float] = {}
    for grade, academy, member in product(GRADES, (False, True), (False, True)):
        alike = [
            s
            for s in world.schools
            if s.grade == grade and s.academy == academy and s.member == member
        ]
        pounds = sum(s.pupils for s in alike) * world.council.delegated_gbp_per_pupil(academy)
        days = pounds * p.fund_day_share / p.external_day_gbp / 12
        buys = bool(alike) and world.rules["delegated_money"] != "buys_nothing"
        shares[grade, academy, member] = days / (len(alike) * need[grade]) if buys else 0.0
    return shares


def allocate(world: World) -> None:
    """One month's days: the service first, then what the fund buys, then the schools' own."""
    p, support, ties = world.numbers, world.support, world.ties
    need = dict(zip(GRADES, p.table("need_days"), strict=True))
    weakest_first = world.levers.support.weakest_first_share

    maintained = {
        grade: sum(need[grade] for s in world.schools if s.grade == grade and not s.academy)
        for grade in GRADES
    }
    service = spend(service_days(world), maintained, weakest_first, ties)
    buy_back = p.buy_back_share

    capacity, sold_days = days_of_lead_schools(world)
    kept_of_a_day = p.external_day_gbp - p.lead_day_gbp
    support.sold = world.council.whole(sold_days * 12 * kept_of_a_day * 100)
    fund = world.partnership.fund() / 100
    fixed = p.fund_fixed_gbp * min(1.0, fund / p.fund_reference_gbp)
    money = max(fund - fixed, 0.0) * p.fund_day_share / 12
    lead_days = min(capacity, money / p.lead_day_gbp)
    external_days = max(money - lead_days * p.lead_day_gbp, 0.0) / p.external_day_gbp
    members = {
        grade: sum(
            need[grade] * (1 - service[grade] * (buy_back if s.academy else 1.0))
            for s in world.schools
            if s.grade == grade and s.member
        )
        for grade in GRADES
    }
    lead = spend(lead_days, members, weakest_first, ties)
    after_lead = {grade: members[grade] * (1 - lead[grade]) for grade in GRADES}
    commissioned = spend(external_days, after_lead, weakest_first, ties)

    delegated = delegated_shares(world, need)
    latest = Allocation(service, buy_back, lead, commissioned, delegated, world.market_quality())
    support.latest = latest
    support.history = [*support.history, latest][-MONTHS_OF_TERM:]
    classes = [(s.grade, s.academy, s.member) for s in world.schools]
    support.needed = sum(need[each[0]] for each in classes)
    support.served = sum(need[each[0]] * latest.received(*each) for each in classes)
    support.bought_by_schools = sum(
        need[each[0]] * latest.bought_by_school(*each) for each in classes
    )
    support.commissioned = sum(need[each[0]] * latest.commissioned_for(*each) for each in classes)
    share, usual = world.levers.funding.ses_capacity_share, p.capacity_share_reference
    built = min(share / usual, 2.0) if usual else 2.0 * (share > 0)  # from nothing: any is much
    target = min(p.lead_offer_start + p.lead_offer_gain * built, 1)
    towards = 1 - float(np.exp(-1 / p.lead_months))
    support.lead_share += towards * (target - support.lead_share)
