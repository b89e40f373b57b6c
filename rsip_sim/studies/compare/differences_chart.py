"""Paired differences from the baseline: how large on average, how precise, how spread out."""

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
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.runs import (
    AS_WRITTEN,
    RENEWAL_WORDS,
    FloatArray,
    PanelSource,
)
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Derived, Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import CLEAR, SPREAD
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.work import ComparisonTables

NAME = "paired_differences"
KEYS = ("metric", "scenario", "renewal")
SHOWN = ("conversions", "erosion", "members", "cohesion", "unmet_days", "overspend")
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
LABELS_CM = 3.9
ROW_CM = 0.45
HEADING_CM = 0.62
TICKS_CM = 0.75
GAP_CM = 0.7
RIGHT_CM = 0.4  # room for the last label of a scale


def paired_differences(
    results: PanelSource,
    tables: ComparisonTables,
    baseline: Scenario,
    others: Sequence[Scenario],
) -> Chart:
    """One row of panels a metric; beside each other renewal as written and certain."""
    metrics = _shown(tables, others)
    rows = {
        (row.metric.name, row.renewal, row.scenario.name): row
        for row in tables.rows
        if row.moment.name == tables.main_moment and row.metric in metrics
    }
    title = _title(list(rows.values()), baseline, len(tables.renewals) > 1)
    block = _block_cm(others)
    column_words = 0.6 if len(tables.renewals) > 1 else 0.0
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Difference from '{baseline.title}' in the same future, "
            f"{_when(tables)}; {common.place(baseline)}",
            block * len(metrics) + column_words,
            _notes(results, [baseline, *others]),
            _key(),
        )
        left = MARGIN + LABELS_CM
        width = (
            style.WIDTH_CM - left - MARGIN - RIGHT_CM - GAP_CM * (len(tables.renewals) - 1)
        ) / len(tables.renewals)
        if column_words:
            for j, renewal in enumerate(tables.renewals):
                sheet.text(
                    left + j * (width + GAP_CM), sheet.body_cm - 0.1,
                    f"Renewal {RENEWAL_WORDS[renewal]}", fontweight="bold", va="top",
                    color=style.DARK_BLUE, gid="column",
                )  # fmt: skip
        for i, metric in enumerate(metrics):
            bottom = sheet.body_cm - column_words - (i + 1) * block + TICKS_CM
            _metric_block(sheet, metric, rows, tables.renewals, others, bottom, left, width)
    return Chart(NAME, title, sheet.figure, _data(rows), _alt(rows, metrics, title, baseline), KEYS)


Rows = dict[tuple[str, str, str], Row]


def _shown(tables: ComparisonTables, others: Sequence[Scenario]) -> list[Metric]:
    """The metrics drawn: cohesion without membership where the index is nowhere defined."""
    room = max(int(TALLEST_CM / _block_cm(others)), 1)
    metrics = []
    for name in SHOWN:
        found = [
            row for row in tables.rows
            if row.metric.name == name and row.moment.name == tables.main_moment
        ]  # fmt: skip
        undefined = all(row.verdict == "not defined" for row in found)
        if undefined and name == "cohesion":
            metrics.append(METRICS["cohesion_core"])
        elif not undefined:
            metrics.append(METRICS[name])
    return metrics[:room]


def _block_cm(others: Sequence[Scenario]) -> float:
    return HEADING_CM + len(others) * _row_cm(others) + TICKS_CM


def _row_cm(others: Sequence[Scenario]) -> float:
    """Height of a row: enough for the longest title in at most two lines."""
    lines = max(len(_row_label(scenario)) for scenario in others)
    return ROW_CM if lines == 1 else 2 * line_cm(style.NOTE_SIZE) + 0.1


def _row_label(scenario: Scenario) -> list[str]:
    return fitted(scenario.title, style.NOTE_SIZE, LABELS_CM - 0.25, most=2)


