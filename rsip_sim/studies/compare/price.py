"""The price of each scenario: three lines, over the run and by financial year.

What schools give, what the council pays and what the service loses are borne by different people
and are never summed with each other. A line that the Schools Forum refuses is no saving: schools
get it. A service is lost beside the baseline alone, so the baseline loses none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import MONTHS, PRICE_COUNCIL, PRICE_SERVICE, Columns, metrics_named
from rsip_sim.measures.moments import Panel, values_of
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import paired_differences
from rsip_sim.measures.statistics import spread_across_futures as spread_of
from rsip_sim.report.blocks import Block, Column, Paragraph, Row, Table
from rsip_sim.report.quoted import Cell, Quote, Said, say
from rsip_sim.report.words import financial_year_text
from rsip_sim.scenario import Scenario

SCHOOLS, COUNCIL, LOST = "price_schools", "price_council", "service_lost"
LINES: Mapping[str, str] = {
    SCHOOLS: "From schools' budgets: the line while pooled, and subscriptions",
    COUNCIL: "From the council: guarantee paid, and deficits left with it",
    LOST: "Service lost: School Effectiveness Service less than the baseline's",
}
"""The lines of the price by name, and what is in each."""

_METRICS = (SCHOOLS, PRICE_COUNCIL, PRICE_SERVICE)
"""The metric of each line; of LOST what the service has."""

WHOLE = "all years"
NOTICED_PRICE = 5000.0
"""Pounds a year, below which a price is not told apart from none."""

THOUSAND = 1000.0
MOST_YEARS = 5
_NUMBERS = ("mean", "p05", "p95", "difference", "ci_low", "ci_high", "replications")


@dataclass(frozen=True)
class PriceRow:
    """One line of one scenario in one financial year, or in all: pounds.

    mean, p05, p95            of its level across futures
    difference, ci_low, high  mean of the paired differences from the baseline, with its interval
    """

    scenario: Scenario
    line: str
    year: str
    months: int
    mean: float
    p05: float
    p95: float
    difference: float
    ci_low: float
    ci_high: float
    replications: int

    def a_year(self, column: str) -> float:
        """One of its numbers in pounds a year."""
        return float(getattr(self, column)) * MONTHS / self.months

    @property
    def told(self) -> bool:
        """Whether the difference is clear, and as large as is noticed."""
        clear = self.ci_low > 0 or self.ci_high < 0
        return clear and abs(self.a_year("difference")) >= NOTICED_PRICE

    @property
    def settled(self) -> bool:
        """Whether it is certain that nobody would notice the difference."""
        ends = (self.a_year("ci_low"), self.a_year("ci_high"))
        return self.difference == 0 or all(abs(end) < NOTICED_PRICE for end in ends)

    def quote(self, text: str, column: str, pounds: float, nearest: float = 0.0) -> Said:
        """A text quoted as one of its numbers, in so many pounds."""
        key = (self.scenario.name, self.line, self.year)
        return Said(Quote(text, Cell("price", key, column, pounds, nearest)))

    def quote_a_year(self, text: str, column: str, pounds: float, nearest: float = 0.0) -> Said:
        """The same of a number that is told by the year."""
        return self.quote(text, column, pounds * self.months / MONTHS, nearest)

    def thousands(self, column: str, plus: str = "") -> Said:
        """One of its numbers in £000 a year."""
        return self.quote_a_year(thousands(self.a_year(column), plus), column, THOUSAND)

    @property
    def written(self) -> Said:
        """The difference in £000 a year, in brackets where it is not told."""
        quote = self.thousands("difference", "+")
        return quote if self.told or self.difference == 0 else say("({n})", n=quote)


def thousands(pounds: float, plus: str = "") -> str:
    """``+12`` of £12,300, where the row says £000."""
    text = f"{abs(pounds) / THOUSAND:,.0f}"
    return text if text == "0" else f"{MINUS if pounds < 0 else plus}{text}"


def price(
    results: PanelSource, baseline: Scenario, others: Sequence[Scenario]
) -> tuple[PriceRow, ...]:
    """The price of every scenario, the baseline first."""
    base = _spent(Panel(results, baseline))
    rows: list[PriceRow] = []
    for scenario in (baseline, *others):
        ours = base if scenario is baseline else _spent(Panel(results, scenario))
        for line, own, theirs in zip(LINES, ours, base, strict=True):
            if line == LOST:
                own, theirs = theirs - own, np.zeros_like(own)
            rows += _rows(scenario, line, own, theirs)
    return tuple(rows)


def _years_of(scenario: Scenario) -> list[str]:
    """The financial year of each month simulated."""
    start = scenario.policy.start
    return [financial_year_text(start + m) for m in range(scenario.policy.horizon_months)]


def _spent(panel: Panel) -> FloatArray:
    """Pounds of each financial year, and of all: (lines, years + 1, replications)."""
    years, partnership = _years_of(panel.scenario), panel.scenario.policy.partnership
    ends = [m for m in range(len(years)) if m + 1 == len(years) or years[m + 1] != years[m]]
    metrics = metrics_named(_METRICS)

    def by_year(block: Columns) -> FloatArray:
        spent = np.stack([values_of(metric, block, partnership)[ends] for metric in metrics])
        return np.concatenate([np.diff(spent, axis=1, prepend=0.0), spent[:, -1:]], axis=1)

    return panel.reduced((column for each in metrics for column in each.columns), by_year)


def _rows(
    scenario: Scenario, line: str, pounds: FloatArray, baseline: FloatArray
) -> Iterator[PriceRow]:
    years, spread = _years_of(scenario), spread_of(pounds)
    paired = paired_differences(pounds, baseline)
    numbers = zip(
        [*dict.fromkeys(years), WHOLE],
        *(each.tolist() for each in (
            spread.mean, spread.p05, spread.p95, paired.spread.mean, paired.ci_low, paired.ci_high,
            spread.count.astype(int),
        )),
        strict=True,
    )  # fmt: skip
    for year, *row in numbers:
        yield PriceRow(scenario, line, year, years.count(year) or len(years), *row)


def price_table(rows: Sequence[PriceRow]) -> pd.DataFrame:
    """One row a scenario, line and financial year."""
    return pd.DataFrame(
        {
            "scenario": row.scenario.name,
            "line": row.line,
            "label": LINES[row.line],
            "financial_year": row.year,
            "months": row.months,
            "unit": "£",
            **{name: getattr(row, name) for name in _NUMBERS},
        }
        for row in rows
    )


def price_blocks(rows: Sequence[PriceRow]) -> tuple[Block, ...]:
    """The section of a comparison's report."""
    years = list(dict.fromkeys(row.year for row in rows if row.year != WHOLE))[:MOST_YEARS]
    return (
        Paragraph(
            "Three lines, borne by different people and so never added up; averages over the "
            "futures. A line that the Schools Forum refuses is no saving: schools get it. Where "
            "the run ends with an agreement still in force, its later price is not counted."
        ),
        Table(
            "price",
            "The price of each scenario in £ thousand, cash",
            "One row a scenario within each line of the price: the sum over the run, its "
            "difference from the baseline with the 95% interval, and the sum of each financial "
            "year.",
            (
                Column("scenario", 24, words=True, silent=True),
                Column("the run", 9),
                Column("beside baseline (95%)", 26),
                *(Column(year, 8) for year in years),
            ),
            tuple(_lines(rows, years)),
            quiet=True,
        ),
    )


