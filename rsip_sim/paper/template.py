"""Templates of papers: which sections a council's report has, and what goes into each.

A template is a YAML file of the package with a closed schema; a council's own Word file may lend
its styles to the generic one.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from lxml import etree  # type: ignore[import-untyped]
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
from rsip_sim.paper.word_styles import new_document, text_size_cm
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


# of a council's Word file: as it is kept, all its parts together, and between its margins
MOST_BYTES, MOST_UNPACKED, MOST_PARTS, LEAST_CM = 32 << 20, 128 << 20, 2000, 8.0
_TYPES = "[Content_Types].xml"
_TEMPLATE = b"wordprocessingml.template.main+xml"
_DOCUMENT = b"wordprocessingml.document.main+xml"


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
        return TemplateFile.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, RecursionError, ValidationError) as error:
        raise TemplateError(f"the template {name} is faulty: {error}") from error


def _styled(path: Path) -> Template:
    """The generic template with the styles of a Word file, or of a Word template likewise."""
    try:
        style = _council_file(path)
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror or error}") from error
    except _UnusableError as error:
        raise TemplateError(f"{path} {error}") from error
    generic = load_template(GENERIC)
    return Template(path.name, generic.file, bytes_digest(style + generic.digest.encode()), style)


class _UnusableError(ValueError):
    """A Word file whose styles cannot be used; the message says why and what to do."""


def _council_file(path: Path) -> bytes:
    if path.exists() and not path.is_file():
        raise _UnusableError("is no file")
    if path.stat().st_size > MOST_BYTES:
        raise _UnusableError(f"is larger than {MOST_BYTES >> 20} MB; take its pictures out")
    content = _as_document(path.read_bytes())
    try:
        document = new_document(content)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise _UnusableError(
            "has styles, lists or pages that cannot be read; open it in Word and save it again"
        ) from error
    for cm, what in zip(text_size_cm(document), ("wide", "tall"), strict=True):
        if cm < LEAST_CM:
            raise _UnusableError(
                f"leaves a text {max(cm, 0):.1f} cm {what} between its margins, where at least "
                f"{LEAST_CM:g} cm are needed"
            )
    return content


def _as_document(content: bytes) -> bytes:
    """The archive with every part seen to be sound; a template (.dotx) made a document."""
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(made, "w") as after:
            parts = before.infolist()
            unpacked = sum(part.file_size for part in parts)
            if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
                raise _UnusableError(
                    f"unpacks to {unpacked / (1 << 20):,.0f} MB in {len(parts):,} parts, more than "
                    f"any Word file needs"
                )
            for part in parts:
                text = before.read(part)
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_unsound(part.filename, text)
                if part.filename == _TYPES:
                    text = text.replace(_TEMPLATE, _DOCUMENT)
                after.writestr(part.filename, text)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError):
        raise _UnusableError(
            "cannot be read as a Word file; save it as .docx, without a password"
        ) from None
    if _TYPES not in zipfile.ZipFile(made).namelist():
        raise _UnusableError("cannot be read as a Word file; save it as .docx")
    return made.getvalue()


def _refuse_unsound(name: str, text: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        tree = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        raise _UnusableError(
            f"has a part that is damaged ({name}); open it in Word and save it again"
        ) from None
    if tree.getroottree().docinfo.doctype:
        raise _UnusableError(f"has a part that Word does not write ({name} has a document type)")
