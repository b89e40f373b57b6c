"""Months, financial years and the order of events inside a month.

SimPy time is the model month (0 at the scenario's start; the clocks of the pipeline run from
month −8). Events of one month happen in the
order of `Turn`, which is passed to SimPy as the event's priority: never by accident of
scheduling.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from enum import IntEnum

from simpy import Environment
from simpy.events import Event

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
