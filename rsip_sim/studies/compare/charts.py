"""The charts of a comparison and of a single run: the headline table drawn, and measures over time.

The headline chart has measures down, options across and the price last. Over time a measure is its
median and the range of nine futures in ten, scenario by scenario.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts.cells import Cell, Cells
from rsip_sim.charts.cells import Line as Drawn
from rsip_sim.charts.fan import Fan, fan_of, fans, not_drawn, unlike
from rsip_sim.charts.frame import SPREAD_NOTE, Chart, framed, month_labels, quoted, source_line
from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.runs import PanelSource
from rsip_sim.report.quoted import Quote, Said, given, joined, say, titled
from rsip_sim.report.verdicts import SPREAD
from rsip_sim.report.words import last_month, period, place
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.headline_table import MOST, Line, lines, read_over
from rsip_sim.studies.compare.screen import PRICES, Screen, short_answer
from rsip_sim.studies.compare.work import ComparisonTables

OVER_TIME = ("erosion", "members", "cohesion")
"""Measures with a chart over time, in the order of their importance."""

FAR_MORE, MORE = 0.1, 0.5


def comparison_charts(results: PanelSource, tables: ComparisonTables) -> dict[str, Chart]:
    """The charts of a comparison by file name, in the order of their importance."""
    first = headline(tables)
    return {first.name: first, **run_charts(results, tables.baseline, tables.others)}


def run_charts(
    results: PanelSource, scenario: Scenario, others: Sequence[Scenario] = ()
) -> dict[str, Chart]:
    """The charts of one scenario, or of several over time, by file name."""
    charts = (metric_fan(results, [scenario, *others], METRICS[name]) for name in OVER_TIME)
    return {chart.name: chart for chart in charts}


def metric_fan(results: PanelSource, scenarios: Sequence[Scenario], metric: Metric) -> Chart:
    """Any metric over time; the median of the first scenario is grey in the others' panels.

    Scenarios whose panel would look like the first one's are named and not drawn.
    """
    every = [fan_of(results, scenario, metric) for scenario in scenarios]
    drawn = unlike([np.stack(fan.scaled) for fan in every])
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
        keys=("scenario", "month"),
    )


def _title(found: Sequence[Fan]) -> Said:
    """The message: what moves the metric more, the choice or what nobody chooses."""
    baseline, noun = found[0], found[0].metric.noun
    end = given(last_month(baseline.scenario), "date")
    spread = float(baseline.p95[-1] - baseline.p05[-1])
    if len(found) == 1:
        low, high = (_at(baseline, name, -1, short=True) for name in ("p05", "p95"))
        return say("{label}: mostly {low} to {high} by {end}", label=baseline.metric.label,
                   low=low, high=high, end=end)  # fmt: skip
    moved = max(abs(float(fan.mean[-1] - baseline.mean[-1])) for fan in found[1:])
    if moved < MORE * spread:
        uncertain = baseline.scenario.policy.levers.climate.conversion == "uncertain"
        luck = "Climate and luck move" if uncertain else "Luck moves"
        more = "far more" if moved < FAR_MORE * spread else "more"
        return Said(f"{luck} {noun} {more} than the choice")
    least, most = (pick(found, key=lambda fan: float(fan.mean[-1])) for pick in (min, max))
    low, high = (_at(fan, "mean", -1, short=True) for fan in (least, most))
    same = low.text == high.text
    return say(
        "{label}, {end}: average {mean} {where}", label=baseline.metric.label, end=end,
        mean=low if same else say("{low} to {high}", low=low, high=high),
        where="under every scenario" if same else "by scenario",
    )  # fmt: skip


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
            scenario=titled(fan.scenario.title), spread=SPREAD,
            first=_at(fan, "median", 0), last=_at(fan, "median", -1),
            low=_at(fan, "p05", -1), high=_at(fan, "p95", -1),
        )
        for fan in found
    )  # fmt: skip
    return say(
        "Lines of {noun} in {unit}, {period}, one panel a scenario, with the range of {spread} "
        "shaded. {ends}.",
        noun=metric.noun, unit=metric.unit, period=given(period(found[0].scenario), "date"),
        spread=SPREAD, ends=joined(". ", ends),
    )  # fmt: skip


def headline(tables: ComparisonTables) -> Chart:
    """A number, a dot and its 95% interval for each measure and option."""
    screen = Screen(tables)
    options = screen.most_changed(MOST)
    rows = list(lines(screen, options))
    base, dated = screen.baseline.brief, inside(read_over(screen.baseline, screen.moment))
    few = len(options) < len(tables.others)
    return framed(
        "headline",
        short_answer(screen),
        Cells(
            [each.brief for each in options],
            base,
            f"change from '{base}'",
            [
                Drawn(
                    line.label,
                    str(line.level),
                    [
                        Cell(str(each.words), each.difference, each.ci_low, each.ci_high, each.told)
                        for each in line.entries
                    ],
                    group=line.label == next(iter(PRICES.values())),
                )
                for line in rows
            ],
        ),
        subtitle=f"Level under '{base}' and difference of each option, {dated}; "
        f"{place(screen.baseline)}",
        notes=[
            "Dot and bar: average difference and its 95% interval; each row has its own scale, "
            "and the upright line is no difference. Grey and in brackets: not clear, or too small "
            "to notice. The lines of the price are borne by different people and are never added "
            "up.",
            *([f"Shown are the {len(options)} options that change most."] if few else []),
            source_line(tables.replications, [screen.baseline, *tables.others]),
        ],
        told=_headline_told(base, options, rows),
        data=pd.DataFrame([entry for line in rows for entry in line.entries]).drop(columns="words"),
        keys=("measure", "scenario"),
    )


def _headline_told(base: str, options: Sequence[Scenario], rows: Sequence[Line]) -> Said:
    names = [given(each.brief, "title of a scenario") for each in options]
    told = (
        say(
            "{label}: {level} under {base}; {beside}",
            label=line.label,
            level=line.level,
            base=titled(base),
            beside=joined(", ", (
                say("{name} {cell}", name=name, cell=entry.words)
                for name, entry in zip(names, line.entries, strict=True)
            )),
        )
        for line in rows
    )  # fmt: skip
    return say(
        "A grid of numbers, each with its dot and interval, one row a measure and one column an "
        "option. In brackets: not clear, or too small to notice. {rows}.",
        rows=joined(". ", told),
    )
