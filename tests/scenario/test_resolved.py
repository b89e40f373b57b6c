"""The complete scenario: plain data, and a text that loads to the same policy."""

import json

import pytest

from rsip_sim.scenario import load_scenario, resolved_yaml
from tests.fakes.places import SCENARIOS
from tests.fakes.scenario_files import write

FILES = sorted(SCENARIOS.glob("*.yaml"))
RICH = """\
title: 'Quotes " and \\ and: colons # £ – 日本'
description: "Two\\nlines"
author: Ann
climate: {conversion: table, opening_pct_per_month: {primary: [0.25], secondary: [1], special: [0]}}
timeline:
  - {from: 2012-04, set: {agreement.renewal: certain, funding.service_money: 450.5}}
  - {from: 2013-04, set: {agreement.renewal: uncertain, funding.forum_delegates_from: 2014-04}}
  - {from: 2014-04, set: {agreement.renewal: certain}}
cohesion: {weights: {stability: 0}, associate_weight: 0.5}
parameters: {b_price: 0.2, b_peer: 1.0000001}
run: {replications: 10, seed: 0, parameters: central}
"""


def again(scenario, folder):
    path = folder / f"{scenario.name}_again.yaml"
    path.write_text(resolved_yaml(scenario), "utf-8")
    return load_scenario(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_scenario_written_out_loads_to_the_same_policy(path, tmp_path):
    first = load_scenario(path)
    second = again(first, tmp_path)
    assert (second.policy, second.run) == (first.policy, first.run)
    assert resolved_yaml(second) == resolved_yaml(first)


def test_a_rich_scenario_written_out_loads_to_the_same_policy(tmp_path):
    first = load_scenario(write(tmp_path, RICH))
    second = again(first, tmp_path)
    assert (second.policy, second.run, second.title) == (first.policy, first.run, first.title)
    assert second.description == "Two\nlines"
    assert second.resolved == first.resolved


def test_the_plain_data_is_complete_and_survives_json(tmp_path):
    resolved = load_scenario(write(tmp_path, RICH)).resolved
    assert json.loads(json.dumps(resolved)) == resolved
    assert "extends" not in resolved
    assert resolved["agreement"]["governance_settled_months"] == 6
    assert list(resolved)[:5] == ["title", "short", "description", "author", "start"]


def test_the_way_a_number_is_written_does_not_show_in_the_result(tmp_path):
    texts = [
        resolved_yaml(
            load_scenario(write(tmp_path, f"funding: {{earmark_gbp_per_year: {each}}}\n"))
        )
        for each in ("750000", "750_000.0", "7.5e5")
    ]
    assert len(set(texts)) == 1


def test_a_scenario_does_not_change(tmp_path):
    scenario = load_scenario(write(tmp_path, ""))
    with pytest.raises(AttributeError):
        scenario.title = "Another"
