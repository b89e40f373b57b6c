"""Text for the terminal: what was compared, what was found, and the numbers, in 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.measures.formats import NumberFormat, per_cent
from rsip_sim.measures.metrics import HEADLINES, METRICS, Metric
from rsip_sim.measures.moments import (
    END,
    MARCH_2013,
    MEAN,
    OWN_AGREEMENT,
    Moment,
    lengths_differ,
    unit_at,
)
from rsip_sim.measures.runs import AS_WRITTEN, CERTAIN
from rsip_sim.model.parameters import CENTRAL, UNCERTAIN
from rsip_sim.report.findings import Finding, Row
from rsip_sim.report.text import heading, paragraph
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.no_evidence import LeaningRow, unevidenced_table
from rsip_sim.studies.compare.no_evidence_report import unevidenced_section
from rsip_sim.studies.compare.work import ComparisonTables

NAME_WIDTH = 22
COLUMNS = (9, 17, 17, 8)
"""Widths of: average, its 95% interval, 90% of futures, better in."""

LEVEL_WIDTH = 52
LEVEL_COLUMNS = (12, 12, 24)
TO = " to "
CLIMATES = {
    "observed": "as it then was, which nobody knew in 2011",
    "flat": "held at the rate of the winter of 2010–11",
    "surge": "the rate of the winter of 2010–11, three times as high in months 6 to 18",
    "uncertain": "uncertain: from the rate of the winter of 2010–11 it moves differently in each "
    "future",
    "table": "the scenario's own table",
}


def comparison_tables(
    tables: ComparisonTables, unevidenced: Sequence[LeaningRow] = ()
) -> dict[str, pd.DataFrame]:
    """The tables that are kept with a comparison, by name; arguments as for render_comparison."""
    kept = {"differences": tables.differences}
    if unevidenced:
        kept["unevidenced"] = unevidenced_table(unevidenced)
    return kept


def render_comparison(tables: ComparisonTables, unevidenced: Sequence[LeaningRow] = ()) -> str:
    """The whole comparison as text: the findings first, then the headline tables.

    unevidenced  how the headline differences lean on parameters without evidence, where known
    """
    scenarios = (tables.baseline, *tables.others)
    unknown = unevidenced_section(unevidenced, lengths_differ(scenarios))
    lines = [
        *_opening(tables),
        "",
        *_compared(tables),
        "",
        *_findings(tables),
        "",
        *unknown,
        *([""] if unknown else []),
        *_headline_tables(tables),
        *_reading(tables),
    ]
    return "\n".join(lines) + "\n"


def render_headlines(table: pd.DataFrame, scenario: Scenario | None = None) -> str:
    """The headline table of one scenario as text; with the scenario, also what it stands on.

    table : as ``analysis.summary.headline_table`` returns it.
    """
    lines: list[str] = []
    if scenario is not None:
        lines += [*heading(scenario.title), *paragraph(scenario.description), ""]
    heads = ("average", "median", "90% of futures")
    for label, group in table.groupby("date_label", sort=False):
        title = str(label)
        lines.append(_level_line(title[0].upper() + title[1:], heads))
        for row in range(len(group)):
            lines += _level_lines(group.iloc[row])
        lines.append("")
    futures = int(table["replications"].max()) if len(table) else 0
    lines += paragraph(
        f"{futures:,} simulated futures. '90% of futures' is the spread of outcomes, from the 5th "
        "to the 95th percentile. One scenario alone does not say what a policy changes: compare "
        "it with another.",
        "- ", "  ",
    )  # fmt: skip
    if scenario is not None:
        lines += standing([scenario])
    return "\n".join(lines) + "\n"


def _level_lines(record: pd.Series[Any]) -> list[str]:
    """The lines of one metric in the headline table of a scenario."""
    metric = METRICS[record["metric"]]
    names = textwrap.wrap(
        f"{metric.label} ({record['unit']})", LEVEL_WIDTH - 2, break_on_hyphens=False
    )
    chance = metric.kind in ("chance", "risk")
    cells = (
        _level(metric.format, record["mean"]),
        "–" if chance else _level(metric.format, record["median"]),
        _range_of_levels(metric, (record["p05"], record["p95"])),
    )
    return [_level_line(f"  {names[0]}", cells), *(f"    {name}" for name in names[1:])]


def _level_line(name: str, cells: Sequence[str]) -> str:
    return f"{name:{LEVEL_WIDTH}}" + "".join(
        f"{cell:>{width}}" for cell, width in zip(cells, LEVEL_COLUMNS, strict=True)
    )


def _level(write: NumberFormat, value: float) -> str:
    return "–" if np.isnan(value) else write.level(value)


def _range_of_levels(metric: Metric, spread: Sequence[float]) -> str:
    if metric.kind in ("chance", "risk") or np.isnan(spread).any():
        return "–"
    return TO.join(metric.format.level(value) for value in spread)


def _opening(tables: ComparisonTables) -> list[str]:
    policy = tables.baseline.policy
    end = month_name(policy.start + policy.horizon_months - 1)
    count = len(tables.others)
    return [
        *heading(f"{count} scenario{'s' if count != 1 else ''} compared with "
                  f"'{tables.baseline.title}'"),
        *paragraph(
            f"{tables.replications:,} simulated futures of each, {month_name(policy.start)} to "
            f"{end}; roster {tables.baseline.roster.name}. Each future is compared with itself."
        ),
    ]  # fmt: skip


def _compared(tables: ComparisonTables) -> list[str]:
    lines = paragraph(f"Baseline: {tables.baseline.title}. {tables.baseline.description}", "", "  ")
    for scenario in tables.others:
        changes = [change.sentence for change in differences(tables.baseline, scenario)]
        if not changes:
            lines += paragraph(f"{scenario.title}: the same as the baseline", "", "  ")
        elif len(changes) == 1:
            lines += paragraph(f"{scenario.title}: {changes[0]}", "", "  ")
        else:
            lines += [f"{scenario.title}: differs in {len(changes)} things"]
            for change in changes:
                lines += paragraph(change, "  - ", "    ")
    return lines


def _findings(tables: ComparisonTables) -> list[str]:
    when = tables.moments[tables.main_moment]
    lines = heading(f"What was found ({when.when})")
    leading = [finding for finding in tables.findings if finding.kind == "leverage"]
    for finding in leading:
        lines += paragraph(finding.sentence)
    short = f" {when.when}"
    for scenario in tables.others:
        lines += ["", f"{scenario.title}, against '{tables.baseline.title}'"]
        for finding in _about(tables.findings, scenario):
            # the heading says when, so the sentences need not
            lines += paragraph(finding.sentence.replace(short, ""), "  - ", "    ")
    rankings = [finding for finding in tables.findings if finding.kind == "ranking"]
    if rankings:
        lines.append("")
        for finding in rankings:
            lines += paragraph(finding.sentence)
    return lines


def _about(findings: Sequence[Finding], scenario: Scenario) -> Iterator[Finding]:
    return (
        finding
        for finding in findings
        if finding.scenario == scenario.name and finding.kind not in ("leverage", "ranking")
    )


def _headline_tables(tables: ComparisonTables) -> Iterator[str]:
    moments = [name for name in (MEAN, MARCH_2013, OWN_AGREEMENT) if name in tables.moments]
    both = CERTAIN in tables.renewals
    for name in moments or [END]:
        rows = {
            (row.metric.name, row.scenario.name, row.renewal): row
            for row in tables.rows
            if row.moment.name == name and row.metric.name in HEADLINES
        }
        if not rows:
            continue
        moment = tables.moments[name]
        yield from heading(f"Differences, {moment.label}")
        yield from _column_heads(both)
        for metric in HEADLINES:
            yield from _block(METRICS[metric], moment, tables, rows)
        yield ""


def _column_heads(both: bool) -> Iterator[str]:
    average, interval, spread, better = COLUMNS
    first = f"{'':{NAME_WIDTH}}"
    if both:
        written = average + interval + spread + better
        yield (
            f"{first}{'renewal as written':>{written}}{'renewal certain':>{average + interval}}"
        ).rstrip()
    heads = [
        (("average", average), ("95% interval", interval), ("90% of", spread), ("better", better)),
        (("", average), ("of the average", interval), ("futures", spread), ("in", better)),
    ]
    for cells in heads:
        line = first + "".join(f"{text:>{width}}" for text, width in cells)
        yield line + ("".join(f"{text:>{width}}" for text, width in cells[:2]) if both else "")


def _block(
    metric: Metric,
    moment: Moment,
    tables: ComparisonTables,
    rows: dict[tuple[str, str, str], Row],
) -> Iterator[str]:
    """One metric: its baseline level, and a line for each scenario."""
    found = [rows.get((metric.name, other.name, AS_WRITTEN)) for other in tables.others]
    first = next((row for row in found if row is not None and row.numbers.replications), None)
    title = f"{metric.label} ({unit_at(metric, moment)}; {metric.better} is better)"
    if first is None:
        yield from paragraph(f"{title}: not defined", "", "  ")
        return
    level = metric.format.level(first.numbers.baseline)
    spread = _range_of_levels(metric, (first.baseline_p05, first.baseline_p95))
    ranged = "" if spread == "–" else f", {spread} in 90% of futures"
    yield from paragraph(f"{title}: baseline {level}{ranged}", "", "  ")
    for other, row in zip(tables.others, found, strict=True):
        if row is None:
            continue
        certain = rows.get((metric.name, other.name, CERTAIN))
        names = textwrap.wrap(other.title, NAME_WIDTH - 2) or [other.name]
        cells = _cells(row) + (_cells(certain)[:2] if certain else [])
        widths = COLUMNS + COLUMNS[:2]
        yield f"  {names[0]:{NAME_WIDTH - 2}}" + "".join(
            f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=False)
        )
        yield from (f"  {name}" for name in names[1:])


def _cells(row: Row) -> list[str]:
    """Average, its interval, spread across futures, share of futures that are better."""
    n, metric = row.numbers, row.metric
    if row.verdict == "not defined":
        return ["–"] * 4
    if row.verdict == "equal":
        return ["none", "–", "–", "–"]
    interval = "–" if np.isnan(n.ci_low) else plain_range(metric, n.ci_low, n.ci_high)
    spread = "–" if metric.kind in ("chance", "risk") else plain_range(metric, n.p05, n.p95)
    better = {"higher": n.higher, "lower": n.lower, "neither": np.nan}[metric.better]
    return [
        plain(metric, n.difference),
        interval,
        spread,
        per_cent(better),
    ]


def plain(metric: Metric, value: float) -> str:
    """A difference without unit, which the heading of its block says."""
    write = metric.format
    return (
        write.short_difference(value)
        .replace(write.prefix, "")
        .removesuffix(write.suffix if write.prefix else "")
    )


def plain_range(metric: Metric, low: float, high: float) -> str:
    """A range of differences without unit."""
    return f"{plain(metric, low)}{TO}{plain(metric, high)}"


def _reading(tables: ComparisonTables) -> list[str]:
    """What each number is, and what the headlines stand on."""
    notes = [
        "A difference is the scenario less the baseline in the same future. The 95% interval says "
        "how precisely these futures fix the average, and shrinks with more of them; about one "
        "such interval in twenty misses. '90% of futures' is the spread of the differences, from "
        "the 5th to the 95th percentile, and does not shrink. 'Better in' is the share of futures "
        "in which the scenario does better.",
        _pairing(tables),
    ]
    if CERTAIN in tables.renewals:
        notes.append(
            "Renewal as written is a lottery with no evidence behind it, and a longer agreement "
            "meets it less often; under 'renewal certain' every agreement is renewed."
        )
    lines = heading("How to read this")
    for note in notes:
        if note:
            lines += paragraph(note, "- ", "  ")
    lines += standing([tables.baseline, *tables.others])
    return lines + paragraph(
        "Every metric and date is in the table of differences (differences.csv with --out).",
        "- ", "  ",
    )  # fmt: skip


def standing(scenarios: Sequence[Scenario]) -> list[str]:
    """The climate, the parameters and the kind of money the numbers stand on."""
    climates = dict.fromkeys(s.policy.levers.climate.conversion for s in scenarios)
    climate = "; ".join(CLIMATES.get(name, name) for name in climates)
    return [
        *paragraph(f"National climate (the rate of conversion in England): {climate}.", "- ", "  "),
        *paragraph(f"Parameters: {_parameters(scenarios[0].policy.parameters)}.", "- ", "  "),
        *paragraph(
            "Money is cash, not real terms; pupil rolls are those of the roster.", "- ", "  "
        ),
    ]


def _parameters(how: str) -> str:
    """Where the parameter values of the futures come from."""
    if how == CENTRAL:
        return "held at their central values, so that ignorance of them does not show"
    posterior = load_posterior() if how == UNCERTAIN else None
    if posterior is None:
        return "drawn afresh for each future, each from its range in the register"
    return (
        f"drawn afresh for each future; {len(posterior.names)} of them together, from the sample "
        "fitted to what was known in April 2013, the others each from its range in the register"
    )


def _pairing(tables: ComparisonTables) -> str:
    ratios = [
        row.variance_ratio
        for row in tables.rows
        if row.metric.name in HEADLINES and np.isfinite(row.variance_ratio)
    ]
    if not ratios:
        return ""
    times = float(np.median(ratios))
    if times < 1.5:
        return ""
    return (
        f"Comparing future by future makes the typical average as precise as {times:,.0f} times as "
        "many futures compared at random would."
    )
