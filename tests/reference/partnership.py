"""The partnership, its agreement with the council, the Schools Forum's vote and Scrutiny."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from rsip_sim.evidence.months import month_of_year
from rsip_sim.model.draws import Purpose

from .clock import Life, Step, Turn

if TYPE_CHECKING:
    from .world import World

JANUARY, APRIL = 1, 4
YEAR = 12
TO_APRIL = 3  # months from January


def probability(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def pence(pounds: float) -> int:
    """To the nearest penny, an exact half to the even one."""
    return round(pounds * 100)


class Partnership:
    """Agreement, fund and standing of the partnership."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alive = False  # founded and not ended
        self.dissolved = False
        self.in_force = False
        self.start = self.end = 0
        self.offered: int | None = None  # length agreed this January, before the Forum has voted
        self.waiting: int | None = None  # length of an agreement that begins next April
        self.lapsed = False
        self.line_kept = True
        self.rebounds_from: int | None = None
        self.confidence = world.numbers.confidence_start
        self.endowment = 0  # pence a year
        self.endowment_until = 0

    def cover(self, month: int) -> int:
        """Months of the agreement still to run."""
        return max(self.end - month, 0) if self.in_force else 0

    def covers_the_year(self, april: int) -> bool:
        """Whether the agreement covers the whole financial year that begins then."""
        return self.in_force and self.start <= april and self.end >= april + YEAR

    def subscriptions(self) -> int:
        """Pence a year."""
        price = pence(self.world.levers.funding.subscription_gbp_per_pupil)
        return price * sum(s.pupils for s in self.world.members())

    def fund(self) -> int:
        """Pence a year."""
        if not self.alive:
            return 0
        council = self.world.council
        given = council.pooled + council.guarantee + self.endowment
        return given + self.subscriptions() + self.world.support.sold

    def sign(self, start: int, length: int) -> None:
        self.start, self.end = start, start + length
        self.in_force = True
        self.lapsed = False

    def extend(self, april: int, length: int) -> None:
        self.end = max(self.end, april + length)

    def lapse(self, month: int) -> None:
        self.in_force, self.lapsed = False, True
        if self.world.rules["rebound_after"] == "lapse":
            self.conversions_rebound(month)

    def dissolve(self, month: int) -> None:
        """The end: members drop out, the line is delegated, a guarantee stops."""
        self.alive = self.in_force = self.lapsed = False
        self.dissolved = True
        self.offered = self.waiting = None
        self.conversions_rebound(month)
        self.world.council.partnership_ends()
        self.world.support.sold = 0
        for school in self.world.members():
            school.leave(month, "exits_dissolution")

    def conversions_rebound(self, month: int) -> None:
        """Once, for all schools, from the first month that gives reason."""
        if self.rebounds_from is None:
            self.rebounds_from = month

    def rebound(self, month: int) -> float:
        """Multiplier on every application rate."""
        p, first = self.world.numbers, self.rebounds_from
        if first is None or not 0 <= month - first < p.rebound_months:
            return 1.0
        rule = self.world.rules["rebound"]
        return {"none": 1.0, "threefold": 3.0}.get(rule, p.rebound_multiplier)


