"""Where two levers together meet the target: a heat map with the target's outline."""

from __future__ import annotations

import math

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import framed
from rsip_sim.charts.heat import Grid, Heat, Tile, shades
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.report.words import place
from rsip_sim.studies.solve.curve import Point
from rsip_sim.studies.solve.curve_chart import source_note
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.says import EVERYWHERE, goal_words, measure_words, runs
from rsip_sim.studies.solve.target import Target
from rsip_sim.studies.solve.work import Solved, tables

NAME = "tipping_map"


def tipping_map_chart(solved: Solved, grid: TippingMap) -> Chart:
    """Every combination of the two levers: its number, its shade, and whether it will do."""
    asked, target = solved.question, solved.question.target
    made = grid.laid_out(*asked.levers)
    known = [[math.nan if each is None else each.estimate for each in row] for row in made.points]
    dark = shades(np.array(known))
    cells = [
        [_tile(target, point, float(dark[i, j])) for j, point in enumerate(row)]
        for i, row in enumerate(made.points)
    ]
    met = np.array([[each is not None and each.status.met for each in row] for row in made.points])
    unit = "%" if target.format.suffix == "%" else target.of.unit
    return framed(
        NAME,
        map_title(grid, *asked.levers),
        Heat(
            [Grid(cells, made.names, made.heads, outline=met)],
            max(width_cm(word, style.NOTE_SIZE) for word in made.names) + 0.3,
            axis=made.down.heading,
            across=made.across.heading,
        ),
        subtitle=f"{measure_words(target, asked.moment)}. {asked.scenario.title}, "
        f"{place(asked.scenario)}",
        notes=[
            f"Numbers: {unit}; the darker, the higher. In brackets: not clearly on one side of the "
            "target. Hatched: a scenario cannot have both values.",
            source_note(solved),
        ],
        key=[
            KeyEntry(f"outlined: target met ({goal_words(target)})", "area", style.WHITE,
                     style.BLACK)
        ],
        told=f"Heat map: {made.down.noun} down, {made.across.noun} across.",
        data=tables(solved)["map"],
        numbers="The numbers are in the cells.",
    )  # fmt: skip


def _tile(target: Target, point: Point | None, dark: float) -> Tile:
    if point is None or not point.futures:
        return Tile("–")
    text = target.format.brief(point.estimate)
    return Tile(text if point.status.clear else f"({text})", dark)


def map_title(grid: TippingMap, first: Lever, second: Lever) -> str:
    """From where on the target is met, where that is one value; else that it hangs on both."""
    rows = [
        [point for (j, _), point in sorted(grid.points.items()) if j == row]
        for row in range(len(grid.up))
    ]
    met = [runs(first, row, lambda point: point.status.met) for row in rows if row]
    if not any(met):
        return "No combination of the two levers tried meets the target"
    if set(met) == {EVERYWHERE}:
        return "Every combination of the two levers tried meets the target"
    if len(set(met)) == 1:
        return f"Whatever the {second.noun}, the target is met {met[0]}"
    return f"Whether the target is met hangs on {first.noun} and {second.noun} together"
