"""Regret of each scenario: its mean, its precision and its range, one row a scenario."""

from __future__ import annotations

from collections import Counter
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
from rsip_sim.studies.robust.says import amount, makes_a_difference
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_regret"
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4
SMALLEST = KeyEntry("mean regret, smallest or not clearly larger", "dot", style.DARK_BLUE, width=5)
LARGER = KeyEntry("mean regret, clearly larger", "dot", style.WHITE, style.DARK_BLUE, width=5)
PRECISION = KeyEntry("precision: 95% interval of the mean", "line", style.MID_BLUE, width=5.5)
RANGE = KeyEntry("up to here in 95% of futures", "line", style.DARK_GREY, width=1.0)
RANGE_END = KeyEntry("", "dot", style.DARK_GREY, width=8, marker="|")


def robust_regret(found: Robustness) -> Chart:
    """One panel an objective, one row a scenario."""
    objectives = sorted(
        found.objectives,
        key=lambda each: not makes_a_difference(each, found.regrets[each.metric.name]),
    )
    body, places = Rows(
        [_block(found, each) for each in objectives],
        labels_cm=3.7, numbers_cm=1.3, gap_cm=0.45,
    ).fitting(TALLEST_CM)  # fmt: skip
    shown = [objectives[at] for at in places]
    return framed(
        NAME,
        _title(found),
        body,
        subtitle="Regret: what a choice loses against the best choice in the same future; "
        f"{place(found.scenarios[0])}",
        notes=_notes(found, shown),
        key=[SMALLEST, LARGER, PRECISION, RANGE],
        told=_told(found, shown),
        data=robust_tables(found)["regret"],
    )


def head(each: Objective) -> str:
    """The heading of an objective, with the unit of its regret and its time."""
    metric, moment = each.metric, each.moment
    return f"{metric.label} ({difference_unit(metric, moment)}), {moment.phrase(metric)}"


def _block(found: Robustness, each: Objective) -> Block:
    """The panel of one objective."""
    write, unit = each.metric.format, difference_unit(each.metric, each.moment)
    regret = found.regrets[each.metric.name]
    ends = np.concatenate([regret.p95, regret.ci_high])
    furthest = max(ends[np.isfinite(ends)] / write.divisor, default=0.0)
    scale = Scale(
        unit, 0.0, 1.05 * max(float(furthest), least_shown(write)), tick, most=4, line=None
    )
    rows = [_row(regret, k, write) for k in range(len(found.scenarios))]
    return Block(
        [scenario.title for scenario in found.scenarios],
        [Panel(rows, scale, number_head="worst")],
        head(each),
    )


def _row(regret: Regret, k: int, write: NumberFormat) -> Row:
    if np.isnan(regret.mean[k]):
        return Row(instead="not defined")
    mean, low, high, far = (
        float(each[k]) / write.divisor
        for each in (regret.mean, regret.ci_low, regret.ci_high, regret.p95)
    )
    worst = float(regret.worst[k])
    return Row(
        [
            Mark(RANGE, 0.0, far),
            Mark(RANGE_END, far),
            Mark(PRECISION, low if np.isnan(low) else max(low, 0.0), high),
            Mark(SMALLEST if regret.rival[k] else LARGER, mean),
        ],
        "" if np.isnan(worst) else write.magnitude(worst).removesuffix(" points"),
    )


def _notes(found: Robustness, shown: Sequence[Objective]) -> list[str]:
    notes = (
        "Range drawn: from none to the 95th percentile across futures; the largest regret of all "
        "futures stands at the right. Each measure has its own scale."
    )
    left_out = [each.metric.noun for each in found.objectives if each not in shown]
    if left_out:
        notes += f" In the table only: {listed(left_out)}."
    return [notes, source(found)]


def source(found: Robustness) -> str:
    """The source line of the charts of robustness."""
    return source_line(found.replications, found.scenarios)


def _title(found: Robustness) -> str:
    matter = [
        regret
        for each in found.objectives
        if makes_a_difference(each, regret := found.regrets[each.metric.name])
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


def _told(found: Robustness, shown: Sequence[Objective]) -> str:
    said = [_told_of(found, each) for each in shown]
    return (
        f"Dot plot of mean regret with its 95% interval and its 95th percentile across "
        f"futures, one row for each of {len(found.scenarios)} scenarios. {' '.join(said)}"
    )


def _told_of(found: Robustness, each: Objective) -> str:
    regret, metric = found.regrets[each.metric.name], each.metric
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
