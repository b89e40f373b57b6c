"""Templates of papers: which sections a council's report has, and what goes into each.

A template is a YAML file of the package with a closed schema.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rsip_sim.evidence.faults import did_you_mean
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.record import bytes_digest
from rsip_sim.paper.case import Case
from rsip_sim.paper.sections import (
    children,
    finance,
    papers,
    proposals,
    recommendations,
    risks,
    summary,
    uncertainty,
)
from rsip_sim.paper.seed_risks import USUAL_SCALE, RiskScale
from rsip_sim.report.blocks import Block

FOLDER = Path(__file__).parent / "templates"
USUAL = "rotherham"

PARTS: dict[str, Callable[[Case], list[Block]]] = {
    part.__name__: part
    for part in (
        summary, recommendations, proposals, finance, uncertainty, risks, children, papers,
    )
}  # fmt: skip
"""What a template may ask for."""


class TemplateError(ExperimentError):
    """A template that is not there or cannot be used; the message says why."""


class _Closed(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class GapEntry(_Closed):
    """What officers write themselves: what is missing, such as Legal advice, and who writes it."""

    gap: str = Field(min_length=1)
    who: str = Field(min_length=1)


class Section(_Closed):
    """One section of the report: its heading, and parts of `PARTS` and gaps in order."""

    heading: str = Field(min_length=1)
    parts: list[str | GapEntry] = Field(min_length=1)


class TemplateFile(_Closed):
    """A template as its file has it.

    title         what the report is about; the question of the comparison follows it
    front         the title block: meeting, wards, authors, each written by officers
    first_number  of the first section; None: sections are not numbered
    risks         how risks are scored
    """

    title: str = Field(min_length=1)
    to: str = "Cabinet"
    front: list[GapEntry] = []
    first_number: int | None = Field(default=None, ge=0, le=999)
    risks: RiskScale = USUAL_SCALE
    sections: list[Section] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_parts_once(self) -> TemplateFile:
        named = [
            each for section in self.sections for each in section.parts if isinstance(each, str)
        ]
        if unknown := sorted(set(named) - set(PARTS)):
            raise ValueError(
                f"no parts of a paper: {', '.join(unknown)}; there are {', '.join(PARTS)}"
            )
        if twice := sorted({part for part in named if named.count(part) > 1}):
            raise ValueError(f"asked for twice: {', '.join(twice)}")
        return self


@dataclass(frozen=True)
class Template:
    """A template to set a paper by.

    name  as it was asked for;  digest: sha256 of its file
    """

    name: str
    file: TemplateFile
    digest: str


def known() -> list[str]:
    """Names of the templates of the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_template(name: str = USUAL) -> Template:
    """A template of the package; TemplateError with the nearest name where there is none."""
    if name not in known():
        raise TemplateError(
            f"no template is named '{name}'; there are {', '.join(known())}"
            f"{did_you_mean(name, known())}"
        )
    content = (FOLDER / f"{name}.yaml").read_bytes()
    return Template(name, parse_template(content.decode("utf-8"), name), bytes_digest(content))


def parse_template(text: str, name: str) -> TemplateFile:
    """A template from its text, which a council may edit; TemplateError with every fault."""
    try:
        return TemplateFile.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, RecursionError, ValidationError) as error:
        raise TemplateError(f"the template {name} is faulty: {error}") from error
