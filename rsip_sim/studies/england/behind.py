"""What stands behind the first screen of England: options, kinds, authorities, how to read it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from rsip_sim.measures.statistics import Estimate
from rsip_sim.report.blocks import Block, Column, Paragraph, Row, Table
from rsip_sim.scenario import Scenario
from rsip_sim.studies.england.places import THIRDS, Group, Rate
from rsip_sim.studies.england.work import EnglandFound

MOST_MEASURES = 5
_FIRST, _WIDTH = 27, 8
_WIDTHS = {"erosion": 10, "cohesion": 9, "conversions": 10}
_HEADS = {
    "erosion": "DSG\nerosion %", "cohesion": "cohesion\nof 100", "conversions": "new\nacademies",
    "members": "schools\nin it", "unmet_days": "days\nmissed", "price_schools": "schools\npay",
    "price_council": "council\npays", "service": "service\nlost",
}  # fmt: skip
_ROOM = 45  # for all measures together
_MOST_LINES = 3

_GENERIC = (
    "The schools are generic: an authority has its own number of schools and academies by phase, "
    "all else in national proportions. Compare kinds; quote no figure or rank as an authority's."
)
_REGISTER = (
    "Schools are the register's; money is the scenarios' by pupils; councils, Forums and "
    "governors are alike everywhere. Compare kinds; quote no rank as an authority's own."
)


def reading_of(found: EnglandFound) -> str:
    """What may be said of authorities and what not."""
    return _GENERIC if found.asked.generic else _REGISTER


def columns_of(rates: Sequence[Rate], first: str) -> tuple[Column, ...]:
    """One column a rate below what it is a rate of, after that of the names."""
    room = _ROOM // max(sum(not rate.is_price for rate in rates), 1)
    numbers = [_column(rate, min(room, 2 * _WIDTH)) for rate in rates]
    return (Column(first, _FIRST, words=True, hang=1), *numbers)


def _column(rate: Rate, room: int) -> Column:
    over = "of 100 schools" if rate.per == "schools" else rate.unit if rate.per else ""
    if rate.name in _HEADS:
        return Column(_HEADS[rate.name], _WIDTHS.get(rate.name, _WIDTH), over=over)
    head = textwrap.wrap(rate.metric.label, room - 1, max_lines=_MOST_LINES, placeholder="…")
    return Column("\n".join(head), room, over=over)


def told_rates(found: EnglandFound) -> list[Rate]:
    """The measures that have room, those of one kind together, and the price."""
    order = ("", "schools", "pupils")
    measures = sorted(found.measures[:MOST_MEASURES], key=lambda rate: order.index(rate.per))
    return [*measures, *(rate for rate in found.rates if rate.is_price)]


def level_row(found: EnglandFound, rates: Sequence[Rate], label: str) -> Row:
    """The baseline's level, all together."""
    return (
        label,
        *(
            "–" if rate.lost
            else rate.written(found.level(found.baseline, rate, found.england), change=False)
            for rate in rates
        ),
    )  # fmt: skip


def change_row(
    found: EnglandFound, option: Scenario, rates: Sequence[Rate], group: Group, label: str
) -> Row:
    """The change under an option in a group."""
    return (label, *(change_cell(found, rate, found.change(option, rate, group)) for rate in rates))


def change_cell(found: EnglandFound, rate: Rate, change: Estimate) -> str:
    """A change in three figures or so, in brackets where it is not told."""
    if math.isnan(change.mean):
        return "–"
    text = rate.written(change.mean)
    return text if found.told(rate, change) else f"({text})"


_ENDS = 10  # authorities shown from either end of the ranking


def all_options(found: EnglandFound) -> Table:
    """One row a measure and option: level, difference with its interval, range of authorities."""
    rows: list[str | Row] = []
    for rate in found.rates:
        write = rate.metric.format
        level = ""
        if not rate.lost:
            mean = found.level(found.baseline, rate, found.england)
            level = f": {rate.written(mean, change=False)} under '{found.baseline.brief}'"
        rows.append(f"{rate.metric.label}, {rate.unit}{level}")
        for option in found.options:
            change = found.change(option, rate, found.england)
            ends = (change.ci_low, change.ci_high), (change.p05, change.p95)
            spans = (" to ".join(map(write.short_difference, pair)) for pair in ends)
            rows.append((option.brief, write.short_difference(change.mean), *spans))
    return Table(
        "options", f"{found.england.name} under every option: change from the baseline",
        "One row an option within each measure: their change together with its 95% interval, and "
        "the range of nine authorities in ten.",
        (Column("option", 30, words=True, silent=True), Column("change", 12),
         Column("95% interval", 24), Column("90% of authorities", 24)),
        tuple(rows), quiet=True,
    )  # fmt: skip


