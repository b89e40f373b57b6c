"""The table of the first screen: options across and measures down, the price last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rsip_sim.measures.metrics import METRICS, MOVE_TOGETHER, Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Column, Table
from rsip_sim.report.quoted import Derived, Quote, Said, given, say, titled
from rsip_sim.report.verdicts import INTERVAL
from rsip_sim.report.words import NOTHING, months_in_words
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import LOST, PriceRow
from rsip_sim.studies.compare.screen import PRICES, Screen, counted_under, noticed, written

MOST = 7
"""Options side by side; of more those that change most."""

_LABEL, _DOWN, _NUMBER, _WIDEST = 40, 29, 8, 12


@dataclass(frozen=True)
class Entry:
    """One difference: as it is written, and in the unit of its measure; NaN where not defined.

    baseline  level under the baseline;  told: whether it is clear, and large enough to notice
    """

    words: Said | str
    measure: str
    scenario: str
    unit: str
    baseline: float = np.nan
    difference: float = np.nan
    ci_low: float = np.nan
    ci_high: float = np.nan
    told: bool = False


@dataclass(frozen=True)
class Line:
    """One measure, or one line of the price: its level under the baseline, and each option."""

    label: str
    level: Said | str
    entries: tuple[Entry, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Its level and its differences, as they are written."""
        return (self.level, *(each.words for each in self.entries))


def headline_table(screen: Screen) -> Table:
    """Level under the baseline, and the difference of each option; the price last.

    Many options stand below one another, and of measures that move together one.
    """
    options = screen.most_changed(MOST)
    base, *heads = (each.brief for each in (screen.baseline, *options))
    widest = max(len(word) for head in (base, *heads) for word in head.split())
    over = f"change from '{base}'"
    share = (len(over) + 1) // max(len(heads), 1) + 1
    width = min(max(_NUMBER, widest + 2, min(share, _WIDEST)), _WIDEST)
    if len(over) >= width * len(heads):
        over = "change"
    average = read_over(screen.baseline, screen.moment)
    name = Column(average, _LABEL, words=True, hang=1)
    shown = list(lines(screen, options))
    rows: list[tuple[str, ...]]
    if len(screen.tables.others) <= MOST:
        columns = [
            Column(base, width, over="level"),
            *(Column(each, width, over=over) for each in heads),
        ]
        rows = [(line.label, *line.cells) for line in shown]
    else:
        pairs = {METRICS[each].label for each in MOVE_TOGETHER}
        shown = [line for line in shown if line.label.partition(",")[0] not in pairs]
        name = replace(name, width=_DOWN)
        columns = [Column(each.label, 1 + max(_NUMBER, *map(len, each.label.split())))
                   for each in shown]  # fmt: skip
        cells = zip(*(line.cells for line in shown), strict=True)
        rows = [(head, *row) for head, row in zip((f"{base} (level)", *heads), cells, strict=True)]
    return Table(
        "headline",
        f"{average}: level under '{base}', and difference of each option from it",
        "The level under the baseline, then the difference of each option from it. A difference "
        "in brackets is not clear, or too small to notice.",
        (name, *columns),
        tuple(rows),
        quiet=True,
        apart=True,
    )


def when(scenario: Scenario, moment: Moment) -> str:
    """The months or the date of the measures."""
    if not moment.over_time:
        return moment.label
    return months_in_words(scenario, moment.first, moment.last)


def read_over(scenario: Scenario, moment: Moment) -> str:
    """The same as a heading: ``Average, April 2012 to March 2016``, ``On 31 March 2013``."""
    return f"{'Average,' if moment.over_time else 'On'} {when(scenario, moment)}"


def lines(screen: Screen, options: Sequence[Scenario]) -> Iterator[Line]:
    """Each measure and each line of the price, under these options."""
    for metric in screen.measures:
        known = next(row for row in screen.rows.values() if row.metric == metric)
        level = known.quote(metric.format.brief(known.numbers.baseline), "baseline")
        unit = unit_at(metric, screen.moment)
        yield Line(
            metric.label if unit == "schools" else f"{metric.label}, {unit}",
            Said(level) if counted_under(screen.baseline, metric) else NOTHING,
            tuple(_of_metric(screen, metric, option) for option in options),
        )
    for line, label in PRICES.items():
        base = screen.prices.get((line, screen.baseline.name))
        if base is not None:
            yield Line(
                label,
                NOTHING if line == LOST else base.thousands("mean"),
                tuple(_of_price(screen.prices[line, option.name], base) for option in options),
            )


def _of_metric(screen: Screen, metric: Metric, option: Scenario) -> Entry:
    row, unit = screen.row(metric, option), unit_at(metric, screen.moment, files=True)
    if row is None:
        return Entry(NOTHING, metric.name, option.name, unit)
    n = row.numbers
    return Entry(
        written(row), metric.name, option.name, unit, n.baseline, n.difference, n.ci_low, n.ci_high,
        noticed(row),
    )  # fmt: skip


def _of_price(row: PriceRow, base: PriceRow) -> Entry:
    difference, low, high = map(row.a_year, ("difference", "ci_low", "ci_high"))
    return Entry(
        row.written, row.line, row.scenario.name, "£ a year", base.a_year("mean"), difference, low,
        high, row.told,
    )  # fmt: skip


def key(screen: Screen) -> Said:
    """What brackets mean, and how precise the number is that the answer stands on."""
    words = "( ) not clear, or too small."
    left, lead = len(screen.tables.others) - MOST, screen.middle
    if left > 0:
        return say(
            "{words} The {shown} options that change most; {left} more in 'tables'.",
            words=words, shown=given(str(MOST), "options shown"),
            left=Quote(str(left), Derived("options not shown", left)),
        )  # fmt: skip
    if lead is None:
        return Said(words)
    n, metric = lead.numbers, lead.metric
    half = (n.ci_high - n.ci_low) / 2
    return say(
        "{words} {option}: {size} ± {half} {unit} ({interval}).",
        words=words, option=titled(lead.scenario.brief), size=written(lead),
        unit=unit_at(metric, screen.moment),
        half=Quote(metric.format.brief(half), Derived("half of the 95% interval", half)),
        interval=INTERVAL,
    )  # fmt: skip
