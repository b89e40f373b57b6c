"""The charts of a search: the answer for a title, nothing cut off, readable without colour."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart
from rsip_sim.studies.solve.lever import lever_of
from rsip_sim.studies.solve.report import shown_points
from rsip_sim.studies.solve.study import SolveStudy
from tests.fakes.curves import TARGET, TWO_YEAR, earmark, length, solved
from tests.fakes.sheets import (
    LONG,
    Words,
    check_nothing_is_cut_off,
    check_nothing_overlaps,
    words_on,
)

LONG_TITLED = replace(TWO_YEAR, title=LONG)


CASES = {
    "from": lambda: solved(earmark(), lambda value: 0.2 + 0.7 * value / 1e6),
    "up to": lambda: solved(length(), lambda months: 0.9 - months / 150),
    "open": lambda: solved(earmark(), lambda value: 0.59 + 0.02 * value / 1e6),
    "everywhere": lambda: solved(length(), lambda months: 0.8 + months / 1200),
    "nowhere": lambda: solved(
        earmark(), lambda value: 0.5 + value / 2e6, target=TARGET.replace("0.6", "at most 0.001")
    ),
    "within": lambda: solved(
        earmark(), lambda value: 0.9 - abs(value - 5e5) / 6e5, scenario=LONG_TITLED
    ),
    "several": lambda: solved(earmark(), lambda value: 0.3 + abs(value - 5e5) / 1e6),
    "no effect": lambda: solved(earmark(), lambda value: 1.0),
    "average": lambda: solved(
        earmark(), lambda value: 0.1 + 0.8 * value / 1e6, target="members mean above 70"
    ),
    "parameter": lambda: solved(
        lever_of(TWO_YEAR, "parameters.grade_multiplier_3"),
        lambda value: 0.9 - value,
        scenario=LONG_TITLED,
    ),
}
every_chart = pytest.mark.parametrize("name", CASES)


@functools.cache
def chart_of(name: str) -> Chart:
    (chart,) = SolveStudy().charts(CASES[name]())
    return chart


@functools.cache
def marked(name: str) -> Words:
    return words_on(chart_of(name))


@every_chart
def test_no_word_is_cut_off_and_no_two_overlap(name: str) -> None:
    check_nothing_is_cut_off(chart_of(name), marked(name))
    check_nothing_overlaps(marked(name))


@every_chart
def test_message_place_source_and_words_for_who_cannot_see_it(name: str) -> None:
    chart = chart_of(name)
    words = " ".join(text.get_text() for text, _ in marked(name))
    assert "Rotherham (roster of 2011)" in words
    assert "Source: simulation with rsip_sim, 1,000 futures" in words
    assert 6 <= len(chart.title.split()) <= 24
    assert chart.alt.startswith(chart.title)
    assert 120 <= len(chart.alt) <= 2500
    assert "nan" not in chart.alt + words
    assert len(chart.data) >= 3
    assert chart.figure.get_size_inches()[0] * 2.54 == pytest.approx(16)


@pytest.mark.parametrize(
    ("case", "title"),
    [
        ("from", "The smallest partnership earmark that meets the target is £572,000 a year (95%"),
        ("up to", "The largest agreement length that meets the target is 45 months (95% interval"),
        ("everywhere", "The target is met over the whole range, from 0 to 120 months"),
        ("nowhere", "No partnership earmark tried, from £0 to £1,000,000 a year, meets the target"),
        ("several", "There is no single tipping value: the target is met up to"),
        ("no effect", "The partnership earmark makes no difference"),
    ],
)
def test_the_title_is_the_answer(case: str, title: str) -> None:
    assert chart_of(case).title.startswith(title)


def test_values_that_are_not_clear_have_open_dots() -> None:
    (axes,) = chart_of("from").figure.axes
    dots = [line for line in axes.lines if line.get_marker() == "o"]
    drawn = {style.DARK_BLUE: 0, style.WHITE: 0}
    for line in dots:
        drawn[line.get_markerfacecolor()] += len(line.get_xdata())
    points = shown_points(CASES["from"]())
    clear = sum(point.status.clear for point in points)
    assert drawn == {style.DARK_BLUE: clear, style.WHITE: len(points) - clear}
