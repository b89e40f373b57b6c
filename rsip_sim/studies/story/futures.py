"""Which future to tell of one school: one that is typical of how two scenarios differ for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.runs import NOT_IN_RUN, BoolTable, SchoolTable
from rsip_sim.report.words import listed

_HOW = ("", "only here", "only there", "sooner here", "later here", "by another route")

Months = NDArray[np.int64]


@dataclass(frozen=True)
class ChosenFuture:
    """The future to tell, and how the others differ.

    replication   number of the future, from 0
    replications  futures simulated
    differing     futures in which the school's life differs
    kinds         of difference, commonest first: in how many futures each comes
    kind          of the future told; "" where its lives are the same
    asked         the future was asked for by its number
    """

    replication: int
    replications: int
    differing: int
    kinds: Mapping[str, int]
    kind: str
    asked: bool

    def counted(self) -> list[tuple[str, int]]:
        """Every kind of difference, and none, with its futures."""
        return [*self.kinds.items(), ("no difference", self.replications - self.differing)]


def choose_future(
    ours: SchoolTable, theirs: SchoolTable, row: int, asked: int | None = None
) -> ChosenFuture:
    """The future to tell of one school under two scenarios.

    A life differs where the stored rows differ in the month or route of becoming an academy, in
    the month of first leaving the partnership, or in membership at the end. Of the commonest kind
    of difference the future nearest to the median is chosen; where no life differs, of all. Ties
    go to the smaller number.

    asked  the number of a future wanted instead
    """
    one, other = ours.of(row), theirs.of(row)
    facets = _facets(one, other)
    codes = np.ravel_multi_index(tuple(facets.values()), (len(_HOW),) * len(facets))
    found, first, counts = np.unique(codes, return_index=True, return_counts=True)
    order = [int(place) for place in np.lexsort((found, -counts)) if found[place]]
    commonest = found[order[0]] if order else 0
    level = _milestones(other)
    futures = np.flatnonzero(codes == commonest)
    typical = _nearest_to_median(futures, _milestones(one) - level, level)
    told = typical if asked is None else asked
    return ChosenFuture(
        replication=told,
        replications=len(one.route),
        differing=int((codes > 0).sum()),
        kinds={_in_words(facets, int(first[i])): int(counts[i]) for i in order},
        kind=_in_words(facets, told),
        asked=asked is not None,
    )


def _facets(one: SchoolTable, other: SchoolTable) -> Mapping[str, Months]:
    """How each part of a life differs in each future, as places in _HOW: (replications,)."""
    left = [each.leaves & ~each.dropped for each in (one, other)]
    became = [each.opening_month != NOT_IN_RUN for each in (one, other)]
    later_out = one.first_month_alone - other.first_month_alone
    academy = _apart(became[0], became[1], one.opening_month - other.opening_month)
    other_route = (academy == 0) & (one.route != other.route)
    dropped = _apart(one.dropped, other.dropped, later_out)
    inside = _apart(one.inside, other.inside)
    return {
        "joins the partnership": _apart(one.leaves | one.inside, other.leaves | other.inside),
        "leaves the partnership": _apart(left[0], left[1], later_out),
        "is dropped as the partnership dissolves": dropped,
        "becomes an academy": np.where(other_route, _HOW.index("by another route"), academy),
        "is a member at the end": np.where(dropped > 0, 0, inside),  # who is dropped stays out
    }


def _apart(one: BoolTable, other: BoolTable, later: Months | None = None) -> Months:
    """Only here, only there, or in both and sooner or later here."""
    months = np.zeros(one.shape, dtype=np.int64) if later is None else later
    both = one & other
    cases = [one & ~other, other & ~one, both & (months < 0), both & (months > 0)]
    return np.select(cases, [1, 2, 3, 4], 0)


def _in_words(facets: Mapping[str, Months], future: int) -> str:
    """``leaves the partnership only there``; "" where nothing differs."""
    said = [f"{name} {_HOW[how[future]]}" for name, how in facets.items() if how[future]]
    return listed(said) if said else ""


def _milestones(school: SchoolTable) -> Months:
    """Months until a school first leaves, and until it is an academy: (2, replications).

    Never is the horizon; a school that never joins has left at 0.
    """
    stays = np.where(school.inside, school.months, 0)
    left = np.where(school.leaves, school.first_month_alone, stays)
    opening = school.opening_month
    opened = np.where(opening == NOT_IN_RUN, school.months, np.maximum(opening, 0))
    return np.stack([left, opened])


def _nearest_to_median(futures: Months, spread: Months, level: Months) -> int:
    """The future nearest to the medians of the differences, then of the baseline's months."""
    away = [
        np.abs(values[:, futures] - np.median(values[:, futures], axis=1)[:, None]).sum(axis=0)
        for values in (spread, level)
    ]
    return int(futures[np.lexsort((futures, away[1], away[0]))[0]])
