"""Panels whose rows are scenarios: their names at the left, one row each, first on top."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.charts.text import fitted, wrapped

ROW_CM = 0.48


def panel_head(text: str) -> list[str]:
    """The heading of a panel across the sheet, in lines that fit it.

    Bold letters are drawn a little wider than they are measured.
    """
    room = style.WIDTH_CM - 2 * MARGIN - 1.2
    return wrapped(text, style.TEXT_SIZE, room, bold=True)


def more_words(told: Sequence[str], shown: Sequence[str]) -> list[str]:
    """A line of the note where not all measures found room; else none."""
    left = len(told) - len(shown)
    if not left:
        return []
    return [
        f"{left} more {'measure is' if left == 1 else 'measures are'} in the table beside this."
    ]


def row_words(titles: Sequence[str], width_cm: float) -> list[list[str]]:
    """Each title in at most two lines of this width."""
    return [fitted(title, style.NOTE_SIZE, width_cm, most=2) for title in titles]


def row_height(words: Sequence[Sequence[str]]) -> float:
    """Height of a row in centimetres: enough for the longest title."""
    return ROW_CM if max(map(len, words)) == 1 else 2 * line_cm(style.NOTE_SIZE) + 0.1


def name_rows(
    sheet: Sheet, words: Sequence[Sequence[str]], right: float, bottom: float, row_cm: float
) -> None:
    """Write the names of the rows of a panel, ending at ``right``."""
    for k, lines in enumerate(words):
        middle = bottom + (len(words) - k - 0.5) * row_cm
        for i, line in enumerate(lines):
            sheet.text(
                right, middle + (len(lines) - 1 - 2 * i) / 2 * line_cm(style.NOTE_SIZE), line,
                style.NOTE_SIZE, ha="right", va="center", gid="row",
            )  # fmt: skip


def rows_axes(axes: Axes, rows: int) -> None:
    """One unit of height a row, counted from the top."""
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(True, axis="x")
