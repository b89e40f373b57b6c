"""Money by financial year in numbers: mean and spread across futures, in pounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.analysis.levels import Panel
from rsip_sim.analysis.metrics import PENCE
from rsip_sim.analysis.pack.ledger import LedgerTable
from rsip_sim.analysis.period import financial_year_text
from rsip_sim.analysis.said import Cell, Quote
from rsip_sim.analysis.source import AS_WRITTEN, RENEWAL_WORDS, FloatArray, PanelSource
from rsip_sim.analysis.statistics import spread_across_futures
from rsip_sim.scenario import Scenario

NAME = "money"
WHOLE = "all years"
KEYS = ("scenario", "item", "financial_year")
MILLION = 1e6


@dataclass(frozen=True)
class Item:
    """One kind of money; column: its annual rate in pence; guaranteed: only while in force."""

    name: str
    label: str
    column: str
    guaranteed: bool = False


ITEMS = (
    Item("gross", "Gross DSG", "gross_pence_per_year"),
    Item("recouped", "DSG recouped for academies", "recouped_pence_per_year"),
    Item("retained", "DSG retained", "retained_pence_per_year"),
    Item("guaranteed", "Guaranteed to the partnership", "earmark_pence_per_year", guaranteed=True),
    Item("overspend", "Overspend on the council's envelope", "overspend_pence_per_year"),
)
LABELS = {item.name: item.label for item in ITEMS}


def money_table(results: PanelSource, scenarios: Sequence[Scenario]) -> LedgerTable:
    """Each kind of money in each financial year, mean and 90 % of futures, in pounds."""
    records: list[tuple[object, ...]] = []
    for scenario in scenarios:
        panel = Panel(results, scenario)
        panel.load([*(item.column for item in ITEMS), "agreement_in_force"])
        years = years_of(scenario)
        for item in ITEMS:
            pounds = _pounds_by_year(panel, item, years)
            spread = spread_across_futures(pounds)
            for i, year in enumerate([*dict.fromkeys(years), WHOLE]):
                months = years.count(year) if year != WHOLE else len(years)
                records.append(
                    (scenario.name, item.name, year, months, spread.mean[i], spread.p05[i],
                     spread.p95[i], int(spread.count[i]))
                )  # fmt: skip
    columns = [*KEYS, "months", "mean", "p05", "p95", "replications"]
    return LedgerTable(
        NAME,
        f"Money by financial year, cash, renewal {RENEWAL_WORDS[AS_WRITTEN]}: mean and 5th to 95th "
        "percentile across futures",
        pd.DataFrame(records, columns=columns),
        KEYS,
        dict.fromkeys(("mean", "p05", "p95"), "£"),
    )


def years_of(scenario: Scenario) -> list[str]:
    """The financial year of each month simulated."""
    start = scenario.policy.start
    return [financial_year_text(start + m) for m in range(scenario.policy.horizon_months)]


def _pounds_by_year(panel: Panel, item: Item, years: Sequence[str]) -> FloatArray:
    """Pounds in each financial year, and in all of them: (years + 1, replications)."""
    pence = panel[item.column].astype(np.float64)
    if item.guaranteed:
        pence = pence * panel["agreement_in_force"]
    pounds = pence / (12 * PENCE)
    order = list(dict.fromkeys(years))
    place = np.array([order.index(year) for year in years])
    rows = [pounds[place == i].sum(axis=0) for i in range(len(order))]
    return np.stack([*rows, pounds.sum(axis=0)])


@dataclass(frozen=True)
class Sums:
    """The table of money, looked up by scenario, item and financial year."""

    table: LedgerTable

    def value(self, scenario: str, item: str, year: str = WHOLE, column: str = "mean") -> float:
        """Pounds; the whole run unless a financial year is named."""
        return self.table.value((scenario, item, year), column)

    def cell(self, scenario: str, item: str, year: str, column: str, unit: float) -> Quote:
        """A sum as it stands in a table whose caption says the unit."""
        value = self.value(scenario, item, year, column)
        return Quote(pounds(value, unit), Cell(NAME, (scenario, item, year), column, unit))

    def told(self, scenario: str, item: str, column: str = "mean") -> Quote:
        """A sum over the whole run as it stands in a sentence: ``£215m``, ``£12,000``."""
        value = self.value(scenario, item, WHOLE, column)
        cell = Cell(NAME, (scenario, item, WHOLE), column)
        if abs(value) >= MILLION:
            return Quote(f"£{pounds(value, MILLION)}m", cell)
        text = pounds(value, 1.0)
        return Quote(f"£{text}" if text[0].isdigit() else text.replace(" ", " £"), cell)

    def unit(self, item: str) -> float:
        """Pounds to a unit of the item's tables: a million where a year comes near one."""
        frame = self.table.frame
        yearly = frame[(frame["item"] == item) & (frame["financial_year"] != WHOLE)]
        return MILLION if float(yearly["mean"].max()) >= MILLION / 2 else 1.0


def pounds(value: float, unit: float) -> str:
    """A sum without its unit: in millions three digits that count, else to the nearest thousand."""
    if value == 0:
        return "0"
    if unit == MILLION:
        millions = value / MILLION
        decimals = 0 if abs(millions) >= 99.95 else 1 if abs(millions) >= 9.995 else 2
        return f"{millions:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
    if 0 < abs(value) < 500:
        return "under 1,000"
    nearest = math.floor(value / 1000 + 0.5) * 1000
    return f"{nearest:,}".replace("-", "\N{MINUS SIGN}")
