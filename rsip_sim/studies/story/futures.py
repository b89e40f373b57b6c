"""Which future to tell of one school: one that is typical of how two scenarios differ for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.school_table import NOT_IN_RUN, SchoolTable
from rsip_sim.report.words import listed

RULE = (
    "the commonest kind of difference is told, and of the futures with it the one nearest to "
    "their median, in months of leaving and of becoming an academy"
)

_STAY = (
    ("", "", ""),
    (
        "never leaves the partnership, instead of leaving it for a time",
        "never leaves the partnership, instead of leaving it for good",
        "",
    ),
    (
        "leaves the partnership for a time, instead of never leaving it",
        "",
        "leaves the partnership for good, instead of never leaving it",
    ),
    ("leaves the partnership later",) * 3,
    ("leaves the partnership sooner",) * 3,
    (
        "joins the partnership for a time, instead of never joining it",
        "joins the partnership, instead of never joining it",
        "",
    ),
    (
        "never joins the partnership, instead of joining it for a time",
        "",
        "never joins the partnership, instead of joining it",
    ),
    ("", "never leaves the partnership, instead of being dropped when it dissolves", ""),
    ("", "", "is dropped when the partnership dissolves, instead of never leaving it"),
)
"""By how the first leaving differs, and by whether membership at the end does (as _END)."""
_ACADEMY = (
    "",
    "becomes an academy, instead of staying maintained",
    "stays maintained, instead of becoming an academy",
    "becomes an academy sooner",
    "becomes an academy later",
    "becomes an academy by the other route",
)
_END = (
    "",
    "is a member at the end, instead of being outside",
    "is outside at the end, instead of being a member",
)
_END_IS_SAID = (1, 2, 5, 6, 7, 8)  # kinds of _STAY whose words tell how it ends
_MEMBERSHIP = (
    "never joins",
    "stays in the partnership",
    "leaves it for good",
    "leaves and returns",
)
_STATUS = ("keeps its legal status", "becomes an academy by choice", "becomes an academy by order")

Months = NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """One kind of difference, or of life where none differs, and in how many futures it comes."""

    words: str
    futures: int


@dataclass(frozen=True)
class ChosenFuture:
    """The future to tell, and how the others differ.

    replication   number of the future, from 0
    replications  futures simulated
    differing     futures in which the school's life differs
    kinds         of difference, commonest first; where no life differs, kinds of life
    kind          of the future told; "" where its lives are the same and others differ
    asked         the future was asked for by its number
    """

    replication: int
    replications: int
    differing: int
    kinds: tuple[Kind, ...]
    kind: str
    asked: bool


def choose_future(
    ours: SchoolTable, theirs: SchoolTable, row: int, asked: int | None = None
) -> ChosenFuture:
    """The future to tell of one school under two scenarios.

    A life differs where the stored rows differ in the month or route of becoming an academy, in
    the month of first leaving the partnership, or in membership at the end. Of the commonest kind
    of difference the future nearest to the median is chosen; where no life differs, the same of
    the commonest kind of life. Ties go to the smaller number.

    asked  the number of a future wanted instead
    """
    one, other = ours.of(row), theirs.of(row)
    replications = len(one.route)
    codes, words = _kinds_of_difference(one, other)
    differing = int((codes > 0).sum())
    level = _milestones(other)
    spread = _milestones(one) - level
    if differing == 0:
        codes, words = _kinds_of_life(other)
        spread = level
    kinds, commonest = _counted(codes, words, differing > 0)
    chosen = _nearest_to_median(np.flatnonzero(codes == commonest), spread, level)
    told = chosen if asked is None else asked
    return ChosenFuture(
        told, replications, differing, kinds, words[int(codes[told])], asked is not None
    )


def _milestones(school: SchoolTable) -> Months:
    """Months until a school first leaves, and until it is an academy: (2, replications).

    Never is the horizon; a school that never joins has left at 0.
    """
    stays = np.where(school.inside, school.months, 0)
    left = np.where(school.leaves, school.first_month_alone, stays)
    opening = school.opening_month
    opened = np.where(opening == NOT_IN_RUN, school.months, np.maximum(opening, 0))
    return np.stack([left, opened])


def _kinds_of_difference(one: SchoolTable, other: SchoolTable) -> tuple[Months, dict[int, str]]:
    """A code a future, 0 where nothing differs, and the codes in words."""
    leaves, inside = (one.leaves, other.leaves), (one.inside, other.inside)
    ever = [left | there for left, there in zip(leaves, inside, strict=True)]
    later = np.sign(one.first_month_alone - other.first_month_alone)
    stay = np.select(
        [
            ever[0] & ~ever[1], ever[1] & ~ever[0], other.dropped & ~leaves[0],
            one.dropped & ~leaves[1], leaves[1] & ~leaves[0], leaves[0] & ~leaves[1],
            later > 0, later < 0,
        ],
        [5, 6, 7, 8, 1, 2, 3, 4],
        0,
    )  # fmt: skip
    became = (one.opening_month != NOT_IN_RUN, other.opening_month != NOT_IN_RUN)
    sooner = np.sign(one.opening_month - other.opening_month)
    academy = np.select(
        [became[0] & ~became[1], became[1] & ~became[0], sooner < 0, sooner > 0,
         one.route != other.route],
        [1, 2, 3, 4, 5],
        0,
    )  # fmt: skip
    end = np.select([inside[0] & ~inside[1], inside[1] & ~inside[0]], [1, 2], 0)
    shape = (len(_STAY), len(_ACADEMY), len(_END))
    codes = np.ravel_multi_index((stay, academy, end), shape)
    return codes, _in_words(codes, shape, _difference_in_words)


def _kinds_of_life(school: SchoolTable) -> tuple[Months, dict[int, str]]:
    left, inside = school.leaves, school.inside
    membership = np.select([left & inside, left, inside], [3, 2, 1], 0)
    status = np.where(school.opens, school.route, 0)
    shape = (len(_MEMBERSHIP), len(_STATUS))
    codes = np.ravel_multi_index((membership, status), shape)
    return codes, _in_words(codes, shape, lambda m, s: f"{_MEMBERSHIP[m]} and {_STATUS[s]}")


def _difference_in_words(stay: int, academy: int, end: int) -> str:
    last = "" if stay in _END_IS_SAID else _END[end]
    said = [words for words in (_STAY[stay][end], _ACADEMY[academy], last) if words]
    return listed(said) if said else ""


def _in_words(codes: Months, shape: tuple[int, ...], words: Callable[..., str]) -> dict[int, str]:
    """Each code that comes, in words made from the places it stands for."""
    distinct = np.unique(codes)
    places = np.stack(np.unravel_index(distinct, shape), axis=1).tolist()
    return {int(code): words(*at) for code, at in zip(distinct, places, strict=True)}


def _counted(
    codes: Months, words: dict[int, str], differences: bool
) -> tuple[tuple[Kind, ...], int]:
    """The kinds, commonest first, without the futures in which nothing differs."""
    found, counts = np.unique(codes, return_counts=True)
    keep = found > 0 if differences else found >= 0
    found, counts = found[keep], counts[keep]
    order = np.lexsort((found, -counts))
    kinds = tuple(Kind(words[int(found[i])], int(counts[i])) for i in order)
    return kinds, int(found[order[0]])


def _nearest_to_median(futures: Months, spread: Months, level: Months) -> int:
    """The future nearest to the medians of the differences, then of the baseline's months."""
    away = [
        np.abs(values[:, futures] - np.median(values[:, futures], axis=1)[:, None]).sum(axis=0)
        for values in (spread, level)
    ]
    return int(futures[np.lexsort((futures, away[1], away[0]))[0]])
