"""What hangs on rules that neither law nor evidence settles, told: which conclusions turn."""

from __future__ import annotations

from collections.abc import Sequence

from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Block, Column, Paragraph, Table
from rsip_sim.report.blocks import Row as Cells
from rsip_sim.report.words import counted
from rsip_sim.studies.compare.alternatives import AlternativeRow

SHOWN = ("members", "cohesion", "erosion")
"""Headlines with a table of their own: what an agreement is for, and what was asked."""

TURNS = "*"
_NAME, _NUMBER = 33, 13


def difference_unit(metric: Metric, moment: Moment) -> str:
    """Unit of a difference: ``points`` where the level is in per cent."""
    return (metric.format.difference_suffix or unit_at(metric, moment)).strip()


def alternatives_blocks(rows: Sequence[AlternativeRow]) -> tuple[Block, ...]:
    """A table a headline: one row an alternative, one column an option."""
    if not rows:
        return ()
    tried = len({row.alternative.sentence for row in rows})
    opening = (
        f"Neither law nor evidence settles these rules. Each of {counted(tried, 'alternative')} "
        f"was simulated by itself in {rows[0].futures:,} of the same futures: shown is the "
        "difference in all futures plus the change in these, ± half of its 95% interval; "
        f"{TURNS} the conclusion turns: a clear difference is gone or reversed, or an unclear one "
        "is clear. What fewer than one future in "
        f"{rows[0].futures:,} sees cannot show here."
    )
    known = {row.metric.name for row in rows}
    shown = [METRICS[name] for name in SHOWN if name in known]
    return (Paragraph(opening), *(_of_metric(metric, rows) for metric in shown))


def _of_metric(metric: Metric, rows: Sequence[AlternativeRow]) -> Table:
    own = [row for row in rows if row.metric == metric]
    options = list({row.scenario.name: row.scenario for row in own}.values())
    found = {(row.alternative.sentence, row.scenario.name): row for row in own}
    usual = {row.scenario.name: row for row in reversed(own)}
    lines: list[Cells] = [
        ("As the model has it",
         *(metric.format.brief_difference(usual[each.name].average) for each in options)),
        *(
            (rule.rstrip("."), *(_number(found.get((rule, each.name))) for each in options))
            for rule in dict.fromkeys(row.alternative.sentence for row in own)
        ),
    ]  # fmt: skip
    title = f"{metric.label} ({difference_unit(metric, own[0].moment)}), had a rule been otherwise"
    return Table(
        f"alternatives_{metric.name}",
        title,
        "One row an alternative: the difference of each option from the baseline that is to be "
        "expected, and whether the conclusion turns.",
        (
            Column("rule", _NAME, words=True, hang=2, silent=True),
            *(Column(each.brief, _NUMBER) for each in options),
        ),
        tuple(lines),
        apart=True,
    )


def _number(row: AlternativeRow | None) -> str:
    if row is None:
        return "–"
    write = row.metric.format
    half = write.brief(row.expected - row.low)
    return f"{write.brief_difference(row.expected)} ±{half}{TURNS * row.turned}"
