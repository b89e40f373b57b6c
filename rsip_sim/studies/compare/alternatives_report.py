"""What hangs on rules that neither law nor evidence settles, told: which conclusions turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Table
from rsip_sim.report.blocks import Row as Cells
from rsip_sim.studies.compare.alternatives import AlternativeRow

SHOWN = ("erosion", "cohesion", "members")
"""Headlines with a column of their own: what was asked, and what an agreement is for."""

_NAME, _NUMBER, _TURNS = 36, 19, 7


def difference_unit(metric: Metric, moment: Moment) -> str:
    """Unit of a difference: ``points`` where the level is in per cent."""
    return (metric.format.difference_suffix or unit_at(metric, moment)).strip()


def alternatives_blocks(rows: Sequence[AlternativeRow]) -> list[Block]:
    """The section of a comparison's report; empty where no alternative was tried."""
    if not rows:
        return []
    scenarios = dict.fromkeys(row.scenario.name for row in rows)
    blocks: list[Block] = [
        Heading("Had a rule of the model been otherwise", part="alternatives"),
        Paragraph(_opening(rows)),
    ]
    for name in scenarios:
        blocks += _of_scenario([row for row in rows if row.scenario.name == name])
    return blocks


def _opening(rows: Sequence[AlternativeRow]) -> str:
    count = len({(row.alternative.rule.name, row.alternative.value) for row in rows})
    futures = rows[0].futures
    return (
        f"Neither law nor evidence settles these rules. Each of {count} alternatives was simulated "
        f"by itself in {futures:,} of the same futures: expected is the difference in all futures "
        "plus the change in these, with half of its 95% interval. The last column counts the "
        "headline conclusions that turn: of a clear difference, that it is gone or reversed; "
        "of an unclear one, that it is clear. A change that fewer than one future in "
        f"{futures:,} sees cannot show here."
    )


def _of_scenario(rows: Sequence[AlternativeRow]) -> Iterator[Block]:
    title = f"{rows[0].scenario.title}, had the rule been otherwise"
    metrics = _columns(rows)
    yield Table(
        f"alternatives_{rows[0].scenario.name}",
        title,
        "One row an alternative: the difference from the baseline to be expected in a few "
        "headlines, and how many headline conclusions turn.",
        (
            Column(rows[0].scenario.title, _NAME, words=True, hang=2),
            *(Column(heading, _NUMBER) for heading in _headings(metrics, rows[0].moment)),
            Column("turn", _TURNS),
        ),
        (_as_it_is(rows, metrics), *_cells(rows, metrics)),
        quiet=True,
        apart=True,
    )
    turned = tuple(turn_sentence(row) for row in rows if row.turned)
    if turned:
        yield Points(turned)


def _columns(rows: Sequence[AlternativeRow]) -> list[Metric]:
    """The headlines with a column, and others where one of these is not defined."""
    known = list(dict.fromkeys(row.metric for row in rows))
    first = [metric for name in SHOWN for metric in known if metric.name == name]
    rest = [metric for metric in known if metric not in first]
    return (first + rest)[: len(SHOWN)]


def _headings(metrics: Sequence[Metric], moment: Moment) -> list[str]:
    """Label and unit of each, in lines that fit its column and end level with the others."""
    told = [wrap(f"{each.noun} ({difference_unit(each, moment)})", _NUMBER - 2) for each in metrics]
    most = max(map(len, told))
    return ["\n".join([*[""] * (most - len(lines)), *lines]) for lines in told]


def _as_it_is(rows: Sequence[AlternativeRow], metrics: Sequence[Metric]) -> Cells:
    first = {row.metric: row for row in reversed(rows)}
    cells = [metric.format.short_difference(first[metric].average) for metric in metrics]
    return ("As the model has it", *cells, "")


def _cells(rows: Sequence[AlternativeRow], metrics: Sequence[Metric]) -> Iterator[Cells]:
    for alternative in dict.fromkeys(row.alternative.sentence for row in rows):
        under = {row.metric: row for row in rows if row.alternative.sentence == alternative}
        turned = sum(row.turned for row in under.values())
        numbers = [_number(under[metric]) if metric in under else "–" for metric in metrics]
        yield (alternative.rstrip("."), *numbers, str(turned) if turned else "none")


def _number(row: AlternativeRow) -> str:
    write = row.metric.format
    half = write.short_difference(row.expected - row.low).lstrip("+")
    return f"{write.short_difference(row.expected)} ±{half}"


def turn_sentence(row: AlternativeRow) -> str:
    """``Forum: an agreement makes no difference …: schools in the partnership +0.2 (…)``."""
    write = row.metric.format
    becomes = {"turns": "is reversed", "is gone": "is gone", "appears": "becomes clear"}
    low, high = write.short_difference(row.low), write.short_difference(row.high)
    return (
        f"{row.alternative.sentence.rstrip('.')}: {row.metric.noun} {becomes[row.conclusion]}, "
        f"{write.difference(row.expected)} (95% interval {low} to {high}) instead of "
        f"{write.difference(row.average)}."
    )
