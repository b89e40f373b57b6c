"""What a comparison tells: what was compared, what was found, and the numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.measures.formats import NumberFormat
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
from rsip_sim.model.parameters import CENTRAL, UNCERTAIN
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Table
from rsip_sim.report.blocks import Row as Cells
from rsip_sim.report.findings import Finding, Row, gain_of_pairing
from rsip_sim.report.words import per_cent
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.alternatives import AlternativeRow, alternatives_table
from rsip_sim.studies.compare.alternatives_report import alternatives_blocks
from rsip_sim.studies.compare.no_evidence import LeaningRow, unevidenced_table
from rsip_sim.studies.compare.no_evidence_report import unevidenced_blocks
from rsip_sim.studies.compare.price import price_table
from rsip_sim.studies.compare.price_report import price_blocks
from rsip_sim.studies.compare.work import ComparisonTables

_NAME = Column("scenario", 22, words=True, hang=0, silent=True)
_AVERAGE = (Column("average\n", 9), Column("95% interval\nof the average", 17))
_SPREAD = (Column("90% of\nfutures", 17), Column("better\nin", 8))
_LEVELS = (Column("average", 12), Column("median", 12), Column("90% of futures", 24))
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
    tables: ComparisonTables,
    unevidenced: Sequence[LeaningRow] = (),
    alternatives: Sequence[AlternativeRow] = (),
) -> dict[str, pd.DataFrame]:
    """The tables that are kept with a comparison, by name; arguments as for comparison_report."""
    kept = {"differences": tables.differences, "price": price_table(tables.price)}
    if unevidenced:
        kept["unevidenced"] = unevidenced_table(unevidenced)
    if alternatives:
        kept["alternatives"] = alternatives_table(alternatives)
    return kept


def comparison_report(
    tables: ComparisonTables,
    unevidenced: Sequence[LeaningRow] = (),
    alternatives: Sequence[AlternativeRow] = (),
) -> Report:
    """The whole comparison: the findings first, then the headline tables.

    unevidenced   how the headline differences lean on parameters without evidence, where known
    alternatives  what they would be, had a rule of the model been otherwise, where known
    """
    scenarios = (tables.baseline, *tables.others)
    count = len(tables.others)
    return Report(
        f"{count} scenario{'s' if count != 1 else ''} compared with '{tables.baseline.title}'",
        (
            *_compared(tables),
            *_findings(tables),
            *price_blocks(tables.price),
            *unevidenced_blocks(unevidenced, lengths_differ(scenarios)),
            *alternatives_blocks(alternatives),
            *_headline_tables(tables),
            Heading("How to read this", part="method"),
            Points(tuple(_notes(tables))),
        ),
    )


def headlines_report(table: pd.DataFrame, scenario: Scenario) -> Report:
    """The headline table of one scenario, and what it stands on.

    table : as `headline_table` returns it.
    """
    futures = int(table["replications"].max()) if len(table) else 0
    notes = (
        f"{futures:,} simulated futures. '90% of futures' is the spread of outcomes, from the 5th "
        "to the 95th percentile. One scenario alone does not say what a policy changes: compare "
        "it with another.",
        *standing([scenario]),
    )
    return Report(
        scenario.title,
        (
            Paragraph(scenario.description),
            *(_levels(str(label), each) for label, each in table.groupby("date_label", sort=False)),
            Points(notes, apart=True),
        ),
    )


def _levels(label: str, table: pd.DataFrame) -> Table:
    """The headlines of one scenario at one moment."""
    title = label[0].upper() + label[1:]
    return Table(
        f"headlines_{table['date'].iloc[0]}",
        f"Headline measures: {label}",
        "One row a measure: its average over the futures, its median, and its range.",
        (Column(title, 52, words=True, hang=4), *_LEVELS),
        tuple(_level_cells(table.iloc[row]) for row in range(len(table))),
        quiet=True,
        apart=True,
    )


def _level_cells(record: pd.Series[Any]) -> Cells:
    """One metric in the headline table of a scenario."""
    metric = METRICS[record["metric"]]
    chance = metric.kind in ("chance", "risk")
    return (
        f"  {metric.label} ({record['unit']})",
        _level(metric.format, record["mean"]),
        "–" if chance else _level(metric.format, record["median"]),
        _range_of_levels(metric, (record["p05"], record["p95"])),
    )


def _level(write: NumberFormat, value: float) -> str:
    return "–" if np.isnan(value) else write.level(value)


def _range_of_levels(metric: Metric, spread: Sequence[float]) -> str:
    if metric.kind in ("chance", "risk") or np.isnan(spread).any():
        return "–"
    return TO.join(metric.format.level(value) for value in spread)


def _compared(tables: ComparisonTables) -> list[Block]:
    policy = tables.baseline.policy
    end = month_name(policy.start + policy.horizon_months - 1)
    opening = (
        f"{tables.replications:,} simulated futures of each, {month_name(policy.start)} to "
        f"{end}; roster {tables.baseline.roster.name}. Each future is compared with itself."
    )
    baseline = f"Baseline: {tables.baseline.title}. {tables.baseline.description}"
    blocks: list[Block] = [Paragraph(opening), Points((baseline,), plain=True, apart=True)]
    for scenario in tables.others:
        changes = tuple(change.sentence for change in differences(tables.baseline, scenario))
        what = "the same as the baseline" if not changes else changes[0]
        if len(changes) > 1:
            what = f"differs in {len(changes)} things"
        blocks.append(Points((f"{scenario.title}: {what}",), plain=True))
        if len(changes) > 1:
            blocks.append(Points(changes, depth=1))
    return blocks


def _findings(tables: ComparisonTables) -> Iterator[Block]:
    when = tables.moments[tables.main_moment].when
    yield Heading(f"What was found ({when})", part="answer")
    for finding in tables.findings:
        if finding.kind == "leverage":
            yield Paragraph(finding.sentence)
    for scenario in tables.others:
        yield Heading(f"{scenario.title}, against '{tables.baseline.title}'", 3)
        # the heading says when, so the sentences need not
        said = (finding.sentence.without(when) for finding in _about(tables.findings, scenario))
        yield Points(tuple(said), depth=1)
    rankings = [finding for finding in tables.findings if finding.kind == "ranking"]
    for place, finding in enumerate(rankings):
        yield Paragraph(finding.sentence, apart=place == 0)


def _about(findings: Sequence[Finding], scenario: Scenario) -> Iterator[Finding]:
    return (
        finding
        for finding in findings
        if finding.scenario == scenario.name and finding.kind not in ("leverage", "ranking")
    )


def _headline_tables(tables: ComparisonTables) -> Iterator[Block]:
    moments = [name for name in (MEAN, MARCH_2013, OWN_AGREEMENT) if name in tables.moments]
    for name in moments or [END]:
        rows = {
            (row.metric.name, row.scenario.name): row
            for row in tables.rows
            if row.moment.name == name and row.metric.name in HEADLINES
        }
        if not rows:
            continue
        moment = tables.moments[name]
        yield Heading(f"Differences, {moment.label}", part="tables")
        lines = [
            line
            for metric in HEADLINES
            for line in _of_metric(METRICS[metric], moment, tables, rows)
        ]
        yield Table(
            f"differences_{name}",
            f"Differences from '{tables.baseline.title}', {moment.label}",
            "One row a scenario: the average difference and its 95% interval, the range of nine "
            "futures in ten, and the share of futures in which the scenario does better.",
            (_NAME, *_AVERAGE, *_SPREAD),
            tuple(lines),
            quiet=True,
        )


def _of_metric(
    metric: Metric,
    moment: Moment,
    tables: ComparisonTables,
    rows: dict[tuple[str, str], Row],
) -> Iterator[str | Cells]:
    """One metric: its baseline level, and a row for each scenario."""
    found = [rows.get((metric.name, other.name)) for other in tables.others]
    first = next((row for row in found if row is not None and row.numbers.replications), None)
    title = f"{metric.label} ({unit_at(metric, moment)}; {metric.better} is better)"
    if first is None:
        yield f"{title}: not defined"
        return
    level = metric.format.level(first.numbers.baseline)
    spread = _range_of_levels(metric, (first.baseline_p05, first.baseline_p95))
    ranged = "" if spread == "–" else f", {spread} in 90% of futures"
    yield f"{title}: baseline {level}{ranged}"
    for other, row in zip(tables.others, found, strict=True):
        if row is not None:
            yield (other.title, *_cells(row))


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
        metric.format.plain_difference(n.difference),
        interval,
        spread,
        per_cent(better, brief=True),
    ]


def plain_range(metric: Metric, low: float, high: float) -> str:
    """A range of differences without unit."""
    write = metric.format.plain_difference
    return f"{write(low)}{TO}{write(high)}"


def _notes(tables: ComparisonTables) -> Iterator[str]:
    """What each number is, and what the headlines stand on."""
    yield (
        "A difference is the scenario less the baseline in the same future. The 95% interval says "
        "how precisely these futures fix the average, and shrinks with more of them; about one "
        "such interval in twenty misses. '90% of futures' is the spread of the differences, from "
        "the 5th to the 95th percentile, and does not shrink. 'Better in' is the share of futures "
        "in which the scenario does better."
    )
    if pairing := _pairing(tables):
        yield pairing
    yield from standing([tables.baseline, *tables.others])
    yield "Every metric and date is in the table of differences (differences.csv with --out)."


def standing(scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """The climate, the parameters and the kind of money the numbers stand on."""
    climates = dict.fromkeys(s.policy.levers.climate.conversion for s in scenarios)
    climate = "; ".join(CLIMATES.get(name, name) for name in climates)
    return (
        f"National climate (the rate of conversion in England): {climate}.",
        f"Parameters: {_parameters(scenarios[0].policy.parameters)}.",
        "Money is cash, not real terms; pupil rolls are those of the roster.",
    )


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
    times = gain_of_pairing(tables.rows)
    if not times:
        return ""
    return (
        f"Comparing future by future makes the typical average as precise as {times:,.0f} times as "
        "many futures compared at random would."
    )
