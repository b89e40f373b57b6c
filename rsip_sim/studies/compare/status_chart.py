"""Status of schools over time: legal status and membership, two axes and never one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.charts.fan import Curves, Panels, Series, along_scenario, not_drawn, unlike
from rsip_sim.charts.fit import width_cm
from rsip_sim.charts.frame import (
    framed,
    given_period,
    month_labels,
    panels_in_words,
    source_line,
    table_name,
)
from rsip_sim.charts.scales import round_step
from rsip_sim.charts.sheet import KeyEntry
from rsip_sim.measures.metrics import stock_columns
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, given, joined, listed, say, titled
from rsip_sim.report.words import last_month, period, place
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
AREAS = tuple(
    KeyEntry(label, "area", colour, hatch="////" if legal == "academy" else None, stepped=True)
    for (legal, _, label), colour in zip(STATUSES, style.CATEGORICAL, strict=False)
)
"""Academies are told apart in grey too."""

Stacks = dict[str, FloatArray]


def school_status(results: PanelSource, scenarios: Sequence[Scenario]) -> Chart:
    """One panel a scenario: mean number of schools in each status, stacked."""
    stacks = {scenario.name: _stack(results, scenario) for scenario in scenarios}
    schools = max(float(stack[:, -1].sum()) for stack in stacks.values())
    drawn = unlike([stacks[each.name] for each in scenarios], schools)
    shown = [scenarios[place] for place in drawn]
    single = len(shown) == 1
    panels = [_panel(each.title, stacks[each.name], named=single) for each in shown]
    picture = Panels(
        panels,
        along_scenario(scenarios[0]),
        "schools",
        high=schools,
        step=round_step(schools),
        right_cm=max(width_cm(words, style.NOTE_SIZE) for each in panels for _, words in each.ends)
        + 0.3,
        grid=False,
    )
    return framed(
        NAME,
        _title(stacks, scenarios),
        picture,
        subtitle="Number of schools by legal status and membership, average of all futures; "
        f"{place(scenarios[0])}, {period(scenarios[0])}",
        notes=[
            "Averages across futures; single futures spread around them, see the tables. "
            "Numbers at the right: schools in the last month.",
            *not_drawn(scenarios, drawn),
            source_line(results.replications, scenarios),
        ],
        key=[] if single else AREAS,
        told=_told(stacks, shown),
        data=_data(stacks, scenarios),
        keys=KEYS,
    )


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


def _panel(title: str, stack: FloatArray, named: bool) -> Curves:
    """One stack; with ``named`` each area's label says what it is."""
    tops = np.cumsum(np.concatenate([stack, stack[:, -1:]], axis=1), axis=0)
    below = np.vstack([np.zeros_like(tops[:1]), tops[:-1]])
    series = [Series(*each) for each in zip(AREAS, below, tops, strict=True)]
    middles = (below[:, -1] + tops[:, -1]) / 2
    ends = [
        (float(middle), f"{last}{f' {label}' if named else ''}")
        for middle, last, (*_, label) in zip(middles, whole(stack[:, -1]), STATUSES, strict=True)
        if last
    ]
    return Curves(title, np.arange(tops.shape[1], dtype=float), series, ends)


def whole(parts: FloatArray) -> list[int]:
    """The parts as whole numbers that add up to their rounded sum: the largest rests go up."""
    floors = np.floor(parts)
    missing = round(float(parts.sum())) - int(floors.sum())
    up = np.argsort(floors - parts, kind="stable")[:missing]
    floors[up] += 1
    return [int(each) for each in floors]


def _members(stack: FloatArray) -> float:
    return float(stack[0, -1] + stack[2, -1])


def _title(stacks: Stacks, scenarios: Sequence[Scenario]) -> Said:
    partnered = [each.name for each in scenarios if each.policy.partnership]
    end = given(last_month(scenarios[0]), "date")
    if not partnered:
        return say("No partnership, and so no school in one, by {end}", end=end)
    ends = {name: _members(stacks[name]) for name in partnered}
    low, high = (
        Quote(
            f"{ends[name]:.0f}",
            Derived(f"mean number of schools in the partnership in the last month, {name}",
                    ends[name]),
        )
        for name in (min(ends, key=ends.__getitem__), max(ends, key=ends.__getitem__))
    )  # fmt: skip
    total = round(float(stacks[partnered[0]][:, -1].sum()))
    return say(
        "The partnership has {number} of {total} schools by {end}",
        number=low if low.text == high.text else say("{low} to {high}", low=low, high=high),
        total=given(str(total), "schools in the roster"), end=end,
    )  # fmt: skip


def _data(stacks: Stacks, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (scenario.name, month, label, float(value))
            for scenario in scenarios
            for (*_, label), row in zip(STATUSES, stacks[scenario.name], strict=True)
            for month, value in zip(month_labels(scenario), row, strict=True)
        ],
        columns=["scenario", "month", "status", "schools"],
    )


def _told(stacks: Stacks, scenarios: Sequence[Scenario]) -> Said:
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
        "{panels} of the average number of schools by legal status and membership, "
        "{period}. {ends}.",
        panels=panels_in_words("stacked area chart", len(scenarios)),
        period=given_period(scenarios[0]), ends=ends,
    )  # fmt: skip


def _statuses(stack: FloatArray, scenario: Scenario) -> list[Said]:
    month = month_labels(scenario)[-1]
    return [
        say(
            "{count} {schools}",
            count=Quote(str(last), _rounded(scenario, month, label)),
            schools=schools,
        )
        for (*_, label), schools, last in zip(
            STATUSES, SCHOOLS_THAT_ARE, whole(stack[:, -1]), strict=True
        )
    ]


def _rounded(scenario: Scenario, month: str, label: str) -> Cell:
    """The cell of a part that was rounded up or down so that the parts add up to their whole."""
    key = (scenario.name, month, label)
    return Cell(table_name(NAME), key, "schools", nearest=2.0)
