"""What it would be worth to know more before choosing: everything, all parameters, one of them."""

from __future__ import annotations

import numpy as np
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import name_rows, row_height, row_words, rows_axes
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.studies.value.information import Worth
from rsip_sim.studies.value.report import NONE_FOUND, amount, known_words
from rsip_sim.studies.value.work import Value, known_things, tables

NAME = "value_of_information"
SINGLE = 5
LABELS_CM = 5.6
NUMBER_CM = 2.6
TICKS_CM = 0.75


def information_value(value: Value) -> Chart:
    """One bar a thing that may be known, and the gain of choosing now beside them."""
    rows = _rows(value)
    words = row_words([label for label, _ in rows], LABELS_CM - 0.25)
    row_cm, title = row_height(words), _title(value)
    height = len(rows) * row_cm
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Gain on average, {value.metric.noun} in {value.unit}, "
            f"{value.moment.phrase(value.metric)}; {common.place(value.scenarios[0])}",
            height + TICKS_CM,
            [
                "Knowing everything includes luck, which no study reveals: it is the most that any "
                "evidence can be worth. "
                "What is worth nothing would be ignored, so that no worth is below 0.",
                common.source_line(value.main.futures, value.scenarios),
            ],
            _key(),
        )
        left = MARGIN + LABELS_CM
        name_rows(sheet, words, left - 0.2, TICKS_CM, row_cm)
        width = style.WIDTH_CM - left - MARGIN - NUMBER_CM
        axes = sheet.axes(left, TICKS_CM, width, height)
        rows_axes(axes, len(rows))
        scale = value.write.divisor
        ends = [end / scale for _, worth in rows for end in (worth.low, worth.mean, worth.high)]
        low, high = min(0.0, *ends), max(0.0, *ends)
        smallest = 10.0**-value.write.difference_decimals
        axes.set_xlim(low * 1.05, max(high * 1.05, smallest))
        axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(lambda number, _: _tick(number))
        axes.axvline(0, color=style.BLACK, linewidth=0.9, zorder=1.5)
        for k, (_, worth) in enumerate(rows):
            now = k == 0 and _has_gain(value)
            axes.barh(k, worth.mean / scale, height=0.5,
                      color=style.FOCUS_GREY if now else style.MID_BLUE,
                      edgecolor=style.DARK_GREY if now else style.MID_BLUE,
                      hatch="////" if now else None, linewidth=0.8, zorder=2)  # fmt: skip
            axes.plot(np.array([worth.low, worth.high]) / scale, [k, k], color=style.BLACK,
                      linewidth=0.9, zorder=3)  # fmt: skip
            sheet.text(style.WIDTH_CM - MARGIN, TICKS_CM + height - (k + 0.5) * row_cm,
                       _number(value, worth), style.NOTE_SIZE, ha="right", va="center",
                       gid="number")  # fmt: skip
    return Chart(NAME, title, sheet.figure, tables(value)["worth"], _alt(value, rows, title))


def _rows(value: Value) -> list[tuple[str, Worth]]:
    things = known_things(value.main)
    single = [each for each in things[2:] if each[1].mean > 0][:SINGLE]
    rows = [(known_words(value.main, name), worth) for name, worth in [*things[:2], *single]]
    rows = [(f"{label[0].upper()}{label[1:]}", worth) for label, worth in rows]
    return [_choosing_now(value), *rows] if _has_gain(value) else rows


def _has_gain(value: Value) -> bool:
    """Whether choosing now gains anything over the baseline."""
    return value.main.now != 0


def _choosing_now(value: Value) -> tuple[str, Worth]:
    """The gain of choosing now over the baseline, for comparison."""
    gain, error = -float(value.main.average[0]), float(value.main.error[0])
    half = STANDARD_ERRORS * error
    worth = Worth(gain, gain - half, gain + half, error, 0.0)
    return f"Choosing now, over '{value.scenarios[0].title}'", worth


def _number(value: Value, worth: Worth) -> str:
    return NONE_FOUND if worth.mean == 0 else value.write.short_difference(worth.mean)


def _tick(number: float) -> str:
    if abs(number) < 1e-12:
        return "0"
    return f"{number:,.6g}".replace("-", "\N{MINUS SIGN}")


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("choosing now", "area", style.FOCUS_GREY, style.DARK_GREY, hatch="////"),
        KeyEntry("knowing first", "area", style.MID_BLUE, style.MID_BLUE),
        KeyEntry("precision: 95% interval", "line", style.BLACK, width=0.9),
    ]


def _title(value: Value) -> str:
    """The message: what knowing everything would be worth beside choosing now."""
    found = value.main
    most = found.everything.mean
    if most == 0:
        return "Knowing more is worth nothing to this choice: one scenario is best in every future"
    worth = amount(value, most)
    if not _has_gain(value):
        return f"Knowing everything, luck included, would be worth {worth}"
    return (
        f"Knowing everything, luck included, would be worth {worth}; choosing now gains "
        f"{amount(value, -float(found.average[0]))}"
    )


def _alt(value: Value, rows: list[tuple[str, Worth]], title: str) -> str:
    said = "; ".join(f"{label} {_number(value, worth)}" for label, worth in rows)
    return (
        f"{title}. Bars of gains in {value.metric.noun}, {value.unit}: {said}. The numbers are in "
        "the table beside this chart."
    )
