"""A grid told: which lever changes what, at what price, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rsip_sim.measures.formats import NumberFormat, inside
from rsip_sim.measures.metrics import MONTHS, PRICE, PRICE_COUNCIL, PRICE_SCHOOLS, Metric
from rsip_sim.measures.moments import labelled
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
from rsip_sim.report.text import WIDTH
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import NOTHING, listed
from rsip_sim.scenario.levers import field_label, is_nobodys_choice
from rsip_sim.scenario.settings import is_drawn
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.grid.work import Effect, Found, GridResult
from rsip_sim.studies.kernel.cells import Cells
from rsip_sim.studies.kernel.choice_words import (
    COST_WORDS,
    THOUSANDS_A_YEAR,
    asked_about,
    combination,
    failed_sentences,
    in_short,
    left_out_sentences,
    setting,
    short,
)

MOST_ROWS = 8
"""Values on the first screen; where there are more, the first and the last of each lever."""

_PAY = {PRICE_SCHOOLS: "Schools pay", PRICE_COUNCIL: "Council pays"}
_LABEL, _VALUE, _NUMBER, _RANGE, _CONDITION = 26, 11, 10, 20, 16
_LEAST_LABEL = 20  # of a lever, where measures need the room
_MOST_CONDITIONS = 3


@dataclass(frozen=True)
class Shown:
    """A measure as it is told: what was found of it, and in which unit.

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

    @property
    def column(self) -> Column:
        """As narrow as its words allow."""
        return Column(self.label, max(_NUMBER, *(len(word) + 1 for word in self.label.split())))

    @property
    def largest(self) -> Effect | None:
        """The largest effect that anyone would notice."""
        noticed = [each for each in self.found.effects if self.noticed(each.mean)]
        return max(noticed, key=lambda each: abs(each.mean.mean), default=None)

    def effect(self, path: str, value: Any) -> Effect | None:
        """The effect of moving a lever to a value; None where no setting has both values."""
        every = self.found.effects
        return next((each for each in every if (each.path, each.value) == (path, value)), None)

    def noticed(self, mean: Estimate) -> bool:
        """Whether a difference is clear, and as large as a councillor would notice."""
        return mean.clear and abs(mean.mean * self.a_year) >= self.format.notice

    def level(self, value: float) -> str:
        """A level without its unit."""
        return self.format.brief(value * self.a_year)

    def difference(self, value: float) -> str:
        """A difference without its unit."""
        return self.format.brief_difference(value * self.a_year)

    def between(self, low: float, high: float) -> str:
        """A range of differences."""
        return f"{self.difference(low)} to {self.difference(high)}"

    def cell(self, mean: Estimate) -> str:
        """A difference, in brackets where it is not clear or too small to notice."""
        if mean.mean == mean.p05 == mean.p95 == 0:
            return "0"
        text = self.difference(mean.mean)
        return text if self.noticed(mean) else f"({text})"

    def effect_cell(self, path: str, value: Any) -> str:
        """The effect of moving a lever to a value, as a cell."""
        effect = self.effect(path, value)
        return NOTHING if effect is None else self.cell(effect.mean)

    def change(self, value: float) -> str:
        """A difference in words: ``3 more schools are in the partnership``."""
        if self.metric.name in _PAY:
            more = "less" if value < 0 else "more"
            pounds = abs(round(value * self.a_year, -3))
            return f"the {_PAY[self.metric.name].lower()} £{pounds:,.0f} a year {more}"
        return self.metric.clause.format(relative(self.metric, value))


def shown(found: Found) -> Shown:
    """A measure with the words of its column."""
    metric = found.metric
    if metric.name in PRICE and not found.moment.over_time:
        label = f"{_PAY.get(metric.name, metric.label)}, £000 a year"
        return Shown(found, label, THOUSANDS_A_YEAR, MONTHS / (found.moment.last + 1))
    return Shown(found, labelled(metric, found.moment), metric.format)


def moved_values(cells: Cells) -> dict[str, list[Any]]:
    """The values of each lever by path, its own left out."""
    every = zip(cells.levers.items(), cells.base, strict=True)
    return {path: [each for each in values if each != base] for (path, values), base in every}


