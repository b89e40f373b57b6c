"""The complete scenario: as plain data, as text that loads to the same policy, and as a Policy."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.model.policy import Cohesion, Levers, Policy
from rsip_sim.scenario.levers import OPENINGS
from rsip_sim.scenario.problems import THOUSANDS
from rsip_sim.scenario.reading import WHY
from rsip_sim.scenario.schema import LEVER_SECTIONS, MONTH_FIELDS, ScenarioFile
from rsip_sim.scenario.timeline import State

_LARGEST_EXACT = 2**53


def resolved_values(file: ScenarioFile, states: list[State]) -> dict[str, Any]:
    """Every field in the order of the schema, as plain data that JSON can hold; no `extends`."""
    values = file.model_dump(by_alias=True)
    values["timeline"] = [_entry(state) for state in states[1:]]
    values["parameters"] = dict(sorted(values["parameters"].items()))
    if not values[WHY]:
        del values[WHY]
    plain: dict[str, Any] = plain_numbers(values)
    return plain


def policy_of(file: ScenarioFile, states: list[State]) -> Policy:
    """The policy the model runs."""
    start = parse_month(file.start)
    held, rules = sorted(file.parameters.items()), load_register().structures
    w = file.cohesion.weights
    return Policy(
        start=start,
        horizon_months=file.horizon_months,
        partnership=file.partnership,
        levers=_levers(states[0]),
        changes=tuple((state.month - start, _levers(state)) for state in states[1:] if state.month),
        cohesion=Cohesion(
            (w.participation, w.connectedness, w.integrity, w.mutual_support, w.stability),
            file.cohesion.associate_weight,
        ),
        overrides=tuple((name, float(value)) for name, value in held if name not in rules),
        structure=tuple((name, value) for name, value in held if name in rules),
        parameters=file.run.parameters,
    )


def plain_numbers(value: Any) -> Any:
    """The same data with whole floats as whole numbers, so that 5 and 5.0 read the same.

    Numbers of numpy become those of Python.
    """
    if isinstance(value, dict):
        return {name: plain_numbers(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain_numbers(inner) for inner in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer() and abs(value) <= _LARGEST_EXACT:
        return int(value)
    return value


def yaml_text(values: dict[str, Any]) -> str:
    """Plain data as YAML: the same text for the same data, always, and readable again."""
    return "".join(f"{line}\n" for line in _lines(values, 0))


def _entry(state: State) -> dict[str, Any]:
    new = {
        f"{section}.{name}": state.values[section][name]
        for section in LEVER_SECTIONS
        for name in LEVER_SECTIONS[section].model_fields
        if (section, name) in state.origins
    }
    return {"from": month_text(state.month or 0), "set": new}


def _levers(state: State) -> Levers:
    usual = Levers()
    return Levers(**{
        section: replace(
            getattr(usual, section),
            **{name: _plain(f"{section}.{name}", value) for name, value in values.items()},
        )
        for section, values in state.values.items()
    })  # fmt: skip


def _plain(path: str, value: Any) -> Any:
    """A value as the model has it: months by number, tables as tuples."""
    if path in MONTH_FIELDS and value is not None:
        return parse_month(value)
    if path == OPENINGS:
        return tuple((phase, tuple(value[phase])) for phase in value or {})
    return value


def _lines(values: dict[str, Any], depth: int) -> list[str]:
    indent = "  " * depth
    lines: list[str] = []
    for name, value in values.items():
        if isinstance(value, dict) and value:
            lines += [f"{indent}{name}:", *_lines(value, depth + 1)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            lines.append(f"{indent}{name}:")
            for item in value:
                first, *rest = _lines(item, depth + 2)
                lines += [f"{indent}  - {first.lstrip()}", *rest]
        else:
            lines.append(f"{indent}{name}: {_inline(value)}")
    return lines


def _inline(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_inline(each) for each in value)}]"
    if isinstance(value, str):
        return f'"{"".join(_escaped(character) for character in value)}"'
    text = json.dumps(value)
    return f"{text}0" if THOUSANDS.fullmatch(text) else text  # 1.250 could be meant as 1250


def _escaped(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"
