"""Heat maps whose cells carry their numbers, so that shade is never the only carrier of meaning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Rectangle

from rsip_sim.charts import style
from rsip_sim.charts.sheet import Sheet, line_cm
from rsip_sim.charts.text import fitted
from rsip_sim.measures.runs import FloatArray

DARKEST = style.MID_BLUE


@dataclass(frozen=True)
class Tile:
    """One tile of a panel.

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


def cell_panel(
    sheet: Sheet,
    left: float,
    bottom: float,
    cell_cm: tuple[float, float],
    cells: Sequence[Sequence[Tile]],
    heads: Sequence[str],
) -> None:
    """Draw rows of cells, the first on top, with the heads of the columns above them.

    left, bottom  lower left corner in centimetres of the body;  cell_cm: width and height
    """
    width, height = cell_cm
    axes = sheet.axes(left, bottom, width * len(heads), height * len(cells))
    axes.set_xlim(0, len(heads))
    axes.set_ylim(len(cells), 0)
    axes.axis("off")
    for i, row in enumerate(cells):
        for j, cell in enumerate(row):
            known = not math.isnan(cell.shade)
            colour = colour_of(cell.shade) if known else style.WHITE
            axes.add_patch(
                Rectangle((j, i), 1, 1, facecolor=colour, edgecolor=style.DARK_GREY,
                          linewidth=0.6, hatch=None if known else "////")
            )  # fmt: skip
            if cell.framed:
                axes.add_patch(
                    Rectangle((j + 0.03, i + 0.05), 0.94, 0.9, fill=False,
                              edgecolor=ink_on(colour), linewidth=1.6)
                )  # fmt: skip
            axes.text(
                j + 0.5, i + 0.5, cell.text, fontsize=style.NOTE_SIZE, ha="center",
                va="center_baseline", color=ink_on(colour), gid="cell",
                fontweight="bold" if cell.bold else "normal",
                bbox=None if known else {"facecolor": style.WHITE, "edgecolor": "none", "pad": 1.0},
            )  # fmt: skip
    top = bottom + height * len(cells) + 0.1
    for j, head in enumerate(heads):
        lines = fitted(head, style.NOTE_SIZE, width - 0.1, most=2)
        for i, line in enumerate(lines):
            sheet.text(
                left + (j + 0.5) * width, top + (len(lines) - 1 - i) * line_cm(style.NOTE_SIZE),
                line, style.NOTE_SIZE, ha="center", va="bottom", gid="head",
            )  # fmt: skip


def heads_cm(heads: Sequence[str], width: float) -> float:
    """Room above the cells for the heads of the columns."""
    lines = max(len(fitted(head, style.NOTE_SIZE, width - 0.1, most=2)) for head in heads)
    return lines * line_cm(style.NOTE_SIZE) + 0.15
