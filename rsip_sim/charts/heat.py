"""Heat maps whose cells carry their numbers, so that shade is never the only carrier of meaning.

A chart is one grid or several, each with its rows and columns; what stands in a cell and how dark
it is comes from whoever makes the chart, where it stands is worked out here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rsip_sim.charts import style
from rsip_sim.charts.fit import fitted_apart, wrapped
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.measures.runs import FloatArray

DARKEST = style.MID_BLUE
GAP_CM, BELOW_CM = 0.5, 0.35  # between grids
ROW_CM = 0.55  # of a row whose label has one line
MOST_LINES = 6  # of the head of a column
NARROWEST_CM = 1.2  # of cells of grids beside one another
NOTE, TEXT = line_cm(style.NOTE_SIZE), line_cm(style.TEXT_SIZE)


@dataclass(frozen=True)
class Tile:
    """One cell of a grid.

    text    what stands in it
    shade   0 pale … 1 dark; NaN: there is no number, and the cell is hatched
    bold    set in bold type;  framed: with a thick frame
    """

    text: str
    shade: float = math.nan
    bold: bool = False
    framed: bool = False


def shades(values: FloatArray) -> FloatArray:
    """Shades of numbers: the smallest 0, the largest 1; all 0 where they do not differ."""
    known = values[~np.isnan(values)]
    if not known.size or known.max() == known.min():
        return np.where(np.isnan(values), np.nan, 0.0)
    return np.asarray((values - known.min()) / (known.max() - known.min()))


def colour_of(shade: float) -> str:
    """A colour between white and the darkest, ``#RRGGBB``."""
    dark = [int(DARKEST[i : i + 2], 16) for i in (1, 3, 5)]
    mixed = [round(255 + (part - 255) * min(max(shade, 0.0), 1.0)) for part in dark]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(colour: str) -> str:
    """Black or white, whichever is read more easily on the colour."""
    on_white, on_black = (style.contrast(ink, colour) for ink in (style.WHITE, style.BLACK))
    return style.WHITE if on_white > on_black else style.BLACK


@dataclass(frozen=True)
class Grid:
    """Cells, the first row on top.

    labels   of the rows: a text, of which two lines are shown
    heads    of the columns
    head     of the whole grid
    """

    cells: Sequence[Sequence[Tile]]
    labels: Sequence[str]
    heads: Sequence[str]
    head: str = ""


