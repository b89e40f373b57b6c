"""Low → high swings of the inputs that matter: on the difference, and on the scenario's level."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.analysis.metrics import METRICS, Metric
from rsip_sim.analysis.paired_trials import DIFFERENCE, LEVEL
from rsip_sim.analysis.sensitivity import Sensitivity
from rsip_sim.analysis.sensitivity_words import clearest, varies, written
from rsip_sim.analysis.source import FloatArray
from rsip_sim.paper import style
from rsip_sim.paper.chart import Chart
from rsip_sim.paper.charts import common
from rsip_sim.paper.charts.rows import (
    more_words,
    name_rows,
    panel_head,
    row_height,
    row_words,
    rows_axes,
)
from rsip_sim.paper.sheet import MARGIN, KeyEntry, Sheet, line_cm

NAME = "sensitivity_tornado"
SHOWN = 5
OF_DIFFERENCE = 3  # rows that the difference chooses, before the level has its turn
LABELS_CM = 5.2
GAP_CM = 0.6
RIGHT_CM = 0.4  # room for the last label of a scale
TICKS_CM = 0.75
TALLEST_CM = 18.0  # of the panels, so that chart and words fit a page of A4
_HEADS = {DIFFERENCE: "difference", LEVEL: "level"}


def sensitivity_tornado(found: Sensitivity) -> Chart:
    """A block of rows a metric, one row an input; the difference beside the level."""
    shown, blocks = _fitting(found)
    title = _title(found, clearest(found))
    pair = found.pair
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Average with one input at its low and its high end: the difference of "
            f"'{pair.scenario.title}' from '{pair.baseline.title}', and its own level, "
            f"{pair.moment.when}; {common.place(pair.scenario)}",
            sum(blocks),
            [
                "Low and high end: 5% and 95% points of what the model draws of the input, all "
                "other inputs as they fall. The bar at the high end is the 95% interval of the "
                "swing. The black line is the average over all that the inputs may be; each "
                "measure has its own scale.",
                *more_words(found.told, shown),
                common.source_line(found.futures, [pair.scenario]),
            ],
            _key(),
        )
        top = sheet.body_cm
        for name, block in zip(shown, blocks, strict=True):
            _block(sheet, found, name, top, block)
            top -= block
    data = found.tables["swings"]
    return Chart(NAME, title, sheet.figure, data, _alt(found, shown, title))


def leading_swings(found: Sensitivity, kind: int, name: str) -> list[int]:
    """Parameters with the largest swings of an outcome that are clear, largest first."""
    at, swings = found.outcome(kind, name), found.swings
    clear = (swings.low[at] > 0) | (swings.high[at] < 0)
    order = np.argsort(-np.abs(swings.swing[at]), kind="stable")
    return [int(place) for place in order if clear[place]]


def _rows(found: Sensitivity, name: str) -> list[int]:
    """The rows of a metric: what swings its difference most, then what swings its level."""
    first, second = (leading_swings(found, kind, name) for kind in (DIFFERENCE, LEVEL))
    places = [*first[:OF_DIFFERENCE], *second, *first[OF_DIFFERENCE:]]
    return list(dict.fromkeys(places))[:SHOWN]


def _head(found: Sensitivity, name: str) -> list[str]:
    metric = METRICS[name]
    return panel_head(f"{metric.label} ({found.pair.unit(metric)})")


def _labels(found: Sensitivity, name: str) -> list[list[str]]:
    labels = [found.inputs.parameters[place].label for place in _rows(found, name)]
    return row_words(labels or ["no input shows a swing"], LABELS_CM - 0.25)


def _fitting(found: Sensitivity) -> tuple[list[str], list[float]]:
    """The metrics that fit the page, and the heights of their blocks."""
    shown: list[str] = []
    blocks: list[float] = []
    for name in found.told:
        words = _labels(found, name)
        heads = len(_head(found, name)) * line_cm(style.TEXT_SIZE) + 0.55
        block = heads + len(words) * row_height(words) + TICKS_CM
        if not shown or sum(blocks) + block <= TALLEST_CM:
            shown.append(name)
            blocks.append(block)
    return shown, blocks


def _block(sheet: Sheet, found: Sensitivity, name: str, top: float, block: float) -> None:
    words, rows = _labels(found, name), _rows(found, name)
    row_cm, left = row_height(words), MARGIN + LABELS_CM
    for i, line in enumerate(_head(found, name)):
        sheet.text(MARGIN, top - 0.05 - i * line_cm(style.TEXT_SIZE), line, va="top",
                   fontweight="bold", gid="panel")  # fmt: skip
    bottom, height = top - block + TICKS_CM, len(words) * row_cm
    name_rows(sheet, words, left - 0.2, bottom, row_cm)
    width = (style.WIDTH_CM - left - MARGIN - RIGHT_CM - GAP_CM) / 2
    for column, kind in enumerate((DIFFERENCE, LEVEL)):
        at = left + column * (width + GAP_CM)
        sheet.text(at, bottom + height + 0.1, _HEADS[kind], style.NOTE_SIZE, va="bottom",
                   gid="column")  # fmt: skip
        axes = sheet.axes(at, bottom, width, height)
        rows_axes(axes, len(words))
        _draw(axes, found, kind, name, rows)


def _draw(axes: Axes, found: Sensitivity, kind: int, name: str, rows: list[int]) -> None:
    metric, at, swings = METRICS[name], found.outcome(kind, name), found.swings
    scale = metric.format.divisor
    average = float(found.centre[at]) / scale
    low, high = (each[at, rows] / scale for each in (swings.at_low, swings.at_high))
    near, far = (low + each[at, rows] / scale for each in (swings.low, swings.high))
    _scale(axes, kind, metric, np.concatenate([low, high, near, far, [average]]))
    axes.axvline(average, color=style.BLACK, linewidth=0.9, zorder=1.5)
    for k in range(len(rows)):
        axes.plot([near[k], far[k]], [k, k], color=style.PALE_BLUE, linewidth=6, zorder=2)
        axes.plot([low[k], high[k]], [k, k], color=style.DARK_GREY, linewidth=1.6, zorder=3)
        axes.plot([low[k]], [k], "o", markersize=5.5, markerfacecolor=style.WHITE,
                  markeredgecolor=style.DARK_BLUE, zorder=4)  # fmt: skip
        axes.plot([high[k]], [k], "o", markersize=5.5, color=style.DARK_BLUE, zorder=4)


def _scale(axes: Axes, kind: int, metric: Metric, numbers: FloatArray) -> None:
    numbers = np.append(numbers, 0.0) if kind == DIFFERENCE else numbers
    low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
    smallest = 2 * 10.0**-metric.format.difference_decimals
    if high - low < smallest:
        low, high = low - smallest / 2, high + smallest / 2
    edge = 0.06 * (high - low)
    axes.set_xlim(low - edge, high + edge)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    if kind == DIFFERENCE:
        axes.xaxis.set_major_formatter(lambda value, _: common.signed_tick(value))
    else:
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("input at its low end", "dot", style.WHITE, style.DARK_BLUE, width=5.5),
        KeyEntry("input at its high end", "dot", style.DARK_BLUE, width=5.5),
        KeyEntry("precision: 95% interval of the swing", "line", style.PALE_BLUE, width=6),
    ]


def _title(found: Sensitivity, name: str) -> str:
    """The message: which input swings the difference of a measure most."""
    metric, leading = METRICS[name], leading_swings(found, DIFFERENCE, name)
    if not varies(found, DIFFERENCE, name) or not leading:
        return f"No single input swings the difference in {metric.noun} by an amount that shows"
    first, *others = (f"'{found.inputs.parameters[place].label}'" for place in leading)
    at = found.outcome(DIFFERENCE, name)
    size, error = (np.abs(each[at, leading]) for each in (found.swings.swing, found.swings.error))
    if others and size[0] - size[1] < 1.96 * np.hypot(error[0], error[1]):
        return f"{first} and {others[0]} swing the difference in {metric.noun} most"
    return f"{first} swings the difference in {metric.noun} most"


def _alt(found: Sensitivity, shown: list[str], title: str) -> str:
    said = []
    for name in shown:
        metric, at = METRICS[name], found.outcome(DIFFERENCE, name)
        parts = [
            f"{found.inputs.parameters[place].label}, "
            f"{written(metric, DIFFERENCE, found.swings.at_low[at, place])} at its low end and "
            f"{written(metric, DIFFERENCE, found.swings.at_high[at, place])} at its high end"
            for place in leading_swings(found, DIFFERENCE, name)[:3]
        ]
        said.append(f"{metric.label}: {'; '.join(parts) or 'no clear swing of the difference'}")
    return (
        f"{title}. Chart of averages at the low and high end of each input, a block of rows for "
        f"each of {len(shown)} measures, differences at the left and levels at the right. "
        f"{'. '.join(said)}. The numbers are in the table beside this chart."
    )
