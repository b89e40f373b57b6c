"""The tables of a paper as one workbook: a sheet a table, and first what is what."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rsip_sim.paper.archive import CORE, core_properties, settled
from rsip_sim.paper.ledger import Entry, LedgerTable

CONTENTS, FIGURES = "contents", "figures"
_FILL = PatternFill("solid", fgColor="E4E4E4")
_WIDEST, _NARROWEST = 60, 9


def workbook(
    tables: Sequence[LedgerTable], entries: Iterable[Entry], title: str, subject: str
) -> bytes:
    """The bytes of the .xlsx; the same tables give the same bytes.

    entries  the figures of the paper, for a sheet of their own
    """
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.title = CONTENTS
    figures = LedgerTable(
        FIGURES,
        "Every figure of the paper: as written, its value, and the table and cell where it stands",
        pd.DataFrame([asdict(entry) for entry in entries if entry.kind != "given"]),
        ("id",),
    )
    every = [*tables, figures]
    _fill(first, _contents(every, title))
    for table in every:
        _fill(book.create_sheet(table.name), table)
    _linked(book[FIGURES], figures.frame)
    buffer = io.BytesIO()
    book.save(buffer)
    core = core_properties(title, subject, "en-GB")
    return settled(buffer.getvalue(), {CORE: core})


def _contents(tables: Sequence[LedgerTable], title: str) -> LedgerTable:
    records = [(table.name, table.title, len(table.frame)) for table in tables]
    records.append(("(an empty cell)", "Not defined, or without meaning there", 0))
    frame = pd.DataFrame(records, columns=["sheet", "what it holds", "rows"])
    return LedgerTable(CONTENTS, title, frame, ("sheet",))


def _fill(sheet: Worksheet, table: LedgerTable) -> None:
    """Header in row 1, frozen; numbers below it in the formats of their units."""
    heads = [heading(table, str(column)) for column in table.frame.columns]
    for place, words in enumerate(heads, 1):
        head = sheet.cell(1, place, words)
        head.font, head.fill = Font(bold=True), _FILL
        head.alignment = Alignment(wrap_text=True, vertical="top")
    formats = [_format(table, str(column)) for column in table.frame.columns]
    widths = [len(words) / 2 for words in heads]
    for number, row in enumerate(table.frame.itertuples(index=False, name=None), 2):
        for place, value in enumerate(row):
            if value is None or value == "" or value != value:  # nothing, or not defined
                continue
            _write(sheet.cell(number, place + 1), value, formats[place])
            widths[place] = max(widths[place], min(len(str(value)), _WIDEST))
    for place, width in enumerate(widths, 1):
        numeric = pd.api.types.is_float_dtype(table.frame.dtypes.iloc[place - 1])
        wide = _NARROWEST + 4 if numeric else max(width + 1, _NARROWEST)
        sheet.column_dimensions[get_column_letter(place)].width = wide
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _linked(sheet: Worksheet, figures: pd.DataFrame) -> None:
    """Each figure leads to its cell, where that is in this workbook."""
    column = list(figures.columns).index("cell") + 1
    for number, row in enumerate(figures.to_dict("records"), 2):
        if row["file"] == "tables.xlsx":
            sheet.cell(number, column).hyperlink = f"#{row['table']}!{row['cell']}"


def _write(cell: Cell | MergedCell, value: Any, number_format: str) -> None:
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"  # a planner's words that begin with = are words
        if len(value) > _WIDEST:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
        return
    plain = value.item() if hasattr(value, "item") else value
    cell.value = plain
    cell.number_format = number_format if isinstance(plain, float) else "#,##0"


def heading(table: LedgerTable, column: str) -> str:
    """The head of a column, with its unit."""
    words = column.replace("_", " ")
    unit = table.units.get(column)
    return f"{words} ({unit})" if unit else words


def _format(table: LedgerTable, column: str) -> str:
    unit = table.units.get(column, "")
    if unit.startswith("share") or column.startswith("share"):
        return "0.0%"
    if unit == "£":
        return "#,##0"
    return "#,##0.00####"