@dataclass(frozen=True)
class Heat:
    """The picture: grids of one shape, beside and below one another.

    labels_cm      room for the labels of the rows
    axis           what the rows and columns are, above everything
    widest_cm      of a cell
    most_across    grids beside one another
    """

    grids: Sequence[Grid]
    labels_cm: float
    axis: str
    widest_cm: float = math.inf
    most_across: int = 1

    @property
    def height_cm(self) -> float:
        """Height of the rows of grids and of the words above them."""
        down = -(-len(self.grids) // self._beside)
        return self._axis_cm + sum(self._grid_cm(self.grids[i * self._beside]) for i in range(down))

    @property
    def cell_cm(self) -> float:
        """Width of a cell."""
        room = self._room - (self._beside - 1) * GAP_CM
        return min(room / (self._beside * len(self.grids[0].heads)), self.widest_cm)

    def draw(self, sheet: Sheet) -> None:
        """Draw the grids from the top."""
        sheet.lines(MARGIN, sheet.body_cm, self._axis_lines, style.NOTE_SIZE, gid="axis")
        top = sheet.body_cm - self._axis_cm
        for place, grid in enumerate(self.grids):
            column = place % self._beside
            if place and not column:
                top -= self._grid_cm(grid)
            left = MARGIN + self.labels_cm + column * (len(grid.heads) * self.cell_cm + GAP_CM)
            self._grid(sheet, grid, left, top, named=not column)

    @property
    def _room(self) -> float:
        return style.WIDTH_CM - 2 * MARGIN - self.labels_cm

    @cached_property
    def _beside(self) -> int:
        needed = len(self.grids[0].heads) * NARROWEST_CM + GAP_CM
        fit = max(int((self._room + GAP_CM) / needed), 1)
        return min(fit, len(self.grids), self.most_across)

    @cached_property
    def _axis_lines(self) -> list[str]:
        return wrapped(self.axis, style.NOTE_SIZE, style.WIDTH_CM - 2 * MARGIN)

    @property
    def _axis_cm(self) -> float:
        return len(self._axis_lines) * NOTE + 0.15

    def _grid_cm(self, grid: Grid) -> float:
        rows = len(grid.cells) * self._row_cm
        return self._head_cm(grid) + self._above_cm(grid) + rows + BELOW_CM

    def _head_cm(self, grid: Grid) -> float:
        return len(self._head(grid)) * TEXT + 0.05 if grid.head else 0.0

    def _above_cm(self, grid: Grid) -> float:
        return max(map(len, self._heads(grid))) * NOTE + 0.15

    @cached_property
    def _row_cm(self) -> float:
        """Height of a row, of which the labels may ask more."""
        lines = max(len(label) for grid in self.grids for label in self._labels(grid))
        return max(ROW_CM, lines * NOTE + 0.05)

    def _labels(self, grid: Grid) -> list[list[str]]:
        return fitted_apart(grid.labels, style.NOTE_SIZE, self.labels_cm - 0.2, most=2)

    def _heads(self, grid: Grid) -> list[list[str]]:
        return fitted_apart(grid.heads, style.NOTE_SIZE, self.cell_cm - 0.1, MOST_LINES)

    def _head(self, grid: Grid) -> list[str]:
        """Lines above a grid: across the sheet where it stands alone, else over its cells."""
        if not grid.head:
            return []
        if self._beside > 1:
            room = len(grid.heads) * self.cell_cm
            heads = [each.head for each in self.grids]
            lines = fitted_apart(heads, style.NOTE_SIZE, room, bold=True)
            return lines[heads.index(grid.head)]
        room = style.WIDTH_CM - 2 * MARGIN
        return wrapped(grid.head, style.TEXT_SIZE, room, bold=True)

    def _grid(self, sheet: Sheet, grid: Grid, left: float, top: float, named: bool) -> None:
        alone, head = self._beside == 1, self._head(grid)
        sheet.lines(
            MARGIN if alone else left, top - 0.05, head,
            style.TEXT_SIZE if alone else style.NOTE_SIZE, fontweight="bold", gid="panel",
        )  # fmt: skip
        top -= self._head_cm(grid)
        top -= self._above_cm(grid)
        height, width = len(grid.cells) * self._row_cm, len(grid.heads) * self.cell_cm
        axes = sheet.axes(left, top - height, width, height)
        self._cells(axes, grid)
        for i, lines in enumerate(self._labels(grid) if named else ()):
            sheet.lines(left - 0.15, top - (i + 0.5) * self._row_cm, lines, style.NOTE_SIZE,
                        "center", ha="right", gid="row")  # fmt: skip
        for j, lines in enumerate(self._heads(grid)):
            sheet.lines(
                left + (j + 0.5) * self.cell_cm, top + 0.1, lines,
                style.NOTE_SIZE, "bottom", ha="center", gid="head",
            )  # fmt: skip

    def _cells(self, axes: Axes, grid: Grid) -> None:
        """The cells, each with its middle at whole numbers, counted from the upper left."""
        axes.set_xlim(-0.5, len(grid.heads) - 0.5)
        axes.set_ylim(len(grid.cells) - 0.5, -0.5)
        axes.axis("off")
        for i, row in enumerate(grid.cells):
            for j, cell in enumerate(row):
                known = not math.isnan(cell.shade)
                colour = colour_of(cell.shade) if known else style.WHITE
                axes.add_patch(
                    Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=colour,
                              edgecolor=style.DARK_GREY, linewidth=0.6,
                              hatch=None if known else "////")
                )  # fmt: skip
                if cell.framed:
                    axes.add_patch(
                        Rectangle((j - 0.47, i - 0.45), 0.94, 0.9, fill=False,
                                  edgecolor=ink_on(colour), linewidth=1.6)
                    )  # fmt: skip
                backing = {"facecolor": style.WHITE, "edgecolor": "none", "pad": 1.0}
                axes.text(
                    j, i, cell.text, fontsize=style.NOTE_SIZE, ha="center", va="center_baseline",
                    color=ink_on(colour), gid="cell", bbox=None if known else backing, zorder=4,
                    fontweight="bold" if cell.bold else "normal",
                )  # fmt: skip


