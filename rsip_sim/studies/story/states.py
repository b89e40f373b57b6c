"""How one school and its partnership stand month by month, as words in five rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from rsip_sim.evidence.months import month_name
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import SPONSORED
from rsip_sim.studies.story.life import Life

GRADES = ("outstanding", "good", "below good", "inadequate")
OUTSIDE, MEMBER, NO_PARTNERSHIP, DISSOLVED = (
    "outside", "member", "no partnership", "partnership dissolved"
)  # fmt: skip
MAINTAINED, UNDER_WAY, ORDERED, ACADEMY = (
    "maintained", "conversion under way", "academy order made", "academy"
)  # fmt: skip
ENOUGH, SHORT = "not short", "short of support"
IN_FORCE, NONE = "in force", "none in force"


@dataclass(frozen=True)
class Stretch:
    """Months first … stop − 1 in one state.

    row    one of ROWS;  state: in words, of which some go on with a date after a comma
    """

    row: str
    first: int
    stop: int
    state: str


def stretches(life: Life) -> Iterator[Stretch]:
    """The states of each row, in order of time."""
    for name, state in ROWS.items():
        first = 0
        for words, months in groupby(state(life, month) for month in range(life.horizon)):
            stop = first + len(list(months))
            yield Stretch(name, first, stop, words)
            first = stop


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
        return NO_PARTNERSHIP
    if life.panel["partnership_ended"][month]:
        return DISSOLVED
    return MEMBER if life.months["member"][month] else OUTSIDE


def _status(life: Life, month: int) -> str:
    due = int(life.months["opening_due"][month])
    if life.months["academy"][month]:
        return ACADEMY
    if due == NEVER:
        return MAINTAINED
    way = ORDERED if life.months["due_route"][month] == SPONSORED else UNDER_WAY
    return f"{way}, for {month_name(life.start + due)}"


def _grade(life: Life, month: int) -> str:
    grade = int(life.months["grade"][month])
    return f"{GRADES[grade - 1]} ({grade})"


def _support(life: Life, month: int) -> str:
    return SHORT if life.months["unmet"][month] else ENOUGH


def _agreement(life: Life, month: int) -> str:
    if not life.panel["agreement_in_force"][month]:
        return NONE
    last = life.start + month + int(life.panel["cover_months"][month]) - 1
    return f"{IN_FORCE}, to {month_name(last)}"


ROWS: Mapping[str, Callable[[Life, int], str]] = {
    "Partnership": _membership,
    "Legal status": _status,
    "Ofsted grade": _grade,
    "Support": _support,
    "Agreement": _agreement,
}
