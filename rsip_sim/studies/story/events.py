"""What happens to one school and its partnership in one future, as dated sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from rsip_sim.evidence.months import month_name
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.state import LONG_AGO
from rsip_sim.model.world import SPONSORED
from rsip_sim.studies.story.life import Life

GRADES = ("outstanding", "good", "below good", "inadequate")
MEMBERSHIP, CONVERSION, INSPECTION, SUPPORT, AGREEMENT = (
    "membership", "conversion", "inspection", "support", "agreement"
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing that happens.

    month  model month; kind: membership, conversion, inspection, support or agreement
    """

    month: int
    kind: str
    sentence: str


def grade_words(grade: int) -> str:
    """``good (grade 2)``."""
    return f"{GRADES[grade - 1]} (grade {grade})"


def events_of(life: Life) -> list[Event]:
    """Everything that happens, in order of month; what holds at the start comes first."""
    events = [*_at_the_start(life)]
    for month in range(life.horizon):
        events += _agreement(life, month)
        events += _conversion(life, month)
        events += _inspection(life, month)
        events += _membership(life, month)
    events += _support(life)
    order = {kind: place for place, kind in enumerate((AGREEMENT, CONVERSION, INSPECTION))}
    return sorted(events, key=lambda event: (event.month, order.get(event.kind, 3)))


def standing_at(life: Life, month: int) -> str:
    """How the school stands at the end of a month, without a full stop."""
    member = "in the partnership" if life.months["member"][month] else "outside the partnership"
    if not life.scenario.policy.partnership:
        member = "without a partnership"
    status = "an academy" if life.months["academy"][month] else "a maintained school"
    return f"{status}, {member}, {grade_words(int(life.months['grade'][month]))}"


def _at_the_start(life: Life) -> Iterator[Event]:
    roster = life.scenario.roster
    if life.was_academy():
        opened = month_name(int(roster.opened[life.row]))
        yield Event(0, CONVERSION, f"It has been an academy since {opened}.")
    elif life.founding.in_pipeline:
        yield Event(0, CONVERSION, _under_way(life))
    grade = grade_words(life.before("grade", 0))
    yield Event(0, INSPECTION, f"Its Ofsted grade at the start is {grade}.")
    if not life.scenario.policy.partnership:
        yield Event(0, MEMBERSHIP, "There is no partnership to join.")
    elif life.joined_at_founding:
        yield Event(0, MEMBERSHIP, "It joins the partnership at its founding.")
    else:
        yield Event(0, MEMBERSHIP, "It does not join the partnership at its founding.")


def _under_way(life: Life) -> str:
    planned = int(life.scenario.roster.planned_opening[life.row])
    if planned >= 0:
        return f"Its conversion is settled already, for {month_name(planned)}."
    if life.months["due_route"][0] == SPONSORED:
        return "It is under an academy order from before the start."
    return "It has applied already to become an academy."


def _agreement(life: Life, month: int) -> Iterator[Event]:
    panel = life.panel
    was = month > 0 and bool(panel["agreement_in_force"][month - 1])
    now, cover = bool(panel["agreement_in_force"][month]), int(panel["cover_months"][month])
    last = month_name(life.start + month + cover - 1)
    if now and not was:
        words = "An agreement" if month == 0 else "A new agreement"
        yield Event(month, AGREEMENT, f"{words} with the council begins, to the end of {last}.")
    elif was and now and cover > panel["cover_months"][month - 1]:
        yield Event(month, AGREEMENT, f"The council renews the agreement, to the end of {last}.")
    elif was and now and cover < panel["cover_months"][month - 1] - 1:
        yield Event(month, AGREEMENT, f"The agreement is shortened, to the end of {last}.")
    if life.dissolves(month):
        yield Event(month, AGREEMENT, "The partnership dissolves.")
    elif was and not now:
        yield Event(month, AGREEMENT, "The agreement lapses: the council does not renew it.")
    if month > 0 and not panel["partnership_ended"][month]:
        yield from _earmark(life, month)


