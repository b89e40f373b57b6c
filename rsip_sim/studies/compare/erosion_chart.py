"""DSG erosion over time: the median and the range of nine futures in ten, scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fit import fitted
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import mean_of_defined, quantiles
from rsip_sim.report.quoted import Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.scenario import Scenario

NAME = "erosion_fan"
KEYS = ("scenario", "month")
GREY_DASH = (0.0, (3.0, 2.0))
NAME_CM = 9.0  # of a scenario in the key
FAR_MORE, MORE = 0.1, 0.5


@dataclass(frozen=True)
class _Fan:
    """Erosion of one scenario in per cent, each (months,)."""

    scenario: Scenario
    mean: FloatArray
    low: FloatArray
    median: FloatArray
    high: FloatArray


def erosion_fan(results: PanelSource, scenarios: Sequence[Scenario]) -> Chart:
    """One panel a scenario; the first scenario is the baseline, grey in the others' panels."""
    fans = [_fan(results, scenario) for scenario in scenarios]
    baseline = scenarios[0]
    title = _title(fans)
    key = [
        KeyEntry("90% of futures", "band", style.PALE_BLUE, style.MID_BLUE),
        KeyEntry("median future", "line", style.DARK_BLUE),
    ]
    if len(fans) > 1:
        name = fitted(baseline.title, style.TEXT_SIZE, NAME_CM)[0]
        label = f"median under '{name}'"
        key.append(KeyEntry(label, "line", style.DARK_GREY, dash=GREY_DASH, width=1.3))
    columns = common.columns_for(len(fans))
    titles = [fan.scenario.title for fan in fans]
    height = {1: 7.0, 2: 5.5}.get(columns, 3.9)
    with style.chart_style():
        sheet = Sheet(
            title,
            f"DSG recouped for academies, % of gross DSG at the month's annual rate; "
            f"{common.place(baseline)}, {common.period(baseline)}",
            common.grid_cm(titles, height, columns),
            [common.SPREAD_NOTE, common.source_note(results, scenarios)],
            key,
        )
        panels = common.panel_grid(sheet, titles, height, columns, 0.75)
        step = common.round_step(max(float(fan.high.max()) for fan in fans))
        for fan, (axes, width) in zip(fans, panels, strict=True):
            common.time_axis(axes, fan.scenario, width)
            _draw(axes, fan, fans[0], step, height)
    return Chart(NAME, title, sheet.figure, _data(fans), _alt(fans, title), KEYS)


def _fan(results: PanelSource, scenario: Scenario) -> _Fan:
    values = Panel(results, scenario).metric(METRICS["erosion"])
    low, median, high = quantiles(values)
    return _Fan(scenario, mean_of_defined(values), low, median, high)


def _draw(axes: Axes, fan: _Fan, baseline: _Fan, step: float, height_cm: float) -> None:
    months = np.arange(len(fan.median)) + 0.5
    axes.fill_between(
        months, fan.low, fan.high, facecolor=style.PALE_BLUE, edgecolor=style.MID_BLUE,
        linewidth=0.8,
    )  # fmt: skip
    axes.plot(months, fan.median, color=style.DARK_BLUE)
    if fan is not baseline:
        axes.plot(
            months, baseline.median, color=style.DARK_GREY, linestyle=GREY_DASH, linewidth=1.3
        )
    steps = int(np.ceil(max(fan.high.max(), baseline.high.max()) / step - 1e-9))
    axes.set_ylim(0, max(steps, 1) * step)
    axes.yaxis.set_major_locator(MultipleLocator(step))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}%")
    ends = [float(values[-1]) for values in (fan.low, fan.median, fan.high)]
    common.end_labels(axes, ends, [f"{value:.0f}%" for value in ends], height_cm)


def _title(fans: Sequence[_Fan]) -> Said:
    """The message: what moves erosion more, the choice or what nobody chooses."""
    baseline = fans[0]
    end = given(common.last_month(baseline.scenario), "date")
    spread = float(baseline.high[-1] - baseline.low[-1])
    if len(fans) == 1:
        return say(
            "DSG erosion reaches {low} to {high} by {end} in {spread}",
            low=_last(baseline, "p05", 0), high=_last(baseline, "p95", 0), end=end, spread=SPREAD,
        )  # fmt: skip
    moved = max(abs(float(fan.mean[-1] - baseline.mean[-1])) for fan in fans[1:])
    uncertain = baseline.scenario.policy.levers.climate.conversion == "uncertain"
    luck = "Climate and luck move" if uncertain else "Luck moves"
    if moved < FAR_MORE * spread:
        return Said(f"{luck} DSG erosion far more than the choice between these scenarios")
    if moved < MORE * spread:
        return Said(f"{luck} DSG erosion more than the choice between these scenarios")
    least, most = (pick(fans, key=lambda fan: float(fan.mean[-1])) for pick in (min, max))
    low, high = _last(least, "mean", 0), _last(most, "mean", 0)
    if low.text == high.text:
        return say("Average DSG erosion in {end} is {mean} under every scenario", end=end, mean=low)
    return say(
        "Average DSG erosion in {end} is {low} to {high} by scenario", end=end, low=low, high=high
    )


def _last(fan: _Fan, column: str, decimals: int = 1) -> Quote:
    """Erosion of the last month, quoted from the table of the chart."""
    return _at(fan, column, -1, decimals)


def _at(fan: _Fan, column: str, month: int, decimals: int = 1) -> Quote:
    values = {"mean": fan.mean, "p05": fan.low, "median": fan.median, "p95": fan.high}[column]
    key = (fan.scenario.name, common.month_labels(fan.scenario)[month])
    return common.quoted(f"{values[month]:.{decimals}f}%", NAME, key, column)


def _data(fans: Sequence[_Fan]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "scenario": fan.scenario.name,
                    "month": common.month_labels(fan.scenario),
                    "mean": fan.mean,
                    "p05": fan.low,
                    "median": fan.median,
                    "p95": fan.high,
                }
            )
            for fan in fans
        ],
        ignore_index=True,
    )


def _alt(fans: Sequence[_Fan], title: Said) -> Said:
    ends = joined(
        ". ",
        (
            say(
                "Under {scenario} the median goes from {first} to {last}; {spread} end between "
                "{low} and {high}",
                scenario=titled(fan.scenario.title),
                first=_at(fan, "median", 0),
                last=_last(fan, "median"),
                spread=SPREAD,
                low=_last(fan, "p05"),
                high=_last(fan, "p95"),
            )
            for fan in fans
        ),
    )
    return say(
        "{title}. {panels} of DSG erosion in % of gross DSG, {period}, with the range of {spread} "
        "shaded. {ends}. The numbers are in the table beside this chart.",
        title=title, panels=common.panels_in_words("line chart", len(fans)),
        period=common.given_period(fans[0].scenario), spread=SPREAD, ends=ends,
    )  # fmt: skip
