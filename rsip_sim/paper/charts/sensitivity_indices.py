"""Shares of the spread: what each input makes alone, what it has a part in, and luck by itself."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from rsip_sim.analysis.metrics import METRICS
from rsip_sim.analysis.paired_trials import DIFFERENCE, LEVEL
from rsip_sim.analysis.sensitivity import LUCK, OTHERS, Sensitivity
from rsip_sim.analysis.sensitivity_words import clearest, per_cent, rank, varies
from rsip_sim.evidence.register import load_register
from rsip_sim.paper import style
from rsip_sim.paper.chart import Chart
from rsip_sim.paper.charts import common
from rsip_sim.paper.charts.rows import (
    more_words,
    name_rows,
    panel_head,
    row_height,
    row_words,
    rows_axes,
)
from rsip_sim.paper.sheet import MARGIN, KeyEntry, Sheet, line_cm

NAME = "sensitivity_indices"
SHOWN = 4
OF_DIFFERENCE = 3  # rows that the difference chooses, before the level has its turn
LABELS_CM = 5.2
GAP_CM = 0.6
RIGHT_CM = 0.5  # room for the last label of a scale
TICKS_CM = 0.75
TALLEST_CM = 20.5  # of the panels, so that chart and words fit a page of A4
_HEADS = {DIFFERENCE: "of the difference, %", LEVEL: "of the level, %"}


def sensitivity_indices(found: Sensitivity) -> Chart:
    """A block of rows a metric: the leading inputs, all others, and luck; difference and level."""
    shown, blocks = _fitting(found)
    title = _title(found, clearest(found))
    pair = found.pair
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Share of the spread (variance) between futures: the difference of "
            f"'{pair.scenario.title}' from '{pair.baseline.title}', and its own level, "
            f"{pair.moment.when}; {common.place(pair.scenario)}",
            sum(blocks),
            [
                "Thin lines: 95% intervals. Luck is all that no parameter decides: the course of "
                "the national climate, the authority's own leaning, and how the dice fall for "
                "each school. What two inputs do only together counts in the share of both, so "
                "that shares with others add up to more than all.",
                *more_words(found.told, shown),
                common.source_line(found.sets, [pair.scenario]),
            ],
            _key(),
        )
        top = sheet.body_cm
        for name, block in zip(shown, blocks, strict=True):
            _block(sheet, found, name, top, block)
            top -= block
    data = found.tables["indices"]
    return Chart(NAME, title, sheet.figure, data, _alt(found, shown, title))


def _rows(found: Sensitivity, name: str) -> list[int]:
    """Places of the factors drawn: leading inputs of the difference and the level, others, luck."""
    first, second = (rank(found, kind, name) for kind in (DIFFERENCE, LEVEL))
    places = [*first[:OF_DIFFERENCE], *second, *first[OF_DIFFERENCE:]]
    kept = list(dict.fromkeys(places))[:SHOWN]
    return kept + [found.factors.index(each) for each in (OTHERS, LUCK) if each in found.factors]


def _labels(found: Sensitivity, name: str) -> list[list[str]]:
    register = load_register()
    few = len(found.inputs.names) - len(found.own)
    words = {OTHERS: f"{few} other parameters together", LUCK: "luck"}
    labels = [
        words.get(found.factors[place]) or register[found.factors[place]].label
        for place in _rows(found, name)
    ]
    return row_words(labels, LABELS_CM - 0.25)


def _head(found: Sensitivity, name: str) -> list[str]:
    return panel_head(METRICS[name].label)


def _fitting(found: Sensitivity) -> tuple[list[str], list[float]]:
    """The metrics that fit the page, and the heights of their blocks."""
    shown: list[str] = []
    blocks: list[float] = []
    for name in found.told:
        words = _labels(found, name)
        heads = len(_head(found, name)) * line_cm(style.TEXT_SIZE) + 0.55
        block = heads + len(words) * row_height(words) + TICKS_CM
        if not shown or sum(blocks) + block <= TALLEST_CM:
            shown.append(name)
            blocks.append(block)
    return shown, blocks


def _block(sheet: Sheet, found: Sensitivity, name: str, top: float, block: float) -> None:
    words, rows = _labels(found, name), _rows(found, name)
    row_cm, left = row_height(words), MARGIN + LABELS_CM
    for i, line in enumerate(_head(found, name)):
        sheet.text(MARGIN, top - 0.05 - i * line_cm(style.TEXT_SIZE), line, va="top",
                   fontweight="bold", gid="panel")  # fmt: skip
    bottom, height = top - block + TICKS_CM, len(words) * row_cm
    name_rows(sheet, words, left - 0.2, bottom, row_cm)
    width = (style.WIDTH_CM - left - MARGIN - RIGHT_CM - GAP_CM) / 2
    for column, kind in enumerate((DIFFERENCE, LEVEL)):
        at = left + column * (width + GAP_CM)
        sheet.text(at, bottom + height + 0.1, _HEADS[kind], style.NOTE_SIZE, va="bottom",
                   gid="column")  # fmt: skip
        axes = sheet.axes(at, bottom, width, height)
        rows_axes(axes, len(words))
        axes.set_xlim(0, 100)
        axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
        if varies(found, kind, name):
            _draw(axes, found, found.outcome(kind, name), rows)
        else:
            axes.text(0.5, 0.5, "the same in every future", fontsize=style.NOTE_SIZE, ha="center",
                      va="center", transform=axes.transAxes)  # fmt: skip


def _draw(axes: Axes, found: Sensitivity, at: int, rows: list[int]) -> None:
    first, total = (
        np.clip(100 * each[at, rows], 0, 100) for each in (found.indices.first, found.indices.total)
    )
    for k, place in enumerate(rows):
        luck = found.factors[place] == LUCK
        axes.barh(k - 0.13, first[k, 0], height=0.42,
                  color=style.FOCUS_GREY if luck else style.MID_BLUE,
                  edgecolor=style.DARK_GREY if luck else style.MID_BLUE,
                  hatch="////" if luck else None, linewidth=0.8, zorder=2)  # fmt: skip
        axes.plot(first[k, 1:], [k - 0.13] * 2, color=style.BLACK, linewidth=0.9, zorder=3)
        axes.plot(total[k, 1:], [k + 0.27] * 2, color=style.DARK_GREY, linewidth=0.9, zorder=3)
        axes.plot([total[k, 0]], [k + 0.27], "o", markersize=4.5, markerfacecolor=style.WHITE,
                  markeredgecolor=style.DARK_GREY, clip_on=False, zorder=4)  # fmt: skip


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("an input alone", "area", style.MID_BLUE, style.MID_BLUE),
        KeyEntry("luck alone", "area", style.FOCUS_GREY, style.DARK_GREY, hatch="////"),
        KeyEntry("with others and with luck", "dot", style.WHITE, style.DARK_GREY, width=4.5),
    ]


def _title(found: Sensitivity, name: str) -> str:
    """The message: how the spread of the difference divides into luck, ignorance and both."""
    if not varies(found, DIFFERENCE, name):
        return f"The difference in {METRICS[name].noun} is the same in every future"
    at, shares = found.outcome(DIFFERENCE, name), found.indices
    luck, others, both = (
        per_cent(each[at, 0]) for each in (shares.apart, shares.others, shares.both)
    )
    return (
        f"{METRICS[name].label}: luck alone makes {luck} of the spread of the difference, "
        f"ignorance alone {others}, both together {both}"
    )


def _alt(found: Sensitivity, shown: list[str], title: str) -> str:
    said = []
    for name in shown:
        if not varies(found, DIFFERENCE, name):
            said.append(f"{METRICS[name].label}: the difference is the same in every future")
            continue
        at, register = found.outcome(DIFFERENCE, name), load_register()
        leading = [
            f"{register[found.factors[place]].label} {per_cent(found.indices.first[at, place, 0])}"
            for place in rank(found, DIFFERENCE, name)[:3]
        ]
        luck = per_cent(found.indices.apart[at, 0])
        said.append(
            f"{METRICS[name].label}, difference: {', '.join(leading) or 'no input clear'}; luck "
            f"alone {luck}"
        )
    return (
        f"{title}. Bars of the share that each input makes alone, with marks for its share "
        f"together with others, a block of rows for each of {len(shown)} measures, luck a bar of "
        f"its own. {'. '.join(said)}. The numbers are in the table beside this chart."
    )
