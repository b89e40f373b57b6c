"""One school's story told: the first decision that differs, and its terms here and there.

Here is the scenario, there the baseline.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import PENCE
from rsip_sim.model.rules.choice import logistic
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import SPONSORED
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
    columns,
)
from rsip_sim.report.words import NOTHING, counted, per_cent
from rsip_sim.studies.story.life import Life, Meeting
from rsip_sim.studies.story.school import school_words
from rsip_sim.studies.story.turning_point import (
    APPLICATION,
    COMPANY,
    DISSOLUTION,
    FOUNDING,
    MEMBERSHIP,
    NO_PARTNERSHIP,
    OPENING,
    ORDER,
    SMALLEST,
    Term,
    TurningPoint,
)
from rsip_sim.studies.story.work import LABELS, Story

WARNING = (
    "This is one simulated future and no forecast of this school: tastes, inspections and luck are "
    "drawn, and nothing is known here of its governors. It shows how a policy works on a school "
    "like it."
)
MOST_TERMS = 7
"""Terms on the first screen, those that differ most."""

MOST_KINDS = 2  # told on the first screen
UTILITY, WAY = NumberFormat(2, 2), NumberFormat(1, 1, divisor=0.01, suffix="%")

_JOINS = ("joins the partnership", "does not join it")
_OUTCOMES = {
    APPLICATION: ("applies to become an academy", "does not apply to become one"),
    ORDER: ("is ordered to become an academy", "is not ordered to become one"),
    COMPANY: ("applies together with others", "does not apply"),
    FOUNDING: _JOINS,
    MEMBERSHIP: ("stays in the partnership", "leaves the partnership"),
    NO_PARTNERSHIP: ("joins the partnership", "has no partnership to join"),
    OPENING: ("stays a member as an academy", "leaves as it becomes an academy"),
    DISSOLUTION: ("stays in the partnership", "is dropped as the partnership dissolves"),
}
"""What comes of a turning point in a life in which it happens, and in one in which it does not."""

BY_SUM = (
    "A school is a member where the terms and the luck of the day sum to more than 0: one point "
    "more multiplies the odds by 2.7. 'its end': the partnership has dissolved; 'a tie': a "
    "commitment holds it in; 'the rules': academies may not be members."
)
BY_CLOCK = (
    "A conversion has a clock: each meeting moves it on by a rate that the terms add up to (as "
    "logarithms), and the school applies when it has come the whole way. What a term moves is "
    "counted since the clock last started."
)
"""How a decision comes of its terms."""

NOTES = (
    "A partnership dissolves when its fund is empty at two budgets running, or too few pupils are "
    "in it at two reviews.",
    "Ofsted's grade 3 is called below good here, and grade 4 inadequate, which is below good too. "
    "Short of support: below good, with less than 80% of the days needed.",
    "A life differs where the school first leaves, or becomes an academy, in another month or by "
    "another route, or is in or out at the end. Of the futures with the commonest difference the "
    "one nearest to their median is told, in months of leaving and of becoming an academy.",
    "The evidence is the grade of the register on how much schools heed a term.",
)


def story_report(story: Story) -> Report:
    """The first difference on the first screen; every term, both lives and all kinds behind it."""
    scenario, chosen = story.ours.scenario, story.chosen
    about = (
        f"{school_words(scenario.roster, story.ours.row)}. Here: '{scenario.title}'; there: "
        f"'{story.theirs.scenario.title}'; future {chosen.replication} of {chosen.replications:,}."
    )
    decided = [point for point in story.points if point.terms]
    table = _standing(story)
    if decided:
        table = _terms(story, decided[0], decided[0].differing()[:MOST_TERMS])
    first = (
        Paragraph(WARNING),
        Paragraph(_answer(story), apart=True),
        table,
        Heading("How sure"),
        Points(tuple(_sure(story)), plain=True),
    )
    why: list[Block] = []
    for point in decided:
        why.append(_terms(story, point, list(filter(_is_something, point.terms))))
        why.append(Paragraph(BY_CLOCK if point.kind == APPLICATION else BY_SUM, "note"))
    parts = (
        Part("why", "All terms, here and there", tuple(why)),
        Part("life", "Both lives, month by month", (_life(story),)),
        Part("futures", "How often its life differs, and how", (_kinds(story),)),
        Part("method", "How to read this", (Points(NOTES),)),
    )
    question = f"What does '{scenario.brief}' change for {story.school}?"
    return Report(question, first, about, parts=tuple(part for part in parts if part.blocks))


def contrast(point: TurningPoint) -> str:
    """``stays in the partnership here and leaves it there``."""
    joins = point.kind == MEMBERSHIP and not point.member
    outcomes = _JOINS if joins else _OUTCOMES[point.kind]
    here, there = (outcomes[not happens] for happens in point.happens)
    if "the partnership" in here:
        there = there.replace("the partnership", "it")
    return f"{here} here and {there} there"


def when(story: Story, point: TurningPoint) -> str:
    """The month of a turning point, as it opens a sentence."""
    if point.month < 0:
        return "Before the start"
    return f"In {month_name(story.ours.start + point.month)}"


def _answer(story: Story) -> str:
    if not story.points:
        return "In this future its membership and its legal status run the same here and there."
    month = when(story, story.points[0])
    differs = " and it ".join(map(contrast, story.points))
    own = any(point.own for point in story.points)
    whose = "" if own else " This is not the school's own decision."
    return f"First difference, {month[0].lower()}{month[1:]}: it {differs}.{whose}"


def _standing(story: Story) -> Table:
    """How it stands at the first difference, or at the end, and what can dissolve a partnership."""
    at = max(story.points[0].month, 0) if story.points else story.ours.horizon - 1
    before = max(at - 1, 0)
    funds = (life.panel["fund_pence_per_year"][before] / PENCE for life in story.lives)
    inside = (life.panel["participation"][before] for life in story.lives)
    rows = [(name, *(state(life, at) for life in story.lives)) for name, state in ROWS.items()]
    rows.append(("Fund a year, the month before", *(f"£{fund:,.0f}" for fund in funds)))
    rows.append(("Pupils in it, the month before", *(f"{share:.0%}" for share in inside)))
    heading = f"At the end of {month_name(story.ours.start + at)}"
    shown = columns((heading, "here", "there"), (32, 32, 32), words=(1, 2))
    how = "One row a matter: how it stands in either life."
    return Table("standing", heading, how, shown, tuple(rows), quiet=True, apart=True)


def _terms(story: Story, point: TurningPoint, shown: Sequence[Term]) -> Table:
    """Terms of a decision side by side: what the school saw and weighed, and what they come to."""
    assert point.meetings is not None
    clock = point.kind == APPLICATION
    write = WAY if clock else UTILITY
    rows = [_term(each, *point.meetings, write) for each in shown]
    others = [each for each in point.terms if _is_something(each) and each not in shown]
    if others:
        rows.append(_together(others, write))
    rows += _way(*point.meetings) if clock else _sum(point, *point.meetings)
    heading = when(story, point).removeprefix("In ")
    heads = (
        Column(heading, 33, words=True, hang=1),
        Column("here", 10, over="what it saw"),
        Column("there", 10, over="what it saw"),
        Column("here", 9, over="what it weighs"),
        Column("there", 9, over="what it weighs"),
        Column("moves the clock" if clock else "difference", 11),
        Column("evidence", 9),
    )
    name, caption = f"terms_{point.kind}", f"{heading}: what it {contrast(point)} for"
    how = "One row a term; the evidence is on how much schools heed it."
    return Table(name, caption, how, heads, tuple(rows), quiet=True, apart=True)


def _is_something(term: Term) -> bool:
    return any(abs(value) >= SMALLEST for value in (term.ours, term.theirs, term.moved))


def _term(term: Term, ours: Meeting, theirs: Meeting, write: NumberFormat) -> Row:
    label = LABELS[term.name]
    seen = (each.seen.get(label.seen) for each in (ours, theirs))
    saw = (NOTHING if each is None else label.written(float(each)) for each in seen)
    known = load_register()[label.parameter].grade if label.parameter else ""
    weighs = map(_weighed, (term.ours, term.theirs))
    return (label.short, *saw, *weighs, write.difference(term.moved), known)


def _together(terms: Sequence[Term], write: NumberFormat) -> Row:
    ours, theirs, moved = (
        sum(getattr(each, name) for each in terms) for name in ("ours", "theirs", "moved")
    )
    others = counted(len(terms), "other term")
    return others, "", "", _weighed(ours), _weighed(theirs), write.difference(moved), ""


def _weighed(value: float) -> str:
    return "barred" if math.isinf(value) else UTILITY.level(value)


def _way(ours: Meeting, theirs: Meeting) -> Iterator[Row]:
    """How far the clocks have come."""
    reached = (per_cent(each.reached, brief=True) for each in (ours, theirs))
    moved = WAY.difference(ours.reached - theirs.reached)
    yield "Way to an application", "", "", *reached, moved, ""


def _sum(point: TurningPoint, ours: Meeting, theirs: Meeting) -> Iterator[Row]:
    """Luck, the sum, its chance, and what decides in its stead."""
    both = ours, theirs
    sums = [each.total + each.noise for each in both]
    chances = (float(logistic(np.array(each.total))) for each in both)
    luck = (UTILITY.level(each.noise) for each in both)
    yield "Luck of the day", "", "", *luck, UTILITY.difference(ours.noise - theirs.noise), ""
    moved = UTILITY.difference(sums[0] - sums[1])
    yield "Sum: a member if above 0", "", "", *map(UTILITY.level, sums), moved, ""
    yield (
        "Chance before the luck of the day",
        "",
        "",
        *(per_cent(chance, brief=True) for chance in chances),
        "",
        "",
    )
    instead = [_instead(*each) for each in zip(both, point.happens, strict=True)]
    if any(instead):
        yield "Decided instead by", *(each or NOTHING for each in instead), "", "", "", ""


def _instead(meeting: Meeting, member: bool) -> str:
    """Where not the sum decides: no partnership any more, a tie, no academies."""
    if not meeting.seen.get("alive", 1.0):
        return "its end"
    wants = meeting.total + meeting.noise > 0
    if wants == member:
        return ""
    return "a tie" if member else "the rules"


def _sure(story: Story) -> Iterator[str]:
    chosen = story.chosen
    futures = f"{chosen.replications:,} futures"
    if chosen.kinds:
        most = list(chosen.kinds.items())[:MOST_KINDS]
        often = "; ".join(f"{count:,}: {kind}" for kind, count in most)
        yield f"Its life differs in {chosen.differing:,} of {futures}. Most often, in {often}."
    else:
        yield f"Its life differs in none of {futures}."
    kind = f"in it, it {chosen.kind}" if chosen.kind else "nothing of that differs in it"
    how = f"was asked for: {kind}" if chosen.asked else "is the most typical of the first of these"
    yield f"Future {chosen.replication} {how}."
    yield "Both lives stand on the same draws: what differs follows from the two policies."


def _life(story: Story) -> Table:
    heads = (
        Column("month", 16, words=True, once=True),
        Column("what changes", 14, words=True),
        Column("here", 33, words=True, hang=1),
        Column("there", 33, words=True, hang=1),
    )
    start = story.ours.start
    rows = [(month_name(start + month), *words) for month, *words in changes(*story.lives)]
    how = "One row a change in either life; empty where nothing changes."
    return Table("life", "Both lives", how, heads, tuple(rows), quiet=True)


def _kinds(story: Story) -> Table:
    heads = (Column("futures", 9), Column("what differs", 87, words=True, hang=1))
    rows = tuple((f"{futures:,}", kind) for kind, futures in story.chosen.counted())
    caption = "In how many futures its life differs, and how"
    return Table("kinds", caption, "One row a kind of difference.", heads, rows, quiet=True)


GRADES = ("outstanding", "good", "below good", "inadequate")


def changes(ours: Life, theirs: Life) -> Iterator[tuple[int, str, str, str]]:
    """Month, row, and the new state in either life; '' in the one in which nothing changes."""
    for month in range(ours.horizon):
        for name, state in ROWS.items():
            now = [state(life, month) for life in (ours, theirs)]
            before = [state(life, month - 1) if month else "" for life in (ours, theirs)]
            new = [word if word != was else "" for word, was in zip(now, before, strict=True)]
            if any(new):
                yield month, name, new[0], new[1]


def _membership(life: Life, month: int) -> str:
    if not life.scenario.policy.partnership:
        return "no partnership"
    if life.panel["partnership_ended"][month]:
        return "partnership dissolved"
    return "member" if life.months["member"][month] else "outside"


def _status(life: Life, month: int) -> str:
    due = int(life.months["opening_due"][month])
    if life.months["academy"][month]:
        return "academy"
    if due == NEVER:
        return "maintained"
    sponsored = life.months["due_route"][month] == SPONSORED
    way = "academy order made" if sponsored else "conversion under way"
    return f"{way}, for {month_name(life.start + due)}"


def _grade(life: Life, month: int) -> str:
    grade = int(life.months["grade"][month])
    return f"{GRADES[grade - 1]} ({grade})"


def _support(life: Life, month: int) -> str:
    return "short of support" if life.months["unmet"][month] else "not short"


def _agreement(life: Life, month: int) -> str:
    if not life.panel["agreement_in_force"][month]:
        return "none in force"
    last = life.start + month + int(life.panel["cover_months"][month]) - 1
    return f"in force, to {month_name(last)}"


ROWS: Mapping[str, Callable[[Life, int], str]] = {
    "Partnership": _membership,
    "Legal status": _status,
    "Ofsted grade": _grade,
    "Support": _support,
    "Agreement": _agreement,
}
