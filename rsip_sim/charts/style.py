"""The look of every chart: colours, sizes and drawing settings.

Follows the charts and colours guidance of the Government Analysis Function: a message for a title,
a subtitle with measure, place and period, a source line, direct labels, never colour alone.
The colours are those the guidance publishes (also in the package afcharts, Crown copyright, MIT).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib

DARK_BLUE = "#12436D"
DARK_PINK = "#801650"
ORANGE = "#F46A25"
DARK_GREY = "#3D3D3D"
MID_BLUE = "#2073BC"
PALE_BLUE = "#ADD1F1"
FOCUS_GREY = "#BFBFBF"
MID_GREY = "#6B6B6B"
PALE_GREY = "#E4E4E4"
GRID = "#D5D5D5"
BLACK = "#000000"
WHITE = "#FFFFFF"

WIDTH_CM = 16.0
CM = 1 / 2.54  # inches
PNG_DPI = 200

TITLE_SIZE = 12.0
SUBTITLE_SIZE = 9.5
TEXT_SIZE = 9.0
NOTE_SIZE = 8.0
LINE = 1.3
"""Height of a line of text ÷ its size."""

# DejaVu Sans comes with matplotlib, so that the layout is the same on every machine; the SVG asks
# for Arial first, which is narrower and so never runs off.
FONT = "DejaVu Sans"
SVG_FONT = f"Arial, Helvetica, '{FONT}', sans-serif"

SETTINGS: Any = {  # matplotlib types its keys one by one
    "font.family": FONT,
    "font.size": TEXT_SIZE,
    "text.parse_math": False,
    "text.color": BLACK,
    "axes.unicode_minus": True,
    "axes.edgecolor": DARK_GREY,
    "axes.labelcolor": BLACK,
    "axes.labelsize": TEXT_SIZE,
    "axes.linewidth": 0.8,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "xtick.labelsize": NOTE_SIZE,
    "ytick.labelsize": NOTE_SIZE,
    "xtick.color": DARK_GREY,
    "ytick.color": DARK_GREY,
    "xtick.labelcolor": BLACK,
    "ytick.labelcolor": BLACK,
    "ytick.major.size": 0.0,
    "xtick.major.size": 3.0,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "butt",
    "hatch.linewidth": 0.5,
    "svg.fonttype": "none",
    "svg.hashsalt": "rsip_sim",
    "savefig.facecolor": WHITE,
    "figure.facecolor": WHITE,
}


@contextmanager
def chart_style() -> Iterator[None]:
    """Drawing settings for the time of one chart, whatever the caller's own, which come back."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        # a title may hold a character that the font lacks: a box is drawn, and nothing is printed
        warnings.filterwarnings("ignore", message="Glyph ")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(SETTINGS)
        yield


def luminance(colour: str) -> float:
    """Relative luminance of a colour ``#RRGGBB``, 0 black to 1 white (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21; text needs 4.5, graphics 3 (WCAG 2)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
