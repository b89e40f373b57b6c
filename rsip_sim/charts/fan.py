"""Charts of curves: panels beside one another, with bands, lines and areas over time.

`fans` draws any metric that way: its median and the range of nine futures in ten, month by month.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from rsip_sim.charts import style
from rsip_sim.charts.fit import fitted, spread_apart, width_cm, wrapped
from rsip_sim.charts.scales import round_step, tick
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.evidence.months import month_name, month_of_year
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import mean_of_defined, quantiles
from rsip_sim.scenario import Scenario

APRIL = 4
TICK_CM = 1.15  # room for one label of the time axis
AXIS_CM = 1.35  # room for the labels of the axis below and the gap under them
SCALE_CM = 0.95  # room for the labels of the vertical scale
TITLE_GAP_CM = 0.12
PANEL_CM = {1: 7.0, 2: 5.5, 3: 3.9}
"""Height of a panel, by the number of panels beside one another."""

BAND = KeyEntry("90% of futures", "band", style.PALE_BLUE, style.MID_BLUE)
MEDIAN = KeyEntry("median future", "line", style.DARK_BLUE)
BEFORE = KeyEntry("", "line", style.DARK_GREY, dash=(0.0, (3.0, 2.0)), width=1.3)
NAME_CM = 9.0  # of a scenario in the key


@dataclass(frozen=True)
class Series:
    """One series, which looks as the key says: a line, a band, an area or dots.

    values, above  the series, and the upper one of a band; a line with both stands upright at
                   every place, from one to the other
    """

    look: KeyEntry
    values: FloatArray
    above: FloatArray | None = None


@dataclass(frozen=True)
class Curves:
    """One panel: series over the same places, later ones over earlier ones.

    ends   numbers at the right end, with their words
    level  where a thin line lies across
    """

    title: str
    places: FloatArray
    series: Sequence[Series]
    ends: Sequence[tuple[float, str]] = ()
    level: float | None = None


@dataclass(frozen=True)
class Along:
    """The axis below: its ends, and ticks with their words."""

    ends: tuple[float, float]
    ticks: Sequence[tuple[float, str]] = ()

    def draw(self, axes: Axes, width_cm: float) -> None:
        """Set the horizontal axis, with as many ticks as there is room for."""
        axes.set_xlim(self.ends)
        room = max(int(width_cm / TICK_CM), 1)
        shown = self.ticks[:: -(-len(self.ticks) // room) or 1]
        axes.set_xticks([place for place, _ in shown], [words for _, words in shown])


def along_months(first: int, count: int, ticked: Sequence[int] = (APRIL,)) -> Along:
    """An axis over months from this number on, ticked at these months of the year."""
    months = [m for m in range(count + 1) if month_of_year(first + m) in ticked] or [0]
    names = [month_name(first + month).split() for month in months]
    words = [f"{name[:3]}\n{year}" for name, year in names]
    return Along((0, count), list(zip(months, words, strict=True)))


@dataclass(frozen=True)
class Panels:
    """The picture: panels in rows, which share their scales.

    along, unit   the axis below; what the vertical scale is in
    low, high     ends of the vertical scale; without high each panel has its own
    step, write   between its ticks, and of one tick
    columns       panels beside one another; 0: as many as stay readable
    panel_cm      height of a panel; 0: as the number of columns asks
    right_cm      room right of a panel for the labels of its ends
    """

    panels: Sequence[Curves]
    along: Along
    unit: str
    low: float = 0.0
    high: float | None = None
    step: float | None = None
    write: Callable[[float], str] = tick
    columns: int = 0
    panel_cm: float = 0.0
    right_cm: float = 0.75

    @property
    def height_cm(self) -> float:
        """Height of all rows of panels."""
        return -(-len(self.panels) // self._columns) * self._row_cm

    def draw(self, sheet: Sheet) -> None:
        """Draw the panels with their titles, row by row."""
        for i, panel in enumerate(self.panels):
            row, column = divmod(i, self._columns)
            left = MARGIN + SCALE_CM + column * self._room
            bottom = sheet.body_cm - (row + 1) * self._row_cm + AXIS_CM
            width = self._room - self.right_cm
            axes = sheet.axes(left, bottom, width, self._panel_cm, unit=self.unit)
            axes.tick_params(labelleft=column == 0 or self.high is None)
            top = bottom + self._panel_cm + self._title_cm + TITLE_GAP_CM
            sheet.lines(left, top, self._title(panel), fontweight="bold", gid="panel")
            self._scales(axes, width)
            for series in panel.series:
                _draw(axes, panel.places, series)
            if panel.level is not None:
                axes.axhline(panel.level, color=style.DARK_GREY, linewidth=0.8)
            if self.high is None:
                axes.set_ylim(bottom=self.low)
            self._end_labels(axes, panel.ends)

    @property
    def _columns(self) -> int:
        """Few enough that each panel stays readable at 16 cm."""
        return self.columns or {1: 1, 2: 2, 4: 2}.get(len(self.panels), 3)

    @property
    def _panel_cm(self) -> float:
        return self.panel_cm or PANEL_CM[self._columns]

    @property
    def _room(self) -> float:
        """Width of one panel with the labels right of it."""
        return (style.WIDTH_CM - 2 * MARGIN - SCALE_CM) / self._columns

    def _title(self, panel: Curves) -> list[str]:
        return wrapped(panel.title, style.TEXT_SIZE, self._room - 0.3, bold=True)

    @cached_property
    def _title_cm(self) -> float:
        return max(len(self._title(panel)) for panel in self.panels) * line_cm(style.TEXT_SIZE)

    @property
    def _row_cm(self) -> float:
        return self._title_cm + TITLE_GAP_CM + self._panel_cm + AXIS_CM

    def _scales(self, axes: Axes, width_cm: float) -> None:
        self.along.draw(axes, width_cm)
        if self.high is not None:
            axes.set_ylim(self.low, self.high)
        if self.step is not None:
            axes.yaxis.set_major_locator(MultipleLocator(self.step))
        axes.yaxis.set_major_formatter(lambda value, _: self.write(value))
        axes.grid(True, axis="y")

    def _end_labels(self, axes: Axes, ends: Sequence[tuple[float, str]]) -> None:
        """Labels right of the panel, moved apart where they would overlap."""
        low, high = axes.get_ylim()
        gap = line_cm(style.NOTE_SIZE) * (high - low) / self._panel_cm
        right = axes.get_xlim()[1]
        heights = spread_apart([value for value, _ in ends], gap, low, high)
        for height, (_, words) in zip(heights, ends, strict=True):
            axes.annotate(
                words, (right, height), xytext=(3, 0), textcoords="offset points", va="center",
                fontsize=style.NOTE_SIZE, annotation_clip=False, gid="end",
            )  # fmt: skip


def _draw(axes: Axes, places: FloatArray, series: Series) -> None:
    look, values, above = series.look, series.values, series.above
    if above is not None and look.kind == "line":
        axes.vlines(places, values, above, color=look.colour, linewidth=look.width)
    elif above is not None:
        if not np.isnan(values).all():
            axes.fill_between(
                places, values, above, facecolor=look.colour,
                edgecolor=look.edge or style.WHITE, linewidth=0.8,
            )  # fmt: skip
    elif look.kind == "dot":
        axes.plot(places, values, look.marker, color=look.colour, markersize=look.width)
    else:
        axes.plot(
            places, values, color=look.colour, linestyle=look.dash or "-", linewidth=look.width,
        )  # fmt: skip


@dataclass(frozen=True)
class Fan:
    """A metric of one scenario month by month, each (months,): mean, and 5, 50 and 95% points."""

    metric: Metric
    scenario: Scenario
    mean: FloatArray
    p05: FloatArray
    median: FloatArray
    p95: FloatArray

    @property
    def scaled(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """5, 50 and 95% points in the unit that is written."""
        divisor = self.metric.format.divisor
        return self.p05 / divisor, self.median / divisor, self.p95 / divisor


def fan_of(results: PanelSource, scenario: Scenario, metric: Metric) -> Fan:
    """Read the fan of a metric, with renewal as written."""
    values = Panel(results, scenario).metric(metric)
    return Fan(metric, scenario, mean_of_defined(values), *quantiles(values))


ALIKE = 0.03
"""Part of a scale below which two panels look the same."""


def unlike(values: Sequence[FloatArray]) -> list[int]:
    """The first place, and those whose values (all of one shape) visibly differ from its own."""
    known = np.nan_to_num(np.stack(values))
    apart = np.abs(known - known[0]).reshape(len(known), -1).max(axis=1)
    return [0, *np.flatnonzero(apart > ALIKE * known.max()).tolist()]


def not_drawn(scenarios: Sequence[Scenario], drawn: Sequence[int]) -> list[str]:
    """A note on the panels that are left out because they look like the first; or none."""
    left = [each.brief for place, each in enumerate(scenarios) if place not in drawn]
    if not left:
        return []
    return [f"Looks the same as under '{scenarios[0].brief}', and is not drawn: "
            f"{', '.join(left)}."]  # fmt: skip


def fans(found: Sequence[Fan]) -> tuple[Panels, list[KeyEntry]]:
    """One panel a scenario and the key; the first is the baseline, grey in the others' panels."""
    baseline, write = found[0], found[0].metric.format
    policy = baseline.scenario.policy
    every = np.concatenate([values for fan in found for values in fan.scaled])
    known = every[np.isfinite(every)]
    most, least = max(float(known.max(initial=0.0)), 0.0), float(known.min(initial=0.0))
    step = max(round_step(max(most, -least)), 10.0**-write.decimals)  # not finer than is written
    decimals = 0 if step >= 1 else len(f"{step:g}".partition(".")[2])

    def panel(fan: Fan) -> Curves:
        p05, median, p95 = fan.scaled
        series = [Series(BAND, p05, p95), Series(MEDIAN, median)]
        if fan is not baseline:
            series.append(Series(BEFORE, baseline.scaled[1]))
        last = [float(values[-1]) for values in (p05, median, p95)]
        ends = [
            (value, f"{write.prefix}{value:,.{decimals}f}{write.suffix}")
            for value in last if np.isfinite(value)
        ]  # fmt: skip
        return Curves(fan.scenario.title, np.arange(0.5, len(median)), series, ends)

    panels = [panel(fan) for fan in found]
    labels = [width_cm(words, style.NOTE_SIZE) for each in panels for _, words in each.ends]
    picture = Panels(
        panels,
        along_months(policy.start, policy.horizon_months),
        baseline.metric.unit,
        low=float(np.floor(least / step + 1e-9)) * step,
        high=max(float(np.ceil(most / step - 1e-9)), 1.0) * step,
        step=step,
        write=lambda value: f"{write.prefix}{tick(value)}{write.suffix}",
        right_cm=max(0.75, *(label + 0.2 for label in labels)),
    )
    key = [BAND, MEDIAN]
    if len(found) > 1:
        name = fitted(baseline.scenario.title, style.TEXT_SIZE, NAME_CM)[0]
        key.append(BEFORE.named(f"median under '{name}'"))
    return picture, key
