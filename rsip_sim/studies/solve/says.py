"""A search in words: what was asked, and the one or two sentences that answer it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

from rsip_sim.measures.metrics import OF_100, Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.words import listed
from rsip_sim.studies.solve.curve import Edge, Point
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.target import Target, plain, value_words
from rsip_sim.studies.solve.work import Solved

EVERYWHERE = "at every value tried"


def statement(target: Target, moment: Moment) -> str:
    """What is asked: ``the chance that the partnership has dissolved … is at most …``."""
    metric = target.of
    if target.probability is not None:
        share = f"{target.probability_compare} {plain(100 * target.probability)}%"
        return f"in {share} of futures {_condition(target, moment)}"
    if target.chance:
        goal = f"{target.compare} {value_words(metric, target.value)}"
        return f"the chance that {metric.clause} {moment.phrase(metric)} is {goal}"
    return f"on average over futures, {_condition(target, moment)}"


def measure_words(target: Target, moment: Moment) -> str:
    """What the curve shows, as an axis or a subtitle says it, with its unit."""
    metric = target.of
    when = moment.phrase(metric)
    if target.probability is not None:
        return f"Share of futures in which {_condition(target, moment)}"
    if target.chance:
        return f"Chance that {metric.clause} {when}"
    return f"{metric.label} ({unit_at(metric, moment)}), {when}, average over futures"


def goal_words(target: Target) -> str:
    """What the curve is held to: ``at most 10%``, ``at least 80% of futures``, ``below £0.5m``."""
    if target.probability is not None:
        return f"{target.goal_compare} {plain(target.goal)}% of futures"
    return f"{target.compare} {value_words(target.of, target.value)}"


def interval_words(target: Target, point: Point) -> str:
    """The interval of an estimate: ``0.1% to 0.7%``; of an average over one future, not known."""
    if not (math.isfinite(point.low) and math.isfinite(point.high)):
        return "not known"
    return f"{target.format.level(point.low)} to {target.format.level(point.high)}"


def answer_sentence(solved: Solved) -> str:
    """From or up to which value the target holds, and between which that lies."""
    lever, target, points = solved.question.lever, solved.question.target, solved.curve.points
    noun, whole = lever.noun, lever.between(lever.low, lever.high)
    edge = solved.edge
    if edge is not None:
        kind = "smallest" if solved.answer == "from" else "largest"
        return (
            f"The {kind} {noun} that meets the target is {lever.text(edge.meets)} "
            f"({interval_of(lever, edge)})."
        )
    met = runs(lever, points, lambda point: point.status.met)
    best = _best(target, points)
    told = {
        "within": f"There is no single tipping value: the target is met {met}, and missed outside.",
        "several": f"There is no single tipping value: the target is met {met}, and missed "
        "between.",
        "everywhere": f"The target is met over the whole range, from {whole}.",
        "nowhere": f"Not reachable in this range: no {noun} tried, from {whole}, meets the target. "
        f"The best is {_at(lever, target, best)}.",
        "no effect": f"The {noun} makes no difference: from {whole} every future gives the same, "
        f"{target.format.level(points[0].estimate)}.",
        "not defined": f"{target.of.label} is not defined in any future at any value tried.",
    }
    return told[solved.answer]


def interval_of(lever: Lever, edge: Edge) -> str:
    """The 95% interval of a tipping value; an end at which nothing tried is clear is open."""
    ends = [edge.clearly_fails, edge.clearly_meets]
    low, high = ends if edge.meets > edge.fails else ends[::-1]
    if low is not None and high is not None:
        return f"95% interval {lever.short(low)} to {lever.short(high)}"
    if low is not None:
        return f"95% interval from {lever.short(low)} up"
    if high is not None:
        return f"95% interval up to {lever.short(high)}"
    return "95% interval open at both ends: these futures do not fix it"


def turn_words(solved: Solved) -> str:
    """Where the curve clearly rises and where it clearly falls; '' where it does not turn."""
    turn = solved.curve.turn
    if turn is None:
        return ""
    pairs = sorted([("rises", *turn.rise), ("falls", *turn.fall)], key=lambda pair: pair[1].value)
    lever, target = solved.question.lever, solved.question.target
    told = [
        f"{how} from {_at(lever, target, one)} to {_at(lever, target, other)}"
        for how, one, other in pairs
    ]
    return (
        f"The curve is not monotone: it {' and '.join(told)}, each clear at 95% with all pairs of "
        "values compared together."
    )


def _at(lever: Lever, target: Target, point: Point) -> str:
    return f"{target.format.level(point.estimate)} at {lever.text(point.value)}"


def _best(target: Target, points: Sequence[Point]) -> Point:
    """The point nearest to the target, or beyond it the farthest."""
    defined = [point for point in points if point.futures] or list(points)
    return max(defined, key=lambda point: point.estimate * (1 if target.upwards else -1))


def runs(lever: Lever, points: Sequence[Point], wanted: Callable[[Point], bool]) -> str:
    """The values at which something is so, '' for none: ``from £300,000 a year on``."""
    said = []
    for so, group in itertools.groupby(points, wanted):
        if so:
            places = list(group)
            said.append(_run(lever, points, places[0].value, places[-1].value))
    return listed(said) if said else ""


def _condition(target: Target, moment: Moment) -> str:
    """The outcome compared: ``at least 80 schools are in the partnership on 31 March 2016``."""
    metric = target.of
    number = f"{target.compare} {value_words(metric, target.value)}{_unit(metric)}"
    clause = metric.clause.format(number)
    if metric.kind == "flow" and moment.over_time:
        clause += " a year"
    comma = "," if moment.over_time else ""
    return f"{clause}{comma} {moment.phrase(metric)}"


def _unit(metric: Metric) -> str:
    """The unit after a number that nothing else explains."""
    bare = not metric.format.prefix and not metric.unit.startswith("%")
    if bare and metric.unit != OF_100 and not metric.clause.startswith("{}"):
        return f" {metric.unit}"
    return ""


def _run(lever: Lever, points: Sequence[Point], first: float, last: float) -> str:
    if first == points[0].value and last == points[-1].value:
        return EVERYWHERE
    if first == last:
        return f"at {lever.text(first)}"
    if last == points[-1].value:
        return f"from {lever.text(first)} on"
    if first == points[0].value:
        return f"up to {lever.text(last)}"
    return f"from {lever.between(first, last)}"
