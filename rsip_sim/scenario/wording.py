"""A field and its value in words, with its unit: ``£750,000 a year``, ``24 months``, ``never``."""

from __future__ import annotations

from typing import Any

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.scenario.levers import LEVERS, PARAMETERS
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS

_ONE = {"months": "month", "reviews": "review", "approaches": "approach"}


def field_label(path: str) -> str:
    """What a reader calls the field at a dotted path of a scenario, or a parameter of the register.

    Raises KeyError where there is no such field; `check_field` has told a planner so before.
    """
    if path.startswith(PARAMETERS):
        register, name = load_register(), path.removeprefix(PARAMETERS)
        return (register.structures.get(name) or register[name]).label
    if path in LEVERS:
        return LEVERS[path].label
    section, _, name = path.rpartition(".")
    return MODELS[section].model_fields[name].title or name.replace("_", " ")


def value_text(path: str, value: Any) -> str:
    """A value with its unit in words: ``£750,000 a year``, ``24 months``, ``never``."""
    text, unit = value_parts(path, value)
    return text + unit


def between(path: str, first: Any, last: Any, word: str) -> str:
    """Two values of a field with a word between them, their unit once: ``24 → 60 months``."""
    (text, unit), (last_text, last_unit) = value_parts(path, first), value_parts(path, last)
    return f"{text}{'' if last_unit else unit} {word} {last_text}{last_unit}"


def value_parts(path: str, value: Any) -> tuple[str, str]:
    """The value without its unit, and what follows it: ``£750,000`` and `` a year``."""
    if path in LEVERS and not isinstance(value, dict) and value in LEVERS[path].words:
        return LEVERS[path].words[value], ""
    if isinstance(value, bool):
        return ("yes" if value else "no"), ""
    if isinstance(value, dict):
        return "a table", ""
    if isinstance(value, str):
        return (month_name(parse_month(value)) if path in MONTH_FIELDS else value), ""
    limits = range_of(path)
    return _number(value, limits.unit if limits else "")


def _number(value: float, unit: str) -> tuple[str, str]:
    if unit.startswith("£"):
        pence = 0 if value == int(value) else 2
        return f"£{value:,.{pence}f}", unit[1:]
    if unit.startswith("share"):
        return f"{value * 100:.6g}%", unit.removeprefix("share")
    if unit.startswith("per cent"):
        return f"{value:g}%", unit.removeprefix("per cent")
    text = f"{value:,}" if isinstance(value, int) else f"{value:g}"
    if unit in ("", "weight"):
        return text, ""
    first, *rest = unit.split(" ")
    return text, " ".join(["", _ONE.get(first, first) if value == 1 else first, *rest])
