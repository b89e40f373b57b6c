"""Mean regret under each national climate: a heat map, scenarios by climates."""

from __future__ import annotations

from collections import Counter

import numpy as np

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.frame import IN_BOTH, framed, source_line
from rsip_sim.charts.heat import Grid, Heat, Tile, shades
from rsip_sim.measures.runs import FloatArray
from rsip_sim.report.words import listed, place
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.regret_chart import head
from rsip_sim.studies.robust.says import amount, makes_a_difference
from rsip_sim.studies.robust.tables import robust_tables
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_climates"
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4


def robust_climates(found: Robustness) -> Chart:
    """One panel an objective; the smallest of a column is bold."""
    objectives = sorted(found.objectives, key=lambda each: not _matters(found, each))
    titles = [scenario.title for scenario in found.scenarios]
    heads = [*found.climate_names, "worst climate"]
    body, places = Heat(
        [Grid(_cells(found, each), titles, heads, head(each)) for each in objectives],
        labels_cm=3.7, row_cm=0.72,
    ).fitting(TALLEST_CM)  # fmt: skip
    shown = [objectives[at] for at in places]
    return framed(
        NAME,
        _title(found),
        body,
        subtitle=f"Mean regret across {_futures(found):,} futures of each national climate; "
        f"{place(found.scenarios[0])}",
        notes=_notes(found, shown),
        told=_told_of(found, shown),
        data=robust_tables(found)["climates"],
        numbers=IN_BOTH,
    )


def _matters(found: Robustness, each: Objective) -> bool:
    return any(makes_a_difference(each, one) for one in _told(found, each))


def _told(found: Robustness, each: Objective) -> list[Regret]:
    """Its regret under each climate."""
    return [found.climates[each.metric.name, name] for name in found.climate_names]


def _means(found: Robustness, each: Objective) -> FloatArray:
    """Mean regret, (scenarios, climates and the worst of them)."""
    means = np.stack([one.mean for one in _told(found, each)], axis=1)
    return np.column_stack([means, means.max(axis=1)])


def _cells(found: Robustness, each: Objective) -> list[list[Tile]]:
    means, write = _means(found, each), each.metric.format
    dark, least = shades(means), np.nanmin(means, axis=0)
    return [
        [
            Tile(
                "–" if np.isnan(value) else write.magnitude(max(value, 0)).removesuffix(" points"),
                dark[i, j],
                bold=bool(value == least[j]),
            )
            for j, value in enumerate(row)
        ]
        for i, row in enumerate(means)
    ]


def _futures(found: Robustness) -> int:
    return min(regret.futures for regret in found.climates.values())


def _notes(found: Robustness, shown: list[Objective]) -> list[str]:
    left_out = [each.metric.noun for each in found.objectives if each not in shown]
    only = f" In the table only: {listed(left_out)}." if left_out else ""
    return [
        "The darker a cell, the larger the regret; bold is the smallest of a column. The scale of "
        f"shades is each measure's own.{only}",
        source_line(_futures(found), found.scenarios, found.climate_names),
    ]


def _title(found: Robustness) -> str:
    """Whether the climate changes which scenario has the smallest regret."""
    steady: list[str] = []
    changes: list[str] = []
    for each in found.objectives:
        firsts = {one.first for one in _told(found, each) if makes_a_difference(each, one)}
        if firsts:
            (steady if len(firsts) == 1 else changes).append(each.metric.noun)
    if not steady and not changes:
        return "Under no climate does the choice make a difference that shows"
    if not changes:
        return "Which choice has the smallest regret does not depend on the national climate"
    return f"The national climate changes which choice loses least in {listed(changes)}"


def _told_of(found: Robustness, shown: list[Objective]) -> str:
    said = []
    for each in shown:
        if not _matters(found, each):
            said.append(f"{each.metric.label}: no difference that shows.")
            continue
        means = _means(found, each)
        least = int(np.argmin(means[:, -1]))
        firsts = Counter(int(np.argmin(column)) for column in means[:, :-1].T)
        number = firsts[least]
        said.append(
            f"{each.metric.label}: '{found.scenarios[least].title}' loses least in its worst "
            f"climate, {amount(each.metric, float(means[least, -1]))}, and has the smallest mean "
            f"regret under {number} of {len(found.climate_names)} climates."
        )
    return (
        f"Heat map of mean regret, one row for each of {len(found.scenarios)} scenarios, "
        f"one column a national climate ({', '.join(found.climate_names)}). {' '.join(said)}"
    )
