"""From a case and a template to two reports: the Cabinet's in its sections, and the annex."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rsip_sim.paper.annex import annex_parts
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LOOSE
from rsip_sim.paper.template import PARTS, GapEntry, Template
from rsip_sim.paper.told import CHARTS, sourced
from rsip_sim.report.blocks import Block, Gap, Heading, Paragraph, Picture, Report, Table, columns
from rsip_sim.report.quoted import InStudy, Said, given, say
from rsip_sim.report.words import TO_BE_WRITTEN, authority, period
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
