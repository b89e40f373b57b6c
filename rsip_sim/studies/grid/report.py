"""A grid told: the first screen, then every effect, the best combinations, and how to read it."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.measures.metrics import Metric
from rsip_sim.report.blocks import Block, Column, Paragraph, Part, Points, Report, Table
from rsip_sim.report.words import NOTHING
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.grid.screen import effect_cell, grid_screen, screen_about, shown
from rsip_sim.studies.grid.work import GridResult
from rsip_sim.studies.kernel.choice_words import (
    COST_WORDS,
    combination,
    condition_words,
    left_out_sentences,
    setting,
    short,
)

_LABEL, _VALUE, _NUMBER, _RANGE, _CONDITION, _BEST = 26, 13, 10, 20, 16, 44


def grid_report(result: GridResult) -> Report:
    """The whole study; its title is that of its file."""
    return Report(
        "",
        grid_screen(result),
        screen_about(result),
        parts=(
            Part("effects", "What each lever changes", tuple(_effects(result))),
            Part("best", "The best combination", tuple(_best(result))),
            Part("method", "How to read this", (Points(tuple(_reading(result))),)),
        ),
    )


def _effects(result: GridResult) -> Iterator[Block]:
    """For each measure one row a lever and value: its effect, and how far that can be relied on."""
    for number, metric in enumerate(result.measured_metrics):
        table = _effect_table(result, metric, number > 0)
        yield table or Paragraph(f"{metric.label}: no lever was moved.")


def _effect_table(result: GridResult, metric: Metric, apart: bool) -> Table | None:
    cells = result.cells
    others = [each for each in cells.in_conditions if each != cells.own_condition]
    own = shown(result.of(metric, cells.own_condition))
    elsewhere = [shown(result.of(metric, condition)) for condition in others]
    rows = []
    for effect in own.found.effects:
        mean, write = effect.mean, own.difference
        rows.append((
            field_label(effect.path), short(effect.path, effect.value), own.cell(mean),
            f"{write(mean.ci_low)} to {write(mean.ci_high)}",
            f"{write(effect.lowest)} to {write(effect.highest)}",
            *(effect_cell(each, effect.path, effect.value) for each in elsewhere),
        ))  # fmt: skip
    if not rows:
        return None
    columns = (
        Column("lever", _LABEL, words=True, hang=1, once=True),
        Column("moved to", _VALUE),
        Column("effect", _NUMBER),
        Column("95% interval", _RANGE),
        Column("by the other levers", _RANGE),
        *(Column(condition_words(cells, each), _CONDITION) for each in others),
    )
    return Table(
        f"effects_{metric.name}",
        f"{own.label}, {own.found.moment.phrase(metric)}; as it is: {own.level(own.found.base)}",
        "One row a value of a lever: the average difference that it makes, its interval, the "
        "smallest and the largest among settings of the other levers, and the effect in every "
        "other condition. In brackets what is not clear, or too small to notice.",
        columns,
        tuple(rows),
        apart=apart,
    )


def _best(result: GridResult) -> Iterator[Block]:
    """For each measure and condition the best combination, and how many are as good."""
    rows: list[tuple[str, ...] | str] = []
    for metric in result.measured_metrics:
        for condition in result.cells.in_conditions:
            each = shown(result.of(metric, condition))
            best = each.found.best
            if best is not None:
                words = condition_words(result.cells, condition)
                where = combination(result.cells, best.cell.values)
                rows.append((
                    f"{each.label}{f' ({words})' if words else ''}", where,
                    each.level(best.level), each.cell(best.difference),
                    f"{len(best.near)} of {best.cells - 1}" if best.cells > 1 else NOTHING,
                ))  # fmt: skip
    if not rows:
        yield Paragraph("Neither more nor less of any measure here is better.")
        return
    columns = (
        Column("measure", _LABEL, words=True, hang=1),
        Column("best combination", _BEST, words=True, hang=1),
        Column("level", _NUMBER),
        Column("difference", _NUMBER + 1),
        Column("as good", _NUMBER),
    )
    caption = "The best combination for each measure, and how many others are not clearly behind"
    described = "One row a measure and condition; the difference is from the scenario as it is."
    yield Table("best", caption, described, columns, tuple(rows))


def _reading(result: GridResult) -> Iterator[str]:
    cells = result.cells
    for path, values in {**cells.levers, **cells.conditions}.items():
        kind = " (a condition)" if path in cells.conditions else ""
        yield f"{field_label(path)}{kind}: {', '.join(setting(path, value) for value in values)}."
    yield from left_out_sentences(cells)
    yield (
        "The effect of a value is the average difference from the scenario's own value, future by "
        "future, over all settings of the other levers in which both can be. The best of many "
        "combinations owes a little to luck: those not clearly behind are as good for all that "
        "these futures can tell."
    )
    yield "Between the values tried, and beyond them, nothing is known."
    yield COST_WORDS
    if "climate.conversion" not in (*cells.levers, *cells.conditions):
        climate = cells.scenario.policy.levers.climate.conversion
        yield f"National climate: {CLIMATES[climate]}."
    yield "Money is cash, not real terms; pupil rolls are those of the roster."
