"""What holds for every chart of every study: it is tested, and its scale says what it counts."""

from __future__ import annotations

import re

from matplotlib.axes import Axes
from matplotlib.transforms import Bbox

from rsip_sim.charts.frame import Chart
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.studies.england.places import told_as
from tests.charts.family import CASES, chart_functions, family
from tests.fakes.sheets import Words, words_on

COLUMN_REACH = 2000  # pixels below the head of a column in which its panels stand
NUMBER = re.compile(r"[+−]?£?[\d.,]+(m|%)?")


def test_every_function_that_makes_a_chart_is_in_the_family() -> None:
    reached = {name for made in family() for name in made.by}
    functions = chart_functions()
    assert len(functions) >= 8
    missing = sorted(functions - reached)
    assert not missing, f"no case of tests/charts/family.py draws with {', '.join(missing)}"


def test_every_scale_says_the_unit_of_its_metric() -> None:
    faults, scaled = [], set()
    for made in family():
        words = words_on(made.chart)
        for axes in filter(_numbered, made.chart.figure.axes):
            scaled.add(made.chart.name)
            found = _faults(made.chart, axes, words)
            faults += [f"{made.case}, {made.chart.name}: {fault}" for fault in found]
    assert not faults, "\n".join(faults)
    assert {made.case for made in family()} == set(CASES)
    assert "erosion_fan" in scaled


def _numbered(axes: Axes) -> bool:
    """Whether numbers stand along one of its sides, so that somebody will ask: of what?"""
    labels = [*axes.get_xticklabels(), *axes.get_yticklabels()]
    return axes.axison and any(
        label.get_visible() and NUMBER.fullmatch(label.get_text()) for label in labels
    )


def _faults(chart: Chart, axes: Axes, words: Words) -> list[str]:
    """What is wrong with the unit of a panel: it has none, the wrong one, or hides it."""
    unit = axes.get_label()
    if not unit:
        return ["the numbers of a panel have no unit"]
    heading = _heading(axes, words)
    right = _right_units(chart, heading, str(unit))
    found = [] if unit in right else [f"'{unit}' is none of {', '.join(sorted(right))}"]
    if not _says(_words_around(chart, axes, heading), str(unit)):
        found.append(f"no word around the panel says '{unit}'")
    return found


def _right_units(chart: Chart, heading: str, unit: str) -> set[str]:
    subtitle = _role(chart, "subtitle")
    if chart.name == "tipping_curve" and subtitle.startswith("Share of futures"):
        return {"%"}
    if chart.name == "sensitivity_tornado" and unit == "%":
        return {"%"}
    if "less the cost" in heading:
        return {"£ a year"}
    metric = _metric(heading, chart.name, subtitle)
    if metric is None:
        return {"that of a metric which its words name"}
    if chart.name.startswith("england_"):
        metric, _ = told_as(metric)
    endings = (" a year", " since the start") if metric.kind == "flow" else ("",)
    points = ["percentage points"] if metric.format.suffix == "%" else []
    return {*points, *(f"{metric.unit}{ending}" for ending in endings)}


def _metric(heading: str, name: str, subtitle: str) -> Metric | None:
    """The metric that the heading of the panel names, or the chart's name, or its subtitle."""
    for words in (heading, name, subtitle):
        named = [
            metric
            for metric in METRICS.values()
            if metric.label in words
            or (name.startswith("england_") and told_as(metric)[0].label in words)
            or metric.noun in words
            or re.search(rf"(^|_){metric.name}($|_fan)", words)
        ]
        if named:
            return max(named, key=lambda metric: len(metric.label))
    return None


def _heading(axes: Axes, words: Words) -> str:
    """The lines in bold just above a panel, which may be the head of a block of panels."""
    top = axes.get_window_extent().y0
    above = [
        (box.y0 - top, text.get_text())
        for text, box in words
        if text.get_gid() == "panel" and box.y0 > top
    ]
    nearest = min((gap for gap, _ in above), default=0.0)
    heads = [
        text.get_text()
        for text, box in words
        if text.get_gid() == "column" and axes.get_window_extent().overlaps(_below(box))
    ]
    return " ".join([*heads, *(line for gap, line in above if gap <= nearest + 25)])


def _below(box: Bbox) -> Bbox:
    """The strip below the head of a column."""
    return Bbox.from_extents(box.x0, box.y0 - COLUMN_REACH, box.x1, box.y1)


def _words_around(chart: Chart, axes: Axes, heading: str) -> str:
    """What a reader sees of a panel's scale: subtitle, headings, label below, and ticks."""
    ticks = [label.get_text() for label in (*axes.get_xticklabels(), *axes.get_yticklabels())]
    heads = [text.get_text() for text in chart.figure.texts if text.get_gid() == "column"]
    own = [_role(chart, "subtitle"), heading, axes.get_xlabel(), *heads, *ticks]
    return " ".join(own)


def _role(chart: Chart, role: str) -> str:
    return " ".join(text.get_text() for text in chart.figure.texts if text.get_gid() == role)


def _says(words: str, unit: str) -> bool:
    """Whether a unit stands in the words, whatever the case of its first letter."""
    if unit == "0 to 1":
        return re.search(r"\b0\b.* to 1\b", words) is not None
    return unit.lower() in words.lower()
