"""The institutions: partnership, council, Forum, Scrutiny, trusts, chains, endowment, consortia."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from rsip_sim.evidence.months import month_of_year
from rsip_sim.model.draws import Purpose, key_of
from rsip_sim.model.policy import Levers

from .clock import HISTORY, Life, Step, Turn
from .national import service_money_lost
from .schools import (
    CHAIN,
    CONVERTER,
    LONG_AGO,
    OTHER,
    Application,
    School,
    next_month_draws_openings,
)
from .support import allocate

if TYPE_CHECKING:
    from .accounts import Accounts
    from .world import World

JANUARY, APRIL = 1, 4


def probability(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def pence(pounds: float) -> int:
    """To the nearest penny, an exact half to the even one."""
    return round(pounds * 100)


class Partnership:
    """Agreement, fund and standing of the partnership."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.alive = False  # founded and not dissolved
        self.dissolved = False
        self.in_force = False
        self.start = self.end = 0
        self.ever = False  # there has been an agreement
        self.signed: int | None = None  # length of an agreement that begins next April
        self.lapsed_in = LONG_AGO
        self.lapsed = False
        self.line_kept = True
        self.confidence = world.numbers.confidence_start
        self.endowment = 0  # pence a year
        self.endowment_until = 0
        self.traded = 0  # pence, this financial year

    def cover(self, month: int) -> int:
        """Months of the agreement still to run."""
        return max(self.end - month, 0) if self.in_force else 0

    def rebound(self, month: int) -> bool:
        return 0 <= month - self.lapsed_in < self.world.numbers.rebound_months

    def fund(self) -> int:
        """Pence a year."""
        if not self.alive:
            return 0
        price = pence(self.world.levers.funding.subscription_gbp_per_pupil)
        subscriptions = price * sum(s.pupils for s in self.world.members())
        return self.world.council.earmark + subscriptions + self.endowment + self.traded

    def sign(self, start: int, length: int) -> None:
        self.start, self.end = start, start + length
        self.in_force = self.ever = True
        self.lapsed = False
        self.signed = None

    def lapse(self, month: int) -> None:
        self.in_force, self.lapsed, self.lapsed_in = False, True, month

    def dissolve(self, month: int) -> None:
        """The end: members drop out, the earmark stops; the council's year runs on."""
        self.alive = self.in_force = self.lapsed = False
        self.dissolved = True
        self.signed = None
        self.world.council.earmark = 0
        for school in self.world.members():
            school.leave(month, "exits_dissolution")


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


