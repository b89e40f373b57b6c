"""What cannot be known, told: findings over the whole range of what has no evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.evidence.register import Parameter
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Row, Table
from rsip_sim.report.findings import FIRST
from rsip_sim.studies.compare.no_evidence import Leaning, LeaningRow

OF_LENGTHS = "b_secure"
"""The parameter through which the length of an agreement acts on schools: always reported where
lengths are compared, whatever its part in the differences."""

MOST_METRICS = 5
MOST_OTHERS = 3
_NAME, _AT, _CONCLUSION = 28, 17, 21


def unevidenced_blocks(rows: Sequence[LeaningRow], lengths: bool) -> list[Block]:
    """The section of a comparison's report; empty where nothing is to be told.

    lengths  whether the scenarios differ in the length of their agreements
    """
    told = [each for each in _by_parameter(rows) if _is_told(each, lengths)]
    if not told:
        return []
    blocks: list[Block] = [Heading("What cannot be known, and what hangs on it", part="unknown")]
    for place, each in enumerate(told[: 1 + MOST_OTHERS]):
        blocks += _of_parameter(each, apart=place > 0)
    blocks.append(
        Paragraph(
            "'Turns': there the difference to be expected becomes too small to tell of, or changes "
            "direction. 'Clear': where its 95% interval does not hold 0; 'holds throughout' is "
            "both."
        )
    )
    if left := told[1 + MOST_OTHERS :]:
        names = ", ".join(each[0].leaning.parameter.name for each in left)
        blocks.append(Paragraph(f"Findings hang on these as well, see the table: {names}."))
    return blocks


def _by_parameter(rows: Sequence[LeaningRow]) -> list[list[LeaningRow]]:
    """The rows of each parameter, those with the largest part in any difference first."""
    names = dict.fromkeys(row.leaning.parameter.name for row in rows)
    groups = [[row for row in rows if row.leaning.parameter.name == name] for name in names]
    return sorted(groups, key=_order)


def _order(rows: Sequence[LeaningRow]) -> tuple[bool, float]:
    first = rows[0].leaning.parameter.name == OF_LENGTHS
    return not first, -max(row.leaning.explained for row in rows)


def _is_told(rows: Sequence[LeaningRow], lengths: bool) -> bool:
    name = rows[0].leaning.parameter.name
    return (lengths and name == OF_LENGTHS) or any(row.leaning.hangs for row in rows)


def _of_parameter(rows: Sequence[LeaningRow], apart: bool) -> Iterator[Block]:
    parameter = rows[0].leaning.parameter
    yield Paragraph(
        f"{parameter.label} ({parameter.name}): no evidence bears on it and nothing could be "
        f"fitted to it, so it is drawn over all that it might be: {_range(parameter)}. Differences "
        "to be expected if it were known, with their 95% intervals:",
        apart=apart,
    )
    whole = parameter.name == OF_LENGTHS
    metrics = _metrics(rows) if whole else _hanging(rows)
    shown = [row for row in rows if row.metric in metrics]
    if not shown:
        yield Paragraph("No headline difference leans on it by an amount that shows.")
        return
    lines: list[str | Row] = []
    for metric in metrics:
        of_metric = [row for row in shown if row.metric == metric]
        lines.append(f"{metric.label} ({unit_at(metric, of_metric[0].moment)})")
        lines += [_cells(row) for row in of_metric]
    yield Table(
        f"unknown_{parameter.name}",
        f"Differences to be expected if it were known: {parameter.label}",
        "One row a scenario, one column a value that it might have, and whether the conclusion "
        "holds throughout.",
        (
            Column("scenario", _NAME, words=True, silent=True),
            *(Column(f"if it is {value:g}", _AT) for value in shown[0].leaning.values),
            Column("conclusion", _CONCLUSION),
        ),
        tuple(lines),
        quiet=True,
    )
    yield Paragraph(summary_sentence(shown))
    others = dict.fromkeys(row.metric.noun for row in rows if row.metric not in metrics)
    if others and whole:
        yield Paragraph(f"The table kept with this also has {', '.join(others)}.")


def _range(parameter: Parameter) -> str:
    return f"{parameter.low:g} to {parameter.high:g} (5% and 95% points; {parameter.unit})"


def _metrics(rows: Sequence[LeaningRow]) -> list[Metric]:
    """What is told first in any case, and what leans on it most, in the order of the headlines."""
    metrics = dict.fromkeys(
        row.metric for row in rows if row.leaning.leans or row.metric.name in FIRST
    )
    parts = {
        metric: max(row.leaning.explained for row in rows if row.metric == metric)
        for metric in metrics
    }
    hanging = _hanging(rows)
    most = sorted(
        metrics,
        key=lambda metric: (metric.name not in FIRST, metric not in hanging, -parts[metric]),
    )
    return [metric for metric in metrics if metric in most[:MOST_METRICS]]


def _hanging(rows: Sequence[LeaningRow]) -> list[Metric]:
    """The metrics with a conclusion that turns."""
    return list(dict.fromkeys(row.metric for row in rows if row.leaning.hangs))


def _cells(row: LeaningRow) -> Row:
    write, leaning = row.metric.format, row.leaning
    values = [
        f"{write.short_difference(value)} ±{write.short_difference(value - low).lstrip('+')}"
        for value, low in zip(leaning.expected, leaning.low, strict=True)
    ]
    return (row.scenario.title, *values, conclusion(leaning))


def conclusion(leaning: Leaning) -> str:
    """``holds throughout``, ``turns at 0.71``, ``clear from 0.3``, ``nowhere clear`` …"""
    if leaning.average_clear and len(leaning.turns) == 1:
        return f"turns at {leaning.turns[0]:.2g}"
    if leaning.average_clear and leaning.turns:
        return f"turns from {leaning.turns[0]:.2g}"
    if leaning.throughout:
        return "holds throughout"
    if not leaning.clear:
        return "nowhere clear"
    if len(leaning.clear) > 1:
        return "clear in parts"
    (start, stop), low, high = leaning.clear[0], leaning.values[0], leaning.values[-1]
    if start == low and stop == high:
        return "clear throughout"
    if stop == high:
        return f"clear from {start:.2g}"
    return f"clear up to {stop:.2g}" if start == low else f"clear {start:.2g} to {stop:.2g}"


def summary_sentence(rows: Sequence[LeaningRow]) -> str:
    """Whether any conclusion turns, and how much the largest changes."""
    turning = [row for row in rows if row.leaning.average_clear and row.leaning.turns]
    most = max(rows, key=lambda row: row.leaning.explained)
    first, last = most.leaning.expected[0], most.leaning.expected[-1]
    write = most.metric.format
    size = (
        f"most of all for {most.metric.noun} under '{most.scenario.title}', from "
        f"{write.difference(first)} to {write.difference(last)}"
    )
    if not turning:
        return (
            f"None of these conclusions turns within the range; what changes is the size, {size}."
        )
    count = "One of these conclusions turns" if len(turning) == 1 else (
        f"{len(turning)} of these conclusions turn"
    )  # fmt: skip
    return f"{count} within the range. The size changes {size}."
