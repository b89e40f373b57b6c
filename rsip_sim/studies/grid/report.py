"""A grid for the terminal: sentences first, then the effects and the cells, in 100 columns."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import COUNCIL_COST, Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import Column
from rsip_sim.report.text import WIDTH, heading, paragraph, table
from rsip_sim.report.words import listed
from rsip_sim.scenario.levers import is_nobodys_choice
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.grid.says import metric_sentences
from rsip_sim.studies.grid.work import Found, GridReport
from rsip_sim.studies.kernel.choice_words import (
    COST_WORDS,
    combination,
    condition_words,
    missing_sentences,
    setting,
)

NAME_WIDTH = 30
COLUMN_WIDTH = 14


def grid_text(report: GridReport) -> str:
    """The whole study as text."""
    lines = [*heading(report.study.title), *paragraph(report.study.settings.description)]
    lines += ["", *_what_was_done(report)]
    for metric in report.metrics:
        lines += ["", *heading(_title(report, metric))]
        for sentence in metric_sentences(report, metric):
            lines += paragraph(sentence, "- ", "  ")
    for condition in report.cells.in_conditions:
        found = [report.of(metric, condition) for metric in report.metrics]
        words = condition_words(report.cells, condition)
        lines += ["", *heading(f"What each lever does by itself{f': {words}' if words else ''}")]
        lines += list(_effect_table(report, found))
    return "\n".join([*lines, "", *_reading(report)]) + "\n"


def _title(report: GridReport, metric: Metric) -> str:
    moment = report.moments(metric)[0]
    better = "" if metric.better == "neither" else f"; {metric.better} is better"
    return f"{metric.label} {moment.phrase(metric)} ({unit_at(metric, moment)}{better})"


def _what_was_done(report: GridReport) -> Iterator[str]:
    cells, policy = report.cells, report.cells.scenario.policy
    end = month_name(policy.start + policy.horizon_months - 1)
    yield from paragraph(
        f"{len(cells.cells):,} combinations, {report.replications:,} simulated futures of each, "
        f"{month_name(policy.start)} to {end}; roster {cells.scenario.roster.name}. All "
        f"combinations meet the same futures. Compared with '{cells.scenario.title}': "
        f"{combination(cells, cells.base)}."
    )
    for path, values in {**cells.levers, **cells.conditions}.items():
        settings = ", ".join(setting(path, value) for value in values)
        chosen = path in cells.levers and not is_nobodys_choice(path)
        kind = "" if chosen else " (nobody's choice)"
        yield from paragraph(f"{field_label(path)}{kind}: {settings}", "- ", "  ")
    for sentence in missing_sentences(cells, report.failures):
        yield from paragraph(sentence)


def _effect_table(report: GridReport, found: list[Found]) -> Iterator[str]:
    """One row a lever and value, one column a metric; brackets where an effect is not clear."""
    shown = found[: (WIDTH - NAME_WIDTH) // COLUMN_WIDTH]
    columns = [Column("", NAME_WIDTH, words=True)]
    columns += [Column(each.metric.label, COLUMN_WIDTH) for each in shown]
    rows = [("the scenario as it is", *(each.metric.format.level(each.base) for each in shown))]
    empty = [""] * len(shown)
    for (path, values), base in zip(report.cells.levers.items(), report.cells.base, strict=True):
        rows.append((field_label(path), *empty))
        rows += [
            (f"  {setting(path, value)}", *(_effect(each, path, value) for each in shown))
            for value in values
            if value != base
        ]
    yield from table(columns, rows)
    if len(shown) < len(found):
        yield "The other measures are in the table of effects."


def _effect(found: Found, path: str, value: object) -> str:
    for each in found.effects:
        if each.path == path and each.value == value:
            text = found.metric.format.short_difference(each.mean.mean)
            return text if each.mean.clear else f"({text})"
    return "–"


def _reading(report: GridReport) -> Iterator[str]:
    notes = [
        "The effect of a value is the average difference from the scenario's own value, future by "
        "future, over all settings of the other levers in which both can be; in brackets where its "
        "95% interval holds 0. The best of many combinations owes a little to luck: those not "
        "clearly behind are as good for all that these futures can tell.",
    ]
    given = [field_label(path) for path in report.cells.levers if is_nobodys_choice(path)]
    if given:
        notes.append(
            f"No council chooses {listed([inside(label) for label in given])}: a best combination "
            "is the best of the choice and of the world it is made in."
        )
    if any(metric.name == COUNCIL_COST for metric in report.metrics):
        notes.append(COST_WORDS)
    climate = report.cells.scenario.policy.levers.climate.conversion
    if "climate.conversion" not in (*report.cells.levers, *report.cells.conditions):
        notes.append(f"National climate: {CLIMATES[climate]}.")
    notes.append("Money is cash, not real terms; pupil rolls are those of the roster.")
    yield from heading("How to read this")
    for note in notes:
        yield from paragraph(note, "- ", "  ")
