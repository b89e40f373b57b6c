"""A report as a Word file: real headings, captions, lists and tables, readable by ear."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from PIL import Image

from rsip_sim.paper.archive import settled
from rsip_sim.paper.word_styles import (
    CELL,
    GAP,
    HEAD,
    LEAD,
    NOTE,
    new_document,
    text_size_cm,
)
from rsip_sim.report.blocks import Block, Gap, Heading, Paragraph, Picture, Points, Report, Table
from rsip_sim.report.words import CONTENTS, NOTHING, TO_BE_WRITTEN

END = "End of the document."
SHORT = 12
"""Rows up to which a table is kept on one page; a longer one breaks, its header repeated."""

LETTER_CM, PADDING_CM = 0.2, 0.28  # of a letter in a bold word at most, and beside a cell
DEEPER_CM = 0.75  # of a list within a list
SHADE = "E4E4E4"
APART = '<w:ind w:left="120"/>'
"""Between a column of numbers, which end at its right, and words that begin the next."""

WIDEST_CM, TALLEST_CM = 16.0, 10.4  # of a picture that stands among text

CAPTION_CM = 2.0  # left free above a picture as tall as the page
ANCHOR = "_Toc1000"  # begins the names of the places to which the contents lead
_NUMBERED = re.compile(r"((Table|Figure) A?)(\d+)(.*)", re.DOTALL)
_STYLES = {"body": "Normal", "lead": LEAD, "note": NOTE}


def word(document: Report, pictures: Mapping[tuple[str, str], bytes], style: bytes | None) -> bytes:
    """The bytes of the .docx; the same document gives the same bytes.

    pictures  PNG by study ('' for the comparison itself) and chart
    style     a council's own Word file, or None
    """
    tallest = math.inf if document.parts else TALLEST_CM
    made = new_document(style)
    writer = _Writer(made, pictures, tallest, *text_size_cm(made))
    writer.write(document)
    buffer = io.BytesIO()
    writer.word.save(buffer)
    return settled(buffer.getvalue(), document.title, document.subtitle)


@dataclass
class _Writer:
    word: WordDocument
    pictures: Mapping[tuple[str, str], bytes]
    tallest_cm: float
    wide_cm: float
    high_cm: float
    headings: int = 0
    after_table: bool = False

    def write(self, document: Report) -> None:
        """Everything, in order; of a report with parts their contents come first."""
        self._paragraph(document.title, "Title")
        self._paragraph(document.subtitle, "Subtitle")
        for block in document.blocks:
            self._block(block)
        if document.parts:
            self._contents([part.title for part in document.parts])
        for part in document.parts:
            self._heading(part.title, 1)
            for block in part.blocks:
                self._block(block)
        if self.after_table:  # Word wants a paragraph after the last table
            self._paragraph(END, NOTE)

    def _block(self, block: Block) -> None:
        match block:
            case Heading(words, level):
                self._heading(words, level)
            case Paragraph(words, kind):
                made = self._paragraph(words, _STYLES[kind])
                if words.endswith(":"):  # it introduces the list below it
                    made.paragraph_format.keep_with_next = True
            case Points(items, numbered):
                for item in items:
                    made = self._paragraph(item, "List Number" if numbered else "List Bullet")
                    if block.depth:
                        made.paragraph_format.left_indent = Cm(DEEPER_CM * (1 + block.depth))
            case Table():
                for table in block.parted():
                    self._table(table)
            case Picture():
                self._picture(block)
            case Gap(subject, who):
                made = self._paragraph("", GAP)
                made.add_run(f"{TO_BE_WRITTEN}: ").bold = True
                made.add_run(f"{subject} (by {who}).")

    def _paragraph(self, words: str, style: str) -> WordParagraph:
        made = self.word.add_paragraph(words, style=style)
        heads = style.startswith("Heading") or style in ("Caption", GAP)
        if self.after_table and not heads:
            made.paragraph_format.space_before = Pt(10)
        self.after_table = False
        return made

    def _heading(self, words: str, level: int) -> None:
        made = self._paragraph(words, f"Heading {level}")
        if level == 1:
            self.headings += 1
            mark = f'{nsdecls("w")} w:id="{self.headings}"'
            begin = f'<w:bookmarkStart {mark} w:name="{ANCHOR}{self.headings}"/>'
            made._p.insert(1, parse_xml(begin))
            made._p.append(parse_xml(f"<w:bookmarkEnd {mark}/>"))

    def _contents(self, headings: Sequence[str]) -> None:
        """The contents: links to the sections, each with the page on which it begins."""
        title = self._paragraph("", NOTE)
        title.add_run(CONTENTS).bold = True
        title.paragraph_format.keep_with_next = True
        edge = Cm(self.wide_cm)
        for number, words in enumerate(headings, 1):
            entry = self._paragraph("", "TOC 1")
            entry.paragraph_format.tab_stops.add_tab_stop(
                edge, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS
            )
            entry._p.append(
                parse_xml(
                    f'<w:hyperlink {nsdecls("w")} w:anchor="{ANCHOR}{number}" w:history="1"><w:r>'
                    f'<w:t xml:space="preserve">{escape(words)}</w:t></w:r><w:r><w:tab/></w:r>'
                    f'<w:fldSimple w:instr=" PAGEREF {ANCHOR}{number} \\h " w:dirty="true"><w:r>'
                    "<w:t/></w:r></w:fldSimple></w:hyperlink>"
                )
            )

    def _caption(self, words: str) -> None:
        """``Table 3: …`` with the number as a field, so that Word can list and renumber them."""
        found = _NUMBERED.match(words)
        if found is None:  # of a title block
            return
        lead, kind, number, rest = found.groups()
        made = self._paragraph(lead, "Caption")
        made.paragraph_format.keep_with_next = True
        made._p.append(
            parse_xml(
                f'<w:fldSimple {nsdecls("w")} w:instr=" SEQ {kind} \\* ARABIC "><w:r><w:t>'
                f"{number}</w:t></w:r></w:fldSimple>"
            )
        )
        made.add_run(rest)

    def _table(self, table: Table) -> None:
        self._caption(table.caption)
        head, cell = (self.word.styles[name].style_id for name in (HEAD, CELL))
        element = parse_xml(table_xml(table, self.wide_cm, head, cell))
        self.word.element.body.insert_element_before(element, "w:sectPr")
        self.after_table = True

    def _picture(self, picture: Picture) -> None:
        self._caption(picture.caption)
        png = self.pictures[picture.study, picture.chart]
        made = self._paragraph("", "Normal")
        width, height = Image.open(io.BytesIO(png)).size
        room = min(self.high_cm - CAPTION_CM, self.tallest_cm)
        wide = min(self.wide_cm, WIDEST_CM, room * width / height)
        shape = made.add_run().add_picture(io.BytesIO(png), width=Cm(wide))
        shape._inline.docPr.set("descr", str(picture.alt))


def table_xml(table: Table, width_cm: float, head: str, cell: str) -> str:
    """A table as WordprocessingML: header row repeated, rows never split, captioned for ears.

    head, cell : identifiers of the paragraph styles
    """
    widths = _widths_cm(table, width_cm)
    twips = [round(567 * width) for width in widths]
    together = len(table.cells) <= SHORT
    rows = [_row_xml(table, table.header, twips, head, heading=True, keep=True)]
    for place, row in enumerate(table.cells):
        last = place == len(table.cells) - 1
        keep = (together or place == 0) and not last
        rows.append(_row_xml(table, row, twips, cell, keep=keep))
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="7F7F7F"/>'
        for side in ("top", "bottom", "insideH")
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(twips)}" w:type="dxa"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/>'
        '</w:tblCellMar><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" '
        'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(table.caption)}/>"
        f"<w:tblDescription w:val={quoteattr(table.description)}/></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in twips)
        + f"</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _widths_cm(table: Table, width_cm: float) -> list[float]:
    """Widths in proportion, but none so narrow that a word breaks: the widest gives way."""
    total = sum(column.width for column in table.columns)
    widths = [width_cm * column.width / total for column in table.columns]
    for place, cells in enumerate(zip(table.header, *table.cells, strict=True)):
        longest = max(len(word) for words in cells for word in (words or NOTHING).split())
        missing = longest * LETTER_CM + PADDING_CM - widths[place]
        widest = max(range(len(widths)), key=widths.__getitem__)
        if missing > 0 and widest != place and widths[widest] > 2 * missing:
            widths[place] += missing
            widths[widest] -= missing
    return widths


def _row_xml(
    table: Table,
    row: tuple[str, ...],
    twips: list[int],
    style: str,
    heading: bool = False,
    keep: bool = False,
) -> str:
    cells = []
    for column, (words, width) in enumerate(zip(row, twips, strict=True)):
        left = column == 0 or table.columns[column].words
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADE}"/>' if heading else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}'
            f'<w:vAlign w:val="{"bottom" if heading else "top"}"/></w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{style}"/>{"<w:keepNext/>" if keep else ""}'
            f"{APART if left and column else ''}"
            f'<w:jc w:val="{"left" if left else "right"}"/></w:pPr>'
            f'<w:r><w:t xml:space="preserve">{escape(words.strip() or NOTHING)}</w:t></w:r>'
            "</w:p></w:tc>"
        )
    header = "<w:tblHeader/>" if heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(cells)}</w:tr>"
