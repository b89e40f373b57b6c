"""Status of schools over time: legal status and membership, two axes and never one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MultipleLocator

from rsip_sim.charts import common, style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.sheet import KeyEntry, Sheet
from rsip_sim.measures.metrics import stock_columns
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.report.quoted import Derived, Quote, Said, given, joined, listed, say, titled
from rsip_sim.scenario import Scenario

NAME = "school_status"
KEYS = ("scenario", "month", "status")
STATUSES = (
    ("maintained", "member", "maintained, in the partnership"),
    ("maintained", "alone", "maintained, outside it"),
    ("academy", "member", "academy, in the partnership"),
    ("academy", "alone", "academy, outside it"),
)
"""From the bottom of the stack to its top."""
SCHOOLS_THAT_ARE = (
    "maintained schools in the partnership",
    "maintained schools outside it",
    "academies in the partnership",
    "academies outside it",
)
HATCHES = (None, None, "////", "////")  # academies are told apart in grey too

LABELLED_CM = 4.6  # room for labels in words, right of a single panel

Stacks = dict[str, FloatArray]


def school_status(results: PanelSource, scenarios: Sequence[Scenario]) -> Chart:
    """One panel a scenario: mean number of schools in each status, stacked."""
    stacks = {scenario.name: _stack(results, scenario) for scenario in scenarios}
    title = _title(stacks, scenarios)
    single = len(scenarios) == 1
    columns = common.columns_for(len(scenarios))
    titles = [scenario.title for scenario in scenarios]
    height = {1: 7.0, 2: 5.5}.get(columns, 3.9)
    with style.chart_style():
        sheet = Sheet(
            title,
            f"Number of schools by legal status and membership, average of all futures; "
            f"{common.place(scenarios[0])}, {common.period(scenarios[0])}",
            common.grid_cm(titles, height, columns),
            [
                "Averages across futures; single futures spread around them, see the tables. "
                "Numbers at the right: schools in the last month.",
                common.source_note(results, scenarios),
            ],
            [] if single else _key(),
        )
        right = LABELLED_CM if single else 0.75
        panels = common.panel_grid(sheet, titles, height, columns, right)
        for scenario, (axes, width) in zip(scenarios, panels, strict=True):
            common.time_axis(axes, scenario, width)
            _draw(axes, stacks[scenario.name], height, named=single)
    return Chart(
        NAME, title, sheet.figure, _data(stacks, scenarios), _alt(stacks, scenarios, title), KEYS
    )


def _key() -> list[KeyEntry]:
    return [
        KeyEntry(label, "area", colour, hatch=hatch)
        for (*_, label), colour, hatch in zip(STATUSES, style.CATEGORICAL, HATCHES, strict=False)
    ]


def _stack(results: PanelSource, scenario: Scenario) -> FloatArray:
    """Mean number of schools in each status: (statuses, months)."""
    panel = Panel(results, scenario)
    panel.load(stock_columns())
    return np.stack(
        [
            sum(
                (
                    panel[column].mean(axis=1)
                    for column in stock_columns(legal=(legal,), relations=(relation,))
                ),
                start=np.zeros(panel.months),
            )
            for legal, relation, _ in STATUSES
        ]
    )


def _draw(axes: Axes, stack: FloatArray, height_cm: float, named: bool) -> None:
    """One stack; with ``named`` each area's label says what it is."""
    months = np.arange(stack.shape[1] + 1)
    total = float(stack[:, -1].sum())
    tops = np.cumsum(np.concatenate([stack, stack[:, -1:]], axis=1), axis=0)
    below = np.zeros(len(months))
    for top, colour, hatch in zip(tops, style.CATEGORICAL, HATCHES, strict=False):
        axes.fill_between(
            months, below, top, step="post", facecolor=colour, edgecolor=style.WHITE,
            hatch=hatch, linewidth=0.8,
        )  # fmt: skip
        below = top
    axes.set_ylim(0, total)
    axes.yaxis.set_major_locator(MultipleLocator(common.round_step(total)))
    axes.grid(False)
    last = stack[:, -1]
    shown = [i for i in range(len(STATUSES)) if last[i] >= 0.5]
    middles = np.cumsum(last) - last / 2
    words = [f"{last[i]:.0f}{f' {STATUSES[i][2]}' if named else ''}" for i in shown]
    common.end_labels(axes, [float(middles[i]) for i in shown], words, height_cm)


def _members(stack: FloatArray) -> float:
    return float(stack[0, -1] + stack[2, -1])


def _title(stacks: Stacks, scenarios: Sequence[Scenario]) -> Said:
    names = {scenario.name: scenario.title for scenario in scenarios}
    ends = {name: _members(stack) for name, stack in stacks.items()}
    low, high = (
        Quote(
            f"{ends[name]:.0f}",
            Derived(f"mean number of schools in the partnership in the last month, {name}",
                    ends[name]),
        )
        for name in (min(names, key=ends.__getitem__), max(names, key=ends.__getitem__))
    )  # fmt: skip
    total = round(float(next(iter(stacks.values()))[:, -1].sum()))
    same = low.text == high.text
    return say(
        "On average {number} of {total} schools{which} are in the partnership in {end}",
        number=low if same else say("{low} to {high}", low=low, high=high),
        total=given(str(total), "schools in the roster"), which="" if same else ", by scenario,",
        end=given(common.last_month(scenarios[0]), "date"),
    )  # fmt: skip


def _data(stacks: Stacks, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (scenario.name, month, label, float(value))
            for scenario in scenarios
            for (*_, label), row in zip(STATUSES, stacks[scenario.name], strict=True)
            for month, value in zip(common.month_labels(scenario), row, strict=True)
        ],
        columns=["scenario", "month", "status", "schools"],
    )


def _alt(stacks: Stacks, scenarios: Sequence[Scenario], title: Said) -> Said:
    ends = joined(
        ". ",
        (
            say(
                "Under {scenario} the last month has {statuses}",
                scenario=titled(scenario.title),
                statuses=listed(_statuses(stacks[scenario.name], scenario)),
            )
            for scenario in scenarios
        ),
    )
    return say(
        "{title}. {panels} of the average number of schools by legal status and membership, "
        "{period}. {ends}. The numbers are in the table beside this chart.",
        title=title, panels=common.panels_in_words("stacked area chart", len(scenarios)),
        period=common.given_period(scenarios[0]), ends=ends,
    )  # fmt: skip


def _statuses(stack: FloatArray, scenario: Scenario) -> list[Said]:
    month = common.month_labels(scenario)[-1]
    return [
        say(
            "{count} {schools}",
            count=common.quoted(f"{row[-1]:.0f}", NAME, (scenario.name, month, label), "schools"),
            schools=schools,
        )
        for (*_, label), schools, row in zip(STATUSES, SCHOOLS_THAT_ARE, stack, strict=True)
    ]
