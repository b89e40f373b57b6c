"""Regret of each option: its mean, its precision and its range, one row an option."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale, difference_unit, least_shown, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.report.words import listed, place
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.words import labelled, told
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_regret"
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
SMALLEST = KeyEntry("mean regret, smallest or about so", "dot", style.DARK_BLUE, width=5)
LARGER = KeyEntry(
    "mean regret, clearly and noticeably larger", "dot", style.WHITE, style.DARK_BLUE, width=5
)
PRECISION = KeyEntry("precision: 95% interval of the mean", "line", style.MID_BLUE, width=5.5)
RANGE = KeyEntry("up to here in 95% of futures", "line", style.DARK_GREY, width=1.0)
RANGE_END = KeyEntry("", "dot", style.DARK_GREY, width=8, marker="|")


def robust_regret(found: Robustness) -> Chart:
    """One panel an objective, one row an option; what the choice decides first."""
    objectives = sorted(found.objectives, key=lambda each: not _decided(found, each))
    body, places = Rows(
        [_block(found, each) for each in objectives], labels_cm=3.7, numbers_cm=1.3, gap_cm=0.45
    ).fitting(TALLEST_CM)
    shown = [objectives[at] for at in places]
    return framed(
        NAME,
        _title(found),
        body,
        subtitle="Regret: what an option loses against the best of them in the same future; "
        f"{place(found.scenarios[0])}",
        notes=[
            "Range drawn: from none to the 95th percentile across futures; the largest regret of "
            f"all futures stands at the right.{left_out(found, shown)}",
            source_line(found.replications, found.scenarios),
        ],
        key=[SMALLEST, LARGER, PRECISION, RANGE],
        told=" ".join(_told_of(found, each) for each in shown),
        data=robust_tables(found)["regret"],
    )


def head(each: Objective) -> str:
    """The heading of an objective, with the unit of its regret and its time."""
    metric, moment = each.metric, each.moment
    return f"{metric.label} ({difference_unit(metric, moment)}), {moment.phrase(metric)}"


def left_out(found: Robustness, shown: Sequence[Objective]) -> str:
    """What a note says of objectives for which the page has no room."""
    rest = [each.metric.noun for each in found.objectives if each not in shown]
    return f" In the table only: {listed(rest)}." if rest else ""


def _decided(found: Robustness, each: Objective) -> bool:
    return each.decided(found.regrets[each.metric.name])


def _block(found: Robustness, each: Objective) -> Block:
    """The panel of one objective."""
    write, counted = each.metric.format, difference_unit(each.metric, each.moment)
    regret = found.regrets[each.metric.name]
    ends = np.concatenate([regret.p95, regret.ci_high])
    furthest = max(ends[np.isfinite(ends)] / write.divisor, default=0.0)
    scale = Scale(
        counted, 0.0, 1.05 * max(float(furthest), least_shown(write)), tick, most=4, line=None
    )
    rows = [_row(regret, k, bool(near), write) for k, near in enumerate(each.near(regret))]
    return Block(
        [scenario.brief for scenario in found.scenarios],
        [Panel(rows, scale, number_head="worst")],
        head(each),
    )


def _row(regret: Regret, k: int, near: bool, write: NumberFormat) -> Row:
    if np.isnan(regret.mean[k]):
        return Row(instead="not defined")
    mean, low, high, far = (
        float(each[k]) / write.divisor
        for each in (regret.mean, regret.ci_low, regret.ci_high, regret.p95)
    )
    marks = [
        Mark(RANGE, 0.0, far),
        Mark(RANGE_END, far),
        Mark(PRECISION, low if np.isnan(low) else max(low, 0.0), high),
        Mark(SMALLEST if near else LARGER, mean),
    ]
    return Row(marks, write.magnitude(float(regret.worst[k])).removesuffix(" points"))


def _title(found: Robustness) -> str:
    """Which option alone loses least in what; the one that does so in most."""
    alone: dict[int, list[str]] = {}
    for each in found.objectives:
        regret = found.regrets[each.metric.name]
        if each.decided(regret) and each.near(regret).sum() == 1:
            alone.setdefault(regret.first, []).append(each.metric.noun)
    if not alone:
        return "No option alone loses clearly least in any of these measures"
    first, nouns = max(alone.items(), key=lambda each: len(each[1]))
    return f"'{found.scenarios[first].brief}' loses least in {listed(nouns, most=2)}"


def _told_of(found: Robustness, each: Objective) -> str:
    regret, metric = found.regrets[each.metric.name], each.metric
    if not each.matters(regret):
        return f"{metric.label}: no difference that anyone would notice."
    cells = (
        f"{scenario.brief} {told(each, float(mean))}"
        for scenario, mean in zip(found.scenarios, regret.mean, strict=True)
    )
    return f"{labelled(each)}, mean regret: {', '.join(cells)}."
