"""The price by financial year: three lines that are never added up."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from rsip_sim.measures.formats import MINUS
from rsip_sim.paper.case import Case, brief
from rsip_sim.paper.ledger_tables import PRICE
from rsip_sim.report.blocks import Block, Paragraph, Table, columns
from rsip_sim.report.quoted import Cell, Quote, Said, given, say
from rsip_sim.report.verdicts import INTERVAL
from rsip_sim.report.words import NOTHING
from rsip_sim.studies.compare.price import LINES, WHOLE, PriceRow

THOUSAND = 1000.0
MOST_YEARS = 5
"""Financial years side by side; the workbook has those after them too."""


def finance(case: Case) -> list[Block]:
    """A table for each line of the price that is not nothing throughout."""
    rows = {(row.line, row.scenario.name, row.year): row for row in case.tables.price}
    every = list(dict.fromkeys(row.year for row in case.tables.price if row.year != WHOLE))
    blocks: list[Block] = [
        Paragraph(
            "Averages over the futures, in cash. The lines below are borne by different people "
            "and never added up; a line that the Schools Forum refuses is no saving, for schools "
            "get it, and what an agreement costs after the months simulated is not in it."
        )
    ]
    for line, label in LINES.items():
        found = [[rows[line, each.name, year] for year in [*every[:MOST_YEARS], WHOLE]]
                 for each in case.scenarios]  # fmt: skip
        if any(row.mean for row in itertools.chain(*found)):
            blocks.append(_table(line, label, found))
    if len(blocks) == 1:
        blocks.append(Paragraph("None of the options has a price."))
    return blocks


def _table(line: str, label: str, found: Sequence[Sequence[PriceRow]]) -> Table:
    unit = given("£000", "unit")
    years = [given(row.year, "date") for row in found[0][:-1]]
    return Table(
        f"price_{line}",
        say("{label}, {unit}", label=label, unit=unit),
        "One row an option: the average of each financial year and of all, and the difference of "
        "all years from the baseline with its interval.",
        columns(
            ("Option", *years, "All years", say("Difference ({interval})", interval=INTERVAL)),
            (2.6, *[1.6] * len(years), 1.8, 4.2),
        ),
        tuple(
            (
                brief(of_option[0].scenario),
                *(_amount(row, "mean") for row in of_option),
                Said(NOTHING) if place == 0 else _difference(of_option[-1]),
            )
            for place, of_option in enumerate(found)
        ),
    )


def _difference(row: PriceRow) -> Said:
    if row.difference == 0:
        return Said("none")
    mean = _amount(row, "difference", "+")
    if np.isnan(row.ci_low):
        return mean
    low, high = _amount(row, "ci_low", "+"), _amount(row, "ci_high", "+")
    return say("{mean} ({low} to {high})", mean=mean, low=low, high=high)


def _amount(row: PriceRow, column: str, plus: str = "") -> Said:
    """``1,240`` thousand; a dash for nothing."""
    pounds = getattr(row, column)
    if pounds == 0:
        return Said(NOTHING)
    text = f"{abs(pounds) / THOUSAND:,.0f}"
    sign = "" if text == "0" else MINUS if pounds < 0 else plus
    cell = Cell(PRICE, (row.scenario.name, row.line, row.year), column, THOUSAND)
    return Said(Quote(f"{sign}{text}", cell))
