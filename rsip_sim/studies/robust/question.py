"""What is asked of the study of robustness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator

from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.kernel.asking import Faults, Question, moment_fault, objective_fault, shown
from rsip_sim.studies.robust.work import CLIMATE_REPLICATIONS, CLIMATES

MOST_FUTURES = 1_000_000
Climate = Literal["observed", "flat", "surge", "uncertain"]


def _futures(value: int) -> int:
    if not 1 <= value <= MOST_FUTURES:
        allowed = f"from 1 to {number_text(MOST_FUTURES)} futures"
        raise planner_error(f"{number_text(value)} is out of range", allowed)
    return value


class RobustQuestion(Question):
    """Which of several scenarios is robust across futures and climates."""

    objectives: list[str] = shown(factory=list, metavar="METRIC", flag="--objective")
    """What is to be had; else erosion, cohesion and the cost to the council."""
    at: str | None = shown(None, metavar="MOMENT")
    """When it is read: mean, march_2013 or end."""
    climates: list[Climate] = shown(factory=lambda: list(CLIMATES), off=[])
    """National climates under which every scenario is simulated again."""
    climate_replications: Annotated[int, AfterValidator(_futures)] = shown(
        CLIMATE_REPLICATIONS, metavar="N", flag="--replications"
    )
    """Futures of each scenario and climate (number)."""


def robust_faults(asked: RobustQuestion, scenarios: Sequence[Scenario]) -> Faults:
    """Everything that is wrong with a question; no scenarios: whichever they are."""
    faults = Faults()
    without = [each.title for each in scenarios if not each.policy.partnership]
    faults.each("objectives", asked.objectives, lambda name: objective_fault(name, without))
    faults.once("objectives", asked.objectives)
    faults.once("climates", asked.climates)
    if asked.at is not None and scenarios:
        policy = scenarios[0].policy
        faults.at("at", moment_fault(asked.at, moments_of(policy, policy.horizon_months)))
    return faults
