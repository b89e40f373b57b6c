"""The table of the first screen: options across and measures down, the price last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Column, Table
from rsip_sim.report.quoted import Derived, Quote, Said, given, say
from rsip_sim.report.verdicts import INTERVAL
from rsip_sim.report.words import months_in_words
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import LOST, PriceRow, yearly_cell
from rsip_sim.studies.compare.screen import PRICES, Screen, per_year, priced, written

MOST_ACROSS = 7
"""Options side by side; more stand below one another, with the measures across."""

MOST_DOWN = 10
"""Options below one another on the first screen: those that change most."""

_LABEL, _NUMBER, _WIDEST = 40, 8, 12
_THOUSAND = 1000.0


def headline_table(screen: Screen) -> Table:
    """Level under the baseline, and the difference of each option; the price last."""
    if len(screen.tables.others) <= MOST_ACROSS:
        return _across(screen, screen.tables.others)
    return _down(screen, screen.most_changed(MOST_DOWN))


def _across(screen: Screen, options: Sequence[Scenario]) -> Table:
    heads = [each.brief for each in (screen.baseline, *options)]
    widest = max(len(word) for head in heads for word in head.split())
    width = min(max(_NUMBER, widest + 2), _WIDEST)
    return Table(
        "headline",
        _caption(screen),
        "One row a measure: its level under the baseline, then the difference of each option. A "
        "difference in brackets is not clear, or too small to notice.",
        (
            Column(f"Average, {when(screen)}", _LABEL, words=True, hang=1),
            Column(heads[0], width, over="level"),
            *(Column(head, width, over=f"difference from '{heads[0]}'") for head in heads[1:]),
        ),
        tuple((label, *cells) for label, cells in lines(screen, options)),
        quiet=True,
        apart=True,
    )


def _down(screen: Screen, options: Sequence[Scenario]) -> Table:
    found = list(lines(screen, options))
    names = [f"{screen.baseline.brief} (level)", *(each.brief for each in options)]
    widths = [1 + max(_NUMBER, *map(len, label.split())) for label, _ in found]
    cells = zip(*(cells for _, cells in found), strict=True)
    return Table(
        "headline",
        _caption(screen),
        "One row an option, one column a measure: the level under the baseline, then differences "
        "from it. A difference in brackets is not clear, or too small to notice.",
        (
            Column(f"Average, {when(screen)}", _LABEL // 2, words=True, hang=1),
            *(Column(label, width) for (label, _), width in zip(found, widths, strict=True)),
        ),
        tuple((name, *each) for name, each in zip(names, cells, strict=True)),
        quiet=True,
        apart=True,
    )


def _caption(screen: Screen) -> str:
    return (
        f"Average, {when(screen)}: level under '{screen.baseline.brief}', and difference of each "
        "option from it"
    )


def when(screen: Screen) -> str:
    """The months or the date of the measures."""
    moment = screen.moment
    if not moment.over_time:
        return moment.label
    return months_in_words(screen.baseline, moment.first, moment.last)


def label_of(metric: Metric, moment: Moment) -> str:
    """The measure and its unit, which goes without saying for schools."""
    unit = unit_at(metric, moment)
    return metric.label if unit == "schools" else f"{metric.label}, {unit}"


def lines(
    screen: Screen, options: Sequence[Scenario]
) -> Iterator[tuple[str, tuple[Said | str, ...]]]:
    """The label and the cells of each measure and of each line of the price."""
    for metric in screen.measures:
        rows = [screen.row(metric, option) for option in options]
        known = next((row for row in rows if row is not None), None)
        if known is not None:
            text = metric.format.brief(known.numbers.baseline)
            level = Said(known.figures.quote(text, "baseline"))
            cells = ("–" if row is None else written(row) for row in rows)
            yield label_of(metric, screen.moment), (level, *cells)
    for line, label in PRICES.items():
        base = screen.prices.get((line, screen.baseline.name))
        if base is not None:
            own = "–" if line == LOST else _price(base, "mean", "")
            differences = (price_written(screen.prices[line, each.name]) for each in options)
            yield label, (own, *differences)


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
    hidden = len(screen.tables.others) - MOST_DOWN
    if hidden > 0:
        words += f" Shown are the {MOST_DOWN} options that change most; {hidden} more in 'tables'."
    lead = screen.middle
    if lead is None:
        return Said(words)
    n, metric = lead.numbers, lead.metric
    half = (n.ci_high - n.ci_low) / 2
    return say(
        "{words} {option}: {size} {noun} ± {half} ({interval}).",
        words=words, option=given(lead.scenario.brief, "title of a scenario"), size=written(lead),
        noun=metric.unit if metric.unit == "schools" else metric.noun,
        half=Quote(metric.format.brief(half), Derived("half of the 95% interval", half)),
        interval=INTERVAL,
    )  # fmt: skip
