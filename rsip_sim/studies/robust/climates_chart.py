"""Mean regret under each national climate: a heat map, scenarios by climates."""

from __future__ import annotations

from collections import Counter

import numpy as np

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.rows import name_rows, panel_head, row_words
from rsip_sim.charts.sheet import MARGIN, Sheet
from rsip_sim.charts.tiles import Tile, cell_panel, heads_cm, shades
from rsip_sim.measures.runs import RENEWAL_WORDS
from rsip_sim.report.words import listed
from rsip_sim.studies.robust.regret import Regret
from rsip_sim.studies.robust.says import amount, makes_a_difference
from rsip_sim.studies.robust.work import Objective, Robustness

NAME = "robust_climates"
LABELS_CM = 3.7
CELL_CM = 0.72
LINE_CM = 0.4
TALLEST_CM = 19.0  # of the panels, so that chart and words fit a page of A4


def robust_climates(found: Robustness) -> Chart:
    """One panel an objective, with renewal as in the findings; the smallest of a column is bold."""
    names = found.climate_names
    words = row_words([s.title for s in found.scenarios], LABELS_CM - 0.25)
    left = MARGIN + LABELS_CM
    width = (style.WIDTH_CM - left - MARGIN) / (len(names) + 1)
    heads = [*names, "worst climate"]
    shown, blocks = _fitting(found, heads_cm(heads, width) + len(words) * CELL_CM)
    title = _title(found)
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Mean regret across {_futures(found):,} futures of each national climate; "
            f"{common.place(found.scenarios[0])}",
            sum(blocks),
            _notes(found, shown),
        )
        top = sheet.body_cm
        for each, block in zip(shown, blocks, strict=True):
            for i, line in enumerate(_head(each)):
                sheet.text(MARGIN, top - 0.05 - i * LINE_CM, line, va="top", fontweight="bold",
                           gid="panel")  # fmt: skip
            bottom = top - block + 0.4
            name_rows(sheet, words, left - 0.2, bottom, CELL_CM)
            cell_panel(sheet, left, bottom, (width, CELL_CM), _cells(found, each), heads)
            top -= block
    return Chart(NAME, title, sheet.figure, found.tables["climates"], _alt(found, shown, title))


def _fitting(found: Robustness, cells_cm: float) -> tuple[list[Objective], list[float]]:
    """The objectives that fit the page, those first in which the choice matters; their heights."""
    order = sorted(found.objectives, key=lambda each: not _matters(found, each))
    shown: list[Objective] = []
    blocks: list[float] = []
    for each in order:
        block = len(_head(each)) * LINE_CM + cells_cm + 0.55
        if not shown or sum(blocks) + block <= TALLEST_CM:
            shown.append(each)
            blocks.append(block)
    return shown, blocks


def _matters(found: Robustness, each: Objective) -> bool:
    return any(makes_a_difference(each, one) for one in _told(found, each))


def _told(found: Robustness, each: Objective) -> list[Regret]:
    """Its regret under each climate."""
    main = found.renewals[0]
    return [found.climates[each.metric.name, main, name] for name in found.climate_names]


def _head(each: Objective) -> list[str]:
    return panel_head(f"{each.metric.label} ({_unit(each)}), {each.moment.phrase(each.metric)}")


def _unit(each: Objective) -> str:
    return "percentage points" if each.metric.format.suffix == "%" else each.unit


def _means(found: Robustness, each: Objective) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
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
    renewal = f" Renewal {RENEWAL_WORDS[found.renewals[0]]}." if len(found.renewals) > 1 else ""
    left_out = [each.metric.noun for each in found.objectives if each not in shown]
    only = f" In the table only: {listed(left_out)}." if left_out else ""
    return [
        "The darker a cell, the larger the regret; bold is the smallest of a column. The scale of "
        f"shades is each measure's own.{renewal}{only}",
        common.source_line(_futures(found), found.scenarios, found.climate_names),
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


def _alt(found: Robustness, shown: list[Objective], title: str) -> str:
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
        f"{title}. Heat map of mean regret, one row for each of {len(found.scenarios)} scenarios, "
        f"one column a national climate ({', '.join(found.climate_names)}). {' '.join(said)} The "
        "numbers are in the cells and in the table beside this chart."
    )
