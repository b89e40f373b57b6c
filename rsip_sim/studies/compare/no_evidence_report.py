"""What cannot be known, told: differences over the whole range of what has no evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rsip_sim.evidence.register import Parameter
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Row, Table
from rsip_sim.studies.compare.no_evidence import Leaning, LeaningRow

OF_LENGTHS = "b_secure"
"""The parameter through which the length of an agreement acts on schools: always reported where
lengths are compared, whatever its part in the differences."""

ALWAYS = ("erosion", "cohesion", "members")
"""Measures that are told of that parameter, beside those whose conclusion turns."""

MOST_PARAMETERS = 4
_NAME, _AT, _CONCLUSION = 28, 17, 21


def unevidenced_blocks(rows: Sequence[LeaningRow], lengths: bool) -> list[Block]:
    """A table a parameter; empty where nothing is to be told.

    lengths  whether the scenarios differ in the length of their agreements
    """
    told = [each for each in _by_parameter(rows) if _shown(each, lengths)]
    if not told:
        return []
    more = ", ".join(each[0].leaning.parameter.name for each in told[MOST_PARAMETERS:])
    return [
        Heading("Parameters that nothing is known of"),
        Paragraph(
            "No evidence bears on these and nothing could be fitted to them, so each is drawn over "
            "all that it might be. Shown is the difference to be expected if it were known, ± half "
            "of its 95% interval. 'Turns': there it becomes too small to tell of, or changes "
            "direction; 'clear': where its interval does not hold 0; 'holds throughout' is both."
            + (f" Findings hang on these too, see unevidenced.csv: {more}." if more else "")
        ),
        *(_table(each, lengths) for each in told[:MOST_PARAMETERS]),
    ]


def _by_parameter(rows: Sequence[LeaningRow]) -> list[list[LeaningRow]]:
    """The rows of each parameter, those with the largest part in any difference first."""
    names = dict.fromkeys(row.leaning.parameter.name for row in rows)
    groups = [[row for row in rows if row.leaning.parameter.name == name] for name in names]
    return sorted(groups, key=_order)


def _order(rows: Sequence[LeaningRow]) -> tuple[bool, float]:
    first = rows[0].leaning.parameter.name == OF_LENGTHS
    return not first, -max(row.leaning.explained for row in rows)


def _shown(rows: Sequence[LeaningRow], lengths: bool) -> list[LeaningRow]:
    """The rows of one parameter whose measure has a conclusion that turns, or is always told."""
    names = {row.metric.name for row in rows if row.leaning.hangs}
    if lengths and rows[0].leaning.parameter.name == OF_LENGTHS:
        names |= {*ALWAYS}
    return [row for row in rows if row.metric.name in names]


def _table(rows: Sequence[LeaningRow], lengths: bool) -> Table:
    parameter = rows[0].leaning.parameter
    shown = _shown(rows, lengths)
    return Table(
        f"unknown_{parameter.name}",
        f"{parameter.label} ({parameter.name}): {_range(parameter)}",
        "One row a scenario, one column a value that it might have, and whether the conclusion "
        "holds throughout.",
        (
            Column("scenario", _NAME, words=True, silent=True),
            *(Column(f"if it is {value:g}", _AT) for value in shown[0].leaning.values),
            Column("conclusion", _CONCLUSION),
        ),
        tuple(_lines(shown)),
        apart=True,
    )


def _lines(rows: Sequence[LeaningRow]) -> Iterator[str | Row]:
    for metric in dict.fromkeys(row.metric for row in rows):
        of_metric = [row for row in rows if row.metric == metric]
        yield f"{metric.label} ({unit_at(metric, of_metric[0].moment)})"
        yield from map(_cells, of_metric)


def _range(parameter: Parameter) -> str:
    return f"{parameter.low:g} to {parameter.high:g} (5% and 95% points; {parameter.unit})"


def _cells(row: LeaningRow) -> Row:
    write, leaning = row.metric.format, row.leaning
    values = [
        f"{write.short_difference(value)} ±{write.short_difference(value - low).lstrip('+')}"
        for value, low in zip(leaning.expected, leaning.low, strict=True)
    ]
    return (row.scenario.brief, *values, conclusion(leaning))


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
        return "clear for some values"
    (start, stop), low, high = leaning.clear[0], leaning.values[0], leaning.values[-1]
    if start == low and stop == high:
        return "clear throughout"
    if stop == high:
        return f"clear from {start:.2g}"
    return f"clear up to {stop:.2g}" if start == low else f"clear {start:.2g} to {stop:.2g}"
