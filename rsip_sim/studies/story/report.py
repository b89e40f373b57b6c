"""One school's story told: the first decision that differs, and its terms here and there.

Here is the scenario, there the baseline.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import PENCE
from rsip_sim.model.rules.choice import logistic
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
)
from rsip_sim.report.words import NOTHING, counted
from rsip_sim.studies.story.futures import RULE
from rsip_sim.studies.story.life import Life, Meeting
from rsip_sim.studies.story.school import school_words
from rsip_sim.studies.story.states import ROWS, changes
from rsip_sim.studies.story.terms import label_of
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
from rsip_sim.studies.story.work import Story

WARNING = (
    "This is one simulated future and no forecast of this school: tastes, inspections and luck are "
    "drawn, and nothing is known here of its governors. It shows how a policy works on a school "
    "like it."
)
MOST_TERMS = 7
"""Terms on the first screen, those that differ most."""

MOST_KINDS = 2  # told on the first screen
_OUTCOMES = {
    APPLICATION: ("applies to become an academy", "does not apply to become one"),
    ORDER: ("is ordered to become an academy", "is not ordered to become one"),
    COMPANY: ("applies together with others", "does not apply"),
    FOUNDING: ("joins the partnership", "does not join it"),
    NO_PARTNERSHIP: ("joins the partnership", "has no partnership to join"),
    OPENING: ("stays a member as an academy", "leaves as it becomes an academy"),
    DISSOLUTION: ("stays in the partnership", "is dropped as the partnership dissolves"),
}
"""What comes of a turning point in a life in which it happens, and in one in which it does not."""

_BEHIND = {
    ORDER: "Academy orders come to schools below good, and are not its own decision.",
    COMPANY: "Schools of one diocese or learning community that are near an application go "
    "together with the first that applies.",
    DISSOLUTION: "A partnership dissolves when its fund is empty at two budgets running, or too "
    "few pupils are in it at two reviews. This is not the school's own decision.",
    OPENING: "Most members stay when they become academies, where academies may; what differs is "
    "that rule, or a commitment that ties it.",
}
"""Of what is no decision of the school."""


def story_report(story: Story) -> Report:
    """The first difference on the first screen; every term, both lives and all kinds behind it."""
    scenario, chosen = story.ours.scenario, story.chosen
    about = (
        f"{school_words(scenario.roster, story.ours.row)}. Here: '{story.titles[0]}'; there: "
        f"'{story.titles[1]}'; future {chosen.replication} of {chosen.replications:,}."
    )
    parts = (
        Part("why", "All terms, here and there", tuple(_why(story))),
        Part("life", "Both lives, month by month", (_life(story),)),
        Part("futures", "How often its life differs, and how", tuple(_kinds(story))),
        Part("method", "How to read this", (Points(tuple(_notes(story))),)),
    )
    return Report(
        f"What does '{scenario.brief}' change for {story.school}?",
        (
            Paragraph(WARNING),
            Paragraph(_answer(story), apart=True),
            _decided(story),
            Heading("How sure"),
            Points(tuple(_sure(story)), plain=True),
        ),
        about,
        parts=tuple(part for part in parts if part.blocks),
    )


def contrast(story: Story, point: TurningPoint) -> str:
    """``stays in the partnership here and leaves it there``."""
    told = [_outcome(story, point, happens) for happens in (point.ours, point.theirs)]
    if "the partnership" in told[0]:
        told[1] = told[1].replace("the partnership", "it")
    return f"{told[0]} here and {told[1]} there"


def when(story: Story, point: TurningPoint) -> str:
    """The month of a turning point, as it opens a sentence."""
    if point.month < 0:
        return "Before the start"
    return f"In {month_name(story.ours.start + point.month)}"


def _outcome(story: Story, point: TurningPoint, happens: bool) -> str:
    if point.kind == MEMBERSHIP:
        pairs = ("joins the partnership", "stays outside"), (
            "stays in the partnership", "leaves the partnership"
        )  # fmt: skip
        return pairs[story.ours.before("member", point.month)][not happens]
    return _OUTCOMES[point.kind][not happens]


def _answer(story: Story) -> str:
    if not story.points:
        return "In this future its membership and its legal status run the same here and there."
    month = when(story, story.points[0])
    said = [f"First difference, {month[0].lower()}{month[1:]}: it "
            f"{' and it '.join(contrast(story, each) for each in story.points)}."]  # fmt: skip
    said += dict.fromkeys(_BEHIND[each.kind] for each in story.points if each.kind in _BEHIND)
    return " ".join(said)


def _decided(story: Story) -> Table:
    """The terms that differ, or where it decides nothing how it stands then."""
    told = next((point for point in story.points if point.terms), None)
    if told is not None:
        return _terms(story, told, MOST_TERMS)
    month = story.points[0].month if story.points else story.ours.horizon - 1
    at = max(month, 0)
    heading = f"At the end of {month_name(story.ours.start + at)}"
    rows = [(name, *(state(life, at) for life in story.lives)) for name, state in ROWS.items()]
    if any(point.kind == DISSOLUTION for point in story.points):
        rows += _what_dissolves(story, at)
    columns = (
        Column(heading, 32, words=True), Column("here", 32, words=True),
        Column("there", 32, words=True),
    )  # fmt: skip
    return Table("standing", heading, "One row a matter: how it stands in either life.", columns,
                 tuple(rows), quiet=True, apart=True)  # fmt: skip


def _what_dissolves(story: Story, month: int) -> Iterator[tuple[str, ...]]:
    """Fund and participation in the month before, of which a partnership can dissolve."""
    before = max(month - 1, 0)
    funds = [life.panel["fund_pence_per_year"][before] / PENCE for life in story.lives]
    inside = [life.panel["participation"][before] for life in story.lives]
    yield "Fund a year, the month before", *(f"£{fund:,.0f}" for fund in funds)
    yield "Pupils in it, the month before", *(f"{share:.0%}" for share in inside)


def _terms(story: Story, point: TurningPoint, most: int | None = None) -> Table:
    """The terms side by side, those that differ first; what the school saw, and what it weighed.

    most  terms in rows of their own; None: all that are anything at all
    """
    ours, theirs = point.meeting_ours, point.meeting_theirs
    assert ours is not None
    assert theirs is not None
    anything = [each for each in point.terms if _is_something(each)]
    shown = list(point.differing()[:most]) if most else anything
    rows: list[Row] = [_term(point, each, ours, theirs) for each in shown]
    if most:
        left = [each for each in anything if each not in shown]
        if left:
            rows.append(_sum(point, f"{counted(len(left), 'other term')}", left))
    rows += _outcome_rows(story, point, ours, theirs)
    clock = point.kind == APPLICATION
    heading = when(story, point).removeprefix("In ")
    columns = (
        Column(heading, 33, words=True, hang=1),
        Column("here", 10, over="what it saw"), Column("there", 10, over="what it saw"),
        Column("here", 9, over="what it weighs"), Column("there", 9, over="what it weighs"),
        Column("moves the clock" if clock else "difference", 11), Column("evidence", 9),
    )  # fmt: skip
    return Table(
        f"terms_{point.kind}_{point.month}", f"{heading}: what it {contrast(story, point)} for",
        "One row a term: what the school saw in either life, what it weighs, what the difference "
        "moves, and how well it is known that schools heed it.",
        columns, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _is_something(term: Term) -> bool:
    return any(abs(value) >= SMALLEST for value in (term.ours, term.theirs, term.moved))


def _term(point: TurningPoint, term: Term, ours: Meeting, theirs: Meeting) -> Row:
    label = label_of(point, term)
    seen = [each.seen.get(label.seen) for each in (ours, theirs)]
    saw = [NOTHING if each is None else label.written(float(each)) for each in seen]
    known = load_register()[label.parameter].grade if label.parameter else ""
    return (label.short, *saw, _number(term.ours), _number(term.theirs),
            _moved(point, term.moved), known)  # fmt: skip


def _sum(point: TurningPoint, label: str, terms: Sequence[Term]) -> Row:
    sums = [sum(getattr(each, name) for each in terms) for name in ("ours", "theirs", "moved")]
    return label, "", "", _number(sums[0]), _number(sums[1]), _moved(point, sums[2]), ""


def _outcome_rows(
    story: Story, point: TurningPoint, ours: Meeting, theirs: Meeting
) -> Iterator[Row]:
    """What the terms come to: luck, the sum or the clock, and what decides in its stead."""
    if point.kind == APPLICATION:
        way = _moved(point, ours.reached - theirs.reached)
        yield "Way to an application", "", "", _way(ours.reached), _way(theirs.reached), way, ""
        return
    sums = [each.total + each.noise for each in (ours, theirs)]
    chances = [float(logistic(np.array(each.total))) for each in (ours, theirs)]
    yield "Luck of the day", "", "", _number(ours.noise), _number(theirs.noise), "same", ""
    yield ("Sum: a member if above 0", "", "", *map(_number, sums),
           _moved(point, sums[0] - sums[1]), "")  # fmt: skip
    yield "Chance before the luck of the day", "", "", *(f"{each:.1%}" for each in chances), "", ""
    pairs = zip(story.lives, (ours, theirs), strict=True)
    instead = [_instead(point, life, meeting) for life, meeting in pairs]
    if any(instead):
        yield "Decided instead by", *(each or NOTHING for each in instead), "", "", "", ""


def _instead(point: TurningPoint, life: Life, meeting: Meeting) -> str:
    """Where not the sum decides: no partnership any more, a tie, no academies."""
    if point.kind != MEMBERSHIP:
        return ""
    if not meeting.seen.get("alive", 1.0):
        return "its end"
    wants, inside = meeting.total + meeting.noise > 0, bool(life.months["member"][point.month])
    if inside and not wants and meeting.tied:
        return "a tie"
    return "the rules" if wants and not inside else ""


def _moved(point: TurningPoint, value: float) -> str:
    """What a term adds: ``+0.90`` of utility, ``+4.1%`` of the way to an application."""
    digits = f"{abs(value):.1%}" if point.kind == APPLICATION else f"{abs(value):.2f}"
    if not any(digit in "123456789" for digit in digits):
        return "same"
    return f"{MINUS if value < 0 else '+'}{digits}"


def _number(value: float) -> str:
    if math.isinf(value):
        return "barred"
    return f"{MINUS if value < -0.005 else ''}{abs(value):.2f}"


def _way(share: float) -> str:
    """Part of the way without rounding across 100%."""
    text = f"{share:.1%}"
    if text == "100.0%" and share != 1.0:
        return ">100%" if share > 1 else "<100%"
    return text


def _sure(story: Story) -> Iterator[str]:
    chosen = story.chosen
    every = f"{chosen.replications:,}"
    if not chosen.differing:
        yield f"Its life differs in none of {every} futures."
    else:
        most = "; ".join(f"{each.futures:,}: {each.words}" for each in chosen.kinds[:MOST_KINDS])
        yield f"Its life differs in {chosen.differing:,} of {every} futures. Most often, in {most}."
    kind = f"in it, it {chosen.kind}" if chosen.kind else "nothing of that differs in it"
    how = f"was asked for: {kind}" if chosen.asked else "is the most typical of the first of these"
    yield f"Future {chosen.replication} {how}."
    yield "Both lives stand on the same draws: what differs follows from the two policies."


def _why(story: Story) -> Iterator[Block]:
    for point in story.points:
        if point.terms:
            yield Paragraph(f"{when(story, point)} it {contrast(story, point)}.")
            yield _terms(story, point)
            labels = [label_of(point, each) for each in point.terms if _is_something(each)]
            named = [f"{each.short}: {each.parameter}" for each in labels if each.parameter]
            if named:
                yield Paragraph(f"In the register: {'; '.join(named)}.", "note")


def _life(story: Story) -> Table:
    columns = (
        Column("month", 16, words=True, once=True), Column("what changes", 14, words=True),
        Column("here", 33, words=True, hang=1), Column("there", 33, words=True, hang=1),
    )  # fmt: skip
    rows = tuple(
        (month_name(story.ours.start + month), *words)
        for month, *words in changes(*story.lives)
    )  # fmt: skip
    return Table("life", "Both lives", "One row a change in either life; empty where nothing "
                 "changes.", columns, rows, quiet=True)  # fmt: skip


def _kinds(story: Story) -> Iterator[Block]:
    chosen = story.chosen
    same = chosen.replications - chosen.differing
    rows = [(f"{each.futures:,}", each.words) for each in chosen.kinds]
    rows += [(f"{same:,}", "no difference")] if same else []
    columns = (Column("futures", 9), Column("what differs", 87, words=True, hang=1))
    yield Table("kinds", "In how many futures its life differs, and how",
                "One row a kind of difference.", columns, tuple(rows), quiet=True)  # fmt: skip
    yield Paragraph(
        "A life differs where the school first leaves, or becomes an academy, in another month or "
        "by another route, or is in or out at the end.",
        "note",
    )


def _notes(story: Story) -> Iterator[str]:
    clocks = {point.kind == APPLICATION for point in story.points if point.terms}
    if False in clocks:
        yield (
            "A school is a member where the terms and the luck of the day sum to more than 0: one "
            "point more multiplies the odds by 2.7. 'its end': the partnership has dissolved; 'a "
            "tie': a commitment holds it in; 'the rules': academies may not be members."
        )
    if True in clocks:
        yield (
            "A conversion has a clock: each meeting moves it on by a rate that the terms add up to "
            "(as logarithms), and the school applies when it has come the whole way. What a term "
            "moves is counted since the clock last started."
        )
    yield (
        "Ofsted's grade 3 is called below good here, and grade 4 inadequate, which is below good "
        "too. Short of support: below good, with less than 80% of the days needed."
    )
    yield f"How a future is chosen: {RULE}."
    yield "The evidence is the grade of the register on how much schools heed a term."
