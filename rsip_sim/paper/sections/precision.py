"""How finely a paper writes each measure: as many digits as its numbers bear, and no more.

The terminal and the workbook write every measure in one format. A paper is read by people who
take each digit for knowledge, so sums that never reach a million are told in thousands, pupils in
tens, and differences of several percentage points without their second decimal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from rsip_sim.measures.formats import MILLIONS, PER_CENT, PUPILS, THOUSANDS, NumberFormat
from rsip_sim.report.findings import Row
from rsip_sim.report.verdicts import sentence, verdict

MILLION = 1e6


def told(rows: Sequence[Row], main_moment: str) -> list[Row]:
    """The rows with format, verdict and sentence as a paper has them."""
    by_metric: dict[str, list[Row]] = {}
    for row in rows:
        by_metric.setdefault(row.metric.name, []).append(row)
    chosen = {
        name: _format(of_metric[0].metric.format, of_metric, main_moment)
        for name, of_metric in by_metric.items()
    }
    return [_retold(row, chosen[row.metric.name]) for row in rows]


def _format(usual: NumberFormat, rows: Sequence[Row], main_moment: str) -> NumberFormat:
    main = [row for row in rows if row.moment.name == main_moment] or rows
    if usual is PUPILS:
        return replace(PUPILS, nearest=10.0)
    if usual is PER_CENT and _largest(row.numbers.difference for row in main) >= 1:
        return replace(PER_CENT, difference_decimals=1)
    if usual is MILLIONS:
        levels = _largest(
            size
            for row in rows
            for size in (row.numbers.baseline, row.numbers.level, row.numbers.p95)
        )
        if levels < MILLION:
            return THOUSANDS
        if levels >= 10 * MILLION:
            return replace(MILLIONS, decimals=1)
    return usual


def _largest(numbers: Iterable[float]) -> float:
    """The largest size of those that are defined."""
    return max((abs(number) for number in numbers if number == number), default=0.0)


def _retold(row: Row, write: NumberFormat) -> Row:
    if write is row.metric.format:
        return row
    unit = row.metric.unit.replace("£m", "£") if write is THOUSANDS else row.metric.unit
    metric = replace(row.metric, format=write, unit=unit)
    retold = replace(row, metric=metric, verdict=verdict(metric, row.numbers))
    words = sentence(metric, row.moment, row.numbers).bound(retold.figures.where)
    return replace(retold, sentence=words)
