"""Regret of each scenario: its mean, its precision and its range, one row a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import name_rows, panel_head, row_height, row_words, rows_axes
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.runs import RENEWAL_WORDS
from rsip_sim.report.words import listed
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.says import amount, makes_a_difference, same_regret
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_regret"
LABELS_CM = 3.7
WORST_CM = 1.3
GAP_CM = 0.45
TICKS_CM = 0.75
LINE_CM = 0.4
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4


def robust_regret(found: Robustness) -> Chart:
    """One panel an objective; beside each other renewal as written and certain."""
    words = row_words([s.title for s in found.scenarios], LABELS_CM - 0.25)
    row_cm, renewals = row_height(words), told_apart(found)
    shown, blocks = _fitting(found, len(words) * row_cm)
    title = _title(found)
    with style.chart_style():
        sheet = Sheet(
            title,
            "Regret: what a choice loses against the best choice in the same future; "
            f"{common.place(found.scenarios[0])}",
            sum(blocks),
            _notes(found, shown, renewals),
            _key(),
        )
        top = sheet.body_cm
        for each, block in zip(shown, blocks, strict=True):
            _block(sheet, found, each, renewals, words, (top, block, row_cm))
            top -= block
    return Chart(NAME, title, sheet.figure, found.tables["regret"], _alt(found, shown, title))


def told_apart(found: Robustness) -> tuple[str, ...]:
    """The variants of renewal that give other numbers than the first in some objective."""
    first = found.renewals[0]
    others = [
        renewal
        for renewal in found.renewals[1:]
        if any(
            not same_regret(found.regrets[each.metric.name, renewal],
                            found.regrets[each.metric.name, first])
            for each in found.objectives
        )
    ]  # fmt: skip
    return (first, *others)


def _fitting(found: Robustness, rows_cm: float) -> tuple[list[Objective], list[float]]:
    """The objectives that fit the page, those first in which the choice matters; their heights."""
    main = found.renewals[0]
    order = sorted(
        found.objectives,
        key=lambda each: not makes_a_difference(each, found.regrets[each.metric.name, main]),
    )
    shown: list[Objective] = []
    blocks: list[float] = []
    for each in order:
        block = len(_head(each)) * LINE_CM + 0.5 + rows_cm + TICKS_CM
        if not shown or sum(blocks) + block <= TALLEST_CM:
            shown.append(each)
            blocks.append(block)
    return shown, blocks


def _block(
    sheet: Sheet,
    found: Robustness,
    each: Objective,
    renewals: Sequence[str],
    words: Sequence[Sequence[str]],
    place: tuple[float, float, float],
) -> None:
    """The panels of one objective; place: top, height of the block and of a row, in centimetres."""
    top, block, row_cm = place
    left = MARGIN + LABELS_CM
    room = (style.WIDTH_CM - left - MARGIN - GAP_CM * (len(renewals) - 1)) / len(renewals)
    for i, line in enumerate(_head(each)):
        sheet.text(MARGIN, top - 0.05 - i * LINE_CM, line, va="top", fontweight="bold", gid="panel")
    bottom, height = top - block + TICKS_CM, len(words) * row_cm
    name_rows(sheet, words, left - 0.2, bottom, row_cm)
    for j, renewal in enumerate(renewals):
        at = left + j * (room + GAP_CM)
        above, small = bottom + height + 0.1, style.NOTE_SIZE
        if len(renewals) > 1:
            words_over = f"renewal {RENEWAL_WORDS[renewal]}"
            sheet.text(at, above, words_over, small, va="bottom", gid="column")
        sheet.text(at + room, above, "worst", small, va="bottom", ha="right", gid="column")
        axes = sheet.axes(at, bottom, room - WORST_CM, height)
        rows_axes(axes, len(words))
        regret = found.regrets[each.metric.name, renewal]
        _draw(axes, each.metric, regret, _furthest(found, each))
        _worst(sheet, each.metric, regret, at + room, bottom, row_cm)


def _head(each: Objective) -> list[str]:
    unit = "percentage points" if each.metric.format.suffix == "%" else each.unit
    return panel_head(f"{each.metric.label} ({unit}), {each.moment.phrase(each.metric)}")


def _furthest(found: Robustness, each: Objective) -> float:
    """End of the scale, the same for both kinds of renewal."""
    regrets = [found.regrets[each.metric.name, renewal] for renewal in found.renewals]
    ends = np.concatenate([np.concatenate([one.p95, one.ci_high]) for one in regrets])
    ends = ends[np.isfinite(ends)]
    smallest = 2 * each.metric.format.divisor * 10.0**-each.metric.format.difference_decimals
    return max(float(ends.max()) if ends.size else 0.0, smallest)


def _draw(axes: Axes, metric: Metric, regret: Regret, furthest: float) -> None:
    scale = metric.format.divisor
    axes.set_xlim(0, 1.05 * furthest / scale)
    axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.6g}")
    for k in range(len(regret.mean)):
        if np.isnan(regret.mean[k]):
            axes.text(0.01, k, "not defined", fontsize=style.NOTE_SIZE, va="center",
                      transform=axes.get_yaxis_transform())  # fmt: skip
            continue
        axes.plot([0, regret.p95[k] / scale], [k, k], color=style.DARK_GREY, linewidth=1.0,
                  zorder=2)  # fmt: skip
        axes.plot([regret.p95[k] / scale], [k], marker="|", markersize=8, linestyle="",
                  color=style.DARK_GREY, zorder=2, clip_on=False)  # fmt: skip
        if not np.isnan(regret.ci_low[k]):
            low, high = max(regret.ci_low[k], 0.0) / scale, regret.ci_high[k] / scale
            axes.plot([low, high], [k, k], color=style.MID_BLUE, linewidth=5.5, zorder=3)
        axes.plot([regret.mean[k] / scale], [k], marker="o", markersize=5, linestyle="",
                  markeredgecolor=style.DARK_BLUE, zorder=4, clip_on=False,
                  markerfacecolor=style.DARK_BLUE if regret.rival[k] else style.WHITE)  # fmt: skip


def _worst(
    sheet: Sheet, metric: Metric, regret: Regret, right: float, bottom: float, row_cm: float
) -> None:
    rows = len(regret.worst)
    for k, value in enumerate(regret.worst):
        if not np.isnan(value):
            text = metric.format.magnitude(float(value)).removesuffix(" points")
            sheet.text(right, bottom + (rows - k - 0.5) * row_cm, text, style.NOTE_SIZE,
                       ha="right", va="center", gid="worst")  # fmt: skip


def _key() -> list[KeyEntry]:
    return [
        KeyEntry("mean regret, smallest or not clearly larger", "dot", style.DARK_BLUE, width=5),
        KeyEntry("mean regret, clearly larger", "dot", style.WHITE, style.DARK_BLUE, width=5),
        KeyEntry("precision: 95% interval of the mean", "line", style.MID_BLUE, width=5.5),
        KeyEntry("up to here in 95% of futures", "line", style.DARK_GREY, width=1.0),
    ]


def _notes(found: Robustness, shown: Sequence[Objective], renewals: Sequence[str]) -> list[str]:
    notes = (
        "Range drawn: from none to the 95th percentile across futures; the largest regret of all "
        "futures stands at the right. Each measure has its own scale."
    )
    left_out = [each.metric.noun for each in found.objectives if each not in shown]
    if left_out:
        notes += f" In the table only: {listed(left_out)}."
    if len(renewals) < len(found.renewals):
        notes += " Whether renewal is certain changes none of the numbers."
    return [notes, source(found)]


def source(found: Robustness) -> str:
    """The source line of the charts of robustness."""
    return common.source_line(found.replications, found.scenarios)


def _title(found: Robustness) -> str:
    main = found.renewals[0]
    matter = [
        regret
        for each in found.objectives
        if makes_a_difference(each, regret := found.regrets[each.metric.name, main])
    ]
    if not matter:
        return "The choice makes no difference that shows in these measures"
    firsts = Counter(regret.first for regret in matter if not regret.rival.all())
    if not firsts:
        return "No choice is clearly ahead in these measures"
    ((first, count),) = firsts.most_common(1)
    measures = len(found.objectives)
    of = f"{count} of {measures} measures" if measures > 1 else found.objectives[0].metric.noun
    return f"'{found.scenarios[first].title}' has the smallest mean regret in {of}"


def _alt(found: Robustness, shown: Sequence[Objective], title: str) -> str:
    said = [_alt_of(found, each) for each in shown]
    return (
        f"{title}. Dot plot of mean regret with its 95% interval and its 95th percentile across "
        f"futures, one row for each of {len(found.scenarios)} scenarios. {' '.join(said)} The "
        "numbers are in the table beside this chart."
    )


def _alt_of(found: Robustness, each: Objective) -> str:
    regret, metric = found.regrets[each.metric.name, found.renewals[0]], each.metric
    if not makes_a_difference(each, regret):
        return f"{metric.label}: no difference that shows."
    most = int(np.argmax(regret.mean))
    titles: Sequence[str] = [scenario.title for scenario in found.scenarios]
    return (
        f"{metric.label}: smallest under '{titles[regret.first]}', "
        f"{amount(metric, float(regret.mean[regret.first]))} on average and at most "
        f"{amount(metric, float(regret.p95[regret.first]))} in 95% of futures; largest under "
        f"'{titles[most]}', {amount(metric, float(regret.mean[most]))} and "
        f"{amount(metric, float(regret.p95[most]))}."
    )
