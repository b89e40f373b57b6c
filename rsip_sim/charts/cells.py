"""Charts of cells: a table whose cells hold a number and, below it, its dot and interval.

Every row has a scale of its own, which its cells share, with an upright line at no difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.fit import fitted, fitted_apart
from rsip_sim.charts.scales import ends_around
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm

ROW_CM = 0.95
HEAD_GAP_CM, GROUP_CM = 0.12, 0.3
MARK_CM = 0.34  # height of the dot and its interval
GAP_CM = 0.25  # between columns
LABEL_CM, LEVEL_CM = 4.5, 1.35
MOST_LINES = 6  # of the head of a column
NOTE = line_cm(style.NOTE_SIZE)


@dataclass(frozen=True)
class Cell:
    """One number with its interval, in the unit of its row; without a number only its words.

    told  False: grey, and the dot open
    """

    words: str
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    told: bool = True


@dataclass(frozen=True)
class Line:
    """One row.

    level  what stands before the cells
    group  whether a rule parts it from the row above
    """

    label: str
    level: str
    cells: Sequence[Cell]
    group: bool = False


@dataclass(frozen=True)
class Cells:
    """The picture: a head above each column of cells, and the rows.

    level_head, over  heads of the levels, and above all cells together
    """

    heads: Sequence[str]
    level_head: str
    over: str
    lines: Sequence[Line]

    @property
    def height_cm(self) -> float:
        """Height of the heads and of all rows."""
        groups = sum(line.group for line in self.lines)
        return self._head_cm + ROW_CM * len(self.lines) + GROUP_CM * groups

    @property
    def _width_cm(self) -> float:
        room = style.WIDTH_CM - 2 * MARGIN - LABEL_CM - LEVEL_CM
        return room / len(self.heads) - GAP_CM

    def _left(self, place: int) -> float:
        return MARGIN + LABEL_CM + LEVEL_CM + GAP_CM + place * (self._width_cm + GAP_CM)

    @cached_property
    def _wrapped(self) -> list[list[str]]:
        level = fitted(self.level_head, style.NOTE_SIZE, LEVEL_CM + 1, MOST_LINES, bold=True)
        room = self._width_cm - HEAD_GAP_CM
        return [*fitted_apart(self.heads, style.NOTE_SIZE, room, MOST_LINES, bold=True), level]

    @cached_property
    def _labels(self) -> dict[str, list[str]]:
        own = [line.label for line in self.lines]
        lines = fitted_apart(own, style.NOTE_SIZE, LABEL_CM - 0.2, most=2)
        return dict(zip(own, lines, strict=True))

    @property
    def _head_cm(self) -> float:
        return (max(map(len, self._wrapped)) + 1) * NOTE + 2 * HEAD_GAP_CM

    def draw(self, sheet: Sheet) -> None:
        """Draw the heads and the rows from the top."""
        top = sheet.body_cm
        left, right = self._left(0), self._left(len(self.heads)) - GAP_CM
        over = fitted(self.over, style.NOTE_SIZE, right - left)
        sheet.lines((left + right) / 2, top, over, style.NOTE_SIZE, ha="center", gid="column")
        below = top - self._head_cm + HEAD_GAP_CM
        *heads, level = self._wrapped
        for place, lines in enumerate(heads):
            at = self._left(place) + self._width_cm / 2
            sheet.lines(at, below, lines, style.NOTE_SIZE, "bottom", ha="center",
                        fontweight="bold", gid="column")  # fmt: skip
        at = MARGIN + LABEL_CM + LEVEL_CM
        sheet.lines(at, below, level, style.NOTE_SIZE, "bottom", ha="right", fontweight="bold",
                    gid="column")  # fmt: skip
        top -= self._head_cm
        for line in self.lines:
            if line.group:
                top -= GROUP_CM
            self._line(sheet, line, top)
            top -= ROW_CM

    def _line(self, sheet: Sheet, line: Line, top: float) -> None:
        words = top - 0.12 - NOTE / 2
        label = self._labels[line.label]
        first = words + NOTE / 2 - len(label) * NOTE / 2
        sheet.lines(MARGIN, first, label, style.NOTE_SIZE, "center", gid="row")
        sheet.text(MARGIN + LABEL_CM + LEVEL_CM, words, line.level, style.NOTE_SIZE, va="center",
                   ha="right", gid="number")  # fmt: skip
        ends = [end for cell in line.cells for end in (cell.value, cell.low, cell.high)]
        scale = ends_around(ends, 1e-9, edge=0.08)
        for place, cell in enumerate(line.cells):
            at = self._left(place)
            colour = style.BLACK if cell.told else style.MID_GREY
            sheet.text(at + self._width_cm / 2, words, cell.words, style.NOTE_SIZE, va="center",
                       ha="center", color=colour, gid="number",
                       fontweight="bold" if cell.told else "normal")  # fmt: skip
            if np.isfinite(cell.value):
                _mark(sheet, cell, words - NOTE / 2 - MARK_CM / 2, (at, at + self._width_cm), scale)


def _mark(
    sheet: Sheet, cell: Cell, middle: float, room: tuple[float, float], scale: tuple[float, float]
) -> None:
    """The dot and its interval: strokes, since axes take ten times as long and have no numbers.

    middle  height in centimetres;  room: from where to where it goes across, in centimetres
    scale   the values at both ends of it
    """

    def across(*values: float) -> list[float]:
        return np.interp(values, scale, room).tolist()

    upright = [middle - MARK_CM / 2, middle + MARK_CM / 2]
    sheet.stroke(room, [middle] * 2, color=style.GRID, linewidth=0.6, zorder=1)
    sheet.stroke(across(0, 0), upright, color=style.BLACK, linewidth=0.9, zorder=1.5)
    colour = style.DARK_BLUE if cell.told else style.MID_GREY
    if np.isfinite([cell.low, cell.high]).all():
        sheet.stroke(across(cell.low, cell.high), [middle] * 2, color=colour, linewidth=1.6,
                     marker="|", markersize=5, zorder=2)  # fmt: skip
    sheet.stroke(across(cell.value), [middle], marker="o", markersize=4.5, zorder=3,
                 markeredgecolor=colour,
                 markerfacecolor=colour if cell.told else style.WHITE)  # fmt: skip
