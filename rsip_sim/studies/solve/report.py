"""The report of a search: the question, the answer in sentences, then the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Report, Table
from rsip_sim.report.text import WIDTH
from rsip_sim.report.words import NOTHING
from rsip_sim.scenario.ranges import range_of
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.solve.lever import Lever
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.map_says import map_sentences
from rsip_sim.studies.solve.says import answer_sentences, interval_words, statement
from rsip_sim.studies.solve.search import MOST_VALUES
from rsip_sim.studies.solve.work import Solved

VALUE_WIDTH, NUMBER_WIDTH, INTERVAL_WIDTH, STATUS_WIDTH = 44, 14, 24, 18


def solve_report(solved: Solved) -> Report:
    """The question, the answer in sentences, then the numbers."""
    asked = solved.question
    policy, lever = asked.scenario.policy, asked.lever
    end = month_name(policy.start + policy.horizon_months - 1)
    blocks: list[Block] = [
        Paragraph(
            f"Target: {statement(asked.target, asked.moment)}. Lever: {lever.heading}, from "
            f"{lever.between(lever.low, lever.high)}."
        ),
        Paragraph(
            f"{len(solved.curve.points)} values tried in the same {asked.replications:,} simulated "
            f"futures, {month_name(policy.start)} to {end}; roster {asked.scenario.roster.name}."
        ),
        Heading("What was found"),
        *map(Paragraph, answer_sentences(solved)),
    ]
    if solved.grid is not None:
        first, *rows = map_sentences(solved, solved.grid)
        blocks += [Heading("Both levers together"), Paragraph(first), Points(tuple(rows))]
    blocks += [Heading("Value by value"), *_curve_blocks(solved)]
    if solved.grid is not None and asked.second is not None:
        blocks += [
            Heading("Combination by combination"),
            Paragraph(f"Down: {asked.second.heading}. Across: {lever.heading}."),
            *_map_tables(solved, solved.grid, asked.second),
            Paragraph("* meets the target; – a scenario cannot have both values."),
        ]
    blocks += [Heading("How to read this"), Points(tuple(_notes(solved)))]
    return Report(f"Where does '{asked.scenario.title}' tip?", tuple(blocks))


def _curve_blocks(solved: Solved) -> Iterator[Block]:
    asked = solved.question
    lever, write = asked.lever, asked.target.format.level
    head = "share" if asked.target.is_share else "average"
    long = len(lever.heading) >= VALUE_WIDTH
    if long:
        yield Paragraph(lever.heading)
    yield Table(
        "curve",
        f"The {head} by {lever.noun}",
        "One row for each value tried.",
        (
            Column(lever.heading, VALUE_WIDTH, words=True, silent=long),
            Column(head, NUMBER_WIDTH),
            Column("95% interval", INTERVAL_WIDTH),
            Column("target", STATUS_WIDTH),
        ),
        tuple(
            (
                f"  {lever.short(point.value)}"
                + (f" ({lever.own_words})" if point.value == lever.own else ""),
                write(point.estimate),
                interval_words(asked.target, point) if point.futures else NOTHING,
                point.status.words,
            )
            for point in solved.curve.points
        ),
        quiet=True,
    )


def _map_tables(solved: Solved, grid: TippingMap, second: Lever) -> Iterator[Table]:
    """As many values of the first lever side by side as fit, and the others below."""
    asked = solved.question
    write = asked.target.format.level
    names = [second.short(value) for value in grid.up]
    columns = []
    for i, value in enumerate(grid.across):
        points = [grid.points.get((j, i)) for j in range(len(grid.up))]
        marked = [
            NOTHING if point is None else f"{write(point.estimate)}{' *'[point.status.met]}"
            for point in points
        ]
        columns.append((asked.lever.short(value), *marked))
    left = max(map(len, names)) + 1
    wide = max(len(cell) for column in columns for cell in column) + 1
    room = max((WIDTH - left) // wide, 1)
    for begin in range(0, len(columns), room):
        shown = columns[begin : begin + room]
        yield Table(
            f"map_{begin}",
            f"By {second.noun} and {asked.lever.noun}",
            "One row for each value of the second lever, one column for each of the first.",
            (
                Column(second.heading, left, silent=True),
                *(Column(column[0], wide) for column in shown),
            ),
            tuple(
                (names[j], *(column[j + 1] for column in shown))
                for j in reversed(range(len(grid.up)))
            ),
            quiet=True,
            apart=begin > 0,
        )


def _notes(solved: Solved) -> Iterator[str]:
    asked = solved.question
    points = solved.curve.points
    yield (
        "All values share the same futures, so that they differ by the lever alone, and each holds "
        "throughout the run, whatever the scenario's timeline says of it."
    )
    exact = (
        "the exact binomial one" if asked.target.all_or_nothing else "the t-interval of the average"
    )
    yield (
        f"The 95% interval at a value is {exact}: it says how precisely these futures fix it, and "
        "shrinks with more of them. 'Clearly' means that the whole interval lies on one side of "
        "the target. The 95% interval of a tipping value runs from the nearest value at which the "
        "target is clearly missed to the nearest at which it is clearly met."
    )
    yield (
        f"{len(solved.curve.first)} round values were tried first and the gaps then halved where "
        f"the target is crossed: {len(points)} in all, never more than {MOST_VALUES}. Between "
        "values tried nothing is known."
    )
    if len({point.futures for point in points}) > 1 or points[0].futures < asked.replications:
        fewest = min(point.futures for point in points)
        yield (
            f"Futures in which the outcome is not defined are left out: at least {fewest:,} of "
            f"{asked.replications:,} remain at every value."
        )
    for each in asked.levers:
        limits = range_of(each.path)
        if limits and limits.low is not None and limits.high is not None:
            outside = each.low < limits.low or each.high > limits.high
            yield (
                f"{each.label}: evidence reaches from {each.between(limits.low, limits.high)}"
                + ("; what is found beyond is the model's word alone." if outside else ".")
            )
    climate = asked.scenario.policy.levers.climate.conversion
    yield f"National climate: {CLIMATES.get(climate, climate)}."
    uncertain = asked.scenario.policy.parameters == "uncertain"
    yield (
        "A share of futures counts luck and ignorance alike: parameters are drawn afresh for each "
        "future."
        if uncertain
        else "Parameters are held at their central values: the futures differ by luck alone, and "
        "ignorance does not show."
    )
