"""Months, financial years, and the order of events inside a month: who acts when, and on what.

SimPy time is the model month (0 at the scenario's start; the clocks of the pipeline run from
month −8). Events of one month happen in the order of `Turn`, which is passed to SimPy as the
event's priority: never by accident of scheduling. The model's description is made from the table of
acts, and a test watches every process of a simulation and holds it to its rows.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, fields
from enum import IntEnum

from simpy import Environment
from simpy.events import Event

from rsip_sim.model.state import BudgetState, EndowmentState, SupportState

MEETING_GROUPS = 4  # governing bodies meet once every four months
HISTORY_MONTHS = 8  # pipeline run before month 0: longer than nearly all applications take


class Turn(IntEnum):
    """The order of events in a month; a smaller number comes first."""

    FOUNDING = 10  # month 0 only
    POLICY = 11
    RESOLUTION = 12  # the council acts on a changed agreement
    OPENINGS = 13
    TRUSTS = 14
    BUDGETS = 15
    INSPECTIONS = 16
    APPROACHES = 17
    ORDERS = 18
    SUPPORT = 19
    MEETINGS = 20
    OFFERS = 21  # agreements end, and the council offers others
    FORUM = 22
    SIGNING = 23  # of what the Forum lets stand
    REVIEW = 24
    ACCOUNTS = 25


class Calendar:
    """The calendar of one simulation run.

    start  month number of model month 0 (see rsip_sim.evidence.months)
    """

    def __init__(self, env: Environment, start: int, horizon_months: int) -> None:
        """Keep the environment whose clock this calendar reads."""
        self._env = env
        self.start = start
        self.horizon_months = horizon_months

    @property
    def month(self) -> int:
        """The model month now."""
        return int(self._env.now)

    @property
    def number(self) -> int:
        """The month number now (year × 12 + month − 1)."""
        return self.start + self.month

    def at(self, month: int, turn: Turn) -> Event:
        """An event at a model month not in the past."""
        event = Event(self._env)
        event._ok, event._value = True, None
        self._env.schedule(event, priority=int(turn), delay=month - self._env.now)  # type: ignore[arg-type]
        return event

    def months(self, turn: Turn, first: int = 0) -> Iterator[Event]:
        """One event a month at this turn, to the horizon: `for event in …: yield event`."""
        for month in range(first, self.horizon_months):
            yield self.at(month, turn)

    def is_april(self) -> bool:
        """Whether a financial year begins this month."""
        return self.number % 12 == 3

    def is_january(self) -> bool:
        """Whether the Schools Forum votes this month."""
        return self.number % 12 == 0

    @property
    def year(self) -> int:
        """The calendar year now."""
        return self.number // 12


Process = Generator[Event, None, None]


@dataclass(frozen=True)
class State:
    """A thing that changes in a run.

    meaning  in words; names  where the world keeps it: attributes of the world and of its rooms
    """

    meaning: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """What one institution does at one turn.

    process        name of the process (a function of rsip_sim.model.actors)
    institution    who acts; what, in words
    reads, writes  names of STATE; what is changed may also be read
    """

    turn: Turn
    process: str
    institution: str
    what: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]


def _in(room: str, *names: str) -> tuple[str, ...]:
    """Attributes of one room of the world."""
    return tuple(f"{room}.{name}" for name in names)


def _all_of(room: str, state: type, *but: str) -> tuple[str, ...]:
    """Every attribute of a room, but for some."""
    return _in(room, *(each.name for each in fields(state) if each.name not in but))


STATE: dict[str, State] = {
    "levers": State("what the scenario sets, as the timeline has it now", ("levers",)),
    "grades": State("Ofsted grade of each school, 1 to 4", ("grade",)),
    "status": State(
        "each school maintained or academy, since when, by which route",
        ("academy", "opened", "route"),
    ),
    "governance": State("which academies share a trust", ("block", "blocks")),
    "membership": State(
        "each school in the partnership or not, until when it is tied",
        ("member", "tied_until", "first_alone", "community_members", "member_pupils",
         "member_schools"),
    ),
    "pipeline": State(
        "applications and orders on their way: month, route and trust of the opening",
        ("opening_due", "withdraws", "due_route", "due_block", "spell"),
    ),
    "clocks": State(
        "how far each school is from applying", ("conversion_clock", "conversion_threshold")
    ),
    "neighbours": State("when each school last applied, as its neighbours see it", ("applied",)),
    "trusts": State("until when a family's trust draws schools", ("trust_active_until",)),
    "approaches": State("when a national chain last approached a school", ("approached",)),
    "partnership": State(
        "whether it lives, has ended, was under its quorum",
        _in("agreement", "alive", "ended", "under_quorum"),
    ),
    "agreement": State(
        "the one in force, signed or offered: start and end",
        _in("agreement", "in_force", "start", "end", "next_start", "next_months", "offered",
            "lapsed"),
    ),
    "vote": State("whether the Schools Forum has refused the line", ("agreement.line_kept",)),
    "confidence": State("confidence in the partnership, 0 to 1", ("agreement.confidence",)),
    "rebound": State("since when conversion is quickened", ("agreement.rebound_from",)),
    "budget": State(
        "this year's line, pooled or delegated; guarantee, service and overspend",
        _all_of("budget", BudgetState, "deficits"),
    ),
    "deficits": State("deficits left with the council by sponsored schools", ("budget.deficits",)),
    "endowment": State(
        "the grant of the Endowment Fund, and until when it is paid",
        _all_of("endowment", EndowmentState),
    ),
    "support": State(
        "share of need met by class of school, given and received; days of lead schools",
        _all_of("support", SupportState),
    ),
}  # fmt: skip

COUNTED = ("classes", "stocks")
"""Where the world counts schools by grade, status and membership: to look there reads all three."""

_COUNTS = ("grades", "status", "membership")

ACTS: tuple[Act, ...] = (
    Act(
        Turn.FOUNDING, "_founding", "partnership",
        "month 0 only: past applications lapse, schools join, the first budget is set",
        ("levers", *_COUNTS, "partnership", "vote", "endowment", "rebound"),
        ("membership", "pipeline", "clocks", "agreement", "budget", "support"),
    ),
    Act(
        Turn.POLICY, "policy", "planner", "dated changes of the scenario",
        (), ("levers",),
    ),
    Act(
        Turn.RESOLUTION, "council_resolutions", "council",
        "agreements signed in January begin, lengths set by the timeline are signed",
        ("levers", "partnership"), ("agreement",),
    ),
    Act(
        Turn.RESOLUTION, "endowment", "Endowment Fund", "decides the bid",
        ("levers",), ("endowment",),
    ),
    Act(
        Turn.OPENINGS, "academy_openings", "Department for Education",
        "academies open, withdrawals come to light; sponsored schools may leave a deficit",
        ("levers", "approaches", *_COUNTS),
        ("status", "governance", "membership", "pipeline", "clocks", "trusts", "deficits"),
    ),
    Act(
        Turn.TRUSTS, "trusts", "dioceses and local trusts", "local trusts form",
        (), ("trusts",),
    ),
    Act(
        Turn.BUDGETS, "council_budgets", "council",
        "each April: the line pooled or delegated, the guarantee, the service; a fund below its "
        "threshold twice ends the partnership",
        ("levers", *_COUNTS, "agreement", "vote", "endowment", "support"),
        ("budget", "rebound", "partnership", "agreement", "membership"),
    ),
    Act(
        Turn.INSPECTIONS, "ofsted", "Ofsted", "inspects schools whose date has come",
        ("support", *_COUNTS), ("grades",),
    ),
    Act(
        Turn.APPROACHES, "providers", "national chains",
        "approach schools below good and lone academies",
        ("levers", *_COUNTS), ("approaches", "governance"),
    ),
    Act(
        Turn.ORDERS, "academy_orders", "Department for Education",
        "orders schools below good to become academies, and finds them a sponsor",
        ("grades", "status", "approaches", "governance"), ("pipeline",),
    ),
    Act(
        Turn.SUPPORT, "partnership", "partnership",
        "the service's days, then lead schools', then days bought; schools buy the rest",
        ("levers", *_COUNTS, "partnership", "budget", "endowment"), ("support",),
    ),
    Act(
        Turn.MEETINGS, "governors", "governing bodies",
        "a quarter of the schools: conversion, then membership",
        ("levers", *_COUNTS, "governance", "trusts", "approaches", "partnership", "agreement",
         "confidence", "rebound", "support"),
        ("membership", "pipeline", "clocks", "neighbours"),
    ),
    Act(
        Turn.OFFERS, "council_offers", "council",
        "agreements end; each January the council may offer one for the coming year",
        ("levers", *_COUNTS, "partnership", "vote", "support"), ("agreement", "rebound"),
    ),
    Act(
        Turn.FORUM, "schools_forum", "Schools Forum",
        "votes each January on next year's line; a refusal takes the offer along",
        ("levers", *_COUNTS, "partnership", "support"), ("vote", "agreement"),
    ),
    Act(
        Turn.SIGNING, "council_signings", "council",
        "each January: what was offered and the Forum lets stand is signed",
        ("levers",), ("agreement",),
    ),
    Act(
        Turn.REVIEW, "scrutiny", "Scrutiny",
        "reviews so many times a year; a quorum missed twice ends the partnership",
        ("levers", *_COUNTS, "support"),
        ("confidence", "partnership", "membership", "agreement", "budget", "rebound"),
    ),
    Act(
        Turn.ACCOUNTS, "observer", "accounts", "the month's state is recorded",
        ("levers", *_COUNTS, "governance", "partnership", "agreement", "vote", "confidence",
         "budget", "deficits", "endowment", "support"),
        (),
    ),
)  # fmt: skip
