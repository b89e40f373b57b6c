"""What lay upstream of what differs: of a decision, and of an event that no school decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.months import month_name, month_of_year
from rsip_sim.evidence.register import load_register
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.report.words import listed
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.studies.story.events import grade_words
from rsip_sim.studies.story.life import Life, Meeting
from rsip_sim.studies.story.terms import RATE, why_utility
from rsip_sim.studies.story.turning_point import (
    APPLICATION,
    COMPANY,
    DISSOLUTION,
    OPENING,
    ORDER,
    SHOWN,
    TurningPoint,
    utility_terms,
)

APRIL = 4
MOST_NAMED = 3
MAIN_TERMS = 3
_VISIBLE = {"adequacy": 0.005, "confidence": 0.005, "peers": 0.005, "academies": 0.005}
_SEEN_WORDS = {
    **{row.felt.name: row.felt.noun for row in LEVERS.values() if row.felt},
    "unexpired": "the months that the agreement had to run",
    "adequacy": "the support that members like it had",
    "confidence": "confidence in the partnership",
    "peers": "the pupils around it in the partnership",
    "academies": "the share of academies",
}


def causes(point: TurningPoint, ours: Life, theirs: Life) -> tuple[str, ...]:
    """Sentences on what came before; () where the decision itself is all there is to tell."""
    if point.month < 1:
        return ()
    told = [*_since_when(point, ours, theirs)]
    if point.kind == DISSOLUTION:
        told += _unpaid(theirs if point.ours else ours, point.month)
    main = [term for term in point.differing()[:MAIN_TERMS] if abs(term.moved) >= SHOWN]
    for term in main:
        told += _behind(term.name, point, ours, theirs)
    return tuple(told)


def _since_when(point: TurningPoint, ours: Life, theirs: Life) -> Iterator[str]:
    """When its situation first differed, if that was before the decision."""
    grades = ours.months["grade"] != theirs.months["grade"]
    graded = int(grades.argmax()) if grades.any() else ours.horizon
    for place, (one, other) in enumerate(zip(ours.meetings, theirs.meetings, strict=True)):
        if one.month >= point.month or one.month < 0:
            continue
        saw = _sees_apart(one, other)
        if point.kind == APPLICATION:
            saw = [*_rates_apart(one, other), *saw]
        if graded <= one.month:
            saw = ["its Ofsted grade", *saw]
        if saw:
            alike = sum(each.month < point.month for each in ours.meetings[place:])
            when = month_name(ours.start + one.month)
            yield (
                f"Its situation differed before its decisions did: from its meeting in {when} on, "
                f"first in {listed(saw)}. It decided alike at {_meetings(alike)} before then."
            )
            return


def _meetings(number: int) -> str:
    return "the one meeting" if number == 1 else f"the {number} meetings"


def _sees_apart(ours: Meeting, theirs: Meeting) -> list[str]:
    return [
        _SEEN_WORDS[name] for name, seen in ours.seen.items()
        if name in _SEEN_WORDS
        and abs(seen - theirs.seen.get(name, 0.0)) > _VISIBLE.get(name, 0.0)
    ]  # fmt: skip


def _rates_apart(ours: Meeting, theirs: Meeting) -> list[str]:
    """What differs in the rate of conversion and is not among the things seen."""
    return [
        f"the {RATE[name].short}" for name in ("national", "money", "neighbours", "trust")
        if abs(ours.rate[name] - theirs.rate[name]) >= SHOWN
    ]  # fmt: skip


def _behind(name: str, point: TurningPoint, ours: Life, theirs: Life) -> Iterator[str]:
    before = point.month - 1
    if name in ("security", "rebound"):
        had = [f"under '{life.title}' {_agreement(life, before)}" for life in (ours, theirs)]
        yield f"The agreement: {'; '.join(had)}."
    elif name == "peers":
        yield from _neighbours_in(ours, theirs, before)
    elif name == "neighbours":
        yield from _neighbours_converted(ours, theirs, point.month)
    elif name == "support":
        yield _money(ours, theirs, before)
    elif name == "confidence":
        yield from _reviews(ours, theirs, before)
    elif name == "grade":
        told = "; ".join(
            f"{grade_words(life.before('grade', point.month))} under '{life.title}'"
            for life in (ours, theirs)
        )
        yield f"Its grade: {told}."
    elif name == "membership":
        yield from _hold(point)


def _agreement(life: Life, month: int) -> str:
    """What had become of the agreement by the end of a month."""
    force, cover = life.panel["agreement_in_force"], life.panel["cover_months"]
    changes = np.diff(force[: month + 1].astype(int), prepend=0)
    begun, ended = np.flatnonzero(changes > 0), np.flatnonzero(changes < 0)
    if not len(begun):
        return "there had been none"
    if len(ended) and ended[-1] > begun[-1]:
        what = "ended with the partnership" if life.panel["partnership_ended"][month] else "lapsed"
        return f"it {what} in {month_name(life.start + int(ended[-1]))}"
    renewals = [
        m for m in range(int(begun[-1]) + 1, month + 1) if cover[m] > cover[m - 1]
    ]  # fmt: skip
    last = month_name(life.start + month + int(cover[month]) - 1)
    since = month_name(life.start + (renewals[-1] if renewals else int(begun[-1])))
    return f"it was {'renewed' if renewals else 'signed'} in {since} and ran to {last}"


def _neighbours_in(ours: Life, theirs: Life, month: int) -> Iterator[str]:
    if not len(ours.neighbours):
        yield "It has no learning community, so it looks at the pupils of the whole authority."
        return
    inside = [life.around[:, month] for life in (ours, theirs)]
    yield from _under_one_alone(ours, theirs, inside, ("was a member", "were members"))


def _neighbours_converted(ours: Life, theirs: Life, month: int) -> Iterator[str]:
    felt = int(float(str(load_register()["contagion_months"].value)))
    opened = [life.schools["opening_month"][life.neighbours] for life in (ours, theirs)]
    recent = [(each > month - felt) & (each <= month) & (each != -1) for each in opened]
    yield from _under_one_alone(ours, theirs, recent, ("had converted by then",) * 2)


def _under_one_alone(
    ours: Life, theirs: Life, which: Sequence[NDArray[np.bool_]], did: tuple[str, str]
) -> Iterator[str]:
    """Neighbours of which something holds under one scenario alone.

    which  for whom it holds, under either: (neighbours,);  did: of one of them, of several
    """
    one, other = which
    for life, alone in ((ours, one & ~other), (theirs, other & ~one)):
        names = [ours.scenario.roster.school[row] for row in ours.neighbours[alone]]
        if names:
            who, what = listed(names, most=MOST_NAMED), did[len(names) > 1]
            yield f"Of its learning community, {who} {what} only under '{life.title}'."


def _money(ours: Life, theirs: Life, month: int) -> str:
    """The year's money for support, under both."""
    names = {"pooled_pence_per_year": "the earmark of the partnership",
             "ses_pence_per_year": "the council's own service"}  # fmt: skip
    told = []
    for column, words in names.items():
        one, other = (int(life.panel[column][month]) // 100 for life in (ours, theirs))
        if one != other:
            told.append(f"£{one:,} instead of £{other:,} a year for {words}")
    if told:
        return f"Behind the support lay {' and '.join(told)}."
    return (
        "The money for support was the same; the difference lies in the schools that shared it: "
        "other members, or other grades."
    )


def _unpaid(life: Life, month: int) -> Iterator[str]:
    """Since when a partnership that dissolves has been without an earmark."""
    paid = np.flatnonzero(life.panel["pooled_pence_per_year"][:month] > 0)
    if len(paid) and paid[-1] < month - 1:
        since = int(paid[-1]) + 1
        yield f"It had been paid no earmark since {month_name(life.start + since)}."


def _reviews(ours: Life, theirs: Life, month: int) -> Iterator[str]:
    gaps = np.abs(ours.panel["confidence"] - theirs.panel["confidence"]) > 1e-9
    if gaps[: month + 1].any():
        since = month_name(ours.start + int(gaps.argmax()))
        yield f"Confidence has differed since the review of {since}."


def _hold(point: TurningPoint) -> Iterator[str]:
    """Why the partnership held the school back more in one of the two."""
    ours, theirs = point.meeting_ours, point.meeting_theirs
    if ours is None or theirs is None or not (ours.utility and theirs.utility):
        return
    terms = utility_terms(ours, theirs)
    whole = sum(term.moved for term in terms)
    told = [
        why_utility(term, ours, theirs)
        for term in terms
        if abs(term.moved) >= SHOWN and term.moved * whole > 0
    ]
    if told:
        yield f"The hold of the partnership differed mainly because {' and '.join(told[:2])}."


def causes_of_event(point: TurningPoint, ours: Life, theirs: Life) -> str:
    """Why it differs, where it is no decision of the school; '' where the words say it already."""
    if point.kind == ORDER:
        return _order(ours, theirs, point.month)
    if point.kind == COMPANY:
        return _company(point, ours, theirs)
    if point.kind == DISSOLUTION:
        return _dissolution(theirs if point.ours else ours, point.month)
    if point.kind == OPENING:
        return (
            "Most members stay when they become academies, where academies may; what differs is "
            "that rule, or a commitment that ties it."
        )
    return ""


def _order(ours: Life, theirs: Life, month: int) -> str:
    """What brought an academy order in one life alone: orders come to schools below good."""
    behind = []
    grades = [life.months["grade"][: month + 1] for life in (ours, theirs)]
    apart = np.flatnonzero(grades[0] != grades[1])
    if len(apart):
        first = int(apart[0])
        behind.append(
            f"its Ofsted grade differed in {month_name(ours.start + first)}: {grades[0][first]} "
            f"under '{ours.title}' and {grades[1][first]} under '{theirs.title}'"
        )
    courted = [int(life.months["approached"][: month + 1].max()) for life in (ours, theirs)]
    if courted[0] != courted[1]:
        under = ours.title if courted[0] > courted[1] else theirs.title
        behind.append(f"a national chain approached it under '{under}'")
    if ours.scenario.policy.levers.climate != theirs.scenario.policy.levers.climate:
        behind.append("the national climate, which orders follow too, is not the same")
    if not behind:
        behind.append("a rate of orders that differed for a time was enough")
    return f"Academy orders come to schools below good, and {listed(behind)}."


def _dissolution(life: Life, month: int) -> str:
    """Why the partnership dissolved in one life."""
    fund = life.panel["fund_pence_per_year"]
    if month_of_year(life.start + month) == APRIL and fund[month - 1] == 0:
        return "It dissolves because its fund is empty at two budgets running."
    share = float(life.panel["participation"][month - 1])
    quorum = life.scenario.policy.levers.agreement.quorum
    before = f": {share:.0%} in the month before" if share < quorum else ""
    return (
        f"It dissolves because at two reviews running fewer than {quorum:.0%} of all pupils were "
        f"in it{before}."
    )


def _company(point: TurningPoint, ours: Life, theirs: Life) -> str:
    """Which schools took it along, as far as their openings tell."""
    base = (
        "Schools of one diocese or learning community that are near an application go together "
        "with the first that applies."
    )
    roster = ours.scenario.roster
    told = []
    for life, other in ((ours, theirs), (theirs, ours)):
        due = int(life.months["opening_due"][point.month])
        if due == NEVER:
            continue
        openings, elsewhere = (each.schools["opening_month"] for each in (life, other))
        family = roster.diocese if roster.diocese[life.row] >= 0 else roster.community
        mates = (family == family[life.row]) & (roster.phase == roster.phase[life.row])
        mates &= (openings == due) & (elsewhere != due)
        mates[life.row] = False
        names = [roster.school[row] for row in np.flatnonzero(mates)]
        if names:
            who = listed(names, most=MOST_NAMED)
            told.append(f"Under '{life.title}' alone {who} opened at the same time.")
    return " ".join([base, *told])
