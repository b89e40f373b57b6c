"""What a comparison tells: what was compared, what was found, and the numbers."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from rsip_sim.evidence.posterior import load_posterior
from rsip_sim.measures.metrics import HEADLINES, METRICS, Metric
from rsip_sim.measures.moments import (
    END,
    MARCH_2013,
    MEAN,
    OWN_AGREEMENT,
    Moment,
    lengths_differ,
    moments_of,
    unit_at,
)
from rsip_sim.model.parameters import CENTRAL, UNCERTAIN
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Points, Report, Table
from rsip_sim.report.blocks import Row as Cells
from rsip_sim.report.quoted import Derived, Quote, given, joined, say
from rsip_sim.report.verdicts import Row
from rsip_sim.report.words import per_cent
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.alternatives import (
    AlternativeRow,
    LeaningRow,
    alternatives_table,
    unevidenced_table,
)
from rsip_sim.studies.compare.headline_table import MOST, headline_table, key, read_over, when
from rsip_sim.studies.compare.price import (
    LOST,
    WHOLE,
    PriceRow,
    price_blocks,
    price_table,
    thousands,
)
from rsip_sim.studies.compare.screen import (
    PRICES,
    SHOWN,
    Screen,
    answer,
    compared,
    defined,
    question,
)
from rsip_sim.studies.compare.sureness import fate, sure, unknown_part
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.kernel.choice_words import asked_about

_NAME = Column("scenario", 22, words=True, hang=0, silent=True)
_AVERAGE = (Column("average\n", 9), Column("95% interval\nof the average", 17))
_SPREAD = (Column("90% of\nfutures", 17), Column("better\nin", 8))
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
    """The whole comparison: the answer and its price, and behind it the parts.

    unevidenced   how the headline differences lean on parameters without evidence, where known
    alternatives  what they would be, had a rule of the model been otherwise, where known
    """
    screen = Screen(tables, alternatives)
    many = len(tables.others) > MOST
    lengths = lengths_differ((tables.baseline, *tables.others))
    parts = (
        unknown_part(alternatives, unevidenced, lengths),
        Part("price", "The price, £ thousand, cash", price_blocks(tables.price)),
        Part("tables", "Every headline", tuple(_headline_tables(tables))),
        Part("scenarios", "What was compared", tuple(_compared(tables))),
        Part("method", "How to read this", (Points(tuple(_notes(tables))),)),
    )
    return Report(
        question(screen),
        (
            Paragraph(compared(tables.replications, tables.baseline)),
            Paragraph(joined(" ", answer(screen, brief=many)), apart=True),
            headline_table(screen),
            Paragraph(key(screen), "note"),
            Heading("How sure"),
            Points(tuple(sure(screen, brief=many)), plain=True),
        ),
        asked_about(tables.baseline),
        parts=tuple(part for part in parts if part.blocks),
    )


def headlines_report(
    table: pd.DataFrame, scenario: Scenario, price: Sequence[PriceRow] = ()
) -> Report:
    """What happens under one scenario, what it costs, and what that stands on.

    table  as `headline_table` returns it;  price: of the scenario alone
    """
    futures = int(table["replications"].max()) if len(table) else 0
    count = Quote(f"{futures:,}", Derived("futures simulated", futures))
    order = list(dict.fromkeys((*SHOWN, *HEADLINES)))
    table = table.sort_values("metric", key=lambda names: names.map(order.index), kind="stable")
    moments = moments_of(scenario.policy, scenario.policy.horizon_months).values()
    tables = [_levels(scenario, each, table[table["date"] == each.name]) for each in moments]
    screen = replace(tables[0], rows=(*tables[0].rows, *_run_price(price)))
    how_sure = (
        "Averages over the futures; '90% of futures' is the spread of outcomes, from the 5th to "
        "the 95th percentile, and not the precision of an average.",
        "One scenario alone does not say what a policy changes: compare it with another.",
        *fate(scenario),
    )
    parts = (
        Part("tables", "Every headline at other dates", tuple(tables[1:])),
        Part("method", "What the numbers stand on", (Points(standing([scenario])),)),
    )
    return Report(
        f"What happens under '{scenario.title}'?",
        (
            Paragraph(say("{futures} simulated futures. {what}", futures=count,
                          what=given(scenario.description, "of the scenario"))),
            screen,
            Heading("How sure"),
            Points(how_sure, plain=True),
        ),
        asked_about(scenario),
        parts=tuple(part for part in parts if part.blocks),
    )  # fmt: skip


def _levels(scenario: Scenario, moment: Moment, table: pd.DataFrame) -> Table:
    return Table(
        f"headlines_{moment.name}",
        f"What happens under '{scenario.title}', {when(scenario, moment)}",
        "One row a measure: its average over the futures, and the range of nine in ten.",
        (
            Column(read_over(scenario, moment), 52, words=True, hang=1),
            Column("average", 12),
            Column("90% of futures", 24),
        ),
        tuple(map(_level_cells, table.to_dict("records"))),
        quiet=True,
        apart=True,
    )


def _level_cells(record: Mapping[Hashable, Any]) -> Cells:
    metric = METRICS[record["metric"]]
    unit = "" if record["unit"] == "schools" else f", {record['unit']}"
    return (
        f"{metric.label}{unit}",
        metric.format.brief(record["mean"]),
        _range_of_levels(metric, record["p05"], record["p95"]) or "–",
    )


def _range_of_levels(metric: Metric, low: float, high: float) -> str:
    """The range across futures; '' of a chance, which is none or all in each of them."""
    if metric.kind in ("chance", "risk") or np.isnan([low, high]).any():
        return ""
    return f"{metric.format.brief(low)}{TO}{metric.format.brief(high)}"


def _run_price(price: Sequence[PriceRow]) -> Iterator[Cells]:
    """The lines of the price that a scenario has by itself: a service is lost beside another."""
    for row in price:
        if row.year == WHOLE and row.line in PRICES and row.line != LOST:
            mean, low, high = (thousands(row.a_year(each)) for each in ("mean", "p05", "p95"))
            yield PRICES[row.line], mean, f"{low}{TO}{high}"


def _compared(tables: ComparisonTables) -> Iterator[Block]:
    baseline = tables.baseline
    yield Points((f"{_named(baseline)}: {baseline.description}",), plain=True)
    for scenario in tables.others:
        changes = tuple(change.reasoned for change in differences(tables.baseline, scenario))
        if len(changes) > 1:
            yield Points((f"{_named(scenario)}:",), plain=True)
            yield Points(changes, depth=1)
        else:
            changed = changes[0] if changes else "the same as the baseline"
            yield Points((f"{_named(scenario)}: {changed}",), plain=True)


def _named(scenario: Scenario) -> str:
    """The name in tables and the title: ``2 years (Two-year agreement)``."""
    if scenario.brief == scenario.title:
        return scenario.title
    return f"{scenario.brief} ({scenario.title})"


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
        yield Heading(f"Differences, {moment.label}")
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
    found = [rows.get((metric.name, other.name)) for other in tables.others]
    first = next((row for row in found if row is not None and row.numbers.replications), None)
    title = f"{metric.label} ({unit_at(metric, moment)}; {metric.better} is better)"
    if first is None:
        yield f"{title}: not defined"
        return
    spread = _range_of_levels(metric, first.numbers.baseline_p05, first.numbers.baseline_p95)
    ranged = f", {spread} in 90% of futures" if spread else ""
    yield f"{title}: baseline {metric.format.brief(first.numbers.baseline)}{ranged}"
    for other, row in zip(tables.others, found, strict=True):
        if row is not None:
            yield (other.brief, *_cells(row))


def _cells(row: Row) -> list[str]:
    n, metric = row.numbers, row.metric
    if not defined(row):
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
    yield (
        "A difference is the scenario less the baseline in the same future. The 95% interval says "
        "how precisely these futures fix the average, and shrinks with more of them; about one "
        "such interval in twenty misses. '90% of futures' is the spread of the differences, from "
        "the 5th to the 95th percentile, and does not shrink. 'Better in' is the share of futures "
        "in which the scenario does better."
    )
    if tables.ranking is not None:
        yield tables.ranking
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
