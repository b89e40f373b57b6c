"""The first thing in which two lives of one school in one future differ, and its terms."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import SPONSORED
from rsip_sim.studies.story.life import Life, Meeting

FOUNDING, MEMBERSHIP, APPLICATION = "founding", "membership", "application"
NO_PARTNERSHIP, DISSOLUTION, COMPANY, ORDER, OPENING = (
    "no partnership", "dissolution", "company", "order", "opening"
)  # fmt: skip
OWN = (FOUNDING, MEMBERSHIP, APPLICATION)
"""Differences that are decisions of the school itself."""

BEFORE_START = -1
SMALLEST = 5e-4  # what differs by less shows as no difference in a table of three decimals


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

    month    model month; BEFORE_START for an application before month 0
    kind     founding, membership and application are decisions of the school; the others befall it
    ours, theirs            what comes of it in the two lives: a member, applied, opened …
    meeting_ours, …_theirs  the meeting at which it is decided, where it is
    terms    of the decision, those that differ most first; empty where none was compared
    """

    month: int
    kind: str
    ours: bool
    theirs: bool
    meeting_ours: Meeting | None = None
    meeting_theirs: Meeting | None = None
    terms: tuple[Term, ...] = ()

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
    found = [*_before_the_start(ours, theirs), *_at_the_founding(ours, theirs)]
    if found:
        return tuple(found)
    month = first_month_apart(ours, theirs)
    if month is None:
        return ()
    return tuple([*_conversion(ours, theirs, month), *_membership(ours, theirs, month)])


def first_month_apart(ours: Life, theirs: Life) -> int | None:
    """The first month after which membership, status or what is under way differs."""
    for month in range(ours.horizon):
        if _state(ours, month) != _state(theirs, month):
            return month
    return None


def _state(life: Life, month: int) -> tuple[int, ...]:
    due = int(life.months["opening_due"][month])
    state = [int(life.months[name][month]) for name in ("member", "academy")]
    if due == NEVER:
        return (*state, due)
    return (*state, due, *(int(life.months[name][month]) for name in ("due_route", "withdraws")))


def _before_the_start(ours: Life, theirs: Life) -> Iterator[TurningPoint]:
    one, other = ours.founding.in_pipeline, theirs.founding.in_pipeline
    if one != other:
        yield TurningPoint(BEFORE_START, APPLICATION, one, other)


def _at_the_founding(ours: Life, theirs: Life) -> Iterator[TurningPoint]:
    one, other = ours.joined_at_founding, theirs.joined_at_founding
    if one == other:
        return
    if not (ours.founding.utility and theirs.founding.utility):
        yield TurningPoint(0, NO_PARTNERSHIP, one, other)
        return
    terms = utility_terms(ours.founding, theirs.founding)
    yield TurningPoint(0, FOUNDING, one, other, ours.founding, theirs.founding, terms)


def _conversion(ours: Life, theirs: Life, month: int) -> Iterator[TurningPoint]:
    one, other = _newly_under_way(ours, month), _newly_under_way(theirs, month)
    ordered = [life.months["due_route"][month] == SPONSORED for life in (ours, theirs)]
    if (one and ordered[0]) != (other and ordered[1]):
        yield TurningPoint(month, ORDER, one and ordered[0], other and ordered[1])
        return
    itself = [life.applies_itself(month) for life in (ours, theirs)]
    if itself[0] != itself[1] and one != other:
        meetings = ours.meeting(month), theirs.meeting(month)
        terms = clock_terms(ours, theirs, month)
        yield TurningPoint(month, APPLICATION, one, other, *meetings, terms)
    elif _state(ours, month)[1:] != _state(theirs, month)[1:]:
        yield TurningPoint(month, COMPANY, one, other)


