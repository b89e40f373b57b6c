"""A search told: the answer, the values around it with their price, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rsip_sim.measures.metrics import (
    MONTHS,
    OF_100,
    PRICE_COUNCIL,
    PRICE_SCHOOLS,
    PRICE_SERVICE,
    Metric,
)
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Points, Report, Table
from rsip_sim.report.words import NOTHING, listed
from rsip_sim.scenario.ranges import range_of
from rsip_sim.studies.compare.report import standing
from rsip_sim.studies.kernel.choice_words import THOUSANDS_A_YEAR, asked_about
from rsip_sim.studies.solve.curve import Edge, Point, Stretch
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.target import Target, plain, value_words
from rsip_sim.studies.solve.work import Solved

MOST_SHOWN = 11
"""Values on the first screen: those that decide, and round ones between them."""

_VALUE, _NUMBER, _INTERVAL, _STATUS, _PRICE = 21, 9, 19, 17, 10
_PRICES = {
    PRICE_SCHOOLS: "Schools pay, £000 a year",
    PRICE_COUNCIL: "Council pays, £000 a year",
    PRICE_SERVICE: "Service lost, £000 a year",
}

NOTES = (
    "All values share the same futures, so that they differ by the lever alone, and each holds "
    "throughout the run, whatever the scenario's timeline says of it.",
    "The 95% interval of a share is the exact binomial one, of an average the t-interval; "
    "'clearly' means that all of it lies on one side of the target. The interval of a tipping "
    "value runs from the nearest value at which the target is clearly missed to the nearest at "
    "which it is clearly met.",
    "Round values are tried first and the gaps then halved where the target is crossed. Between "
    "values tried nothing is known.",
)


def solve_report(solved: Solved) -> Report:
    """The answer first, then the parts behind it."""
    scenario = solved.question.scenario
    parts = [Part("curve", "Value by value", (_curve(solved, solved.curve.points),))]
    notes = Points((*NOTES, *standing([scenario])))
    parts.append(Part("method", "How to read this", (notes,)))
    return Report(
        f"Where does '{scenario.title}' tip?",
        tuple(_screen(solved)),
        asked_about(scenario),
        parts=tuple(parts),
    )


def _screen(solved: Solved) -> Iterator[Block]:
    asked, lever = solved.question, solved.question.lever
    yield Paragraph(
        f"{measure_words(asked.target, asked.moment)}: wanted {goal_words(asked.target)}. Tried: "
        f"{lever.noun} from {lever.between(lever.low, lever.high)}, {len(solved.curve.points)} "
        f"values in the same {asked.replications:,} futures."
    )
    yield Paragraph(f"{answer_sentence(solved)}.", apart=True)
    yield _curve(solved, shown_points(solved))
    yield Heading("How sure")
    yield Points(tuple(_sure(solved)), plain=True)


def shown_points(solved: Solved) -> list[Point]:
    """The values that decide, and of the others as many round ones as there is room for."""
    points = {point.value: point for point in solved.curve.points}
    lever = solved.question.lever
    edges = solved.curve.edges
    wanted: list[float | None] = [each for edge in edges for each in (edge.meets, edge.fails)]
    wanted += [lever.own]
    wanted += [each for edge in edges for each in (edge.low, edge.high)]
    wanted += [lever.low, lever.high, *lever.values[list(lever.first)]]
    known = [value for value in dict.fromkeys(wanted) if value in points]
    return [points[value] for value in sorted(known[:MOST_SHOWN])]


def tried(lever: Lever, value: float) -> str:
    """A value tried, and whether it is the scenario's own: ``£120,000 (as written)``."""
    own = f" ({lever.own_words})" if value == lever.own else ""
    return f"{lever.short(value)}{own}"


def _curve(solved: Solved, points: Iterable[Point]) -> Table:
    asked, lever = solved.question, solved.question.lever
    head = "share" if asked.target.is_share else "average"
    prices = _PRICES.values() if solved.prices else ()
    rows = tuple(
        (
            tried(lever, point.value),
            asked.target.format.level(point.estimate),
            interval_words(asked.target, point) if point.futures else NOTHING,
            point.status.words,
            *_prices(solved, point.value),
        )
        for point in points
    )
    return Table(
        "curve",
        f"The {head} by {lever.noun}",
        "One row a value tried.",
        (
            Column(lever.heading, _VALUE, words=True, hang=1),
            Column(head, _NUMBER),
            Column("95% interval", _INTERVAL),
            Column("target", _STATUS),
            *(Column(price, _PRICE) for price in prices),
        ),
        rows,
        quiet=True,
        apart=True,
    )


