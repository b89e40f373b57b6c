"""The tables of a paper as one workbook: what is where, the answer's table, then a sheet each."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import table_name
from rsip_sim.paper.archive import CORE, core_properties, settled
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import Entry, LedgerTable
from rsip_sim.report.blocks import Paragraph, Report
from rsip_sim.report.verdicts import TABLE
from rsip_sim.scenario import differences
from rsip_sim.studies.assumptions.work import assumption_table
from rsip_sim.studies.backtest.cases import KNOWN_SERIES
from rsip_sim.studies.compare.price import price_table
from rsip_sim.studies.kernel.keeping import stored_table
from rsip_sim.studies.risks.work import RiskRegister

CONTENTS, SUMMARY, FIGURES = "contents", "summary", "figures"
_FILL = PatternFill("solid", fgColor="E4E4E4")
_BOLD = Font(name="Arial", size=10, bold=True)
_TOP = Alignment(wrap_text=True, vertical="top")
_WIDEST, _NARROWEST = 60, 9
_PAGE = 200.0  # characters across a page that can still be read


def workbook(report: Report, tables: Sequence[LedgerTable], entries: Iterable[Entry]) -> bytes:
    """The bytes of the .xlsx; the same tables give the same bytes.

    report   of the comparison, whose answer stands first
    entries  the figures of both papers, for a sheet of their own
    """
    figures = LedgerTable(
        FIGURES,
        "Every figure of the papers: as written, its value, and the table and cell it is from",
        pd.DataFrame([asdict(entry) for entry in entries if entry.kind != "given"]),
        ("id",),
    )
    every = [*_summary(report), *tables, figures]
    book = openpyxl.Workbook()
    contents = book.active
    assert isinstance(contents, Worksheet)
    contents.title = CONTENTS
    _fill(contents, _contents(every))
    contents.column_dimensions["B"].width = 1.5 * _WIDEST
    for number, table in enumerate(every, 2):
        contents.cell(number, 1).hyperlink = f"#{table.name}!A1"
        _fill(book.create_sheet(table.name), table)
    _linked(book[FIGURES], figures.frame)
    for sheet in book.worksheets:
        _set_for_print(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    core = core_properties(str(report.title), str(report.subtitle), "en-GB")
    return settled(buffer.getvalue(), {CORE: core})


def _summary(report: Report) -> list[LedgerTable]:
    """The table of the first screen, as it is written there; its title is question and answer."""
    if report.table is None:
        return []
    before = report.blocks[: report.blocks.index(report.table)]
    said = (str(each.words) for each in before if isinstance(each, Paragraph))
    frame = pd.DataFrame(report.table.labelled, columns=report.table.header)
    return [LedgerTable(SUMMARY, " ".join([report.title, *said]), frame, ())]


def _contents(tables: Sequence[LedgerTable]) -> LedgerTable:
    records = [(table.name, table.title, len(table.frame)) for table in tables]
    frame = pd.DataFrame(records, columns=["sheet", "what it holds", "rows"])
    return LedgerTable(CONTENTS, "What each sheet holds", frame, ("sheet",))


def _fill(sheet: Worksheet, table: LedgerTable) -> None:
    """Header in row 1, frozen; numbers below it in the formats of their units."""
    named = list(map(str, table.frame.columns))
    heads = [heading(table, column) for column in named]
    for place, words in enumerate(heads, 1):
        head = sheet.cell(1, place, words)
        head.font, head.fill, head.alignment = _BOLD, _FILL, _TOP
    widths = [len(words) / 2 for words in heads]
    unit_at = named.index("unit") if "unit" in named else None
    for number, row in enumerate(table.frame.itertuples(index=False, name=None), 2):
        pounds = unit_at is not None and str(row[unit_at]).startswith("£")
        for place, value in enumerate(row):
            if value is None or value == "" or value != value:  # nothing, or not defined
                continue
            _write(sheet.cell(number, place + 1), value, _format(table, named[place], pounds))
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
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    wide = sum(each.width for each in sheet.column_dimensions.values())
    sheet.page_setup.fitToWidth = max(1, round(wide / _PAGE))
    sheet.page_setup.fitToHeight = 0
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
        cell.value = str(value)
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
    if column == "variance_ratio":
        return "#,##0.0"
    return "#,##0" if pounds or unit == "£" or column == "replications" else "#,##0.00####"


BACKTEST = "backtest_rotherham"
FORECAST_FROM = "2013-04"
"""First month of the forecasts that are told."""

PHASES = ("primary", "secondary", "special")


def ledger_tables(case: Case) -> list[LedgerTable]:
    """The tables of the workbook, in its order; those that name schools only where asked for."""
    tables = [
        LedgerTable(
            TABLE,
            "Every measure of every option against the baseline, future by future",
            _in_pounds(case.tables.differences.drop(columns="sentence", errors="ignore")),
            ("scenario", "metric", "date"),
        ),
        LedgerTable(
            "price",
            "The price of every option by financial year, in pounds",
            price_table(case.tables.price),
            ("scenario", "line", "financial_year"),
        ),
        case.risks,
        LedgerTable(
            "assumptions",
            "Uncertain values of the model, and how good the evidence for each is",
            assumption_table(case.log),
            ("parameter",),
        ),
        _scenarios(case),
        _backtest(),
    ]
    if case.with_schools and case.schools is not None:
        tables += _by_name(case.schools.chosen)
    return [table for table in tables if len(table.frame)]


def _backtest() -> LedgerTable:
    """Academies opened in Rotherham by phase, as forecast with the national rate known."""
    frame = stored_table("backtest", "rotherham")
    wanted = (frame["mode"] == KNOWN_SERIES) & (frame["route"] == "all")
    wanted &= frame["phase"].isin(PHASES)
    if "origin" in frame:
        wanted &= frame["origin"] == FORECAST_FROM
    title = "Academies opened in Rotherham after April 2013: as forecast, and as they came"
    return LedgerTable(BACKTEST, title, frame[wanted].reset_index(drop=True), ("phase",))


def chart_tables(charts: Mapping[str, Chart]) -> list[LedgerTable]:
    """The numbers drawn in each chart, kept beside it."""
    return [
        LedgerTable(
            table_name(chart.name), f"Numbers drawn in the chart {chart.name}", chart.data,
            chart.keys, file=f"charts/{chart.name}.csv",
        )
        for chart in charts.values()
    ]  # fmt: skip


def _in_pounds(frame: pd.DataFrame) -> pd.DataFrame:
    """The table, its unit column saying what its values are in: pounds, not millions of them."""
    return frame.assign(unit=frame["unit"].str.replace("£m", "£").str.replace("£000", "£"))


def _scenarios(case: Case) -> LedgerTable:
    records = [
        (
            each.name,
            each.title,
            " ".join(each.description.split()),
            "; ".join(change.reasoned for change in differences(case.baseline, each)),
        )
        for each in case.scenarios
    ]
    columns = ["scenario", "title", "description", "differs_from_baseline"]
    frame = pd.DataFrame(records, columns=columns)
    return LedgerTable("scenarios", "The options compared", frame, ("scenario",))


def _by_name(register: RiskRegister) -> list[LedgerTable]:
    """The lists of a register of risks, in full."""
    title = f"under {register.scenario.brief}: chances in a model, no forecasts"
    return [
        LedgerTable("schools", f"Schools by name {title}", register.schools, ("urn",)),
        LedgerTable(
            "communities", f"Learning communities {title}", register.communities,
            ("learning_community",),
        ),
    ]  # fmt: skip
