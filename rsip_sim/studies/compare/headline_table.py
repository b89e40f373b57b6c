"""The table of the first screen: options across and measures down, the price last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import METRICS, MOVE_TOGETHER
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Column, Table
from rsip_sim.report.quoted import Derived, Quote, Said, given, say, titled
from rsip_sim.report.verdicts import INTERVAL, Row
from rsip_sim.report.words import months_in_words
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import LOST, PriceRow, yearly_cell
from rsip_sim.studies.compare.screen import (
    PRICES,
    Screen,
    counted_under,
    per_year,
    priced,
    written,
)

MOST = 7
"""Options side by side; of more those that change most."""

_LABEL, _DOWN, _NUMBER, _WIDEST = 40, 29, 8, 12
_THOUSAND = 1000.0


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
    if len(screen.tables.others) <= MOST:
        columns = [
            Column(base, width, over="level"),
            *(Column(each, width, over=over) for each in heads),
        ]
        rows = [(label, *cells) for label, cells in lines(screen, options)]
    else:
        pairs = {METRICS[each].label for each in MOVE_TOGETHER}
        labels, cells = zip(*(
            each for each in lines(screen, options) if each[0].partition(",")[0] not in pairs
        ), strict=True)  # fmt: skip
        name = replace(name, width=_DOWN)
        columns = [Column(each, 1 + max(_NUMBER, *map(len, each.split()))) for each in labels]
        rows = list(zip((f"{base} (level)", *heads), *cells, strict=True))
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


def lines(
    screen: Screen, options: Sequence[Scenario]
) -> Iterator[tuple[str, tuple[Said | str, ...]]]:
    """The label and the cells of each measure and of each line of the price."""
    for metric in screen.measures:
        rows = [screen.row(metric, option) for option in options]
        known = next((row for row in screen.rows.values() if row.metric == metric), None)
        level = "–" if known is None else _level(screen, known)
        unit = unit_at(metric, screen.moment)
        label = metric.label if unit == "schools" else f"{metric.label}, {unit}"
        yield label, (level, *("–" if row is None else written(row) for row in rows))
    for line, label in PRICES.items():
        base = screen.prices.get((line, screen.baseline.name))
        if base is not None:
            own = "–" if line == LOST else _price(base, "mean", "")
            differences = (price_written(screen.prices[line, each.name]) for each in options)
            yield label, (own, *differences)


def _level(screen: Screen, row: Row) -> Said | str:
    if not counted_under(screen.baseline, row.metric):
        return "–"
    text = row.metric.format.brief(row.numbers.baseline)
    return Said(row.quote(text, "baseline"))


def price_written(row: PriceRow) -> Said:
    """A difference of price in £000 a year, in brackets where it is not told."""
    quote = _price(row, "difference", "+")
    return quote if priced(row) or row.difference == 0 else say("({n})", n=quote)


def _price(row: PriceRow, column: str, plus: str) -> Said:
    text = thousands(per_year(row, getattr(row, column)), plus)
    return Said(Quote(text, yearly_cell(row, column, _THOUSAND)))


def thousands(pounds: float, plus: str = "") -> str:
    """``+12`` of £12,300, where the row says £000."""
    text = f"{abs(pounds) / _THOUSAND:,.0f}"
    return text if text == "0" else f"{MINUS if pounds < 0 else plus}{text}"


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
