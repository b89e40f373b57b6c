"""What the charts share: their words about place, period and source, and their panels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.sheet import MARGIN, Sheet, line_cm
from rsip_sim.charts.text import spread_apart, wrapped
from rsip_sim.evidence.months import month_name, month_of_year, month_text
from rsip_sim.measures.runs import PanelSource
from rsip_sim.report.period import last_month as last_month  # charts find them here too
from rsip_sim.report.period import period as period
from rsip_sim.report.period import place as place
from rsip_sim.report.quoted import Cell, Quote, Said, given, say
from rsip_sim.scenario import Scenario
from rsip_sim.version import __version__

APRIL = 4
TICK_CM = 1.15  # room for one label of the time axis
SPREAD_NOTE = (
    "Range drawn: 90% of futures, from the 5th to the 95th percentile. It is the spread of "
    "outcomes, not the precision of an average."
)
PANEL_TITLE_SIZE = 9.0


def source_note(results: PanelSource, scenarios: Sequence[Scenario]) -> str:
    """The source line: what the numbers are, and the climate they stand on."""
    return source_line(results.replications, scenarios)


def source_line(
    replications: int, scenarios: Sequence[Scenario], climates: Sequence[str] = ()
) -> str:
    """The source line of so many futures; the climates are the scenarios' own unless named."""
    own = sorted({scenario.policy.levers.climate.conversion for scenario in scenarios})
    climates = climates or own
    futures = "future" if replications == 1 else "futures"
    return (
        f"Source: simulation with rsip_sim, {replications:,} {futures}; national climate: "
        f"{', '.join(climates)}. Cash, not real terms; pupil rolls as in the roster throughout."
    )


class Record(Protocol):
    """What a picture says of the run it was drawn from."""

    @property
    def digest(self) -> str:
        """Sha256 of what the run is."""

    @property
    def replications(self) -> int:
        """Simulated futures."""


def provenance(results: Record, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """What every picture says of where it comes from."""
    return {
        "Programme": f"rsip_sim {__version__}",
        "Run": results.digest,
        "Futures": str(results.replications),
        "Scenarios": ", ".join(scenario.name for scenario in scenarios),
    }


def quoted(text: str, chart: str, key: Sequence[str], column: str) -> Quote:
    """A figure quoted from the table of a chart; key: the values that name its row."""
    return Quote(text, Cell(table_name(chart), tuple(key), column))


def table_name(chart: str) -> str:
    """The name of the table of a chart among those that are quoted from."""
    return f"charts/{chart}"


def given_period(scenario: Scenario) -> Said:
    """The months simulated, quoted as dates."""
    return given(period(scenario), "date")


def panels_in_words(kind: str, count: int) -> Said:
    """``Line chart``, ``5 line charts, one a scenario,``."""
    if count == 1:
        return Said(kind[0].upper() + kind[1:])
    number = given(str(count), "number of panels")
    return say("{count} {kind}s, one a scenario,", count=number, kind=kind)


def month_labels(scenario: Scenario) -> list[str]:
    """Every month simulated as in a scenario file: ``2011-04`` …"""
    policy = scenario.policy
    return [month_text(policy.start + month) for month in range(policy.horizon_months)]


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


def signed_tick(value: float) -> str:
    """Label of a tick on a scale of differences: ``+5``, ``−2.5``, ``0``."""
    if abs(value) < 1e-12:
        return "0"
    return f"{value:+,.6g}".replace("-", "\N{MINUS SIGN}")


def round_step(largest: float, steps: int = 4) -> float:
    """A round step (1, 2, 2.5 or 5 × a power of ten) that reaches the largest in few steps."""
    if not largest > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(largest / steps))
    return next(
        float(power * factor)
        for factor in (1, 2, 2.5, 5, 10)
        if power * factor * steps >= largest * (1 - 1e-9)
    )