def _prices(solved: Solved, value: float) -> Iterator[str]:
    """What a value costs, in £000 a year; of the service what it loses against the own value."""
    as_written = solved.question.lever.own
    own = None if as_written is None else solved.prices.get(as_written)
    for line, pounds in solved.prices.get(value, {}).items():
        if line == PRICE_SERVICE:
            pounds = math.nan if own is None else own[line] - pounds
        yearly = pounds * MONTHS / solved.question.scenario.policy.horizon_months
        yield NOTHING if math.isnan(yearly) else THOUSANDS_A_YEAR.brief(yearly)


def _sure(solved: Solved) -> Iterator[str]:
    asked, points = solved.question, solved.curve.points
    clear = f"{sum(point.status.clear for point in points)} of {len(points)}"
    yield f"In the model: {clear} values tried are clearly on one side of the target (95%)."
    if solved.answer in ("within", "several") and any(
        None in (edge.low, edge.high) for edge in solved.curve.edges
    ):
        yield "Some of its ups and downs lie within the uncertainty of the curve, and may be none."
    yield (
        "In truth: futures differ by luck and by ignorance of the parameters, both counted alike."
        if asked.scenario.policy.parameters == "uncertain"
        else "In truth less: parameters are held at central values, so that ignorance is left out."
    )
    fewest = min(point.futures for point in points)
    if fewest < asked.replications:
        yield (
            f"Futures in which the outcome is not defined are left out: at least {fewest:,} of "
            f"{asked.replications:,} remain at every value."
        )
    lever, limits = asked.lever, range_of(asked.lever.path)
    if limits is None or limits.low is None or limits.high is None:
        return
    if lever.low < limits.low or lever.high > limits.high:
        reach = lever.between(limits.low, limits.high)
        yield f"Evidence on the {lever.noun} reaches from {reach}, and no farther."


def measure_words(target: Target, moment: Moment) -> str:
    """What the curve shows: ``Share of futures in which …``, ``Chance that …``, an average."""
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
    """From or up to which value the target holds, and between which that lies; no full stop."""
    lever, target, points = solved.question.lever, solved.question.target, solved.curve.points
    noun, whole = lever.noun, lever.between(lever.low, lever.high)
    if solved.edge is not None:
        return (
            f"The {'smallest' if solved.answer == 'from' else 'largest'} {noun} that meets the "
            f"target is {lever.text(solved.edge.meets)} ({interval_of(lever, solved.edge)})"
        )
    if solved.answer == "everywhere":
        return f"The target is met over the whole range, from {whole}"
    if solved.answer == "nowhere":
        defined = [point for point in points if point.futures]
        best = max(defined, key=lambda point: point.estimate * (1 if target.upwards else -1))
        return (
            f"No {noun} tried, from {whole}, meets the target; the best is "
            f"{_at(lever, target, best)}"
        )
    if solved.answer == "no effect":
        level = target.format.level(points[0].estimate)
        return f"The {noun} makes no difference: every future gives the same, {level}"
    if solved.answer == "not defined":
        return f"{target.of.label} is not defined in any future at any value tried"
    met = listed([_stretch(lever, each) for each in solved.curve.stretches])
    return f"There is no single tipping value: the target is met {met}, and missed elsewhere"


def interval_of(lever: Lever, edge: Edge) -> str:
    """The 95% interval of a tipping value; an end at which nothing tried is clear is open."""
    if edge.low is not None and edge.high is not None:
        return f"95% interval {lever.short(edge.low)} to {lever.short(edge.high)}"
    if edge.low is not None:
        return f"95% interval from {lever.short(edge.low)} up"
    if edge.high is not None:
        return f"95% interval up to {lever.short(edge.high)}"
    return "95% interval open at both ends: these futures do not fix it"


def _at(lever: Lever, target: Target, point: Point) -> str:
    return f"{target.format.level(point.estimate)} at {lever.text(point.value)}"


def _stretch(lever: Lever, stretch: Stretch) -> str:
    """The values of a stretch: ``from £300,000 a year on``, ``up to 12 months``."""
    if stretch.below is None:
        return f"up to {lever.text(stretch.last)}"
    if stretch.above is None:
        return f"from {lever.text(stretch.first)} on"
    if stretch.first == stretch.last:
        return f"at {lever.text(stretch.first)}"
    return f"from {lever.between(stretch.first, stretch.last)}"


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
