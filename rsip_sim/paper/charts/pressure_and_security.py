"""The price of a long guarantee: pressure on the council against security for the schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted
from rsip_sim.charts.frame import SPREAD_NOTE, quoted, source_line
from rsip_sim.charts.scales import round_step
from rsip_sim.charts.sheet import MARGIN, KeyEntry, Sheet, line_cm
from rsip_sim.measures.metrics import stock_columns
from rsip_sim.measures.moments import FIRST_YEAR
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import spread_across_futures
from rsip_sim.report.quoted import Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.report.words import place as place_of
from rsip_sim.scenario import Scenario

NAME = "pressure_and_security"
KEYS = ("scenario", "measure")
MEASURES = {
    "pressure": "Pressure on the council: guarantee, % of its money for school improvement",
    "security": "Security of the schools: members' months under an agreement in force, %",
}
HEIGHT_CM = 3.6
HEADING_CM = 0.75
SCALE_CM = 1.0
GAP_CM = 0.5
KEY = (
    KeyEntry("average", "dot", style.DARK_BLUE, width=6),
    KeyEntry("90% of futures", "line", style.DARK_GREY, width=1.2),
)


@dataclass(frozen=True)
class _Point:
    """One measure of one scenario: mean and 5–95% range across futures, per cent."""

    scenario: Scenario
    measure: str
    mean: float
    low: float
    high: float

    @property
    def quoted(self) -> Quote:
        """The mean, quoted from the table of the chart."""
        key = (self.scenario.name, self.measure)
        return quoted(f"{self.mean:.0f}%", NAME, key, "mean")


def lengths_to_draw(scenarios: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios with a partnership by length of agreement; [] where there is one length."""
    founded = [scenario for scenario in scenarios if scenario.policy.partnership]
    if len({_length(scenario) for scenario in founded}) < 2:
        return []
    return sorted(founded, key=_length)


def pressure_and_security(results: PanelSource, scenarios: Sequence[Scenario]) -> Chart:
    """Two panels over the length of the agreement; scenarios as `lengths_to_draw` gives them."""
    points = [point for scenario in scenarios for point in _points(results, scenario)]
    title = _title(points)
    names = _titles_below(scenarios)
    labels_cm = _labels_cm(names)
    body = 2 * (HEIGHT_CM + HEADING_CM) + GAP_CM + labels_cm
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Averages over {_when(scenarios[0])}; {place_of(scenarios[0])}",
            body,
            [SPREAD_NOTE, source_line(results.replications, scenarios)],
            KEY,
        )
        left, width = MARGIN + SCALE_CM, style.WIDTH_CM - 2 * MARGIN - SCALE_CM
        for place, measure in enumerate(MEASURES):
            bottom = labels_cm + (1 - place) * (HEIGHT_CM + HEADING_CM + GAP_CM)
            axes = sheet.axes(left, bottom, width, HEIGHT_CM, unit="%")
            sheet.text(
                MARGIN, bottom + HEIGHT_CM + 0.2, MEASURES[measure], fontweight="bold",
                va="bottom", gid="panel",
            )  # fmt: skip
            _draw(axes, [p for p in points if p.measure == measure], scenarios)
            axes.tick_params(labelbottom=False)
        _name(sheet, scenarios, names, labels_cm)
    return Chart(NAME, title, sheet.figure, _data(points), _alt(points, scenarios, title), KEYS)


def _length(scenario: Scenario) -> int:
    return scenario.policy.levers.agreement.length_months


def _when(scenario: Scenario) -> str:
    months = scenario.policy.horizon_months
    first = FIRST_YEAR if months > FIRST_YEAR else 0
    return f"months {first + 1} to {months}"


def _points(results: PanelSource, scenario: Scenario) -> list[_Point]:
    panel = Panel(results, scenario)
    first = FIRST_YEAR if panel.months > FIRST_YEAR else 0
    panel.load(["guarantee_pence_per_year", "ses_path_pence_per_year"])
    paid = panel["guarantee_pence_per_year"][first:].mean(axis=0)
    money = np.maximum(panel["ses_path_pence_per_year"][first:].mean(axis=0), 1)
    values = np.stack([100 * paid / money, 100 * _secured(panel, first)])
    spread = spread_across_futures(values)
    return [
        _Point(
            scenario, measure, float(spread.mean[i]), float(spread.p05[i]), float(spread.p95[i])
        )
        for i, measure in enumerate(MEASURES)
    ]  # fmt: skip


def _secured(panel: Panel, first: int) -> FloatArray:
    """Members' months with an agreement in force ÷ members' months, in each future."""
    columns = stock_columns(relations=("member",))
    panel.load([*columns, "agreement_in_force"])
    members = sum((panel[column][first:].astype(np.float64) for column in columns), np.zeros(1))
    inside = (members * panel["agreement_in_force"][first:]).sum(axis=0)
    total = members.sum(axis=0)
    share: FloatArray = np.full(total.shape, np.nan)
    np.divide(inside, total, out=share, where=total > 0)
    return share


