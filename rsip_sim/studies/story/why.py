"""Why the first difference came about: decision, terms, how near it was, what lay behind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.formats import MINUS
from rsip_sim.model.rules.choice import logistic
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.studies.kernel.trials import parameter_values
from rsip_sim.studies.story.causes import causes, causes_of_event
from rsip_sim.studies.story.life import Life
from rsip_sim.studies.story.terms import Label, label_of, why_rate, why_utility
from rsip_sim.studies.story.turning_point import (
    APPLICATION,
    COMPANY,
    DISSOLUTION,
    FOUNDING,
    MEMBERSHIP,
    NO_PARTNERSHIP,
    OPENING,
    ORDER,
    TurningPoint,
)

MOST_TERMS = 4  # told in the sentence
_GRADES = {
    "strong": "strong evidence", "moderate": "moderate evidence", "weak": "weak evidence",
    "none": "no evidence",
}  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """One turning point told: sentences, '' or () where there is nothing to say.

    decision  what comes of it under either scenario
    because   which terms made it differ, in order of size
    nearness  how near it was to the other side
    evidence  how well it is known that schools heed the main term
    causes    what lay upstream
    """

    point: TurningPoint
    decision: str
    because: str
    nearness: str
    evidence: str
    causes: tuple[str, ...]


def explain(point: TurningPoint, ours: Life, theirs: Life) -> Explanation:
    """A turning point in words."""
    barred = _barred(point, ours, theirs)
    return Explanation(
        point,
        _decision(point, ours, theirs),
        barred or _because(point, ours, theirs),
        "" if barred else _nearness(point, ours, theirs),
        "" if barred else _evidence(point, ours),
        causes(point, ours, theirs),
    )


def outcome(point: TurningPoint, life: Life, happens: bool) -> str:
    """What comes of a turning point in one life: ``stays in the partnership``."""
    if point.kind == APPLICATION:
        return "applies to become an academy" if happens else "does not apply"
    if point.kind == ORDER:
        return f"is {'' if happens else 'not '}ordered to become an academy"
    if point.kind == COMPANY:
        due = int(life.months["opening_due"][point.month])
        if not happens or due == NEVER:
            return "does not apply"
        return f"applies together with others, for {month_name(life.start + due)}"
    if point.kind in (FOUNDING, NO_PARTNERSHIP):
        return "joins the partnership" if happens else "does not join"
    if point.kind == OPENING:
        return "stays a member as an academy" if happens else "leaves as it becomes an academy"
    if life.before("member", point.month):
        return "stays in the partnership" if happens else "leaves the partnership"
    return "joins the partnership" if happens else "stays outside"


def _decision(point: TurningPoint, ours: Life, theirs: Life) -> str:
    when = "Before the start" if point.month < 0 else month_name(ours.start + point.month)
    inside, outside = (ours, theirs) if point.ours else (theirs, ours)
    if point.kind == NO_PARTNERSHIP:
        return (
            f"{when}: it joins the partnership under '{inside.title}'; under '{outside.title}' "
            "there is none."
        )
    if point.kind == DISSOLUTION:
        return (
            f"{when}: the partnership dissolves under '{outside.title}', and the school "
            "is outside like all others. This is not its own decision."
        )
    said = f"{when}: it {contrast(point, ours, theirs)}."
    return said if point.own or point.kind == COMPANY else f"{said} This is not its own decision."


def contrast(point: TurningPoint, ours: Life, theirs: Life) -> str:
    """``stays in the partnership under 'A' and leaves it under 'B'``."""
    one, other = outcome(point, ours, point.ours), outcome(point, theirs, point.theirs)
    if "the partnership" in one:
        other = other.replace("the partnership", "it")
    return f"{one} under '{ours.title}' and {other} under '{theirs.title}'"


def _because(point: TurningPoint, ours: Life, theirs: Life) -> str:
    if not point.own:
        return causes_of_event(point, ours, theirs)
    return _terms(point, (ours.title, theirs.title))


def _barred(point: TurningPoint, ours: Life, theirs: Life) -> str:
    """Where not the utility decides: no partnership any more, no academies, a tie."""
    for life, meeting in ((ours, point.meeting_ours), (theirs, point.meeting_theirs)):
        if meeting is None or point.kind != MEMBERSHIP:
            continue
        if not meeting.seen.get("alive", 1.0):
            under = f"Under '{life.title}'"
            return f"{under} the partnership has dissolved, so there is nothing to join."
        wants = meeting.total + meeting.noise > 0
        inside = bool(life.months["member"][point.month])
        if inside and not wants and meeting.tied:
            return f"Under '{life.title}' it would leave, but a commitment ties it."
        if wants and not inside:
            return f"Under '{life.title}' it would be a member, but academies may not."
    return ""


def _terms(point: TurningPoint, titles: tuple[str, str]) -> str:
    one, other = point.meeting_ours, point.meeting_theirs
    if one is None or other is None:
        return ""
    found = [term for term in point.terms if moved_text(point, term.moved)[0] in f"+{MINUS}"]
    if not found:
        return "Many terms differ a little, and none of them enough to show."
    told = []
    for term in found[:MOST_TERMS]:
        words = (
            why_rate(term, one, other, titles) if point.kind == APPLICATION
            else why_utility(term, one, other)
        )  # fmt: skip
        told.append(f"{words} ({moved_text(point, term.moved)})")
    everything = sum(term.moved for term in point.terms)
    rest = moved_text(point, everything - sum(term.moved for term in found[:MOST_TERMS]))
    if rest[0] in f"+{MINUS}":
        told.append(f"the rest together ({rest})")
    what = "its clock, as parts of the way to an application" if point.kind == APPLICATION else (
        "the utility of membership"
    )  # fmt: skip
    return (
        f"What made the difference, in {what}: {'; '.join(told)}. In all "
        f"{moved_text(point, everything)}. Its own leaning and its luck are the same in both."
    )


def moved_text(point: TurningPoint, value: float) -> str:
    """What a term adds: ``+0.90`` of utility, ``+4.1%`` of the way to an application."""
    digits = f"{abs(value) * 100:.1f}%" if point.kind == APPLICATION else f"{abs(value):.2f}"
    zero = not any(digit in "123456789" for digit in digits)
    return digits if zero else f"{MINUS if value < 0 else '+'}{digits}"


def _nearness(point: TurningPoint, ours: Life, theirs: Life) -> str:
    one, other = point.meeting_ours, point.meeting_theirs
    if one is None or other is None:
        return ""
    if point.kind == APPLICATION:
        return (
            f"How near: at this meeting it has come {_way(one.reached)} of the way to an "
            f"application under '{ours.title}' and {_way(other.reached)} under '{theirs.title}'; "
            "at 100% it applies."
        )
    chance = [float(logistic(np.array(each.total))) for each in (one, other)]
    needed = float(logistic(np.array(-one.noise)))
    word = "stays" if ours.before("member", point.month) and point.kind != FOUNDING else "joins"
    return (
        f"How near: before the luck of the day the chance that it {word} is {_per_cent(chance[0])} "
        f"under '{ours.title}' and {_per_cent(chance[1])} under '{theirs.title}'. With the luck of "
        f"this day a school {word} if its chance is above {_per_cent(needed)}: the two lie "
        f"{abs(one.total + one.noise):.2f} and {abs(other.total + other.noise):.2f} of utility "
        "from the other side."
    )


def _way(share: float) -> str:
    """Part of the way without rounding across 100%."""
    text = f"{share * 100:.1f}%"
    if text == "100.0%" and share != 1.0:
        return "just over 100%" if share > 1 else "just under 100%"
    return text


def _per_cent(share: float) -> str:
    decimals = 1 if 0.0005 <= share <= 0.9995 else 3
    return f"{share * 100:.{decimals}f}%"


def _evidence(point: TurningPoint, ours: Life) -> str:
    found = point.differing() if point.own else ()
    label = label_of(point, found[0]) if found else Label("")
    if not label.parameter:
        return ""
    entry = load_register()[label.parameter]
    drawn = parameter_values(ours.scenario.policy, ours.seed, np.array([ours.replication]))
    value = float(drawn[label.parameter][0]) if label.parameter in drawn else None
    here = f" Its value in this future is {value:.2g}" if value is not None else ""
    ranged = (
        f"; nine draws in ten lie between {entry.low:g} and {entry.high:g}"
        if value is not None and entry.low is not None and entry.high is not None
        else ""
    )
    return (
        f"There is {_GRADES[entry.grade]} on how much schools heed this ({label.short}; "
        f"{label.parameter} in the register).{here}{ranged}{'.' if here else ''}"
    )
