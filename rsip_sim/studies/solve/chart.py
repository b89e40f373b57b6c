"""Where it tips: the curve at the values that decide."""

from __future__ import annotations

import math

from rsip_sim.charts import style
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import Chart, framed, source_line
from rsip_sim.charts.rows import Block, Mark, Panel, Row, Rows
from rsip_sim.charts.scales import Scale, ends_around, least_shown, tick
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.moments import unit_at
from rsip_sim.report.words import place
from rsip_sim.studies.solve.curve import Point
from rsip_sim.studies.solve.report import (
    answer_sentence,
    goal_words,
    measure_words,
    shown_points,
    tried,
)
from rsip_sim.studies.solve.target import PERCENT
from rsip_sim.studies.solve.work import Solved, tables

PRECISION = KeyEntry("precision: 95% interval", "line", style.MID_BLUE, width=3.0)
CLEAR = KeyEntry("clearly on one side of the target", "dot", style.DARK_BLUE, width=5)
UNCLEAR = KeyEntry("not clearly", "dot", style.WHITE, style.DARK_BLUE, width=5)


def tipping_curve(solved: Solved) -> Chart:
    """Estimate and 95% interval at the values that decide, with the target as an upright line."""
    asked, lever, goal = solved.question, solved.question.lever, goal_words(solved.question.target)
    points = [point for point in shown_points(solved) if point.futures]
    labels = [tried(lever, point.value) for point in points]
    widest = max((width_cm(each, style.NOTE_SIZE) for each in labels), default=0)
    number = "share (%)" if asked.target.is_share else "average"
    panel = Panel(
        [_row(solved, point) for point in points], _scale(solved, points), number_head=number
    )
    tipping = [i for i, point in enumerate(points) if point.value == solved.value]
    data = tables(solved)["curve"].copy()
    data.insert(0, "goal", asked.target.goal)
    return framed(
        "tipping_curve",
        answer_sentence(solved),
        Rows(
            [Block(labels, [panel], lever.heading, tipping)],
            labels_cm=max(widest + 0.6, 2),
            numbers_cm=1.8,
            right_cm=0.2,
        ),
        subtitle=f"{measure_words(asked.target, asked.moment)}. {asked.scenario.title}, "
        f"{place(asked.scenario)}",
        notes=[
            f"Upright line: the target, {goal}. Bold: the tipping value. All values tried are in "
            "the table.",
            source_line(asked.replications, [asked.scenario]),
        ],
        key=[PRECISION, CLEAR, UNCLEAR],
        told=f"One row a value of the {lever.noun}, with the target ({goal}) as an upright line.",
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
    numbers = [n for point in points for n in (point.estimate, point.low, point.high)]
    low, high = ends_around(
        (n / write.divisor for n in [*numbers, target.goal]), least_shown(write), nought=False
    )
    if target.is_share:
        low, high = max(low, -1.0), min(high, PERCENT + 1)
    unit = "%" if target.is_share else unit_at(target.of, asked.moment)
    return Scale(unit, low, high, tick, line=target.goal / write.divisor)
