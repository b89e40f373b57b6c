"""The first screen's table as a picture: measures down, options across, the price last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from rsip_sim.charts.cells import Cell, Cells, Line
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.quoted import Said, given, joined, say, titled
from rsip_sim.report.words import place
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.answer import short_answer
from rsip_sim.studies.compare.headline_table import MOST, lines, read_over
from rsip_sim.studies.compare.price import PriceRow
from rsip_sim.studies.compare.screen import PRICES, Screen, noticed, per_year, priced
from rsip_sim.studies.compare.work import ComparisonTables

NAME = "headline"
KEYS = ("measure", "scenario")

Rows = list[tuple[str, tuple[Said | str, ...]]]


class Number(NamedTuple):
    """One difference that is drawn, in the unit of its measure; NaN where it is not defined.

    baseline  level under the baseline;  told: whether it is clear, and large enough to notice
    """

    measure: str
    scenario: str
    unit: str
    baseline: float = np.nan
    difference: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan
    told: bool = False


def headline(tables: ComparisonTables) -> Chart:
    """A number, a dot and its 95% interval for each measure and option."""
    screen = Screen.of(tables)
    options = screen.most_changed(MOST)
    rows, numbers = list(lines(screen, options)), list(_numbers(screen, options))
    base, dated = screen.baseline.brief, inside(read_over(screen.baseline, screen.moment))
    few = len(options) < len(tables.others)
    return framed(
        NAME,
        short_answer(screen),
        Cells(
            [each.brief for each in options],
            base,
            f"change from '{base}'",
            [_line(*each) for each in zip(rows, numbers, strict=True)],
        ),
        subtitle=f"Level under '{base}' and difference of each option, {dated}; "
        f"{place(screen.baseline)}",
        notes=[
            "Dot and bar: average difference and its 95% interval; each row has its own scale, "
            "and the upright line is no difference. Grey and in brackets: not clear, or too small "
            "to notice. The lines of the price are borne by different people and are never added "
            "up.",
            *([f"Shown are the {len(options)} options that change most."] if few else []),
            source_line(tables.replications, [screen.baseline, *tables.others]),
        ],
        told=_told(base, options, rows),
        data=pd.DataFrame([number for row in numbers for number in row], columns=Number._fields),
        keys=KEYS,
    )


def _line(row: tuple[str, tuple[Said | str, ...]], numbers: Sequence[Number]) -> Line:
    label, (level, *cells) = row
    return Line(
        label,
        str(level),
        [
            Cell(str(words), n.difference, n.ci_low, n.ci_high, n.told)
            for words, n in zip(cells, numbers, strict=True)
        ],
        group=label == next(iter(PRICES.values())),
    )


def _numbers(screen: Screen, options: Sequence[Scenario]) -> Iterator[list[Number]]:
    """The numbers of each row of the table, in its order."""
    for metric in screen.measures:
        yield [_of_metric(screen, metric, option) for option in options]
    for line in PRICES:
        base = screen.prices.get((line, screen.baseline.name))
        if base is not None:
            yield [_of_price(screen.prices[line, option.name], base) for option in options]


def _of_metric(screen: Screen, metric: Metric, option: Scenario) -> Number:
    row, unit = screen.row(metric, option), unit_at(metric, screen.moment, files=True)
    if row is None:
        return Number(metric.name, option.name, unit)
    n = row.numbers
    return Number(
        metric.name, option.name, unit, n.baseline, n.difference, n.ci_low, n.ci_high, noticed(row)
    )


def _of_price(row: PriceRow, base: PriceRow) -> Number:
    level, mean, low, high = (
        per_year(row, each) for each in (base.mean, row.difference, row.ci_low, row.ci_high)
    )
    return Number(row.line, row.scenario.name, "£ a year", level, mean, low, high, priced(row))


def _told(base: str, options: Sequence[Scenario], rows: Rows) -> Said:
    names = [given(each.brief, "title of a scenario") for each in options]

    def one(label: str, level: Said | str, cells: Sequence[Said | str]) -> Said:
        beside = joined(", ", (
            say("{name} {cell}", name=name, cell=cell)
            for name, cell in zip(names, cells, strict=True)
        ))  # fmt: skip
        return say("{label}: {level} under {base}; {beside}", label=label, level=level,
                   base=titled(base), beside=beside)  # fmt: skip

    return say(
        "A grid of numbers, each with its dot and interval, one row a measure and one column an "
        "option. In brackets: not clear, or too small to notice. {rows}.",
        rows=joined(". ", (one(label, level, cells) for label, (level, *cells) in rows)),
    )
