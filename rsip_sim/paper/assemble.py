"""From the parts of a paper and a template to one report, numbered and captioned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from rsip_sim.charts.chart import Chart
from rsip_sim.paper.case import Case
from rsip_sim.paper.sections.watch import tiles_of
from rsip_sim.paper.template import PARTS, GapEntry, Section, Template
from rsip_sim.report.blocks import (
    Block,
    Gap,
    Heading,
    Paragraph,
    Picture,
    Report,
    Table,
    mapped,
)
from rsip_sim.report.quoted import Part, Said, given, say, titled
from rsip_sim.report.words import authority, period
from rsip_sim.version import __version__

CAPTIONS = {
    "paired_differences": "Differences from the baseline, how precise and how spread out",
    "erosion_fan": "DSG erosion over time, by policy",
    "school_status": "Schools by legal status and membership, by policy",
    "cohesion_parts": "The cohesion index and its parts over time",
    "risk_grid": "The risks by chance and effect",
    "forecast_and_fate": "What the model forecast, and what came",
}
"""What each chart shows; its message stands in the picture and begins its alternative."""

OPENING, CLOSING = "\N{LEFT SINGLE QUOTATION MARK}", "\N{RIGHT SINGLE QUOTATION MARK}"
_OPENS = re.compile(r"(?:^|(?<=[\s(\[]))'")


def assemble(case: Case, template: Template, charts: Mapping[str, Chart]) -> Report:
    """The whole paper; pictures of charts that were not made are left out."""
    blocks: list[Block] = [Paragraph(_standing(case), "lead")]
    blocks += [_gap(each) for each in template.file.front]
    number = 0
    for section in template.file.sections:
        body = _body(case, section)
        if not body and section.optional:
            continue
        number += section.numbered
        blocks += [_heading(section, number), *body]
    return Report(
        title=curled(_named(template.file.title)),
        subtitle=given(f"{authority(case.baseline)}, {period(case.baseline)}", "place and date"),
        blocks=tuple(mapped(block, curled) for block in _captioned(blocks, case, charts)),
    )


def _standing(case: Case) -> Said:
    return say(
        "A draft for officers, written by rsip_sim {version} from a simulation. Places marked 'To "
        "be written' wait for officers' advice, which the programme never drafts. Every figure "
        "can be traced to its cell in the workbook that belongs to this paper{studies}.",
        version=given(__version__, "run record: version of the programme"),
        studies=", and those of further analyses to the folder of their study"
        if case.studies.told
        else "",
    )  # fmt: skip


def _heading(section: Section, number: int) -> Heading:
    if not section.numbered:
        return Heading(_named(section.heading), 1)
    return Heading(
        say("{number}. {words}", number=given(str(number), "number of a heading"),
            words=_named(section.heading)),
        1,
    )  # fmt: skip


def _named(words: str) -> Said:
    """The template's words; where they hold a number, such as CO2, they are quoted as given."""
    return given(words, "template") if any(mark.isdigit() for mark in words) else Said(words)


def _body(case: Case, section: Section) -> list[Block]:
    found: list[Block] = []
    for part in section.parts:
        found += [_gap(part)] if isinstance(part, GapEntry) else PARTS[part](case)
    return found


def _gap(entry: GapEntry) -> Gap:
    return Gap(_named(entry.gap), _named(entry.who))


def _captioned(blocks: list[Block], case: Case, charts: Mapping[str, Chart]) -> list[Block]:
    """Tables and pictures with their numbers; pictures with caption and alternative."""
    found: list[Block] = []
    tables = figures = 0
    for block in blocks:
        if isinstance(block, Table):
            tables += 1
            found.append(replace(block, caption=_numbered("Table", tables, block.caption)))
        elif isinstance(block, Picture):
            words = _words_of(block, case, charts)
            if words is not None:
                figures += 1
                caption, alt = words
                caption = _numbered("Figure", figures, caption)
                found.append(replace(block, caption=caption, alt=alt))
        else:
            found.append(block)
    return found


def _numbered(kind: str, number: int, caption: str) -> Said:
    counted = given(f"{kind} {number}", f"number of a {kind.lower()}")
    return say("{number}: {caption}", number=counted, caption=caption)


def _words_of(
    picture: Picture, case: Case, charts: Mapping[str, Chart]
) -> tuple[Said, Said] | None:
    """Caption and alternative of a picture; None where its chart was not made."""
    if not picture.study:
        chart = charts.get(picture.chart)
        return None if chart is None else (_caption(chart.name, case), Said(chart.alt))
    study = case.studies.named(picture.study)
    stored = next(each for each in study.charts if each.name == picture.chart)
    what = f"words of the study {study.name}"
    return given(stored.title, what), given(stored.alt, what)


def _caption(chart: str, case: Case) -> Said:
    for scenario in case.watched:
        if chart == tiles_of(scenario):
            return say("Chance that each learning community holds together, under {title}",
                       title=titled(scenario.title))  # fmt: skip
    return Said(CAPTIONS[chart])


def curled(said: Said) -> Said:
    """The same text, its straight quotation marks turned to ‘ and ’ in the words between quotes.

    What is quoted from others stays as they wrote it.
    """
    parts: list[Part] = []
    for place, part in enumerate(said.parts):
        if isinstance(part, str):
            words = part
            if place and words.startswith("'"):  # it closes what was quoted before it
                words = CLOSING + words[1:]
            part = _OPENS.sub(OPENING, words).replace("'", CLOSING)
        parts.append(part)
    return Said(*parts)
