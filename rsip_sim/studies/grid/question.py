"""What a grid is asked, and what is wrong with it in a scenario."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.changing import is_drawn, varied_from
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.ranges import number_text
from rsip_sim.scenario.wording import value_text
from rsip_sim.studies.kernel.asking import Faults, Names, Question, metric_fault, moment_fault
from rsip_sim.studies.kernel.lever_values import Values, check_number, sound_values

METRICS_SHOWN = ("members", "erosion", "cohesion", "unmet_days", "price_council")


class GridQuestion(Question):
    """Every combination of some values of some levers, on the same futures."""

    levers: dict[str, Values] = Field(min_length=1)
    """What the council may choose: values by the path of the field in a scenario."""
    conditions: dict[str, Values] = Field(default_factory=dict)
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
    if any(path in entry["set"] for entry in scenario.resolved["timeline"]):
        allowed = "vary what it holds throughout, or take another scenario"
        faults.add(at, f"{file} changes it during the run", allowed, at_key=True)
        return
    own, parameter = varied_from(scenario, path), path.startswith(PARAMETERS)
    if own is None and parameter:
        allowed = f"write it under parameters in {file}, or under conditions here"
        faults.add(at, "is drawn anew in each future by the scenario", allowed, at_key=True)
    elif own not in values:
        written = number_text(own) if parameter else value_text(path, own)
        which = "the scenario's own value"
        if is_drawn(scenario, path):
            which = "the median of what the scenario draws"
        faults.add(
            at, f"does not hold {which} ({written}), with which the others are compared",
            "add it to the values", at_key=True,
        )  # fmt: skip
