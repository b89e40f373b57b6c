"""Adviser-days: what is needed, who serves it, and how well each kind of school is served."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .ties import Ties
    from .world import World

GRADES = (1, 2, 3, 4)
PRIORITY: tuple[tuple[int, ...], ...] = ((4,), (3,), (1, 2))
ByGrade = dict[int, float]


@dataclass
class Allocation:
    """Shares of need that one month's days serve, by grade."""

    service: ByGrade  # by the council's service, in maintained schools
    lead: ByGrade  # by lead schools, of what members still need
    bought: ByGrade  # by external days, of what members then still need
    market: float

    def inside(self, grade: int, academy: bool) -> float:
        """Adequacy of a member."""
        service = 0.0 if academy else self.service[grade]
        return 1 - (1 - service) * (1 - self.lead[grade]) * (1 - self.bought[grade])

    def outside(self, grade: int, academy: bool) -> float:
        """Adequacy of a school outside the partnership."""
        return self.market if academy else max(self.service[grade], self.market)

    def external(self, grade: int, academy: bool, member: bool) -> float:
        """Share of its need that a school has from external days."""
        service = 0.0 if academy else self.service[grade]
        if member:
            return (1 - service) * (1 - self.lead[grade]) * self.bought[grade]
        return self.outside(grade, academy) - service


@dataclass
class Support:
    """The state of support between months."""

    latest: Allocation | None = None
    history: list[Allocation] = field(default_factory=list)  # of the last four months
    needed = served = external = 0.0  # days of this month
    lead_share: float = 0.0
    spare_lead_days: float = 0.0  # of this financial year

    def over_the_term(self, grade: int, academy: bool) -> float:
        """Adequacy inside the partnership, mean of the last four allocations."""
        return sum(each.inside(grade, academy) for each in self.history) / len(self.history)


def served_share(days: float, unmet: float) -> float:
    if unmet <= 0:
        return 1.0 if days > 0 else 0.0
    return min(1.0, days / unmet)


def spend(days: float, unmet: ByGrade, ties: Ties) -> ByGrade:
    """Half the days pro rata to what is unmet, then half by priority."""
    first = served_share(days / 2, sum(unmet.values()))
    purse = days / 2
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


def allocate(world: World) -> None:
    """One month's days: the service first, then what the fund buys."""
    p, levers, ties = world.numbers, world.levers, world.ties
    need = dict(zip(GRADES, p.table("need_days"), strict=True))

    posts = world.council.ses / 100 / p.post_gbp
    extra = levers.funding.ses_capacity_share - p.capacity_share_reference
    in_school = max(p.in_school_share - extra, 0.0)
    days = posts * p.post_days * in_school / 12
    maintained = {
        grade: sum(need[grade] for s in world.schools if s.grade == grade and not s.academy)
        for grade in GRADES
    }
    service = spend(days, maintained, ties)

    fund = world.partnership.fund() / 100
    fixed = p.fund_fixed_gbp * min(1.0, fund / p.fund_reference_gbp)
    money = max(fund - fixed, 0.0) * p.fund_day_share / 12
    good = sum(1 for s in world.schools if s.member and s.grade <= 2)
    capacity = good * world.support.lead_share * p.lead_days_per_month
    lead_days = min(capacity, money / p.lead_day_gbp)
    bought_days = max(money - lead_days * p.lead_day_gbp, 0.0) / p.external_day_gbp
    members = {
        grade: sum(
            need[grade] * (1.0 if s.academy else 1 - service[grade])
            for s in world.schools
            if s.grade == grade and s.member
        )
        for grade in GRADES
    }
    lead = spend(lead_days, members, ties)
    after_lead = {grade: members[grade] * (1 - lead[grade]) for grade in GRADES}
    bought = spend(bought_days, after_lead, ties)

    support = world.support
    support.latest = Allocation(service, lead, bought, levers.external.market_quality)
    support.history = [*support.history, support.latest][-4:]
    support.spare_lead_days += capacity - sum(lead[grade] * members[grade] for grade in GRADES)
    support.needed = sum(need[s.grade] for s in world.schools)
    support.served = sum(need[s.grade] * s.adequacy() for s in world.schools)
    support.external = sum(
        need[s.grade] * support.latest.external(s.grade, s.academy, s.member) for s in world.schools
    )
    built = min(levers.funding.ses_capacity_share / p.capacity_share_reference, 2.0)
    target = p.lead_offer_start + p.lead_offer_gain * built
    towards = 1 - float(np.exp(-1 / p.lead_months))
    support.lead_share += towards * (target - support.lead_share)
