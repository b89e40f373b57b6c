"""One block of replications: builds the SimPy environment and starts the institutions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from simpy import Environment

from rsip_sim.evidence.national import opening_hazard
from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.actors.council import (
    begin,
    council_budgets,
    council_offers,
    council_resolutions,
    council_signings,
    set_budget,
)
from rsip_sim.model.actors.department import Openings, Orders, academy_openings, academy_orders
from rsip_sim.model.actors.endowment import endowment
from rsip_sim.model.actors.governors import GoverningBodies, governors
from rsip_sim.model.actors.observer import Accounts, observer
from rsip_sim.model.actors.ofsted import Inspectorate, ofsted
from rsip_sim.model.actors.partnership import allocate_support, founding_members, partnership
from rsip_sim.model.actors.policy import policy as timeline
from rsip_sim.model.actors.providers import ChainClock, providers
from rsip_sim.model.actors.schools_forum import schools_forum
from rsip_sim.model.actors.scrutiny import scrutiny
from rsip_sim.model.actors.trusts import TrustClocks, trusts
from rsip_sim.model.arrays import AnyArray, FloatArray
from rsip_sim.model.calendar import HISTORY_MONTHS, Calendar, Process, Turn
from rsip_sim.model.diary import Diary
from rsip_sim.model.draws import Draws, Purpose
from rsip_sim.model.governors_view import Constants
from rsip_sim.model.national import AuthorityTemper, Disposition, NationalClimate
from rsip_sim.model.parameters import Parameters, draw_parameters, held_parameters
from rsip_sim.model.policy import Policy, groups_of
from rsip_sim.model.rules import choice
from rsip_sim.model.rules.conversion import usual_pipeline
from rsip_sim.model.world import CONVERTER, World


@dataclass(frozen=True)
class BlockOutcome:
    """What one block of replications came to.

    panel    column → array (months, replications), as rsip_sim.model.panel.COLUMNS says
    schools  column → int16 array (schools, replications), as SCHOOL_COLUMNS says
    notes    counts of things a reader should know, such as replications whose inertia was set to 0
    """

    panel: dict[str, AnyArray]
    schools: dict[str, AnyArray]
    notes: dict[str, int]


def choice_constants(parameters: Parameters) -> tuple[FloatArray, FloatArray]:
    """u0 of maintained schools and academies (2, sets), and the inertia (sets,) of members."""
    p = parameters
    peer = p.b_peer * (p.founding_maintained - p.peer_reference)
    maintained = choice.founding_constant(p.founding_maintained, peer, p.membership_taste_sd)
    academy = choice.founding_constant(p.founding_academy, peer, p.membership_taste_sd)
    secure = p.b_secure * choice.CALIBRATION_SECURITY
    inertia = choice.member_inertia(p.exit_yearly, maintained, peer, secure, p.membership_taste_sd)
    return np.stack([maintained, academy]), inertia


def _founding(
    world: World, u0: FloatArray, openings: Openings, accounts: Accounts, diary: Diary | None
) -> Process:
    """Month 0, before all else: old applications lapse, schools join, money and support begin."""
    yield world.calendar.at(0, Turn.FOUNDING)
    openings.clear_past()
    founding_members(world, u0[:, None], diary)
    length = world.levers["agreement.length_months"]
    begin(world, world.partnership & (length > 0), length)
    set_budget(world)
    allocate_support(world)
    for flow in world.flows.values():
        flow[:] = 0
    accounts.remember_founding()


def _house_academies(world: World) -> None:
    """Academies of the start: their diocese's block, their named trust's, or one of their own."""
    roster = world.schools.roster
    first_of_trust: dict[str, int] = {}
    usual = usual_pipeline(world.parameters.pipeline_months_median)
    for row in np.flatnonzero(roster.legal_status == 1):
        trust = roster.trust[row]
        block = first_of_trust.setdefault(trust, int(row)) if trust else int(row)
        if roster.diocese[row] >= 0:
            block = world.blocks.first_diocese + int(roster.diocese[row])
        world.block[row] = block
        everywhere = np.full(world.replications, row)
        world.blocks.add(everywhere, np.arange(world.replications), world.block[row])
        if roster.route[row] == CONVERTER and world.schools.phase[row] < 3:
            world.applied[row] = int(roster.opened[row]) - world.calendar.start - usual


@dataclass(frozen=True)
class Portion:
    """One policy in some replications: what it has of a block.

    replications  int array: which simulated futures; future k depends on (seed, k) alone
    held          parameters and drawn levers given from outside, by register name, one value a
                  replication, so that luck and parameters can be varied apart; a planner's
                  overrides go first
    """

    policy: Policy
    replications: ArrayLike
    held: Mapping[str, ArrayLike] | None = None


def simulate_block(
    policy: Policy,
    roster: Roster,
    seed: int,
    replications: ArrayLike,
    held: Mapping[str, ArrayLike] | None = None,
    diary: Diary | None = None,
) -> BlockOutcome:
    """Simulate some replications of one scenario together.

    replications, held  as in `Portion`
    diary               of one school, to be filled
    Raises nothing of its own: policy and roster have been checked when they were loaded.
    """
    (outcome,) = simulate_together([Portion(policy, replications, held)], roster, seed, diary)
    return outcome


def simulate_policies(
    policies: Sequence[Policy],
    roster: Roster,
    seed: int,
    replications: ArrayLike,
    held: Mapping[str, ArrayLike] | None = None,
    each_month: Callable[[], object] | None = None,
) -> tuple[BlockOutcome, ...]:
    """Simulate the same replications of several policies in one block: an outcome for each."""
    portions = [Portion(each, replications, held) for each in policies]
    return simulate_together(portions, roster, seed, each_month=each_month)


def simulate_together(
    portions: Sequence[Portion],
    roster: Roster,
    seed: int,
    diary: Diary | None = None,
    each_month: Callable[[], object] | None = None,
) -> tuple[BlockOutcome, ...]:
    """Simulate several portions in one block: an outcome for each.

    Their policies share start and horizon; levers, structure, overrides, kind of parameters,
    replications and what is held may all differ. Every outcome is that of `simulate_block`, to the
    bit; together they cost less, because a block costs about as much as some hundred replications
    whatever its size.

    diary       of one school of a single portion, to be filled
    each_month  called as each month begins; what it raises ends the simulation and is raised
    Raises ValueError if the policies do not share their calendar.
    """
    policies = [each.policy for each in portions]
    if len({(policy.start, policy.horizon_months) for policy in policies}) != 1:
        raise ValueError("policies of one block share their start and their horizon")
    replications = [np.atleast_1d(each.replications) for each in portions]
    parameters = _parameters(portions, replications, seed)
    env = Environment(initial_time=-HISTORY_MONTHS)
    calendar = Calendar(env, policies[0].start, policies[0].horizon_months)
    groups = groups_of(policies, [len(own) for own in replications])
    usual = {name: rule.value for name, rule in load_register().structures.items()}
    draws = Draws(seed, np.concatenate(replications))
    world = World(groups, usual, roster, parameters, draws, calendar)
    u0, inertia = choice_constants(parameters)
    accounts = _start_everybody(env, world, Constants(world, u0, inertia), diary)
    if each_month is not None:
        env.process(_monthly(env, each_month))
    env.run(until=calendar.horizon_months)
    table = _school_table(world)
    return tuple(
        BlockOutcome(
            {name: values[:, group.columns] for name, values in accounts.panel.items()},
            {name: values[:, group.columns] for name, values in table.items()},
            {"inertia_at_zero": int((inertia[group.columns] <= 0.0).sum())},
        )
        for group in groups
    )


def _monthly(env: Environment, call: Callable[[], object]) -> Process:
    while True:
        call()
        yield env.timeout(1)


def _parameters(
    portions: Sequence[Portion], replications: Sequence[AnyArray], seed: int
) -> Parameters:
    """The parameters of every column; what a future draws is drawn once for all that share it."""
    numbers, places = np.unique(np.concatenate(replications), return_inverse=True)
    drawn: dict[str, Parameters] = {}
    parts = []
    for portion, own in zip(portions, replications, strict=True):
        how = portion.policy.parameters
        if how not in drawn:
            drawn[how] = draw_parameters(load_register(), {}, how, Draws(seed, numbers))
        columns, places = places[: len(own)], places[len(own) :]
        held = {**(portion.held or {}), **held_parameters(portion.policy)}
        parts.append(drawn[how].at(columns, held))
    return Parameters.side_by_side(parts)


def _start_everybody(
    env: Environment, world: World, constants: Constants, diary: Diary | None
) -> Accounts:
    inspectorate = Inspectorate(world)
    world.settle()
    _house_academies(world)
    openings = Openings(world)
    calendar, parameters, draws = world.calendar, world.parameters, world.draws
    temper = AuthorityTemper(calendar, parameters, draws)
    climate = NationalClimate(world.groups, calendar, opening_hazard(), parameters, draws)
    accounts = Accounts(world, diary)
    processes = (
        _founding(world, constants.u0, openings, accounts, diary),
        timeline(world),
        council_resolutions(world),
        endowment(world),
        academy_openings(world, openings),
        trusts(world, TrustClocks(world)),
        council_budgets(world),
        ofsted(world, inspectorate),
        providers(world, ChainClock(world)),
        academy_orders(world, Orders(world, climate, temper)),
        partnership(world),
        governors(world, GoverningBodies(world, constants, climate, temper, diary)),
        council_offers(world, Disposition(world, Purpose.COUNCIL_DISPOSITION)),
        schools_forum(world, Disposition(world, Purpose.FORUM_DISPOSITION)),
        council_signings(world),
        scrutiny(world),
        observer(world, accounts),
    )
    for process in processes:
        env.process(process)
    return accounts


def _school_table(world: World) -> dict[str, AnyArray]:
    return {
        "opening_month": world.opened,
        "route": world.route.astype(np.int16),
        "trust": world.block,
        "first_month_alone": world.first_alone,
        "member_at_end": world.member.astype(np.int16),
        "months_unmet": world.months_unmet,
    }
