"""Study files: those shipped load, broken ones get the message that is promised, all at once."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from rsip_sim.measures.metrics import METRICS
from rsip_sim.scenario.changing import changeable_fields
from rsip_sim.studies.files.loading import load_study
from rsip_sim.studies.files.schema import (
    KINDS,
    experiment_schema,
    experiment_schema_text,
)
from rsip_sim.studies.kernel.asking import AskedError

EXPERIMENTS = Path(__file__).parents[3] / "experiments"
SHIPPED = sorted(path.stem for path in EXPERIMENTS.glob("*.yaml"))
BROKEN = Path(__file__).parents[2] / "cli" / "fixtures" / "broken_studies"
FILES = sorted(path.stem for path in BROKEN.glob("*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_study_loads_and_has_its_line_in_the_readme(name) -> None:
    study = load_study(EXPERIMENTS / f"{name}.yaml")
    assert study.settings.description
    lines = (EXPERIMENTS / "README.md").read_text("utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| `{name}` |")]
    assert f"rsip experiment experiments/{name}.yaml" in line


def test_the_studies_a_planner_asks_for_are_shipped_and_are_of_every_kind() -> None:
    assert SHIPPED == [
        "agreement_length", "england", "funding", "robustness", "sensitivity", "tipping",
        "two_year_review",
    ]  # fmt: skip
    kinds = {load_study(EXPERIMENTS / f"{name}.yaml").settings.kind for name in SHIPPED}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("name", FILES)
def test_a_broken_study_gets_the_message_that_is_promised(name, monkeypatch) -> None:
    monkeypatch.chdir(BROKEN)
    with pytest.raises(AskedError) as caught:
        load_study(f"{name}.yaml")
    messages = "".join(f"{fault}\n" for fault in caught.value.faults)
    assert messages == Path(f"{name}.expected").read_text(encoding="utf-8")


def test_no_message_speaks_of_python_or_of_a_scenario_where_a_study_is_meant() -> None:
    for path in BROKEN.glob("*.expected"):
        text = path.read_text(encoding="utf-8")
        words = ("Traceback", "pydantic", "dict", "NoneType", "one scenario: delete", "extends")
        assert not [word for word in words if word in text], path.name


def test_a_file_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(AskedError, match=r"did you mean '.*agreement_length\.yaml'"):
        load_study(EXPERIMENTS / "agreement_lenght.yaml")


def test_what_a_study_does_not_say_its_scenario_does() -> None:
    ground = load_study(EXPERIMENTS / "tipping.yaml").ground
    run = ground.baseline.run
    assert (ground.seed, ground.replications) == (run.seed, run.replications)
    assert load_study(EXPERIMENTS / "tipping.yaml", 7).ground.replications == 7
    assert load_study(EXPERIMENTS / "funding.yaml").ground.replications == 500


def test_a_seed_asked_for_gives_the_same_study_other_draws() -> None:
    other = load_study(EXPERIMENTS / "funding.yaml", seed=3).ground
    assert (other.seed, other.replications) == (3, 500)
    assert other.named["seed"] == 3


def test_a_scenario_taken_for_a_study_is_recognised() -> None:
    scenario = EXPERIMENTS.parent / "scenarios" / "two_year.yaml"
    with pytest.raises(AskedError, match="this looks like a scenario; 'rsip run' and"):
        load_study(scenario)


def test_editors_know_every_kind_every_metric_and_every_field_that_may_vary() -> None:
    schema = experiment_schema()
    assert json.loads(experiment_schema_text()) == schema
    kinds = {each["properties"]["kind"]["const"]: each for each in schema["oneOf"]}
    assert set(kinds) == set(KINDS)
    assert all(each["additionalProperties"] is False for each in kinds.values())
    assert kinds["grid"]["properties"]["metrics"]["items"]["enum"] == list(METRICS)
    assert schema["$defs"]["Values"]["propertyNames"]["enum"] == list(changeable_fields())


@pytest.mark.parametrize("name", SHIPPED)
def test_whatever_stands_in_a_field_wrong_input_is_told_as_such(name, tmp_path) -> None:
    """Checks that stand on several fields must not stumble over one that is not sound."""
    text = (EXPERIMENTS / f"{name}.yaml").read_text("utf-8")
    text = text.replace("../scenarios", str(EXPERIMENTS.parent / "scenarios"))
    document = YAML(typ="safe").load(text)
    refused = 0
    for field, wrong in itertools.product(document, (None, 5, [[1]], {"a": 1})):
        path = tmp_path / "study.yaml"
        path.write_text(json.dumps({**document, field: wrong}), encoding="utf-8")
        try:
            load_study(path)
        except AskedError:
            refused += 1
    assert refused >= 3 * len(document)  # an absent author or horizon is sound
