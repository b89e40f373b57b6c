"""The founding, and the other institutions: endowment, trusts, chains, consortia, support."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np

from rsip_sim.model.draws import Purpose, key_of

from .clock import HISTORY, Life, Step, Turn
from .conversion import OTHER
from .partnership import pence
from .schools import (
    CHAIN,
    CONVERTER,
    Application,
    School,
    next_month_draws_openings,
)
from .support import allocate

if TYPE_CHECKING:
    from .accounts import Accounts
    from .world import World


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
    allocate(world)
    world.support.history.clear()
    world.flows.clear()
    accounts.remember_founding()


def timeline(world: World) -> Life:
    """Changes of policy, each at its month."""
    for month, levers in world.policy.changes:
        yield world.at(month, Turn.POLICY)
        world.levers = levers


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
        clock += world.chain_approaches() / 12
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
