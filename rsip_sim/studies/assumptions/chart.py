"""The grid of assumptions: quality of evidence by impact, each cell with its count and rating."""

from __future__ import annotations

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed
from rsip_sim.charts.heat import Grid, Heat, Tile
from rsip_sim.report.words import NOTHING, counted, named
from rsip_sim.studies.assumptions.work import (
    EVIDENCE,
    HIGH,
    IMPACTS,
    MEDIUM,
    AssumptionLog,
    assumption_table,
    by_cell,
    rating_of,
)

NAME = "assumption_grid"
_SHADES = {"green": 0.0, "amber": 0.3, "red": 0.7}
"""Ever darker, so that the ratings keep their order in grey; the word stands in every cell."""


def assumption_grid(log: AssumptionLog) -> Chart:
    """One cell a grade of evidence and impact; weak and influential at the upper right."""
    found = by_cell(log)
    cells = [
        [
            Tile(f"{len(found[grade, rank])} {(rating := rating_of(grade, rank))}",
                 _SHADES[rating], bold=rating == "red")
            for rank in IMPACTS
        ]
        for grade in EVIDENCE
    ]  # fmt: skip
    labels = [f"{'no' if grade == 'none' else grade} evidence" for grade in EVIDENCE]
    heads = [f"{rank} impact" for rank in IMPACTS]
    pairs = "; ".join(f"{scenario} against {baseline}" for scenario, baseline in log.pairs)
    rated = {
        rating: [each.parameter.label for each in log.assumptions if each.rating == rating]
        for rating in ("red", "amber")
    }
    lists = [
        f"{rating.capitalize()}: {named(names) or NOTHING}." for rating, names in rated.items()
    ]
    return framed(
        NAME,
        _title(rated["red"]),
        Heat([Grid(cells, labels, heads)], labels_cm=3.4, row_cm=0.9),
        subtitle="Uncertain values of the model by quality of evidence and by impact on headline "
        f"differences ({pairs})",
        notes=[
            *lists,
            "Impact: the largest clear swing of a headline difference between a value's low and "
            f"high end, beside the typical size of that difference; high from {HIGH:g}, medium "
            f"from {MEDIUM:g}.",
            "Source: simulation with rsip_sim, paired runs; evidence as graded in the register.",
        ],
        told=f"Grid of evidence by impact. {' '.join(lists)}",
        data=assumption_table(log),
        numbers=IN_BOTH,
    )


def _title(red: list[str]) -> str:
    """The message: how many are weak and influential."""
    if not red:
        return "No assumption is both weak and highly influential"
    verb = "is" if len(red) == 1 else "are"
    return f"{counted(len(red), 'assumption')} {verb} weak and highly influential"