def _when(tables: ComparisonTables) -> str:
    moment = tables.moments[tables.main_moment]
    return moment.when if moment.over_time else f"at {moment.label}"


def _metric_block(
    sheet: Sheet,
    metric: Metric,
    rows: Rows,
    renewals: Sequence[str],
    others: Sequence[Scenario],
    bottom: float,
    left: float,
    width: float,
) -> None:
    """One metric: heading, scenario names, and a panel for each renewal variant."""
    row_cm = _row_cm(others)
    height = len(others) * row_cm
    better = {
        "lower": "; left is better", "higher": "; right is better", "neither": ""
    }[metric.better]  # fmt: skip
    heading = f"{metric.label} ({_unit(metric)}{better})"
    sheet.text(MARGIN, bottom + height + 0.12, heading, fontweight="bold", va="bottom", gid="panel")
    for k, scenario in enumerate(others):
        words = _row_label(scenario)
        middle = bottom + height - (k + 0.5) * row_cm
        for i, line in enumerate(words):
            sheet.text(
                left - 0.2, middle + (len(words) - 1 - 2 * i) / 2 * line_cm(style.NOTE_SIZE),
                line, style.NOTE_SIZE, ha="right", va="center", gid="row",
            )  # fmt: skip
    limits = _limits([row for (name, *_), row in rows.items() if name == metric.name], metric)
    for j, renewal in enumerate(renewals):
        axes = sheet.axes(left + j * (width + GAP_CM), bottom, width, height)
        axes.set_ylim(len(others) - 0.5, -0.5)
        axes.set_xlim(*limits)
        axes.set_yticks([])
        axes.grid(True, axis="x")
        axes.axvline(0, color=style.BLACK, linewidth=0.9, zorder=1.5)
        axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(lambda value, _: common.signed_tick(value))
        for k, scenario in enumerate(others):
            if row := rows.get((metric.name, renewal, scenario.name)):
                _mark(axes, row, k)


def _unit(metric: Metric) -> str:
    return "percentage points" if metric.format.difference_suffix == " points" else metric.unit


def _scaled(row: Row) -> FloatArray:
    """Difference, interval and range in the unit of the axis (millions for money)."""
    n = row.numbers
    numbers = np.array([n.difference, n.ci_low, n.ci_high, n.p05, n.p95])
    return numbers / row.metric.format.divisor


def _limits(rows: Sequence[Row], metric: Metric) -> tuple[float, float]:
    numbers = np.concatenate([np.zeros(1), *(_scaled(row) for row in rows)])
    numbers = numbers[np.isfinite(numbers)]
    low, high = float(numbers.min()), float(numbers.max())
    smallest = 2 * 10.0**-metric.format.difference_decimals
    if high - low < smallest:
        low, high = min(low, -smallest), max(high, smallest)
    edge = 0.04 * (high - low)
    return low - edge, high + edge


def _mark(axes: Axes, row: Row, place: int) -> None:
    mean, ci_low, ci_high, p05, p95 = _scaled(row)
    if np.isnan(mean):
        axes.text(
            0.01, place, "not defined", fontsize=style.NOTE_SIZE, va="center",
            transform=axes.get_yaxis_transform(),
        )  # fmt: skip
        return
    axes.plot([p05, p95], [place, place], color=style.DARK_GREY, linewidth=1.0, marker="|",
              markersize=5, zorder=2)  # fmt: skip
    if not np.isnan(ci_low):
        axes.plot([ci_low, ci_high], [place, place], color=style.MID_BLUE, linewidth=5.5, zorder=3)
    axes.plot([mean], [place], marker="o", markersize=5, markeredgecolor=style.DARK_BLUE,
              markerfacecolor=style.DARK_BLUE if row.verdict in CLEAR else style.WHITE,
              linestyle="", zorder=4)  # fmt: skip


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("average difference", "dot", style.DARK_BLUE, width=5),
        KeyEntry("the same, not clearly different from 0", "dot", style.WHITE, style.DARK_BLUE,
                 width=5),
        KeyEntry("precision: 95% interval of the average", "line", style.MID_BLUE, width=5.5),
        KeyEntry("spread: 90% of futures", "line", style.DARK_GREY, width=1.0),
    ]  # fmt: skip


