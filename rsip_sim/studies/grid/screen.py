"""The first screen of a grid: which lever changes what, at what price, and how sure that is."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rsip_sim.measures.formats import NumberFormat, inside
from rsip_sim.measures.metrics import MONTHS, PRICE, PRICE_COUNCIL, PRICE_SCHOOLS, Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, Estimate
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Table
from rsip_sim.report.text import WIDTH
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import listed
from rsip_sim.scenario.changing import is_drawn
from rsip_sim.scenario.levers import is_nobodys_choice
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.grid.effects import Best, Effect
from rsip_sim.studies.grid.work import Found, GridResult
from rsip_sim.studies.kernel.cells import Cells
from rsip_sim.studies.kernel.choice_words import (
    THOUSANDS_A_YEAR,
    asked_about,
    condition_words,
    failed_sentences,
    setting,
    short,
)

MOST_ROWS = 8
"""Values on the first screen; where there are more, those of the longest levers are thinned."""

PAYERS = {PRICE_SCHOOLS: "from schools' budgets", PRICE_COUNCIL: "from the council"}
_LABEL, _VALUE, _DEEP = 20, 11, 4  # of the first columns; lines of a heading
_MOST_TOLD, _MOST_CONDITIONS = 3, 3


@dataclass(frozen=True)
class Shown:
    """A measure as the screen shows it: what was found of it, and in which unit.

    a_year  what its numbers are multiplied by: a price over the run is told a year
    """

    found: Found
    label: str
    format: NumberFormat
    a_year: float = 1.0

    @property
    def metric(self) -> Metric:
        """The measure."""
        return self.found.metric

    @property
    def is_price(self) -> bool:
        """Whether it is a line of the price."""
        return self.metric.name in PRICE

    def noticed(self, mean: Estimate) -> bool:
        """Whether a difference is clear, and as large as a councillor would notice."""
        return mean.clear and abs(mean.mean * self.a_year) >= self.format.notice

    def level(self, value: float) -> str:
        """A level without its unit."""
        return self.format.brief(value * self.a_year)

    def difference(self, value: float) -> str:
        """A difference without its unit."""
        return self.format.brief_difference(value * self.a_year)

    def cell(self, mean: Estimate) -> str:
        """A difference, in brackets where it is not clear or too small to notice."""
        if mean.mean == mean.p05 == mean.p95 == 0:
            return "0"
        text = self.difference(mean.mean)
        return text if self.noticed(mean) else f"({text})"


def shown(found: Found) -> Shown:
    """A measure with the words of its column."""
    metric, unit = found.metric, unit_at(found.metric, found.moment)
    if metric.name in PRICE and not found.moment.over_time:
        label = {PRICE_SCHOOLS: "Schools pay", PRICE_COUNCIL: "Council pays"}.get(
            metric.name, metric.label
        )
        years = (found.moment.last + 1) / MONTHS
        return Shown(found, f"{label}, £000 a year", THOUSANDS_A_YEAR, 1 / years)
    label = metric.label if unit == "schools" else f"{metric.label}, {unit}"
    return Shown(found, label, metric.format)


def grid_screen(result: GridResult) -> tuple[Block, ...]:
    """What was compared, the answer, the table of effects, and how sure they are."""
    cells = result.cells
    own = zip(cells.levers, cells.base, strict=True)
    compared = (
        f"Average difference in the same {result.replications:,} futures from "
        f"'{cells.scenario.title}' as it is ({', '.join(short(*each) for each in own)})"
    )
    measures = screen_measures(result)
    compared += f", {measures[0].found.moment.when}." if measures else "."
    blocks: list[Block] = [Paragraph(compared), *map(Paragraph, failed_sentences(result.failures))]
    if result.replications < FEWEST_TO_COMPARE:
        few = (
            f"Too few futures to compare: {result.replications}, where at least "
            f"{FEWEST_TO_COMPARE}, better 500, are needed."
        )
        return (*blocks, Paragraph(few, apart=True))
    lead = _lead(measures)
    return (
        *blocks,
        Paragraph(" ".join(_answer(measures, lead)), apart=True),
        _table(result, measures),
        Paragraph(_key(result), "note"),
        Heading("How sure"),
        Points(tuple(_sure(result, lead)), plain=True),
    )


def screen_about(result: GridResult) -> str:
    """What was asked about: schools, place, period, and the size of the grid."""
    combinations = f"{len(result.cells.cells):,} combinations"
    return f"{asked_about(result.cells.scenario)}; {combinations}"


def screen_measures(result: GridResult) -> list[Shown]:
    """The measures for which the screen has room, in the scenario's own condition, prices last."""
    condition = result.cells.own_condition
    own = [shown(result.of(each, condition)) for each in result.measured_metrics]
    prices = [each for each in own if each.is_price]
    room = WIDTH - _LABEL - _VALUE - sum(map(_width, prices))
    kept = []
    for each in own:
        if not each.is_price and _width(each) <= room:
            kept.append(each)
            room -= _width(each)
    return [*kept, *prices]


def _width(shown: Shown) -> int:
    """Of a column: as narrow as its heading, in whole words and few lines, allows."""
    least = max(map(len, shown.label.split()))
    fits = (each for each in range(least, 60) if len(textwrap.wrap(shown.label, each)) <= _DEEP)
    return 1 + max(next(fits), 8)


def _lead(measures: Sequence[Shown]) -> tuple[Shown, Effect] | None:
    """The largest effect that anyone notices on the first measure that has one, a price at last."""
    for each in measures:
        noticed = [effect for effect in each.found.effects if each.noticed(effect.mean)]
        if noticed:
            return each, max(noticed, key=lambda effect: abs(effect.mean.mean))
    return None


