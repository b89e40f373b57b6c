"""How one school and its partnership stand month by month, as words in five rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from rsip_sim.evidence.months import month_name
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import SPONSORED
from rsip_sim.studies.story.life import Life

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
