"""The price of each scenario, told: three lines that are never added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.measures.formats import MINUS
from rsip_sim.report.blocks import Block, Column, Paragraph, Row, Table
from rsip_sim.studies.compare.price import LINES, WHOLE, PriceRow

MOST_YEARS = 5
_NAME, _SUM, _DIFFERENCE, _YEAR = 24, 9, 26, 8
THOUSAND = 1000.0


def price_blocks(rows: Sequence[PriceRow]) -> tuple[Block, ...]:
    """The section of a comparison's report."""
    if not rows:
        return ()
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
                Column("scenario", _NAME, words=True, silent=True),
                Column("the run", _SUM),
                Column("beside baseline (95%)", _DIFFERENCE),
                *(Column(year, _YEAR) for year in shown),
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
            cells = [_amount(found[line, scenario.name, year].mean) for year in years]
            yield (scenario.brief, _amount(whole.mean), beside, *cells)


def _amount(pounds: float) -> str:
    """``1,240``; ``<1`` for what would be rounded away, ``–`` for nothing."""
    if pounds == 0 or np.isnan(pounds):
        return "–"
    if abs(pounds) < THOUSAND / 2:
        return "<1"
    return f"{MINUS if pounds < 0 else ''}{abs(pounds) / THOUSAND:,.0f}"


def _difference(row: PriceRow) -> str:
    if row.difference == 0:
        return "none"
    mean, low, high = (_signed(each) for each in (row.difference, row.ci_low, row.ci_high))
    return mean if np.isnan(row.ci_low) else f"{mean} ({low} to {high})"


def _signed(pounds: float) -> str:
    thousands = round(pounds / THOUSAND) if not np.isnan(pounds) else 0
    sign = MINUS if thousands < 0 else "+" if thousands > 0 else ""
    return f"{sign}{abs(thousands):,}"
