"""A metric in every cell of a grid: two levers across, a third in panels beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile, shades
from rsip_sim.charts.scales import difference_unit
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import place
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.grid.work import Found, GridReport
from rsip_sim.studies.kernel.cells import Cells, Values
from rsip_sim.studies.kernel.choice_words import (
    axis_name,
    combination,
    condition_words,
    setting,
    short,
)


def study_heat(report: GridReport, metric: Metric, condition: Values) -> Chart:
    """Differences from the scenario as it is; its own cell is framed, the best one bold."""
    plan = _Plan(report.cells)
    found = report.of(metric, condition)
    own = estimates(report.differences(metric))
    numbers = np.array([each.mean for each in own])
    dark = _shades(report, metric, condition, numbers)
    rows = [short(plan.row_path, value) for value in plan.rows]
    grids = [
        Grid(
            [
                [_cell(report, found, plan.values(third, row, column), own, dark)
                 for column in plan.columns]
                for row in plan.rows
            ],
            rows,
            [short(plan.column_path, value) for value in plan.columns],
            f"{field_label(plan.panel_path)} {short(plan.panel_path, third)}"
            if plan.panel_path else "",
        )
        for third in plan.panels
    ]  # fmt: skip
    hatched = any(np.isnan(cell.shade) for grid in grids for row in grid.cells for cell in row)
    words = f"Down: {axis_name(plan.row_path)}; across: {axis_name(plan.column_path)}"
    words += f"; panels: {axis_name(plan.panel_path)}" if plan.panel_path else ""
    longest = max(width_cm(row, style.NOTE_SIZE) for row in rows)
    return framed(
        _name(report.cells, metric, condition),
        _title(report, found),
        Heat(grids, max(longest + 0.3, 1.2), widest_cm=2.6, most_across=len(grids), axis=words),
        subtitle=_subtitle(report, found),
        notes=_notes(report, found, plan, hatched),
        told=_told(report, found, plan),
        data=_data(report, metric, condition, own),
        numbers="The numbers are in the cells.",
    )


class _Plan:
    """Which lever goes where: down, across, and in panels; the others are held."""

    def __init__(self, cells: Cells) -> None:
        paths = list(cells.levers)
        self.row_path, self.column_path = paths[0], paths[1]
        self.rows, self.columns = cells.levers[paths[0]], cells.levers[paths[1]]
        self.panel_path = paths[2] if len(paths) > 2 else ""
        self.panels: Values = cells.levers[self.panel_path] if self.panel_path else (None,)
        self.held = dict(zip(paths[3:], cells.base[3:], strict=True))

    def values(self, third: Any, row: Any, column: Any) -> Values:
        """The values of the levers in one cell of a panel."""
        return (row, column, *([third] if self.panel_path else []), *self.held.values())


def _shades(
    report: GridReport, metric: Metric, condition: Values, numbers: FloatArray
) -> FloatArray:
    """Dark is good; where no direction is good, dark is much. Cells of other conditions are NaN."""
    inside = np.array([cell.condition == condition for cell in report.cells.cells])
    sign = -1.0 if metric.better == "lower" else 1.0
    return shades(np.where(inside, sign * numbers, np.nan))


def _cell(
    report: GridReport, found: Found, values: Values, own: Sequence[Estimate], dark: FloatArray
) -> Tile:
    cell = report.cells.find(values, found.condition)
    if cell is None:
        return Tile("–")
    if cell.number in report.failures:
        return Tile("failed")
    mean, write = own[cell.number], found.metric.format
    if values == report.cells.base:
        return Tile(write.level(found.base), float(dark[cell.number]), framed=True)
    text = write.short_difference(mean.mean).removesuffix("m" if write.prefix else "\0")
    text = text.replace(write.prefix, "") if write.prefix else text
    best = found.best is not None and cell.number == found.best.cell.number
    return Tile(text if mean.clear else f"({text})", float(dark[cell.number]), bold=best)


def _subtitle(report: GridReport, found: Found) -> str:
    metric, scenario = found.metric, report.cells.scenario
    words = condition_words(report.cells, found.condition)
    return (
        f"{metric.label} ({difference_unit(metric, found.moment)}) "
        f"{found.moment.phrase(metric)}, difference from '{scenario.title}'; "
        f"{place(scenario)}{f'; {words}' if words else ''}"
    )


def _notes(report: GridReport, found: Found, plan: _Plan, hatched: bool) -> list[str]:
    metric = found.metric
    darker = {"higher": "more and the better", "lower": "less and the better", "neither": "more"}
    note = (
        f"The darker a cell, the {darker[metric.better]}. Framed: '{report.cells.scenario.title}' "
        "as it is, with its level. "
    )
    if found.best is not None and found.best.cell.values != report.cells.base:
        note += "Bold: the best. "
    note += "In brackets: not clearly different."
    if hatched:
        note += " Hatched: cannot be, or failed."
    if plan.held:
        held = ", ".join(f"{field_label(p)} {setting(p, value)}" for p, value in plan.held.items())
        note += f" Held: {held}."
    cells = report.cells
    climates = cells.climates(found.condition)
    return [note, source_line(report.replications, [cells.scenario], climates)]


def _title(report: GridReport, found: Found) -> str:
    """The message: how far the best cell is from the scenario, or that none is."""
    metric, best = found.metric, found.best
    if best is None:
        return f"{metric.label} in every combination"
    if best.cell.values == report.cells.base:
        return f"No combination does better than '{report.cells.scenario.title}' as it is"
    if not best.difference.clear:
        return f"No combination is clearly better than '{report.cells.scenario.title}' as it is"
    told = metric.clause.format(relative(metric, best.difference.mean))
    return f"At best {told}, with {_moves(report.cells, best.cell.values)}"


def _moves(cells: Cells, values: Values) -> str:
    """What differs from the base: ``agreement length 60 months``."""
    return ", ".join(
        f"{field_label(path)[0].lower()}{field_label(path)[1:]} {short(path, value)}"
        for path, value, base in zip(cells.levers, values, cells.base, strict=True)
        if value != base
    )


def _name(cells: Cells, metric: Metric, condition: Values) -> str:
    at = list(cells.in_conditions).index(condition)
    return f"heat_{metric.name}" + (f"_condition_{at + 1}" if cells.conditions else "")


def _data(
    report: GridReport, metric: Metric, condition: Values, own: Sequence[Estimate]
) -> pd.DataFrame:
    cells = report.cells
    rows = [
        {
            "cell": cell.number,
            **dict(zip(cells.levers, cell.values, strict=True)),
            "metric": metric.name,
            "difference": own[cell.number].mean,
            "ci_low": own[cell.number].ci_low,
            "ci_high": own[cell.number].ci_high,
        }
        for cell in cells.cells
        if cell.condition == condition
    ]
    return pd.DataFrame(rows)


def _told(report: GridReport, found: Found, plan: _Plan) -> str:
    cells, metric = report.cells, found.metric
    shape = f"{field_label(plan.row_path)} down, {field_label(plan.column_path)} across"
    if plan.panel_path:
        shape += f", one panel for each of {len(plan.panels)} values of "
        shape += field_label(plan.panel_path).lower()
    said = [f"As it is: {metric.format.level(found.base)}."]
    if found.best is not None:
        said.append(
            f"Best: {combination(cells, found.best.cell.values)}, "
            f"{metric.format.level(found.best.level)}."
        )
    effects = sorted(found.effects, key=lambda each: -abs(each.mean.mean))
    for path, own in itertools.groupby(
        sorted(effects, key=lambda each: list(cells.levers).index(each.path)),
        key=lambda each: each.path,
    ):
        most = max(own, key=lambda each: abs(each.mean.mean))
        said.append(
            f"{field_label(path)} {setting(path, most.value)} by itself: "
            f"{metric.format.difference(most.mean.mean)}."
        )
    return f"Heat map: {shape}. {' '.join(said)}"
