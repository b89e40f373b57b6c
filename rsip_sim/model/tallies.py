"""Counts kept up by events, so that no month has to add up all schools again.

All are whole numbers: they come out the same whatever the size of a block.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray

STOCK_SHAPE = (4, 4, 2, 2)  # phase, grade, legal status, relation
# a class is phase × 16 + (grade − 1) × 4 + academy × 2 + member
MEMBER_BIT, ACADEMY_BIT, BELOW_GOOD_BIT = 1, 2, 8
MAINTAINED, ACADEMY = 0, 1  # places on the legal axis
SERVED_ALIKE = 15  # mask of the class bits that decide support: grade, legal status, relation
TIE_SCALE = 10**15
PAIRS_AT_ONCE = 2**20  # so that no block asks for much memory, however large a community


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

    A community is counted again in the replications in which one of its schools has changed.
    """

    KINDS = 5  # no tie, full tie, council tie at level 0, 1, 2

    def __init__(self, roster: Roster, replications: int) -> None:
        """List the pairs of each community of two schools or more, with their weight."""
        members = [np.flatnonzero(roster.community == c) for c in range(len(roster.communities))]
        members = [rows for rows in members if len(rows) > 1]
        total = sum(int(roster.pupils[rows].sum()) for rows in members)
        self._communities = []
        self._weights = np.zeros((len(members), 1, 1), dtype=np.int64)
        for place, rows in enumerate(members):
            first, second = np.triu_indices(len(rows), 1)
            diocese = roster.diocese[rows]
            same = (diocese[first] >= 0) & (diocese[first] == diocese[second])
            self._communities.append((rows, first, second, same[:, None]))
            self._weights[place] = (
                int(roster.pupils[rows].sum()) * TIE_SCALE // (total * len(first))
            )
        self._classes = np.full((len(roster.urn), replications), -1, dtype=np.int8)
        self._blocks = np.full((len(roster.urn), replications), -1, dtype=np.int16)
        self._counts = np.zeros((len(members), self.KINDS, replications), dtype=np.int64)

    def connectedness(
        self, classes: AnyArray, blocks: AnyArray, ses_adequacy: FloatArray
    ) -> FloatArray:
        """Chance that two random schools of one community share a live tie, by pupils.

        classes, blocks  class and governance block of every school, (schools, replications)
        ses_adequacy     by grade, (4, replications); 1 everywhere if no community has two schools
        """
        if not self._communities:
            return np.ones(ses_adequacy.shape[1])
        changed = (classes != self._classes) | (blocks != self._blocks)
        for place, (rows, first, second, same) in enumerate(self._communities):
            touched = np.flatnonzero(changed[rows].any(axis=0))
            at_once = max(PAIRS_AT_ONCE // len(first), 1)
            for start in range(0, len(touched), at_once):
                columns = touched[start : start + at_once]
                own, block = classes[np.ix_(rows, columns)], blocks[np.ix_(rows, columns)]
                kinds = self._kinds(own[first], block[first], own[second], block[second], same)
                for kind in range(1, self.KINDS):
                    self._counts[place, kind, columns] = (kinds == kind).sum(axis=0)
        self._classes[:], self._blocks[:] = classes, blocks
        totals = (self._counts * self._weights).sum(axis=0).astype(np.float64)
        tied = totals[1] + totals[2] * ses_adequacy[0]
        tied = tied + totals[3] * ses_adequacy[2] + totals[4] * ses_adequacy[3]
        return np.asarray(np.minimum(tied / TIE_SCALE, 1.0))

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


_LEVEL = np.array([0, 0, 1, 2], dtype=np.int8)
