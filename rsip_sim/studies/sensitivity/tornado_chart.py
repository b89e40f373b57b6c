"""The inputs that matter to a difference: the share of its spread, and low → high swings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown, signed_tick, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.words import counted, share_of_spread
from rsip_sim.report.words import place as place_of
from rsip_sim.studies.sensitivity.tables import factor_label, sensitivity_tables
from rsip_sim.studies.sensitivity.work import DIFFERENCE, LUCK, OTHERS, Sensitivity

NAME = "sensitivity_tornado"
SHOWN = 3
TALLEST_CM = 18.0  # of all blocks, so that chart and words fit a page of A4
ALONE = KeyEntry("share of an input alone", "area", style.MID_BLUE, style.MID_BLUE)
LUCK_ALONE = KeyEntry("of luck", "area", style.FOCUS_GREY, style.DARK_GREY, hatch="////")
AT_LOW = KeyEntry("input at its low end", "dot", style.WHITE, style.DARK_BLUE, width=5.5)
AT_HIGH = KeyEntry("at its high end", "dot", style.DARK_BLUE, width=5.5)
PRECISION = KeyEntry("95% interval", "line", style.DARK_GREY, width=0.9)
SWING = KeyEntry("", "line", style.DARK_GREY, width=1.6)


def sensitivity_tornado(found: Sensitivity) -> Chart:
    """A block of rows a metric, one row an input: its share alone, and its swing."""
    body, places = Rows(
        [_block(found, name) for name in found.told], labels_cm=5.2, right_cm=0.4, gap_cm=0.6
    ).fitting(TALLEST_CM)
    shown, pair = [found.told[at] for at in places], found.pair
    left = len(found.told) - len(shown)
    more = [f"In the table beside this: {counted(left, 'more measure')}."] if left else []
    return framed(
        NAME,
        _title(found),
        body,
        subtitle=f"The difference of '{pair.scenario.title}' from '{pair.baseline.title}', "
        f"{pair.moment.when}; {place_of(pair.scenario)}",
        notes=[
            "Left: share of the spread (variance) of the difference between futures. Right: its "
            "average with the input at the 5% and 95% point of what the model draws, all else as "
            "it falls, and the 95% interval of the swing; black line: average of the same futures.",
            *more,
            source_line(found.sets, [pair.scenario]),
        ],
        key=[ALONE, LUCK_ALONE, AT_LOW, AT_HIGH, PRECISION],
        told=" ".join(_told(found, name) for name in shown),
        data=sensitivity_tables(found)["swings"],
    )


def _block(found: Sensitivity, name: str) -> Block:
    metric, at = METRICS[name], found.outcome(DIFFERENCE, name)
    together = [place for place, each in enumerate(found.factors) if each in (OTHERS, LUCK)]
    places = [*found.rank(at)[:SHOWN], *together]
    return Block(
        [factor_label(found, found.factors[place]) for place in places],
        [_shares(found, at, places), _swings(found, metric, at, places)],
        f"{metric.label} ({unit_at(metric, found.pair.moment)})",
    )


def _shares(found: Sensitivity, at: int, places: Sequence[int]) -> Panel:
    rows = []
    for place in places:
        alone, low, high = np.clip(100 * found.indices.first[at, place], 0, 100).tolist()
        look = LUCK_ALONE if found.factors[place] == LUCK else ALONE
        rows.append(Row([Mark(look, 0.0, alone), Mark(PRECISION, low, high)]))
    same = "" if found.varies(at) else "the same in every future"
    scale = Scale("%", 0, 100, tick, ticks=(0, 25, 50, 75, 100), line=None)
    return Panel(rows, scale, "share of the spread, %", instead=same)


def _swings(found: Sensitivity, metric: Metric, at: int, places: Sequence[int]) -> Panel:
    swings, divisor = found.swings, metric.format.divisor
    average = float(found.centre[at]) / divisor
    rows = []
    for factor in (found.factors[place] for place in places):
        if factor not in found.inputs.names:
            rows.append(Row())
            continue
        place = found.inputs.names.index(factor)
        low, high, near, far = (
            float(number[at, place]) / divisor
            for number in (swings.at_low, swings.at_high, swings.low, swings.high)
        )
        marks = [Mark(SWING, low, high), Mark(PRECISION, low + near, low + far)]
        rows.append(Row([*marks, Mark(AT_LOW, low), Mark(AT_HIGH, high)]))
    ends = ends_around([*numbers_in(rows), average], least_shown(metric.format), 0.06)
    unit = unit_at(metric, found.pair.moment)
    return Panel(rows, Scale(unit, *ends, signed_tick, most=4, line=average), "low → high")


def _title(found: Sensitivity) -> str:
    """Which input clearly makes the largest part of the spread, or that luck makes more."""
    noun, at = METRICS[found.clearest].noun, found.outcome(DIFFERENCE, found.clearest)
    leading = found.clear(at)[:1]
    if not found.varies(at):
        return f"The difference in {noun} is the same in every future"
    if not leading:
        return f"No single input makes a clear part of the spread in {noun}"
    if found.indices.apart[at, 0] > found.indices.first[at, leading[0], 0]:
        return f"Luck makes more of the spread in {noun} than any input"
    label = factor_label(found, found.factors[leading[0]])
    return f"'{label}' is the clearest source of spread in {noun}"


def _told(found: Sensitivity, name: str) -> str:
    """The shares of the first inputs and of luck in words."""
    label, at = METRICS[name].label, found.outcome(DIFFERENCE, name)
    if not found.varies(at):
        return f"{label}: the same in every future."
    places = [*found.rank(at)[:SHOWN], found.factors.index(LUCK)]
    shares = [
        f"{factor_label(found, found.factors[place])} "
        f"{share_of_spread(found.indices.first[at, place, 0])}"
        for place in places
    ]
    return f"{label}, share of the spread alone: {', '.join(shares)}."