def kinds(found: EnglandFound) -> Iterator[Block]:
    """Thirds of the authorities by each kind, with the last third less the first."""
    rates, (option, _) = told_rates(found), found.shown
    rows: list[str | Row] = []
    for kind in THIRDS:
        groups = found.of_kind(kind)
        if not groups:
            continue
        rows.append(f"By {kind}")
        rows += [change_row(found, option, rates, each, each.label) for each in groups]
        contrasts = [found.contrast(option, rate, kind) for rate in rates]
        cells = (
            "–" if c is None else change_cell(found, r, c)
            for r, c in zip(rates, contrasts, strict=True)
        )
        rows.append(("last less first", *cells))
    if not rows:
        yield Paragraph("So few authorities, or authorities so alike, make no kinds.")
        return
    yield Table(
        "kinds", f"Change under '{option.title}' by kind of authority",
        "One row a third of the authorities, from fewest to most; then the last third less the "
        "first. In brackets: not clear, or too small to notice.",
        columns_of(rates, "third"), tuple(rows), quiet=True,
    )  # fmt: skip
    yield Paragraph(
        "Kinds overlap: large authorities have fewer academies. So no row is a cause, and what "
        "two kinds share is told twice.", "note"
    )  # fmt: skip


def ranking(found: EnglandFound) -> Iterator[Block]:
    """Authorities at either end, with the ranks that each may have."""
    option, rate = found.shown
    write, ranks = rate.metric.format, found.ranks(option, rate)
    order = [int(row) for row in ranks.rank.argsort()]
    few = len(order) > 2 * _ENDS + 1
    yield Paragraph(reading_of(found))

    def cells(row: int) -> Row:
        place, change = found.places[row], found.of_place(option, rate, row)
        ends = (change.ci_low, change.ci_high), (change.p05, change.p95)
        spans = (" to ".join(map(write.short_difference, pair)) for pair in ends)
        return (
            f"{ranks.rank[row]:>3} {place.name}", f"{ranks.best[row]} to {ranks.worst[row]}",
            f"{place.schools}", write.short_difference(change.mean), *spans,
        )  # fmt: skip

    rows: list[Row] = [cells(row) for row in (order[:_ENDS] if few else order)]
    if few:
        rows.append((f"    … {len(order) - 2 * _ENDS} between them, in the table", *[""] * 5))
        rows += [cells(row) for row in order[-_ENDS:]]
    yield Table(
        "ranking", f"{rate.metric.label} ({rate.unit}) under '{option.title}': change",
        "One row an authority: its rank and the ranks it may have, its schools, the change with "
        "its 95% interval, and the range of nine futures in ten.",
        (Column("authority", 34, words=True), Column("ranks it may have", 12),
         Column("schools", 9), Column("change", 9), Column("95% interval", 16),
         Column("90% of futures", 16)),
        tuple(rows), apart=True,
    )  # fmt: skip


def notes(found: EnglandFound) -> Iterator[str]:
    """How the numbers are made and how to read them, a sentence or two each."""
    yield (
        "Every authority has its own council, Schools Forum and partnership, its own luck and "
        "parameter sets; both policies stand on the same futures. Interval: how precisely these "
        "futures fix a mean over all authorities; they are no sample."
    )
    yield (
        "Money goes by pupils. The scenarios' pounds ÷ the pupils of their own roster, and the "
        "register's (core of the service, threshold, fixed cost, reference fund, endowment) ÷ "
        "Rotherham's, are multiplied by the authority's. Prices per pupil, school, post and day "
        "stay, and so do the approaches of chains, so many a year in each."
    )
    yield (
        "Numbers of schools and days are for every 100 schools, money is for every pupil; a "
        "region or kind is all its schools and pupils together, so large authorities count more."
    )
    yield (
        "Two authorities are told apart where the 95% interval of the difference between their "
        "means leaves out nought. As many as are clearly ahead stand before the ranks an authority "
        "may have. Where all were alike, luck would tell one pair in twenty apart."
    )
    if found.asked.generic:
        below = [place.below_good for place in found.places]
        yield (
            "Generic schools: regions differ here by their numbers of schools and academies alone. "
            f"Shares of schools below good are {min(below):.0%} to {max(below):.0%}, so thirds by "
            "them hardly differ."
        )
