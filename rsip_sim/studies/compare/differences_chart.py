"""Paired differences from the baseline: how large on average, how precise, how spread out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, difference_unit, ends_around, least_shown
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.runs import PanelSource
from rsip_sim.report.findings import Row as Compared
from rsip_sim.report.quoted import Derived, Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import CLEAR, SPREAD
from rsip_sim.report.words import place
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.work import ComparisonTables

NAME = "paired_differences"
KEYS = ("metric", "scenario")
SHOWN = ("erosion", "cohesion", "members", "alone", "below_good", "unmet_days")
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
AVERAGE = KeyEntry("average difference", "dot", style.DARK_BLUE, width=5)
UNCLEAR = KeyEntry(
    "the same, not clearly different from 0", "dot", style.WHITE, style.DARK_BLUE, width=5
)
PRECISION = KeyEntry("precision: 95% interval of the average", "line", style.MID_BLUE, width=5.5)
RANGE = KeyEntry("spread: 90% of futures", "line", style.DARK_GREY, width=1.0, caps=True)
BETTER = {"lower": "; left is better", "higher": "; right is better", "neither": ""}

Found = dict[tuple[str, str], Compared]


def paired_differences(
    results: PanelSource,
    tables: ComparisonTables,
    baseline: Scenario,
    others: Sequence[Scenario],
) -> Chart:
    """One panel a metric, one row a scenario."""
    main = [row for row in tables.rows if row.moment.name == tables.main_moment]
    metrics = _defined(main)
    found = {(row.metric.name, row.scenario.name): row for row in main}
    body, shown = Rows(
        [_block(found, metric, others) for metric in metrics],
        labels_cm=3.9,
        right_cm=0.4,
        gap_cm=0.7,
    ).fitting(TALLEST_CM)
    metrics = [metrics[at] for at in shown]
    drawn = {key: row for key, row in found.items() if row.metric in metrics}
    title = _title(list(drawn.values()), baseline)
    moment = tables.moments[tables.main_moment]
    when = moment.when if moment.over_time else f"at {moment.label}"
    return framed(
        NAME,
        title,
        body,
        subtitle=f"Difference from '{baseline.title}' in the same future, {when}; "
        f"{place(baseline)}",
        notes=[
            "Thick bar: how precisely the simulated futures fix the average; it shrinks with more "
            "futures, and hides behind the dot where it is narrower. Thin line: how far single "
            "futures lie apart, 5th to 95th percentile; it does not shrink. Each measure has its "
            "own scale.",
            source_line(results.replications, [baseline, *others]),
        ],
        key=[AVERAGE, UNCLEAR, PRECISION, RANGE],
        told=_told(drawn, metrics, baseline),
        data=_data(drawn.values()),
        keys=KEYS,
    )


def _defined(rows: Iterable[Compared]) -> list[Metric]:
    """The metrics to draw that are defined somewhere."""
    defined = {row.metric.name for row in rows if row.verdict != "not defined"}
    return [METRICS[name] for name in SHOWN if name in defined]


def _block(found: Found, metric: Metric, others: Sequence[Scenario]) -> Block:
    """One metric: a row for each scenario, on one scale."""
    unit = difference_unit(metric)
    rows = [_row(found.get((metric.name, scenario.name))) for scenario in others]
    ends = ends_around(numbers_in(rows), least_shown(metric.format))
    return Block(
        [scenario.title for scenario in others],
        [Panel(rows, Scale(unit, *ends))],
        f"{metric.label} ({unit}{BETTER[metric.better]})",
    )


def _row(found: Compared | None) -> Row:
    if found is None:
        return Row()
    n, divisor = found.numbers, found.metric.format.divisor
    if np.isnan(n.difference):
        return Row(instead="not defined")
    return Row(
        [
            Mark(RANGE, n.p05 / divisor, n.p95 / divisor),
            Mark(PRECISION, n.ci_low / divisor, n.ci_high / divisor),
            Mark(AVERAGE if found.verdict in CLEAR else UNCLEAR, n.difference / divisor),
        ]
    )


def _title(rows: Sequence[Compared], baseline: Scenario) -> Said:
    """The message: how many differences are clear."""
    defined = [row for row in rows if row.verdict != "not defined"]
    clear = [row for row in defined if row.verdict in CLEAR]
    base = titled(baseline.title)
    if not clear:
        return say("No scenario differs clearly from {baseline} in these measures", baseline=base)
    return say(
        "{n} of {all} differences from {baseline} are clear",
        n=_count(len(clear), "differences drawn that are clear"),
        all=_count(len(defined), "differences drawn"), baseline=base,
    )  # fmt: skip


def _count(number: int, what: str) -> Quote:
    return Quote(str(number), Derived(f"number of {what}", number))


def _data(rows: Iterable[Compared]) -> pd.DataFrame:
    numbers = ("difference", "ci_low", "ci_high", "p05", "p95")
    return pd.DataFrame(
        {
            "metric": row.metric.name,
            "scenario": row.scenario.name,
            "date": row.moment.label,
            "unit": row.metric.unit,
            **{name: getattr(row.numbers, name) for name in numbers},
            "verdict": row.verdict,
        }
        for row in rows
    )


def _told(found: Found, metrics: Sequence[Metric], baseline: Scenario) -> Said:
    return say(
        "Dot and interval chart of the differences from {baseline}, one row a scenario "
        "for each of {count} measures. {said}.",
        baseline=titled(baseline.title),
        count=given(str(len(metrics)), "number of measures drawn"),
        said=joined(". ", (_largest(found, metric) for metric in metrics)),
    )  # fmt: skip


def _largest(found: Found, metric: Metric) -> Said:
    clear = [
        row for (name, _), row in found.items()
        if name == metric.name and row.verdict in CLEAR
    ]  # fmt: skip
    if not clear:
        return say("{label}: no clear difference", label=metric.label)
    most = max(clear, key=lambda row: abs(row.numbers.difference))
    figures = most.figures
    return say(
        "{label}: largest under {scenario}, {mean} on average, {low} to {high} in {spread}",
        label=metric.label, scenario=titled(most.scenario.title),
        mean=figures.difference("difference"), low=figures.short("p05"),
        high=figures.difference("p95"), spread=SPREAD,
    )  # fmt: skip