TILES_ACROSS = 4
TILE_GAP_CM = 0.18
NUMBERS_CM = 1.3  # of a tile: the number and the line below its name
PADDING_CM = 0.15
NUMBER_SIZE = 14.0
ROOM_CM = style.WIDTH_CM - 2 * MARGIN


@dataclass(frozen=True)
class Box:
    """One tile: its words, and its fill as ``#RRGGBB``."""

    name: str
    number: str
    foot: str
    fill: str


@dataclass(frozen=True)
class Tiles:
    """The picture: tiles from the upper left, row by row."""

    boxes: Sequence[Box]

    @property
    def height_cm(self) -> float:
        """Height of all rows of tiles."""
        return -(-len(self.boxes) // self._columns) * self._row_cm

    def draw(self, sheet: Sheet) -> None:
        """Draw the tiles."""
        axes = sheet.axes(MARGIN, 0, ROOM_CM, self.height_cm)
        axes.set_xlim(0, ROOM_CM)
        axes.set_ylim(self.height_cm, 0)
        axes.set_axis_off()
        for place, (box, name) in enumerate(zip(self.boxes, self._names, strict=True)):
            row, column = divmod(place, self._columns)
            self._box(axes, box, name, column * self._width_cm, row * self._row_cm)

    @property
    def _columns(self) -> int:
        return min(TILES_ACROSS, len(self.boxes))

    @property
    def _width_cm(self) -> float:
        return (ROOM_CM + TILE_GAP_CM) / self._columns

    @cached_property
    def _names(self) -> list[list[str]]:
        room = self._width_cm - TILE_GAP_CM - 2 * PADDING_CM
        return fitted_apart([box.name for box in self.boxes], style.TEXT_SIZE, room, most=2)

    @property
    def _row_cm(self) -> float:
        lines = max(map(len, self._names)) * line_cm(style.TEXT_SIZE)
        return 2 * PADDING_CM + lines + NUMBERS_CM + TILE_GAP_CM

    def _box(self, axes: Axes, box: Box, name: Sequence[str], left: float, top: float) -> None:
        width, height = self._width_cm - TILE_GAP_CM, self._row_cm - TILE_GAP_CM
        axes.add_patch(
            Rectangle((left, top), width, height, facecolor=box.fill, edgecolor=style.DARK_GREY,
                      linewidth=0.8, clip_on=False)
        )  # fmt: skip
        bottom = top + height - PADDING_CM
        lines = [
            (top + PADDING_CM + i * line_cm(style.TEXT_SIZE), line, "top", style.TEXT_SIZE)
            for i, line in enumerate(name)
        ]
        lines.append((bottom - 0.78, box.number, "center", NUMBER_SIZE))
        lines.append((bottom, box.foot, "bottom", style.NOTE_SIZE))
        for at, words, up, size in lines:
            axes.text(
                left + width / 2, at, words, va=up, ha="center", fontsize=size,
                fontweight="bold" if size == NUMBER_SIZE else "normal", color=ink_on(box.fill),
                gid="tile",
            )  # fmt: skip
