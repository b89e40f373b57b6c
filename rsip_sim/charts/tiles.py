"""Tiles of one size in rows, each with a name, a large number and a line below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from rsip_sim.charts import style
from rsip_sim.charts.fit import fitted_apart
from rsip_sim.charts.heat import ink_on
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm

COLUMNS = 4
GAP_CM = 0.18
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
        return min(COLUMNS, len(self.boxes))

    @property
    def _width_cm(self) -> float:
        return (ROOM_CM + GAP_CM) / self._columns

    @cached_property
    def _names(self) -> list[list[str]]:
        room = self._width_cm - GAP_CM - 2 * PADDING_CM
        return fitted_apart([box.name for box in self.boxes], style.TEXT_SIZE, room, most=2)

    @property
    def _row_cm(self) -> float:
        lines = max(map(len, self._names)) * line_cm(style.TEXT_SIZE)
        return 2 * PADDING_CM + lines + NUMBERS_CM + GAP_CM

    def _box(self, axes: Axes, box: Box, name: Sequence[str], left: float, top: float) -> None:
        width, height = self._width_cm - GAP_CM, self._row_cm - GAP_CM
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
