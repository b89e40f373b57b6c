"""The future that is told of a school is typical of how two scenarios differ for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rsip_sim.measures.runs import SchoolTable, read_schools
from rsip_sim.studies.story.futures import choose_future
from tests.fakes.school_lives import NO_AGREEMENT, TWO_YEAR, Remembered, outcome_of, shipped
from tests.fakes.worlds import rotherham


def table(
    left: Sequence[int], inside: Sequence[int], opened: Sequence[int] | None = None, **rest: int
) -> SchoolTable:
    """One school: the month it first left, whether it is in at the end, when it opened."""
    columns = {"first_month_alone": [left], "member_at_end": [inside]}
    if opened is not None:
        columns["opening_month"] = [opened]
        columns["route"] = [[int(month >= 0) for month in opened]]
    outcome = outcome_of(columns)
    for month, future in rest.items():
        outcome.panel["partnership_ended"][int(month[1:]) :, future] = 1
    return read_schools(Remembered({"s": outcome}, rotherham()), "s")


def test_the_commonest_kind_of_difference_is_told_at_its_median() -> None:
    """Four futures in which it never leaves, by 50, 40, 30 and 10 months; one in which it does."""
    theirs = table([10, 20, 30, 50, -1, -1], [0, 0, 0, 0, 1, 1])
    ours = table([-1, -1, -1, -1, 5, -1], [1, 1, 1, 1, 0, 1])
    chosen = choose_future(ours, theirs, 0)
    assert chosen.differing == 5
    assert next(iter(chosen.kinds)) == (
        "leaves the partnership only there and is a member at the end only here"
    )
    assert list(chosen.kinds.values()) == [4, 1]
    # the median of 50, 40, 30 and 10 months is 35, and of the months left 25: two are alike near
    assert chosen.replication == 1


def test_ties_go_to_the_smaller_number_whatever_the_order() -> None:
    theirs = table([30, 30, 30], [0, 0, 0])
    ours = table([-1, -1, -1], [1, 1, 1])
    assert choose_future(ours, theirs, 0).replication == 0


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (table([-1], [1]), table([9], [1]), "leaves the partnership only there"),
        (table([9], [0]), table([-1], [1]), "leaves the partnership only here and is a member at "
         "the end only there"),
        (table([9], [0]), table([8], [0]), "leaves the partnership later here"),
        (table([7], [1]), table([8], [0]), "leaves the partnership sooner here and is a member at "
         "the end only here"),
        (table([-1], [1]), table([-1], [0]), "joins the partnership only here and is a member at "
         "the end only here"),
        (table([-1], [0]), table([5], [0]), "joins the partnership only there and leaves the "
         "partnership only there"),
        (table([-1], [1]), table([9], [0], m9=0), "is dropped as the partnership dissolves only "
         "there"),
        (table([-1], [1], [20]), table([-1], [1], [-1]), "becomes an academy only here"),
        (table([-1], [1], [20]), table([9], [1], [30]), "leaves the partnership only there and "
         "becomes an academy sooner here"),
    ],
)  # fmt: skip
def test_a_difference_is_named_for_what_it_is(
    ours: SchoolTable, theirs: SchoolTable, words: str
) -> None:
    chosen = choose_future(ours, theirs, 0)
    assert chosen.kind == words
    assert chosen.differing == 1


def test_where_no_life_differs_the_most_typical_is_told() -> None:
    """It leaves at 5, 20, 21, 22 and 50 months: the median is 21."""
    school = table([5, 20, 21, 22, 50], [0, 0, 0, 0, 0])
    chosen = choose_future(school, school, 0)
    assert (chosen.differing, chosen.kinds, chosen.kind) == (0, {}, "")
    assert chosen.replication == 2


def test_a_future_may_be_asked_for() -> None:
    ours, theirs = table([-1, -1], [1, 1]), table([9, -1], [0, 1])
    chosen = choose_future(ours, theirs, 0, 1)
    assert (chosen.replication, chosen.kind, chosen.asked) == (1, "", True)


def test_every_kind_is_counted_once() -> None:
    """The kinds add up to the futures in which a life differs, for every shipped school."""
    ours = read_schools(shipped(), TWO_YEAR.name)
    theirs = read_schools(shipped(), NO_AGREEMENT.name)
    for row in range(0, 126, 5):
        chosen = choose_future(ours, theirs, row)
        assert sum(chosen.kinds.values()) == chosen.differing
        assert all(chosen.kinds)
        assert chosen.kind == next(iter(chosen.kinds), "")
        differs = ours.of(row).first_month_alone != theirs.of(row).first_month_alone
        assert chosen.differing >= differs.sum()
