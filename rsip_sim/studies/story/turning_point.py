"""The first thing in which two lives of one school in one future differ, and its terms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import SPONSORED
from rsip_sim.studies.story.life import Life, Meeting

FOUNDING, MEMBERSHIP, APPLICATION = "founding", "membership", "application"
OWN = (FOUNDING, MEMBERSHIP, APPLICATION)
"""Differences that are decisions of the school itself; the others befall it."""

NO_PARTNERSHIP, DISSOLUTION, COMPANY = "no partnership", "dissolution", "company"
ORDER, OPENING = "order", "opening"

BEFORE_START = -1
SMALLEST = 5e-4  # what differs by less shows as no difference in a table of three decimals

Pair = tuple[bool, bool]
"""Of the life under the scenario and of that under the baseline."""


@dataclass(frozen=True)
class Term:
    """One term of a decision under two scenarios.

    ours, theirs  the term at the meeting
    moved         for a conversion: by how much the term has moved our clock further than theirs
                  since both last started, the meeting included, as a share of the way to an
                  application; else ours − theirs
    """

    name: str
    ours: float
    theirs: float
    moved: float


@dataclass(frozen=True)
class TurningPoint:
    """What differs first; two things may in one month, and each is a turning point.

    month     model month; BEFORE_START for an application before month 0
    happens   what comes of it in the two lives: a member, applied, opened …
    meetings  at which it is decided, where it is;  member: whether it was one before them
    terms     of the decision, those that differ most first; empty where none was compared
    """

    month: int
    kind: str
    happens: Pair
    meetings: tuple[Meeting, Meeting] | None = None
    terms: tuple[Term, ...] = ()
    member: bool = False

    @property
    def own(self) -> bool:
        """Whether it is a decision of the school itself."""
        return self.kind in OWN

    def differing(self) -> tuple[Term, ...]:
        """The terms that made the difference, the largest first."""
        return tuple(term for term in self.terms if not abs(term.moved) < SMALLEST)


def turning_points(ours: Life, theirs: Life) -> tuple[TurningPoint, ...]:
    """What differs in the first month in which decisions or legal status do; () if nothing does.

    A grade or the support that a school gets is its situation, and no turning point.
    """
    found = tuple(_at_the_start(ours, theirs))
    month = None if found else first_month_apart(ours, theirs)
    if month is None:
        return found
    return (*_conversion(ours, theirs, month), *_membership(ours, theirs, month))


def first_month_apart(ours: Life, theirs: Life) -> int | None:
    """The first month after which membership, status or what is under way differs."""
    for month in range(ours.horizon):
        if _state(ours, month) != _state(theirs, month):
            return month
    return None


def _state(life: Life, month: int) -> tuple[int, ...]:
    names = ["member", "academy", "opening_due"]
    if life.months["opening_due"][month] != NEVER:
        names += ["due_route", "withdraws"]
    return tuple(int(life.months[name][month]) for name in names)


def _at_the_start(ours: Life, theirs: Life) -> Iterator[TurningPoint]:
    rounds = ours.founding, theirs.founding
    under_way = ours.founding.in_pipeline, theirs.founding.in_pipeline
    if under_way[0] != under_way[1]:
        yield TurningPoint(BEFORE_START, APPLICATION, under_way)
    joined = ours.joined_at_founding, theirs.joined_at_founding
    if joined[0] != joined[1]:
        if all(each.utility for each in rounds):
            yield TurningPoint(0, FOUNDING, joined, rounds, utility_terms(*rounds))
        else:
            yield TurningPoint(0, NO_PARTNERSHIP, joined)


def _conversion(ours: Life, theirs: Life, month: int) -> Iterator[TurningPoint]:
    begins = _begins(ours, month), _begins(theirs, month)
    ordered = (
        begins[0] and bool(ours.months["due_route"][month] == SPONSORED),
        begins[1] and bool(theirs.months["due_route"][month] == SPONSORED),
    )
    if ordered[0] != ordered[1]:
        yield TurningPoint(month, ORDER, ordered)
    elif begins[0] != begins[1] and ours.applies_itself(month) != theirs.applies_itself(month):
        terms = clock_terms(ours.meetings, theirs.meetings, month)
        yield TurningPoint(month, APPLICATION, begins, _meetings(ours, theirs, month), terms)
    elif _state(ours, month)[1:] != _state(theirs, month)[1:]:
        yield TurningPoint(month, COMPANY, begins)


def _begins(life: Life, month: int) -> bool:
    """Whether an application or order begins in this month."""
    due = life.months["opening_due"]
    if due[month] == NEVER:
        return False
    if month == 0:
        return not life.founding.in_pipeline
    return int(due[month - 1]) in (NEVER, month)


def _meetings(ours: Life, theirs: Life, month: int) -> tuple[Meeting, Meeting] | None:
    """The meetings of a month, where there are any: the lives have them in the same months."""
    return (ours.meetings[month], theirs.meetings[month]) if month in ours.meetings else None


def _membership(ours: Life, theirs: Life, month: int) -> Iterator[TurningPoint]:
    member = bool(ours.months["member"][month]), bool(theirs.months["member"][month])
    if member[0] == member[1]:
        return
    meetings = _meetings(ours, theirs, month)
    if ours.dissolves(month) or theirs.dissolves(month):
        yield TurningPoint(month, DISSOLUTION, member)
    elif meetings is None:
        yield TurningPoint(month, OPENING, member)
    elif not all(each.utility for each in meetings):
        yield TurningPoint(month, NO_PARTNERSHIP, member)
    elif meetings[0].seen["member"] != meetings[1].seen["member"]:
        yield TurningPoint(month, OPENING, member)  # before the meeting of the same month
    else:
        terms, before = utility_terms(*meetings), ours.member_before(month)
        yield TurningPoint(month, MEMBERSHIP, member, meetings, terms, before)


def utility_terms(ours: Meeting, theirs: Meeting) -> tuple[Term, ...]:
    """The terms of the utility of membership, those that differ most first."""
    pairs = _pairs(ours.utility, theirs.utility)
    return _sorted(Term(name, one, other, one - other) for name, (one, other) in pairs.items())


def clock_terms(
    ours: Mapping[int, Meeting], theirs: Mapping[int, Meeting], month: int
) -> tuple[Term, ...]:
    """The terms of the conversion rate, by how much each has moved the clock.

    Both clocks run to the same threshold, which is luck that the lives share. At each meeting
    since the clocks started, the difference of the two steps is shared out by the differences of
    the terms: all are multiplied by the same slope, step ÷ rate, so that they add up to the
    difference of the steps. What cannot be added up (no application allowed, no rate at all)
    takes the whole difference.
    """
    total: dict[str, float] = {}
    pairs: dict[str, tuple[float, float]] = {}
    before = 0.0  # where our clock stood after the meeting before
    for one, other in zip(ours.values(), theirs.values(), strict=True):
        if one.month > month:
            break
        if one.clock < before - 1e-12:
            total = {}  # withdrawn since: the clock began again
        before = one.clock + one.step
        pairs = _pairs(one.rate, other.rate)
        for name, share in _shared_out(pairs, one.step - other.step).items():
            total[name] = total.get(name, 0.0) + share / one.threshold
    return _sorted(Term(n, *pairs.get(n, (0.0, 0.0)), moved) for n, moved in total.items())


def _shared_out(pairs: Mapping[str, tuple[float, float]], difference: float) -> dict[str, float]:
    gaps = {name: one - other for name, (one, other) in pairs.items() if one != other}
    without_limit = [name for name, gap in gaps.items() if math.isinf(gap)]
    if without_limit:
        return {name: difference / len(without_limit) for name in without_limit}
    total = math.fsum(gaps.values())
    slope = 0.0 if abs(total) < 1e-12 else difference / total
    return {name: gaps.get(name, 0.0) * slope for name in pairs}


def _pairs(
    ours: Mapping[str, float], theirs: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    return {name: (ours.get(name, 0.0), theirs.get(name, 0.0)) for name in {**ours, **theirs}}


def _sorted(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Those that differ most first; those that do not, in the order of the model."""
    return tuple(sorted(terms, key=lambda term: -abs(term.moved)))