def _answer(measures: Sequence[Shown], lead: tuple[Shown, Effect] | None) -> Iterator[str]:
    outcomes = [each for each in measures if not each.is_price]
    largest: dict[tuple[str, Any], list[str]] = {}
    idle = []
    for each in outcomes:
        found = _lead([each])
        if found is None:
            idle.append(each.metric.noun)
            continue
        effect = found[1]
        change = each.metric.clause.format(relative(each.metric, effect.mean.mean))
        largest.setdefault((effect.path, effect.value), []).append(change)
    for (path, value), changes in list(largest.items())[:_MOST_TOLD]:
        yield f"With {inside(field_label(path))} {setting(path, value)} {listed(changes)}."
    if idle:
        yield f"No lever changes {listed(idle, 'or')} by an amount that anyone would notice."
    if lead is not None and not lead[0].is_price:
        yield _price(measures, lead[1])


def _price(measures: Sequence[Shown], effect: Effect) -> str:
    costs = []
    for each in measures:
        mean = next(
            (one.mean for one in each.found.effects
             if (one.path, one.value) == (effect.path, effect.value)), None,
        )  # fmt: skip
        if mean is not None and each.metric.name in PAYERS and each.noticed(mean):
            pounds = abs(round(mean.mean * each.a_year, -3))
            more = "less" if mean.mean < 0 else "more"
            costs.append(f"£{pounds:,.0f} a year {more} {PAYERS[each.metric.name]}")
    what = f"{field_label(effect.path)} {setting(effect.path, effect.value)}"
    if not costs:
        return f"{what} costs nobody an amount that is noticed."
    return f"{what} takes {listed(costs)}."


def shown_values(result: GridResult) -> dict[str, list[Any]]:
    """The values of each lever, its own left out; inner ones too where they are too many."""
    bases = dict(zip(result.cells.levers, result.cells.base, strict=True))
    values = {
        path: [value for value in options if value != bases[path]]
        for path, options in result.cells.levers.items()
    }
    while sum(map(len, values.values())) > MOST_ROWS:
        longest = max(reversed(values), key=lambda path: len(values[path]))
        if len(values[longest]) <= 2:
            break
        del values[longest][len(values[longest]) // 2]
    return values


def _table(result: GridResult, measures: Sequence[Shown]) -> Table:
    values = shown_values(result)
    room = WIDTH - _VALUE - sum(map(_width, measures))
    widest = max(len(field_label(path)) + 1 for path in values)
    columns = (
        Column("lever", min(max(widest, _LABEL), room), words=True, hang=1, once=True),
        Column("moved to", _VALUE),
        *(Column(each.label, _width(each)) for each in measures),
    )
    own = ("as it is (level)", "", *(each.level(each.found.base) for each in measures))
    rows = [
        (field_label(path), short(path, value),
         *(effect_cell(each, path, value) for each in measures))
        for path, options in values.items() for value in options
    ]  # fmt: skip
    return Table(
        "effects",
        "What each lever changes: average difference from the scenario as it is, over all settings "
        "of the other levers",
        "One row a value of a lever, one column a measure: the average difference that the value "
        "makes. In brackets what is not clear, or too small to notice.",
        columns,
        (own, *rows),
        quiet=True,
        apart=True,
    )


def effect_cell(each: Shown, path: str, value: Any) -> str:
    """The effect of moving a lever to a value; a dash where it has none."""
    for effect in each.found.effects:
        if (effect.path, effect.value) == (path, value):
            return each.cell(effect.mean)
    return "–"


def _key(result: GridResult) -> str:
    moved = sum(len(options) - 1 for options in result.cells.levers.values())
    more = " Other values: part effects." if moved > MOST_ROWS else ""
    return f"( ) not clear, or too small to notice.{more}"


def _sure(result: GridResult, lead: tuple[Shown, Effect] | None) -> Iterator[str]:
    cells = result.cells
    if lead is not None:
        yield from _hangs_on(result, *lead)
        if lead[0].found.best is not None:
            yield _best(cells, lead[0].metric, lead[0].found.best)
    given = [inside(field_label(path)) for path in cells.levers if is_nobodys_choice(path)]
    if given:
        yield f"No council chooses {listed(given)}."
    for path, base in zip(cells.levers, cells.base, strict=True):
        if is_drawn(cells.scenario, path):
            yield (
                f"{field_label(path)} is drawn in each future; here it varies from its median, "
                f"{short(path, base)}."
            )


def _best(cells: Cells, metric: Metric, best: Best) -> str:
    """The best combination for a measure, and how many others are as good."""
    own = zip(cells.levers, best.cell.values, strict=True)
    others = {0: "no other is", best.cells - 1: "all others are"}.get(
        len(best.near), f"{len(best.near)} others are"
    )
    return (
        f"Best of {best.cells} for {metric.noun}: {', '.join(short(*each) for each in own)}; "
        f"{others} as good."
    )


def _hangs_on(result: GridResult, each: Shown, effect: Effect) -> Iterator[str]:
    """How far an effect depends on the other levers, and on what nobody chooses."""
    mean, others = effect.mean, ""
    if effect.settings > 1:
        low, high = each.difference(effect.lowest), each.difference(effect.highest)
        others = f"; {low} to {high} by the other levers"
    half = each.level((mean.ci_high - mean.ci_low) / 2)
    size = each.difference(mean.mean)
    yield f"Most on {each.metric.noun}: {size} ± {half} (95%){others}."
    cells = result.cells
    told = []
    for condition in cells.in_conditions:
        if condition != cells.own_condition:
            other = shown(result.of(each.metric, condition))
            there = effect_cell(other, effect.path, effect.value)
            told.append(f"{there} with {condition_words(cells, condition)}")
    if told:
        yield f"It becomes {listed(told, most=_MOST_CONDITIONS)}."
