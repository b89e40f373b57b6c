"""Blocks of rows, one block a metric and one row an input: the difference beside the level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.rows import name_rows, panel_head, row_height, row_words, rows_axes
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.studies.kernel.pairs import DIFFERENCE, LEVEL

OF_DIFFERENCE = 3  # rows that the difference chooses, before the level has its turn
LABELS_CM = 5.2
GAP_CM = 0.6
TICKS_CM = 0.75


def leading_rows(difference: Sequence[int], level: Sequence[int], most: int) -> list[int]:
    """What leads in the difference, then in the level, then more of the difference; each once."""
    places = [*difference[:OF_DIFFERENCE], *level, *difference[OF_DIFFERENCE:]]
    return list(dict.fromkeys(places))[:most]


@dataclass(frozen=True)
class InputBlocks:
    """What is written and drawn of each metric.

    heading     over a block, by metric
    labels      of the rows of a block, by metric
    columns     heads of the two columns, by kind of outcome
    draw        draws the rows of one column: axes, kind of outcome, metric
    tallest_cm  of all blocks, so that chart and words fit a page of A4
    right_cm    room for the last label of a scale
    """

    heading: Callable[[str], str]
    labels: Callable[[str], Sequence[str]]
    columns: Mapping[int, str]
    draw: Callable[[Axes, int, str], None]
    tallest_cm: float
    right_cm: float

    def fitting(self, metrics: Sequence[str]) -> dict[str, float]:
        """The metrics that fit the page, with the heights of their blocks; at least one."""
        shown: dict[str, float] = {}
        for name in metrics:
            words = self._words(name)
            head = len(panel_head(self.heading(name))) * line_cm(style.TEXT_SIZE) + 0.55
            block = head + len(words) * row_height(words) + TICKS_CM
            if not shown or sum(shown.values()) + block <= self.tallest_cm:
                shown[name] = block
        return shown

    def fill(self, sheet: Sheet, shown: Mapping[str, float]) -> None:
        """Draw the blocks one below the other."""
        top = sheet.body_cm
        for name, block in shown.items():
            self._block(sheet, name, top, block)
            top -= block

    def _words(self, name: str) -> list[list[str]]:
        return row_words(self.labels(name), LABELS_CM - 0.25)

    def _block(self, sheet: Sheet, name: str, top: float, block: float) -> None:
        words = self._words(name)
        row_cm, left = row_height(words), MARGIN + LABELS_CM
        for i, line in enumerate(panel_head(self.heading(name))):
            sheet.text(MARGIN, top - 0.05 - i * line_cm(style.TEXT_SIZE), line, va="top",
                       fontweight="bold", gid="panel")  # fmt: skip
        bottom, height = top - block + TICKS_CM, len(words) * row_cm
        name_rows(sheet, words, left - 0.2, bottom, row_cm)
        width = (style.WIDTH_CM - left - MARGIN - self.right_cm - GAP_CM) / 2
        for column, kind in enumerate((DIFFERENCE, LEVEL)):
            at = left + column * (width + GAP_CM)
            sheet.text(at, bottom + height + 0.1, self.columns[kind], style.NOTE_SIZE, va="bottom",
                       gid="column")  # fmt: skip
            axes = sheet.axes(at, bottom, width, height)
            rows_axes(axes, len(words))
            self.draw(axes, kind, name)
