"""A report as one HTML file: no network, no script, readable on a phone and on paper."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from pathlib import Path

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
)
from rsip_sim.report.quoted import Quote, Said
from rsip_sim.report.words import NOTHING, TO_BE_WRITTEN

STYLE = Path(__file__).with_name("report.css")
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


Drawings = Mapping[tuple[str, str], bytes]
Where = Callable[[Quote], tuple[float, str] | None]


def _nowhere(_: Quote) -> tuple[float, str] | None:
    return None


def results_page(report: Report, charts: Mapping[str, tuple[str, bytes]]) -> str:
    """The page of a results folder: first screen and first chart open, everything else folded.

    charts  text alternative and SVG by name, in the order of their importance
    """
    return html(*_laid_out(report, charts), inline=list(charts)[:1])


def within(report: Report, charts: Mapping[str, tuple[str, bytes]]) -> str:
    """The same as a section of another page: the question its heading, all charts as images.

    charts  as of `results_page`
    """
    page, drawings = _laid_out(report, charts)
    writer = _Writer(drawings, below=1)
    head = (
        f"<h2>{writer.words(page.title)}</h2>\n"
        f'<p class="subtitle">{writer.words(page.subtitle)}</p>'
    )
    return "\n".join([head, *map(writer.block, page.blocks), *map(writer.folded, page.parts)])


def blocks_within(blocks: Sequence[Block], name: str) -> str:
    """Blocks inside a section of another page; the name tells their parts from others there."""
    return "\n".join(map(_Writer(below=1, name=f"{name}-").block, blocks))


def _laid_out(report: Report, charts: Mapping[str, tuple[str, bytes]]) -> tuple[Report, Drawings]:
    """The first chart below the first screen, the others in a part of their own at the end."""
    pictures = [Picture(name, alt=alt) for name, (alt, _) in charts.items()]
    blocks = [
        replace(each, level=1) if isinstance(each, Heading) else each for each in report.blocks
    ]
    below = next((n for n, each in enumerate(blocks) if isinstance(each, Heading)), len(blocks))
    more = (Part("charts", "Charts", tuple(pictures[1:])),) if pictures[1:] else ()
    page = replace(
        report,
        blocks=(*blocks[:below], *pictures[:1], *blocks[below:]),
        parts=(*report.parts, *more),
    )
    return page, {("", name): drawing for name, (_, drawing) in charts.items()}


def notebook(report: Report, drawing: str, alt: str) -> str:
    """The first screen for a notebook, with one drawing (SVG) below it."""
    writer = _Writer()
    body = "\n".join(map(writer.block, report.blocks))
    head = f"<h3>{writer.words(report.title)}</h3>\n<p>{writer.words(report.subtitle)}</p>"
    return f"<div>\n{head}\n{body}\n{svg_element(drawing, alt)}\n</div>"


def html(
    document: Report, drawings: Drawings, where: Where = _nowhere, inline: Sequence[str] = ()
) -> str:
    """The text of the file.

    drawings  SVG by study ('' for the comparison itself) and chart
    where     number and cell of a quote, for those that have them
    inline    charts that stand in the page as drawings, and not as images
    """
    writer = _Writer(drawings, where, inline)
    head = f"""<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(document.title)}</title>
