"""A metric in every cell of a grid: two levers across, a third in panels beside each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.charts.text import fitted, width_cm, wrapped
from rsip_sim.charts.tiles import Tile, cell_panel, shades
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates
from rsip_sim.report.verdicts import relative
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

ROW_CM = 0.55
GAP_CM = 0.5
HEAD_CM = 0.95  # heads of the columns and the name of the panel
BELOW_CM = 0.35
NARROWEST_CM, WIDEST_CM = 1.2, 2.6
TALLEST_CM = 19.5
LINE_CM = 0.42


def study_heat(report: GridReport, metric: Metric, condition: Values) -> Chart:
    """Differences from the scenario as it is; its own cell is framed, the best one bold."""
    plan = _Plan(report.cells)
    found = report.of(metric, condition)
    own = estimates(report.differences(metric))
    numbers = np.array([each.mean for each in own])
    dark = _shades(report, metric, condition, numbers)
    panels = [
        [
            [
                _cell(report, found, plan.values(panel, row, column), own, dark)
                for column in plan.columns
            ]
            for row in plan.rows
        ]
        for panel in range(len(plan.panels))
    ]
    hatched = any(np.isnan(cell.shade) for cells in panels for row in cells for cell in row)
    title = _title(report, found)
    notes = _notes(report, found, plan, hatched)
    with style.chart_style():
        sheet = Sheet(title, _subtitle(report, found), plan.height_cm, notes)
        _axis_words(sheet, plan)
        for panel, cells in enumerate(panels):
            left, bottom = plan.corner(panel)
            cell_panel(
                sheet, left, bottom, (plan.cell_cm, ROW_CM), cells,
                [short(plan.column_path, value) for value in plan.columns],
            )  # fmt: skip
            _panel_words(sheet, plan, panel, left, bottom)
    name = _name(report.cells, metric, condition)
    data = _data(report, metric, condition, own)
    return Chart(name, title, sheet.figure, data, _alt(report, found, plan, title))


class _Plan:
    """Which lever goes where, and how large everything is, in centimetres."""

    def __init__(self, cells: Cells) -> None:
        paths = list(cells.levers)
        self.cells = cells
        self.row_path, self.column_path = paths[0], paths[1]
        self.rows, self.columns = cells.levers[paths[0]], cells.levers[paths[1]]
        self.panel_path = paths[2] if len(paths) > 2 else ""
        self.panels: Values = cells.levers[self.panel_path] if self.panel_path else (None,)
        self.held = dict(zip(paths[3:], cells.base[3:], strict=True))
        longest = max(width_cm(short(self.row_path, each), style.NOTE_SIZE) for each in self.rows)
        self.label_cm = max(longest + 0.3, 1.2)
        self.across, self.cell_cm = self._widths()
        down = -(-len(self.panels) // self.across)
        self.block_cm = HEAD_CM + len(self.rows) * ROW_CM + BELOW_CM
        words = f"Down: {axis_name(self.row_path)}; across: {axis_name(self.column_path)}"
        words += f"; panels: {axis_name(self.panel_path)}" if self.panel_path else ""
        self.axis_words = wrapped(words, style.NOTE_SIZE, style.WIDTH_CM - 2 * MARGIN)
        self.top_cm = LINE_CM * len(self.axis_words) + 0.1
        self.height_cm = self.top_cm + down * self.block_cm

    def _widths(self) -> tuple[int, float]:
        """Panels beside each other, and the width of a cell."""
        room = style.WIDTH_CM - 2 * MARGIN - self.label_cm
        count = len(self.columns)
        across = min(
            max(int((room + GAP_CM) / (count * NARROWEST_CM + GAP_CM)), 1), len(self.panels)
        )
        width = (room - (across - 1) * GAP_CM) / (across * count)
        return across, min(width, WIDEST_CM)

    def corner(self, panel: int) -> tuple[float, float]:
        """Lower left corner of the cells of a panel."""
        down, across = divmod(panel, self.across)
        width = len(self.columns) * self.cell_cm + GAP_CM
        left = MARGIN + self.label_cm + across * width
        return left, self.height_cm - self.top_cm - (down + 1) * self.block_cm + BELOW_CM

    def values(self, panel: int, row: Any, column: Any) -> Values:
        """The values of the levers in one cell of a panel."""
        third = (self.panels[panel],) if self.panel_path else ()
        return (row, column, *third, *self.held.values())


def _axis_words(sheet: Sheet, plan: _Plan) -> None:
    for i, line in enumerate(plan.axis_words):
        sheet.text(MARGIN, sheet.body_cm - i * LINE_CM, line, style.NOTE_SIZE, va="top", gid="axis")


def _panel_words(sheet: Sheet, plan: _Plan, panel: int, left: float, bottom: float) -> None:
    height = len(plan.rows) * ROW_CM
    if plan.panel_path:
        words = f"{field_label(plan.panel_path)} {short(plan.panel_path, plan.panels[panel])}"
        room = len(plan.columns) * plan.cell_cm
        sheet.text(
            left, bottom + height + line_cm(style.NOTE_SIZE) + 0.18,
            fitted(words, style.NOTE_SIZE, room)[0], style.NOTE_SIZE, va="bottom",
            fontweight="bold", gid="panel",
        )  # fmt: skip
    if panel % plan.across == 0:
        for i, value in enumerate(plan.rows):
            sheet.text(
                left - 0.15, bottom + height - (i + 0.5) * ROW_CM, short(plan.row_path, value),
                style.NOTE_SIZE, ha="right", va="center", gid="row",
            )  # fmt: skip


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
    unit = "percentage points" if metric.format.suffix == "%" else unit_at(metric, found.moment)
    words = condition_words(report.cells, found.condition)
    return (
        f"{metric.label} ({unit}) {found.moment.phrase(metric)}, difference from "
        f"'{scenario.title}'; {common.place(scenario)}{f'; {words}' if words else ''}"
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
    return [note, common.source_line(report.replications, [cells.scenario], climates)]


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
    place = list(cells.in_conditions).index(condition)
    return f"heat_{metric.name}" + (f"_condition_{place + 1}" if cells.conditions else "")


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


def _alt(report: GridReport, found: Found, plan: _Plan, title: str) -> str:
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
    return f"{title}. Heat map: {shape}. {' '.join(said)} The numbers are in the cells."
