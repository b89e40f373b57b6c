"""The tables that a paper quotes from, as one workbook: the answer's table, then a sheet each."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import openpyxl
import pandas as pd
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from rsip_sim.charts.frame import Chart, table_name
from rsip_sim.paper.archive import settled
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import Entry, LedgerTable
from rsip_sim.report.blocks import Paragraph, Report
from rsip_sim.report.verdicts import TABLE
from rsip_sim.scenario import differences
from rsip_sim.studies.assumptions.work import assumption_table
from rsip_sim.studies.backtest.cases import KNOWN_SERIES
from rsip_sim.studies.compare.price import price_table
from rsip_sim.studies.kernel.keeping import stored_table

CONTENTS, SUMMARY, FIGURES = "contents", "summary", "figures"
_FILL = PatternFill("solid", fgColor="E4E4E4")
_BOLD = Font(name="Arial", size=10, bold=True)
_TOP = Alignment(wrap_text=True, vertical="top")
_WIDEST, _NARROWEST = 60, 9
_PAGE = 200.0  # characters across a page that can still be read

FORECAST_FROM = "2013-04"
"""First month of the forecasts that are told."""


def ledger_tables(case: Case) -> list[LedgerTable]:
    """The tables of the workbook, in its order; those that name schools only where asked for."""
    differing = case.tables.differences
    in_pounds = differing["unit"].str.replace("£m", "£").str.replace("£000", "£")
    tables = [
        LedgerTable(
            TABLE,
            "Every measure of every option against the baseline, future by future",
            differing.assign(unit=in_pounds),  # which its values are in
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
        LedgerTable("scenarios", "The options compared", _scenarios(case), ("scenario",)),
        LedgerTable(
            "backtest_rotherham",
            "Academies opened in Rotherham after April 2013: as forecast, and as they came",
            _backtest(),
            ("phase",),
        ),
    ]
    if case.with_schools and case.schools is not None:
        register = case.schools.chosen
        title = f"under {register.scenario.brief}: chances in a model, no forecasts"
        tables += [
            LedgerTable("schools", f"Schools by name {title}", register.schools, ("urn",)),
            LedgerTable(
                "communities", f"Learning communities {title}", register.communities,
                ("learning_community",),
            ),
        ]  # fmt: skip
    return [table for table in tables if len(table.frame)]


def chart_tables(charts: Mapping[str, Chart]) -> list[LedgerTable]:
    """The numbers drawn in each chart, kept beside it."""
    return [
        LedgerTable(
            table_name(chart.name), f"Numbers drawn in the chart {chart.name}", chart.data,
            chart.keys, file=f"charts/{chart.name}.csv",
        )
        for chart in charts.values()
    ]  # fmt: skip


def _backtest() -> pd.DataFrame:
    frame = stored_table("backtest", "rotherham")
    wanted = (frame["mode"] == KNOWN_SERIES) & (frame["route"] == "all")
    wanted &= frame["origin"] == FORECAST_FROM
    return frame[wanted].reset_index(drop=True)


def _scenarios(case: Case) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scenario": each.name,
            "title": each.title,
            "description": " ".join(each.description.split()),
            "differs_from_baseline": "; ".join(
                change.reasoned for change in differences(case.baseline, each)
            ),
        }
        for each in case.scenarios
    )


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
    answer = _summary(report)
    every = [*answer, *tables, figures]
    held = [(table.name, table.title, len(table.frame)) for table in every]
    frame = pd.DataFrame(held, columns=["sheet", "what it holds", "rows"])
    book = openpyxl.Workbook()
    contents = book.active
    assert isinstance(contents, Worksheet)
    contents.title = CONTENTS
    _fill(contents, LedgerTable(CONTENTS, "What each sheet holds", frame, ("sheet",)))
    contents.column_dimensions["B"].width = 1.5 * _WIDEST
    for number, table in enumerate(every, 2):
        contents.cell(number, 1).hyperlink = f"#{table.name}!A1"
        _fill(book.create_sheet(table.name), table)
    for number, figure in enumerate(figures.frame.to_dict("records"), 2):
        if figure["file"] == "tables.xlsx":  # it leads to its cell
            at = list(figure).index("cell") + 1
            book[FIGURES].cell(number, at).hyperlink = f"#{figure['table']}!{figure['cell']}"
    book.move_sheet(contents, len(answer))  # the answer first
    book.active = 0
    for sheet in book.worksheets:
        _set_for_print(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return settled(buffer.getvalue(), report.title, report.subtitle)


def _summary(report: Report) -> list[LedgerTable]:
    """The table of the first screen, as it is written there; its title is question and answer."""
    if report.table is None:
        return []
    before = report.blocks[: report.blocks.index(report.table)]
    said = (str(each.words) for each in before if isinstance(each, Paragraph))
    frame = pd.DataFrame(report.table.labelled, columns=report.table.header)
    return [LedgerTable(SUMMARY, " ".join([report.title, *said]), frame, ())]


def _fill(sheet: Worksheet, table: LedgerTable) -> None:
    """Header in row 1, frozen; numbers below it in the formats of their units."""
    named = list(map(str, table.frame.columns))
    heads = [heading(table, column) for column in named]
    for place, words in enumerate(heads, 1):
        head = sheet.cell(1, place, words)
        head.font, head.fill, head.alignment = _BOLD, _FILL, _TOP
    widths = [max(len(words) / 2, _NARROWEST - 1) for words in heads]
    for number, row in enumerate(table.frame.to_dict("records"), 2):
        pounds = str(row.get("unit", "")).startswith("£")
        for place, (column, value) in enumerate(row.items()):
            if value is None or value == "" or value != value:  # nothing, or not defined
                continue
            cell = sheet.cell(number, place + 1)
            cell.value = value.item() if hasattr(value, "item") else value
            if isinstance(value, str):
                cell.data_type = "s"  # a planner's words that begin with = are words
                cell.alignment = _TOP if len(value) > _WIDEST else Alignment()
            else:
                whole = not isinstance(cell.value, float)
                cell.number_format = "#,##0" if whole else _format(table, str(column), pounds)
            widths[place] = max(widths[place], min(len(str(value)), _WIDEST))
    for place, width in enumerate(widths):
        numeric = pd.api.types.is_float_dtype(table.frame.dtypes.iloc[place])
        wide = _NARROWEST + 4 if numeric else width + 1
        sheet.column_dimensions[get_column_letter(place + 1)].width = wide
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _set_for_print(sheet: Worksheet) -> None:
    """A4, on as few pages side by side as can be read; the sheet's name and page at its foot."""
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    wide = sum(each.width for each in sheet.column_dimensions.values())
    sheet.page_setup.fitToWidth = max(1, round(wide / _PAGE))
    sheet.page_setup.fitToHeight = 0
    foot = sheet.oddFooter
    assert foot is not None
    foot.left.text, foot.right.text = "&A", "Page &P of &N"


def heading(table: LedgerTable, column: str) -> str:
    """The head of a column, with its unit."""
    words, unit = column.replace("_", " "), table.units.get(column)
    return f"{words} ({unit})" if unit else words


def _format(table: LedgerTable, column: str, pounds: bool) -> str:
    """The number format of a cell; pounds: its row is in them."""
    unit = table.units.get(column, "")
    if unit.startswith("share") or column.startswith("share"):
        return "0.0%"
    if column == "variance_ratio":
        return "#,##0.0"
    return "#,##0" if pounds or unit == "£" or column == "replications" else "#,##0.00####"
