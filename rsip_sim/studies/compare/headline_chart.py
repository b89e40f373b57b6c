"""The first screen's table as a picture: measures down, options across, the price last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts.cells import Cell, Cells, Line
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.quoted import Said, given, joined, say, titled
from rsip_sim.report.words import place
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.answer import short_answer
from rsip_sim.studies.compare.headline_table import MOST_ACROSS, label_of, lines, when
from rsip_sim.studies.compare.screen import PRICES, Screen, noticed, per_year, priced
from rsip_sim.studies.compare.work import ComparisonTables

NAME = "headline"
KEYS = ("measure", "scenario")
_COLUMNS = (
    "measure", "label", "scenario", "unit", "baseline", "difference", "ci_low", "ci_high", "told",
)  # fmt: skip
_PRICE_UNIT = "£ a year"

Numbers = dict[tuple[str, str], tuple[float, float, float, bool]]


def headline(tables: ComparisonTables) -> Chart:
    """A number, a dot and its 95% interval for each measure and option."""
    screen = Screen.of(tables)
    options = screen.most_changed(MOST_ACROSS)
    told = dict(lines(screen, options))
    data = _data(screen, options)
    notes = [
        "Dot and bar: average difference and its 95% interval; each row has its own scale, and "
        "the upright line is no difference. Grey and in brackets: not clear, or too small to "
        "notice. The lines of the price are borne by different people and are never added up.",
        source_line(tables.replications, [screen.baseline, *tables.others]),
    ]
    if len(options) < len(tables.others):
        notes.insert(1, f"Shown are the {len(options)} options that change most.")
    base = screen.baseline.brief
    return framed(
        NAME,
        short_answer(screen),
        Cells(
            [each.brief for each in options], base, f"difference from '{base}'",
            list(_lines(screen, options, told, data)),
        ),
        subtitle=f"Level under '{base}' and difference of each option, average, {when(screen)}; "
        f"{place(screen.baseline)}",
        notes=notes,
        told=_told(screen, options, told),
        data=data,
        keys=KEYS,
    )  # fmt: skip


def _lines(
    screen: Screen,
    options: Sequence[Scenario],
    told: dict[str, tuple[Said | str, ...]],
    data: pd.DataFrame,
) -> Iterator[Line]:
    found = data.set_index(["label", "scenario"])
    for label, (level, *cells) in told.items():
        rows = [(words, found.loc[(label, each.name)])
                for words, each in zip(cells, options, strict=True)]  # fmt: skip
        yield Line(
            label,
            str(level),
            [
                Cell(str(words), float(row["difference"]), float(row["ci_low"]),
                     float(row["ci_high"]), bool(row["told"]))
                for words, row in rows
            ],
            str(rows[0][1]["unit"]),
            group=label == next(iter(PRICES.values())),
        )  # fmt: skip


def _data(screen: Screen, options: Sequence[Scenario]) -> pd.DataFrame:
    """One row a measure and option."""
    return pd.DataFrame(_records(screen, options), columns=[*_COLUMNS])


def _records(screen: Screen, options: Sequence[Scenario]) -> Iterator[tuple[object, ...]]:
    for metric in screen.measures:
        label, unit = label_of(metric, screen.moment), unit_at(metric, screen.moment, files=True)
        for option in options:
            row = screen.row(metric, option)
            if row is None:
                numbers: tuple[object, ...] = (np.nan,) * 4
            else:
                n = row.numbers
                numbers = n.baseline, n.difference, n.ci_low, n.ci_high
            yield (metric.name, label, option.name, unit, *numbers,
                   row is not None and noticed(row))  # fmt: skip
    for line, label in PRICES.items():
        base = screen.prices.get((line, screen.baseline.name))
        for option in options if base is not None else ():
            price = screen.prices[line, option.name]
            ends = (price.difference, price.ci_low, price.ci_high)
            yield (line, label, option.name, _PRICE_UNIT, per_year(price, base.mean),
                   *(per_year(price, each) for each in ends), priced(price))  # fmt: skip


def _told(
    screen: Screen, options: Sequence[Scenario], told: dict[str, tuple[Said | str, ...]]
) -> Said:
    names = [given(each.brief, "title of a scenario") for each in options]
    rows = (
        say(
            "{label}: {level} under {baseline}; {cells}",
            label=label, level=level, baseline=titled(screen.baseline.brief),
            cells=joined(", ", (
                say("{name} {cell}", name=name, cell=cell)
                for name, cell in zip(names, cells, strict=True)
            )),
        )
        for label, (level, *cells) in told.items()
    )  # fmt: skip
    return say(
        "A grid of numbers, each with its dot and interval, one row a measure and one column an "
        "option. In brackets: not clear, or too small to notice. {rows}.",
        rows=joined(". ", rows),
    )
