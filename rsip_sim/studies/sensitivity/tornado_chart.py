"""Low → high swings of the inputs that matter: on the difference, and on the scenario's level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown, signed_tick, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.report.words import place
from rsip_sim.studies.sensitivity.blocks import leading_rows, more_words
from rsip_sim.studies.sensitivity.pair import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.says import clearest, varies, written
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import Sensitivity

NAME = "sensitivity_tornado"
SHOWN = 5
TALLEST_CM = 18.0  # of all blocks, so that chart and words fit a page of A4
AT_LOW = KeyEntry("input at its low end", "dot", style.WHITE, style.DARK_BLUE, width=5.5)
AT_HIGH = KeyEntry("input at its high end", "dot", style.DARK_BLUE, width=5.5)
PRECISION = KeyEntry("precision: 95% interval of the swing", "line", style.PALE_BLUE, width=6)
SWING = KeyEntry("", "line", style.DARK_GREY, width=1.6)


def sensitivity_tornado(found: Sensitivity) -> Chart:
    """A block of rows a metric, one row an input; the difference beside the level."""
    body, places = Rows(
        [_block(found, METRICS[name]) for name in found.told],
        labels_cm=5.2, right_cm=0.4, gap_cm=0.6,
    ).fitting(TALLEST_CM)  # fmt: skip
    shown, pair = [found.told[at] for at in places], found.pair
    return framed(
        NAME,
        _title(found, clearest(found)),
        body,
        subtitle=f"Average with one input at its low and its high end: the difference of "
        f"'{pair.scenario.title}' from '{pair.baseline.title}', and its own level, "
        f"{pair.moment.when}; {place(pair.scenario)}",
        notes=[
            "Low and high end: 5% and 95% points of what the model draws of the input, all "
            "other inputs as they fall. The bar at the high end is the 95% interval of the "
            "swing. The black line is the average over all that the inputs may be; each "
            "measure has its own scale.",
            *more_words(found.told, shown),
            source_line(found.futures, [pair.scenario]),
        ],
        key=[AT_LOW, AT_HIGH, PRECISION],
        told=_told(found, shown),
        data=sensitivity_tables(found)["swings"],
    )


def leading_swings(found: Sensitivity, kind: int, name: str) -> list[int]:
    """Parameters with the largest swings of an outcome that are clear, largest first."""
    at, swings = found.outcome(kind, name), found.swings
    clear = (swings.low[at] > 0) | (swings.high[at] < 0)
    order = np.argsort(-np.abs(swings.swing[at]), kind="stable")
    return [int(place) for place in order if clear[place]]


def _block(found: Sensitivity, metric: Metric) -> Block:
    """What swings the difference of a metric most, then what swings its level."""
    first, second = (leading_swings(found, kind, metric.name) for kind in (DIFFERENCE, LEVEL))
    inputs = leading_rows(first, second, SHOWN)
    labels = [found.inputs.parameters[each].label for each in inputs]
    return Block(
        labels or ["no input shows a swing"],
        [_panel(found, kind, metric, inputs) for kind in (DIFFERENCE, LEVEL)],
        f"{metric.label} ({found.pair.unit(metric)})",
    )


def _panel(found: Sensitivity, kind: int, metric: Metric, inputs: Sequence[int]) -> Panel:
    at, swings, divisor = found.outcome(kind, metric.name), found.swings, metric.format.divisor
    average = float(found.centre[at]) / divisor
    rows = []
    for each in inputs:
        low, high, near, far = (
            float(number[at, each]) / divisor
            for number in (swings.at_low, swings.at_high, swings.low, swings.high)
        )
        swing = Mark(SWING, low, high)
        rows.append(
            Row([Mark(PRECISION, low + near, low + far), swing, Mark(AT_LOW, low),
                 Mark(AT_HIGH, high)])
        )  # fmt: skip
    ends = ends_around(
        [*numbers_in(rows), average], least_shown(metric.format), 0.06, nought=kind == DIFFERENCE
    )
    write = signed_tick if kind == DIFFERENCE else tick
    return Panel(
        rows or [Row()],
        Scale(found.pair.unit(metric), *ends, write, most=4, line=average),
        "difference" if kind == DIFFERENCE else "level",
    )


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


def _told(found: Sensitivity, shown: Sequence[str]) -> str:
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
        f"Chart of averages at the low and high end of each input, a block of rows for "
        f"each of {len(shown)} measures, differences at the left and levels at the right. "
        f"{'. '.join(said)}."
    )
