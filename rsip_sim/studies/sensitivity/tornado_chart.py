"""Low → high swings of the inputs that matter: on the difference, and on the scenario's level."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import more_words
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.studies.kernel.pairs import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.blocks import InputBlocks, leading_rows
from rsip_sim.studies.sensitivity.says import clearest, varies, written
from rsip_sim.studies.sensitivity.work import Sensitivity

NAME = "sensitivity_tornado"
SHOWN = 5


def sensitivity_tornado(found: Sensitivity) -> Chart:
    """A block of rows a metric, one row an input; the difference beside the level."""
    blocks = _blocks(found)
    shown = blocks.fitting(found.told)
    title = _title(found, clearest(found))
    pair = found.pair
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Average with one input at its low and its high end: the difference of "
            f"'{pair.scenario.title}' from '{pair.baseline.title}', and its own level, "
            f"{pair.moment.when}; {common.place(pair.scenario)}",
            sum(shown.values()),
            [
                "Low and high end: 5% and 95% points of what the model draws of the input, all "
                "other inputs as they fall. The bar at the high end is the 95% interval of the "
                "swing. The black line is the average over all that the inputs may be; each "
                "measure has its own scale.",
                *more_words(found.told, list(shown)),
                common.source_line(found.futures, [pair.scenario]),
            ],
            _key(),
        )
        blocks.fill(sheet, shown)
    data = found.tables["swings"]
    return Chart(NAME, title, sheet.figure, data, _alt(found, list(shown), title))


def leading_swings(found: Sensitivity, kind: int, name: str) -> list[int]:
    """Parameters with the largest swings of an outcome that are clear, largest first."""
    at, swings = found.outcome(kind, name), found.swings
    clear = (swings.low[at] > 0) | (swings.high[at] < 0)
    order = np.argsort(-np.abs(swings.swing[at]), kind="stable")
    return [int(place) for place in order if clear[place]]


def _blocks(found: Sensitivity) -> InputBlocks:
    """What swings the difference of a metric most, then what swings its level."""

    def labels(name: str) -> list[str]:
        rows = [found.inputs.parameters[place].label for place in _rows(found, name)]
        return rows or ["no input shows a swing"]

    return InputBlocks(
        heading=lambda name: f"{METRICS[name].label} ({found.pair.unit(METRICS[name])})",
        labels=labels,
        columns={DIFFERENCE: "difference", LEVEL: "level"},
        draw=lambda axes, kind, name: _draw(axes, found, kind, name),
        tallest_cm=18.0,
        right_cm=0.4,
    )


def _rows(found: Sensitivity, name: str) -> list[int]:
    first, second = (leading_swings(found, kind, name) for kind in (DIFFERENCE, LEVEL))
    return leading_rows(first, second, SHOWN)


def _draw(axes: Axes, found: Sensitivity, kind: int, name: str) -> None:
    metric, at, swings = METRICS[name], found.outcome(kind, name), found.swings
    rows = _rows(found, name)
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
    if others and size[0] - size[1] < STANDARD_ERRORS * np.hypot(error[0], error[1]):
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
