"""The tables that a paper quotes from, and that its workbook holds."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from rsip_sim.charts.frame import Chart, table_name
from rsip_sim.paper.case import Case
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.report.findings import TABLE
from rsip_sim.scenario import differences
from rsip_sim.studies.assumptions.work import assumption_table
from rsip_sim.studies.backtest.cases import KNOWN_SERIES
from rsip_sim.studies.compare.price import price_table
from rsip_sim.studies.kernel.keeping import stored_table
from rsip_sim.studies.risks.work import RiskRegister

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
