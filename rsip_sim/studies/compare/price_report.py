"""The price of each scenario, told: three lines that are never added up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rsip_sim.report.blocks import Block, Column, Paragraph, Row, Table
from rsip_sim.studies.compare.headline_table import thousands
from rsip_sim.studies.compare.price import LINES, WHOLE, PriceRow

MOST_YEARS = 5


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
            sums = [found[line, scenario.name, year] for year in (WHOLE, *years)]
            whole, *each = (thousands(row.mean) for row in sums)
            yield (scenario.brief, whole, _difference(sums[0]) if place else "", *each)


def _difference(row: PriceRow) -> str:
    if row.difference == 0:
        return "none"
    mean = thousands(row.difference, "+")
    low, high = (thousands(end, "+") for end in (row.ci_low, row.ci_high))
    return mean if np.isnan(row.ci_low) else f"{mean} ({low} to {high})"
