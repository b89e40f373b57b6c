"""Money by financial year in numbers: mean and spread across futures, in pounds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.measures.metrics import PENCE
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import spread_across_futures
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.report.quoted import Cell, Quote
from rsip_sim.report.words import financial_year_text
from rsip_sim.scenario import Scenario

NAME = "money"
WHOLE = "all years"
KEYS = ("scenario", "item", "financial_year")
THOUSAND, MILLION = 1e3, 1e6


@dataclass(frozen=True)
class Item:
    """One kind of money; column: its annual rate in pence."""

    name: str
    label: str
    column: str


ITEMS = (
    Item("gross", "Gross DSG", "gross_pence_per_year"),
    Item("recouped", "DSG recouped for academies", "recouped_pence_per_year"),
    Item("retained", "DSG retained", "retained_pence_per_year"),
    Item("pooled", "Line pooled in the partnership", "pooled_pence_per_year"),
    Item("delegated", "Line delegated to schools", "delegated_pence_per_year"),
    Item("subscriptions", "Subscriptions of members", "subscriptions_pence_per_year"),
    Item("guarantee", "Guarantee paid by the council", "guarantee_pence_per_year"),
    Item("ses_path", "Council's money for its service", "ses_path_pence_per_year"),
    Item("ses", "School Effectiveness Service", "ses_pence_per_year"),
    Item("overspend", "Overspend of the council", "overspend_pence_per_year"),
)


def money_table(results: PanelSource, scenarios: Sequence[Scenario]) -> LedgerTable:
    """Each kind of money in each financial year, mean and 90% of futures, in pounds."""
    records: list[tuple[object, ...]] = []
    for scenario in scenarios:
        panel = Panel(results, scenario)
        panel.load([item.column for item in ITEMS])
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
        "Money by financial year, cash: mean and 5th to 95th percentile across futures",
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
    pounds = panel[item.column].astype(np.float64) / (12 * PENCE)
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
        """A sum as it stands in a table whose caption says the unit; ranges more coarsely."""
        value = self.value(scenario, item, year, column) / unit
        cell = Cell(NAME, (scenario, item, year), column, unit)
        if unit == THOUSAND:
            return Quote("under 1" if 0 < value < 0.5 else f"{value:,.0f}", cell)
        return Quote(digits_of(value, 3 if column == "mean" or abs(value) < 10 else 2), cell)

    def told(self, scenario: str, item: str, column: str = "mean") -> Quote:
        """A sum over the whole run as it stands in a sentence: ``£215m``, ``£12,000``."""
        key = (scenario, item, WHOLE)
        value = self.value(scenario, item, WHOLE, column)
        if abs(value) >= MILLION:
            return Quote(f"£{digits_of(value / MILLION)}m", Cell(NAME, key, column))
        nearest = round(value / THOUSAND) * THOUSAND
        text = "under £1,000" if 0 < value < THOUSAND / 2 else f"£{nearest:,.0f}"
        return Quote(text, Cell(NAME, key, column, nearest=THOUSAND))

    def unit(self, item: str) -> float:
        """Pounds to a unit of the item's tables: a million where a year comes near one."""
        frame = self.table.frame
        yearly = frame[(frame["item"] == item) & (frame["financial_year"] != WHOLE)]
        return MILLION if float(yearly["mean"].max()) >= MILLION / 2 else THOUSAND


def digits_of(value: float, digits: int = 3) -> str:
    """A sum in millions, with so many digits that count."""
    if value == 0:
        return "0"
    if 0 < value < 0.005:
        return "under 0.01"
    size = abs(value)
    decimals = max(digits - 1 - max(math.floor(math.log10(size)), 0), 0)
    return f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
