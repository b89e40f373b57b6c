"""Counts kept up by events, so that no month has to add up all schools again.

All are whole numbers: they come out the same whatever the size of a block.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray

STOCK_SHAPE = (4, 4, 2, 2)  # phase, grade, legal status, relation
# a class is phase × 16 + (grade − 1) × 4 + academy × 2 + member
MEMBER_BIT, ACADEMY_BIT, LOW_GRADE_BIT, BELOW_GOOD_BIT = 1, 2, 4, 8
MAINTAINED, ACADEMY = 0, 1  # places on the legal axis
SERVED_ALIKE = 15  # mask of the class bits that decide support: grade, legal status, relation
TIE_SCALE = 10**15
TIE_BITS = np.int8(BELOW_GOOD_BIT | ACADEMY_BIT | MEMBER_BIT)


class Stocks:
    """Schools and pupils by phase × grade × legal status × relation, in every replication."""

    def __init__(self, pupils: IntArray, replications: int) -> None:
        """Empty tallies for schools with the given rolls."""
        self._pupils = pupils
        self.schools = np.zeros((*STOCK_SHAPE, replications), dtype=np.int32)
        self.pupils = np.zeros((*STOCK_SHAPE, replications), dtype=np.int32)
        self._flat_schools = self.schools.reshape(64, replications)
        self._flat_pupils = self.pupils.reshape(64, replications)

    def fill(self, classes: AnyArray) -> None:
        """Count everything afresh, from the class of every school (schools, replications)."""
        self.schools[:] = 0
        self.pupils[:] = 0
        columns = np.arange(classes.shape[1])
        for row, pupils in zip(classes, self._pupils, strict=True):
            self._flat_schools[row, columns] += 1
            self._flat_pupils[row, columns] += pupils

    def move(self, rows: IntArray, columns: IntArray, old: AnyArray, new: AnyArray) -> None:
        """Schools change class: one entry a school and replication."""
        places = np.concatenate([old, new]) * np.int64(self.schools.shape[-1])
        places += np.concatenate([columns, columns])
        pupils = self._pupils[rows].astype(np.int32)
        ones = np.ones(len(rows), dtype=np.int32)
        np.add.at(self._flat_schools.reshape(-1), places, np.concatenate([-ones, ones]))
        np.add.at(self._flat_pupils.reshape(-1), places, np.concatenate([-pupils, pupils]))


class Blocks:
    """Governance blocks by pupils: the maintained family, each trust, each lone academy.

    Block numbers: 0 … schools − 1 a lone academy or a consortium (its first school's row), then
    one a diocese, one a community, and the last for national chains.
    """

    def __init__(self, roster: Roster, replications: int) -> None:
        """Start with every school in the maintained family."""
        self.schools_count = len(roster.urn)
        self.first_diocese = self.schools_count
        self.first_community = self.first_diocese + len(roster.dioceses)
        self.chain = self.first_community + len(roster.communities)
        self._roll = roster.pupils
        self.pupils = np.zeros((self.chain + 1, replications), dtype=np.int64)
        self.schools = np.zeros((self.chain + 1, replications), dtype=np.int32)
        self.maintained = np.full(replications, int(roster.pupils.sum()), dtype=np.int64)

    def add(self, rows: IntArray, columns: IntArray, blocks: AnyArray) -> None:
        """Schools leave the maintained family for a block."""
        self._change(rows, columns, blocks, 1)
        np.subtract.at(self.maintained, columns, self._roll[rows])

    def move(self, rows: IntArray, columns: IntArray, old: AnyArray, new: AnyArray) -> None:
        """Academies change block."""
        self._change(rows, columns, old, -1)
        self._change(rows, columns, new, 1)

    def _change(self, rows: IntArray, columns: IntArray, blocks: AnyArray, sign: int) -> None:
        np.add.at(self.pupils, (blocks, columns), sign * self._roll[rows])
        np.add.at(self.schools, (blocks, columns), np.int32(sign))

    def sum_of_squares(self) -> IntArray:
        """Pupils of each block, squared and added up, (replications,)."""
        return np.asarray((self.pupils**2).sum(axis=0) + self.maintained**2)


class Ties:
    """Pairs of schools of one community that share a live tie, as weighted whole numbers.

    Full ties (both in the partnership, one block, one diocese) are counted apart from pairs that
    share only the council, whose strength is the smaller of their two SES adequacies. The SES
    serves grades in order of priority, so that the smaller adequacy is that of the better grade:
    the lower of the two levels (good and better 0, grade 3 1, in category 2). Weights are pupils
    of the community ÷ its pairs, in units of 10⁻¹⁵ of all.

    Only schools that have changed since the last count are compared with their neighbours, one
    school of a community at a time.
    """

    KINDS = 5  # no tie, full tie, council tie at level 0, 1, 2

    def __init__(self, roster: Roster, replications: int) -> None:
        """List each school's neighbours; begin as if all were academies that share nothing."""
        self._replications = replications
        self._community = roster.community.astype(np.int64)
        members = [np.flatnonzero(roster.community == c) for c in range(len(roster.communities))]
        around = [
            members[c][members[c] != row] if c >= 0 else np.empty(0, dtype=np.int64)
            for row, c in enumerate(self._community)
        ]
        self._lengths = np.array([len(rows) for rows in around], dtype=np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        beside = np.concatenate([*around, np.empty(0, dtype=np.int64)]).astype(np.int64)
        own = np.repeat(np.arange(len(around)), self._lengths)
        diocese = roster.diocese
        # each school's neighbours one after the other: place in the flattened arrays, one diocese?
        self._beside = beside * replications
        self._same_diocese = (diocese[own] >= 0) & (diocese[own] == diocese[beside])
        self._weight = self._weights(roster, members)
        self.defined = bool(self._weight.any())
        shape = (len(roster.urn), replications)
        self._classes = np.full(shape, ACADEMY_BIT, dtype=np.int8)
        self._blocks = np.full(shape, -1, dtype=np.int16)
        self._all_members = np.zeros((len(roster.communities) + 1, replications), dtype=np.bool_)
        self._totals = np.zeros((replications, self.KINDS), dtype=np.int64)
        self._totals[:, 1] = int(self._weight[own[self._same_diocese]].sum()) // 2

    @staticmethod
    def _weights(roster: Roster, members: list[IntArray]) -> IntArray:
        """Weight of one pair of each school's community, (schools,)."""
        counted = [rows for rows in members if len(rows) > 1]
        total = sum(int(roster.pupils[rows].sum()) for rows in counted)
        weight = np.zeros(len(roster.urn), dtype=np.int64)
        for rows in counted:
            pairs = len(rows) * (len(rows) - 1) // 2
            weight[rows] = int(roster.pupils[rows].sum()) * TIE_SCALE // (total * pairs)
        return weight

    def recount(self, classes: AnyArray, blocks: AnyArray, all_members: BoolArray) -> None:
        """Take in what has changed since the last count.

        classes, blocks  class and governance block of every school, (schools, replications)
        all_members      communities of which every school is in the partnership; the last row,
                         for schools without a community, is not read
        """
        differs = classes ^ self._classes
        # good and outstanding schools are served alike: their grades differ in the low bit only
        low_bit = differs & LOW_GRADE_BIT & (classes >> 1)
        changed = (differs & TIE_BITS) | low_bit != 0
        changed |= blocks != self._blocks
        cells = np.flatnonzero(changed)
        if len(cells) == 0:
            return
        rows = cells // self._replications
        place = self._community[rows] * self._replications + cells % self._replications
        # where all were members and are, every pair has a full tie whatever else has changed
        settled = (all_members & self._all_members).reshape(-1)[place]
        self._all_members = all_members
        self._classes.reshape(-1)[cells[settled]] = classes.reshape(-1)[cells[settled]]
        self._blocks.reshape(-1)[cells[settled]] = blocks.reshape(-1)[cells[settled]]
        cells, place = cells[~settled], place[~settled]
        if len(cells) == 0:
            return
        order = np.argsort(place, kind="stable")
        place = place[order]
        turn = np.arange(len(place)) - np.searchsorted(place, place)
        for number in range(int(turn.max()) + 1):
            self._take_in(cells[order[turn == number]], classes, blocks)

    def _take_in(self, cells: IntArray, classes: AnyArray, blocks: AnyArray) -> None:
        """One changed school in each community and replication: its pairs before and after."""
        rows, columns = cells // self._replications, cells % self._replications
        lengths = self._lengths[rows]
        which = np.repeat(np.arange(len(cells)), lengths)
        first = np.cumsum(lengths) - lengths
        pair = np.arange(len(which)) + (self._starts[rows] - first)[which]
        same_diocese = self._same_diocese[pair]
        beside = self._beside[pair] + columns[which]
        old, old_block = self._classes.reshape(-1), self._blocks.reshape(-1)
        neighbour = old.take(beside), old_block.take(beside)
        change = np.zeros((len(cells), self.KINDS), dtype=np.int64)
        for state, block, sign in (
            (old.take(cells), old_block.take(cells), -1),
            (classes.reshape(-1).take(cells), blocks.reshape(-1).take(cells), 1),
        ):
            kinds = self._kinds(state[which], block[which], *neighbour, same_diocese)
            counts = np.bincount(which * self.KINDS + kinds, minlength=change.size)
            change += sign * counts.reshape(-1, self.KINDS)
        np.add.at(self._totals, columns, change * self._weight[rows][:, None])
        old[cells] = classes.reshape(-1).take(cells)
        old_block[cells] = blocks.reshape(-1).take(cells)

    @staticmethod
    def _kinds(
        first: AnyArray, block: AnyArray, second: AnyArray, other: AnyArray, diocese: BoolArray
    ) -> AnyArray:
        full = (first & second & MEMBER_BIT).astype(np.bool_)
        full |= diocese
        full |= (block == other) & (block >= 0)
        council = ((first | second) & ACADEMY_BIT) == 0
        level = np.minimum(_LEVEL[(first >> 2) & 3], _LEVEL[(second >> 2) & 3])
        return np.where(full, 1, np.where(council, 2 + level, 0))

    def connectedness(self, ses_adequacy: FloatArray) -> FloatArray:
        """Chance that two random schools of one community share a live tie, by pupils.

        ses_adequacy  by grade, (4, replications); 1 everywhere if no community has two schools
        """
        if not self.defined:
            return np.ones(ses_adequacy.shape[1])
        totals = self._totals.astype(np.float64)
        tied = totals[:, 1] + totals[:, 2] * ses_adequacy[0]
        tied = tied + totals[:, 3] * ses_adequacy[2] + totals[:, 4] * ses_adequacy[3]
        return np.asarray(np.minimum(tied / TIE_SCALE, 1.0))


_LEVEL = np.array([0, 0, 1, 2], dtype=np.int8)