class Disposition:
    """A disposition that wanders from one January to the next, as a uniform score."""

    def __init__(self, world: World, purpose: Purpose) -> None:
        self.world, self.purpose = world, purpose
        self.scores: dict[int, float] = {}

    def score(self, year: int) -> float:
        if year not in self.scores:
            draw = self.world.luck.normal(self.purpose, 0, year)
            if year <= self.world.policy.start // 12:
                self.scores[year] = draw
            else:
                rho = self.world.numbers.disposition_correlation
                fresh = float(np.sqrt(1 - rho**2)) * draw
                self.scores[year] = rho * self.score(year - 1) + fresh
        return self.scores[year]

    def uniform(self, month: int) -> float:
        return float(ndtr(self.score((self.world.policy.start + month) // 12)))


# processes ------------------------------------------------------------------------------------


def agreement(world: World) -> Life:
    """Resolutions, expiry and January's offers, month by month."""
    partnership = world.partnership
    mood = Disposition(world, Purpose.COUNCIL_DISPOSITION)
    length = world.levers.agreement.length_months
    for month in range(world.policy.horizon_months):
        calendar_month = month_of_year(world.policy.start + month)
        yield world.at(month, Turn.RESOLUTION)
        if calendar_month == APRIL and partnership.waiting is not None:
            begin(partnership, month, partnership.waiting)
        if world.levers.agreement.length_months != length:
            length = world.levers.agreement.length_months
            resolve(partnership, month, length)
        yield world.at(month, Turn.RENEWAL)
        if partnership.in_force and partnership.end <= month:
            partnership.lapse(month)
        if calendar_month == JANUARY and may_be_offered(world, month):
            renews = council_agrees(world, mood, month)
            partnership.offered = world.levers.agreement.renewal_months if renews else None


def begin(partnership: Partnership, april: int, length: int) -> None:
    """The first of April for which an agreement was agreed in January."""
    partnership.waiting = None
    if partnership.in_force:
        partnership.extend(april, length)
    else:
        partnership.sign(april, length)


def resolve(partnership: Partnership, month: int, length: int) -> None:
    """The Cabinet resolves on another length, from this month."""
    if not partnership.alive:
        return
    if length > 0:
        partnership.sign(month, length)
    elif partnership.in_force:
        partnership.end = month


def may_be_offered(world: World, month: int) -> bool:
    """Whether the council may agree this January on the coming financial year."""
    partnership = world.partnership
    return (
        partnership.alive
        and partnership.line_kept
        and world.levers.agreement.later_offers
        and world.rules["later_offers"] != "none"
        and not partnership.covers_the_year(month + TO_APRIL)
    )


def renewal_is_certain(world: World) -> bool:
    certain = world.levers.agreement.renewal == "certain"
    return certain or world.rules["renewal"] == "certain"


def council_agrees(world: World, mood: Disposition, month: int) -> bool:
    p = world.numbers
    if renewal_is_certain(world):
        return True
    odds = (
        p.renewal_intercept
        + p.renewal_participation * (world.pupil_share_inside() - 0.7)
        + p.renewal_adequacy * (world.members_adequacy() - 0.6)
    )
    return world.ties.below(mood.uniform(month), probability(odds), "renewal")


def forum(world: World) -> Life:
    """The Schools Forum's vote each January on the next year's line."""
    mood = Disposition(world, Purpose.FORUM_DISPOSITION)
    partnership = world.partnership
    for month in range(world.policy.horizon_months):
        yield world.at(month, Turn.FORUM)
        january = month_of_year(world.policy.start + month) == JANUARY
        if not (january and partnership.alive and partnership.line_kept):
            continue
        april, offered = month + TO_APRIL, partnership.offered
        covered = partnership.covers_the_year(april) or offered is not None
        partnership.line_kept = keeps_the_line(world, mood, month, covered)
        partnership.offered = None
        if not partnership.line_kept or offered is None:
            continue
        if partnership.in_force:
            partnership.extend(april, offered)
        else:
            partnership.waiting = offered


def keeps_the_line(world: World, mood: Disposition, month: int, covered: bool) -> bool:
    p = world.numbers
    delegates_from = world.levers.funding.forum_delegates_from
    if delegates_from is not None and world.policy.start + month + TO_APRIL >= delegates_from:
        return False
    if renewal_is_certain(world) or (covered and world.rules["forum"] == "bound"):
        return True
    heard = covered and world.rules["forum"] != "deaf"
    odds = (
        p.forum_intercept
        + p.forum_participation * (world.pupil_share_inside() - 0.6)
        + p.forum_adequacy * (world.members_adequacy() - 0.6)
        + (p.forum_agreement if heard else 0.0)
    )
    return world.ties.below(mood.uniform(month), probability(odds), "forum")


def scrutiny(world: World) -> Life:
    """Scrutiny's reviews: confidence, and whether the partnership is still quorate."""
    partnership = world.partnership
    members_then = exits = last = 0
    below_before = False
    for month in range(world.policy.horizon_months):
        yield world.at(month, Turn.REVIEW)
        exits += world.flows["exits_voluntary"]
        if month == 0:
            yield world.at(month, Turn.ACCOUNTS, Step.LOOK)
            members_then = len(world.members())
            continue
        between = 12 // world.levers.agreement.reviews_per_year
        if month % between != 0 or not partnership.alive:
            continue
        since = month - last
        review(world, month, exits / max(members_then, 1) * 6 / since)
        members_then, exits, last = len(world.members()), 0, month
        below = world.pupil_share_inside() < world.levers.agreement.quorum
        if below and below_before:
            partnership.dissolve(month)
        below_before = below


def review(world: World, month: int, half_yearly_exits: float) -> None:
    """Confidence moves towards what was delivered."""
    p, partnership = world.numbers, world.partnership
    delivered = [
        world.members_adequacy(),
        world.council.share_of_promise_kept(),
        1 - p.confidence_exit_weight * half_yearly_exits,
    ]
    mean = sum(min(max(each, 0.0), 1.0) for each in delivered) / 3
    partnership.confidence += p.confidence_gain * (mean - partnership.confidence)
    if month < world.levers.agreement.governance_settled_months:
        partnership.confidence = min(partnership.confidence, p.confidence_cap)
