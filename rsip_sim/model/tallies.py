"""Counts kept up by events, so that no month has to add up all schools again.

All are whole numbers: they come out the same whatever the size of a block.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray

STOCK_SHAPE = (4, 4, 2, 2)  # phase, grade, legal status, relation
# a class is phase × 16 + (grade − 1) × 4 + academy × 2 + member
MEMBER_BIT, ACADEMY_BIT, BELOW_GOOD_BIT = 1, 2, 8
SERVED_ALIKE = 15  # mask of the class bits that decide support: grade, legal status, relation
TIE_SCALE = 10**15


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

    def schools_served_alike(self) -> AnyArray:
        """Schools by (grade 4, legal 2, relation 2, replications)."""
        return self.schools[0] + self.schools[1] + self.schools[2] + self.schools[3]

    def pupils_served_alike(self) -> AnyArray:
        """Pupils by (grade 4, legal 2, relation 2, replications)."""
        return self.pupils[0] + self.pupils[1] + self.pupils[2] + self.pupils[3]

    def by_phase(self, what: AnyArray) -> AnyArray:
        """Schools or pupils by (phase 4, legal 2, relation 2, replications)."""
        return what[:, 0] + what[:, 1] + what[:, 2] + what[:, 3]


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
        self.sum_of_squares = self.maintained**2

    def add(self, rows: IntArray, columns: IntArray, blocks: AnyArray) -> None:
        """Schools leave the maintained family for a block."""
        self._change(rows, columns, blocks, 1)
        np.subtract.at(self.maintained, columns, self._roll[rows])
        self._square(columns)

    def move(self, rows: IntArray, columns: IntArray, old: AnyArray, new: AnyArray) -> None:
        """Academies change block."""
        self._change(rows, columns, old, -1)
        self._change(rows, columns, new, 1)
        self._square(columns)

    def _change(self, rows: IntArray, columns: IntArray, blocks: AnyArray, sign: int) -> None:
        places = blocks * self.pupils.shape[1] + columns
        np.add.at(self.pupils.reshape(-1), places, sign * self._roll[rows])
        np.add.at(self.schools.reshape(-1), places, np.full(len(rows), sign, dtype=np.int32))

    def _square(self, columns: IntArray) -> None:
        touched = np.unique(columns)
        trusts = (self.pupils[:, touched] ** 2).sum(axis=0)
        self.sum_of_squares[touched] = self.maintained[touched] ** 2 + trusts


class Ties:
    """Pairs of schools of one community that share a live tie, as weighted whole numbers.

    Full ties (both in the partnership, one block, one diocese) are counted apart from pairs that
    share only the council, whose strength is the smaller of their two SES adequacies. The SES
    serves grades in order of priority, so that the smaller adequacy is that of the better grade:
    the lower of the two levels (good and better 0, grade 3 1, in category 2). Weights are pupils
    of the community ÷ its pairs, in units of 10⁻¹⁵ of all. Recounted only where something changed.
    """

    KINDS = 5  # no tie, full tie, council tie at level 0, 1, 2

    def __init__(self, roster: Roster, replications: int) -> None:
        """Lay out the pairs of each community of two or more schools."""
        rows = [np.flatnonzero(roster.community == c) for c in range(len(roster.communities))]
        pairs = [np.triu_indices(len(members), 1) for members in rows]
        left = [m[first] for m, (first, _) in zip(rows, pairs, strict=True)]
        right = [m[second] for m, (_, second) in zip(rows, pairs, strict=True)]
        self._lengths = np.array([len(x) for x in left], dtype=np.int64)
        self._starts = np.cumsum(self._lengths) - self._lengths
        first = np.concatenate([*left, np.empty(0, dtype=np.int64)]).astype(np.int64)
        second = np.concatenate([*right, np.empty(0, dtype=np.int64)]).astype(np.int64)
        diocese = roster.diocese
        self._same_diocese = (diocese[first] == diocese[second]) & (diocese[first] >= 0)
        # places in the flattened (schools, replications) arrays
        self._left, self._right = first * replications, second * replications
        rolls = [int(roster.pupils[m].sum()) if len(m) > 1 else 0 for m in rows]
        total = max(sum(rolls), 1)
        self._weights = np.array(
            [
                roll * TIE_SCALE // (total * max(int(length), 1))
                for roll, length in zip(rolls, self._lengths, strict=True)
            ],
            dtype=np.int64,
        )
        self.defined = any(rolls)
        self.dirty = np.ones((len(rows) + 1, replications), dtype=np.bool_)
        self._counts = np.zeros((len(rows), replications, self.KINDS), dtype=np.int64)
        self._totals = np.zeros((replications, self.KINDS), dtype=np.int64)

    def recount(self, classes: AnyArray, blocks: AnyArray) -> None:
        """Count again the communities and replications in which something changed.

        classes, blocks  class and governance block of every school, (schools, replications)
        """
        communities, columns = np.nonzero(self.dirty[:-1] & (self._lengths > 0)[:, None])
        self.dirty[:] = False
        if len(communities) == 0:
            return
        lengths = self._lengths[communities]
        ends = np.cumsum(lengths)
        case = np.repeat(np.arange(len(communities)), lengths)
        pair = np.arange(ends[-1])
        pair += np.repeat(self._starts[communities] - (ends - lengths), lengths)
        column = np.repeat(columns, lengths)
        kinds = self._kinds(pair, column, classes, blocks)
        counts = np.bincount(case * self.KINDS + kinds, minlength=len(communities) * self.KINDS)
        counts = counts.reshape(-1, self.KINDS)
        change = counts - self._counts[communities, columns]
        self._counts[communities, columns] = counts
        np.add.at(self._totals, columns, change * self._weights[communities][:, None])

    def _kinds(
        self, pair: IntArray, column: IntArray, classes: AnyArray, blocks: AnyArray
    ) -> AnyArray:
        left, right = self._left[pair], self._right[pair]
        left += column
        right += column
        classes, blocks = classes.reshape(-1), blocks.reshape(-1)
        first, second = classes.take(left), classes.take(right)
        full = (first & second & 1).astype(np.bool_)
        full |= self._same_diocese[pair]
        # two academies may share a block
        academies = np.flatnonzero(first & second & 2)
        block = blocks.take(left[academies])
        full[academies] |= block == blocks.take(right[academies])
        council = ((first | second) & 2) == 0
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
        return np.minimum(tied / TIE_SCALE, 1.0)


_LEVEL = np.array([0, 0, 1, 2], dtype=np.int8)
