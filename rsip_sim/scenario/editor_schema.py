"""The JSON Schema by which editors help with scenario files: ranges, units and descriptions.

A file with a parent gives only what differs, so nothing is required in this schema; that
nothing is missing in the end is for `load_scenario` to say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rsip_sim.evidence.register import load_register
from rsip_sim.scenario.changing import changeable_fields
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.scenario.ranges import LONGEST_REASON, Range, bound_words, number_text, range_of
from rsip_sim.scenario.reading import WHY
from rsip_sim.scenario.schema import LEVER_SECTIONS, MODELS, ScenarioFile

SCHEMA_FILE = Path(__file__).parent / "scenario.schema.json"
_WHOLE = ("TimelineEntry", "OpeningTable")  # a list is never merged, and a table is one value


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file as JSON Schema, draft 2020-12; everything is optional."""
    schema = ScenarioFile.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    for path, model in MODELS.items():
        holder = schema if not path else definitions[model.__name__]
        if path and model.__name__ not in _WHOLE:
            holder.pop("required", None)
        for name, field in holder["properties"].items():
            full = f"{path}.{name}".lstrip(".")
            if full in LEVERS:
                field["title"] = LEVERS[full].label
            _add_range(field, range_of(full))
    schema.pop("required")
    _add_extends(schema)
    schema["properties"]["parameters"] = _parameters(schema["properties"]["parameters"])
    reasons = schema["properties"][WHY]
    reasons["propertyNames"] = {"enum": sorted({*LEVERS, *changeable_fields()})}
    reasons["additionalProperties"] |= {"minLength": 1, "maxLength": LONGEST_REASON}
    entry = definitions["TimelineEntry"]["properties"]
    entry["set"] = _levers(entry["set"], definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Scenario of rsip_sim",
        **{name: value for name, value in schema.items() if name != "title"},
    }


def schema_text() -> str:
    """The schema as the text of `scenario.schema.json`."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _add_range(field: dict[str, Any], limits: Range | None) -> None:
    if "description" in field:  # not where it would repeat that of the section it points to
        field["description"] = " ".join(field["description"].split())
    if isinstance(field.get("default"), dict | list):
        del field["default"]
    if limits is None:
        return
    for each in field.get("anyOf", [field]):
        numbers = each["items"] if each.get("type") == "array" else each
        if numbers.get("type") in ("number", "integer"):
            _bound(numbers, limits.minimum, limits.maximum)
    if limits.low is not None and limits.high is not None:
        low, high = number_text(limits.low), number_text(limits.high)
        field["description"] += f" Met in evidence: {low} to {high}."
    if limits.unit:
        field["unit"] = limits.unit


def _bound(field: dict[str, Any], minimum: float | None, maximum: float | None) -> None:
    for name, value in (("minimum", minimum), ("maximum", maximum)):
        if value is not None:
            field[name] = int(value) if value == int(value) else value


def _add_extends(schema: dict[str, Any]) -> None:
    extends = {
        "type": "string",
        "title": "Parent",
        "description": "A file in the same folder, or a scenario that comes with the package, such "
        "as rsip:base, whose fields hold where this file is silent.",
    }
    properties = list(schema["properties"].items())
    schema["properties"] = dict([*properties[:3], ("extends", extends), *properties[3:]])


def _parameters(field: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for rule in load_register().structures.values():
        known = "; ".join(f"{name}: {then}" for name, then in rule.alternatives.items())
        text = f"{rule.label}: {rule.value}, or {known}"
        properties[rule.name] = {
            "enum": list(rule.values), "title": rule.label, "description": text,
        }  # fmt: skip
    for parameter in load_register():
        if parameter.kind == "lever" or isinstance(parameter.value, tuple):
            continue
        known = number_text(parameter.value)
        if parameter.low is not None and parameter.high is not None:
            known += f"; evidence {bound_words(parameter.low, parameter.high)}"
        text = f"{parameter.label} ({parameter.unit}): {known}."
        number = {"type": "number", "title": parameter.label, "description": text}
        _bound(number, parameter.minimum, parameter.maximum)
        properties[parameter.name] = number
    return {**field, "properties": properties, "additionalProperties": False}


def _levers(field: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Levers of a timeline entry: each by its dotted path, or a section of them."""
    properties: dict[str, Any] = {}
    for section, model in LEVER_SECTIONS.items():
        for name, value in definitions[model.__name__]["properties"].items():
            properties[f"{section}.{name}"] = {
                key: each for key, each in value.items() if key != "default"
            }
    for section, model in LEVER_SECTIONS.items():
        properties[section] = {"$ref": f"#/$defs/{model.__name__}"}
    return {**field, "properties": properties, "additionalProperties": False}
