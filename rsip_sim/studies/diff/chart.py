"""What each step between two papers moved, for the scenario that moved most."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.words import counted, place
from rsip_sim.studies.diff.work import Diff, Moved, Part
from rsip_sim.studies.diff.worlds import (
    ASSUMPTIONS,
    CODE,
    DATA,
    LUCK,
    SCENARIO,
    UNEXPLAINED,
    Step,
)

NAME = "moved_by_steps"
MOST_METRICS = 5
TALLEST_CM = 18.5  # of the panels, so that chart and words fit a page of A4
ALL = "all steps together"
STEP = KeyEntry("one step", "area", style.MID_BLUE, style.MID_BLUE)
WHOLE = KeyEntry(ALL, "area", style.FOCUS_GREY, style.DARK_GREY)
INTERVAL = KeyEntry("95% interval", "line", style.BLACK, width=1.1, caps=True)
_BY = {
    CODE: "The code version",
    DATA: "The data",
    LUCK: "Luck",
    UNEXPLAINED: "What is not explained",
}


def diff_charts(diff: Diff) -> dict[str, Chart]:
    """The chart, by file name; none where fewer than two steps moved anything."""
    rows = _shown(diff)
    return {NAME: moved_by_steps(diff, rows)} if rows else {}


def _shown(diff: Diff) -> list[Moved]:
    """The metrics that moved most, of the scenario that moved most."""
    rows = [row for row in diff.moved if np.isfinite(row.whole.change) and len(row.parts) > 1]
    rows = [row for row in rows if max(_sizes(row)) > 0]
    most = max(rows, key=_sizes, default=None)
    own = sorted((row for row in rows if most and row.role == most.role), key=_sizes, reverse=True)
    return own[:MOST_METRICS]


def _sizes(row: Moved) -> tuple[float, float]:
    """Sizes of the largest bar that is clear, and of the largest that shows; 0 where none is."""
    shown = [
        part
        for part in (row.whole, *row.parts)
        if np.isfinite(part.change) and not row.metric.format.shows_zero(part.change)
    ]
    clear = [row.size(part) for part in shown if row.clear(part)]
    return max(clear, default=0.0), max((row.size(part) for part in shown), default=0.0)


def moved_by_steps(diff: Diff, rows: Sequence[Moved]) -> Chart:
    """A bar for each step, and one for all together, one panel a metric; rows of one scenario."""
    body, places = Rows(
        [_block(row, unit_at(row.metric, diff.moment)) for row in rows], 6.6, right_cm=0.45
    ).fitting(TALLEST_CM)
    shown = [rows[at] for at in places]
    return framed(
        NAME,
        _title(rows[0]),
        body,
        subtitle="Change between two papers in the difference of "
        f"'{rows[0].title}' from the baseline, {diff.when}; {place(diff.second.scenarios[0])}",
        notes=_notes(diff),
        key=[STEP, WHOLE, INTERVAL],
        told=_told(shown),
        data=_data(diff, shown),
    )


def _bars_of(row: Moved) -> list[tuple[str, Part]]:
    """Label and number of every bar, from the top."""
    named = [(part.step.label, part) for part in row.parts]
    return [*named, (ALL, row.whole)]


def _block(row: Moved, unit: str) -> Block:
    bars, write = _bars_of(row), row.metric.format
    rows = []
    for label, part in bars:
        change, low, high = (
            each / write.divisor for each in (part.change, part.ci_low, part.ci_high)
        )
        marks = [Mark(WHOLE if label == ALL else STEP, 0.0, change)]
        rows.append(Row([*marks, Mark(INTERVAL, low, high)] if high > low else marks))
    scale = Scale(unit, *ends_around(numbers_in(rows), least_shown(write)))
    return Block(
        [label for label, _ in bars],
        [Panel(rows, scale)],
        f"{row.metric.label} ({unit})",
        strong=[len(bars) - 1],
    )


def _notes(diff: Diff) -> list[str]:
    one, other = (f"{paper.results.replications:,}" for paper in (diff.first, diff.second))
    futures = f"{one} futures in each" if one == other else f"{one} and {other} futures"
    return [
        "The steps are taken in the order shown and add up to the last bar. The interval is the "
        "precision of what moved; behind luck lies nothing but other futures. Each measure has its "
        "own scale.",
        f"Source: simulation with rsip_sim, {futures}.",
    ]


def _title(row: Moved) -> str:
    """The message: which step moved most, if any did clearly."""
    write = row.metric.format
    clear = [part for part in row.parts if row.clear(part)]
    if clear:
        part = max(clear, key=row.size)
        return f"{_cause(part.step)} moved {row.metric.noun} most: {write.difference(part.change)}"
    if row.clear(row.whole):
        whole = write.difference(row.whole.change)
        return f"Only all steps together clearly moved {row.metric.noun}: {whole}"
    return f"No step between the papers clearly moved {row.metric.noun}"


def _cause(step: Step) -> str:
    """What a step changes, in a few words: the name of a lever, or the kind of step."""
    if step.kind in (SCENARIO, ASSUMPTIONS):
        return step.words.partition(":")[0]
    return _BY[step.kind]


def _data(diff: Diff, rows: Sequence[Moved]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (
                row.role, row.metric.name, unit_at(row.metric, diff.moment), label, part.change,
                part.ci_low, part.ci_high, row.clear(part),
            )
            for row in rows
            for label, part in _bars_of(row)
        ],
        columns=["scenario", "metric", "unit", "step", "change", "ci_low", "ci_high", "clear"],
    )  # fmt: skip


def _told(rows: Sequence[Moved]) -> str:
    said = []
    for row in rows:
        write = row.metric.format
        parts = [
            f"{part.step.label}, {write.difference(part.change)}"
            for part in row.parts
            if np.isfinite(part.change)
        ]
        said.append(
            f"{row.metric.label}: {write.difference(row.whole.change)} in all, of it "
            f"{'; '.join(parts)}"
        )
    return (
        f"Bar chart with a bar for each of {len(rows[0].parts)} steps between the papers "
        f"and one for all together, for {counted(len(rows), 'measure')}; difference of "
        f"'{rows[0].title}' from the baseline. {'. '.join(said)}."
    )