def _lines(rows: Sequence[PriceRow], years: Sequence[str]) -> Iterator[str | Row]:
    found = {(row.line, row.scenario.name, row.year): row for row in rows}
    scenarios = list({row.scenario.name: row.scenario for row in rows}.values())
    for line, label in LINES.items():
        yield label
        for place, scenario in enumerate(scenarios):
            whole = found[line, scenario.name, WHOLE]
            beside = "" if place == 0 else _difference(whole)
            cells = [_amount(found[line, scenario.name, year]) for year in years]
            yield (scenario.brief, _amount(whole), beside, *cells)


def _amount(row: PriceRow) -> str:
    """``1,240``; ``<1`` for what would be rounded away, ``–`` for nothing."""
    if row.mean == 0 or np.isnan(row.mean):
        return "–"
    return "<1" if abs(row.mean) < THOUSAND / 2 else _total(row, "mean", "")


def _difference(row: PriceRow) -> str:
    if row.difference == 0:
        return "none"
    mean, low, high = (_total(row, column) for column in ("difference", "ci_low", "ci_high"))
    return mean if np.isnan(row.ci_low) else say("{mean} ({low} to {high})", mean=mean, low=low,
                                                 high=high)  # fmt: skip


def _total(row: PriceRow, column: str, plus: str = "+") -> Said:
    return row.quote(thousands(getattr(row, column), plus), column, THOUSAND)
