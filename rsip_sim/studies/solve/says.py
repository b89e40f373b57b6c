"""The answer of a search in sentences, by rules that hold for every answer."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

from rsip_sim.measures.metrics import OF_100, Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.words import listed
from rsip_sim.scenario.ranges import range_of
from rsip_sim.studies.solve.curve import Edge, Point, Status
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.target import Target, plain, value_words
from rsip_sim.studies.solve.work import Solved


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


def quantity(target: Target) -> str:
    """What the curve shows, in a later sentence."""
    if target.probability is not None:
        return "the share of such futures"
    return "the chance" if target.chance else "the average"


def point_words(target: Target, point: Point) -> str:
    """An estimate with its interval: ``0.2% (95% interval 0.1% to 0.7%)``."""
    if not point.futures:
        return "not defined"
    return f"{target.format.level(point.estimate)} (95% interval {interval_words(target, point)})"


def interval_words(target: Target, point: Point) -> str:
    """The interval of an estimate: ``0.1% to 0.7%``; of an average over one future, not known."""
    if not (math.isfinite(point.low) and math.isfinite(point.high)):
        return "not known"
    return f"{target.format.level(point.low)} to {target.format.level(point.high)}"


def answer_sentences(solved: Solved) -> list[str]:
    """The answer, how sure it is, and what else a reader must know of the curve."""
    told: dict[str, Callable[[Solved], Iterator[str]]] = {
        "from": _one_edge,
        "up to": _one_edge,
        "within": _several,
        "several": _several,
        "everywhere": _everywhere,
        "nowhere": _nowhere,
        "no effect": _no_effect,
        "not defined": _not_defined,
    }
    sentences = list(told[solved.answer](solved))
    if solved.answer in ("from", "up to", "everywhere", "nowhere") and solved.curve.turn:
        sentences.append(f"The curve is not monotone: {turn_words(solved)}")
    return [*sentences, *_as_written(solved)]


def turn_words(solved: Solved) -> str:
    """Where the curve clearly rises and where it clearly falls."""
    turn = solved.curve.turn
    if turn is None:
        raise ValueError("the curve does not clearly turn")
    rise, fall = (_change(solved, *each) for each in (turn.rise, turn.fall))
    first, second = (f"rises {rise}", f"falls {fall}")
    if turn.fall[0].value < turn.rise[0].value:
        first, second = second, first
    return f"it {first} and {second}, each clear at 95% with all pairs of values compared together."


def runs(lever: Lever, points: Sequence[Point], wanted: Callable[[Point], bool]) -> str:
    """The values at which something is so: ``from £300,000 a year on``, ``up to 24 months``."""
    said = []
    for so, group in itertools.groupby(points, wanted):
        if so:
            places = list(group)
            said.append(_run(lever, points, places[0].value, places[-1].value))
    return listed(said)


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


def _one_edge(solved: Solved) -> Iterator[str]:
    lever, target, edge = solved.question.lever, solved.question.target, solved.edge
    if edge is None:
        return
    kind = "smallest" if solved.answer == "from" else "largest"
    at = {point.value: point for point in solved.curve.points}
    beside = "smaller" if kind == "smallest" else "larger"
    yield (
        f"The {kind} {lever.noun} that meets the target is {lever.text(edge.meets)}: "
        f"{quantity(target)} is then {point_words(target, at[edge.meets])}. At "
        f"{lever.text(edge.fails)}, the next {beside} value tried, it is "
        f"{target.format.level(at[edge.fails].estimate)}."
    )
    yield edge_words(lever, edge)


def edge_words(lever: Lever, edge: Edge) -> str:
    """How sure the value at an edge is."""
    fails, meets = edge.clearly_fails, edge.clearly_meets
    if fails is None and meets is None:
        return (
            "How sure is that value? These futures do not fix it: at no value tried is the target "
            "clearly missed, and at none clearly met (at 95%)."
        )
    rising = edge.meets > edge.fails
    if fails is None:
        side = "smaller" if rising else "larger"
        return (
            f"How sure is that value? From {lever.text(meets or 0.0)} "
            f"{'on' if rising else 'downwards'} the target is clearly met (at 95%), but no "
            f"{side} value tried clearly misses it: the 95% interval of the tipping value is open "
            "at that end."
        )
    if meets is None:
        side = "larger" if rising else "smaller"
        return (
            f"How sure is that value? At {lever.text(fails)} the target is clearly missed (at "
            f"95%), but at no {side} value tried is it clearly met: the 95% interval of the "
            "tipping value is open at that end."
        )
    low, high = sorted((fails, meets))
    return (
        f"How sure is that value? Its 95% interval runs from {lever.between(low, high)}: at "
        f"{lever.text(fails)} the target is clearly missed, at {lever.text(meets)} clearly met."
    )


def _several(solved: Solved) -> Iterator[str]:
    lever = solved.question.lever
    met = runs(lever, solved.curve.points, lambda point: point.status.met)
    rest = "missed outside" if solved.answer == "within" else "missed between"
    yield f"There is no single tipping value: the target is met {met}, and {rest}."
    if solved.curve.turn:
        yield f"The curve is not monotone: {turn_words(solved)}"
    else:
        yield (
            "These ups and downs lie within the uncertainty of the curve: with so many futures, "
            "values this close to the target cannot be told apart."
        )
    clear = [point for point in solved.curve.points if point.status == Status.CLEARLY_MET]
    if clear:
        where = runs(lever, solved.curve.points, lambda point: point.status == Status.CLEARLY_MET)
        yield f"It is clearly met (at 95%) {where}."
    else:
        yield "At no value tried is it clearly met (at 95%)."


def _everywhere(solved: Solved) -> Iterator[str]:
    asked, points = solved.question, solved.curve.points
    lever, target = asked.lever, asked.target
    low = min(points, key=lambda point: point.estimate)
    high = max(points, key=lambda point: point.estimate)
    write = target.format.level
    between = (
        f"{quantity(target)} is {write(low.estimate)}"
        if write(low.estimate) == write(high.estimate)
        else f"{quantity(target)} lies between {write(low.estimate)} (at {lever.text(low.value)}) "
        f"and {write(high.estimate)} (at {lever.text(high.value)})"
    )
    yield (
        f"The target is met over the whole range, from {lever.between(lever.low, lever.high)}: at "
        f"every value tried {between}."
    )
    yield _clearness(solved)


def _clearness(solved: Solved) -> str:
    points, lever = solved.curve.points, solved.question.lever
    if all(point.status.clear for point in points):
        return "It is clearly met (at 95%) at every one of them."
    if not any(point.status.clear for point in points):
        return "At none of them is it clearly met (at 95%)."
    where = runs(lever, points, lambda point: point.status.clear)
    return (
        f"It is clearly met (at 95%) {where}; elsewhere these futures do not rule out that it is "
        "missed."
    )


def _nowhere(solved: Solved) -> Iterator[str]:
    asked = solved.question
    lever, target = asked.lever, asked.target
    defined = [point for point in solved.curve.points if point.futures]
    sign = 1 if target.upwards else -1
    best = max(defined, key=lambda point: sign * point.estimate)
    yield (
        f"Not reachable in this range: no {lever.noun} tried, from "
        f"{lever.between(lever.low, lever.high)}, meets the target. The best is "
        f"{point_words(target, best)}, at {lever.text(best.value)}."
    )
    hopeful = [point for point in solved.curve.points if not point.status.clear]
    if hopeful:
        where = runs(lever, solved.curve.points, lambda point: not point.status.clear)
        yield f"These futures do not rule out (at 95%) that it is met {where}."
    else:
        yield "It is clearly missed (at 95%) at every value tried."
    limits = range_of(lever.path)
    if limits is None or limits.minimum is None or limits.maximum is None:
        return
    if limits.minimum < lever.low or limits.maximum > lever.high:
        yield (
            f"A scenario accepts {lever.between(limits.minimum, limits.maximum)}: a wider range "
            "searches farther."
        )


def _no_effect(solved: Solved) -> Iterator[str]:
    asked, point = solved.question, solved.curve.points[0]
    lever = asked.lever
    met = "met" if point.status.met else "not met"
    yield (
        f"The {lever.noun} makes no difference: from {lever.between(lever.low, lever.high)} every "
        f"future gives the same. {quantity(asked.target).capitalize()} is "
        f"{point_words(asked.target, point)} throughout, and the target is {met}."
    )


def _not_defined(solved: Solved) -> Iterator[str]:
    target = solved.question.target
    yield f"{target.of.label} is not defined in any future at any value tried."


def _as_written(solved: Solved) -> Iterator[str]:
    lever, target = solved.question.lever, solved.question.target
    if solved.answer in ("no effect", "not defined"):
        return
    for point in solved.curve.points:
        if point.value == lever.own:
            own = "As the scenario is written"
            if lever.drawn:
                own = "At the median of what the scenario draws"
            yield (
                f"{own}, with {lever.text(point.value)}, {quantity(target)} "
                f"is {point_words(target, point)}: {point.status.words}."
            )


def _run(lever: Lever, points: Sequence[Point], first: float, last: float) -> str:
    if first == points[0].value and last == points[-1].value:
        return "at every value tried"
    if first == last:
        return f"at {lever.text(first)}"
    if last == points[-1].value:
        return f"from {lever.text(first)} on"
    if first == points[0].value:
        return f"up to {lever.text(last)}"
    return f"from {lever.between(first, last)}"


def _change(solved: Solved, one: Point, other: Point) -> str:
    lever, write = solved.question.lever, solved.question.target.format.level
    return (
        f"from {write(one.estimate)} at {lever.text(one.value)} to {write(other.estimate)} at "
        f"{lever.text(other.value)}"
    )
