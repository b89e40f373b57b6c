"""Text that fits its place on a chart: measured, wrapped, and kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

from rsip_sim.charts.style import FONT


@lru_cache(maxsize=1)
def _renderer() -> RendererAgg:
    # at 72 dots an inch a dot is a point
    return RendererAgg(8, 8, 72)  # type: ignore[no-untyped-call]


@lru_cache(maxsize=4096)
def width_cm(text: str, size: float, bold: bool = False) -> float:
    """Width of one line of text in centimetres."""
    font = FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")
    width, _, _ = _renderer().get_text_width_height_descent(  # type: ignore[no-untyped-call]
        text, font, False
    )
    return float(width) / 72 * 2.54


def wrapped(text: str, size: float, width: float, bold: bool = False) -> list[str]:
    """The text in lines no wider than so many centimetres; a single long word stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_cm(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def fitted(text: str, size: float, width: float, most: int = 1) -> list[str]:
    """The text in at most so many lines; what does not fit gives way to an ellipsis."""
    lines = wrapped(text, size, width)
    if len(lines) > most:
        words = lines[most - 1].split()
        while len(words) > 1 and width_cm(" ".join([*words, "…"]), size) > width:
            words.pop()
        lines = [*lines[: most - 1], " ".join([*words, "…"])]
    return lines


def spread_apart(wanted: Sequence[float], gap: float, lowest: float, highest: float) -> list[float]:
    """Places for labels as near as possible to those wanted, at least ``gap`` apart.

    Labels that would overlap are pushed apart around their common middle and kept between
    ``lowest`` and ``highest``; the order of the wanted places is kept. Where there is no room for
    the gap the labels share the room evenly.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    if len(order) > 1:
        gap = min(gap, (highest - lowest) / (len(order) - 1))
    groups: list[list[float]] = []  # [sum of wanted bottoms, members]
    for position, i in enumerate(order):
        groups.append([wanted[i] - position * gap, 1.0])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            total, members = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += members
    bottoms = [total / members for total, members in groups for _ in range(int(members))]
    top = highest - (len(order) - 1) * gap
    places = [0.0] * len(order)
    for position, i in enumerate(order):
        places[i] = min(max(bottoms[position], lowest), top) + position * gap
    return places


def fitting(heights: Sequence[float], room: float) -> list[int]:
    """Places of the parts for which there is room below one another; at least the first."""
    shown: list[int] = []
    for place, height in enumerate(heights):
        if not shown or sum(heights[each] for each in shown) + height <= room:
            shown.append(place)
    return shown
