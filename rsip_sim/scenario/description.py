"""How one scenario differs from another, in words: labels, units and dates from one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.scenario.loading import Scenario
from rsip_sim.scenario.names import fields_of, lever_paths
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import MONTH_FIELDS
from rsip_sim.scenario.settings import field_label
from rsip_sim.scenario.wording import value_parts

_UNDATED = (
    "partnership",
    "start",
    "horizon_months",
    "roster",
    *(f"cohesion.weights.{name}" for name in fields_of("cohesion.weights")),
    "cohesion.associate_weight",
    "run.parameters",
)


@dataclass(frozen=True)
class Difference:
    """One field in which a scenario differs from the baseline.

    field       dotted path in the scenario file
    label       what a reader calls it
    old, new    the baseline's value and the scenario's, as in the resolved file; equal where
                an earlier difference ends
    unit        unit of both, '' for none
    from_month  month number from which the difference holds, None for the whole run
    sentence    all of this in words: ``Partnership earmark: £750,000 → £375,000 a year, from …``
    """

    field: str
    label: str
    old: Any
    new: Any
    unit: str
    from_month: int | None
    sentence: str


def differences(baseline: Scenario, scenario: Scenario) -> list[Difference]:
    """Every difference of policy, schools or parameters, in the order of the schema.

    Titles, descriptions, replications and seeds are no differences of policy.
    """
    ours, theirs = baseline.resolved, scenario.resolved
    found = [
        _difference(path, _at(ours, path), _at(theirs, path), None)
        for path in _UNDATED
        if _at(ours, path) != _at(theirs, path)
    ]
    for path in lever_paths():
        found += _dated(path, ours, theirs)
    return found + list(_parameters(ours["parameters"], theirs["parameters"]))


def _dated(path: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    old_steps, new_steps = _steps(path, ours), _steps(path, theirs)
    first = max(min(old_steps), min(new_steps))
    months = sorted({first, *(month for month in {**old_steps, **new_steps} if month > first)})
    before: tuple[Any, Any] = (None, None)
    for month in months:
        pair = _in_force(old_steps, month), _in_force(new_steps, month)
        if pair != before and (pair[0] != pair[1] or before[0] != before[1]):
            yield _difference(path, *pair, month)
        before = pair


def _steps(path: str, resolved: dict[str, Any]) -> dict[int, Any]:
    """The value of a lever by the month number from which it holds."""
    steps = {parse_month(resolved["start"]): _at(resolved, path)}
    for entry in resolved["timeline"]:
        if path in entry["set"]:
            steps[parse_month(entry["from"])] = entry["set"][path]
    return steps


def _in_force(steps: dict[int, Any], month: int) -> Any:
    return steps[max(each for each in steps if each <= month)]


def _at(resolved: dict[str, Any], path: str) -> Any:
    value: Any = resolved
    for name in path.split("."):
        value = value[name]
    return value


def _difference(path: str, old: Any, new: Any, month: int | None) -> Difference:
    label, limits = field_label(path), range_of(path)
    old_text, old_unit = value_parts(path, old)
    new_text, new_unit = value_parts(path, new)
    if old == new:
        change = f"back to {new_text}{new_unit}"
    elif isinstance(old, dict) and isinstance(new, dict):
        change = "another table"
    else:
        change = f"{old_text}{_unit_once(old_unit, new_unit)} → {new_text}{new_unit}"
    undated = month is None or path in MONTH_FIELDS  # whose value is a date itself
    since = "" if undated else f", from {month_name(month or 0)}"
    unit = limits.unit if limits else ""
    return Difference(path, label, old, new, unit, month, f"{label}: {change}{since}")


def _unit_once(old: str, new: str) -> str:
    """The unit after the old value: only where the new value does not bring the same one."""
    return old if not new else ""


def _other_rule(name: str, old: str | None, new: str | None) -> Difference:
    rule = load_register().structures[name]
    old, new = old or rule.value, new or rule.value
    then = rule.alternatives.get(new, "as the model has it")
    sentence = f"{rule.label}: {old} → {new} ({then})"
    return Difference(f"parameters.{name}", rule.label, old, new, "", None, sentence)


def _parameters(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    for name in sorted({*ours, *theirs}):
        old, new = ours.get(name), theirs.get(name)
        if old == new:
            continue
        if name in load_register().structures:
            yield _other_rule(name, old, new)
            continue
        parameter = load_register()[name]
        texts = ["as in the register" if each is None else f"{each:g}" for each in (old, new)]
        sentence = f"{parameter.label}: {texts[0]} → {texts[1]} ({parameter.unit})"
        yield Difference(
            f"parameters.{name}", parameter.label, old, new, parameter.unit, None, sentence
        )
