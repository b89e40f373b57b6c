"""What the charts share: their words about place, period and source, and their panels."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.fit import spread_apart, wrapped
from rsip_sim.charts.frame import SPREAD_NOTE as SPREAD_NOTE
from rsip_sim.charts.frame import given_period as given_period
from rsip_sim.charts.frame import month_labels as month_labels
from rsip_sim.charts.frame import panels_in_words as panels_in_words
from rsip_sim.charts.frame import provenance as provenance
from rsip_sim.charts.frame import quoted as quoted
from rsip_sim.charts.frame import source_line as source_line
from rsip_sim.charts.frame import table_name as table_name
from rsip_sim.charts.scales import round_step as round_step
from rsip_sim.charts.scales import signed_tick as signed_tick
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.evidence.months import month_name, month_of_year
from rsip_sim.measures.runs import PanelSource
from rsip_sim.report.period import last_month as last_month  # charts find them here too
from rsip_sim.report.period import period as period
from rsip_sim.report.period import place as place
from rsip_sim.scenario import Scenario

APRIL = 4
TICK_CM = 1.15  # room for one label of the time axis
PANEL_TITLE_SIZE = 9.0


def source_note(results: PanelSource, scenarios: Sequence[Scenario]) -> str:
    """The source line: what the numbers are, and the climate they stand on."""
    return source_line(results.replications, scenarios)


def time_axis(axes: Axes, scenario: Scenario, width_cm: float) -> None:
    """Ticks at Aprils, as many as there is room for."""
    policy = scenario.policy
    months = range(policy.horizon_months + 1)
    aprils = [month for month in months if month_of_year(policy.start + month) == APRIL]
    if not aprils:
        aprils = [0]
    room = max(int(width_cm / TICK_CM), 1)
    shown = aprils[:: -(-len(aprils) // room)]
    names = [month_name(policy.start + month).split() for month in shown]
    axes.set_xticks(shown, [f"{name[:3]}\n{year}" for name, year in names])
    axes.set_xlim(0, policy.horizon_months)


def columns_for(panels: int) -> int:
    """Panels side by side: few enough that each stays readable at 16 cm."""
    return {1: 1, 2: 2, 4: 2}.get(panels, 3)


def panel_grid(
    sheet: Sheet,
    titles: Sequence[str],
    height_cm: float,
    columns: int,
    right_cm: float = 0.35,
) -> list[tuple[Axes, float]]:
    """Panels in rows with their titles above; each with its width in centimetres.

    The panels share their vertical scale, which is written on the first of each row.
    right_cm : room for the labels right of every panel
    """
    room = panel_room(columns)
    heading = title_height(titles, room)
    row_cm = grid_row_cm(titles, height_cm, columns)
    made = []
    for i, title in enumerate(titles):
        row, column = divmod(i, columns)
        left = MARGIN + SCALE_CM + column * room
        bottom = sheet.body_cm - (row + 1) * row_cm + AXIS_CM
        axes = sheet.axes(left, bottom, room - right_cm, height_cm)
        axes.tick_params(labelleft=column == 0)
        made.append((axes, room - right_cm))
        top = bottom + height_cm + heading + 0.12
        for line in wrapped(title, PANEL_TITLE_SIZE, room - 0.3, bold=True):
            sheet.text(left, top, line, PANEL_TITLE_SIZE, va="top", fontweight="bold", gid="panel")
            top -= line_cm(PANEL_TITLE_SIZE)
    return made


AXIS_CM = 1.35  # room for the labels of the time axis and the gap below them
SCALE_CM = 0.95  # room for the labels of the vertical scale


def panel_room(columns: int) -> float:
    """Width of one panel with the labels right of it."""
    return (style.WIDTH_CM - 2 * MARGIN - SCALE_CM) / columns


def title_height(titles: Sequence[str], room: float) -> float:
    """Height of the tallest panel title."""
    lines = max(len(wrapped(title, PANEL_TITLE_SIZE, room - 0.3, bold=True)) for title in titles)
    return lines * line_cm(PANEL_TITLE_SIZE)


def grid_row_cm(titles: Sequence[str], height_cm: float, columns: int) -> float:
    """Height of one row of panels: title, panel, and axis below."""
    return title_height(titles, panel_room(columns)) + 0.12 + height_cm + AXIS_CM


def grid_cm(titles: Sequence[str], height_cm: float, columns: int) -> float:
    """Height of a whole grid of panels."""
    return -(-len(titles) // columns) * grid_row_cm(titles, height_cm, columns)


def end_labels(axes: Axes, values: Sequence[float], words: Sequence[str], height_cm: float) -> None:
    """Labels right of the panel at the given heights, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    gap = line_cm(style.NOTE_SIZE) * (high - low) / height_cm
    right = axes.get_xlim()[1]
    for place_at, word in zip(spread_apart(values, gap, low, high), words, strict=True):
        axes.annotate(
            word,
            (right, place_at),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=style.NOTE_SIZE,
            annotation_clip=False,
            gid="end",
        )
