"""What every chart must be: nothing cut off, no words over one another, told in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart

Words = list[tuple[Text, Bbox]]

LONG = "An agreement of two years with tied schools, half the earmark and a subscription of £10"
"""A title that a planner may give a scenario, and that fits nowhere on one line."""


def words_on(chart: Chart) -> Words:
    """Every word on the sheet, with its place."""
    figure = chart.figure
    with style.chart_style():
        FigureCanvasAgg(figure)  # by whose measure words are as wide as in the picture
        figure.draw_without_rendering()
        outside = {label for axes in figure.axes for label in ticks_outside(axes)}
        return [
            (text, text.get_window_extent())
            for text in figure.findobj(Text)
            if isinstance(text, Text) and text.get_text().strip() and text not in outside
        ]


def ticks_outside(axes: Axes) -> Iterator[Text]:
    """Labels that the axis holds and does not draw."""
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
            if not min(low, high) <= tick.get_loc() <= max(low, high):
                yield from (tick.label1, tick.label2)


def check_nothing_is_cut_off(chart: Chart, words: Words) -> None:
    width, height = chart.figure.get_size_inches() * chart.figure.dpi
    for text, box in words:
        assert 0 <= box.x0 < box.x1 <= width, text
        assert 0 <= box.y0 < box.y1 <= height, text


def check_nothing_overlaps(words: Words) -> None:
    for (one, box), (other, its) in itertools.combinations(words, 2):
        wide = min(box.x1, its.x1) - max(box.x0, its.x0)
        high = min(box.y1, its.y1) - max(box.y0, its.y0)
        assert min(wide, high) < 2, (one, other)


def check_sheet(chart: Chart, tallest_cm: float = 27.0) -> None:
    """Nothing is cut off or overlaps, the chart fits a page, and title and source are on it."""
    assert chart.figure.get_size_inches()[1] * 2.54 <= tallest_cm
    marked = words_on(chart)
    check_nothing_is_cut_off(chart, marked)
    check_nothing_overlaps(marked)
    written = " ".join(text.get_text() for text, _ in marked)
    assert chart.title in written
    assert "Source: simulation with rsip_sim" in written
    assert chart.alt.startswith(chart.title)
    assert len(chart.data) > 0
