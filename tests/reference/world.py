"""The whole of one replication: schools, institutions, the state they share, and the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from simpy import Environment, Event

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import choice_constants

from .accounts import Accounts, Record, Standing
from .clock import HISTORY, Life, Step, Turn, at, tick
from .council import Council, budgets
from .institutions import (
    chains,
    consortia,
    endowment,
    founding,
    support_turn,
    timeline,
    trust_clock,
)
from .luck import Numbers, luck_of, parameters_of, rules_of
from .national import NationalClimate, Temper
from .partnership import Partnership, agreement, forum, scrutiny
from .schools import LONG_AGO, School
from .support import Support
from .ties import Ties


@dataclass(frozen=True)
class Constants:
    """Derived constants of the membership choice."""

    u0_maintained: float
    u0_academy: float
    inertia: float


class World:
    """All state of one replication."""

    def __init__(self, policy: Policy, roster: Roster, seed: int, replication: int) -> None:
        self.policy, self.levers = policy, policy.levers
        self.ties = Ties()
        self.ties.month = -HISTORY
        self.luck = luck_of(seed, replication)
        parameters = parameters_of(policy, self.luck)
        self.numbers = Numbers(parameters)
        self.rules = rules_of(policy)
        (maintained, academy), inertia = choice_constants(parameters)
        self.constants = Constants(float(maintained[0]), float(academy[0]), float(inertia[0]))
        self.climate = NationalClimate(policy.start, self.numbers, self.luck)
        self.temper = Temper(policy.start, self.numbers, self.luck)
        self.flows: Counter[str] = Counter()
        self.deficits = 0
        self.trust_until: dict[Hashable, int] = {}
        self.applicants: list[School] = []
        self.support = Support(
            lead_share=self.numbers.lead_offer_start, reference=self.numbers.adequacy_reference
        )
        self.partnership = Partnership(self)
        self.council = Council(self)
        self.schools = [School(self, roster, row) for row in range(len(roster))]
        self.environment = Environment(initial_time=tick(-HISTORY, Turn.FOUNDING, Step.BEGIN))

    def at(self, month: int, turn: Turn, step: Step = Step.ACT) -> Event:
        return at(self.environment, month, turn, step)

    def trust_active(self, family: Hashable, month: int) -> bool:
        return family is not None and self.trust_until.get(family, LONG_AGO) > month

    def activate_trust(self, family: Hashable, month: int) -> None:
        until = month + int(self.numbers.trust_active_months)
        self.trust_until[family] = max(self.trust_until.get(family, LONG_AGO), until)

    def academy_percentage(self, phase: int) -> float:
        peers = [s for s in self.schools if s.phase == phase]
        return 100 * sum(s.academy for s in peers) / len(peers)

    def pupil_share_inside(self) -> float:
        inside = sum(s.pupils for s in self.schools if s.member)
        return inside / sum(s.pupils for s in self.schools)

    def members(self) -> list[School]:
        return [s for s in self.schools if s.member]

    # levers that may be left open: one draw a replication, where the planner names no number

    def council_cut(self) -> float:
        """Per cent a year."""
        return self.open_or_named("funding", "council_cut_pct_per_year")

    def market_quality(self) -> float:
        return self.open_or_named("external", "market_quality")

    def chain_approaches(self) -> float:
        """A year."""
        return self.open_or_named("external", "chain_approaches_per_year")

    def open_or_named(self, section: str, name: str) -> float:
        named = getattr(getattr(self.levers, section), name)
        return self.numbers.lever(f"{section}.{name}") if named == "uncertain" else float(named)

    def members_adequacy(self) -> float:
        """Members' mean adequacy inside, over the last four allocations; 0 without members."""
        members = self.members()
        if not members:
            return 0.0
        served = [self.support.over_the_term(s.grade, s.academy) for s in members]
        return sum(served) / len(served)

    def families(self) -> list[tuple[str, str]]:
        """Every diocese and community."""
        dioceses = sorted({s.diocese for s in self.schools if s.diocese})
        communities = sorted({s.community for s in self.schools if s.community})
        return [("diocese", d) for d in dioceses] + [("community", c) for c in communities]


@dataclass(frozen=True)
class Outcome:
    """Accounts and standings by month, the table of schools, and the first close call."""

    months: list[Record]
    standings: list[list[Standing]]
    schools: list[dict[str, Hashable]]
    tie_month: int | None
    tie_why: str


def months_of(world: World) -> Life:
    """Tells the recorder of close calls which month it is."""
    for month in range(-HISTORY, world.policy.horizon_months):
        yield world.at(month, Turn.FOUNDING, Step.BEGIN)
        world.ties.month = month


def simulate(policy: Policy, roster: Roster, seed: int, replication: int) -> Outcome:
    """Run one replication of one scenario."""
    world = World(policy, roster, seed, replication)
    accounts = Accounts(world)
    processes = [
        months_of(world),
        founding(world, accounts),
        timeline(world),
        agreement(world),
        budgets(world),
        endowment(world),
        chains(world),
        consortia(world),
        support_turn(world),
        forum(world),
        scrutiny(world),
        accounts.observe(),
        *(trust_clock(world, family) for family in world.families()),
        *(school.life() for school in world.schools),
    ]
    for process in processes:
        world.environment.process(process)
    world.environment.run(until=tick(policy.horizon_months, Turn.FOUNDING, Step.BEGIN))
    rows = [accounts.school_row(school) for school in world.schools]
    return Outcome(accounts.months, accounts.standings, rows, world.ties.first, world.ties.why)
