"""The scenarios on several objectives at once: further right is better in every panel."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import name_rows, row_height, row_words, rows_axes
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.charts.text import wrapped
from rsip_sim.measures.runs import CERTAIN, RENEWAL_WORDS
from rsip_sim.report.words import listed
from rsip_sim.studies.robust.regret_chart import source
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_pareto"
LABELS_CM = 3.7
TALLEST_CM = 18.0  # of the panels, so that chart and words fit a page of A4
GAP_CM = 0.5
HEAD_CM = 0.55
BELOW_CM = 0.35


def robust_pareto(found: Robustness) -> Chart:
    """One panel an objective, one row a scenario; hollow is what another scenario dominates."""
    words = row_words([s.title for s in found.scenarios], LABELS_CM - 0.25)
    row_cm, panels = row_height(words) + 0.12, len(found.together)
    left = MARGIN + LABELS_CM
    width = (style.WIDTH_CM - left - MARGIN - GAP_CM * (panels - 1)) / panels
    heads = [wrapped(_head(each), style.NOTE_SIZE, width) for each in found.together]
    heads_cm = max(map(len, heads)) * line_cm(style.NOTE_SIZE) + 0.15
    block = HEAD_CM + len(words) * row_cm + BELOW_CM
    renewals = _drawn(found, block)
    title = _title(found)
    with style.chart_style():
        sheet = Sheet(
            title,
            "Averages across futures; further right is better in every panel; "
            f"{common.place(found.scenarios[0])}",
            heads_cm + block * len(renewals),
            _notes(found, renewals),
            _key(),
        )
        for j, lines in enumerate(heads):
            for i, line in enumerate(lines):
                sheet.text(
                    left + j * (width + GAP_CM), sheet.body_cm - i * line_cm(style.NOTE_SIZE),
                    line, style.NOTE_SIZE, va="top", fontweight="bold", gid="panel",
                )  # fmt: skip
        for k, renewal in enumerate(renewals):
            bottom = sheet.body_cm - heads_cm - (k + 1) * block + BELOW_CM
            if len(renewals) > 1:
                sheet.text(MARGIN, bottom + len(words) * row_cm + 0.1,
                           f"Renewal {RENEWAL_WORDS[renewal]}", va="bottom", fontweight="bold",
                           color=style.DARK_BLUE, gid="column")  # fmt: skip
            name_rows(sheet, words, left - 0.2, bottom, row_cm)
            for j in range(panels):
                axes = sheet.axes(left + j * (width + GAP_CM), bottom, width, len(words) * row_cm)
                _draw(axes, found, j, renewal)
    return Chart(NAME, title, sheet.figure, found.tables["pareto"], _alt(found, title))


def _drawn(found: Robustness, block: float) -> tuple[str, ...]:
    """The variants of renewal drawn: the second if its numbers differ and the page has room."""
    first = found.renewals[0]
    others = [
        renewal
        for renewal in found.renewals[1:]
        if not np.array_equal(found.averages[renewal], found.averages[first])
    ]
    return (first, *others) if block * (1 + len(others)) <= TALLEST_CM else (first,)


def _head(each: Objective) -> str:
    return f"{each.metric.label}, {each.moment.phrase(each.metric)}"


def _draw(axes: Axes, found: Robustness, j: int, renewal: str) -> None:
    each, averages = found.together[j], found.averages[renewal][j]
    rows_axes(axes, len(averages))
    axes.grid(True, axis="y")
    axes.set_yticks(range(len(averages)), labels=[])
    every = np.concatenate([found.averages[name][j] for name in found.renewals])
    low, high = float(every.min()), float(every.max())
    room = max(high - low, 1e-9 * max(abs(high), 1.0))
    # room for the number left and right of the outermost dots
    ends = (low - 0.45 * room, high + 0.45 * room)
    axes.set_xlim(ends if each.higher else ends[::-1])
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    middle = (low + high) / 2
    for i, value in enumerate(averages):
        dominated = found.standings[renewal][i].dominated_by
        axes.plot([value], [i], marker="o", markersize=6, linestyle="", zorder=3,
                  markeredgecolor=style.DARK_BLUE,
                  markerfacecolor=style.WHITE if dominated else style.DARK_BLUE)  # fmt: skip
        right = (value > middle) == each.higher  # the number stands on the side with more room
        axes.annotate(
            _text(each, float(value)), (value, i), xytext=(-6 if right else 6, 0),
            textcoords="offset points", ha="right" if right else "left", va="center",
            fontsize=style.NOTE_SIZE, gid="value",
            bbox={"facecolor": style.WHITE, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _text(each: Objective, value: float) -> str:
    """The average with as many decimals as a difference has, so that rows can be told apart."""
    write = each.metric.format
    return f"{write.prefix}{value / write.divisor:,.{write.difference_decimals}f}{write.suffix}"


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("not dominated", "dot", style.DARK_BLUE, width=6),
        KeyEntry("dominated: another is as good in all and better in one", "dot", style.WHITE,
                 style.DARK_BLUE, width=6),
    ]  # fmt: skip


def _notes(found: Robustness, drawn: tuple[str, ...]) -> list[str]:
    only = ""
    if len(drawn) < len(found.renewals):
        only = f" Drawn is renewal {RENEWAL_WORDS[drawn[0]]}; the other is in the table."
    return [
        "Each panel has its own scale, from the least to the most of these scenarios, and does "
        "not start at zero. Differences too small to show count as none. No range is drawn; the "
        f"spread and precision of the differences are in the comparison.{only}",
        source(found),
    ]


def _title(found: Robustness) -> str:
    """How many scenarios are dominated, and how many once renewal is certain."""
    dominated = {
        renewal: sum(bool(one.dominated_by) for one in standing)
        for renewal, standing in found.standings.items()
    }
    count, scenarios = dominated[found.renewals[0]], len(found.scenarios)
    words = f"{count} of {scenarios} scenarios" if count else f"None of {scenarios} scenarios"
    said = f"{words} {'are' if count > 1 else 'is'} dominated by another"
    if CERTAIN in found.renewals[1:] and dominated[CERTAIN] != count:
        return f"{said}; {dominated[CERTAIN] or 'none'} when renewal is certain"
    return said


def _alt(found: Robustness, title: str) -> str:
    said = []
    for renewal in found.renewals:
        standing = found.standings[renewal]
        kept = [
            f"'{scenario.title}'"
            for scenario, one in zip(found.scenarios, standing, strict=True)
            if not one.dominated_by
        ]
        opening = f"Renewal {RENEWAL_WORDS[renewal]}: " if len(found.renewals) > 1 else ""
        said.append(f"{opening}not dominated {'are' if len(kept) > 1 else 'is'} "
                    f"{listed(kept) if kept else 'none'}.")  # fmt: skip
    ends = []
    for j, each in enumerate(found.together):
        averages = each.gains(found.averages[found.renewals[0]][j])
        best, worst = int(np.argmax(averages)), int(np.argmin(averages))
        ends.append(
            f"{each.metric.label}: best '{found.scenarios[best].title}', "
            f"{_text(each, abs(float(averages[best])))}, worst '{found.scenarios[worst].title}', "
            f"{_text(each, abs(float(averages[worst])))}."
        )
    return (
        f"{title}. Dot plot of averages, one row for each of {len(found.scenarios)} scenarios, one "
        f"panel for each of {len(found.together)} objectives. {' '.join(said)} {' '.join(ends)} "
        "The numbers are in the table beside this chart."
    )
