"""Every chart: a message, its place and period, the range named, nothing cut off or overlapping."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from rsip_sim.charts import style
from rsip_sim.charts.frame import Chart
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.charts import comparison_charts, run_charts
from rsip_sim.studies.compare.work import compare_results
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin
from tests.fakes.sheets import (
    LONG,
    Words,
    check_nothing_is_cut_off,
    check_nothing_overlaps,
    words_on,
)


def drawn(scenarios: tuple[Scenario, ...], replications: int = 60) -> dict[str, Chart]:
    results = fake_results(scenarios, replications)
    tables = compare_results(results, scenarios[0], scenarios[1:], ())
    return comparison_charts(results, tables)


def retitled(scenario: Scenario, title: str) -> Scenario:
    return replace(scenario, title=title)


FAMILIES: dict[str, Callable[[], dict[str, Chart]]] = {
    "five": lambda: drawn(FIVE),
    "seven": lambda: drawn((*FIVE, NO_PARTNERSHIP, twin(TWO_YEAR, "seventh"))),
    "long titles": lambda: drawn(
        (retitled(NO_PARTNERSHIP, f"{LONG} and no more"), retitled(TWO_YEAR, LONG))
    ),
    "short": lambda: drawn(tuple(twin(s, s.name, horizon_months=13) for s in FIVE[:3]), 1),
    "one run": lambda: run_charts(fake_results((TWO_YEAR,), 60), TWO_YEAR),
}
NAMES = ("headline", "erosion_fan", "members_fan", "cohesion_fan")


@functools.cache
def family(name: str) -> dict[str, Chart]:
    return FAMILIES[name]()


def chart_of(name: str) -> Chart:
    of, _, chart = name.partition(": ")
    return family(of)[chart]


NAMES_OF = {"one run": NAMES[1:]}
CHARTS = [f"{of}: {name}" for of in FAMILIES for name in NAMES_OF.get(of, NAMES)]
every_chart = pytest.mark.parametrize("name", CHARTS)


@functools.cache
def marked(name: str) -> Words:
    """Every word on the sheet, with its place; the chart is drawn once for all tests."""
    return words_on(chart_of(name))


def texts(name: str) -> list[Text]:
    return [text for text, _ in marked(name)]


def written(name: str) -> str:
    return " ".join(text.get_text() for text in texts(name))


@every_chart
def test_no_word_is_cut_off_at_the_edge(name: str) -> None:
    check_nothing_is_cut_off(chart_of(name), marked(name))


@every_chart
def test_no_two_words_overlap(name: str) -> None:
    check_nothing_overlaps(marked(name))


@every_chart
def test_title_subtitle_range_and_source_are_on_the_sheet(name: str) -> None:
    chart = chart_of(name)
    words = written(name)
    assert chart.title in words
    assert "Rotherham (roster of 2011)" in words
    assert "Source: simulation with rsip_sim" in words
    assert "national climate: uncertain" in words
    assert "percentile" in words or "verage" in words


@every_chart
def test_the_title_is_a_message_in_about_a_dozen_words(name: str) -> None:
    chart = chart_of(name)
    assert 5 <= len(chart.title.replace(LONG, "x").split()) <= (18 if "waterfall" in name else 12)
    assert chart.title[0].isupper() or chart.title[0].isdigit()
    assert "nan" not in chart.title.lower().split()


@every_chart
def test_it_is_16_cm_wide_fits_a_page_and_its_words_are_readable(name: str) -> None:
    chart = chart_of(name)
    width, height = chart.figure.get_size_inches() * 2.54
    assert width == pytest.approx(16)
    assert height <= 26
    assert min(text.get_fontsize() for text in texts(name)) >= 8


@every_chart
def test_words_stand_out_from_the_page(name: str) -> None:
    for text in texts(name):
        assert style.contrast(to_hex(text.get_color()), style.WHITE) >= 4.5, text.get_text()


@every_chart
def test_the_alternative_in_words_says_what_the_chart_says(name: str) -> None:
    chart = chart_of(name)
    assert chart.alt.startswith(chart.title)
    assert "The numbers are in the table" in chart.alt
    assert "nan" not in chart.alt
    assert 150 <= len(chart.alt) <= 2500


@every_chart
def test_the_numbers_plotted_are_beside_it(name: str) -> None:
    chart = chart_of(name)
    assert len(chart.data) >= 5
    assert {"scenario"} <= set(chart.data.columns)


def test_the_fan_holds_its_median_and_ends_where_the_table_ends() -> None:
    data = chart_of("five: erosion_fan").data
    assert (data["p05"] <= data["median"]).all()
    assert (data["median"] <= data["p95"]).all()
    assert data.groupby("scenario", sort=False).size().tolist() == [60] * 5
    assert data["month"].iloc[[0, -1]].tolist() == ["2011-04", "2016-03"]


def test_the_scale_of_erosion_starts_at_zero_and_is_shared() -> None:
    limits = {axes.get_ylim() for axes in chart_of("five: erosion_fan").figure.axes}
    assert len(limits) == 1
    assert limits.pop()[0] == 0
