"""What to run: scenarios on the same futures, in blocks of replications."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.together import clashes, unlike, unlike_number


@dataclass(frozen=True)
class Case:
    """One scenario; cases of the same policy share the folder of the first."""

    scenario: str
    folder: str
    policy: Policy


@dataclass(frozen=True)
class Block:
    """Replications first … stop − 1, simulated together."""

    first: int
    stop: int


@dataclass(frozen=True)
class Design:
    """All that a run simulates; every case draws on the same futures."""

    scenarios: tuple[Scenario, ...]
    cases: tuple[Case, ...]
    roster: Roster
    seed: int
    replications: int

    @property
    def start(self) -> int:
        """Month number of model month 0."""
        return self.cases[0].policy.start

    @property
    def months(self) -> int:
        """Months simulated."""
        return self.cases[0].policy.horizon_months

    def distinct(self) -> tuple[Case, ...]:
        """The cases to simulate: one for each folder."""
        first: dict[str, Case] = {}
        for case in self.cases:
            first.setdefault(case.folder, case)
        return tuple(first.values())


def design(
    scenarios: Sequence[Scenario], seed: int | None = None, replications: int | None = None
) -> Design:
    """The design that runs these scenarios on the same futures.

    seed, replications  None: what the scenarios say

    Raises DesignError if the scenarios cannot be compared.
    """
    if not scenarios:
        raise DesignError("there is no scenario to run")
    _refuse(chain(clashes(scenarios), unlike(scenarios)))
    seed = _agreed(scenarios, "seed", whole_number("seed", seed))
    replications = _agreed(scenarios, "replications", whole_number("replications", replications))
    _check_number("replications", replications)
    _check_number("seed", seed)
    cases = tuple(_cases(scenarios))
    return Design(tuple(scenarios), cases, scenarios[0].roster, seed, replications)


def whole_number(name: str, value: Any, least: int | None = None) -> int | None:
    """What an argument holds as a whole number of Python, numpy's included; None stays None.

    Raises DesignError, naming the argument, for anything else and for less than the least.
    """
    if value is None:
        return None
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or (least is not None and number < least):
        from_ = "" if least is None else f" from {least} on"
        raise DesignError(f"{name}={value!r} is not a whole number{from_}")
    return number


def blocks(replications: int, size: int = BLOCK) -> tuple[Block, ...]:
    """Blocks with fixed boundaries at multiples of size; the last one may be shorter."""
    return tuple(
        Block(first, min(first + size, replications)) for first in range(0, replications, size)
    )


def _check_number(what: str, number: int) -> None:
    """One range for a number that is given and for one in a file, which results keep."""
    limits = range_of(f"run.{what}")
    low, high = (int(each or 0) for each in (limits.minimum, limits.maximum)) if limits else (0, 0)
    if not low <= number <= high:
        raise DesignError(f"{what}: {number:,} is not a whole number from {low:,} to {high:,}")


def _cases(scenarios: Sequence[Scenario]) -> list[Case]:
    cases: list[Case] = []
    for scenario in scenarios:
        same = (case.folder for case in cases if case.policy == scenario.policy)
        cases.append(Case(scenario.name, next(same, scenario.name), scenario.policy))
    return cases


def _agreed(scenarios: Sequence[Scenario], what: str, asked: int | None) -> int:
    if asked is not None:
        return asked
    _refuse(unlike_number(scenarios, what))
    value: int = getattr(scenarios[0].run, what)
    return value


def _refuse(faults: Iterator[str]) -> None:
    fault = next(faults, "")
    if fault:
        raise DesignError(fault)
