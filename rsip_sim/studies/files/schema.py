"""What a study file says: a class for each kind, made of three parts; and that as JSON Schema.

Every file says what `StudyFile` holds; the kind adds the scenarios it names, and the question of
its study. What a study is asked is named in its own question and nowhere else.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, create_model

from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import MOMENTS, OWN_AGREEMENT
from rsip_sim.scenario.changing import changeable_fields
from rsip_sim.scenario.ranges import Author, Text, Title, planner_error, range_of
from rsip_sim.scenario.schema import Closed
from rsip_sim.studies.kernel.asking import Question
from rsip_sim.studies.kernel.study import Study
from rsip_sim.studies.registry import study_named


class StudyRun(Closed):
    """How many futures are simulated, and which."""

    section: ClassVar[str] = "run"

    replications: int | None = None
    """Simulated futures of each cell (number); else what the scenario says."""
    seed: int | None = None
    """Where the random numbers start (number); else what the scenario says."""


class StudyFile(Closed):
    """What every study says."""

    title: Title
    """A few words that name the study."""
    description: Text = ""
    """One or two sentences: the question, and for whom."""
    author: Author | None = None
    """Who wrote the study."""
    kind: str
    """What is done: grid, review, robustness, sensitivity, tipping or england."""
    run: StudyRun = StudyRun()
    """How many futures are simulated, and which."""


class OneScenario(Closed):
    """What a grid, a review or a search for a tipping point stands on."""

    scenario: str
    """The scenario that is varied, as a path from this file."""


def _several(files: list[str]) -> list[str]:
    if len(files) < 2:
        raise planner_error("one scenario has nothing to be compared with", "two or more files")
    return files


class SeveralScenarios(Closed):
    """What a study of robustness, or of England, stands on."""

    scenarios: Annotated[list[str], AfterValidator(_several)]
    """The scenarios, as paths from this file, the baseline first."""


class TwoScenarios(Closed):
    """What a study of sensitivity stands on."""

    baseline: str
    """The scenario compared with, as a path from this file."""
    scenario: str
    """The scenario compared with it, as a path from this file."""


@dataclass(frozen=True)
class Kind:
    """A kind of study file.

    study     name of the study in the registry
    ground    the fields that name scenario files, the baseline first
    compares  whether the scenarios are simulated as a comparison first, which the study reads
    futures   whether it counts futures
    """

    study: str
    ground: type[Closed]
    compares: bool = False
    futures: bool = True

    def made(self) -> Study[Any, Any, Any]:
        """The study."""
        return study_named(self.study)

    def asked(self) -> Iterator[str]:
        """The fields of the question: scenarios, replications and seed are not asked twice."""
        elsewhere = {*self.ground.model_fields, *StudyRun.model_fields}
        return (name for name in self.made().question.model_fields if name not in elsewhere)

    def question_of(self, file: StudyFile, folder: Path) -> Question:
        """What a checked file in a folder asks of the study; it names files from there."""
        given = {name: getattr(file, name) for name in self.asked()}
        files = {name: folder / each for name, each in given.items() if isinstance(each, Path)}
        return self.made().question.model_construct(**{**given, **files})


KINDS = {
    "grid": Kind("grid", OneScenario),
    "review": Kind("review", OneScenario),
    "robustness": Kind("robust", SeveralScenarios, compares=True),
    "sensitivity": Kind("sensitivity", TwoScenarios, futures=False),
    "tipping": Kind("solve", OneScenario),
    "england": Kind("england", SeveralScenarios),
}


@cache
def file_class(name: str) -> type[StudyFile]:
    """The class of the files of a kind."""
    kind = KINDS[name]
    question = kind.made().question
    words = inspect.cleandoc(question.__doc__ or "")
    asked = {each: question.model_fields[each] for each in kind.asked()}
    fields: dict[str, Any] = {
        each: (field.annotation, field)
        for each, field in {**kind.ground.model_fields, **asked}.items()
    }
    fields["kind"] = (Literal[name], Field(description=words))
    return create_model(f"{name.title()}File", __base__=StudyFile, __doc__=words, **fields)


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
    definitions["Values"] = {  # a list of values by each field of a scenario that may vary
        "type": "object",
        "propertyNames": {"enum": list(changeable_fields())},
        "additionalProperties": {"type": "array", "minItems": 1},
    }
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
