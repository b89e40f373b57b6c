"""Templates of papers: which sections a council's report has, and what goes into each.

A template is a YAML file of the package; a council's own Word file may lend its styles to the
generic one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from rsip_sim.evidence.faults import nearest
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


@dataclass(frozen=True)
class GapEntry:
    """What officers write themselves: what is missing, such as legal advice, and who writes it."""

    gap: str
    who: str


@dataclass(frozen=True)
class Section:
    """One section of the report: its heading, and the names of its parts and its gaps in order."""

    heading: str
    parts: tuple[str | GapEntry, ...]


@dataclass(frozen=True)
class Template:
    """A template to set a paper by.

    name          as it was asked for;  digest: sha256 of its files
    title         what the report is about; the question of the comparison follows it
    front         the title block: meeting, wards, authors, each written by officers
    first_number  of the first section; None: sections are not numbered
    style         a council's own Word file whose styles are used, or None
    """

    name: str
    digest: str
    title: str
    front: tuple[GapEntry, ...]
    sections: tuple[Section, ...]
    first_number: int | None = None
    style: bytes | None = None


def known() -> list[str]:
    """Names of the templates of the package."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def load_template(name: str = USUAL) -> Template:
    """A template of the package, or the generic one in the styles of a council's own Word file.

    Raises TemplateError with the nearest name, or where a file cannot be read.
    """
    if name.lower().endswith((".docx", ".dotx")):
        return _styled(Path(name))
    if name not in known():
        near = nearest(name, known())
        hint = f"; did you mean '{near}'?" if near else ""
        raise TemplateError(
            f"no template is named '{name}'; there are {', '.join(known())}, or name a council's "
            f"own Word file (.docx){hint}"
        )
    content = (FOLDER / f"{name}.yaml").read_bytes()
    found = yaml.safe_load(content)
    sections = [
        Section(each["heading"], tuple(
            part if isinstance(part, str) else GapEntry(**part) for part in each["parts"]
        ))
        for each in found["sections"]
    ]  # fmt: skip
    return Template(
        name=name,
        digest=bytes_digest(content),
        title=found["title"],
        front=tuple(GapEntry(**each) for each in found["front"]),
        sections=tuple(sections),
        first_number=found.get("first_number"),
    )


def _styled(path: Path) -> Template:
    """The generic template with the styles of a Word file."""
    from rsip_sim.paper.word_styles import is_word_file

    try:
        style = path.read_bytes()
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror or error}") from error
    if not is_word_file(style):
        raise TemplateError(
            f"{path} cannot be read as a Word file; save it as .docx, without a password"
        )
    generic = load_template(GENERIC)
    digest = bytes_digest(style + generic.digest.encode())
    return replace(generic, name=path.name, digest=digest, style=style)
