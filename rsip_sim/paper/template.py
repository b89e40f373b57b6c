"""Templates of papers: which sections a council's report has, and what goes into each.

A template is a YAML file of the package with a closed schema; a council's own Word file may lend
its styles to the generic one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from rsip_sim.evidence.faults import did_you_mean
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.record import bytes_digest
from rsip_sim.paper.case import Case
from rsip_sim.paper.sections.options import (
    children,
    finance,
    papers,
    proposals,
    recommendations,
    summary,
)
from rsip_sim.paper.sections.uncertainty import risks, uncertainty
from rsip_sim.paper.seed_risks import USUAL_SCALE, RiskScale
from rsip_sim.report.blocks import Block

FOLDER = Path(__file__).parent / "templates"
USUAL = "rotherham"
GENERIC = "generic"

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

    name   as it was asked for;  digest: sha256 of its files
    style  a council's own Word file whose styles are used, or None
    """

    name: str
    file: TemplateFile
    digest: str
    style: bytes | None = None


def known() -> list[str]:
    """Names of the templates of the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_template(name: str = USUAL) -> Template:
    """A template of the package, or a council's own .docx with the generic headings.

    Raises TemplateError with the nearest name, or where a file cannot be read.
    """
    if name.lower().endswith((".docx", ".dotx")):
        return _styled(Path(name))
    if name not in known():
        raise TemplateError(
            f"no template is named '{name}'; there are {', '.join(known())}, or name a council's "
            f"own Word file (.docx){did_you_mean(name, known())}"
        )
    content = (FOLDER / f"{name}.yaml").read_bytes()
    return Template(name, parse_template(content.decode("utf-8"), name), bytes_digest(content))


def parse_template(text: str, name: str) -> TemplateFile:
    """A template from its text, which a council may edit; TemplateError with every fault."""
    try:
        values: Any = yaml.safe_load(text)
        odd = sorted({f"U+{ord(c):04X}" for c in _characters(values) if not c.isprintable()})
        if odd:
            raise TemplateError(
                f"the template {name} holds characters that cannot be printed: {', '.join(odd)}"
            )
        return TemplateFile.model_validate(values)
    except RecursionError:
        raise TemplateError(f"the template {name} is nested too deep, or in itself") from None
    except yaml.YAMLError as error:
        raise TemplateError(f"the template {name} is no YAML: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise TemplateError(f"the template {name} is faulty: {faults}") from error


def _characters(value: Any) -> Iterator[str]:
    """Every character of every text in a value, line ends aside."""
    if isinstance(value, str):
        yield from value.replace("\n", " ").replace("\t", " ")
    elif isinstance(value, dict):
        yield from _characters([*value.keys(), *value.values()])
    elif isinstance(value, list):
        for each in value:
            yield from _characters(each)


def _styled(path: Path) -> Template:
    """The generic template with the styles of a Word file."""
    from rsip_sim.paper.council_file import CouncilFileError, read_council_file

    try:
        style = read_council_file(path)
    except CouncilFileError as error:
        raise TemplateError(f"{path} {error}") from error
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror or error}") from error
    generic = load_template(GENERIC)
    return Template(path.name, generic.file, bytes_digest(style + generic.digest.encode()), style)
