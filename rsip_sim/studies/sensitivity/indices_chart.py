"""Shares of the spread: what each input makes alone, what it has a part in, and luck by itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.words import place, share_of_spread
from rsip_sim.studies.sensitivity.blocks import leading_rows, more_words
from rsip_sim.studies.sensitivity.pair import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.says import clearest, rank, varies
from rsip_sim.studies.sensitivity.tables import sensitivity_tables
from rsip_sim.studies.sensitivity.work import LUCK, OTHERS, Sensitivity

NAME = "sensitivity_indices"
SHOWN = 4
TALLEST_CM = 20.5  # of all blocks, so that chart and words fit a page of A4
ALONE = KeyEntry("an input alone", "area", style.MID_BLUE, style.MID_BLUE)
LUCK_ALONE = KeyEntry("luck alone", "area", style.FOCUS_GREY, style.DARK_GREY, hatch="////")
WITH_OTHERS = KeyEntry("with others and with luck", "dot", style.WHITE, style.DARK_GREY, width=4.5)
INTERVALS = [KeyEntry("", "line", ink, width=0.9) for ink in (style.BLACK, style.DARK_GREY)]
UPPER, LOWER = -0.13, 0.27  # of the two marks in a row, in rows below its middle


def sensitivity_indices(found: Sensitivity) -> Chart:
    """A block of rows a metric: the leading inputs, all others, and luck; difference and level."""
    body, places = Rows(
        [_block(found, name) for name in found.told], labels_cm=5.2, right_cm=0.5, gap_cm=0.6
    ).fitting(TALLEST_CM)
    shown, pair = [found.told[at] for at in places], found.pair
    return framed(
        NAME,
        _title(found, clearest(found)),
        body,
        subtitle=f"Share of the spread (variance) between futures: the difference of "
        f"'{pair.scenario.title}' from '{pair.baseline.title}', and its own level, "
        f"{pair.moment.when}; {place(pair.scenario)}",
        notes=[
            "Thin lines: 95% intervals. Luck is all that no parameter decides: the course of "
            "the national climate, the authority's own leaning, and how the dice fall for "
            "each school. What two inputs do only together counts in the share of both, so "
            "that shares with others add up to more than all.",
            *more_words(found.told, shown),
            source_line(found.sets, [pair.scenario]),
        ],
        key=[ALONE, LUCK_ALONE, WITH_OTHERS],
        told=_told(found, shown),
        data=sensitivity_tables(found)["indices"],
    )


def _block(found: Sensitivity, name: str) -> Block:
    """The leading inputs of the difference and the level, all others together, and luck."""
    register = load_register()
    few = len(found.inputs.names) - len(found.own)
    words = {OTHERS: f"{few} other parameters together", LUCK: "luck"}
    first, second = (rank(found, kind, name) for kind in (DIFFERENCE, LEVEL))
    rows = leading_rows(first, second, SHOWN)
    rows += [found.factors.index(each) for each in (OTHERS, LUCK) if each in found.factors]
    factors = [found.factors[at] for at in rows]
    return Block(
        [words.get(factor) or register[factor].label for factor in factors],
        [_panel(found, kind, name, rows) for kind in (DIFFERENCE, LEVEL)],
        METRICS[name].label,
    )


def _panel(found: Sensitivity, kind: int, name: str, rows: Sequence[int]) -> Panel:
    at = found.outcome(kind, name)
    return Panel(
        [_row(found, at, factor) for factor in rows],
        Scale("%", 0, 100, tick, ticks=(0, 25, 50, 75, 100), line=None),
        f"of the {'difference' if kind == DIFFERENCE else 'level'}, %",
        instead="" if varies(found, kind, name) else "the same in every future",
    )


def _row(found: Sensitivity, at: int, factor: int) -> Row:
    (alone, low, high), (total, least, most) = (
        np.clip(100 * each[at, factor], 0, 100).tolist()
        for each in (found.indices.first, found.indices.total)
    )
    look = LUCK_ALONE if found.factors[factor] == LUCK else ALONE
    return Row(
        [
            Mark(look, 0.0, alone, UPPER, thick_cm=0.2),
            Mark(INTERVALS[0], low, high, UPPER),
            Mark(INTERVALS[1], least, most, LOWER),
            Mark(WITH_OTHERS, total, shift=LOWER),
        ]
    )


def _title(found: Sensitivity, name: str) -> str:
    """The message: how the spread of the difference divides into luck, ignorance and both."""
    if not varies(found, DIFFERENCE, name):
        return f"The difference in {METRICS[name].noun} is the same in every future"
    at, shares = found.outcome(DIFFERENCE, name), found.indices
    luck, others, both = (
        share_of_spread(each[at, 0]) for each in (shares.apart, shares.others, shares.both)
    )
    return (
        f"{METRICS[name].label}: luck alone makes {luck} of the spread of the difference, "
        f"ignorance alone {others}, both together {both}"
    )


def _told(found: Sensitivity, shown: Sequence[str]) -> str:
    said = []
    for name in shown:
        if not varies(found, DIFFERENCE, name):
            said.append(f"{METRICS[name].label}: the difference is the same in every future")
            continue
        at, register = found.outcome(DIFFERENCE, name), load_register()
        leading = [
            f"{register[found.factors[place]].label} "
            f"{share_of_spread(found.indices.first[at, place, 0])}"
            for place in rank(found, DIFFERENCE, name)[:3]
        ]
        luck = share_of_spread(found.indices.apart[at, 0])
        said.append(
            f"{METRICS[name].label}, difference: {', '.join(leading) or 'no input clear'}; luck "
            f"alone {luck}"
        )
    return (
        f"Bars of the share that each input makes alone, with marks for its share "
        f"together with others, a block of rows for each of {len(shown)} measures, luck a bar of "
        f"its own. {'. '.join(said)}."
    )
