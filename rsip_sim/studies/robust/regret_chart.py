"""Regret of each option: its mean, its precision and its range, one row an option."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale, difference_unit, least_shown, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.report.words import listed, place
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.report import labelled, told
from rsip_sim.studies.robust.tables import robust_tables
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
    regrets = sorted(found.regrets.items(), key=lambda each: not each[1].decided)
    body, places = Rows(
        [_block(found, *each) for each in regrets], labels_cm=3.7, numbers_cm=1.3, gap_cm=0.45
    ).fitting(TALLEST_CM)
    rest = [each.metric.noun for at, (each, _) in enumerate(regrets) if at not in places]
    more = f" In the table only: {listed(rest)}." if rest else ""
    return framed(
        NAME,
        _title(found),
        body,
        subtitle="Regret: what an option loses against the best of them in the same future; "
        f"{place(found.scenarios[0])}",
        notes=[
            "Range drawn: from none to the 95th percentile across futures; the largest regret of "
            f"all futures stands at the right.{more}",
            source_line(found.replications, found.scenarios),
        ],
        key=[SMALLEST, LARGER, PRECISION, RANGE],
        told=" ".join(_told_of(found, *regrets[at]) for at in places),
        data=robust_tables(found)["regret"],
    )


def _block(found: Robustness, each: Objective, regret: Regret) -> Block:
    """The panel of one objective."""
    metric, counted = each.metric, difference_unit(each.metric, each.moment)
    write = metric.format
    ends = np.concatenate([regret.p95, regret.ci_high])
    furthest = max(ends[np.isfinite(ends)] / write.divisor, default=0.0)
    far = 1.05 * max(float(furthest), least_shown(write))
    scale = Scale(counted, 0.0, far, tick, most=4, line=None)
    rows = [_row(regret, option, write) for option in range(len(found.scenarios))]
    return Block(
        [scenario.brief for scenario in found.scenarios],
        [Panel(rows, scale, number_head="worst")],
        f"{metric.label} ({counted}), {each.moment.phrase(metric)}",
    )


def _row(regret: Regret, option: int, write: NumberFormat) -> Row:
    if np.isnan(regret.mean[option]):
        return Row(instead="not defined")
    mean, low, high, far = (
        float(each[option]) / write.divisor
        for each in (regret.mean, regret.ci_low, regret.ci_high, regret.p95)
    )
    marks = [
        Mark(RANGE, 0.0, far),
        Mark(RANGE_END, far),
        Mark(PRECISION, low if np.isnan(low) else max(low, 0.0), high),
        Mark(SMALLEST if regret.near[option] else LARGER, mean),
    ]
    return Row(marks, write.magnitude(float(regret.worst[option])).removesuffix(" points"))


def _title(found: Robustness) -> str:
    """Which option alone loses least in what; the one that does so in most."""
    alone: dict[int, list[str]] = {}
    for each, regret in found.regrets.items():
        if regret.decided and regret.near.sum() == 1:
            alone.setdefault(int(regret.near.argmax()), []).append(each.metric.noun)
    if not alone:
        return "No option alone loses clearly least in any of these measures"
    first, nouns = max(alone.items(), key=lambda each: len(each[1]))
    return f"'{found.scenarios[first].brief}' loses least in {listed(nouns, most=2)}"


def _told_of(found: Robustness, each: Objective, regret: Regret) -> str:
    cells = (
        f"{scenario.brief} {told(each, float(mean))}"
        for scenario, mean in zip(found.scenarios, regret.mean, strict=True)
    )
    return f"{labelled(each)}, mean regret: {', '.join(cells)}."