def _draw(axes: Axes, points: Sequence[_Point], scenarios: Sequence[Scenario]) -> None:
    order = {scenario.name: place for place, scenario in enumerate(scenarios)}
    for point in points:
        if np.isnan(point.mean):
            continue
        x = order[point.scenario.name]
        axes.plot([x, x], [point.low, point.high], color=style.DARK_GREY, linewidth=1.2,
                  marker="_", markersize=6, zorder=2)  # fmt: skip
        axes.plot(
            [x], [point.mean], marker="o", markersize=6, linestyle="", zorder=3,
            color=style.DARK_BLUE, clip_on=False,
        )  # fmt: skip
        axes.annotate(
            f"{point.mean:.0f}%", (x, point.mean), xytext=(6, 1), ha="left",
            textcoords="offset points", va="bottom" if point.mean == 0 else "center",
            fontsize=style.NOTE_SIZE, zorder=4,
        )  # fmt: skip
    axes.set_xlim(-0.5, len(scenarios) - 0.5)
    top = max((point.high for point in points if not np.isnan(point.high)), default=1.0)
    step = round_step(top)
    axes.set_ylim(0, max(np.ceil(top / step - 1e-9), 1) * step * 1.04)
    axes.set_yticks(np.arange(0, np.ceil(top / step - 1e-9) * step + step / 2, step))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    axes.set_xticks(range(len(scenarios)))


def _titles_below(scenarios: Sequence[Scenario]) -> list[list[str]]:
    """The titles in lines that fit below their columns."""
    room = (style.WIDTH_CM - 2 * MARGIN - SCALE_CM) / len(scenarios)
    return [fitted(s.title, style.NOTE_SIZE, room - 0.15, most=3) for s in scenarios]


def _labels_cm(names: Sequence[Sequence[str]]) -> float:
    lines = max(len(name) for name in names)
    return 0.35 + 1.1 * line_cm(style.TEXT_SIZE) + lines * line_cm(style.NOTE_SIZE)


def _name(
    sheet: Sheet, scenarios: Sequence[Scenario], names: Sequence[Sequence[str]], labels_cm: float
) -> None:
    """Length and title below the lower panel."""
    left, room = MARGIN + SCALE_CM, (style.WIDTH_CM - 2 * MARGIN - SCALE_CM) / len(scenarios)
    for place, (scenario, lines) in enumerate(zip(scenarios, names, strict=True)):
        middle = left + (place + 0.5) * room
        length = _length(scenario)
        words = f"{length} months" if length else "none"
        top = labels_cm - 0.2
        sheet.text(middle, top, words, fontweight="bold", ha="center", va="top")
        top -= line_cm(style.TEXT_SIZE) * 1.1
        for line in lines:
            sheet.text(middle, top, line, style.NOTE_SIZE, ha="center", va="top", gid="row")
            top -= line_cm(style.NOTE_SIZE)


def _title(points: Sequence[_Point]) -> Said:
    """The message: what the shortest and the longest agreement give and take."""
    first, last = (
        {p.measure: p for p in points if p.scenario is scenario}
        for scenario in (points[0].scenario, points[-1].scenario)
    )
    security, pressure = (
        (first[measure].quoted, last[measure].quoted) for measure in ("security", "pressure")
    )
    return say(
        "The longest agreement secures {more} of members' months, the shortest {less}; pressure "
        "on the council is {high} against {low}",
        more=security[1], less=security[0], high=pressure[1], low=pressure[0],
    )  # fmt: skip


def _data(points: Sequence[_Point]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (p.scenario.name, p.measure, _length(p.scenario), p.mean,
             p.low, p.high)
            for p in points
        ],
        columns=[*KEYS, "length_months", "mean", "p05", "p95"],
    )  # fmt: skip


def _alt(points: Sequence[_Point], scenarios: Sequence[Scenario], title: Said) -> Said:
    found = {(p.scenario.name, p.measure): p for p in points}
    told = joined(
        "; ",
        (
            say(
                "{length} months, {scenario}: pressure {pressure}, security {security}",
                length=given(str(_length(scenario)), "scenario file: agreement.length_months"),
                scenario=titled(scenario.title),
                pressure=found[scenario.name, "pressure"].quoted,
                security=found[scenario.name, "security"].quoted,
            )
            for scenario in scenarios
        ),
    )
    return say(
        "{title}. Dot chart with the range of {spread}, one column a length of agreement, above "
        "the pressure on the council and below the security of the schools: "
        "{told}. The numbers are in the table beside this chart.",
        title=title, spread=SPREAD, told=told,
    )  # fmt: skip
