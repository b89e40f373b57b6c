"""What every chart must be: nothing cut off, no words over one another, told in words."""

from __future__ import annotations

import itertools

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from rsip_sim.paper import style
from rsip_sim.paper.chart import Chart
from tests.paper.test_charts_drawn import ticks_outside


def words_on(chart: Chart) -> list[tuple[Text, Bbox]]:
    """Every word on the sheet, with its place."""
    figure = chart.figure
    with style.chart_style():
        FigureCanvasAgg(figure).draw()
        outside = {label for axes in figure.axes for label in ticks_outside(axes)}
        return [
            (text, text.get_window_extent())
            for text in figure.findobj(Text)
            if isinstance(text, Text) and text.get_text().strip() and text not in outside
            if text.get_visible()
        ]


def check_sheet(chart: Chart, tallest_cm: float = 27.0) -> None:
    """Nothing is cut off or overlaps, the chart fits a page, and title and source are on it."""
    width, height = chart.figure.get_size_inches() * chart.figure.dpi
    assert height / chart.figure.dpi * 2.54 <= tallest_cm
    marked = words_on(chart)
    for text, box in marked:
        assert box.x0 >= 0, text
        assert box.x1 <= width, text
        assert box.y0 >= 0, text
        assert box.y1 <= height, text
    for (one, box), (other, its) in itertools.combinations(marked, 2):
        wide = min(box.x1, its.x1) - max(box.x0, its.x0)
        high = min(box.y1, its.y1) - max(box.y0, its.y0)
        assert min(wide, high) < 2, (one, other)
    written = " ".join(text.get_text() for text, _ in marked)
    assert chart.title in written
    assert "Source: simulation with rsip_sim" in written
    assert chart.alt.startswith(chart.title)
    assert len(chart.data) > 0
