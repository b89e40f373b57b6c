"""From a case and a template to two reports: the Cabinet's in its sections, and the annex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from rsip_sim.paper.case import CHARTS, COMPARISON, Case, Told, sourced, traced_part
from rsip_sim.paper.ledger import LOOSE
from rsip_sim.paper.sections import DIGITS
from rsip_sim.paper.template import PARTS, GapEntry, Template
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
from rsip_sim.report.quoted import InStudy, Said, given, say
from rsip_sim.report.words import TO_BE_WRITTEN, authority, period
from rsip_sim.studies.assumptions.report import assumptions_report
from rsip_sim.studies.risks.report import risks_report
from rsip_sim.version import __version__

FRONT = "front"
"""The table at the head of a report, which has no number."""


def paper(case: Case, template: Template) -> Report:
    """The report to Cabinet: a title block, and the sections of the template."""
    file = template.file
    blocks: list[Block] = [_title_block(template), Paragraph(_standing(), "note")]
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
    return Report(
        title=_named(case.report.title),
        subtitle=_subtitle(_named(file.title), case),
        blocks=tuple(_finished(blocks, case, "")),
    )


def annex(case: Case) -> Report:
    """What the comparison and its studies told, part by part."""
    parts = list(annex_parts(case))
    finished = _finished([block for part in parts for block in part.blocks], case, "A")
    return Report(
        title=_named(case.report.title),
        subtitle=_subtitle(Said("Analytical annex"), case),
        blocks=(
            Paragraph(
                "What stands behind the report to Cabinet: every part as the comparison and the "
                "studies kept with it tell it."
            ),
        ),
        parts=tuple(
            replace(part, blocks=tuple(next(finished) for _ in part.blocks)) for part in parts
        ),
    )


def _subtitle(what: Said, case: Case) -> Said:
    """What kind of paper it is, and what was asked about."""
    place = given(f"{authority(case.baseline)}, {period(case.baseline)}", "place and date")
    return say("{what}: {about}", what=what, about=case.report.subtitle or place)


def _title_block(template: Template) -> Table:
    """What officers fill in before the report goes out, a line each."""
    rows = [
        (_named(entry.gap), say("{gap} ({who})", gap=TO_BE_WRITTEN, who=_named(entry.who)))
        for entry in template.file.front
    ]
    return Table(
        FRONT,
        "Title block",
        "One row an entry that officers write.",
        columns(("Report to", template.file.to), (6.0, 11.0), words=(1,)),
        tuple(rows) or ((Said("Title block"), Said(TO_BE_WRITTEN)),),
        quiet=True,
    )


def _standing() -> Said:
    return say(
        "A draft for officers from a simulation (rsip_sim {version}). Places marked 'To be "
        "written' wait for officers' advice, which the programme never drafts. Every figure leads "
        "to its cell in the workbook or to the report it is taken from.",
        version=given(__version__, "run record: version of the programme"),
    )


def _named(words: str) -> Said:
    """The template's or a title's words; where they hold a number they are quoted as given."""
    return given(words, "template") if LOOSE.search(words) else Said(words)


def _finished(blocks: Sequence[Block], case: Case, prefix: str) -> Iterator[Block]:
    """Tables and pictures with their numbers, pictures with their words.

    prefix  before each number: ``A`` for the annex
    """
    tables = figures = 0
    for block in blocks:
        if isinstance(block, Table) and block.name != FRONT:
            tables += 1
            yield replace(block, caption=_numbered("Table", prefix, tables, block.caption))
        elif isinstance(block, Picture):
            figures += 1
            caption = _numbered("Figure", prefix, figures, block.caption)
            yield replace(block, caption=caption, alt=_alternative(block, case))
        else:
            yield block


def _numbered(kind: str, prefix: str, number: int, caption: str) -> Said:
    counted = given(f"{kind} {prefix}{number}", f"number of a {kind.lower()}")
    return say("{number}: {caption}", number=counted, caption=caption) if caption else counted


def _alternative(picture: Picture, case: Case) -> Said:
    """The words of a chart, of the comparison or of a study; its title stands in the picture."""
    if not picture.study:
        source = InStudy(f"{CHARTS}{picture.chart}", "alternative")
        return sourced(source, Said(case.charts[picture.chart].alt))
    study = next(each for each in case.told if each.name == picture.study)
    stored = next(each for each in study.charts if each.name == picture.chart)
    return given(stored.alt, f"words of the study {study.name}")


WARNING = "Chances in a model, no forecast of a named school"
"""Stands with every table and chart that names schools, so that none is passed on without it."""

SHOWN_IN_PAPER = ("price",)
"""Parts of a comparison that the report has in its own tables."""

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
    left = tuple(Picture(name) for name in case.charts if name != case.headline)
    if left:
        yield Part("charts", "Charts of the comparison", left)
    for part in case.report.parts:
        if part.name not in SHOWN_IN_PAPER:
            yield traced_part(part, COMPARISON)
    for told in case.told:
        yield _warned(told.part) if told.names_schools else told.part
    limits = Points(tuple(Said(limit) for limit in LIMITS))
    yield Part("limits", "What the model must not be used for", (limits,))
    yield Part("record", "Record of the run", (_record(case),))


def _warned(part: Part) -> Part:
    """A part that names schools, with the warning first and in every caption."""
    warning = Paragraph(Said(f"{WARNING}; consider who should see it."), "lead")
    return replace(part, blocks=(warning, *map(_captioned, part.blocks)))


def _captioned(block: Block) -> Block:
    if isinstance(block, Table):
        caption = say("{caption}. {warning}", caption=block.caption, warning=WARNING)
        return replace(block, caption=caption)
    return replace(block, caption=Said(WARNING)) if isinstance(block, Picture) else block


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
    yield "Comparison (digest)", case.results.digest[:DIGITS]
    yield "Seed", str(case.results.seed)
    yield "Futures of each option", f"{case.tables.replications:,}"
    yield "Options", ", ".join(scenario.name for scenario in case.scenarios)
    for name in ("roster", "model", "evidence"):
        yield f"{name.capitalize()} (digest)", str(case.record["inputs"][name])[:DIGITS]
    yield "Programme", f"rsip_sim {made['rsip_sim']}{_commit(made.get('git'))}"
    versions = ", ".join(f"{name} {version}" for name, version in made["libraries"].items())
    yield "Python and libraries", f"Python {made['python']}, {versions}"
    if studies := [f"{each.name} ({each.digest[:DIGITS]})" for each in case.told if each.digest]:
        yield "Studies taken in (digest)", ", ".join(studies)
    if case.left_out:
        yield "Studies left out", ", ".join(case.left_out)


def _commit(git: dict[str, Any] | None) -> str:
    if not git:
        return ""
    changed = ", changed since" if git.get("changed") else ""
    return f", commit {str(git.get('commit', ''))[:12]}{changed}"
