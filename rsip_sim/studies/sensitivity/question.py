"""What is asked of the study of sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator

from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.kernel.asking import Faults, Question, metric_fault, moment_fault, shown
from rsip_sim.studies.kernel.precision import Precision
from rsip_sim.studies.sensitivity.work import FEWEST_SETS, MOST_SETS

PRECISION = 7.0
"""Percentage points of a spread: enough to tell an input that makes a tenth of it from none."""


def _sets(value: int) -> int:
    if not FEWEST_SETS <= value <= MOST_SETS or value & (value - 1):
        allowed = f"a power of two from {FEWEST_SETS} to {number_text(MOST_SETS)}"
        raise planner_error(f"{number_text(value)} will not do", allowed)
    return value


class SensitivityQuestion(Question):
    """Which inputs matter to the difference between two scenarios, and how much is luck."""

    baseline: str | None = shown(None, metavar="NAME")
    """Compared with; otherwise the comparison's baseline."""
    scenario: str | None = shown(None, metavar="NAME")
    """Which scenario; otherwise the only other one."""
    metrics: list[str] = shown(factory=list, metavar="METRIC", flag="--metric")
    """What is told of in words; else erosion, members and cohesion."""
    at: str | None = shown(None, metavar="MOMENT")
    """When it is read: mean, march_2013 or end; else as in a comparison of the two."""
    sets: Annotated[int, AfterValidator(_sets)] | None = shown(None, metavar="N")
    """Parameter sets of the design, at most (number, a power of two)."""
    precision: Precision = shown(PRECISION, metavar="X")
    """Simulate 512 sets, 1,024 and so on, until the share of every single input is known to X
    percentage points; 0: all sets."""


def sensitivity_faults(asked: SensitivityQuestion, scenarios: Sequence[Scenario]) -> Faults:
    """What is wrong with metrics and moment for some scenarios; none: whichever they are."""
    faults = Faults()
    without = [each.title for each in scenarios if not each.policy.partnership]
    faults.each("metrics", asked.metrics, lambda name: metric_fault(name, without))
    faults.once("metrics", asked.metrics)
    if asked.at is not None and scenarios:
        policy = scenarios[0].policy
        faults.at("at", moment_fault(asked.at, moments_of(policy, policy.horizon_months)))
    return faults
