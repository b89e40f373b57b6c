"""What each step between two papers moved, for the scenario that moved most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.charts.text import fitted
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.words import counted
from rsip_sim.studies.diff.work import Diff, Moved, Part
from rsip_sim.studies.diff.worlds import (
    ASSUMPTIONS,
    CODE,
    DATA,
    LUCK,
    SCENARIO,
    UNEXPLAINED,
    Step,
)

NAME = "moved_by_steps"
MOST_METRICS = 5
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
LABELS_CM = 6.6
HEADING_CM = 0.62
TICKS_CM = 0.75
RIGHT_CM = 0.45  # room for the last label of a scale
BAR = 0.62  # of the height of its row
ALL = "all steps together"
_BY = {
    CODE: "The code version",
    DATA: "The data",
    LUCK: "Luck",
    UNEXPLAINED: "What is not explained",
}


def diff_charts(diff: Diff) -> dict[str, Chart]:
    """The chart, by file name; none where fewer than two steps moved anything."""
    rows = _shown(diff)
    return {NAME: moved_by_steps(diff, rows)} if rows else {}


def _shown(diff: Diff) -> list[Moved]:
    """The metrics that moved most, of the scenario that moved most."""
    rows = [row for row in diff.moved if np.isfinite(row.whole.change) and len(row.parts) > 1]
    rows = [row for row in rows if max(_sizes(row)) > 0]
    if not rows:
        return []
    most = max(rows, key=_sizes)
    own = sorted((row for row in rows if row.role == most.role), key=_sizes, reverse=True)
    block = HEADING_CM + (len(most.parts) + 1) * _row_cm(most) + TICKS_CM
    return own[: max(1, min(MOST_METRICS, int(TALLEST_CM / block)))]


def _sizes(row: Moved) -> tuple[float, float]:
    """Sizes of the largest bar that is clear, and of the largest that shows; 0 where none is."""
    shown = [
        part
        for part in (row.whole, *row.parts)
        if np.isfinite(part.change) and not row.metric.format.shows_zero(part.change)
    ]
    clear = [row.size(part) for part in shown if row.clear(part)]
    return max(clear, default=0.0), max((row.size(part) for part in shown), default=0.0)


def moved_by_steps(diff: Diff, rows: Sequence[Moved]) -> Chart:
    """A bar for each step, and one for all together, one panel a metric; rows of one scenario."""
    first = rows[0]
    title = _title(first)
    row_cm = _row_cm(first)
    height = (len(first.parts) + 1) * row_cm
    block = HEADING_CM + height + TICKS_CM
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Change between two papers in the difference of '{first.title}' from the baseline, "
            f"{diff.when}; {common.place(diff.second.scenarios[0])}",
            block * len(rows),
            _notes(diff),
            _key(),
        )
        left = MARGIN + LABELS_CM
        width = style.WIDTH_CM - left - MARGIN - RIGHT_CM
        for place, row in enumerate(rows):
            bottom = sheet.body_cm - (place + 1) * block + TICKS_CM
            unit = unit_at(row.metric, diff.moment)
            sheet.text(
                MARGIN, bottom + height + 0.12, f"{row.metric.label} ({unit})",
                fontweight="bold", va="bottom", gid="panel",
            )  # fmt: skip
            _labels(sheet, row, bottom + height, left, row_cm)
            _bars(sheet.axes(left, bottom, width, height), row)
    return Chart(NAME, title, sheet.figure, _data(diff, rows), _alt(rows, title))


def _bars_of(row: Moved) -> list[tuple[str, Part]]:
    """Label and number of every bar, from the top."""
    named = [(part.step.label, part) for part in row.parts]
    return [*named, (ALL, row.whole)]


def _row_cm(row: Moved) -> float:
    lines = max(len(_label(label)) for label, _ in _bars_of(row))
    return 0.5 if lines == 1 else 2 * line_cm(style.NOTE_SIZE) + 0.12


def _label(text: str) -> list[str]:
    return fitted(text, style.NOTE_SIZE, LABELS_CM - 0.3, most=2)


def _labels(sheet: Sheet, row: Moved, top: float, left: float, row_cm: float) -> None:
    for place, (label, _) in enumerate(_bars_of(row)):
        words = _label(label)
        middle = top - (place + 0.5) * row_cm
        for line, text in enumerate(words):
            shift = (len(words) - 1 - 2 * line) / 2 * line_cm(style.NOTE_SIZE)
            sheet.text(
                left - 0.2, middle + shift, text, style.NOTE_SIZE, ha="right", va="center",
                gid="row", fontweight="bold" if label == ALL else "normal",
            )  # fmt: skip


def _bars(axes: Axes, row: Moved) -> None:
    bars = _bars_of(row)
    divisor = row.metric.format.divisor
    numbers = np.array([[p.change, p.ci_low, p.ci_high] for _, p in bars]) / divisor
    axes.set_ylim(len(bars) - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(True, axis="x")
    axes.axvline(0, color=style.BLACK, linewidth=0.9, zorder=3)
    for place, ((label, _), (mean, low, high)) in enumerate(zip(bars, numbers, strict=True)):
        fill, edge = (style.FOCUS_GREY, style.DARK_GREY) if label == ALL else (style.MID_BLUE,) * 2
        axes.barh(place, np.nan_to_num(mean), BAR, color=fill, edgecolor=edge, zorder=2)
        if np.isfinite(low) and high > low:
            axes.plot([low, high], [place, place], color=style.BLACK, linewidth=1.1, marker="|",
                      markersize=5, zorder=4)  # fmt: skip
    finite = np.concatenate([numbers[np.isfinite(numbers)], np.zeros(1)])
    span = max(float(np.ptp(finite)), 2 * 10.0**-row.metric.format.difference_decimals)
    axes.set_xlim(float(finite.min()) - 0.05 * span, float(finite.max()) + 0.05 * span)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: common.signed_tick(value))


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("one step", "bar", style.MID_BLUE, width=6),
        KeyEntry(ALL, "bar", style.FOCUS_GREY, width=6),
        KeyEntry("95% interval", "line", style.BLACK, width=1.1),
    ]


def _notes(diff: Diff) -> list[str]:
    one, other = (f"{paper.results.replications:,}" for paper in (diff.first, diff.second))
    futures = f"{one} futures in each" if one == other else f"{one} and {other} futures"
    return [
        "The steps are taken in the order shown and add up to the last bar. The interval is the "
        "precision of what moved; behind luck lies nothing but other futures. Each measure has its "
        "own scale.",
        f"Source: simulation with rsip_sim, {futures}. Renewal as written.",
    ]


def _title(row: Moved) -> str:
    """The message: which step moved most, if any did clearly."""
    write = row.metric.format
    clear = [part for part in row.parts if row.clear(part)]
    if clear:
        part = max(clear, key=row.size)
        return f"{_cause(part.step)} moved {row.metric.noun} most: {write.difference(part.change)}"
    if row.clear(row.whole):
        whole = write.difference(row.whole.change)
        return f"Only all steps together clearly moved {row.metric.noun}: {whole}"
    return f"No step between the papers clearly moved {row.metric.noun}"


def _cause(step: Step) -> str:
    """What a step changes, in a few words: the name of a lever, or the kind of step."""
    if step.kind in (SCENARIO, ASSUMPTIONS):
        return step.words.partition(":")[0]
    return _BY[step.kind]


def _data(diff: Diff, rows: Sequence[Moved]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                row.role, row.metric.name, unit_at(row.metric, diff.moment), label, part.change,
                part.ci_low, part.ci_high, row.clear(part),
            )
            for row in rows
            for label, part in _bars_of(row)
        ],
        columns=["scenario", "metric", "unit", "step", "change", "ci_low", "ci_high", "clear"],
    )  # fmt: skip


def _alt(rows: Sequence[Moved], title: str) -> str:
    said = []
    for row in rows:
        write = row.metric.format
        parts = [
            f"{part.step.label}, {write.difference(part.change)}"
            for part in row.parts
            if np.isfinite(part.change)
        ]
        said.append(
            f"{row.metric.label}: {write.difference(row.whole.change)} in all, of it "
            f"{'; '.join(parts)}"
        )
    return (
        f"{title}. Bar chart with a bar for each of {len(rows[0].parts)} steps between the papers "
        f"and one for all together, for {counted(len(rows), 'measure')}; difference of "
        f"'{rows[0].title}' from the baseline. {'. '.join(said)}. The numbers are in the table "
        "beside this chart."
    )
