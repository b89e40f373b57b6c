"""The order of the month: SimPy time is a whole number of ticks, one for each step of each turn."""

from __future__ import annotations

from collections.abc import Generator
from enum import IntEnum
from typing import Any

from simpy import Environment, Event

HISTORY = 8  # months before the start in which pipelines, trusts and orders already run
TICKS = 100  # ticks in a month

Life = Generator[Event, Any, None]


class Turn(IntEnum):
    """What happens in a month, in order."""

    FOUNDING = 0
    POLICY = 1
    RESOLUTION = 2
    OPENINGS = 3
    TRUSTS = 4
    BUDGETS = 5
    INSPECTIONS = 6
    APPROACHES = 7
    ORDERS = 8
    SUPPORT = 9
    MEETINGS = 10
    RENEWAL = 11
    FORUM = 12
    REVIEW = 13
    ACCOUNTS = 14


class Step(IntEnum):
    """Within a turn: it begins, all look at the world as it is, groups gather, then all act."""

    BEGIN = 0
    LOOK = 1
    GATHER = 2
    ACT = 3


def tick(month: int, turn: Turn, step: Step) -> int:
    return month * TICKS + turn * len(Step) + step


def at(env: Environment, month: int, turn: Turn, step: Step = Step.ACT) -> Event:
    """The event of that step, which must not lie in the past."""
    return env.timeout(tick(month, turn, step) - int(env.now))
