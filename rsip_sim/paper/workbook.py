"""The tables of a paper as one workbook: the answer, then what is where, then a sheet each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell import Cell, MergedCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from rsip_sim.paper.archive import CORE, core_properties, settled
from rsip_sim.paper.ledger import Entry, LedgerTable
from rsip_sim.report.blocks import Heading, Paragraph, Points, Report, Table

SUMMARY, CONTENTS, FIGURES = "summary", "contents", "figures"
_FILL = PatternFill("solid", fgColor="E4E4E4")
_PLAIN, _BOLD = Font(name="Arial", size=10), Font(name="Arial", size=10, bold=True)
_TOP = Alignment(wrap_text=True, vertical="top")
_WIDEST, _NARROWEST = 60, 9
_LINE = 110  # characters of a line of the summary
_LINE_POINTS = 15.0
_PAGE = 200.0  # characters across a page that can still be read


def workbook(report: Report, tables: Sequence[LedgerTable], entries: Iterable[Entry]) -> bytes:
    """The bytes of the .xlsx; the same tables give the same bytes.

    report   of the comparison, whose first screen is the first sheet
    entries  the figures of both papers, for a sheet of their own
    """
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = SUMMARY
    figures = LedgerTable(
        FIGURES,
        "Every figure of the papers: as written, its value, and the table and cell it is from",
        pd.DataFrame([asdict(entry) for entry in entries if entry.kind != "given"]),
        ("id",),
    )
    every = [*tables, figures]
    _summarise(first, report)
    contents = book.create_sheet(CONTENTS)
    _fill(contents, _contents(every))
    contents.column_dimensions["B"].width = 1.5 * _WIDEST
    for number, table in enumerate(every, 2):
        contents.cell(number, 1).hyperlink = f"#{table.name}!A1"
        _fill(book.create_sheet(table.name), table)
    _linked(book[FIGURES], figures.frame)
    for sheet in book.worksheets:
        _set_for_print(sheet)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _InMemory(book, archive).save()
    core = core_properties(str(report.title), str(report.subtitle), "en-GB")
    return settled(buffer.getvalue(), {CORE: core})


class _InMemory(ExcelWriter):
    """Writes sheets without the temporary files of the library, for which a disk may be full."""

    def write_worksheet(self, ws: Worksheet) -> None:
        """One sheet, as the library writes it, but into memory."""
        ws._drawing = SpreadsheetDrawing()  # type: ignore[attr-defined]
        writer = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # type: ignore[attr-defined]
        self._archive.writestr(ws.path[1:], writer.read())  # type: ignore[attr-defined]
        self.manifest.append(ws)


def _summarise(sheet: Worksheet, report: Report) -> None:
    """Question, answer, headline table and how sure, one below the other."""
    table = report.table
    across = len(table.columns) if table is not None else 1
    row = 0

    def line(words: str, bold: bool = False) -> None:
        nonlocal row
        row += 1
        cell = sheet.cell(row, 1, str(words))
        cell.data_type = "s"
        cell.font, cell.alignment = _BOLD if bold else _PLAIN, _TOP
        if across > 1:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=across)
        sheet.row_dimensions[row].height = _LINE_POINTS * (1 + len(words) // _LINE)

    line(report.title, bold=True)
    line(report.subtitle)
    for block in report.blocks:
        match block:
            case Paragraph(words):
                line(words)
            case Heading(words):
                line(words, bold=True)
            case Points(items):
                for item in items:
                    line(item)
            case Table():
                line(block.caption, bold=True)
                row = _table(sheet, block, row)
            case _:
                pass
    sheet.column_dimensions["A"].width = 42
    for place in range(2, across + 1):
        sheet.column_dimensions[get_column_letter(place)].width = 11


def _table(sheet: Worksheet, table: Table, row: int) -> int:
    """A table below this row, as the report writes it; returns its last row."""
    heads = [f"{each.heading} ({each.over})" if each.over == "level" else each.heading
             for each in table.columns]  # fmt: skip
    for number, cells in enumerate([heads, *table.cells], row + 1):
        for place, words in enumerate(cells, 1):
            cell = sheet.cell(number, place, str(words))
            cell.data_type = "s"
            head = number == row + 1
            cell.font, cell.fill = _BOLD if head else _PLAIN, _FILL if head else PatternFill()
            side = "left" if place == 1 else "right"
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=side)
    return row + 1 + len(table.cells)


def _contents(tables: Sequence[LedgerTable]) -> LedgerTable:
    records = [(table.name, table.title, len(table.frame)) for table in tables]
    frame = pd.DataFrame(records, columns=["sheet", "what it holds", "rows"])
    return LedgerTable(CONTENTS, "What each sheet holds", frame, ("sheet",))


def _fill(sheet: Worksheet, table: LedgerTable) -> None:
    """Header in row 1, frozen; numbers below it in the formats of their units."""
    heads = [heading(table, str(column)) for column in table.frame.columns]
    for place, words in enumerate(heads, 1):
        head = sheet.cell(1, place, words)
        head.font, head.fill = _BOLD, _FILL
        head.alignment = _TOP
    widths = [len(words) / 2 for words in heads]
    named = list(map(str, table.frame.columns))
    unit_at = named.index("unit") if "unit" in named else None
    for number, row in enumerate(table.frame.itertuples(index=False, name=None), 2):
        pounds = unit_at is not None and str(row[unit_at]).startswith("£")
        for place, value in enumerate(row):
            if value is None or value == "" or value != value:  # nothing, or not defined
                continue
            form = _format(table, named[place], pounds)
            _write(sheet.cell(number, place + 1), value, form)
            widths[place] = max(widths[place], min(len(str(value)), _WIDEST))
    for place, width in enumerate(widths, 1):
        numeric = pd.api.types.is_float_dtype(table.frame.dtypes.iloc[place - 1])
        wide = _NARROWEST + 4 if numeric else max(width + 1, _NARROWEST)
        sheet.column_dimensions[get_column_letter(place)].width = wide
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"


def _set_for_print(sheet: Worksheet) -> None:
    """A4, on as few pages side by side as can be read; the sheet's name and page at its foot."""
    upright = sheet.title in (CONTENTS, SUMMARY)
    sheet.page_setup.orientation = "portrait" if sheet.title == CONTENTS else "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    wide = sum(each.width for each in sheet.column_dimensions.values())
    sheet.page_setup.fitToWidth = max(1, round(wide / _PAGE))
    sheet.page_setup.fitToHeight = 1 if upright else 0
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart("&A"), right=_HeaderFooterPart("Page &P of &N")
    )