class Council:
    """Budgets of the council and its renewals."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.mood = Disposition(world, Purpose.COUNCIL_DISPOSITION)
        self.cut_index = 1.0
        self.envelope = self.promised = self.earmark = self.ses = 0  # pence a year
        self.overspend = 0
        self.pressure = 0.0
        self.fund_at_last_budget: int | None = None
        self.fund_was_positive = False

    def set_budget(self, month: int) -> None:
        """The budget of the financial year (or of the rest of it, at the start)."""
        world, p, funding = self.world, self.world.numbers, self.world.levers.funding
        partnership = world.partnership
        wished = pence(funding.earmark_gbp_per_year) if world.policy.partnership else 0
        service = pence(funding.ses_gbp_per_year)
        base = wished + service
        gone = sum(s.pupils for s in world.schools if s.academy and not s.academy_at_start)
        loss = service_money_lost(world.policy.start + month) * 100
        left = base * self.cut_index - p.council_loss_share * loss * gone
        envelope = max(round(left), 0)
        line = round(wished * (envelope / base)) if base else 0
        self.promised = wished
        self.overspend = 0
        if partnership.in_force:
            partnership.line_kept = True
            floor = min(pence(p.ses_floor_gbp), service)
            self.envelope, self.earmark = envelope, wished
            self.ses = max(envelope - wished, floor)
            self.overspend = max(self.earmark + self.ses - envelope, 0)
        elif not partnership.line_kept:
            self.envelope, self.earmark, self.ses = envelope - line, 0, envelope - line
        elif partnership.alive:
            self.envelope, self.earmark, self.ses = envelope, line, envelope - line
        else:
            self.envelope, self.earmark, self.ses = envelope, 0, envelope
        self.pressure = min(self.earmark / max(self.envelope, 1), 10.0)

    def watch_the_fund(self, month: int) -> None:
        """Dissolve when the fund is empty at two budgets running after having held money."""
        partnership = self.world.partnership
        if not partnership.alive:
            return
        fund = partnership.fund()
        empty_twice = fund == 0 and self.fund_at_last_budget == 0
        self.fund_at_last_budget = fund
        if fund > 0:
            self.fund_was_positive = True
        elif empty_twice and self.fund_was_positive:
            partnership.dissolve(month)

    def agrees(self, month: int) -> bool:
        """Whether the council renews, or offers anew."""
        world, p = self.world, self.world.numbers
        if delegated(world.levers, world.policy.start + month):
            return False
        if world.levers.agreement.renewal == "certain":
            return True
        odds = (
            p.renewal_intercept
            + p.renewal_participation * (world.pupil_share_inside() - 0.7)
            + p.renewal_adequacy * (world.members_adequacy() - 0.6)
            - p.renewal_pressure * (self.pressure - 0.4)
        )
        return world.ties.below(self.mood.uniform(month), probability(odds), "renewal")


def delegated(levers: Levers, number: int) -> bool:
    """Whether the Forum has sent the line to schools by that month number."""
    from_month = levers.funding.forum_delegates_from
    return from_month is not None and number >= from_month


# processes ------------------------------------------------------------------------------------


def founding(world: World, accounts: Accounts) -> Life:
    """Before the first month: old applications lapse, schools join, money and support begin."""
    yield world.at(0, Turn.FOUNDING)
    partnership = world.partnership
    for school in world.schools:
        if school.application and school.application.opening < 0:
            school.application = None
            school.new_spell(school.spell + 1)
    if world.policy.partnership:
        partnership.alive = True
        for school in world.schools:
            school.found()
        if world.levers.agreement.length_months > 0:
            partnership.sign(0, world.levers.agreement.length_months)
    world.council.set_budget(0)
    world.council.watch_the_fund(0)
    allocate(world)
    world.support.history *= 4
    world.support.spare_lead_days = 0.0
    world.flows.clear()
    accounts.remember_founding()


def timeline(world: World) -> Life:
    """Changes of policy, each at its month."""
    for month, levers in world.policy.changes:
        yield world.at(month, Turn.POLICY)
        world.levers = levers


def council(world: World) -> Life:
    """Resolutions, budgets and renewals, month by month."""
    partnership = world.partnership
    length = world.levers.agreement.length_months
    for month in range(world.policy.horizon_months):
        calendar_month = month_of_year(world.policy.start + month)
        yield world.at(month, Turn.RESOLUTION)
        if partnership.signed is not None and calendar_month == APRIL:
            partnership.sign(month, partnership.signed)
        if world.levers.agreement.length_months != length:
            length = world.levers.agreement.length_months
            change_length(partnership, month, length)
        if month > 0 and calendar_month == APRIL:
            yield world.at(month, Turn.BUDGETS)
            new_year(world, month)
        yield world.at(month, Turn.RENEWAL, Step.LOOK)
        in_force = partnership.in_force
        yield world.at(month, Turn.RENEWAL)
        if in_force and partnership.end <= month:
            if world.council.agrees(month):
                partnership.sign(month, world.levers.agreement.renewal_months)
            else:
                partnership.lapse(month)
        idle = partnership.alive and not in_force and partnership.signed is None
        if calendar_month == JANUARY and idle and partnership.ever and world.council.agrees(month):
            partnership.signed = world.levers.agreement.renewal_months


def change_length(partnership: Partnership, month: int, length: int) -> None:
    """The Cabinet resolves on another length."""
    if not partnership.alive:
        return
    if partnership.in_force:
        partnership.end = max(partnership.start + length, month)
    elif length > 0:
        partnership.sign(month, length)


def new_year(world: World, month: int) -> None:
    """April: cut, trade of last year's spare days, budget, and a look at the fund."""
    p, funding, partnership = world.numbers, world.levers.funding, world.partnership
    world.council.cut_index *= 1 - funding.council_cut_pct_per_year / 100
    earned = world.support.spare_lead_days * p.traded_take_up * p.lead_day_gbp
    world.ties.note(earned * 100 % 1 - 0.5, "traded income")
    trades = funding.traded_income and partnership.alive
    partnership.traded = pence(earned) if trades else 0
    world.support.spare_lead_days = 0.0
    world.council.set_budget(month)
    world.council.watch_the_fund(month)


def endowment(world: World) -> Life:
    """One bid, decided once; a later promise of the endowment is an award of that month."""
    p = world.numbers
    awarded = False
    before = world.levers.funding.endowment
    for month in range(world.policy.horizon_months):
        yield world.at(month, Turn.RESOLUTION)
        now = world.levers.funding.endowment
        if month == int(p.endowment_decision_months):
            lucky = world.luck.uniform(Purpose.ENDOWMENT) < p.endowment_success
            won = now == "won" or (now == "bid" and lucky)
        else:
            later = month > int(p.endowment_decision_months)
            won = later and now == "won" and before != "won"
        before = now
        if won and not awarded:
            awarded = True
            rate = p.endowment_gbp * p.endowment_general_share * 12 / p.endowment_months
            world.partnership.endowment = pence(rate)
            world.partnership.endowment_until = month + int(p.endowment_months)
        if month == world.partnership.endowment_until:
            world.partnership.endowment = 0


def trust_clock(world: World, family: tuple[str, str]) -> Life:
    """Trusts that form in a diocese or community by themselves."""
    p = world.numbers
    key = key_of(f"{family[0]}:{family[1]}")
    formed = 0
    time = -HISTORY - p.trust_active_months
    for month in range(-HISTORY, world.policy.horizon_months):
        yield world.at(month, Turn.TRUSTS)
        while True:
            gap = world.luck.exponential(Purpose.TRUST_CLOCK, key, formed)
            following = time + gap * 12 * p.trust_years_between
            if world.ties.above(following, month, "trust"):
                break
            time, formed = following, formed + 1
            world.activate_trust(family, world.ties.ceil(time, "trust"))


