"""The charts that only a paper has: legible, told in words, and true to their tables."""

from __future__ import annotations

import functools
from dataclasses import replace

import pytest

from rsip_sim.charts import style
from rsip_sim.charts.chart import Chart
from rsip_sim.paper.charts.forecast_and_fate import forecast_and_fate
from rsip_sim.paper.charts.risk_grid import risk_grid
from rsip_sim.paper.sections.backtest import PHASES, backtest_tables, side
from rsip_sim.paper.sections.seed_risks import chances_of
from rsip_sim.scenario import Scenario
from tests.fakes.panels import FIVE, NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin
from tests.fakes.sheets import (
    LONG,
    Words,
    check_nothing_is_cut_off,
    check_nothing_overlaps,
    words_on,
)

CASES: dict[str, tuple[tuple[Scenario, ...], int]] = {
    "five": (FIVE, 60),
    "long titles": (
        (replace(NO_AGREEMENT, title=f"{LONG} and no more"), replace(TWO_YEAR, title=LONG)), 60,
    ),
    "without a partnership": ((NO_PARTNERSHIP, TWO_YEAR), 60),
    "one future": ((NO_AGREEMENT, TWO_YEAR), 1),
    "short": (tuple(twin(each, each.name, horizon_months=13) for each in FIVE[:3]), 12),
}  # fmt: skip


@functools.cache
def chart_of(name: str) -> Chart:
    kind, _, case = name.partition(": ")
    if kind == "fate":
        return forecast_and_fate(backtest_tables()[1])
    from rsip_sim.paper.sections.seed_risks import risk_table

    scenarios, replications = CASES[case]
    results = fake_results(scenarios, replications)
    table = risk_table(results, scenarios)
    return risk_grid(results, table.frame, chances_of(table, scenarios), scenarios)


NAMES = [
    "fate: kept",
    *(f"risks: {case}" for case in CASES),
]
every_chart = pytest.mark.parametrize("name", NAMES)


@functools.cache
def marked(name: str) -> Words:
    return words_on(chart_of(name))


@every_chart
def test_no_word_is_cut_off_or_written_over_another(name: str) -> None:
    check_nothing_is_cut_off(chart_of(name), marked(name))
    check_nothing_overlaps(marked(name))


@every_chart
def test_words_stand_out_and_the_sheet_fits_a_page(name: str) -> None:
    wide, high = chart_of(name).figure.get_size_inches() * 2.54
    assert wide == pytest.approx(16.0)
    assert high < 24
    for text, _ in marked(name):
        assert text.get_fontsize() >= 7
        assert style.contrast(str(text.get_color()), style.WHITE) >= 4.5


@every_chart
def test_the_sheet_says_message_place_and_source(name: str) -> None:
    chart = chart_of(name)
    written = " ".join(text.get_text() for text, _ in marked(name)).replace("\n", " ")
    assert str(chart.title) in written
    assert "Rotherham" in written
    assert "Source: " in written


@every_chart
def test_the_alternative_begins_with_the_message_and_holds_numbers(name: str) -> None:
    chart = chart_of(name)
    assert chart.alt.startswith(f"{chart.title}. ")
    assert any(mark.isdigit() for mark in chart.alt)
    assert len(chart.alt) > 150
    assert not chart.data.duplicated(list(chart.keys)).any()


def test_the_alternative_of_the_risks_names_what_the_options_change() -> None:
    chart = chart_of("risks: without a partnership")
    assert "'Two-year agreement'" in chart.alt
    assert "not defined" in chart.alt


def test_the_chart_of_the_forecast_admits_what_lay_outside_it() -> None:
    counts = backtest_tables()[1]
    outside = [phase for phase in PHASES if side(counts, phase) != "within"]
    title = chart_of("fate: kept").title
    assert all(phase in title for phase in outside)
    assert ("than forecast" in title) == bool(outside)


def test_a_forecast_that_held_is_said_to_have_held() -> None:
    counts = backtest_tables()[1]
    held = counts.frame.assign(observed=counts.frame["p50"])
    assert "than forecast" not in forecast_and_fate(replace(counts, frame=held)).title