def _linked(sheet: Worksheet, figures: pd.DataFrame) -> None:
    """Each figure leads to its cell, where that is in this workbook."""
    if figures.empty:  # a template of gaps alone
        return
    column = list(figures.columns).index("cell") + 1
    for number, row in enumerate(figures.to_dict("records"), 2):
        if row["file"] == "tables.xlsx":
            sheet.cell(number, column).hyperlink = f"#{row['table']}!{row['cell']}"


def _write(cell: Cell | MergedCell, value: Any, number_format: str) -> None:
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # a planner's words that begin with = are words
        if len(value) > _WIDEST:
            cell.alignment = _TOP
        return
    plain = value.item() if hasattr(value, "item") else value
    cell.value = plain
    cell.number_format = number_format if isinstance(plain, float) else "#,##0"


def heading(table: LedgerTable, column: str) -> str:
    """The head of a column, with its unit."""
    words = column.replace("_", " ")
    unit = table.units.get(column)
    return f"{words} ({unit})" if unit else words


def _format(table: LedgerTable, column: str, pounds: bool) -> str:
    """The number format of a cell; pounds: its row is in them."""
    unit = table.units.get(column, "")
    if unit.startswith("share") or column.startswith("share"):
        return "0.0%"
    if column in ("replications", "variance_ratio"):
        return "#,##0.0" if column == "variance_ratio" else "#,##0"
    return "#,##0" if pounds or unit == "£" else "#,##0.00####"
