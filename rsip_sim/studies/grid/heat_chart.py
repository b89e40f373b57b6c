"""A metric in every cell of a grid: two levers across, a third in panels beside each other."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import IN_CELLS, Chart, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile, shades
from rsip_sim.charts.scales import difference_unit
from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.statistics import estimates
from rsip_sim.report.verdicts import relative
from rsip_sim.report.words import listed, place
from rsip_sim.scenario.levers import field_label
from rsip_sim.studies.grid.work import Found, GridResult, cells_table
from rsip_sim.studies.kernel.cells import Cells, Values
from rsip_sim.studies.kernel.choice_words import axis_name, combination, setting, short

_NO_AXIS: tuple[str, Values] = ("", (None,))


def study_heat(result: GridResult, metric: Metric, condition: Values) -> Chart:
    """Differences from the scenario as it is; its own cell is framed, the best one bold."""
    cells, found = result.cells, result.of(metric, condition)
    levers = [_NO_AXIS] * (len(cells.levers) == 1) + list(cells.levers.items())
    (row_path, rows), (column_path, columns), (panel_path, panels) = [*levers, _NO_AXIS][:3]
    held = dict(zip([path for path, _ in levers[3:]], cells.base[3:], strict=True))
    tiles = _tiles(result, found)

    def tile(*placed: object) -> Tile:
        paths = (row_path, column_path, panel_path)
        chosen = (value for path, value in zip(paths, placed, strict=True) if path)
        return tiles.get((*chosen, *held.values()), Tile("–"))

    labels = [short(row_path, value) if row_path else "" for value in rows]
    grids = [
        Grid(
            [[tile(row, column, panel) for column in columns] for row in rows],
            labels,
            [short(column_path, value) for value in columns],
            short(panel_path, panel) if panel_path else "",
        )
        for panel in panels
    ]
    places = {"down": row_path, "across": column_path, "panels": panel_path}
    axes = "; ".join(f"{where}: {axis_name(path)}" for where, path in places.items() if path)
    axes = axes[0].upper() + axes[1:]
    longest = max(width_cm(label, style.NOTE_SIZE) for label in labels)
    of_condition = [cell.condition == condition for cell in cells.cells]
    return framed(
        _name(cells, found),
        _title(cells, found),
        Heat(grids, max(longest + 0.3, 1.2), axes, widest_cm=2.6, most_across=len(grids)),
        subtitle=_subtitle(cells, found),
        notes=[
            _note(cells, metric, held),
            source_line(result.replications, [cells.scenario], cells.climates(condition)),
        ],
        told=f"Heat map: {axes}. As it is: {metric.format.level(found.base)}.",
        data=cells_table(result, metric, found.moment)[of_condition],
        numbers=IN_CELLS,
    )


def _tiles(result: GridResult, found: Found) -> dict[Values, Tile]:
    """The cells of one condition. Dark is good; where no direction is good, dark is much."""
    cells = [cell for cell in result.cells.cells if cell.condition == found.condition]
    _, differences = result.values(found.metric, found.moment)
    own = estimates(differences[[cell.number for cell in cells]])
    sign = -1.0 if found.metric.better == "lower" else 1.0
    dark = shades(np.array([sign * each.mean for each in own]))
    tiles, write = {}, found.metric.format
    for cell, mean, shade in zip(cells, own, map(float, dark), strict=True):
        text = write.plain_difference(mean.mean)
        if cell.number in result.failures:
            tiles[cell.values] = Tile("failed")
        elif cell.values == result.cells.base:
            tiles[cell.values] = Tile(write.level(found.base), shade, framed=True)
        else:
            best = found.best is not None and cell == found.best.cell
            tiles[cell.values] = Tile(text if mean.clear else f"({text})", shade, bold=best)
    return tiles


def _name(cells: Cells, found: Found) -> str:
    number = cells.in_conditions.index(found.condition) + 1
    return f"heat_{found.metric.name}" + (f"_condition_{number}" if cells.conditions else "")


def _title(cells: Cells, found: Found) -> str:
    """The message: how far the best cell is from the scenario, or that none is."""
    metric, best = found.metric, found.best
    if best is None:
        return f"{metric.label} in every combination"
    if not best.difference.clear:
        return f"No combination is clearly better than '{cells.scenario.title}' as it is"
    every = zip(cells.levers, best.cell.values, cells.base, strict=True)
    moved = [(path, value) for path, value, base in every if value != base]
    label = f"{inside(field_label(moved[0][0]))} " if len(moved) == 1 else ""
    told = metric.clause.format(relative(metric, best.difference.mean))
    return f"At best {told}, with {label}{listed([short(*each) for each in moved])}"


def _subtitle(cells: Cells, found: Found) -> str:
    metric, scenario = found.metric, cells.scenario
    condition = combination(cells.conditions, found.condition)
    return (
        f"{metric.label} ({difference_unit(metric, found.moment)}) "
        f"{found.moment.phrase(metric)}, difference from '{scenario.title}'; "
        f"{place(scenario)}{f'; {condition}' if condition else ''}"
    )


def _note(cells: Cells, metric: Metric, held: dict[str, object]) -> str:
    darker = {"higher": "more and the better", "lower": "less and the better", "neither": "more"}
    note = (
        f"The darker a cell, the {darker[metric.better]}. Framed: '{cells.scenario.title}' as it "
        "is, with its level. Bold: the best. In brackets: not clearly different. Hatched: cannot "
        "be, or failed."
    )
    if held:
        note += f" Held: {', '.join(f'{field_label(p)} {setting(p, v)}' for p, v in held.items())}."
    return note
