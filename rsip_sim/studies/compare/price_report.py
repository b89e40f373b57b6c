"""The price of each scenario, told: three lines that are never added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.measures.formats import MINUS
from rsip_sim.report.blocks import Block, Column, Paragraph, Row, Table
from rsip_sim.report.quoted import Cell, Quote, Said, say
from rsip_sim.studies.compare.price import LINES, WHOLE, PriceRow

MOST_YEARS = 5
THOUSAND = 1000.0


def price_blocks(rows: Sequence[PriceRow]) -> tuple[Block, ...]:
    """The section of a comparison's report."""
    years = list(dict.fromkeys(row.year for row in rows if row.year != WHOLE))
    shown = years[:MOST_YEARS]
    more = f" The table kept with this has all {len(years)} years." if shown != years else ""
    return (
        Paragraph(
            "Three lines, borne by different people and so never added up; averages over the "
            "futures. A line that the Schools Forum refuses is no saving: schools get it. Where "
            f"the run ends with an agreement still in force, its later price is not counted.{more}"
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
                *(Column(year, 8) for year in shown),
            ),
            tuple(_lines(rows, shown)),
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
    return "<1" if abs(row.mean) < THOUSAND / 2 else _quoted(row, "mean", plus="")


def _difference(row: PriceRow) -> str:
    if row.difference == 0:
        return "none"
    mean = _quoted(row, "difference")
    if np.isnan(row.ci_low):
        return mean
    low, high = _quoted(row, "ci_low"), _quoted(row, "ci_high")
    return say("{mean} ({low} to {high})", mean=mean, low=low, high=high)


def _quoted(row: PriceRow, column: str, plus: str = "+") -> Said:
    """Pounds in thousands, with their cell in the table of prices."""
    pounds = getattr(row, column)
    thousands = round(pounds / THOUSAND) if not np.isnan(pounds) else 0
    sign = MINUS if thousands < 0 else plus if thousands > 0 else ""
    cell = Cell("price", (row.scenario.name, row.line, row.year), column, THOUSAND)
    return Said(Quote(f"{sign}{abs(thousands):,}", cell))
