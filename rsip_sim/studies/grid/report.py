"""A grid told: sentences first, then the effect of each value of each lever."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import PRICE_COUNCIL, Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import (
    Block,
    Column,
    Heading,
    Paragraph,
    Points,
    Report,
    Row,
    Table,
)
from rsip_sim.report.text import WIDTH
from rsip_sim.report.words import listed
from rsip_sim.scenario.changing import is_drawn
from rsip_sim.scenario.levers import is_nobodys_choice
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.grid.says import metric_sentences
from rsip_sim.studies.grid.work import Found, GridResult
from rsip_sim.studies.kernel.cells import Values
from rsip_sim.studies.kernel.choice_words import (
    COST_WORDS,
    combination,
    condition_words,
    missing_sentences,
    setting,
)

NAME_WIDTH = 30
COLUMN_WIDTH = 14


def grid_report(result: GridResult) -> Report:
    """The whole study; its title is that of its file."""
    blocks: list[Block] = list(_what_was_done(result))
    for metric in result.metrics:
        blocks += [
            Heading(_title(result, metric)),
            Points(tuple(metric_sentences(result, metric))),
        ]
    for place, condition in enumerate(result.cells.in_conditions, 1):
        words = condition_words(result.cells, condition)
        title = f"What each lever does by itself{f': {words}' if words else ''}"
        blocks += [Heading(title), *_effect_table(result, condition, title, f"effects_{place}")]
    blocks += [Heading("How to read this"), Points(tuple(_reading(result)))]
    return Report("", tuple(blocks))


def _title(result: GridResult, metric: Metric) -> str:
    moment = result.moments(metric)[0]
    better = "" if metric.better == "neither" else f"; {metric.better} is better"
    return f"{metric.label} {moment.phrase(metric)} ({unit_at(metric, moment)}{better})"


def _what_was_done(result: GridResult) -> Iterator[Block]:
    cells, policy = result.cells, result.cells.scenario.policy
    end = month_name(policy.start + policy.horizon_months - 1)
    yield Paragraph(
        f"{len(cells.cells):,} combinations, {result.replications:,} simulated futures of each, "
        f"{month_name(policy.start)} to {end}; roster {cells.scenario.roster.name}. All "
        f"combinations meet the same futures. Compared with '{cells.scenario.title}': "
        f"{combination(cells, cells.base)}.",
        apart=True,
    )
    varied = []
    for path, values in {**cells.levers, **cells.conditions}.items():
        settings = ", ".join(setting(path, value) for value in values)
        kind = " (a condition)" if path in cells.conditions else ""
        if is_nobodys_choice(path):
            kind = " (nobody's choice)"
        varied.append(f"{field_label(path)}{kind}: {settings}")
    yield Points(tuple(varied))
    yield from map(Paragraph, missing_sentences(cells, result.failures))


def _effect_table(
    result: GridResult, condition: Values, title: str, name: str
) -> Iterator[Table | Paragraph]:
    """One row a lever and value, one column a metric; brackets where an effect is not clear."""
    found = [result.of(metric, condition) for metric in result.metrics]
    shown = found[: (WIDTH - NAME_WIDTH) // COLUMN_WIDTH]
    columns = [Column("lever", NAME_WIDTH, words=True, silent=True)]
    columns += [Column(each.metric.label, COLUMN_WIDTH) for each in shown]
    rows: list[Row | str] = [
        ("the scenario as it is", *(each.metric.format.level(each.base) for each in shown))
    ]
    for (path, values), base in zip(result.cells.levers.items(), result.cells.base, strict=True):
        rows.append(field_label(path))
        rows += [
            (setting(path, value), *(_effect(each, path, value) for each in shown))
            for value in values
            if value != base
        ]
    description = (
        "The level under the scenario as it is, and the average difference from it that each value "
        "of a lever makes; in brackets where it may be chance."
    )
    yield Table(name, title, description, tuple(columns), tuple(rows), quiet=True)
    if len(shown) < len(found):
        yield Paragraph("The other measures are in the table of effects.")


def _effect(found: Found, path: str, value: object) -> str:
    for each in found.effects:
        if each.path == path and each.value == value:
            text = found.metric.format.short_difference(each.mean.mean)
            return text if each.mean.clear else f"({text})"
    return "–"


def _reading(result: GridResult) -> list[str]:
    notes = [
        "The effect of a value is the average difference from the scenario's own value, future by "
        "future, over all settings of the other levers in which both can be; in brackets where its "
        "95% interval holds 0. The best of many combinations owes a little to luck: those not "
        "clearly behind are as good for all that these futures can tell.",
    ]
    given = [field_label(path) for path in result.cells.levers if is_nobodys_choice(path)]
    if given:
        notes.append(
            f"No council chooses {listed([inside(label) for label in given])}: a best combination "
            "is the best of the choice and of the world it is made in."
        )
    for path, base in zip(result.cells.levers, result.cells.base, strict=True):
        if is_drawn(result.cells.scenario, path):
            notes.append(
                f"The scenario draws the {inside(field_label(path))} anew in each future; here it "
                f"varies from the median, {setting(path, base)}, which stands for the scenario as "
                "it is."
            )
    if any(metric.name == PRICE_COUNCIL for metric in result.metrics):
        notes.append(COST_WORDS)
    climate = result.cells.scenario.policy.levers.climate.conversion
    if "climate.conversion" not in (*result.cells.levers, *result.cells.conditions):
        notes.append(f"National climate: {CLIMATES[climate]}.")
    notes.append("Money is cash, not real terms; pupil rolls are those of the roster.")
    return notes
