"""What a planner writes: scenario files, their schema, their faults and their description."""

from rsip_sim.scenario.changing import ChangeError
from rsip_sim.scenario.editor_schema import json_schema
from rsip_sim.scenario.loading import (
    RunSettings,
    Scenario,
    ScenarioError,
    check,
    load_scenario,
    resolved_yaml,
    with_values,
)
from rsip_sim.scenario.notices import notices
from rsip_sim.scenario.settings import Difference, differences

__all__ = [
    "ChangeError",
    "Difference",
    "RunSettings",
    "Scenario",
    "ScenarioError",
    "check",
    "differences",
    "json_schema",
    "load_scenario",
    "notices",
    "resolved_yaml",
    "with_values",
]
