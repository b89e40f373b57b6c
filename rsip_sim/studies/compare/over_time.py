"""A metric over time: the median and the range of nine futures in ten, scenario by scenario."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fan import Fan, fan_of, fans, not_drawn, unlike
from rsip_sim.charts.frame import (
    SPREAD_NOTE,
    framed,
    given_period,
    month_labels,
    panels_in_words,
    quoted,
    source_line,
)
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.runs import PanelSource
from rsip_sim.report.quoted import Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.report.words import last_month, period, place
from rsip_sim.scenario import Scenario

KEYS = ("scenario", "month")
FAR_MORE, MORE = 0.1, 0.5


def metric_fan(results: PanelSource, scenarios: Sequence[Scenario], metric: Metric) -> Chart:
    """Any metric over time; the median of the first scenario is grey in the others' panels.

    Scenarios whose panel would look like the first one's are named and not drawn.
    """
    every = [fan_of(results, scenario, metric) for scenario in scenarios]
    curves = [np.stack(fan.scaled) for fan in every]
    drawn = unlike(curves, float(np.nanmax(curves, initial=0.0)))
    found = [every[place] for place in drawn]
    picture, key = fans(found)
    return framed(
        f"{metric.name}_fan",
        _title(every),
        picture,
        subtitle=f"{metric.title}; {place(scenarios[0])}, {period(scenarios[0])}",
        notes=[
            SPREAD_NOTE,
            *not_drawn(scenarios, drawn),
            source_line(results.replications, scenarios),
        ],
        key=key,
        told=_told(found),
        data=pd.concat([_data(fan) for fan in every], ignore_index=True),
        keys=KEYS,
    )


def _title(found: Sequence[Fan]) -> Said:
    """The message: what moves the metric more, the choice or what nobody chooses."""
    baseline, metric = found[0], found[0].metric
    end = given(last_month(baseline.scenario), "date")
    spread = float(baseline.p95[-1] - baseline.p05[-1])
    if len(found) == 1:
        return say(
            "{label}: {low} to {high} by {end}, in {spread}", label=metric.label,
            low=_at(baseline, "p05", -1, True), high=_at(baseline, "p95", -1, True), end=end,
            spread=SPREAD,
        )  # fmt: skip
    moved = max(abs(float(fan.mean[-1] - baseline.mean[-1])) for fan in found[1:])
    uncertain = baseline.scenario.policy.levers.climate.conversion == "uncertain"
    luck = "Climate and luck move" if uncertain else "Luck moves"
    for share, more in ((FAR_MORE, "far more"), (MORE, "more")):
        if moved < share * spread:
            return Said(f"{luck} {metric.noun} {more} than the choice")
    least, most = (pick(found, key=lambda fan: float(fan.mean[-1])) for pick in (min, max))
    low, high = _at(least, "mean", -1, True), _at(most, "mean", -1, True)
    if low.text == high.text:
        return say("Average {noun} in {end} is {mean} under every scenario", noun=metric.noun,
                   end=end, mean=low)  # fmt: skip
    return say("Average {noun} in {end} is {low} to {high} by scenario", noun=metric.noun,
               end=end, low=low, high=high)  # fmt: skip


def _at(fan: Fan, column: str, month: int, short: bool = False) -> Quote:
    """The metric in a month, quoted from the table of the chart; short: in a title."""
    write = fan.metric.format
    decimals = 0 if short and write.decimals == 1 else write.decimals
    number = getattr(fan, column)[month] / write.divisor
    return quoted(
        f"{write.prefix}{number:,.{decimals}f}{write.suffix}", f"{fan.metric.name}_fan",
        (fan.scenario.name, month_labels(fan.scenario)[month]), column, write.divisor,
    )  # fmt: skip


def _data(fan: Fan) -> pd.DataFrame:
    columns = {name: getattr(fan, name) for name in ("mean", "p05", "median", "p95")}
    months = month_labels(fan.scenario)
    return pd.DataFrame({"scenario": fan.scenario.name, "month": months, **columns})


def _told(found: Sequence[Fan]) -> Said:
    metric = found[0].metric
    ends = (
        say(
            "Under {scenario} the median goes from {first} to {last}; {spread} end between "
            "{low} and {high}",
            scenario=titled(fan.scenario.title),
            first=_at(fan, "median", 0),
            last=_at(fan, "median", -1),
            spread=SPREAD,
            low=_at(fan, "p05", -1),
            high=_at(fan, "p95", -1),
        )
        for fan in found
    )
    return say(
        "{panels} of {noun} in {unit}, {period}, with the range of {spread} shaded. {ends}.",
        panels=panels_in_words("line chart", len(found)), noun=metric.noun, unit=metric.unit,
        period=given_period(found[0].scenario), spread=SPREAD, ends=joined(". ", ends),
    )  # fmt: skip
