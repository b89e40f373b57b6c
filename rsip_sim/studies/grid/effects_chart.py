"""What each lever of a grid does by itself: one panel a lever, one dot a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.charts.text import width_cm
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.scenario.settings import field_label
from rsip_sim.studies.grid.effects import Effect
from rsip_sim.studies.grid.work import Found, GridReport
from rsip_sim.studies.kernel.cells import Values
from rsip_sim.studies.kernel.choice_words import condition_words, setting, short

LABELS_CM = 2.6
ROW_CM = 0.42  # and so much for each condition beside the first:
CONDITION_CM = 0.2
TICKS_CM = 0.75
LINE_CM = 0.42
MOST_CONDITIONS = 4
TALLEST_CM = 20.0
MARKERS = ("o", "s", "^", "D")
FILLS = (style.DARK_BLUE, style.WHITE, style.FOCUS_GREY, style.ORANGE)


def study_effects(report: GridReport, metric: Metric) -> Chart:
    """Effects with their interval, and how far they differ with the other levers."""
    conditions = report.cells.in_conditions[:MOST_CONDITIONS]
    found = [report.of(metric, condition) for condition in conditions]
    levers = _fitting(report)
    title = _title(report, found[0] if len(found) == 1 else report.of(metric, _own(report)))
    heights = [_block_cm(report, path) for path in levers]
    with style.chart_style():
        sheet = Sheet(
            title, _subtitle(report, found[0]), sum(heights), _notes(report, found, levers),
            _key(report, conditions),
        )  # fmt: skip
        left, top = MARGIN + _labels_cm(report, levers), sheet.body_cm
        width, row_cm = style.WIDTH_CM - left - MARGIN - 0.4, _row_cm(report)
        limits = _limits(found)
        for path, height in zip(levers, heights, strict=True):
            sheet.text(MARGIN, top - 0.05, field_label(path), va="top", fontweight="bold",
                       gid="panel")  # fmt: skip
            values = _moved(report, path)
            bottom = top - height + TICKS_CM
            axes = sheet.axes(left, bottom, width, len(values) * row_cm)
            _draw(axes, found, path, values, limits)
            for i, value in enumerate(values):
                sheet.text(
                    left - 0.15, bottom + (len(values) - i - 0.5) * row_cm, short(path, value),
                    style.NOTE_SIZE, ha="right", va="center", gid="row",
                )  # fmt: skip
            top -= height
    name = f"effects_{metric.name}"
    return Chart(name, title, sheet.figure, _data(report, metric), _alt(report, found, title))


def _own(report: GridReport) -> Values:
    return report.cells.own_condition


def _moved(report: GridReport, path: str) -> list[Any]:
    """The values of a lever other than its base."""
    base = dict(zip(report.cells.levers, report.cells.base, strict=True))[path]
    return [value for value in report.cells.levers[path] if value != base]


def _block_cm(report: GridReport, path: str) -> float:
    return LINE_CM + 0.15 + len(_moved(report, path)) * _row_cm(report) + TICKS_CM


def _row_cm(report: GridReport) -> float:
    conditions = min(len(report.cells.in_conditions), MOST_CONDITIONS)
    return ROW_CM + CONDITION_CM * (conditions - 1)


def _fitting(report: GridReport) -> list[str]:
    """The levers for which the page has room."""
    shown: list[str] = []
    for path in report.cells.levers:
        if not shown or sum(_block_cm(report, each) for each in [*shown, path]) <= TALLEST_CM:
            shown.append(path)
    return shown


def _labels_cm(report: GridReport, levers: Sequence[str]) -> float:
    words = [short(path, value) for path in levers for value in _moved(report, path)]
    return max(max(width_cm(word, style.NOTE_SIZE) for word in words) + 0.3, LABELS_CM)


def _limits(found: Sequence[Found]) -> tuple[float, float]:
    """The scale shared by all panels, so that levers can be compared."""
    metric = found[0].metric
    numbers = [0.0]
    for each in found:
        for effect in each.effects:
            numbers += [effect.lowest, effect.highest, effect.mean.ci_low, effect.mean.ci_high]
    ends = np.array(numbers)[np.isfinite(numbers)] / metric.format.divisor
    smallest = 2 * 10.0**-metric.format.difference_decimals
    low, high = min(float(ends.min()), -smallest / 2), max(float(ends.max()), smallest / 2)
    edge = 0.05 * (high - low)
    return low - edge, high + edge


def _draw(
    axes: Axes,
    found: Sequence[Found],
    path: str,
    values: Sequence[Any],
    limits: tuple[float, float],
) -> None:
    axes.set_ylim(len(values) - 0.5, -0.5)
    axes.set_xlim(*limits)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.axvline(0, color=style.BLACK, linewidth=0.9, zorder=1.5)
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: common.signed_tick(value))
    step = 0.8 / (len(found) + 1)
    for k, each in enumerate(found):
        offset = (k - (len(found) - 1) / 2) * step
        by_value = {effect.value: effect for effect in each.effects if effect.path == path}
        for i, value in enumerate(values):
            if value in by_value:
                _mark(axes, by_value[value], i + offset, k, each.metric.format.divisor)


def _mark(axes: Axes, effect: Effect, place: float, kind: int, scale: float) -> None:
    mean = effect.mean
    axes.plot([effect.lowest / scale, effect.highest / scale], [place, place],
              color=style.DARK_GREY, linewidth=1.0, zorder=2)  # fmt: skip
    axes.plot([mean.ci_low / scale, mean.ci_high / scale], [place, place], color=style.MID_BLUE,
              linewidth=3.0, zorder=3)  # fmt: skip
    axes.plot([mean.mean / scale], [place], marker=MARKERS[kind], markersize=4.5, linestyle="",
              markeredgecolor=style.DARK_BLUE, markerfacecolor=FILLS[kind], zorder=4)  # fmt: skip


def _subtitle(report: GridReport, found: Found) -> str:
    metric = found.metric
    unit = "percentage points" if metric.format.suffix == "%" else unit_at(metric, found.moment)
    return (
        f"{metric.label} ({unit}) {found.moment.phrase(metric)}, difference from "
        f"'{report.cells.scenario.title}' as it is; {common.place(report.cells.scenario)}"
    )


def _key(report: GridReport, conditions: Sequence[Values]) -> list[KeyEntry]:
    entries = []
    if len(conditions) > 1:
        entries = [
            KeyEntry(condition_words(report.cells, condition), "dot", FILLS[k],
                     style.DARK_BLUE, width=5, marker=MARKERS[k])
            for k, condition in enumerate(conditions)
        ]  # fmt: skip
    else:
        entries = [KeyEntry("average effect", "dot", style.DARK_BLUE, width=5)]
    return [
        *entries,
        KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=3.0),
        KeyEntry("with other settings of the rest", "line", style.DARK_GREY, width=1.0),
    ]


def _notes(report: GridReport, found: Sequence[Found], levers: Sequence[str]) -> list[str]:
    base = ", ".join(
        f"{field_label(path)} {setting(path, value)}"
        for path, value in zip(report.cells.levers, report.cells.base, strict=True)
    )
    note = (
        f"As it is: {base}. Dots are averages over all settings of the other levers; the thin "
        "line goes from the smallest to the largest average effect among them."
    )
    if len(levers) < len(report.cells.levers):
        note += " The other levers are in the table."
    if len(report.cells.in_conditions) > len(found):
        note += " The other conditions are in the table."
    cells = report.cells
    return [note, common.source_line(report.replications, [cells.scenario], cells.climates())]


def _title(report: GridReport, found: Found) -> str:
    """Which lever moves the metric most."""
    clear = [
        each
        for each in found.effects
        if each.mean.clear and not found.metric.format.shows_zero(each.mean.mean)
    ]
    if not clear:
        unclear = any(not found.metric.format.shows_zero(each.mean.mean) for each in found.effects)
        if unclear:
            return f"None of these levers clearly moves {found.metric.noun}"
        return f"None of these levers moves {found.metric.noun} by an amount that shows"
    most = max(clear, key=lambda each: abs(each.mean.mean))
    word = found.metric.words[0 if most.mean.mean > 0 else 1]
    size = found.metric.format.magnitude(most.mean.mean)
    label = field_label(most.path)
    return (
        f"{label} moves {found.metric.noun} most: {size} {word} at {short(most.path, most.value)}"
    )


def _data(report: GridReport, metric: Metric) -> pd.DataFrame:
    table = report.tables["effects"]
    return table[table["metric"] == metric.name].reset_index(drop=True)


def _alt(report: GridReport, found: Sequence[Found], title: str) -> str:
    said = []
    for each in found:
        words = condition_words(report.cells, each.condition)
        parts = []
        for path in report.cells.levers:
            own = [effect for effect in each.effects if effect.path == path]
            if own:
                most = max(own, key=lambda effect: abs(effect.mean.mean))
                parts.append(
                    f"{field_label(path)} {setting(path, most.value)} "
                    f"{each.metric.format.difference(most.mean.mean)}"
                )
        said.append(f"{f'{words}: ' if words else 'Largest effect of each: '}{'; '.join(parts)}.")
    return (
        f"{title}. Dot plot of the effect of each value with its 95% interval, one panel for each "
        f"of {len(report.cells.levers)} levers. {' '.join(said)} The numbers are in the table "
        "beside this chart."
    )
