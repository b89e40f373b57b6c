"""What looking before deciding is worth: one panel an aim, one row a thing to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import name_rows, panel_head, row_height, row_words, rows_axes
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.evidence.months import month_name
from rsip_sim.studies.review.learning import Learnt
from rsip_sim.studies.review.says import signal_words
from rsip_sim.studies.review.tables import value_table
from rsip_sim.studies.review.work import Judged, ReviewReport

NAME = "review_value"
LABELS_CM = 5.2
TICKS_CM = 0.75
LINE_CM = 0.42
TALLEST_CM = 19.0


def review_value(report: ReviewReport) -> Chart:
    """The aims for which anything seen changes the option; the others are told in the note."""
    looks = list(report.judged[0].learnt)
    words = row_words([signal_words(each) for each in looks], LABELS_CM - 0.25)
    row_cm = row_height(words)
    shown = _shown(report, len(words) * row_cm)
    title = _title(report)
    with style.chart_style():
        sheet = Sheet(
            title, _subtitle(report), sum(_block_cm(one, len(words) * row_cm) for one in shown),
            _notes(report, shown), _key(),
        )  # fmt: skip
        left, top = MARGIN + LABELS_CM, sheet.body_cm
        for one in shown:
            block = _block_cm(one, len(words) * row_cm)
            for i, line in enumerate(_head(one)):
                sheet.text(MARGIN, top - 0.05 - i * LINE_CM, line, va="top", fontweight="bold",
                           gid="panel")  # fmt: skip
            bottom = top - block + TICKS_CM
            name_rows(sheet, words, left - 0.2, bottom, row_cm)
            axes = sheet.axes(left, bottom, style.WIDTH_CM - left - MARGIN - 0.5,
                              len(words) * row_cm)  # fmt: skip
            rows_axes(axes, len(words))
            _draw(axes, one, looks)
            top -= block
    return Chart(NAME, title, sheet.figure, _data(report), _alt(report, title))


def _head(one: Judged) -> list[str]:
    return panel_head(one.aim.title)


def _block_cm(one: Judged, rows_cm: float) -> float:
    return len(_head(one)) * LINE_CM + 0.1 + rows_cm + TICKS_CM


def _shown(report: ReviewReport, rows_cm: float) -> list[Judged]:
    """Aims for which something changes the option, as many as fit; else the first."""
    open_aims = [one for one in report.judged if not one.settled] or list(report.judged[:1])
    shown: list[Judged] = []
    for one in open_aims:
        if not shown or sum(_block_cm(each, rows_cm) for each in [*shown, one]) <= TALLEST_CM:
            shown.append(one)
    return shown


def _draw(axes: Axes, one: Judged, looks: Sequence[str]) -> None:
    scale = _scale(one)
    axes.axvline(0, color=style.BLACK, linewidth=0.9, zorder=1.5)
    low, high = _limits(one)
    axes.set_xlim(low / scale, high / scale)
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    prefix = one.aim.format.prefix
    axes.xaxis.set_major_formatter(lambda value, _: _tick(value, prefix))
    for k, each in enumerate(looks):
        _mark(axes, one.learnt[each], k, scale)


def _mark(axes: Axes, found: Learnt, place: int, scale: float) -> None:
    value = found.value
    axes.plot([value.ci_low / scale, value.ci_high / scale], [place, place],
              color=style.MID_BLUE, linewidth=5.5, zorder=2)  # fmt: skip
    axes.plot([found.apparent / scale], [place], marker="D", markersize=5, linestyle="",
              markeredgecolor=style.DARK_GREY, markerfacecolor=style.WHITE, zorder=3)  # fmt: skip
    axes.plot([value.mean / scale], [place], marker="o", markersize=5, linestyle="",
              color=style.DARK_BLUE, zorder=4)  # fmt: skip


def _scale(one: Judged) -> float:
    return one.aim.format.divisor


def _limits(one: Judged) -> tuple[float, float]:
    numbers = [0.0]
    for found in one.learnt.values():
        numbers += [found.value.ci_low, found.value.ci_high, found.apparent]
    ends = np.array(numbers)[np.isfinite(numbers)]
    smallest = 2 * one.aim.format.divisor * 10.0**-one.aim.format.difference_decimals
    low, high = min(float(ends.min()), -smallest), max(float(ends.max()), smallest)
    edge = 0.06 * (high - low)
    return low - edge, high + edge


def _tick(value: float, prefix: str) -> str:
    if abs(value) < 1e-9:
        return "0"
    sign = "+" if value > 0 else "\N{MINUS SIGN}"
    return f"{sign}{prefix}{abs(value):,.6g}"


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("worth, judged on futures that had no say", "dot", style.DARK_BLUE, width=5),
        KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=5.5),
        KeyEntry("what it seems on the futures it was picked on", "dot", style.WHITE,
                 style.DARK_GREY, width=5, marker="D"),
    ]  # fmt: skip


def _subtitle(report: ReviewReport) -> str:
    return (
        f"Gain of deciding in {month_name(report.review)}, after looking, over the one option that "
        f"is best without; {common.place(report.cells.scenario)}"
    )


def _notes(report: ReviewReport, shown: Sequence[Judged]) -> list[str]:
    settled = sum(one.settled for one in report.judged)
    notes = []
    if settled:
        notes.append(
            f"For {settled} of {len(report.judged)} aims the same option is best whatever is seen, "
            "so looking is worth nothing there."
        )
    if len(shown) < len(report.judged) - settled:
        notes.append("The other aims are in the table.")
    note = " ".join([*notes, "Each panel has its own scale."])
    return [note, common.source_line(report.replications, [report.cells.scenario])]


def _title(report: ReviewReport) -> str:
    """Whether looking is clearly worth anything, and what."""
    worth = [
        (one, looks)
        for one in report.judged
        for looks, found in one.learnt.items()
        if found.value.ci_low > 0
    ]
    if not worth:
        return "Nothing the review sees is clearly worth waiting for"
    aims = {one.aim.name for one, _ in worth}
    seen = {looks for _, looks in worth}
    what = signal_words(next(iter(seen))) if len(seen) == 1 else f"{len(seen)} ways of looking"
    return (
        f"To look at {what} first is clearly worth something for {len(aims)} of "
        f"{len(report.judged)} aims"
    )


def _data(report: ReviewReport) -> pd.DataFrame:
    return value_table(report)


def _alt(report: ReviewReport, title: str) -> str:
    said = []
    for one in report.judged:
        if one.settled:
            continue
        found, write = one.learnt[one.best_look], one.aim.format
        said.append(
            f"{one.aim.label}: most by looking at {signal_words(one.best_look)}, "
            f"{write.difference(found.value.mean)}, 95% interval "
            f"{write.short_difference(found.value.ci_low)} to "
            f"{write.difference(found.value.ci_high)}."
        )
    settled = sum(one.settled for one in report.judged)
    return (
        f"{title}. Dot plot of the worth of looking with its 95% interval, one row for each of "
        f"{len(report.judged[0].learnt)} things to look at. {' '.join(said)} For {settled} of "
        f"{len(report.judged)} aims the same option is best whatever is seen. The numbers are in "
        "the table beside this chart."
    )
