"""The table of the first screen: options across and measures down, the price last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import MOVE_TOGETHER, Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Column, Table
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Derived, Quote, Said, given, say, titled
from rsip_sim.report.verdicts import INTERVAL
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
"""Options side by side; of more those that change most, below one another."""

_LABEL, _DOWN, _NUMBER, _WIDEST = 40, 29, 8, 12
_THOUSAND = 1000.0


def headline_table(screen: Screen) -> Table:
    """Level under the baseline, and the difference of each option; the price last.

    Of measures that move together one stands where there is room for few.
    """
    if len(screen.tables.others) <= MOST:
        return _across(screen, screen.tables.others)
    return _down(screen, screen.most_changed(MOST))


def _across(screen: Screen, options: Sequence[Scenario]) -> Table:
    heads = [each.brief for each in (screen.baseline, *options)]
    widest = max(len(word) for head in heads for word in head.split())
    width = min(max(_NUMBER, widest + 2), _WIDEST)
    over = f"change from '{heads[0]}'"
    if any(len(word) >= width for word in over.split()):
        over = "change"
    return Table(
        "headline",
        _caption(screen),
        "One row a measure: its level under the baseline, then the difference of each option. A "
        "difference in brackets is not clear, or too small to notice.",
        (
            Column(_average(screen), _LABEL, words=True, hang=1),
            Column(heads[0], width, over="level"),
            *(Column(head, width, over=over) for head in heads[1:]),
        ),
        tuple((label, *cells) for label, cells in lines(screen, options)),
        quiet=True,
        apart=True,
    )


def _down(screen: Screen, options: Sequence[Scenario]) -> Table:
    apart = [metric for metric in screen.measures if metric.name not in MOVE_TOGETHER]
    found = list(lines(screen, options, apart))
    names = [f"{screen.baseline.brief} (level)", *(each.brief for each in options)]
    widths = [1 + max(_NUMBER, *map(len, label.split())) for label, _ in found]
    cells = zip(*(cells for _, cells in found), strict=True)
    return Table(
        "headline",
        _caption(screen),
        "One row an option, one column a measure: the level under the baseline, then differences "
        "from it. A difference in brackets is not clear, or too small to notice.",
        (
            Column(f"Average, {when(screen.baseline, screen.moment)}", _DOWN, words=True, hang=1),
            *(Column(label, width) for (label, _), width in zip(found, widths, strict=True)),
        ),
        tuple((name, *each) for name, each in zip(names, cells, strict=True)),
        quiet=True,
        apart=True,
    )


def _caption(screen: Screen) -> str:
    base = screen.baseline.brief
    return f"{_average(screen)}: level under '{base}', and difference of each option from it"


def _average(screen: Screen) -> str:
    return f"Average, {when(screen.baseline, screen.moment)}"


def when(scenario: Scenario, moment: Moment) -> str:
    """The months or the date of the measures."""
    if not moment.over_time:
        return moment.label
    return months_in_words(scenario, moment.first, moment.last)


def label_of(metric: Metric, moment: Moment) -> str:
    """The measure and its unit, which goes without saying for schools."""
    unit = unit_at(metric, moment)
    return metric.label if unit == "schools" else f"{metric.label}, {unit}"


def lines(
    screen: Screen, options: Sequence[Scenario], measures: Sequence[Metric] = ()
) -> Iterator[tuple[str, tuple[Said | str, ...]]]:
    """The label and the cells of each measure and of each line of the price.

    measures  those that are shown; (): all of the screen
    """
    for metric in measures or screen.measures:
        rows = [screen.row(metric, option) for option in options]
        known = next((row for row in rows if row is not None), None)
        if known is not None:
            level = _level(screen, known)
            cells = ("–" if row is None else written(row) for row in rows)
            yield label_of(metric, screen.moment), (level, *cells)
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
    return Said(row.figures.quote(text, "baseline"))


def price_written(row: PriceRow) -> Said | str:
    """A difference of price in £000 a year, in brackets where it is not told."""
    if row.difference == 0:
        return "0"
    quote = _price(row, "difference", "+")
    return quote if priced(row) else say("({n})", n=quote)


def _price(row: PriceRow, column: str, plus: str) -> Said:
    text = thousands(per_year(row, getattr(row, column)), plus)
    return Said(Quote(text, yearly_cell(row, column, _THOUSAND)))


def thousands(pounds: float, plus: str = "") -> str:
    """``+12`` of £12,300, where the row says £000."""
    text = f"{abs(pounds) / _THOUSAND:,.0f}"
    return text if text == "0" else f"{MINUS if pounds < 0 else plus}{text}"


def key(screen: Screen) -> Said:
    """What brackets mean, and how precise the number is that the answer stands on."""
    words = "( ) not clear, or too small to notice."
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
    schools = metric.unit == "schools"
    return say(
        "{words} {option}: {measure}{size} ± {half}{unit} ({interval}).",
        words=words, option=titled(lead.scenario.brief), size=written(lead),
        measure="" if schools else f"{metric.noun} ", unit=" schools" if schools else "",
        half=Quote(metric.format.brief(half), Derived("half of the 95% interval", half)),
        interval=INTERVAL,
    )  # fmt: skip
