"""A search told: the answer, the values around it with their price, and how sure that is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

from rsip_sim.measures.metrics import MONTHS, PRICE_COUNCIL, PRICE_SCHOOLS, PRICE_SERVICE
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Part, Points, Report, Table
from rsip_sim.report.words import NOTHING
from rsip_sim.scenario.ranges import range_of
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.compare.screen import NOTICED_PRICE
from rsip_sim.studies.kernel.choice_words import THOUSANDS_A_YEAR, asked_about
from rsip_sim.studies.solve.curve import Point, Status
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.says import answer_sentence, interval_words, statement, turn_words
from rsip_sim.studies.solve.search import MOST_VALUES
from rsip_sim.studies.solve.target import Target
from rsip_sim.studies.solve.work import Solved

MOST_SHOWN = 11
"""Values on the first screen: those that decide, and round ones between them."""

_VALUE, _LONGEST, _NUMBER, _INTERVAL, _STATUS, _PRICE = 24, 40, 10, 19, 17, 10
_PRICES = {
    PRICE_SCHOOLS: "Schools pay, £000 a year",
    PRICE_COUNCIL: "Council pays, £000 a year",
    PRICE_SERVICE: "Service lost, £000 a year",
}


def solve_report(solved: Solved) -> Report:
    """The answer first, then the parts behind it."""
    parts = [Part("curve", "Value by value", (_curve(solved, solved.curve.points),))]
    if solved.grid is not None:
        parts.append(Part("map", "Both levers together", tuple(_map(solved, solved.grid))))
    parts.append(Part("method", "How to read this", (Points(tuple(_reading(solved))),)))
    scenario = solved.question.scenario
    return Report(
        f"Where does '{scenario.title}' tip?",
        tuple(_screen(solved)),
        asked_about(scenario),
        parts=tuple(parts),
    )


def _screen(solved: Solved) -> Iterator[Block]:
    asked = solved.question
    lever = asked.lever
    yield Paragraph(
        f"Wanted: {statement(asked.target, asked.moment)}. Tried: {lever.noun} from "
        f"{lever.between(lever.low, lever.high)}, {len(solved.curve.points)} values in the same "
        f"{asked.replications:,} futures."
    )
    grid = "" if solved.grid is None else f" {_both(solved, solved.grid)}"
    yield Paragraph(answer_sentence(solved) + grid, apart=True)
    yield _curve(solved, shown_points(solved))
    yield Heading("How sure")
    yield Points(tuple(_sure(solved)), plain=True)


def shown_points(solved: Solved) -> list[Point]:
    """The values that decide, and of the others as many round ones as there is room for."""
    points = {point.value: point for point in solved.curve.points}
    lever = solved.question.lever
    edges = [edge for one in solved.curve.stretches for edge in (one.below, one.above) if edge]
    wanted: list[float | None] = [each for edge in edges for each in (edge.meets, edge.fails)]
    wanted += [lever.own]
    wanted += [each for edge in edges for each in (edge.clearly_fails, edge.clearly_meets)]
    wanted += [lever.low, lever.high, *sorted(solved.curve.first)]
    known = [value for value in dict.fromkeys(wanted) if value in points]
    return [points[value] for value in sorted(known[:MOST_SHOWN])]


def _both(solved: Solved, grid: TippingMap) -> str:
    """How many combinations of the two levers meet the target."""
    met, clear = grid.count(Status.MET, Status.CLEARLY_MET), grid.count(Status.CLEARLY_MET)
    second = solved.question.second
    beside = f"With {second.noun} too, " if second else ""
    return f"{beside}{met} of {len(grid.points)} combinations meet it, {clear} of them clearly."


def _curve(solved: Solved, points: Iterable[Point]) -> Table:
    asked, write = solved.question, solved.question.target.format.level
    lever = asked.lever
    head = "share" if asked.target.is_share else "average"
    lines, rows = _lines(solved), []
    for point in points:
        own = f" ({lever.own_words})" if point.value == lever.own else ""
        rows.append((
            f"{lever.short(point.value)}{own}", write(point.estimate),
            interval_words(asked.target, point) if point.futures else NOTHING,
            point.status.words,
            *(_thousands(_price(solved, line, point.value)) for line in lines),
        ))  # fmt: skip
    width = min(max(len(lever.heading) + 1, _VALUE), _LONGEST if not solved.prices else _VALUE)
    return Table(
        "curve",
        f"The {head} by {lever.noun}",
        "One row for each value tried: the estimate with its interval, whether it meets the "
        "target, and the price a year.",
        (
            Column(lever.heading, width, words=True, hang=1), Column(head, _NUMBER),
            Column("95% interval", _INTERVAL), Column("target", _STATUS),
            *(Column(_PRICES[line], _PRICE) for line in lines),
        ),
        tuple(rows),
        quiet=True,
        apart=True,
    )  # fmt: skip


def _lines(solved: Solved) -> list[str]:
    """The lines of the price that are told: of what the service loses only what anyone notices."""
    lost = [abs(_price(solved, PRICE_SERVICE, value) or 0.0) for value in solved.prices]
    noticed = max(lost, default=0.0) >= NOTICED_PRICE
    return [line for line in _PRICES if solved.prices and (line != PRICE_SERVICE or noticed)]


def _price(solved: Solved, line: str, value: float) -> float | None:
    """What a value costs, in pounds a year; of the service what it loses against the own value."""
    pounds = solved.prices[value][line]
    if line == PRICE_SERVICE:
        as_written = solved.question.lever.own
        own = None if as_written is None else solved.prices.get(as_written)
        if own is None:
            return None
        pounds = own[line] - pounds
    return pounds * MONTHS / solved.question.scenario.policy.horizon_months


def _thousands(pounds: float | None) -> str:
    return NOTHING if pounds is None else THOUSANDS_A_YEAR.brief(pounds)


def _sure(solved: Solved) -> Iterator[str]:
    asked, points = solved.question, solved.curve.points
    clear = sum(point.status.clear for point in points)
    if clear == len(points):
        yield "In the model: every value tried is clearly on one side of the target (95%)."
    else:
        yield (
            f"In the model: {len(points) - clear} of {len(points)} values tried are not clearly on "
            "one side of the target (95%)."
        )
    turn = turn_words(solved)
    if turn:
        yield turn
    elif solved.answer in ("within", "several"):
        yield "Its ups and downs lie within the uncertainty of the curve, and may be none."
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
    for each in asked.levers:
        limits = range_of(each.path)
        if limits is None or limits.low is None or limits.high is None:
            continue
        if each.low < limits.low or each.high > limits.high:
            reach = each.between(limits.low, limits.high)
            yield f"{each.title}: evidence reaches from {reach}, and no farther."


def _map(solved: Solved, grid: TippingMap) -> Iterator[Block]:
    first, second = solved.question.levers
    made = grid.laid_out(first, second)
    cells = [[_marked(solved.question.target, point) for point in row] for row in made.points]
    wide = max(len(cell) for cell in [*made.heads, *itertools.chain(*cells)]) + 2
    yield Paragraph(f"Down: {made.down.heading}. Across: {made.across.heading}.")
    yield Table(
        "map",
        f"By {second.noun} and {first.noun}",
        "One row for each value of one lever, one column for each of the other.",
        (
            Column(made.down.noun, max(map(len, made.names)) + 1, words=True, silent=True),
            *(Column(head, wide) for head in made.heads),
        ),
        tuple((name, *row) for name, row in zip(made.names, cells, strict=True)),
        quiet=True,
    )
    yield Paragraph("* meets the target; – a scenario cannot have both values.")


def _marked(target: Target, point: Point | None) -> str:
    if point is None:
        return NOTHING
    return f"{target.format.level(point.estimate)}{' *'[point.status.met]}"


def _reading(solved: Solved) -> Iterator[str]:
    asked = solved.question
    yield (
        "All values share the same futures, so that they differ by the lever alone, and each holds "
        "throughout the run, whatever the scenario's timeline says of it."
    )
    exact = (
        "the exact binomial one" if asked.target.all_or_nothing else "the t-interval of the average"
    )
    yield (
        f"The 95% interval at a value is {exact}; 'clearly' means that all of it lies on one side "
        "of the target. The 95% interval of a tipping value runs from the nearest value at which "
        "the target is clearly missed to the nearest at which it is clearly met."
    )
    yield (
        f"{len(solved.curve.first)} round values were tried first and the gaps then halved where "
        f"the target is crossed: {len(solved.curve.points)} in all, never more than {MOST_VALUES}. "
        "Between values tried nothing is known."
    )
    if solved.answer == "nowhere":
        limits = range_of(asked.lever.path)
        if limits and limits.minimum is not None and limits.maximum is not None:
            yield f"A scenario accepts {asked.lever.between(limits.minimum, limits.maximum)}."
    climate = asked.scenario.policy.levers.climate.conversion
    yield f"National climate: {CLIMATES.get(climate, climate)}."
