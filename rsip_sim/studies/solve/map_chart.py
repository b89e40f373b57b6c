"""Where two levers together meet the target: a heat map with the target's outline."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.charts.text import width_cm, wrapped
from rsip_sim.measures.runs import FloatArray
from rsip_sim.studies.solve.curve import Status
from rsip_sim.studies.solve.curve_chart import axis_heading, source_note
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.map_says import map_sentences
from rsip_sim.studies.solve.says import goal_words, measure_words
from rsip_sim.studies.solve.target import Target
from rsip_sim.studies.solve.work import Solved, tables

NAME = "tipping_map"
ROW_CM, RIGHT_CM, TICKS_CM = 0.85, 0.15, 0.75
_SMALLEST_SIZE = 6.5
_PALEST = "#EDF4FB"  # just off the white of the page

_SCALE = (_PALEST, style.PALE_BLUE, style.MID_BLUE, style.DARK_BLUE)
_SHADES = LinearSegmentedColormap.from_list("shades", _SCALE)


def tipping_map_chart(solved: Solved, grid: TippingMap) -> Chart:
    """Every combination of the two levers: its number, its shade, and whether it will do."""
    asked = solved.question
    if asked.second is None:
        raise ValueError("a map needs a second lever")
    title = _title(solved, grid)
    rows = [asked.second.short(value) for value in grid.up]
    left = MARGIN + max(width_cm(word, style.NOTE_SIZE) for word in rows) + 0.25
    width = style.WIDTH_CM - left - MARGIN - RIGHT_CM
    height = ROW_CM * len(grid.up)
    across = wrapped(asked.lever.heading, style.TEXT_SIZE, width)
    up = wrapped(asked.second.heading, style.TEXT_SIZE, style.WIDTH_CM - 2 * MARGIN)
    line = line_cm(style.TEXT_SIZE)
    below = TICKS_CM + len(across) * line
    with style.chart_style():
        sheet = Sheet(
            title,
            f"{measure_words(asked.target, asked.moment)}. {asked.scenario.title}, "
            f"{common.place(asked.scenario)}",
            below + height + 0.25 + len(up) * line,
            _notes(solved, grid),
            [KeyEntry(f"outlined: target met ({goal_words(asked.target)})", "area", style.WHITE,
                      style.BLACK)],
        )  # fmt: skip
        for place, words in enumerate(reversed(up)):
            sheet.text(MARGIN, below + height + 0.15 + place * line, words, va="bottom")
        axis_heading(sheet, across, left + width / 2)
        axes = sheet.axes(left, below, width, height)
        axes.grid(visible=False)
        axes.set_xlim(-0.5, len(grid.across) - 0.5)
        axes.set_ylim(-0.5, len(grid.up) - 0.5)
        axes.spines["bottom"].set_visible(False)
        axes.tick_params(length=0)
        axes.set_xticks(range(len(grid.across)), [asked.lever.short(v) for v in grid.across])
        _thin_ticks(axes, width)
        axes.set_yticks(range(len(rows)), rows)
        _cells(axes, solved, grid, width / len(grid.across))
        _outline(axes, grid)
    return Chart(NAME, title, sheet.figure, tables(solved)["map"], _alt(solved, grid, title))


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
    low, high = np.nanmin(estimates), np.nanmax(estimates)
    if not high > low:
        return np.where(np.isnan(estimates), np.nan, 0.5)
    return np.asarray((estimates - low) / (high - low))


def _cells(axes: Axes, solved: Solved, grid: TippingMap, cell_cm: float) -> None:
    estimates = grid.estimates
    shades = _shades(estimates) if np.isfinite(estimates).any() else estimates
    words, size = _words(solved.question.target, grid, cell_cm - 0.08)
    for j in range(len(grid.up)):
        for i in range(len(grid.across)):
            shade = shades[j, i]
            empty = bool(np.isnan(shade))
            colour = style.WHITE if empty else to_hex(_SHADES(shade)).upper()
            axes.add_patch(
                Rectangle((i - 0.5, j - 0.5), 1, 1, facecolor=colour, edgecolor=style.WHITE,
                          linewidth=0.6, zorder=1)
            )  # fmt: skip
            ink = max((style.BLACK, style.WHITE), key=lambda ink: style.contrast(ink, colour))
            axes.text(i, j, words.get((j, i), "–"), ha="center", va="center", color=ink,
                      fontsize=size, gid="cell", zorder=4)  # fmt: skip


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


def _outline(axes: Axes, grid: TippingMap) -> None:
    """The border between combinations that meet the target and those that do not."""
    met = np.pad(grid.met, 1)
    lines = []
    for j, i in zip(*np.nonzero(met[:, 1:] != met[:, :-1]), strict=True):
        lines.append(([i - 0.5, i - 0.5], [j - 1.5, j - 0.5]))
    for j, i in zip(*np.nonzero(met[1:] != met[:-1]), strict=True):
        lines.append(([i - 1.5, i - 0.5], [j - 0.5, j - 0.5]))
    for colour, width, order in ((style.WHITE, 4.5, 2), (style.BLACK, 2.2, 3)):
        for across, up in lines:  # white below black: seen on dark cells too
            axes.plot(across, up, color=colour, linewidth=width, zorder=order, clip_on=False,
                      solid_capstyle="projecting")  # fmt: skip


def _thin_ticks(axes: Axes, width: float) -> None:
    """Leave out labels of the horizontal axis that would run into one another."""
    labels = axes.get_xticklabels()
    widest = max(width_cm(label.get_text(), style.NOTE_SIZE) for label in labels) + 0.15
    every = math.ceil(widest / (width / len(labels)))
    for place, label in enumerate(labels):
        label.set_visible(place % every == 0)


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


def _alt(solved: Solved, grid: TippingMap, title: str) -> str:
    asked = solved.question
    second = asked.second.noun if asked.second else ""
    return (
        f"{title}. Heat map: {measure_words(asked.target, asked.moment)}, with the "
        f"{asked.lever.noun} across and the {second} upwards. "
        + _in_one(map_sentences(solved, grid))
        + " The numbers are in the table beside this chart."
    )


def _in_one(lines: Sequence[str]) -> str:
    """A sentence and the lines that list its parts as one paragraph."""
    first, *parts = lines
    return f"{first} {'; '.join(parts)}." if parts else first
