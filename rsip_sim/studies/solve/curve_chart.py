"""Where it tips: the share or average at the values that decide, its precision, and the target."""

from __future__ import annotations

import math

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import framed
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale, ends_around, least_shown, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.words import place
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.solve.curve import Point
from rsip_sim.studies.solve.report import shown_points
from rsip_sim.studies.solve.says import answer_sentence, goal_words, interval_of, measure_words
from rsip_sim.studies.solve.target import PERCENT
from rsip_sim.studies.solve.work import Solved, tables

NAME = "tipping_curve"
PRECISION = KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=3.0)
CLEAR = KeyEntry("clearly on one side of the target", "dot", style.DARK_BLUE, width=5)
UNCLEAR = KeyEntry("not clearly", "dot", style.WHITE, style.DARK_BLUE, width=5)


def tipping_curve(solved: Solved) -> Chart:
    """Estimate and 95% interval at the values that decide, with the target as an upright line."""
    asked, lever = solved.question, solved.question.lever
    points = [point for point in shown_points(solved) if point.futures]
    labels = [
        f"{lever.own_words}: {lever.short(point.value)}" if point.value == lever.own
        else lever.short(point.value)
        for point in points
    ]  # fmt: skip
    data = tables(solved)["curve"].copy()
    data.insert(0, "goal", asked.target.goal)
    tipping = [i for i, point in enumerate(points) if point.value == solved.value]
    rows = [_row(solved, point) for point in points]
    scale = _scale(solved, points)
    number = "share (%)" if asked.target.is_share else "average"
    body = Rows(
        [
            Block(
                labels,
                [Panel(rows, scale, number_head=number)],
                lever.heading,
                tipping,
            )
        ],
        labels_cm=max(
            max((width_cm(each, style.NOTE_SIZE) for each in labels), default=0) + 0.6, 2
        ),
        numbers_cm=1.8,
        right_cm=0.2,
    )
    return framed(
        NAME,
        curve_title(solved),
        body,
        subtitle=f"{measure_words(asked.target, asked.moment)}. {asked.scenario.title}, "
        f"{place(asked.scenario)}",
        notes=[
            f"Upright line: the target, {goal_words(asked.target)}. Bold: the tipping value. All "
            "values tried are in the table.",
            source_note(solved),
        ],
        key=[PRECISION, CLEAR, UNCLEAR],
        told=f"{answer_sentence(solved)} One row a value of the {lever.noun}, with the target "
        f"({goal_words(asked.target)}) as an upright line.",
        data=data,
    )


def _row(solved: Solved, point: Point) -> Row:
    write = solved.question.target.format
    low, high = point.low / write.divisor, point.high / write.divisor
    marks = [Mark(CLEAR if point.status.clear else UNCLEAR, point.estimate / write.divisor)]
    if math.isfinite(low + high):
        marks.insert(0, Mark(PRECISION, low, high))
    return Row(marks, write.level(point.estimate))


def _scale(solved: Solved, points: list[Point]) -> Scale:
    asked, target = solved.question, solved.question.target
    write = target.format
    share = target.probability is not None or target.chance
    numbers = [n for point in points for n in (point.estimate, point.low, point.high)]
    low, high = ends_around(
        (n / write.divisor for n in [*numbers, target.goal]), least_shown(write), nought=False
    )
    if share:
        low, high = max(low, -1.0), min(high, PERCENT + 1)
    unit = "%" if share else unit_at(target.of, asked.moment)
    return Scale(unit, low, high, tick, line=target.goal / write.divisor)


def curve_title(solved: Solved) -> str:
    """The answer in about ten words."""
    lever, edge = solved.question.lever, solved.edge
    noun, whole = lever.noun, lever.between(lever.low, lever.high)
    if edge is not None and edge.clearly_fails is None and edge.clearly_meets is None:
        return f"These futures do not fix the {noun} at which the target is met"
    if edge is not None:
        must = "must reach" if solved.answer == "from" else "must not exceed"
        return f"{lever.title} {must} {lever.text(edge.meets)} ({interval_of(lever, edge)})"
    stretches = solved.curve.stretches
    within = lever.between(stretches[0].first, stretches[0].last) if stretches else whole
    return {
        "within": f"Only {noun} from {within} meets the target",
        "several": f"The target is met in {len(stretches)} separate stretches of the {noun}",
        "everywhere": f"Every {noun} tried from {whole} meets the target",
        "nowhere": f"No {noun} tried from {whole} meets the target",
        "no effect": f"The {noun} makes no difference to the target",
    }.get(solved.answer, f"The outcome is not defined at any {noun} tried")


def source_note(solved: Solved) -> str:
    """The source line: the futures and the climate they stand on."""
    asked = solved.question
    climate = asked.scenario.policy.levers.climate.conversion
    return (
        f"Source: simulation with rsip_sim, the same {asked.replications:,} futures at every "
        f"value; national climate: {climate if climate in CLIMATES else 'own'}."
    )
