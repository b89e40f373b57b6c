"""Text for the terminal: the question, the answer in sentences, then the numbers."""

from __future__ import annotations

from collections.abc import Iterator

from rsip_sim.evidence.months import month_name
from rsip_sim.report.text import WIDTH, heading, paragraph
from rsip_sim.scenario.ranges import range_of
from rsip_sim.studies.compare.report import CLIMATES
from rsip_sim.studies.solve.map import TippingMap
from rsip_sim.studies.solve.map_says import map_sentences
from rsip_sim.studies.solve.says import answer_sentences, interval_words, statement
from rsip_sim.studies.solve.search import MOST_VALUES
from rsip_sim.studies.solve.work import Solved

VALUE_WIDTH, NUMBER_WIDTH, INTERVAL_WIDTH, STATUS_WIDTH = 44, 14, 24, 18


def render_solved(solved: Solved) -> str:
    """The whole of it as text, in 100 columns."""
    lines = [*_asked(solved), "", *heading("What was found")]
    for sentence in answer_sentences(solved):
        lines += paragraph(sentence)
    if solved.grid is not None:
        lines += ["", *heading("Both levers together"), *_map_words(solved, solved.grid)]
    lines += ["", *_curve_table(solved)]
    if solved.grid is not None:
        lines += ["", *_map_table(solved, solved.grid)]
    lines += ["", *heading("How to read this")]
    for note in _notes(solved):
        lines += paragraph(note, "- ", "  ")
    return "\n".join(lines) + "\n"


def _asked(solved: Solved) -> list[str]:
    asked = solved.question
    policy, lever = asked.scenario.policy, asked.lever
    end = month_name(policy.start + policy.horizon_months - 1)
    return [
        *heading(f"Where does '{asked.scenario.title}' tip?"),
        *paragraph(
            f"Target: {statement(asked.target, asked.moment)}. Lever: {lever.heading}, from "
            f"{lever.between(lever.low, lever.high)}."
        ),
        *paragraph(
            f"{len(solved.curve.points)} values tried in the same {asked.replications:,} simulated "
            f"futures, {month_name(policy.start)} to {end}; roster {asked.scenario.roster.name}."
        ),
    ]


def _curve_table(solved: Solved) -> Iterator[str]:
    asked = solved.question
    yield from heading("Value by value")
    head = "share" if asked.target.is_share else "average"
    lever = asked.lever.heading
    if len(lever) > VALUE_WIDTH:
        yield from paragraph(lever)
        lever = ""
    yield _line(lever, head, "95% interval", "target")
    write = asked.target.format.level
    for point in solved.curve.points:
        own = " (as written)" if point.value == asked.lever.own else ""
        yield _line(
            f"  {asked.lever.short(point.value)}{own}",
            write(point.estimate),
            interval_words(asked.target, point) if point.futures else "–",
            point.status.words,
        )


def _line(value: str, estimate: str, interval: str, status: str) -> str:
    return (
        f"{value:{VALUE_WIDTH}}{estimate:>{NUMBER_WIDTH}}{interval:>{INTERVAL_WIDTH}}"
        f"{status:>{STATUS_WIDTH}}"
    )


def _map_words(solved: Solved, grid: TippingMap) -> Iterator[str]:
    first, *rows = map_sentences(solved, grid)
    yield from paragraph(first)
    for row in rows:
        yield from paragraph(row, "- ", "  ")


def _map_table(solved: Solved, grid: TippingMap) -> Iterator[str]:
    asked = solved.question
    if asked.second is None:
        return
    yield from heading("Combination by combination")
    yield from paragraph(f"Down: {asked.second.heading}. Across: {asked.lever.heading}.")
    cells = [[asked.second.short(value) for value in grid.up]]
    write = asked.target.format.level
    for i, value in enumerate(grid.across):
        column = [asked.lever.short(value)]
        for j in range(len(grid.up)):
            point = grid.points.get((j, i))
            mark = "" if point is None else "*" if point.status.met else " "
            column.append("–" if point is None else f"{write(point.estimate)}{mark}")
        cells.append(column)
    left = max(map(len, cells[0])) + 1
    wide = max(len(cell) for column in cells[1:] for cell in column) + 1
    room = max((WIDTH - left) // wide, 1)
    for begin in range(1, len(cells), room):  # so many columns as fit, and the rest below
        shown = cells[begin : begin + room]
        yield " " * left + "".join(f"{column[0]:>{wide}}" for column in shown)
        for j in reversed(range(len(grid.up))):
            yield f"{cells[0][j]:>{left}}" + "".join(f"{c[j + 1]:>{wide}}" for c in shown)
        if begin + room < len(cells):
            yield ""
    yield from paragraph("* meets the target; – a scenario cannot have both values.")


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
