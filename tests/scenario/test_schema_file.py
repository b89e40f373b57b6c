"""The schema: closed, in step with the model, the register and the file that editors read."""

import dataclasses
import json

import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.model.policy import Levers
from rsip_sim.scenario import json_schema
from rsip_sim.scenario.editor_schema import schema_text
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import LEVER_SECTIONS, MODELS


def test_every_mapping_of_the_schema_is_closed():
    schema = json_schema()
    mappings = [schema, *schema["$defs"].values(), schema["properties"]["parameters"]]
    assert all(each["additionalProperties"] is False for each in mappings)


def test_a_child_file_needs_to_give_nothing():
    schema = json_schema()
    assert "required" not in schema
    assert "extends" in schema["properties"]
    assert "required" not in schema["$defs"]["AgreementSection"]
    assert schema["$defs"]["TimelineEntry"]["required"] == ["from", "set"]


def test_editors_know_the_accepted_range_and_the_unit():
    field = json_schema()["$defs"]["FundingSection"]["properties"]["earmark_gbp_per_year"]
    lever = load_register()["funding.earmark_gbp_per_year"]
    assert (field["minimum"], field["maximum"]) == (lever.minimum, lever.maximum)
    assert field["unit"] == lever.unit == "£ a year"


def test_the_schema_is_plain_json():
    assert json.loads(schema_text()) == json_schema()


def test_the_sections_of_the_schema_are_those_of_the_policy():
    assert list(LEVER_SECTIONS) == [each.name for each in dataclasses.fields(Levers)]


@pytest.mark.parametrize(("section", "policy"), vars(Levers()).items())
def test_a_section_has_the_fields_and_defaults_of_the_policy(section, policy):
    fields = {each.name: each.default for each in dataclasses.fields(policy)}
    model = {name: each.default for name, each in LEVER_SECTIONS[section].model_fields.items()}
    assert list(model) == list(fields)
    for name in model:
        assert (model[name] or 0) == (fields[name] or 0)


def test_every_field_is_described():
    for path, model in MODELS.items():
        for name, field in model.model_fields.items():
            assert field.description, f"{path}.{name}"


def test_the_levers_of_the_register_are_those_that_may_be_a_number():
    schema = json_schema()
    dated = schema["$defs"]["TimelineEntry"]["properties"]["set"]["properties"]
    fields = {path: dated[path] for path in lever_paths()}
    fields["cohesion.associate_weight"] = schema["$defs"]["CohesionSection"]["properties"][
        "associate_weight"
    ]
    numeric = {
        path
        for path, field in fields.items()
        if {"number", "integer"} & {each.get("type") for each in field.get("anyOf", [field])}
    }
    assert {each.name for each in load_register().levers()} == numeric
    assert all(range_of(path) for path in numeric)
