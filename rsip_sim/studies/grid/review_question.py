"""What a review is asked, and what is wrong with it in a scenario."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.field_types import Month
from rsip_sim.scenario.ranges import number_text, planner_error
from rsip_sim.studies.kernel.asking import Faults, Names, Question, metric_fault, objective_fault
from rsip_sim.studies.kernel.lever_values import Values, check_number, sound_values

MOST_TOGETHER = 3
LEAST_WORTH, MOST_WORTH = 1, 10_000_000
"""£ a year, of one unit of an objective; with more, rounding would decide."""


def _worth(value: float) -> float:
    if not LEAST_WORTH <= value <= MOST_WORTH:
        size = "small" if value < LEAST_WORTH else "large"
        allowed = f"from {LEAST_WORTH} to {number_text(MOST_WORTH)} (£ a year)"
        raise planner_error(f"{number_text(value)} is too {size}", allowed)
    return value


Worth = Annotated[float, AfterValidator(_worth)]


class ReviewQuestion(Question):
    """A choice made at a review, in the light of what was seen until then."""

    review: Month
    """Month from which the choice acts; the review sees what was until the month before."""
    levers: dict[str, Values] = Field(min_length=1)
    """What may be chosen at the review: values by the path of the lever, in all combinations."""
    sees: Names
    """What the review sees: metrics as they stood at the end of the month before."""
    together: list[str] = Field(default_factory=list)
    """Those of them that are also looked at together."""
    objectives: Names
    """What is to be had after the review: metrics of which more or less is better."""
    worth_gbp: dict[str, Annotated[list[Worth], Field(min_length=1)]] = Field(default_factory=dict)
    """By objective: what one unit of it is worth (£ a year). For each value the cost to the
    council is set against it, so that the dearest option does not win of itself."""


def review_faults(asked: ReviewQuestion, scenario: Scenario | None) -> Faults:
    """Everything that is wrong with a review; scenario None: in whatever scenario."""
    faults = Faults()
    levers = sound_values(faults, "levers", asked.levers, scenario, at_review=True)
    check_number(faults, "levers", levers)
    _check_month(faults, asked, scenario)
    without = [scenario.title] if scenario and not scenario.policy.partnership else []
    faults.each("sees", asked.sees, metric_fault)
    faults.each("objectives", asked.objectives, lambda name: objective_fault(name, without))
    for name in ("sees", "objectives", "together"):
        faults.once(name, getattr(asked, name))
    _check_together(faults, asked)
    for name, worths in asked.worth_gbp.items():
        for place, worth in enumerate(worths):
            if worth in worths[:place]:
                faults.add(("worth_gbp", name, place), "stands twice", "delete one of them")
        if name not in asked.objectives:
            faults.add(
                ("worth_gbp", name), "is no objective of this study", _one_of(asked.objectives),
                nearest(name, asked.objectives), at_key=True,
            )  # fmt: skip
    return faults


def _check_month(faults: Faults, asked: ReviewQuestion, scenario: Scenario | None) -> None:
    if scenario is None or not asked.review:
        return
    month, start = parse_month(asked.review), scenario.policy.start
    end = start + scenario.policy.horizon_months
    if not start < month < end:
        allowed = f"after {month_text(start)} and at the latest {month_text(end - 1)}"
        faults.add("review", f"{month_text(month)} is outside the run", allowed)


def _check_together(faults: Faults, asked: ReviewQuestion) -> None:
    for place, name in enumerate(asked.together):
        if name not in asked.sees:
            guess = nearest(name, asked.sees)
            message = f"'{name}' is not under sees"
            faults.add(("together", place), message, _one_of(asked.sees), guess)
    if len(asked.together) > MOST_TOGETHER:
        faults.add("together", "is too long", f"at most {MOST_TOGETHER} together")


def _one_of(names: list[str]) -> str:
    return f"one of {', '.join(names)}" if names else ""
