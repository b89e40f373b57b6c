"""The state of all schools in a block: a school is a row, a replication a column.

The world answers "what is so" and offers the few changes that can happen to a school (join, leave,
apply, open, be regraded); it holds no policy rule and draws no random number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray
from rsip_sim.model.calendar import MEETING_GROUPS, Calendar
from rsip_sim.model.draws import Draws, Keys, Purpose, key_of, mix
from rsip_sim.model.panel import FLOWS
from rsip_sim.model.parameters import Parameters
from rsip_sim.model.policy import DRAWN, Group, LeverColumns, Levers, Rules, by_column
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.state import (
    HISTORY,
    LONG_AGO,
    AgreementState,
    BudgetState,
    EndowmentState,
    SupportState,
)
from rsip_sim.model.tallies import SERVED_ALIKE, Blocks, Stocks, Ties

CONVERTER, SPONSORED = 1, 2
BEFORE_START = -2


@dataclass(frozen=True)
class Cells:
    """Single schools in single replications: row, column and place in the flattened arrays."""

    rows: IntArray
    columns: IntArray
    flat: IntArray

    def __len__(self) -> int:
        """How many there are."""
        return len(self.flat)

    def where(self, mask: BoolArray) -> Cells:
        """Those for which the mask holds."""
        return Cells(self.rows[mask], self.columns[mask], self.flat[mask])

    def of(self, array: AnyArray) -> AnyArray:
        """Their values in a (schools, replications) array."""
        return array.reshape(-1).take(self.flat)

    def put(self, array: AnyArray, values: object) -> None:
        """Set their values in a (schools, replications) array."""
        array.reshape(-1)[self.flat] = values


def cells_at(rows: IntArray, columns: IntArray, replications: int) -> Cells:
    """The cells at given rows and columns."""
    return Cells(rows, columns, rows * replications + columns)


def cells_of(mask: BoolArray, rows: IntArray | None = None) -> Cells:
    """The cells in which a (schools, replications) mask holds; `rows` names the mask's rows."""
    replications = mask.shape[1]
    flat = np.flatnonzero(mask)
    found = flat // replications
    columns = flat - found * replications
    if rows is None:
        return Cells(found, columns, flat)
    return cells_at(rows[found], columns, replications)


def joined(parts: list[Cells]) -> Cells:
    """Several sets of cells as one; a cell may then come twice."""
    return Cells(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.flat for part in parts]),
    )


class Schools:
    """What never changes about the schools, in roster order (sorted by URN)."""

    def __init__(self, roster: Roster) -> None:
        """Take the roster apart into the arrays that the model uses."""
        self.roster = roster
        self.count = len(roster.urn)
        self.keys = roster.urn.astype(np.uint64)
        self.phase = roster.phase.astype(np.int64)
        self.governance = roster.governance.astype(np.int64)
        self.pupils = roster.pupils.astype(np.int64)
        self.total_pupils = int(self.pupils.sum())
        self.converts = self.phase < 3
        communities = len(roster.communities)
        # schools without a community share a last row that nobody reads
        self.community = np.where(roster.community >= 0, roster.community, communities).astype(int)
        self.community_pupils = np.zeros(communities + 1, dtype=np.int64)
        np.add.at(self.community_pupils, self.community, self.pupils)
        self.peer_pupils = np.where(
            roster.community >= 0, self.community_pupils[self.community] - self.pupils, 0
        )
        self.diocesan = roster.diocese >= 0
        self.families = len(roster.dioceses) + communities
        own = np.where(self.diocesan, roster.diocese, len(roster.dioceses) + self.community)
        without = ~self.diocesan & (roster.community < 0)
        self.family = np.where(without, self.families, own).astype(np.int64)
        self.family_keys = np.array(
            [key_of(f"diocese:{name}") for name in roster.dioceses]
            + [key_of(f"community:{name}") for name in roster.communities],
            dtype=np.uint64,
        )
        group = mix(self.keys) % np.uint64(MEETING_GROUPS)
        self.meeting_rows = [np.flatnonzero(group == g) for g in range(MEETING_GROUPS)]
        self.in_phase = np.bincount(self.phase, minlength=4)
        # schools that may convert, neighbours of one phase one after the other
        near = self.phase * (communities + 1) + self.community
        rows = np.flatnonzero(self.converts)
        self.near_rows = rows[np.argsort(near[rows], kind="stable")]
        self.near_places, self.near_starts = np.unique(near[self.near_rows], return_index=True)


