"""England told: the answer with its price, England and its regions, how sure; kinds behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.measures.statistics import CONFIDENCE, FEWEST_TO_COMPARE, Estimate
from rsip_sim.report.blocks import (
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
from rsip_sim.studies.england.behind import (
    all_options,
    change_row,
    columns_of,
    kinds,
    level_row,
    notes,
    ranking,
    reading_of,
    told_rates,
)
from rsip_sim.studies.england.places import (
    ACADEMIES,
    BELOW_GOOD,
    REGION,
    SIZE,
    THIRDS,
    Group,
    Rate,
)
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
    BELOW_GOOD: ("authorities with few schools below good", "those with many"),
}


def england_report(found: EnglandFound) -> Report:
    """The first screen, and behind it all options, kinds, authorities, and how to read this."""
    option, _ = found.shown
    parts = (
        Part("options", f"{found.england.name} under every option", (all_options(found),)),
        Part("kinds", f"Which kinds of authority gain: '{option.title}'", tuple(kinds(found))),
        Part("authorities", "Authorities by what they gain", tuple(ranking(found))),
        Part("method", "How to read this", (Points(tuple(notes(found))),)),
    )
    return Report(
        _question(found),
        (
            Paragraph(" ".join(_answer(found))),
            _screen(found, _most_changed(found), found.ranked(REGION)),
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


def _screen(found: EnglandFound, options: Sequence[Scenario], regions: Sequence[Group]) -> Table:
    rates, (lead, rate) = told_rates(found), found.shown
    rows: list[Row] = [level_row(found, rates, f"{found.england.name}: {found.baseline.brief}")]
    for option in options:
        label = f"{found.england.name}: {option.brief}"
        rows.append(change_row(found, option, rates, found.england, label))
    rows += [change_row(found, lead, rates, region, f" {region.name}") for region in regions]
    when = months_in_words(found.baseline, rate.moment.first, rate.moment.last)
    return Table(
        "england",
        f"Level under '{found.baseline.title}' and change from it, average, {when}; regions "
        f"under '{lead.title}', that with most gain first",
        "The level of all together under the baseline, then their change under each option, "
        "and in each region. A change in brackets is not clear, or too small to notice.",
        columns_of(rates, _first_head(found)),
        tuple(rows), quiet=True, apart=True,
    )  # fmt: skip


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
    yield reading_of(found)
    if len(found.places) > 1 and futures >= FEWEST_TO_COMPARE:
        ranks = found.ranks(option, rate)
        yield (
            f"Ranks: the middle authority may have {ranks.width:.0f} of {len(found.places)}; "
            f"{ranks.apart:.0%} of pairs are told apart, by luck alone {1 - CONFIDENCE:.0%}."
        )


def _half(change: Estimate) -> float:
    return (change.ci_high - change.ci_low) / 2


def _size(rate: Rate, value: float) -> str:
    return rate.written(value, change=False)
