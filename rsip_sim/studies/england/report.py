"""England told: the answer with its price, England and its regions, how sure; kinds behind it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, Estimate
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Part,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.words import counted, listed, months_in_words, period
from rsip_sim.scenario import Scenario
from rsip_sim.studies.england.places import ACADEMIES, REGION, SIZE, THIRDS, Group, Rate
from rsip_sim.studies.england.work import EnglandFound

MOST_OPTIONS = 2
"""On the first screen; of more those that change most, and all in a part."""

_PAYERS = {
    "price_schools": "from schools' budgets", "price_council": "from the council",
    "service": "school service",
}  # fmt: skip
_KIND_WORDS = {
    SIZE: ("small authorities", "large ones"),
    ACADEMIES: ("authorities with few academies at the start", "those with many"),
}


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
    "all else in national proportions. Compare kinds; quote no figure as an authority's."
)
_REGISTER = (
    "Schools are the register's; money is the scenarios' by pupils; councils, Forums and "
    "governors are alike everywhere. Compare kinds; quote no figure as an authority's own."
)


def england_report(found: EnglandFound) -> Report:
    """The first screen, and behind it all options, kinds, and how to read this."""
    option, _ = found.shown
    more = len(found.options) > MOST_OPTIONS
    parts = (
        *([Part("options", "All options", (_all_options(found),))] if more else []),
        Part("kinds", f"Which kinds of authority gain: '{option.title}'", tuple(_kinds(found))),
        Part("method", "How to read this", (Points(tuple(_notes(found))),)),
    )
    return Report(
        _question(found),
        (
            Paragraph(" ".join(_answer(found))),
            _screen(found),
            Paragraph("( ) not clear, or too small to notice.", "note"),
            Heading("How sure"),
            Points(tuple(_sure(found)), plain=True),
        ),
        f"{counted(len(found.places), 'authority', 'authorities')} × "
        f"{counted(found.asked.replications, 'future')}, {period(found.baseline)}",
        parts=parts,
    )


def _question(found: EnglandFound) -> str:
    if len(found.options) == 1:
        return f"What does '{found.options[0].title}' change in {found.england.name}?"
    return f"Which policy changes what in {found.england.name}?"


def _most_changed(found: EnglandFound) -> list[Scenario]:
    """At most so many options: those that change most, in the order in which they stand."""

    def weight(option: Scenario) -> float:
        return max(found.weight(option, rate) for rate in found.measures)

    most = sorted(found.options, key=lambda each: -weight(each))[:MOST_OPTIONS]
    return [each for each in found.options if each in most]


# the answer


def _answer(found: EnglandFound) -> Iterator[str]:
    if found.lead is None:
        futures = counted(found.asked.replications, "future")
        yield (
            f"No policy changes anything in {found.england.name} that anyone would notice."
            if found.asked.replications >= FEWEST_TO_COMPARE
            else f"{futures} of each authority tell no policy apart."
        )
    option, _ = found.shown
    changes = _changes(found, option)
    if changes:
        yield f"In {found.england.name} under '{option.title}', {listed(changes[:2])}."
    yield _price(found, option)
    if found.lead is not None:
        yield from _who_gains(found)


def _changes(found: EnglandFound, option: Scenario) -> list[str]:
    """What an option changes by an amount that is told, most first."""
    told = [rate for rate in found.measures if found.weight(option, rate)]
    told.sort(key=lambda rate: -found.weight(option, rate))
    return [_clause(rate, found.change(option, rate, found.england).mean) for rate in told]


def _clause(rate: Rate, value: float) -> str:
    """``2.1 more schools are in the partnership for every 100 schools``."""
    metric = rate.metric
    size = f"{metric.format.brief_magnitude(value)} {metric.words[value < 0]}"
    if "{}" not in metric.clause:
        return f"the chance that {metric.clause} is {size}"
    return metric.clause.format(size)


def _price(found: EnglandFound, option: Scenario) -> str:
    """What an option costs whom a pupil, or that it costs nobody anything that is noticed."""
    costs = []
    for rate in found.rates:
        change = found.change(option, rate, found.england)
        if rate.is_price and found.told(rate, change):
            more = "more" if (change.mean > 0) != rate.lost else "less"
            costs.append(f"{rate.metric.format.magnitude(change.mean)} {more} {_PAYERS[rate.name]}")
    if costs:
        return f"Its price a pupil a year: {listed(costs)}."
    write, lines = found.rates[-1].metric.format, [rate for rate in found.rates if rate.is_price]
    changes = [found.change(option, rate, found.england) for rate in lines]
    if all(max(abs(each.ci_low), abs(each.ci_high)) < write.notice for each in changes):
        return f"It costs nobody {write.magnitude(write.notice)} a pupil a year."
    return "What it costs a pupil is not clear."


def _who_gains(found: EnglandFound) -> Iterator[str]:
    """Of the kinds whose ends clearly differ in what is told the one that differs most."""
    option, rate = found.shown
    contrasts = {
        kind: contrast
        for kind in THIRDS
        if (contrast := found.contrast(option, rate, kind)) and found.told(rate, contrast)
    }
    if contrasts:
        kind = max(contrasts, key=lambda each: abs(contrasts[each].mean))
        few, many = _KIND_WORDS[kind]
        first, *_, last = (found.change(option, rate, each).mean for each in found.of_kind(kind))
        yield (
            f"{rate.metric.label}: {rate.written(first)} in {few}, {rate.written(last)} in {many}."
        )
    elif found.of_kind(SIZE):
        yield "No kind of authority gains clearly more than another."


# the first screen


def _screen(found: EnglandFound) -> Table:
    """The baseline's level, what options change together, and what the lead changes in regions."""
    rates, (lead, rate) = _told_rates(found), found.shown
    rows = _together(found, rates, _most_changed(found))
    for region in found.ranked(REGION):
        rows.append(_change_row(found, lead, rates, region, f" {region.name}"))
    when = months_in_words(found.baseline, rate.moment.first, rate.moment.last)
    return Table(
        "england",
        f"Level under '{found.baseline.title}' and change from it, average, {when}; regions "
        f"under '{lead.title}', that with most gain first",
        "The level of all together under the baseline, then their change under each option, "
        "and in each region. A change in brackets is not clear, or too small to notice.",
        _columns_of(rates, _first_head(found)),
        tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


def _all_options(found: EnglandFound) -> Table:
    """What every option changes, all together."""
    rates = _told_rates(found)
    return Table(
        "options", f"{found.england.name} under every option: change from the baseline",
        "The level of all together under the baseline, then their change under each option. A "
        "change in brackets is not clear, or too small to notice.",
        _columns_of(rates, "Change"), tuple(_together(found, rates, found.options)), quiet=True,
    )  # fmt: skip


def _together(found: EnglandFound, rates: Sequence[Rate], options: Sequence[Scenario]) -> list[Row]:
    """The baseline's level and the change under each option, all together."""
    levels = [
        "–" if rate.lost
        else rate.written(found.level(found.baseline, rate, found.england), change=False)
        for rate in rates
    ]  # fmt: skip
    name = found.england.name
    rows: list[Row] = [(f"{name}: {found.baseline.brief}", *levels)]
    for each in options:
        rows.append(_change_row(found, each, rates, found.england, f"{name}: {each.brief}"))
    return rows


def _first_head(found: EnglandFound) -> str:
    """What the rows hold; of several options that of the regions is named."""
    option, _ = found.shown
    under = f" under '{option.brief}'" if len(found.options) > 1 else ""
    return f"Change; regions{under}, most gain first"


def _sure(found: EnglandFound) -> Iterator[str]:
    option, rate = found.shown
    futures = found.asked.replications
    if futures < FEWEST_TO_COMPARE:
        yield f"{counted(futures, 'future')} of each authority are too few for any difference."
    else:
        england = found.change(option, rate, found.england)
        alone = sorted(
            _half(found.of_place(option, rate, row)) for row in range(len(found.places))
        )[len(found.places) // 2]
        regions = [_half(found.change(option, rate, each)) for each in found.of_kind(REGION)]
        yield (
            f"{rate.metric.label}, {rate.unit}: {rate.written(england.mean)} ± "
            f"{_size(rate, _half(england))} in {found.england.name}, "
            f"± {_size(rate, max(regions))} at most in a region, "
            f"± {_size(rate, alone)} in one authority (95%)."
        )
    yield _GENERIC if found.asked.generic else _REGISTER


def _half(change: Estimate) -> float:
    return (change.ci_high - change.ci_low) / 2


def _size(rate: Rate, value: float) -> str:
    return rate.written(value, change=False)


def _columns_of(rates: Sequence[Rate], first: str) -> tuple[Column, ...]:
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


def _told_rates(found: EnglandFound) -> list[Rate]:
    """The measures that have room, those of one kind together, and the price."""
    order = ("", "schools", "pupils")
    measures = sorted(found.measures[:MOST_MEASURES], key=lambda rate: order.index(rate.per))
    return [*measures, *(rate for rate in found.rates if rate.is_price)]


def _change_row(
    found: EnglandFound, option: Scenario, rates: Sequence[Rate], group: Group, label: str
) -> Row:
    """The change under an option in a group."""
    return (
        label,
        *(_change_cell(found, rate, found.change(option, rate, group)) for rate in rates),
    )


def _change_cell(found: EnglandFound, rate: Rate, change: Estimate) -> str:
    """A change in three figures or so, in brackets where it is not told."""
    if math.isnan(change.mean):
        return "–"
    text = rate.written(change.mean)
    return text if found.told(rate, change) else f"({text})"


def _kinds(found: EnglandFound) -> Iterator[Block]:
    """Thirds of the authorities by each kind, with the last third less the first."""
    rates, (option, _) = _told_rates(found), found.shown
    rows: list[str | Row] = []
    for kind in THIRDS:
        groups = found.of_kind(kind)
        if not groups:
            continue
        rows.append(f"By {kind}")
        rows += [_change_row(found, option, rates, each, each.label) for each in groups]
        contrasts = [found.contrast(option, rate, kind) for rate in rates]
        cells = (
            "–" if c is None else _change_cell(found, r, c)
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
        _columns_of(rates, "third"), tuple(rows), quiet=True,
    )  # fmt: skip
    yield Paragraph(
        "Kinds overlap: large authorities have fewer academies. So no row is a cause, and what "
        "two kinds share is told twice.", "note"
    )  # fmt: skip


def _notes(found: EnglandFound) -> Iterator[str]:
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
    if found.asked.generic:
        yield "Generic schools differ here by their numbers of schools and academies alone."
