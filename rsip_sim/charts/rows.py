"""Charts of rows: a label at the left, marks along a scale, and a number at the right.

A chart is blocks below one another, a block is panels beside one another that share their labels,
and a panel is one row of marks for each label. Whoever makes a chart makes rows; where they stand
is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.fit import fitted_apart, wrapped
from rsip_sim.charts.scales import Scale
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm

ROW_CM = 0.48
TICKS_CM = 0.75
HEAD_CM, COLUMN_CM = 0.15, 0.4  # gap below the heading of a block; heads of its panels
CLEAR_CM = 0.2  # between a label and its panel
NOTE = line_cm(style.NOTE_SIZE)


BAR_CM = 0.3  # thickness of a bar


@dataclass(frozen=True)
class Mark:
    """One mark of a row, which looks as the key says; one that is not a number is left out.

    start, end  in the unit of the scale; a dot has no end
    """

    look: KeyEntry
    start: float
    end: float | None = None

    @property
    def ends(self) -> list[float]:
        """Where it is."""
        return [self.start] if self.end is None else [self.start, self.end]


@dataclass(frozen=True)
class Row:
    """The marks of a row, later ones over earlier ones.

    number   right of the panel
    instead  of marks, at the left end of the scale
    """

    marks: Sequence[Mark] = ()
    number: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Panel:
    """Rows along one scale.

    head, number_head  above the rows, and above their numbers
    instead            of all marks, in the middle
    """

    rows: Sequence[Row]
    scale: Scale
    head: str = ""
    number_head: str = ""
    instead: str = ""


@dataclass(frozen=True)
class Block:
    """Panels beside one another, and the labels of their rows.

    labels  a text, of which two lines are shown, or the lines themselves
    head    above the block
    strong  places of the labels in bold
    """

    labels: Sequence[str | Sequence[str]]
    panels: Sequence[Panel]
    head: str = ""
    strong: Sequence[int] = ()


def numbers_in(rows: Iterable[Row]) -> list[float]:
    """Every end of every mark, for the scale that has to hold them."""
    return [end for row in rows for mark in row.marks for end in mark.ends]


@dataclass(frozen=True)
class Rows:
    """The picture: blocks below one another.

    labels_cm   room for the labels
    numbers_cm  room for the numbers right of each panel
    right_cm    room for the last label of a scale
    row_cm      height of a row whose label has one line
    own         each row has the height that its own label needs, instead of the tallest's
    """

    blocks: Sequence[Block]
    labels_cm: float
    numbers_cm: float = 0.0
    right_cm: float = 0.0
    gap_cm: float = 0.5
    row_cm: float = ROW_CM
    own: bool = False

    @property
    def height_cm(self) -> float:
        """Height of all blocks."""
        return sum(map(self.block_cm, self.blocks))

    def fitting(self, tallest_cm: float) -> tuple[Rows, list[int]]:
        """The blocks for which a page has room, at least the first, and their places."""
        shown: list[int] = []
        for place, block in enumerate(self.blocks):
            if not shown or self.block_cm(block) <= tallest_cm:
                shown.append(place)
                tallest_cm -= self.block_cm(block)
        return replace(self, blocks=[self.blocks[place] for place in shown]), shown

    def block_cm(self, block: Block) -> float:
        """Height of a block: its heads, rows and ticks."""
        return self._above_cm(block) + sum(self._heights(block)) + self._below_cm(block)

    def draw(self, sheet: Sheet) -> None:
        """Draw the blocks from the top."""
        top = sheet.body_cm
        for block in self.blocks:
            self._block(sheet, block, top)
            top -= self.block_cm(block)

    def _words(self, block: Block) -> list[Sequence[str]]:
        own = [label for label in block.labels if isinstance(label, str)]
        lines = dict(
            zip(own, fitted_apart(own, style.NOTE_SIZE, self.labels_cm - 0.25, most=2), strict=True)
        )
        return [lines[label] if isinstance(label, str) else label for label in block.labels]

    def _heights(self, block: Block) -> list[float]:
        own = [
            self.row_cm if len(lines) == 1 else max(self.row_cm, len(lines) * NOTE + 0.1)
            for lines in self._words(block)
        ]
        return own if self.own else [max(own)] * len(own)

    def _above_cm(self, block: Block) -> float:
        heads = [words for panel in block.panels for words in (panel.head, panel.number_head)]
        lines = len(_head_lines(block)) * line_cm(style.TEXT_SIZE)
        return lines + (HEAD_CM if lines else 0.0) + (COLUMN_CM if any(heads) else 0.0)

    def _below_cm(self, block: Block) -> float:
        ticks = any(panel.scale.ticks != () for panel in block.panels)
        label = any(panel.scale.label for panel in block.panels)
        return (TICKS_CM if ticks else 0.35) + (0.45 if label else 0.0)

    def _across(self, place: int, panels: int) -> tuple[float, float]:
        """Left end and width of a panel."""
        left = MARGIN + self.labels_cm
        room = style.WIDTH_CM - left - MARGIN - self.right_cm - self.gap_cm * (panels - 1)
        return left + place * (room / panels + self.gap_cm), room / panels - self.numbers_cm

    def _block(self, sheet: Sheet, block: Block, top: float) -> None:
        heights = self._heights(block)
        sheet.lines(MARGIN, top - 0.05, _head_lines(block), fontweight="bold", gid="panel")
        top -= self._above_cm(block)
        middles = np.cumsum(heights) - np.array(heights) / 2
        for place, (lines, middle) in enumerate(zip(self._words(block), middles, strict=True)):
            weight = "bold" if place in block.strong else "normal"
            sheet.lines(MARGIN + self.labels_cm - CLEAR_CM, top - middle, lines, style.NOTE_SIZE,
                        "center", ha="right", gid="row", fontweight=weight)  # fmt: skip
        for place, panel in enumerate(block.panels):
            left, width = self._across(place, len(block.panels))
            right, above = left + width + self.numbers_cm, top + 0.1
            sheet.text(left, above, panel.head, style.NOTE_SIZE, va="bottom", gid="column")
            sheet.text(right, above, panel.number_head, style.NOTE_SIZE, va="bottom", ha="right",
                       gid="column")  # fmt: skip
            height = sum(heights)
            axes = sheet.axes(left, top - height, width, height, unit=panel.scale.unit)
            _panel(axes, panel, heights)
            for row, middle in zip(panel.rows, middles, strict=True):
                sheet.text(right, top - middle, row.number, style.NOTE_SIZE, ha="right",
                           va="center", gid="number")  # fmt: skip


def _head_lines(block: Block) -> list[str]:
    room = style.WIDTH_CM - 2 * MARGIN
    return wrapped(block.head, style.TEXT_SIZE, room, bold=True) if block.head else []


def _panel(axes: Axes, panel: Panel, heights: Sequence[float]) -> None:
    """Draw the rows, whose heights are in centimetres, from the top."""
    axes.set_ylim(sum(heights), 0)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    panel.scale.draw(axes)
    middles = np.cumsum(heights) - np.array(heights) / 2
    if panel.scale.ticks == ():  # without a scale below, lines along the rows lead the eye
        axes.spines["bottom"].set_visible(False)
        axes.hlines(middles, panel.scale.low, panel.scale.high, color=style.GRID, linewidth=0.6,
                    zorder=1)  # fmt: skip
    if panel.instead:
        axes.text(0.5, 0.5, panel.instead, fontsize=style.NOTE_SIZE, ha="center", va="center",
                  transform=axes.transAxes)  # fmt: skip
        return
    for row, middle in zip(panel.rows, middles, strict=True):
        if row.instead:
            axes.text(0.01, middle, row.instead, fontsize=style.NOTE_SIZE, va="center",
                      transform=axes.get_yaxis_transform())  # fmt: skip
        for order, mark in enumerate(row.marks):
            if np.isfinite(mark.ends).all():
                _mark(axes, mark, middle, 2.1 + order / 10)


def _mark(axes: Axes, mark: Mark, at: float, order: float) -> None:
    look, ends = mark.look, mark.ends
    if look.kind == "area":
        axes.barh(
            at, ends[1] - ends[0], BAR_CM, left=ends[0], facecolor=look.colour,
            edgecolor=look.edge or look.colour, hatch=look.hatch, linewidth=0.8, zorder=order,
        )  # fmt: skip
    elif look.kind == "line":
        axes.plot(ends, [at, at], color=look.colour, linewidth=look.width, zorder=order,
                  marker="|" if look.caps else "", markersize=5)  # fmt: skip
    else:
        axes.plot(
            ends, [at], look.marker, markersize=look.width, markerfacecolor=look.colour,
            markeredgecolor=look.edge or look.colour, zorder=order, clip_on=False,
        )  # fmt: skip
