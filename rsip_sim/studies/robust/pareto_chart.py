"""The scenarios on several objectives at once: further right is better in every panel."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed
from rsip_sim.charts.rows import ROW_CM, Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.report.words import listed, place
from rsip_sim.studies.robust.regret_chart import source
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_pareto"
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
KEPT = KeyEntry("not dominated", "dot", style.DARK_BLUE, width=6)
DOMINATED = KeyEntry(
    "dominated: another is as good in all and better in one", "dot", style.WHITE, style.DARK_BLUE,
    width=6,
)  # fmt: skip


def robust_pareto(found: Robustness) -> Chart:
    """One panel an objective, one row a scenario; hollow is what another scenario dominates."""
    body, _ = Rows(
        [_block(found)],
        labels_cm=3.7,
        row_cm=ROW_CM + 0.12,
        columns=[f"{each.metric.label}, {each.moment.phrase(each.metric)}"
                 for each in found.together],
    ).fitting(TALLEST_CM)  # fmt: skip
    return framed(
        NAME,
        _title(found),
        body,
        subtitle="Averages across futures; further right is better in every panel; "
        f"{place(found.scenarios[0])}",
        notes=_notes(found),
        key=[KEPT, DOMINATED],
        told=_told(found),
        data=robust_tables(found)["pareto"],
    )


def _block(found: Robustness) -> Block:
    panels = [_panel(found, j) for j in range(len(found.together))]
    return Block([scenario.title for scenario in found.scenarios], panels)


def _panel(found: Robustness, j: int) -> Panel:
    """The averages of one objective, each with its number, on a scale that is not drawn."""
    each, averages = found.together[j], found.averages[j]
    low, high = float(averages.min()), float(averages.max())
    # room for the number left and right of the outermost dots
    room = 0.45 * max(high - low, 1e-9 * max(abs(high), 1.0))
    ends = (low - room, high + room)
    rows = [
        Row([Mark(DOMINATED if one.dominated_by else KEPT, value, words=_text(each, value))])
        for value, one in zip(averages.tolist(), found.standings, strict=True)
    ]
    scale = Scale("", *(ends if each.higher else ends[::-1]), ticks=(), line=None)
    return Panel(rows, scale)


def _text(each: Objective, value: float) -> str:
    """The average with as many decimals as a difference has, so that rows can be told apart."""
    write = each.metric.format
    return f"{write.prefix}{value / write.divisor:,.{write.difference_decimals}f}{write.suffix}"


def _notes(found: Robustness) -> list[str]:
    return [
        "Each panel has its own scale, from the least to the most of these scenarios, and does "
        "not start at zero. Differences too small to show count as none. No range is drawn; the "
        "spread and precision of the differences are in the comparison.",
        source(found),
    ]


def _title(found: Robustness) -> str:
    """How many scenarios are dominated."""
    count = sum(bool(one.dominated_by) for one in found.standings)
    scenarios = len(found.scenarios)
    words = f"{count} of {scenarios} scenarios" if count else f"None of {scenarios} scenarios"
    return f"{words} {'are' if count > 1 else 'is'} dominated by another"


def _told(found: Robustness) -> str:
    kept = [
        f"'{scenario.title}'"
        for scenario, one in zip(found.scenarios, found.standings, strict=True)
        if not one.dominated_by
    ]
    said = f"Not dominated {'are' if len(kept) > 1 else 'is'} {listed(kept) if kept else 'none'}."
    ends = []
    for j, each in enumerate(found.together):
        averages = each.gains(found.averages[j])
        best, worst = int(np.argmax(averages)), int(np.argmin(averages))
        ends.append(
            f"{each.metric.label}: best '{found.scenarios[best].title}', "
            f"{_text(each, abs(float(averages[best])))}, worst '{found.scenarios[worst].title}', "
            f"{_text(each, abs(float(averages[worst])))}."
        )
    return (
        f"Dot plot of averages, one row for each of {len(found.scenarios)} scenarios, one "
        f"panel for each of {len(found.together)} objectives. {said} {' '.join(ends)}"
    )
