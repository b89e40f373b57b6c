"""The grid of assumptions: quality of evidence by impact, each cell with its rating in words."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.patches import Rectangle

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import wrapped
from rsip_sim.charts.frame import Drawing, framed
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.studies.assumptions.work import (
    EVIDENCE,
    GRID,
    HIGH,
    IMPACTS,
    MEDIUM,
    Assumption,
    AssumptionLog,
    assumption_table,
    by_cell,
)

NAME = "assumption_grid"
_LABELS_CM, _LOW_CM = 1.9, 5.3
_HEAD_CM = 0.5
_MOST_LINES = 10  # of the names in a cell of low impact; the others are shown whole
_FILLS = {"red": "#E9A3A8", "amber": "#F9DDB1", "green": "#E3F1E4"}
"""Ever lighter, so that the ratings keep their order in grey; the word stands in every cell."""

_PAD = 0.15


def assumption_grid(log: AssumptionLog) -> Chart:
    """One cell a grade of evidence and impact; weak and influential at the upper right."""
    cells = by_cell(log)
    wide = (style.WIDTH_CM - 2 * MARGIN - _LABELS_CM - _LOW_CM) / 2
    widths = dict(zip(IMPACTS, (_LOW_CM, wide, wide), strict=True))
    lines = {
        (grade, rank): _lines(cells[grade, rank], widths[rank], rank != "low")
        for grade in EVIDENCE
        for rank in IMPACTS
    }
    heights = {
        grade: (1 + max(len(lines[grade, rank]) for rank in IMPACTS)) * line_cm(style.NOTE_SIZE)
        + 0.3
        for grade in EVIDENCE
    }
    pairs = "; ".join(f"{scenario} against {baseline}" for scenario, baseline in log.pairs)

    def draw(sheet: Sheet) -> None:
        axes = sheet.axes(0, 0, style.WIDTH_CM, sheet.body_cm)
        axes.set_xlim(0, style.WIDTH_CM)
        axes.set_ylim(0, sheet.body_cm)
        axes.axis("off")
        left = MARGIN + _LABELS_CM
        for rank in IMPACTS:
            sheet.text(left + widths[rank] / 2, sheet.body_cm - 0.1, f"{rank} impact",
                       style.NOTE_SIZE, ha="center", va="top", fontweight="bold",
                       gid="column")  # fmt: skip
            left += widths[rank]
        top = sheet.body_cm - _HEAD_CM
        for grade in EVIDENCE:
            words = f"{'no' if grade == 'none' else grade}\nevidence"
            sheet.text(MARGIN, top - heights[grade] / 2, words, style.NOTE_SIZE, va="center",
                       fontweight="bold", gid="row")  # fmt: skip
            left = MARGIN + _LABELS_CM
            for rank in IMPACTS:
                rating = GRID.get((grade, rank), "green")
                axes.add_patch(
                    Rectangle((left, top - heights[grade]), widths[rank], heights[grade],
                              facecolor=_FILLS[rating], edgecolor=style.WHITE, linewidth=2)
                )  # fmt: skip
                _write(sheet, left, top, rating, lines[grade, rank])
                left += widths[rank]
            top -= heights[grade]

    return framed(
        NAME,
        _title(log),
        Drawing(sum(heights.values()) + _HEAD_CM, draw),
        subtitle="Uncertain parameters by quality of evidence and by impact on headline "
        f"differences ({pairs})",
        notes=[
            "Impact: the largest clear swing of a headline difference between the parameter's "
            "low and high end, beside the typical size of that difference; high from "
            f"{HIGH:g}, medium from {MEDIUM:g}. In each cell the largest impact first.",
            "Source: simulation with rsip_sim, paired runs; evidence as graded in the "
            "parameter register.",
        ],
        told=_told(log),
        data=assumption_table(log),
    )


def _lines(cell: Sequence[Assumption], width: float, labels: bool) -> list[str]:
    """What stands in a cell: every label, or else names, of which those that fit; in lines."""
    names = [each.parameter.label if labels else each.parameter.name for each in cell]
    between = "; " if labels else ", "
    for most in range(len(names), -1, -1):
        rest = len(names) - most
        more = f"and {rest} more" if most else f"{rest} parameters"
        text = between.join([*names[:most], *([more] if rest else [])])
        lines = wrapped(text, style.NOTE_SIZE, width - 2 * _PAD) if text else []
        if labels or len(lines) <= _MOST_LINES:
            return lines
    return []


def _write(sheet: Sheet, left: float, top: float, rating: str, lines: Sequence[str]) -> None:
    sheet.text(left + _PAD, top - _PAD, rating.upper(), style.NOTE_SIZE, va="top",
               fontweight="bold", gid="rating")  # fmt: skip
    sheet.lines(left + _PAD, top - _PAD - line_cm(style.NOTE_SIZE), lines, style.NOTE_SIZE,
                gid="cell")  # fmt: skip


def _title(log: AssumptionLog) -> str:
    """The message: how many are weak and influential, and which leads."""
    red = [each for each in log.assumptions if each.rating == "red"]
    amber = [each for each in log.assumptions if each.rating == "amber"]
    if not red:
        few = f"{len(amber)} are" if len(amber) != 1 else "one is"
        return f"No assumption is red: weak and highly influential; {few} amber"
    first = red[0].parameter.label
    if len(red) == 1:
        return f"One assumption is weak and highly influential: '{first}'"
    return f"{len(red)} assumptions are weak and highly influential, first '{first}'"


def _told(log: AssumptionLog) -> str:
    said = []
    for rating in ("red", "amber"):
        names = [each.parameter.label for each in log.assumptions if each.rating == rating]
        said.append(f"{rating}: {'; '.join(names) if names else 'none'}")
    green = sum(each.rating == "green" for each in log.assumptions)
    return f"Grid of evidence by impact. {'. '.join(said)}. Green: {green} others."