def _notes(results: PanelSource, scenarios: Sequence[Scenario]) -> list[str]:
    return [
        "Thick bar: how precisely the simulated futures fix the average; it shrinks with more "
        "futures, and hides behind the dot where it is narrower. Thin line: how far single futures "
        "lie apart, 5th to 95th percentile; it does not shrink. Each measure has its own scale.",
        common.source_note(results, scenarios),
    ]


def _title(rows: Sequence[Row], baseline: Scenario, renewal_both: bool) -> Said:
    """The message: how many differences are clear, and how many outlive the renewal lottery."""
    written = [row for row in rows if row.renewal == AS_WRITTEN and row.verdict != "not defined"]
    clear = [row for row in written if row.verdict in CLEAR]
    base = titled(baseline.title)
    if not clear:
        return say("No scenario differs clearly from {baseline} in these measures", baseline=base)
    number = _count(len(clear), "differences drawn that are clear")
    of = say("{n} of {all}", n=number, all=_count(len(written), "differences drawn"))
    if not renewal_both:
        return say("{of} differences from {baseline} are clear", of=of, baseline=base)
    found = {
        (row.metric.name, row.scenario.name): row.verdict
        for row in rows
        if row.renewal != AS_WRITTEN
    }
    kept = sum(found[row.metric.name, row.scenario.name] == row.verdict for row in clear)
    left = _count(kept, "clear differences drawn that remain with certain renewal")
    return say(
        "{of} differences are clear; {left} of them {remain} when renewal is certain",
        of=of, left="all" if kept == len(clear) else left if kept else "none",
        remain="remains" if kept == 1 else "remain",
    )  # fmt: skip


def _count(number: int, what: str) -> Quote:
    return Quote(str(number), Derived(f"number of {what}", number))


def _data(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                row.metric.name,
                row.scenario.name,
                RENEWAL_WORDS[row.renewal],
                row.moment.label,
                row.metric.unit,
                row.numbers.difference,
                row.numbers.ci_low,
                row.numbers.ci_high,
                row.numbers.p05,
                row.numbers.p95,
                row.verdict,
            )
            for row in rows.values()
        ],
        columns=[
            "metric", "scenario", "renewal", "date", "unit", "difference", "ci_low", "ci_high",
            "p05", "p95", "verdict",
        ],
    )  # fmt: skip


def _alt(rows: Rows, metrics: Sequence[Metric], title: Said, baseline: Scenario) -> Said:
    return say(
        "{title}. Dot and interval chart of the differences from {baseline}, one row a scenario "
        "for each of {count} measures. {said}. The numbers are in the table beside this chart.",
        title=title, baseline=titled(baseline.title),
        count=given(str(len(metrics)), "number of measures drawn"),
        said=joined(". ", (_largest(rows, metric) for metric in metrics)),
    )  # fmt: skip


def _largest(rows: Rows, metric: Metric) -> Said:
    found = [
        row for (name, renewal, _), row in rows.items()
        if name == metric.name and renewal == AS_WRITTEN and row.verdict in CLEAR
    ]  # fmt: skip
    if not found:
        return say("{label}: no clear difference", label=metric.label)
    most = max(found, key=lambda row: abs(row.numbers.difference))
    figures = most.figures
    return say(
        "{label}: largest under {scenario}, {mean} on average, {low} to {high} in {spread}",
        label=metric.label, scenario=titled(most.scenario.title),
        mean=figures.difference("difference"), low=figures.short("p05"),
        high=figures.difference("p95"), spread=SPREAD,
    )  # fmt: skip