<style>
{STYLE.read_text(encoding="utf-8")}</style>
</head>
<body>
<main>
<h1>{writer.words(document.title)}</h1>
<p class="subtitle">{writer.words(document.subtitle)}</p>"""
    body = [*map(writer.block, document.blocks), *map(writer.folded, document.parts)]
    return "\n".join([head, *body, "</main>", "</body>", "</html>\n"])


@dataclass
class _Writer:
    """Writes blocks.

    below  by how many levels headings stand below those of a page of their own
    name   begins what tables and figures are called
    """

    drawings: Drawings = field(default_factory=dict)
    where: Where = _nowhere
    inline: Sequence[str] = ()
    below: int = 0
    name: str = ""
    tables: int = 0
    figures: int = 0

    def folded(self, part: Part) -> str:
        """A part behind its heading, which opens it; the folded headings are the contents."""
        blocks = "\n".join(self.block(block) for block in part.blocks)
        return (
            f"<details>\n<summary><h{2 + self.below}>{self.words(part.title)}</h{2 + self.below}>"
            "</summary>\n"
            f'<div id="{part.name}">\n{blocks}\n</div>\n</details>'
        )

    def words(self, said: str) -> str:
        """A text, every figure in it marked with its number and its cell."""
        if not isinstance(said, Said):
            return escape(said)
        return "".join(self._part(part) for part in said.parts)

    def _part(self, part: str | Quote) -> str:
        text = escape(part if isinstance(part, str) else part.text)
        found = None if isinstance(part, str) else self.where(part)
        if found is None:
            return text
        return f'<data value="{found[0]!r}" data-cell="{escape(found[1])}">{text}</data>'

    def block(self, block: Block) -> str:
        """One block of the report."""
        match block:
            case Heading(words, level):
                tag = f"h{level + 1 + self.below}"
                return f"<{tag}>{self.words(words)}</{tag}>"
            case Paragraph(words, kind):
                kind_class = "" if kind == "body" else f' class="{kind}"'
                return f"<p{kind_class}>{self.words(words)}</p>"
            case Points(items, numbered):
                tag = "ol" if numbered else "ul"
                told = "\n".join(f"<li>{self.words(item)}</li>" for item in items)
                return f"<{tag}>\n{told}\n</{tag}>"
            case Table():
                return "\n".join(self._table(each) for each in block.parted())
            case Picture():
                return self._picture(block)
            case Gap(subject, who):
                return (
                    f'<p class="gap"><strong>{TO_BE_WRITTEN}:</strong> {self.words(subject)} '
                    f"(by {self.words(who)}).</p>"
                )

    def _table(self, table: Table) -> str:
        self.tables += 1
        name = f"{self.name}table-{self.tables}"
        rows = "\n".join(
            f'<tr><th scope="row">{self.words(row[0] or NOTHING)}</th>'
            + "".join(
                f"<td{self._align(table, column)}>{self.words(words or NOTHING)}</td>"
                for column, words in enumerate(row[1:], 1)
            )
            + "</tr>"
            for row in table.cells
        )
        return (
            f'<p class="caption" id="{name}">{self.words(table.caption)}</p>\n'
            f'<p id="{name}-how" hidden>{self.words(table.description)}</p>\n'
            f'<div class="scroll" role="group" tabindex="0" aria-labelledby="{name}">\n'
            f'<table aria-labelledby="{name}" aria-describedby="{name}-how">\n'
            f"<thead>{self._heads(table)}</thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>"
        )

    def _heads(self, table: Table) -> str:
        """The row of headings, below one of those that several columns share."""
        shared = any(column.over for column in table.columns)
        above, below, place = "", "", 0
        for over, group in groupby(table.columns, lambda column: column.over):
            columns = list(group)
            rows = ' rowspan="2"' if shared and not over else ""
            heads = "".join(
                f'<th scope="col"{rows}{self._align(table, place + at)}>'
                f"{self.words(column.heading)}</th>"
                for at, column in enumerate(columns)
            )
            place += len(columns)
            if not over:
                above += heads
                continue
            span = f' colspan="{len(columns)}"' if len(columns) > 1 else ""
            scope = "colgroup" if span else "col"
            above += f'<th scope="{scope}"{span}>{self.words(over)}</th>'
            below += heads
        return f"<tr>{above}</tr>" + (f"\n<tr>{below}</tr>" if shared else "")

    def _align(self, table: Table, column: int) -> str:
        return "" if column and not table.columns[column].words else ' class="words"'

    def _picture(self, picture: Picture) -> str:
        """A figure below its caption; without one it goes by the title, which it begins with."""
        self.figures += 1
        name = f"{self.name}figure-{self.figures}"
        caption = f'<figcaption id="{name}">{self.words(picture.caption)}</figcaption>\n'
        label = f'aria-labelledby="{name}"'
        if not picture.caption:
            caption, label = "", f'aria-label="{escape(picture.alt.partition(". ")[0])}"'
        drawing = self.drawings[picture.study, picture.chart]
        if picture.chart in self.inline:
            drawn = svg_element(drawing.decode(), picture.alt)
        else:
            data = base64.b64encode(drawing).decode()
            drawn = f'<img src="data:image/svg+xml;base64,{data}" alt="{escape(picture.alt)}">'
        return (
            f'<figure {label}>\n{caption}<div class="scroll" role="group" tabindex="0" {label}>'
            f"{drawn}</div>\n</figure>"
        )


def svg_element(drawing: str, alt: str) -> str:
    """The drawing without what only a file of its own needs, and told by its alternative."""
    element = drawing[drawing.index("<svg") :]
    told = f'aria-label="{escape(alt)}"'
    return re.sub(r"""aria-label=("[^"]*"|'[^']*')""", lambda _: told, element, count=1)
