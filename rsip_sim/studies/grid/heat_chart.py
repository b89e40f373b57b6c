"""A metric in every cell of a grid: two levers across, a third in panels beside each other."""

from __future__ import annotations

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
from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import listed, place
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.grid.work import Found, GridResult
from rsip_sim.studies.kernel.cells import Cells, Values
from rsip_sim.studies.kernel.choice_words import (
    axis_name,
    combination,
    condition_words,
    setting,
    short,
)


def study_heat(result: GridResult, metric: Metric, condition: Values) -> Chart:
    """Differences from the scenario as it is; its own cell is framed, the best one bold."""
    plan = _Plan(result.cells)
    found = result.of(metric, condition)
    own = estimates(result.differences(metric))
    numbers = np.array([each.mean for each in own])
    dark = _shades(result, metric, condition, numbers)
    rows = [short(plan.row_path, value) if plan.row_path else "" for value in plan.rows]
    grids = [
        Grid(
            [
                [_cell(result, found, plan.values(third, row, column), own, dark)
                 for column in plan.columns]
                for row in plan.rows
            ],
            rows,
            [short(plan.column_path, value) for value in plan.columns],
            short(plan.panel_path, third) if plan.panel_path else "",
        )
        for third in plan.panels
    ]  # fmt: skip
    hatched = any(np.isnan(cell.shade) for grid in grids for row in grid.cells for cell in row)
    longest = max(width_cm(row, style.NOTE_SIZE) for row in rows)
    return framed(
        _name(result.cells, metric, condition),
        _title(result, found),
        Heat(
            grids, max(longest + 0.3, 1.2), widest_cm=2.6, most_across=len(grids), axis=plan.words
        ),
        subtitle=_subtitle(result, found),
        notes=_notes(result, found, plan, hatched),
        told=_told(result, found, plan),
        data=_data(result, metric, condition, own),
        numbers="The numbers are in the cells.",
    )


class _Plan:
    """Which lever goes where: down, across, and in panels; the others are held."""

    def __init__(self, cells: Cells) -> None:
        paths = ["", *cells.levers] if len(cells.levers) == 1 else list(cells.levers)
        alone: Values = (None,)
        self.row_path, self.column_path, self.panel_path = (*paths, "")[:3]
        self.rows = cells.levers.get(self.row_path, alone)
        self.columns = cells.levers[self.column_path]
        self.panels = cells.levers.get(self.panel_path, alone)
        self.held = dict(zip(paths[3:], cells.base[3:], strict=True))

    @property
    def words(self) -> str:
        """``Down: …; across: …; panels: …``."""
        places = {"down": self.row_path, "across": self.column_path, "panels": self.panel_path}
        said = "; ".join(f"{where}: {axis_name(path)}" for where, path in places.items() if path)
        return said[0].upper() + said[1:]

    def values(self, third: Any, row: Any, column: Any) -> Values:
        """The values of the levers in one cell of a panel."""
        placed = [(self.row_path, row), (self.column_path, column), (self.panel_path, third)]
        return (*(value for path, value in placed if path), *self.held.values())


def _shades(
    result: GridResult, metric: Metric, condition: Values, numbers: FloatArray
) -> FloatArray:
    """Dark is good; where no direction is good, dark is much. Cells of other conditions are NaN."""
    here = np.array([cell.condition == condition for cell in result.cells.cells])
    sign = -1.0 if metric.better == "lower" else 1.0
    return shades(np.where(here, sign * numbers, np.nan))


def _cell(
    result: GridResult, found: Found, values: Values, own: Sequence[Estimate], dark: FloatArray
) -> Tile:
    cell = result.cells.find(values, found.condition)
    if cell is None:
        return Tile("–")
    if cell.number in result.failures:
        return Tile("failed")
    mean, write = own[cell.number], found.metric.format
    if values == result.cells.base:
        return Tile(write.level(found.base), float(dark[cell.number]), framed=True)
    text = write.plain_difference(mean.mean)
    best = found.best is not None and cell.number == found.best.cell.number
    return Tile(text if mean.clear else f"({text})", float(dark[cell.number]), bold=best)


def _subtitle(result: GridResult, found: Found) -> str:
    metric, scenario = found.metric, result.cells.scenario
    words = condition_words(result.cells, found.condition)
    return (
        f"{metric.label} ({difference_unit(metric, found.moment)}) "
        f"{found.moment.phrase(metric)}, difference from '{scenario.title}'; "
        f"{place(scenario)}{f'; {words}' if words else ''}"
    )


def _notes(result: GridResult, found: Found, plan: _Plan, hatched: bool) -> list[str]:
    metric = found.metric
    darker = {"higher": "more and the better", "lower": "less and the better", "neither": "more"}
    note = (
        f"The darker a cell, the {darker[metric.better]}. Framed: '{result.cells.scenario.title}' "
        "as it is, with its level. "
    )
    if found.best is not None and found.best.cell.values != result.cells.base:
        note += "Bold: the best. "
    note += "In brackets: not clearly different."
    if hatched:
        note += " Hatched: cannot be, or failed."
    if plan.held:
        held = ", ".join(f"{field_label(p)} {setting(p, value)}" for p, value in plan.held.items())
        note += f" Held: {held}."
    cells = result.cells
    climates = cells.climates(found.condition)
    return [note, source_line(result.replications, [cells.scenario], climates)]


def _title(result: GridResult, found: Found) -> str:
    """The message: how far the best cell is from the scenario, or that none is."""
    metric, best = found.metric, found.best
    if best is None:
        return f"{metric.label} in every combination"
    if best.cell.values == result.cells.base:
        return f"No combination does better than '{result.cells.scenario.title}' as it is"
    if not best.difference.clear:
        return f"No combination is clearly better than '{result.cells.scenario.title}' as it is"
    told = metric.clause.format(relative(metric, best.difference.mean))
    return f"At best {told}, with {_moves(result.cells, best.cell.values)}"


def _moves(cells: Cells, values: Values) -> str:
    """What differs from the base: ``agreement length 60 months``; of several the values alone."""
    every = zip(cells.levers, values, cells.base, strict=True)
    moved = [(path, value) for path, value, base in every if value != base]
    label = f"{inside(field_label(moved[0][0]))} " if len(moved) == 1 else ""
    return label + listed([short(*each) for each in moved])


def _name(cells: Cells, metric: Metric, condition: Values) -> str:
    at = list(cells.in_conditions).index(condition)
    return f"heat_{metric.name}" + (f"_condition_{at + 1}" if cells.conditions else "")


def _data(
    result: GridResult, metric: Metric, condition: Values, own: Sequence[Estimate]
) -> pd.DataFrame:
    cells = result.cells
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


def _told(result: GridResult, found: Found, plan: _Plan) -> str:
    cells, metric = result.cells, found.metric
    said = [f"Heat map: {plan.words}. As it is: {metric.format.level(found.base)}."]
    if found.best is not None:
        said.append(
            f"Best: {combination(cells, found.best.cell.values)}, "
            f"{metric.format.level(found.best.level)}."
        )
    return " ".join(said)
