"""One school's story told: which future, both lives, the first difference and why."""

from __future__ import annotations

import math
from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.measures.formats import MINUS
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Row, Table
from rsip_sim.report.text import shortened
from rsip_sim.studies.story.events import events_of, standing_at
from rsip_sim.studies.story.futures import RULE
from rsip_sim.studies.story.life import Meeting
from rsip_sim.studies.story.school import school_words
from rsip_sim.studies.story.terms import label_of
from rsip_sim.studies.story.turning_point import APPLICATION, SMALLEST, Term, TurningPoint
from rsip_sim.studies.story.why import explain, moved_text
from rsip_sim.studies.story.work import Story

WARNING = (
    "This is one simulated future and no forecast of this school: tastes, inspections and luck are "
    "drawn, and nothing is known here of its governors. It shows how a policy works on a school "
    "like it."
)

MOST_KINDS = 5
_KINDS = (
    Column("futures", 7, hang=0, silent=True),
    Column("difference", 93, words=True, hang=0, silent=True),
)
_LIFE = (
    Column("month", 16, words=True, silent=True, once=True),
    Column("what happens", 84, words=True, hang=0, silent=True),
)
SAME = (
    "first leaves the partnership and becomes an academy in the same months, if at all, under "
    "both, and is in or out at the end alike."
)


def story_report(story: Story) -> Report:
    """The whole story: which future, both lives, the first difference and why."""
    return Report(
        f"One school's story: {story.school}",
        (
            Paragraph(f"{school_words(story.ours.scenario.roster, story.ours.row)}."),
            Paragraph(_compared(story)),
            Paragraph(WARNING),
            Heading("How often its life differs"),
            *_futures(story),
            Heading(f"Two lives in future {story.chosen.replication}"),
            *_lives(story),
            Heading(_why_heading(story), part="why"),
            *_why(story),
            Heading("How to read this", part="method"),
            Points(tuple(_notes(story))),
        ),
    )


def _compared(story: Story) -> str:
    return f"Compared: '{story.titles[0]}' with '{story.titles[1]}'."


def _futures(story: Story) -> Iterator[Block]:
    chosen, (ours, theirs) = story.chosen, story.titles
    total = chosen.replications
    if not chosen.differing:
        yield Paragraph(f"Its life never differs: in {_all(total)} it {SAME}")
        kinds = [f"it {kind.words}" for kind in chosen.kinds]
    else:
        same = total - chosen.differing
        others = f"In the other {same:,} it {SAME} " if same else ""
        share = f"{chosen.differing:,} of {total:,}" if same else _all(total)
        yield Paragraph(
            f"Its life differs in {share}{' futures' if same else ''}. {others}Where it differs, "
            f"under '{ours}', compared with '{theirs}', it"
        )
        kinds = [kind.words for kind in chosen.kinds]
    yield from _counted(kinds, [kind.futures for kind in chosen.kinds])
    yield Paragraph(_choice(story))


def _all(total: int) -> str:
    return "the one future simulated" if total == 1 else f"all {total:,} futures"


def _counted(kinds: list[str], counts: list[int]) -> Iterator[Table]:
    rows = [
        (f"{futures:,}", words)
        for words, futures in zip(kinds[:MOST_KINDS], counts[:MOST_KINDS], strict=True)
    ]
    if rest := counts[MOST_KINDS:]:
        kind = "kind" if len(rest) == 1 else "kinds"
        rows.append((f"{sum(rest):,}", f"in {len(rest)} rarer {kind}"))
    if rows:
        yield Table(
            "kinds", "How often its life differs, and how",
            "One row a kind of difference: in how many futures, and what it is.",
            _KINDS, tuple(rows), quiet=True,
        )  # fmt: skip


def _choice(story: Story) -> str:
    chosen = story.chosen
    if chosen.asked:
        which = f"Told is future {chosen.replication}, which was asked for"
        if chosen.differing and not chosen.kind:
            return f"{which}; by these measures its life is the same under both there."
        return f"{which}; there it {chosen.kind}."
    if not chosen.differing:
        return (
            f"Told is future {chosen.replication}: of the commonest kind the one nearest to its "
            "median."
        )
    return f"Told is future {chosen.replication}. How it was chosen: {RULE}."


