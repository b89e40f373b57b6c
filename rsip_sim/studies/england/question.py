"""What is asked of England, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator

from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.names import near
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.scenario.reading import visible
from rsip_sim.studies.kernel.asking import (
    Faults,
    File,
    Question,
    metric_fault,
    moment_fault,
    shown,
)

FUTURES = 100
MOST_FUTURES = 100_000


def too_many(futures: int) -> tuple[str, str]:
    """What is wrong with so many futures of each authority, and what is allowed."""
    allowed = f"from 1 to {number_text(MOST_FUTURES)} futures of each authority"
    return f"{number_text(futures)} is out of range", allowed


def _futures(value: int) -> int:
    if not 1 <= value <= MOST_FUTURES:
        raise planner_error(*too_many(value))
    return value


class EnglandQuestion(Question):
    """What policies change in every authority of England, in which kinds and regions most."""

    metrics: list[str] = shown(factory=list, metavar="METRIC", flag="--metric")
    """What is looked at; else what a comparison's first screen shows. The price always is."""
    at: str | None = shown(None, metavar="MOMENT")
    """When it is read: mean, march_2013 or end; else as in a comparison."""
    authorities: list[str] = shown(factory=list, metavar="NAME", flag="--authority")
    """Which authorities; else all. The futures of one do not depend on which others are asked."""
    extract: File | None = shown(None, metavar="FILE")
    """Full extract of the national register, for the schools as they stood when the scenarios
    begin; otherwise generic schools, in the numbers that each authority had in April 2011."""
    replications: Annotated[int, AfterValidator(_futures)] | None = shown(None, metavar="N")
    """Futures of each authority; otherwise 100."""


def england_faults(asked: EnglandQuestion, scenarios: Sequence[Scenario]) -> Faults:
    """What is wrong with metrics and moment for some scenarios; none: whichever they are."""
    faults = Faults()
    without = [each.title for each in scenarios if not each.policy.partnership]
    faults.each("metrics", asked.metrics, lambda name: metric_fault(name, without))
    faults.once("metrics", asked.metrics)
    faults.once("authorities", asked.authorities)
    if asked.at is not None and scenarios:
        policy = scenarios[0].policy
        faults.at("at", moment_fault(asked.at, moments_of(policy, policy.horizon_months)))
    return faults


def check_names(faults: Faults, asked: EnglandQuestion, known: Sequence[str]) -> None:
    """Note each authority that is asked for and not known."""
    for place, name in enumerate(asked.authorities):
        if name not in known:
            guess = near(name, known)
            allowed = "" if guess else "a name as the table or the register has it"
            message = f"no authority is named '{visible(name)}'"
            faults.add(("authorities", place), message, allowed, guess)
