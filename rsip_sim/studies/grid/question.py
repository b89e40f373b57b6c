"""What a grid or a review is asked, and what is wrong with it in a scenario."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.ranges import Month, number_text, planner_error
from rsip_sim.scenario.settings import is_drawn, varied_from
from rsip_sim.studies.kernel.asking import (
    Faults,
    Names,
    Question,
    metric_fault,
    moment_fault,
    objective_fault,
)
from rsip_sim.studies.kernel.cells import ListedValues, check_number, sound_values
from rsip_sim.studies.kernel.choice_words import setting

METRICS_SHOWN = ("members", "erosion", "cohesion", "unmet_days", "price_council")
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


class GridQuestion(Question):
    """Every combination of some values of some levers, on the same futures."""

    levers: dict[str, ListedValues] = Field(min_length=1)
    """What the council may choose: values by the path of the field in a scenario."""
    conditions: dict[str, ListedValues] = Field(default_factory=dict)
    """What nobody chooses, in the same form: everything is worked out in each condition apart."""
    metrics: Names = Field(default_factory=lambda: list(METRICS_SHOWN))
    """What is looked at, by the names of the table of differences."""
    at: Names = Field(default_factory=lambda: ["mean"])
    """When it is read: mean, march_2013 or end; the findings stand on the first."""


def grid_faults(asked: GridQuestion, scenario: Scenario | None) -> Faults:
    """Everything that is wrong with a grid; scenario None: on whatever scenario."""
    faults = Faults()
    levers = sound_values(faults, "levers", asked.levers, scenario)
    conditions = sound_values(faults, "conditions", asked.conditions, scenario, fewest=1)
    for path in levers.keys() & conditions.keys():
        faults.add(
            ("conditions", path), "is a lever of this study too", "write it once", at_key=True
        )
    check_number(faults, "levers", levers, conditions)
    faults.each("metrics", asked.metrics, metric_fault)
    faults.once("metrics", asked.metrics)
    faults.once("at", asked.at)
    if scenario is not None:
        for path, values in levers.items():
            _check_base(faults, scenario, path, values)
        moments = moments_of(scenario.policy, scenario.policy.horizon_months)
        faults.each("at", asked.at, lambda name: moment_fault(name, moments))
    return faults


def _check_base(faults: Faults, scenario: Scenario, path: str, values: list[Any]) -> None:
    """The scenario itself must be one of the cells, since all are compared with it."""
    at, file = ("levers", path), scenario.path.name
    own = varied_from(scenario, path)
    if any(path in entry["set"] for entry in scenario.resolved["timeline"]):
        allowed = "vary what it holds throughout, or take another scenario"
        faults.add(at, f"{file} changes it during the run", allowed, at_key=True)
    elif own is None and path.startswith(PARAMETERS):
        allowed = f"write it under parameters in {file}, or under conditions here"
        faults.add(at, "is drawn anew in each future by the scenario", allowed, at_key=True)
    elif own not in values:
        drawn = is_drawn(scenario, path)
        which = "the median of what the scenario draws" if drawn else "the scenario's own value"
        message = f"does not hold {which} ({setting(path, own)})"
        compared = ", with which the others are compared"
        faults.add(at, message + compared, "add it to the values", at_key=True)


class ReviewQuestion(Question):
    """A choice made at a review, in the light of what was seen until then."""

    review: Month
    """Month from which the choice acts; the review sees what was until the month before."""
    levers: dict[str, ListedValues] = Field(min_length=1)
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
    faults.each("together", asked.together, lambda name: _not_seen(name, asked.sees))
    if len(asked.together) > MOST_TOGETHER:
        faults.add("together", "is too long", f"at most {MOST_TOGETHER} together")
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


def _not_seen(name: str, sees: list[str]) -> Fault | None:
    """The fault of what is to be looked at together and is not seen."""
    if name in sees:
        return None
    message = f"'{name}' is not under sees"
    return Fault("", 0, 0, "", message, _one_of(sees), nearest(name, sees))


def _one_of(names: list[str]) -> str:
    return f"one of {', '.join(names)}" if names else ""
