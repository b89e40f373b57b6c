"""What one school lives through, month by month and meeting by meeting, for its story.

A diary only reads: a run with a diary is the same run, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray
from rsip_sim.model.governors_view import GovernorsView, View
from rsip_sim.model.world import World, cells_at


@dataclass(frozen=True)
class Meeting:
    """One meeting of the governing body, before its decisions; arrays (replications,).

    month          model month
    utility        terms of the utility of membership, by name; {} while there is no partnership
    noise          logit of the luck of the day: a member is who has utility + noise > 0
    rate           terms of the log rate at which the conversion clock advances, by name
    clock, threshold   where the clock stood, and where it must get for an application
    in_pipeline    whether an application or order was on its way, so that the clock did not count
    tied           whether a commitment held the school in
    seen           what the terms stand on, by name, as `GovernorsView.seen` gives it
    """

    month: int
    utility: dict[str, FloatArray]
    noise: FloatArray
    rate: dict[str, FloatArray]
    clock: FloatArray
    threshold: FloatArray
    in_pipeline: AnyArray
    tied: AnyArray
    seen: dict[str, AnyArray]


@dataclass(frozen=True)
class Founding:
    """The founding round, in which every school chooses at once; arrays (replications,).

    utility      terms of the utility of joining, by name; {} without a partnership
    noise        logit of the luck of the day
    member       whether the school joined: as its utility says, or as the roster has it
    in_pipeline  whether an application or order was on its way before the start
    grade        Ofsted grade at the start
    seen         what the terms stand on: alive, price, market, bound (`GovernorsView.seen`)
    """

    utility: dict[str, FloatArray]
    noise: FloatArray
    member: AnyArray
    in_pipeline: AnyArray
    grade: AnyArray
    seen: dict[str, AnyArray]


@dataclass
class Diary:
    """The diary of one school in every replication of a block.

    row         of the school in the roster
    meetings    in order of month
    founding    the founding round, before month 0
    months      by name, one array (replications,) a month: grade, member, academy, opening_due
                (model month, or rsip_sim.model.rules.inspection.NEVER), due_route and withdraws
                of what is on its way, approached (month of a chain's last approach), adequacy,
                unmet (below good with support under the reference), in_force
    neighbours  rows of the other schools of its community
    around      which of the neighbours are members, one array (neighbours, replications) a month
    """

    row: int
    meetings: list[Meeting] = field(default_factory=list)
    founding: Founding | None = None
    months: dict[str, list[AnyArray]] = field(default_factory=dict)
    neighbours: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    around: list[AnyArray] = field(default_factory=list)

    def found(
        self, world: World, utility: dict[str, FloatArray], noise: FloatArray, members: AnyArray
    ) -> None:
        """Write down the founding round; noise and members are of all schools."""
        own = noise[self.row]
        self.founding = Founding(
            {name: np.broadcast_to(term, own.shape).copy() for name, term in utility.items()},
            np.log(own) - np.log1p(-own),
            members[self.row].copy(),
            world.converting[self.row].copy(),
            world.grade[self.row].copy(),
            {
                "alive": world.partnership,
                "price": world.levers["funding.subscription_gbp_per_pupil"],
                "market": world.levers["external.market_quality"],
                "bound": world.levers["agreement.school_commitment_months"],
            },
        )
        community = world.schools.community
        if world.schools.peer_pupils[self.row]:
            same = np.flatnonzero(community == community[self.row])
            self.neighbours = same[same != self.row]

    def meet(self, world: World, outlook: GovernorsView, noise: FloatArray) -> None:
        """Write down what the governing body sees, before it decides."""
        columns = np.arange(world.replications)
        view = View(np.full(world.replications, self.row), columns, world.replications)
        founded = outlook.founded
        never = np.zeros(world.replications, dtype=np.bool_)
        self.meetings.append(
            Meeting(
                world.month,
                outlook.utility_terms(view) if founded else {},
                np.log(noise) - np.log1p(-noise),
                outlook.rate_terms(view),
                world.conversion_clock[self.row].copy(),
                world.conversion_threshold[self.row].copy(),
                world.converting[self.row].copy(),
                outlook.tied(view) if founded else never,
                outlook.seen(view),
            )
        )

    def close_month(self, world: World) -> None:
        """Write down how the school stands after everybody has acted."""
        columns = np.arange(world.replications)
        cells = cells_at(np.full(world.replications, self.row), columns, world.replications)
        received = world.support_received(cells)
        state = {
            "grade": world.grade[self.row],
            "member": world.member[self.row],
            "academy": world.academy[self.row],
            "opening_due": world.opening_due[self.row],
            "due_route": world.due_route[self.row],
            "withdraws": world.withdraws[self.row],
            "approached": world.approached[self.row],
            "adequacy": received,
            "unmet": (world.grade[self.row] > 2) & (received < world.parameters.tilt_reference),
            "in_force": world.agreement.in_force,
        }
        for name, values in state.items():
            self.months.setdefault(name, []).append(values.copy())
        self.around.append(world.member[self.neighbours].copy())