def grid_report(result: GridResult) -> Report:
    """The whole study; its title is that of its file."""
    cells = result.cells
    return Report(
        "",
        tuple(_screen(result)),
        f"{asked_about(cells.scenario)}; {len(cells.cells):,} combinations",
        parts=(
            Part("effects", "What each lever changes", tuple(_effects(result))),
            Part("method", "How to read this", (Points(tuple(_reading(cells))),)),
        ),
    )


def _screen(result: GridResult) -> Iterator[Block]:
    """What was compared, the answer, the table of effects, and how sure they are."""
    cells, measures = result.cells, _measures(result)
    yield Paragraph(
        f"Average difference in the same {result.replications:,} futures from "
        f"'{cells.scenario.title}' as it is ({in_short(cells, cells.base)}), "
        f"{measures[0].found.moment.when}."
    )
    yield from map(Paragraph, failed_sentences(result.failures))
    if result.replications < FEWEST_TO_COMPARE:
        few = (
            f"Too few futures to compare: {result.replications}, where at least "
            f"{FEWEST_TO_COMPARE}, better 500, are needed."
        )
        yield Paragraph(few, apart=True)
        return
    lead = next((each for each in measures if each.largest), None)
    yield Paragraph(" ".join(_answer(measures, lead)), apart=True)
    values, more = moved_values(cells), ""
    if sum(map(len, values.values())) > MOST_ROWS:
        values = {path: list(dict.fromkeys([each[0], each[-1]])) for path, each in values.items()}
        more = " Other values: part effects."
    yield _table(values, measures)
    yield Paragraph(f"( ) not clear, or too small to notice.{more}", "note")
    yield Heading("How sure")
    yield Points(tuple(_sure(result, lead)), plain=True)


def _measures(result: GridResult) -> list[Shown]:
    """The measures for which the screen has room, in the scenario's own condition, prices last."""
    condition = result.cells.own_condition
    own = [shown(result.of(each, condition)) for each in result.measured_metrics]
    prices = [each for each in own if each.is_price]
    room = WIDTH - _LEAST_LABEL - _VALUE - sum(each.column.width for each in prices)
    kept = []
    for each in own:
        if not each.is_price and each.column.width <= room:
            kept.append(each)
            room -= each.column.width
    return [*kept, *prices]


def _answer(measures: Sequence[Shown], lead: Shown | None) -> Iterator[str]:
    """What the value with the largest effect changes and costs, and what no lever changes."""
    largest = lead.largest if lead else None
    if largest is not None:
        path, value = largest.path, largest.value
        effects = [(each, each.effect(path, value)) for each in measures]
        noticed = [(each, one.mean.mean) for each, one in effects if one and each.noticed(one.mean)]
        changes = listed([each.change(mean) for each, mean in noticed])
        yield f"With {inside(field_label(path))} {setting(path, value)} {changes}."
        if not any(each.is_price for each, _ in noticed):
            yield "It costs nobody an amount that is noticed."
    idle = [each.metric.noun for each in measures if not each.is_price and not each.largest]
    if idle:
        yield f"No lever changes {listed(idle, 'or')} by an amount that anyone would notice."


def _table(values: Mapping[str, Sequence[Any]], measures: Sequence[Shown]) -> Table:
    columns = (
        Column("lever", _LABEL, words=True, hang=1, once=True),
        Column("moved to", _VALUE),
        *(each.column for each in measures),
    )
    own = ("as it is (level)", "", *(each.level(each.found.base) for each in measures))
    rows = [
        (
            field_label(path),
            short(path, value),
            *(each.effect_cell(path, value) for each in measures),
        )
        for path, options in values.items()
        for value in options
    ]
    return Table(
        "effects",
        "What each lever changes: average difference from the scenario as it is, over all settings "
        "of the other levers",
        "One row a value of a lever; in brackets what is not clear, or too small to notice.",
        columns,
        (own, *rows),
        quiet=True,
        apart=True,
    )


