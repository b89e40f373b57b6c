"""What to run: scenarios on the same futures, in blocks of replications."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.errors import DesignError
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.notices import clashes
from rsip_sim.scenario.ranges import range_of


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
    clash = next(clashes(scenarios), "")
    if clash:
        raise DesignError(clash)
    _check_alike(scenarios)
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


def _check_alike(scenarios: Sequence[Scenario]) -> None:
    shared: tuple[tuple[str, Callable[[Scenario], object], Callable[[Scenario], str]], ...] = (
        ("start", lambda s: s.policy.start, lambda s: month_name(s.policy.start)),
        (
            "horizon",
            lambda s: s.policy.horizon_months,
            lambda s: f"{s.policy.horizon_months} months",
        ),
        ("roster", lambda s: s.roster.digest, lambda s: s.roster.name),
        ("measure of cohesion", _yardstick, _yardstick),
        ("run.parameters", lambda s: s.policy.parameters, lambda s: s.policy.parameters),
    )
    first = scenarios[0]
    for what, value, words in shared:
        for other in scenarios[1:]:
            if value(other) != value(first):
                raise DesignError(
                    f"scenarios that are compared share their {what}: "
                    f"{first.path} has {words(first)}, {other.path} has {words(other)}"
                )


def _yardstick(scenario: Scenario) -> str:
    """How a scenario measures cohesion: another weighting is no effect of a policy."""
    cohesion = scenario.policy.cohesion
    weights = ", ".join(f"{weight / sum(cohesion.weights):.3g}" for weight in cohesion.weights)
    return f"weights of {weights} and associates at {cohesion.associate_weight:g}"


def _agreed(scenarios: Sequence[Scenario], what: str, asked: int | None) -> int:
    if asked is not None:
        return asked
    first = scenarios[0]
    value: int = getattr(first.run, what)
    for other in scenarios[1:]:
        if getattr(other.run, what) != value:
            raise DesignError(
                f"scenarios that are compared share their {what}: {first.path} has {value}, "
                f"{other.path} has {getattr(other.run, what)}; give one for all with --{what}"
            )
    return value
