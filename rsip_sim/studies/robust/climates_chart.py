"""Mean regret under each national climate: a heat map, options by climates."""

from __future__ import annotations

import numpy as np

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile, shades
from rsip_sim.report.words import listed, place
from rsip_sim.studies.robust.regret_chart import left_out
from rsip_sim.studies.robust.report import climates_decide
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.words import labelled, told
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_climates"
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4


def robust_climates(found: Robustness) -> Chart:
    """One panel an objective; the smallest of a column is bold."""
    objectives = sorted(found.objectives, key=lambda each: not _matters(found, each))
    options = [scenario.brief for scenario in found.scenarios]
    heads = [*found.climate_names, "worst climate"]
    body, places = Heat(
        [Grid(_cells(found, each), options, heads, labelled(each))
         for each in objectives],
        labels_cm=3.7, row_cm=0.58,
    ).fitting(TALLEST_CM)  # fmt: skip
    shown = [objectives[at] for at in places]
    futures = min(regret.futures for regret in found.climates.values())
    return framed(
        NAME,
        _title(found),
        body,
        subtitle=f"Mean regret across {futures:,} futures of each national climate; "
        f"{place(found.scenarios[0])}",
        notes=[
            "The darker a cell, the larger the regret; bold is the smallest of a column. The "
            f"scale of shades is each measure's own.{left_out(found, shown)}",
            source_line(futures, found.scenarios, found.climate_names),
        ],
        told=" ".join(_told_of(found, each) for each in shown),
        data=robust_tables(found)["climates"],
        numbers=IN_BOTH,
    )


def _matters(found: Robustness, each: Objective) -> bool:
    return any(each.decided(one) for one in found.under_climates(each).values())


def _cells(found: Robustness, each: Objective) -> list[list[Tile]]:
    means = np.stack([one.mean for one in found.under_climates(each).values()], axis=1)
    means = np.column_stack([means, means.max(axis=1)])
    dark, least = shades(means), means.min(axis=0)
    return [
        [
            Tile(told(each, value), dark[i, j], bold=bool(value == least[j]))
            for j, value in enumerate(row)
        ]
        for i, row in enumerate(means.tolist())
    ]


def _title(found: Robustness) -> str:
    """Whether the climate changes which option has the smallest regret."""
    steady, changes = climates_decide(found)
    if changes:
        return f"The national climate changes what loses least in {listed(changes, most=2)}"
    if steady:
        return "Which options lose least does not depend on the national climate"
    return "Under no climate does the choice make a difference that anyone would notice"


def _told_of(found: Robustness, each: Objective) -> str:
    if not _matters(found, each):
        return f"{each.metric.label}: no difference that anyone would notice."
    firsts = (
        f"under {climate} '{found.scenarios[one.first].brief}', "
        f"{told(each, float(one.mean[one.first]))}"
        for climate, one in found.under_climates(each).items()
    )
    return f"{labelled(each)}, smallest mean regret: {'; '.join(firsts)}."