def _newly_under_way(life: Life, month: int) -> bool:
    """Whether an application or order begins in this month."""
    now = int(life.months["opening_due"][month])
    if now == NEVER:
        return False
    before = int(life.months["opening_due"][month - 1]) if month else NEVER
    started = month > 0 or not life.founding.in_pipeline
    return started and before in (NEVER, month)


def _membership(ours: Life, theirs: Life, month: int) -> Iterator[TurningPoint]:
    one, other = (bool(life.months["member"][month]) for life in (ours, theirs))
    if one == other:
        return
    if any(life.dissolves(month) for life in (ours, theirs)):
        yield TurningPoint(month, DISSOLUTION, one, other)
        return
    here, there = ours.meeting(month), theirs.meeting(month)
    if here is None or there is None:
        yield TurningPoint(month, OPENING, one, other)
    elif not (here.utility and there.utility):
        yield TurningPoint(month, NO_PARTNERSHIP, one, other)
    elif here.seen["member"] != there.seen["member"]:
        yield TurningPoint(month, OPENING, one, other)  # before the meeting of the same month
    else:
        yield TurningPoint(month, MEMBERSHIP, one, other, here, there, utility_terms(here, there))


def utility_terms(ours: Meeting, theirs: Meeting) -> tuple[Term, ...]:
    """The terms of the utility of membership, those that differ most first."""
    pairs = _pairs(ours.utility, theirs.utility)
    return _sorted([Term(n, one, other, one - other) for n, (one, other) in pairs.items()])


def clock_terms(ours: Life, theirs: Life, month: int) -> tuple[Term, ...]:
    """The terms of the conversion rate, by how much each has moved the clock.

    Both clocks run to the same threshold, which is luck that the lives share. At each meeting
    since the clocks started, the difference of the two steps is shared out by the differences of
    the terms: all are multiplied by the same slope, step ÷ rate, so that they add up to the
    difference of the steps. What cannot be added up (no application allowed, no rate at all)
    takes the whole difference.
    """
    total: dict[str, float] = {}
    pairs: dict[str, tuple[float, float]] = {}
    for one, other in _since_the_start(ours, theirs, month):
        pairs = _pairs(one.rate, other.rate)
        for name, share in _shared_out(pairs, one.step - other.step).items():
            total[name] = total.get(name, 0.0) + share / one.threshold
    return _sorted([Term(n, *pairs.get(n, (0.0, 0.0)), moved) for n, moved in total.items()])


def _since_the_start(ours: Life, theirs: Life, month: int) -> list[tuple[Meeting, Meeting]]:
    """The pairs of meetings of this spell of the clock, to the month, in order."""
    spell: list[tuple[Meeting, Meeting]] = []
    for one, other in zip(ours.meetings, theirs.meetings, strict=True):
        if one.month > month:
            break
        if spell and one.clock < spell[-1][0].clock + spell[-1][0].step - 1e-12:
            spell = []  # withdrawn since: the clock began again
        spell.append((one, other))
    return spell


def _shared_out(pairs: Mapping[str, tuple[float, float]], difference: float) -> dict[str, float]:
    gaps = {name: one - other for name, (one, other) in pairs.items() if one != other}
    without_limit = [name for name, gap in gaps.items() if math.isinf(gap)]
    if without_limit:
        return {name: difference / len(without_limit) for name in without_limit}
    total = math.fsum(gaps.values())
    if abs(total) < 1e-12:
        return dict.fromkeys(pairs, 0.0)
    slope = difference / total
    return {name: gaps.get(name, 0.0) * slope for name in pairs}


def _pairs(
    ours: Mapping[str, float], theirs: Mapping[str, float]
) -> dict[str, tuple[float, float]]:
    names = [*ours, *(name for name in theirs if name not in ours)]
    return {name: (ours.get(name, 0.0), theirs.get(name, 0.0)) for name in names}


def _sorted(terms: list[Term]) -> tuple[Term, ...]:
    """Those that differ most first; those that do not, in the order of the model."""
    return tuple(sorted(terms, key=lambda term: -abs(term.moved)))
