"""Where two levers together meet the target: a heat map with the target's outline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_hex

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import framed
from rsip_sim.charts.heat import Grid, Heat, Tile
from rsip_sim.charts.sheet import MARGIN, KeyEntry
from rsip_sim.measures.runs import FloatArray
from rsip_sim.report.words import place
from rsip_sim.studies.solve.curve import Status
from rsip_sim.studies.solve.curve_chart import source_note
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.map_says import map_sentences
from rsip_sim.studies.solve.says import goal_words, measure_words
from rsip_sim.studies.solve.target import Target
from rsip_sim.studies.solve.work import Solved, tables

NAME = "tipping_map"
_SMALLEST_SIZE = 6.5
_PALEST = "#EDF4FB"  # just off the white of the page

_SCALE = (_PALEST, style.PALE_BLUE, style.MID_BLUE, style.DARK_BLUE)
_SHADES = LinearSegmentedColormap.from_list("shades", _SCALE)


def tipping_map_chart(solved: Solved, grid: TippingMap) -> Chart:
    """Every combination of the two levers: its number, its shade, and whether it will do."""
    asked = solved.question
    if asked.second is None:
        raise ValueError("a map needs a second lever")
    rows = [asked.second.short(value) for value in grid.up]
    labels_cm = max(width_cm(word, style.NOTE_SIZE) for word in rows) + 0.25
    cell_cm = (style.WIDTH_CM - 2 * MARGIN - labels_cm) / len(grid.across)
    words, size = _words(asked.target, grid, cell_cm - 0.08)
    shades = _shades(grid.estimates)
    cells = [
        [Tile(words.get((j, i), "–"), float(shades[j, i])) for i in range(len(grid.across))]
        for j in reversed(range(len(rows)))  # which go upwards
    ]
    picture = Heat(
        [Grid(cells, rows[::-1], [asked.lever.short(value) for value in grid.across],
              outline=grid.met[::-1])],
        labels_cm,
        row_cm=0.85,
        axis=asked.second.heading,
        across=asked.lever.heading,
        size=size,
        colours=lambda shade: to_hex(_SHADES(shade)).upper(),
    )  # fmt: skip
    outlined = f"outlined: target met ({goal_words(asked.target)})"
    return framed(
        NAME,
        _title(solved, grid),
        picture,
        subtitle=f"{measure_words(asked.target, asked.moment)}. {asked.scenario.title}, "
        f"{place(asked.scenario)}",
        notes=_notes(solved, grid),
        key=[KeyEntry(outlined, "area", style.WHITE, style.BLACK)],
        told=_told(solved, grid),
        data=tables(solved)["map"],
    )


def _title(solved: Solved, grid: TippingMap) -> str:
    tried, met = len(grid.points), grid.count(Status.MET, Status.CLEARLY_MET)
    clear = grid.count(Status.CLEARLY_MET)
    if not met:
        return f"None of {tried} combinations meets the target"
    many = f"All {tried}" if met == tried else f"{met} of {tried}"
    verb = "meets" if met == 1 else "meet"
    how = "all" if clear == met else f"{clear}" if clear else "none"
    return f"{many} combinations {verb} the target, {how} of them clearly"


def _shades(estimates: FloatArray) -> FloatArray:
    """0 for the lowest estimate, 1 for the highest; 0.5 where all are alike."""
    known = estimates[np.isfinite(estimates)]
    if not known.size or known.max() == known.min():
        return np.where(np.isnan(estimates), np.nan, 0.5)
    return np.asarray((estimates - known.min()) / (known.max() - known.min()))


def _words(
    target: Target, grid: TippingMap, room: float
) -> tuple[dict[tuple[int, int], str], float]:
    """The number of every cell, and the size in which they all fit into their cells."""
    for decimals in range(_decimals(target, grid), -1, -1):
        words = {
            place: _number(point.estimate / target.format.divisor, decimals, point.status.clear)
            for place, point in grid.points.items()
        }
        if _widest(words.values(), style.NOTE_SIZE) <= room:
            return words, style.NOTE_SIZE
    return words, max(style.NOTE_SIZE * room / _widest(words.values(), style.NOTE_SIZE),
                      _SMALLEST_SIZE)  # fmt: skip


def _widest(words: Iterable[str], size: float) -> float:
    return max(width_cm(word, size) for word in words)


def _number(value: float, decimals: int, clear: bool) -> str:
    if math.isnan(value):
        return "–"
    text = f"{value:,.{decimals}f}"
    return text if clear else f"({text})"


def _decimals(target: Target, grid: TippingMap) -> int:
    """Decimals for some twenty different numbers, and one more if that tells met from not met."""
    divisor = target.format.divisor
    known = [point for point in grid.points.values() if math.isfinite(point.estimate)]
    estimates = [point.estimate / divisor for point in known]
    span = max(estimates) - min(estimates) if estimates else 0.0
    decimals = 1 if span <= 0 else min(max(math.ceil(math.log10(20 / span)), 0), 3)
    rounded = np.round(estimates, decimals) * divisor
    blurred = target.met(rounded) != np.array([point.status.met for point in known])
    return decimals + 1 if blurred.any() else decimals


def _notes(solved: Solved, grid: TippingMap) -> list[str]:
    target = solved.question.target
    unit = "%" if target.format.suffix == "%" else target.of.unit
    note = f"Numbers: {unit}, rounded; the darker, the higher."
    if any(not point.status.clear for point in grid.points.values()):
        note += (
            " In brackets: not clearly on one side of the target, since the 95% interval holds it."
        )
    if len(grid.points) < len(grid.across) * len(grid.up):
        note += " –: a scenario cannot have both values."
    return [note, source_note(solved)]


def _told(solved: Solved, grid: TippingMap) -> str:
    asked = solved.question
    second = asked.second.noun if asked.second else ""
    return (
        f"Heat map: {measure_words(asked.target, asked.moment)}, with the "
        f"{asked.lever.noun} across and the {second} upwards. "
        + _in_one(map_sentences(solved, grid))
    )


def _in_one(lines: Sequence[str]) -> str:
    """A sentence and the lines that list its parts as one paragraph."""
    first, *parts = lines
    return f"{first} {'; '.join(parts)}." if parts else first