def chains(world: World) -> Life:
    """National chains approach schools below good and lone academies."""
    clock, made = 0.0, 0
    threshold = world.luck.exponential(Purpose.CHAIN_CLOCK, 0, 0)
    for month in range(world.policy.horizon_months):
        yield world.at(month, Turn.APPROACHES)
        clock += world.levers.external.chain_approaches_per_year / 12
        while world.ties.at_least(clock, threshold, "approach"):
            candidates = [s for s in world.schools if may_be_approached(s)]
            if candidates:
                target = max(candidates, key=lambda s: s.uniform(Purpose.CHAIN_TARGET, made))
                approach(world, target, month, made)
            made += 1
            threshold += world.luck.exponential(Purpose.CHAIN_CLOCK, 0, made)


def may_be_approached(school: School) -> bool:
    if school.academy:
        return school.alone_in_block()
    return school.phase != OTHER and school.grade >= 3


def approach(world: World, school: School, month: int, made: int) -> None:
    if not school.academy:
        school.approached = month
    elif school.uniform(Purpose.CHAIN_JOIN, made) < world.numbers.chain_lone_academy_probability:
        school.block = CHAIN


def consortia(world: World) -> Life:
    """Applications of one month, phase and family go forward together, with peers in reach."""
    for month in range(-HISTORY, world.policy.horizon_months):
        yield world.at(month, Turn.MEETINGS, Step.BEGIN)
        world.applicants = []
        for school in world.schools:
            school.clock_before = school.clock
        yield world.at(month, Turn.MEETINGS, Step.GATHER)
        groups: dict[tuple[int, Hashable], list[School]] = {}
        for applicant in world.applicants:
            alone = ("alone", applicant.urn)
            groups.setdefault((applicant.phase, applicant.family or alone), []).append(applicant)
        for (phase, family), group in groups.items():
            peers = [
                s
                for s in world.schools
                if s.phase == phase
                and s.family == family
                and s not in group
                and s.within_reach(month)
            ]
            group.extend(peers)
        for group in groups.values():
            apply_together(world, sorted(group, key=lambda s: s.urn), month)


def apply_together(world: World, group: list[School], month: int) -> None:
    """One opening date, one withdrawal draw and one trust for the group."""
    p, luck, number = world.numbers, world.luck, world.policy.start + month
    key = group[0].urn
    score = luck.normal(Purpose.PIPELINE, key, number)
    duration = p.pipeline_months_median * float(np.exp(p.pipeline_months_sigma * score))
    opening = max(world.ties.ceil(month + duration, "opening"), month + 1)
    pulled = luck.uniform(Purpose.PULL, key, number) < p.pull_probability
    if pulled and next_month_draws_openings(world.policy.start, opening):
        opening += 1
    withdrawn = luck.uniform(Purpose.WITHDRAWAL, key, number) < p.withdrawal_share
    for school in group:
        block = school.pipeline_block(("school", key), month)
        school.application = Application(opening, CONVERTER, block, withdrawn)
        school.applied = month
        world.flows["applications"] += 1


def support_turn(world: World) -> Life:
    """Support, every month."""
    for month in range(world.policy.horizon_months):
        yield world.at(month, Turn.SUPPORT)
        allocate(world)


def forum(world: World) -> Life:
    """The Schools Forum's vote each January on the next year's line."""
    mood = Disposition(world, Purpose.FORUM_DISPOSITION)
    for month in range(world.policy.horizon_months):
        yield world.at(month, Turn.FORUM)
        partnership = world.partnership
        january = month_of_year(world.policy.start + month) == JANUARY
        waits = not partnership.in_force and partnership.signed is None
        if january and partnership.alive and waits and partnership.line_kept:
            partnership.line_kept = keeps_the_line(world, mood, month)


def keeps_the_line(world: World, mood: Disposition, month: int) -> bool:
    p = world.numbers
    if delegated(world.levers, world.policy.start + month + 3):
        return False
    if world.levers.agreement.renewal == "certain":
        return True
    odds = (
        p.forum_intercept
        + p.forum_participation * (world.pupil_share_inside() - 0.6)
        + p.forum_adequacy * (world.members_adequacy() - 0.6)
    )
    return world.ties.below(mood.uniform(month), probability(odds), "forum")


def scrutiny(world: World, accounts: Accounts) -> Life:
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
    promised = world.council.promised
    kept = world.council.earmark / promised if promised else 1.0
    delivered = [
        world.members_adequacy(),
        kept,
        1 - p.confidence_exit_weight * half_yearly_exits,
    ]
    mean = sum(min(max(each, 0.0), 1.0) for each in delivered) / 3
    partnership.confidence += p.confidence_gain * (mean - partnership.confidence)
    if month < world.levers.agreement.governance_settled_months:
        partnership.confidence = min(partnership.confidence, p.confidence_cap)