def _lives(story: Story) -> Iterator[Block]:
    for life in story.lives:
        yield Heading(f"Under '{life.title}'", 3)
        happens = [(event.month, event.sentence) for event in events_of(life)]
        end = life.horizon - 1
        happens.append((end, f"At the end: {standing_at(life, end)}."))
        yield Table(
            f"life_{life.scenario.name}", f"Its life under '{life.title}'",
            "One row an event, in order: its month, and what happens.",
            _LIFE,
            tuple((month_name(life.start + month), words) for month, words in happens),
            quiet=True,
        )  # fmt: skip


def _why_heading(story: Story) -> str:
    if not story.points:
        return "Nothing that it decides differs"
    return (
        "The first decision that differs, and why"
        if any(point.own for point in story.points)
        else "The first thing that differs, and why"
    )


def _why(story: Story) -> Iterator[Block]:
    if not story.points:
        yield Paragraph(_nothing(story))
    for place, point in enumerate(story.points):
        each = explain(point, *story.lives)
        yield Paragraph(each.decision, apart=place > 0)
        yield from map(Paragraph, (each.because, each.nearness, each.evidence))
        if each.causes:
            yield Points(tuple(each.causes))
        if point.terms:
            yield _terms(story, point)


def _nothing(story: Story) -> str:
    names = {"grade": "its Ofsted grade", "unmet": "the months short of support"}
    found = [
        words for name, words in names.items()
        if (story.ours.months[name] != story.theirs.months[name]).any()
    ]  # fmt: skip
    if not found:
        return "Membership, legal status, grade and support run the same in this future."
    return (
        "Membership and legal status run the same in this future; what differs is "
        f"{' and '.join(found)}."
    )


def _terms(story: Story, point: TurningPoint) -> Table:
    """The terms side by side, those that differ first."""
    clock = point.kind == APPLICATION
    heads = [shortened(title, 40) for title in story.titles]
    columns = (
        Column("Terms of the conversion rate" if clock else "Terms of the utility", 42, True),
        Column(heads[0], 20), Column(heads[1], 20),
        Column("moved the clock by" if clock else "difference", 14),
    )  # fmt: skip
    rows: list[Row] = [
        (label_of(point, term).short, _number(term.ours), _number(term.theirs), _moved(point, term))
        for term in point.terms
        if _worth_a_row(term)
    ]
    one, other = point.meeting_ours, point.meeting_theirs
    if one is not None and other is not None:
        rows += _sums(point, one, other)
    return Table(
        f"terms_{point.kind}_{point.month}", "What the decision was made of, in both lives",
        "One row a term: its value in either life, and what the difference moved.",
        columns, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _worth_a_row(term: Term) -> bool:
    """Terms that are nothing in both say nothing."""
    return any(abs(value) >= SMALLEST for value in (term.ours, term.theirs, term.moved))


def _moved(point: TurningPoint, term: Term) -> str:
    return "same" if abs(term.moved) < SMALLEST else moved_text(point, term.moved)


def _sums(point: TurningPoint, one: Meeting, other: Meeting) -> list[tuple[str, ...]]:
    if point.kind == APPLICATION:
        whole = moved_text(point, one.reached - other.reached)
        return [("way to an application", f"{one.reached:.1%}", f"{other.reached:.1%}", whole)]
    luck = ("luck of the day", _number(one.noise), _number(other.noise), "same")
    sums = [m.total + m.noise for m in (one, other)]
    whole = moved_text(point, sums[0] - sums[1])
    return [luck, ("sum: a member if above 0", *(_number(s) for s in sums), whole)]


def _number(value: float) -> str:
    if math.isinf(value):
        return "not allowed"
    return f"{MINUS if value < -0.0005 else ''}{abs(value):.3f}"


def _notes(story: Story) -> Iterator[str]:
    clocks = {point.kind == APPLICATION for point in story.points if point.terms}
    yield (
        "Both lives stand on the same draws: what differs between them follows from the scenarios."
    )
    if False in clocks:
        yield (
            "Utility is the wish to be a member: one point more multiplies the odds of being one "
            "by 2.7."
        )
    if True in clocks:
        yield (
            "A conversion has a clock: each meeting moves it on by a rate that the terms add up to "
            "(as logarithms), and the school applies when it has come the whole way."
        )
    yield (
        "Ofsted's grade 3 is called below good here, and grade 4 inadequate, which is below good "
        "too. Short of support means less than 80% of the days needed."
    )
