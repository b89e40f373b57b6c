"""The inputs that matter to a difference: the share of its spread, and low → high swings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows, numbers_in
from rsip_sim.charts.scales import Scale, ends_around, least_shown, signed_tick, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.report.words import counted, place, share_of_spread
from rsip_sim.studies.sensitivity.pair import DIFFERENCE
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import LUCK, OTHERS, Sensitivity

NAME = "sensitivity_tornado"
SHOWN = 5
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
        _title(found, found.clearest),
        body,
        subtitle=f"The difference of '{pair.scenario.title}' from '{pair.baseline.title}', "
        f"{pair.moment.when}; {place(pair.scenario)}",
        notes=[
            "Left: share of the spread (variance) of the difference between futures. Right: its "
            "average with the input at the 5% and 95% point of what the model draws, all else as "
            "it falls, and the 95% interval of the swing; black line: average over everything.",
            *more,
            source_line(found.sets, [pair.scenario]),
        ],
        key=[ALONE, LUCK_ALONE, AT_LOW, AT_HIGH, PRECISION],
        told=_told(found, shown),
        data=sensitivity_tables(found)["swings"],
    )


def _block(found: Sensitivity, name: str) -> Block:
    register, few = load_register(), len(found.inputs.names) - len(found.own)
    words = {OTHERS: f"{few} other parameters together", LUCK: "luck"}
    leading = [found.factors[at] for at in found.rank(DIFFERENCE, name)[:SHOWN]]
    factors = [*leading, *(each for each in (OTHERS, LUCK) if each in found.factors)]
    return Block(
        [words.get(factor) or register[factor].label for factor in factors],
        [_shares(found, name, factors), _swings(found, METRICS[name], factors)],
        f"{METRICS[name].label} ({found.pair.unit(METRICS[name])})",
    )


def _shares(found: Sensitivity, name: str, factors: Sequence[str]) -> Panel:
    at, rows = found.outcome(DIFFERENCE, name), []
    for factor in factors:
        share = found.indices.first[at, found.factors.index(factor)]
        alone, low, high = np.clip(100 * share, 0, 100).tolist()
        look = LUCK_ALONE if factor == LUCK else ALONE
        rows.append(Row([Mark(look, 0.0, alone), Mark(PRECISION, low, high)]))
    same = "" if found.varies(DIFFERENCE, name) else "the same in every future"
    scale = Scale("%", 0, 100, tick, ticks=(0, 25, 50, 75, 100), line=None)
    return Panel(rows, scale, "share of the spread, %", instead=same)


def _swings(found: Sensitivity, metric: Metric, factors: Sequence[str]) -> Panel:
    at, swings, divisor = (
        found.outcome(DIFFERENCE, metric.name),
        found.swings,
        metric.format.divisor,
    )
    average = float(found.centre[at]) / divisor
    rows = []
    for factor in factors:
        if factor not in found.inputs.names:
            rows.append(Row())
            continue
        place = found.inputs.names.index(factor)
        low, high, near, far = (
            float(number[at, place]) / divisor
            for number in (swings.at_low, swings.at_high, swings.low, swings.high)
        )
        rows.append(
            Row([Mark(SWING, low, high), Mark(PRECISION, low + near, low + far),
                 Mark(AT_LOW, low), Mark(AT_HIGH, high)])
        )  # fmt: skip
    ends = ends_around([*numbers_in(rows), average], least_shown(metric.format), 0.06, nought=True)
    scale = Scale(found.pair.unit(metric), *ends, signed_tick, most=4, line=average)
    return Panel(rows, scale, "low → high")


def _title(found: Sensitivity, name: str) -> str:
    """Which input clearly makes the largest part of the spread, or that luck makes more."""
    noun, leading = METRICS[name].noun, found.clear(DIFFERENCE, name)[:1]
    if not found.varies(DIFFERENCE, name):
        return f"The difference in {noun} is the same in every future"
    if not leading:
        return f"No single input makes a clear part of the spread in {noun}"
    at = found.outcome(DIFFERENCE, name)
    label = load_register()[found.factors[leading[0]]].label
    if found.indices.apart[at, 0] > found.indices.first[at, leading[0], 0]:
        return f"Luck makes more of the spread in {noun} than any input"
    return f"'{label}' is the clearest source of spread in {noun}"


def _told(found: Sensitivity, shown: Sequence[str]) -> str:
    register, said = load_register(), []
    for name in shown:
        at, write = found.outcome(DIFFERENCE, name), METRICS[name].format
        if not found.varies(DIFFERENCE, name):
            said.append(f"{METRICS[name].label}: the same in every future.")
            continue
        parts = []
        for each in found.rank(DIFFERENCE, name)[:3]:
            swing = found.inputs.names.index(found.factors[each])
            parts.append(
                f"{register[found.factors[each]].label} "
                f"{share_of_spread(found.indices.first[at, each, 0])}, "
                f"{write.difference(found.swings.at_low[at, swing])} at its low end and "
                f"{write.difference(found.swings.at_high[at, swing])} at its high end"
            )
        luck = share_of_spread(found.indices.apart[at, 0])
        said.append(f"{METRICS[name].label}: {'; '.join([*parts, f'luck {luck}'])}.")
    return " ".join(said)
