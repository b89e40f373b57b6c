"""Templates of papers, and from a case and a template two reports: the Cabinet's, and the annex.

A template is a YAML file of the package with a closed schema: which sections a council's report
has, and what goes into each. A council's own Word file may lend its styles to the generic one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError

from rsip_sim.evidence.faults import did_you_mean, nearest
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.experiment.record import bytes_digest
from rsip_sim.paper.case import COMPARISON, NAMES_SCHOOLS, Case, Told, traced_part
from rsip_sim.paper.ledger import LOOSE
from rsip_sim.paper.sections import (
    DIGITS,
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
from rsip_sim.paper.word_styles import CouncilFileError, council_file
from rsip_sim.report.blocks import (
    Block,
    Gap,
    Heading,
    Paragraph,
    Part,
    Picture,
    Points,
    Report,
    Table,
    columns,
)
from rsip_sim.report.quoted import Said, given, joined, say
from rsip_sim.report.words import TO_BE_WRITTEN, authority, period
from rsip_sim.scenario.problems import Problem, in_order, quoted
from rsip_sim.scenario.reading import Document, FileKind, dotted, read_document
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.risks.report import risks_report
from rsip_sim.version import __version__

FRONT = "front"
"""The table at the head of a report, which has no number."""

WARNING = "Chances in a model, no forecast of a named school"
"""Stands with every table and chart that names schools, so that none is passed on without it."""

LIMITS = (
    "forecasting what a named school will do: it knows a school by phase, size, grade, diocese "
    "and neighbours, and not by its head or its governors;",
    "judging whether academies are better or worse schools: it says what they do to the local "
    "system, and nothing about teaching;",
    "High Needs spending, changes in pupil numbers, or money in real terms;",
    "deciding by a difference that is not clear, or by the average alone where futures lie far "
    "apart;",
    "policies outside the range of evidence, where its answer is its own word alone;",
    "legal, human-resources or equalities advice, none of which it drafts.",
)

FOLDER = Path(__file__).parent / "templates"
USUAL, GENERIC = "rotherham", "generic"

PARTS: dict[str, Callable[[Case], list[Block]]] = {
    part.__name__: part
    for part in (
        summary, recommendations, proposals, finance, uncertainty, risks, children, papers,
    )
}  # fmt: skip
"""What a template may ask for."""

TEMPLATE = FileKind("template", "write at least title: and sections:", "write the value out")
_PART, _GAP = "name of a part", "gap entry"  # pydantic tells by which a fault was found


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
    parts: list[
        Annotated[
            Annotated[str, Tag(_PART)] | Annotated[GapEntry, Tag(_GAP)],
            Discriminator(lambda value: _GAP if isinstance(value, dict | GapEntry) else _PART),
        ]
    ] = Field(min_length=1)


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


_FIELDS: dict[str, type[BaseModel]] = {
    "": TemplateFile, "front": GapEntry, "risks": RiskScale, "sections": Section,
    "sections.parts": GapEntry,
}  # fmt: skip


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
    return Template(name, parse_template(content, name), bytes_digest(content))


def parse_template(content: bytes, name: str) -> TemplateFile:
    """A template from its bytes, which a council may edit; TemplateError with every fault."""
    shown = str(FOLDER / f"{name}.yaml")
    document = read_document(content, shown, TEMPLATE)
    problems: list[Problem] = []
    if document.complete:
        try:
            file = TemplateFile.model_validate(document.values)
        except ValidationError as error:
            problems += [_problem(each, document) for each in error.errors()]
        else:
            problems += _unfit_parts(file)
            if not problems:
                return file
    faults = in_order([*document.faults, *(each.fault(document) for each in problems)], [shown])
    raise TemplateError(f"the template {name} is faulty: " + "\n".join(map(str, faults)))


def _problem(error: Any, document: Document) -> Problem:
    """What pydantic found, for a reader who knows neither it nor Python."""
    path = tuple(step for step in error["loc"] if step not in (_PART, _GAP))
    kind, known = error["type"], [*_FIELDS.get(dotted(path[:-1]), TemplateFile).model_fields]
    if kind == "missing":
        return Problem(path, "is missing", f"write {path[-1]}: and its value")
    if kind == "extra_forbidden":
        name = str(path[-1])
        return Problem(
            path, "unknown field", f"one of {', '.join(known)}", nearest(name, known), True
        )
    if kind == "value_error":
        return Problem(path, str(error["ctx"]["error"]))
    allowed = re.sub("^(Input|List|String)", "it", error["msg"]).replace("valid string", "text")
    if kind == "model_type":
        allowed = f"write its fields: {', '.join(_FIELDS[dotted(path)].model_fields)}"
    written = quoted(document.places.get(path), error["input"])
    message = "has no value" if error["input"] is None else f"{written} cannot stand here"
    return Problem(path, message, allowed.split(" after validation")[0])


def _unfit_parts(file: TemplateFile) -> Iterator[Problem]:
    """Parts that there are not, and those asked for twice."""
    seen: set[str] = set()
    for section, each in enumerate(file.sections):
        for place, part in enumerate(each.parts):
            path = ("sections", section, "parts", place)
            if isinstance(part, str) and part not in PARTS:
                there = f"there are {', '.join(PARTS)}"
                yield Problem(path, f"no parts of a paper: {part}", there, nearest(part, PARTS))
            elif isinstance(part, str) and part in seen:
                yield Problem(path, f"asked for twice: {part}", "delete one of them")
            elif isinstance(part, str):
                seen.add(part)


def _styled(path: Path) -> Template:
    """The generic template with the styles of a Word file, or of a Word template likewise."""
    try:
        style = council_file(path)
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror or error}") from error
    except CouncilFileError as error:
        raise TemplateError(f"{path} {error}") from error
    generic = load_template(GENERIC)
    return Template(path.name, generic.file, bytes_digest(style + generic.digest.encode()), style)


def paper(case: Case, template: Template) -> Report:
    """The report to Cabinet: a title block, and the sections of the template."""
    file = template.file
    standing = say(
        "A draft for officers from a simulation (rsip_sim {version}). Places marked 'To be "
        "written' wait for officers' advice, which the programme never drafts. Every figure leads "
        "to its cell in the workbook or to the report it is taken from.",
        version=given(__version__, "run record: version of the programme"),
    )
    blocks: list[Block] = [*_title_block(file), Paragraph(standing, "note")]
    for place, section in enumerate(file.sections):
        words = _named(section.heading)
        if file.first_number is not None:
            number = given(str(file.first_number + place), "number of a heading")
            words = say("{number}. {words}", number=number, words=words)
        blocks.append(Heading(words, 1))
        for part in section.parts:
            if isinstance(part, GapEntry):
                blocks.append(Gap(_named(part.gap), _named(part.who)))
            else:
                blocks += PARTS[part](case)
    title = _named(case.report.title)
    return Report(title, tuple(_numbered(blocks)), _about(_named(file.title), case))


def annex(case: Case) -> Report:
    """What the comparison and its studies told, part by part."""
    parts = list(annex_parts(case))
    numbered = _numbered([block for part in parts for block in part.blocks], "A")
    opening = Paragraph(
        "What stands behind the report to Cabinet: every part as the comparison and the studies "
        "kept with it tell it."
    )
    return Report(
        _named(case.report.title),
        (opening,),
        _about(Said("Analytical annex"), case),
        parts=tuple(
            replace(part, blocks=tuple(next(numbered) for _ in part.blocks)) for part in parts
        ),
    )


def _about(what: Said, case: Case) -> Said:
    place = given(f"{authority(case.baseline)}, {period(case.baseline)}", "place and date")
    return say("{what}: {about}", what=what, about=case.report.subtitle or place)


def _title_block(file: TemplateFile) -> Iterator[Table]:
    rows = (
        (_named(entry.gap), say("{gap} ({who})", gap=TO_BE_WRITTEN, who=_named(entry.who)))
        for entry in file.front
    )
    if file.front:
        yield Table(
            FRONT,
            "Title block",
            "One row an entry that officers write.",
            columns(("Report to", file.to), (8.0, 9.0), words=(1,)),
            tuple(rows),
            quiet=True,
        )


def _named(words: str) -> Said:
    """The template's or a title's words; where they hold a number they are quoted as given."""
    return given(words, "template") if LOOSE.search(words) else Said(words)


def _numbered(blocks: Iterable[Block], prefix: str = "") -> Iterator[Block]:
    """Tables and pictures with their numbers; prefix: before each, ``A`` for the annex."""
    counts = Counter[str]()
    for block in blocks:
        if not isinstance(block, Table | Picture) or getattr(block, "name", "") == FRONT:
            yield block
            continue
        kind = "Table" if isinstance(block, Table) else "Figure"
        counts[kind] += 1
        number = given(f"{kind} {prefix}{counts[kind]}", f"number of a {kind.lower()}")
        caption = say("{number}: {caption}", number=number, caption=block.caption)
        yield replace(block, caption=caption if block.caption else number)


def made_for_paper(case: Case) -> Iterator[Told]:
    """The reports that the annex has whether or not a study was kept: assumptions, and schools."""
    kept = {each.kind for each in case.told}
    if "assumptions" not in kept:
        report = assumptions_report(case.log)
        yield Told("assumptions", "assumptions", report, "reports/assumptions.json")
    if "risks" not in kept and case.with_schools and case.schools is not None:
        yield Told("risks", "schools", risks_report(case.schools), "reports/schools.json")


def annex_parts(case: Case) -> Iterator[Part]:
    """The parts of the annex in order; no chart that the report has."""
    if left := tuple(case.picture(name) for name in list(case.charts)[1:]):
        yield Part("charts", "Charts of the comparison", left)
    for part in case.report.parts:
        if part.name != "price":  # which the report has in its own tables
            yield traced_part(part, COMPARISON)
    for told in case.told:
        yield _warned(told.part) if told.kind in NAMES_SCHOOLS else told.part
    limits = Points(tuple(Said(limit) for limit in LIMITS))
    yield Part("limits", "What the model must not be used for", (limits,))
    yield Part("record", "Record of the run", (_record(case),))


def _warned(part: Part) -> Part:
    """A part that names schools, with the warning first and in every caption."""
    blocks: list[Block] = [Paragraph(Said(f"{WARNING}; consider who should see it."), "lead")]
    for block in part.blocks:
        if isinstance(block, Table | Picture):
            caption = joined(". ", filter(None, (block.caption, WARNING)))
            blocks.append(replace(block, caption=caption))
        else:
            blocks.append(block)
    return replace(part, blocks=tuple(blocks))


def _record(case: Case) -> Table:
    rows = [(Said(name), given(text, f"run record: {name}")) for name, text in _facts(case)]
    return Table(
        "run_record",
        "Record of the run: with the same programme, files and seed anyone gets the same figures",
        "One row a fact about the run.",
        columns(("Fact", "Value"), (4.0, 12.0), words=(1,)),
        tuple(rows),
    )


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    made = case.record["made_with"]
    git = made.get("git") or {}
    yield "Comparison (digest)", case.results.digest[:DIGITS]
    yield "Seed", str(case.results.seed)
    yield "Futures of each option", f"{case.tables.replications:,}"
    yield "Options", ", ".join(scenario.name for scenario in case.scenarios)
    for name in ("roster", "model", "evidence"):
        yield f"{name.capitalize()} (digest)", str(case.record["inputs"][name])[:DIGITS]
    commit = f", commit {str(git['commit'])[:12]}" if git else ""
    changed = ", changed since" if git.get("changed") else ""
    yield "Programme", f"rsip_sim {made['rsip_sim']}{commit}{changed}"
    versions = ", ".join(f"{name} {version}" for name, version in made["libraries"].items())
    yield "Python and libraries", f"Python {made['python']}, {versions}"
    if studies := [f"{each.name} ({each.digest[:DIGITS]})" for each in case.told if each.digest]:
        yield "Studies taken in (digest)", ", ".join(studies)
    if case.left_out:
        yield "Studies left out", ", ".join(case.left_out)
