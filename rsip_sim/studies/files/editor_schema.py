"""The JSON Schema by which editors help with study files: kinds, levers, metrics and moments."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import MOMENTS, OWN_AGREEMENT
from rsip_sim.scenario.changing import changeable_fields
from rsip_sim.scenario.editor_schema import json_schema as scenario_schema
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.files.schema import KINDS, file_class

SCHEMA_FILE = Path(__file__).parent / "experiment.schema.json"
_METRIC_LISTS = ("metrics", "objectives", "sees", "together")


def experiment_schema() -> dict[str, Any]:
    """The schema of a study file as JSON Schema, draft 2020-12: one alternative for each kind."""
    definitions: dict[str, Any] = {}
    alternatives = []
    for kind in KINDS:
        schema = file_class(kind).model_json_schema(by_alias=True)
        definitions |= schema.pop("$defs", {})
        _add_names(schema["properties"])
        schema["title"] = f"Study of kind {kind}"
        alternatives.append(schema)
    for each in definitions.values():
        _add_names(each["properties"])
    definitions["Values"] = _values_by_field()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Study of rsip_sim",
        "oneOf": alternatives,
        "$defs": definitions,
    }


def experiment_schema_text() -> str:
    """The schema as the text of `experiment.schema.json`."""
    return json.dumps(experiment_schema(), indent=2, ensure_ascii=False) + "\n"


def _add_names(properties: dict[str, Any]) -> None:
    """Say which names may stand in fields that name levers, metrics or moments."""
    moments = [name for name in MOMENTS if name != OWN_AGREEMENT]
    for name, field in properties.items():
        if "description" in field:
            field["description"] = " ".join(field["description"].split())
        if name in ("levers", "conditions"):
            field.pop("additionalProperties", None)
            field["$ref"] = "#/$defs/Values"
        elif name in _METRIC_LISTS:
            field["items"] = {"enum": list(METRICS)}
        elif name == "at" and field.get("type") == "array":
            field["items"] = {"enum": moments}
        elif name == "at":
            field["enum"] = [*moments, None] if "anyOf" in field else moments
        elif name == "lever":
            field["enum"] = [path for path in changeable_fields() if range_of(path) is not None]


def _values_by_field() -> dict[str, Any]:
    """A list of values by each field of a scenario that a study may vary."""
    fields = scenario_schema()
    definitions = fields["$defs"]
    dated = definitions["TimelineEntry"]["properties"]["set"]["properties"]
    properties = {}
    for path in changeable_fields():
        if path in lever_paths():
            one = {key: each for key, each in dated[path].items() if key != "$ref"}
        elif path.startswith(PARAMETERS):
            known = fields["properties"]["parameters"]["properties"]
            leaf = path.removeprefix(PARAMETERS)
            if leaf not in known:
                continue
            one = known[leaf]
        else:
            section, _, leaf = path.rpartition(".")
            holder = definitions["CohesionSection"] if section else fields
            one = {**holder["properties"][leaf], "title": field_label(path)}
            one.pop("default", None)
        properties[path] = {"type": "array", "minItems": 1, "items": one}
    return {"type": "object", "properties": properties, "additionalProperties": False}