def _sure(result: GridResult, lead: Shown | None) -> Iterator[str]:
    """What the answer hangs on: precision, other levers, conditions, and what nobody chooses."""
    cells = result.cells
    if lead and lead.largest:
        yield from _hangs_on(result, lead, lead.largest)
    given = [inside(field_label(path)) for path in cells.levers if is_nobodys_choice(path)]
    if given:
        yield f"No council chooses {listed(given)}."
    for path, base in zip(cells.levers, cells.base, strict=True):
        if is_drawn(cells.scenario, path):
            yield (
                f"{field_label(path)} is drawn in each future; here it varies from its median, "
                f"{short(path, base)}."
            )
    yield "Between the values tried, and beyond them, nothing is known."


def _hangs_on(result: GridResult, lead: Shown, largest: Effect) -> Iterator[str]:
    """How precise the largest effect is, what it depends on, and with what it is best combined."""
    cells, mean, noun = result.cells, largest.mean, lead.metric.noun
    half = lead.level((mean.ci_high - mean.ci_low) / 2)
    others = (
        f"; {lead.between(largest.lowest, largest.highest)} by the other levers"
        if largest.settings > 1
        else ""
    )
    yield f"Most on {noun}: {lead.difference(mean.mean)} ± {half} (95%){others}."
    told = [
        f"{shown(result.of(lead.metric, condition)).effect_cell(largest.path, largest.value)} "
        f"with {combination(cells.conditions, condition)}"
        for condition in cells.in_conditions
        if condition != cells.own_condition
    ]
    if told:
        yield f"It becomes {listed(told, most=_MOST_CONDITIONS)}."
    best = lead.found.best
    if best is not None:
        yield (
            f"Best of {best.cells} for {noun}: {in_short(cells, best.cell.values)}; as good: "
            f"{len(best.near)} others."
        )


def _effects(result: GridResult) -> Iterator[Table]:
    """For each measure one row a lever and value: its effect, and how far that can be relied on."""
    cells = result.cells
    others = [each for each in cells.in_conditions if each != cells.own_condition]
    columns = (
        Column("lever", _LABEL, words=True, hang=1, once=True),
        Column("moved to", _VALUE),
        Column("effect", _NUMBER),
        Column("95% interval", _RANGE),
        Column("by the other levers", _RANGE),
        *(Column(combination(cells.conditions, each), _CONDITION) for each in others),
    )
    for number, metric in enumerate(result.measured_metrics):
        own = shown(result.of(metric, cells.own_condition))
        elsewhere = [shown(result.of(metric, condition)) for condition in others]
        yield Table(
            f"effects_{metric.name}",
            f"{own.label}, {own.found.moment.phrase(metric)}; as it is: "
            f"{own.level(own.found.base)}",
            "One row a value of a lever; in brackets what is not clear, or too small to notice.",
            columns,
            tuple(_effect_rows(cells, own, elsewhere)),
            apart=number > 0,
        )


def _effect_rows(cells: Cells, own: Shown, elsewhere: list[Shown]) -> Iterator[Row]:
    for path, values in moved_values(cells).items():
        for value in values:
            effect, ranges = own.effect(path, value), (NOTHING, NOTHING)
            if effect is not None:
                interval = own.between(effect.mean.ci_low, effect.mean.ci_high)
                ranges = (interval, own.between(effect.lowest, effect.highest))
            yield (
                field_label(path),
                short(path, value),
                own.effect_cell(path, value),
                *ranges,
                *(each.effect_cell(path, value) for each in elsewhere),
            )


def _reading(cells: Cells) -> Iterator[str]:
    yield (
        "An effect is an average over all settings of the other levers that can be. The best of "
        "many combinations owes a little to luck: those not clearly behind are as good for all "
        "that these futures can tell."
    )
    yield from standing_sentences(cells)


def standing_sentences(cells: Cells) -> Iterator[str]:
    """On what a study of cells stands: what was left out, what a price is, climate and money."""
    yield from left_out_sentences(cells)
    yield COST_WORDS
    climates = "; ".join(CLIMATES[each] for each in cells.climates())
    yield (
        f"National climate: {climates}. Money is cash, not real terms; pupil rolls are those of "
        "the roster."
    )
