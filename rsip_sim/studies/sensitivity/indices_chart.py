"""Shares of the spread: what each input makes alone, what it has a part in, and luck by itself."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import more_words
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS
from rsip_sim.studies.kernel.pairs import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.blocks import InputBlocks, leading_rows
from rsip_sim.studies.sensitivity.says import clearest, rank, share_of_spread, varies
from rsip_sim.studies.sensitivity.work import LUCK, OTHERS, Sensitivity

NAME = "sensitivity_indices"
SHOWN = 4


def sensitivity_indices(found: Sensitivity) -> Chart:
    """A block of rows a metric: the leading inputs, all others, and luck; difference and level."""
    blocks = _blocks(found)
    shown = blocks.fitting(found.told)
    title = _title(found, clearest(found))
    pair = found.pair
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Share of the spread (variance) between futures: the difference of "
            f"'{pair.scenario.title}' from '{pair.baseline.title}', and its own level, "
            f"{pair.moment.when}; {common.place(pair.scenario)}",
            sum(shown.values()),
            [
                "Thin lines: 95% intervals. Luck is all that no parameter decides: the course of "
                "the national climate, the authority's own leaning, and how the dice fall for "
                "each school. What two inputs do only together counts in the share of both, so "
                "that shares with others add up to more than all.",
                *more_words(found.told, list(shown)),
                common.source_line(found.sets, [pair.scenario]),
            ],
            _key(),
        )
        blocks.fill(sheet, shown)
    data = found.tables["indices"]
    return Chart(NAME, title, sheet.figure, data, _alt(found, list(shown), title))


def _blocks(found: Sensitivity) -> InputBlocks:
    """The leading inputs of the difference and the level, all others together, and luck."""
    register = load_register()
    few = len(found.inputs.names) - len(found.own)
    words = {OTHERS: f"{few} other parameters together", LUCK: "luck"}

    def labels(name: str) -> list[str]:
        factors = [found.factors[place] for place in _rows(found, name)]
        return [words.get(factor) or register[factor].label for factor in factors]

    return InputBlocks(
        heading=lambda name: METRICS[name].label,
        labels=labels,
        columns={DIFFERENCE: "of the difference, %", LEVEL: "of the level, %"},
        draw=lambda axes, kind, name: _draw(axes, found, kind, name),
        tallest_cm=20.5,
        right_cm=0.5,
    )


def _rows(found: Sensitivity, name: str) -> list[int]:
    first, second = (rank(found, kind, name) for kind in (DIFFERENCE, LEVEL))
    kept = leading_rows(first, second, SHOWN)
    return kept + [found.factors.index(each) for each in (OTHERS, LUCK) if each in found.factors]


def _draw(axes: Axes, found: Sensitivity, kind: int, name: str) -> None:
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 25, 50, 75, 100], ["0", "25", "50", "75", "100"])
    if not varies(found, kind, name):
        axes.text(0.5, 0.5, "the same in every future", fontsize=style.NOTE_SIZE, ha="center",
                  va="center", transform=axes.transAxes)  # fmt: skip
        return
    at, rows = found.outcome(kind, name), _rows(found, name)
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
        share_of_spread(each[at, 0]) for each in (shares.apart, shares.others, shares.both)
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
        f"{title}. Bars of the share that each input makes alone, with marks for its share "
        f"together with others, a block of rows for each of {len(shown)} measures, luck a bar of "
        f"its own. {'. '.join(said)}. The numbers are in the table beside this chart."
    )