def _earmark(life: Life, month: int) -> Iterator[Event]:
    before, now = (int(life.panel["pooled_pence_per_year"][m]) for m in (month - 1, month))
    if before and not now:
        planned = _earmark_planned(life, month)
        why = "The Schools Forum has given the earmark back to schools: the partnership" if (
            planned
        ) else "The scenario ends the earmark: the partnership"  # fmt: skip
        yield Event(month, AGREEMENT, f"{why} is paid none from now on.")
    elif now and not before:
        yield Event(month, AGREEMENT, f"The partnership is paid £{now / 100:,.0f} a year again.")


def _earmark_planned(life: Life, month: int) -> float:
    """The earmark that the scenario has in a month, £ a year."""
    policy = life.scenario.policy
    levers = [policy.levers, *(each for first, each in policy.changes if first <= month)]
    return levers[-1].funding.earmark_gbp_per_year


def _conversion(life: Life, month: int) -> Iterator[Event]:
    if life.months["approached"][month] == month != LONG_AGO:
        yield Event(month, CONVERSION, "A national chain approaches it.")
    due, now = _due(life, month), int(life.months["opening_due"][month])
    academy, was = (bool(each) for each in (life.months["academy"][month],
                                            life.before("academy", month)))  # fmt: skip
    if academy and not was:
        route = "by order" if life.months["due_route"][month] == SPONSORED else "by choice"
        yield Event(month, CONVERSION, f"It opens as an academy, {route}.")
    elif due == month:
        yield Event(month, CONVERSION, "It withdraws its application.")
        due = NEVER
    if due == NEVER and now != NEVER:
        opening = month_name(life.start + now)
        if life.months["due_route"][month] == SPONSORED:
            yield Event(month, CONVERSION, f"An academy order is made, for opening in {opening}.")
        else:
            company = "" if applies_itself(life, month) else _company(life)
            words = f"It applies to become an academy{company}, for {opening}."
            yield Event(month, CONVERSION, words)


def _due(life: Life, month: int) -> int:
    """When what was on its way before this month was to open; NEVER if nothing was."""
    if month > 0:
        return int(life.months["opening_due"][month - 1])
    if not life.founding.in_pipeline:
        return NEVER
    due = int(life.months["opening_due"][0])
    return 0 if due == NEVER else due


def applies_itself(life: Life, month: int) -> bool:
    """Whether the school's own clock arrives at its meeting of this month."""
    meeting = life.meeting(month)
    return meeting is not None and meeting.arrives and not life.before("academy", month)


def _company(life: Life) -> str:
    diocesan = life.scenario.roster.diocese[life.row] >= 0
    return f" with schools of its {'diocese' if diocesan else 'learning community'} that apply"


def _inspection(life: Life, month: int) -> Iterator[Event]:
    before, now = life.before("grade", month), int(life.months["grade"][month])
    if now != before:
        moved = "better" if now < before else "worse"
        yield Event(
            month, INSPECTION, f"Ofsted inspects it and finds it {moved}: {grade_words(now)}."
        )


def _membership(life: Life, month: int) -> Iterator[Event]:
    was, now = bool(life.before("member", month)), bool(life.months["member"][month])
    if was == now:
        return
    if now:
        again = " again" if life.months["member"][:month].any() or life.joined_at_founding else ""
        yield Event(month, MEMBERSHIP, f"It joins the partnership{again}.")
    elif life.dissolves(month):
        yield Event(month, MEMBERSHIP, "It is outside, like all, since the partnership dissolves.")
    else:
        yield Event(month, MEMBERSHIP, "It leaves the partnership.")


def _support(life: Life) -> Iterator[Event]:
    """One event for each stretch of months below good without enough support."""
    month = 0
    for short, stretch in groupby(life.months["unmet"].astype(bool)):
        length = len(list(stretch))
        if short:
            met = int(100 * np.mean(life.months["adequacy"][month : month + length]))
            until = month_name(life.start + month + length - 1)
            for_long = f"to {until} ({length} months; " if length > 1 else "this month ("
            words = f"Below good and short of support {for_long}{met}% of need met)."
            yield Event(month, SUPPORT, words)
        month += length