class World:
    """Everything that changes, for one block of replications."""

    def __init__(
        self,
        groups: Sequence[Group],
        usual_rules: Mapping[str, str],
        roster: Roster,
        parameters: Parameters,
        draws: Draws,
        calendar: Calendar,
    ) -> None:
        """All schools as the roster has them, outside the partnership, before the founding.

        groups  the policies, each with its columns; usual_rules  the model's own structure
        """
        self.groups = groups
        self.partnership: BoolArray = by_column(groups, [g.policy.partnership for g in groups])
        self.rules = Rules(groups, usual_rules)
        self.parameters = parameters
        self._drawn = {path: parameters.by((path,))[0] for path in DRAWN}
        self.levers = LeverColumns(groups, self._drawn)
        self.draws = draws
        self._keyed: dict[Purpose, Keys] = {}
        self.calendar = calendar
        self.schools = Schools(roster)
        self.replications = draws.size
        shape = (self.schools.count, self.replications)
        academy = roster.legal_status == 1
        self.grade = np.full(shape, 2, dtype=np.int8)
        self.academy: BoolArray = np.repeat(academy[:, None], self.replications, axis=1)
        self.member: BoolArray = np.zeros(shape, dtype=np.bool_)
        self.opening_due = np.full(shape, NEVER, dtype=np.int16)
        self.withdraws: BoolArray = np.zeros(shape, dtype=np.bool_)
        self.due_route = np.zeros(shape, dtype=np.int8)
        self.due_block = np.full(shape, -1, dtype=np.int16)
        self.block = np.full(shape, -1, dtype=np.int16)
        self.opened = np.full(shape, -1, dtype=np.int16)
        self.opened[academy] = BEFORE_START
        route = np.where(academy, roster.route, 0).astype(np.int8)
        self.route = np.repeat(route[:, None], self.replications, axis=1)
        self.spell = np.zeros(shape, dtype=np.int64)
        self.tied_until = np.zeros(shape, dtype=np.int16)
        self.approached = np.full(shape, LONG_AGO, dtype=np.int16)
        self.first_alone = np.full(shape, -1, dtype=np.int16)
        communities = len(roster.communities) + 1
        # neighbours get to know of an application to convert once its month is over
        self.applied = np.full(shape, LONG_AGO, dtype=np.int16)
        self.trust_active_until = np.full(
            (self.schools.families + 1, self.replications), LONG_AGO, dtype=np.int16
        )
        self.maintained_at_start = int(self.schools.pupils[~academy].sum())
        self.community_members = np.zeros((communities, self.replications), dtype=np.int64)
        self.member_pupils: IntArray = np.zeros(self.replications, dtype=np.int64)
        self.member_schools: IntArray = np.zeros(self.replications, dtype=np.int64)
        self.flows = {name: np.zeros(self.replications, dtype=np.int64) for name in FLOWS}
        self.classes = np.zeros(shape, dtype=np.int8)
        self.stocks = Stocks(self.schools.pupils, self.replications)
        self.blocks = Blocks(roster, self.replications)
        self.ties = Ties(roster, self.replications)
        self.months_unmet = np.zeros(shape, dtype=np.int16)  # below good with too little support
        self.start_academies: IntArray = np.zeros(4, dtype=np.int64)  # pupils by phase
        np.add.at(self.start_academies, self.schools.phase[academy], self.schools.pupils[academy])
        self.conversion_taste: FloatArray = np.zeros(shape)
        self.membership_taste: FloatArray = np.zeros(shape)
        self.conversion_clock: FloatArray = np.zeros(shape)
        self.conversion_threshold: FloatArray = np.zeros(shape)
        size = self.replications
        self.agreement = AgreementState.at_start(
            size,
            alive=self.partnership.copy(),
            next_start=np.full(size, NEVER),
            line_kept=np.ones(size, dtype=np.bool_),
            confidence=parameters.confidence_start.copy(),
            rebound_from=np.full(size, NEVER),
        )
        self.budget = BudgetState.at_start(
            size, cut_index=np.ones(size), pupils_dedelegated=np.full(size, -1)
        )
        # schools expect the support that neither draws nor repels
        expected = np.broadcast_to(parameters.adequacy_reference, (4, 2, size))
        self.support = SupportState.at_start(
            size,
            ses=np.zeros((4, size)),
            inside=np.zeros((4, 2, size)),
            received=np.zeros((4, 2, 2, size)),
            history=[expected] * HISTORY,
            lead_share=parameters.lead_offer_start.copy(),
        )
        self.endowment = EndowmentState.at_start(size)

    def settle(self) -> None:
        """Count everything once, when grades and the academies of the start are set."""
        self.classes = (
            (self.schools.phase[:, None] << 4)
            + ((self.grade - 1).astype(np.int64) << 2)
            + (self.academy.astype(np.int64) << 1)
            + self.member
        ).astype(np.int8)
        self.stocks.fill(self.classes)

    # what is so

    @property
    def month(self) -> int:
        """The model month now."""
        return self.calendar.month

    @property
    def converting(self) -> BoolArray:
        """Schools with an application or order on its way."""
        return np.asarray(self.opening_due != NEVER)

    def member_share(self) -> FloatArray:
        """Pupil share of all state schools in the partnership, associates counted in full."""
        return np.asarray(self.member_pupils / self.schools.total_pupils)

    def communities_of_members(self) -> BoolArray:
        """Communities of which every school is in the partnership, (communities + 1, …)."""
        return np.asarray(self.community_members == self.schools.community_pupils[:, None])

    def academy_pupils(self) -> IntArray:
        """Pupils in academies by phase, (4, replications)."""
        return np.asarray(self.stocks.pupils[:, :, 1].sum(axis=(1, 2), dtype=np.int64))

    def renewal_is_certain(self) -> BoolArray:
        """Where council and Forum never refuse: the scenario or a rule says so."""
        written = self.levers["agreement.renewal"] == "certain"
        return np.asarray(written | self.rules.are("renewal", "certain"))

    def support_received(self, cells: Cells) -> FloatArray:
        """Share of need met of schools as they are, one value a cell."""
        places = (cells.of(self.classes) & SERVED_ALIKE) * np.int64(self.replications)
        return np.asarray(self.support.received.reshape(-1).take(places + cells.columns))

    def luck(self, cells: Cells, purpose: Purpose, occasions: ArrayLike = 0) -> FloatArray:
        """Uniform draws of single schools, one a cell; occasions one for all or one a cell."""
        keys = self.draws.on(self._school_keys(purpose)[cells.rows], occasions)
        return self.draws.uniform_of(keys, cells.columns)

    def luck_of_rows(self, rows: IntArray, purpose: Purpose, occasion: int = 0) -> FloatArray:
        """Uniform draws of some schools in every replication, (rows, replications)."""
        return self.draws.uniform_of(self.draws.on(self._school_keys(purpose)[rows], occasion))

    def _school_keys(self, purpose: Purpose) -> Keys:
        if purpose not in self._keyed:
            self._keyed[purpose] = self.draws.keyed(self.schools.keys, purpose)
        return self._keyed[purpose]

    def count(self, flow: str, columns: IntArray) -> None:
        """Add events of this month to a flow."""
        self.flows[flow] += np.bincount(columns, minlength=self.replications)

    # what can happen to a policy

    def set_levers(self, changed: Mapping[int, Levers]) -> None:
        """New levers come into force for the groups of these numbers."""
        for number, levers in changed.items():
            self.groups[number].levers = levers
        self.levers = LeverColumns(self.groups, self._drawn)

    # what can happen to a school

    def found(self, members: BoolArray) -> None:
        """The founding round: those who join are tied from now."""
        self.member = members
        self.settle()
        for row, community in enumerate(self.schools.community):
            self.community_members[community] += members[row] * self.schools.pupils[row]
        self.member_pupils = self.community_members.sum(axis=0)
        self.member_schools = members.sum(axis=0, dtype=np.int64)
        self.tied_until = np.where(members, self._commitment_end(), 0).astype(np.int16)

    def _commitment_end(self) -> IntArray:
        tie = self.levers["agreement.school_commitment_months"]
        return np.asarray(np.minimum(self.month + tie, NEVER))

    def join(self, cells: Cells) -> None:
        """Schools enter the partnership; a commitment ties them from now."""
        self._set_member(cells, True)
        cells.put(self.tied_until, self._commitment_end()[cells.columns])

    def leave(self, cells: Cells, flow: str) -> None:
        """Schools leave the partnership; `flow` says why."""
        self._set_member(cells, False)
        cells.put(self.tied_until, 0)
        first = cells.of(self.first_alone)
        cells.put(self.first_alone, np.where(first < 0, self.month, first))
        self.count(flow, cells.columns)

    def _set_member(self, cells: Cells, member: bool) -> None:
        if len(cells) == 0:
            return
        cells.put(self.member, member)
        old = cells.of(self.classes)
        self._reclass(cells, old, (old | 1) if member else (old & ~1))
        pupils = self.schools.pupils[cells.rows] * (1 if member else -1)
        community = self.schools.community[cells.rows]
        np.add.at(self.community_members, (community, cells.columns), pupils)
        change = np.zeros(self.replications, dtype=np.int64)
        np.add.at(change, cells.columns, pupils)
        self.member_pupils = self.member_pupils + change
        schools = np.bincount(cells.columns, minlength=self.replications)
        self.member_schools = self.member_schools + (schools if member else -schools)

    def apply(
        self, cells: Cells, opening: IntArray, withdraws: BoolArray, route: int, block: IntArray
    ) -> None:
        """Schools enter the pipeline; `block` is where they will be governed, a chain apart."""
        cells.put(self.opening_due, np.minimum(opening, NEVER - 1))
        cells.put(self.withdraws, withdraws)
        cells.put(self.due_route, route)
        cells.put(self.due_block, block)

    def withdraw(self, cells: Cells) -> None:
        """Schools drop out of the pipeline and may start again, with a new spell of the clock."""
        cells.put(self.opening_due, NEVER)
        cells.put(self.withdraws, False)
        cells.put(self.spell, cells.of(self.spell) + 1)
        cells.put(self.conversion_clock, 0.0)

    def open(self, cells: Cells, blocks: IntArray) -> None:
        """Schools become academies and leave the maintained family for a governance block."""
        cells.put(self.opening_due, NEVER)
        cells.put(self.academy, True)
        cells.put(self.opened, self.month)
        cells.put(self.route, cells.of(self.due_route))
        cells.put(self.block, blocks)
        self.blocks.add(cells.rows, cells.columns, blocks)
        old = cells.of(self.classes)
        self._reclass(cells, old, old | 2)

    def home_block(self, cells: Cells, group_rows: IntArray) -> IntArray:
        """Where schools that convert now would be governed, a chain apart.

        Their diocese's trust; else their community's, if one is active; else their consortium's,
        named by its first school (`group_rows`), which is the school itself if it is alone.
        """
        family = self.schools.family[cells.rows]
        active = self.trust_active_until[family, cells.columns] > self.month
        return self._family_block(cells.rows, active, group_rows)

    def sponsors_block(self, cells: Cells, from_outside: BoolArray) -> IntArray:
        """Where schools that are ordered now will be governed, a chain's approach apart.

        Their diocese's trust; else an outside chain, where it is drawn; else their community's
        trust, active or not; without a community they stand alone.
        """
        everywhere = np.ones(len(cells), dtype=np.bool_)
        local = self._family_block(cells.rows, everywhere, cells.rows)
        outside = from_outside & ~self.schools.diocesan[cells.rows]
        return np.where(outside, self.blocks.chain, local)

    def _family_block(self, rows: IntArray, local: BoolArray, otherwise: IntArray) -> IntArray:
        """The diocese's trust; else the community's where `local` says so; else as given."""
        schools = self.schools
        family = schools.family[rows]
        community = self.blocks.first_community + family - len(schools.roster.dioceses)
        placed = np.where(local & (family < schools.families), community, otherwise)
        return np.where(schools.diocesan[rows], self.blocks.first_diocese + family, placed)

    def house_founders(self, cells: Cells) -> None:
        """Academies that found their community's trust belong to it, unless a chain has them."""
        moving = ~self.schools.diocesan[cells.rows] & (cells.of(self.block) != self.blocks.chain)
        founders = cells.where(moving)
        community = self.schools.community[founders.rows]
        self.rehouse(founders, self.blocks.first_community + community)

    def rehouse(self, cells: Cells, blocks: IntArray) -> None:
        """Academies move to another governance block."""
        if len(cells) == 0:
            return
        old = cells.of(self.block).astype(np.int64)
        self.blocks.move(cells.rows, cells.columns, old, blocks)
        cells.put(self.block, blocks)

    def regrade(self, cells: Cells, grades: AnyArray) -> None:
        """Schools get a new Ofsted grade."""
        cells.put(self.grade, grades)
        old = cells.of(self.classes)
        new = (old & ~0b1100) | ((grades - 1).astype(np.int8) << 2)
        self._reclass(cells, old, new)

    def dissolve(self, where: BoolArray) -> None:
        """The partnership ends for good in the replications where the mask holds."""
        ending = where & self.agreement.alive
        if not ending.any():
            return
        self.leave(cells_of(self.member & ending), "exits_dissolution")
        state = self.agreement
        state.alive &= ~ending
        state.ended |= ending
        state.in_force &= ~ending
        state.lapsed &= ~ending
        state.next_start[ending] = NEVER
        self.budget.stop(ending)
        self.begin_rebound(ending)

    def begin_rebound(self, where: BoolArray) -> None:
        """Conversion is quickened from now, unless it has been before."""
        first = where & (self.agreement.rebound_from == NEVER)
        self.agreement.rebound_from = np.where(first, self.month, self.agreement.rebound_from)

    def _reclass(self, cells: Cells, old: AnyArray, new: AnyArray) -> None:
        cells.put(self.classes, new)
        self.stocks.move(cells.rows, cells.columns, old, new)
