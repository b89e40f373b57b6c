"""A fan of any metric: its unit, its own scale, and what its words quote from the table."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from rsip_sim.charts.fan import fan_of, fans
from rsip_sim.charts.frame import Chart
from rsip_sim.measures.metrics import METRICS
from rsip_sim.report.quoted import Cell, Said
from rsip_sim.studies.compare.charts import metric_fan
from tests.fakes.panels import FIVE, fake_results
from tests.fakes.sheets import check_sheet, words_on

SCENARIOS = FIVE[:2]
NAMES = ("members", "cohesion", "unmet_days", "overspend", "recouped_new")


@functools.cache
def fan(name: str) -> Chart:
    return metric_fan(fake_results(SCENARIOS, 40), SCENARIOS, METRICS[name])


@pytest.mark.parametrize("name", NAMES)
def test_every_metric_has_a_fan_that_fits_and_says_its_unit(name: str) -> None:
    chart = fan(name)
    check_sheet(chart)
    subtitle = " ".join(t.get_text() for t, _ in words_on(chart) if t.get_gid() == "subtitle")
    assert f"({METRICS[name].unit})" in subtitle
    assert {axes.get_label() for axes in chart.figure.axes} == {METRICS[name].unit}


@pytest.mark.parametrize("name", NAMES)
def test_all_panels_share_one_scale_that_holds_everything(name: str) -> None:
    """Its labels stand at the left of the first panel only."""
    chart = fan(name)
    ((low, high),) = {axes.get_ylim() for axes in chart.figure.axes}
    drawn = chart.data[["p05", "p95"]] / METRICS[name].format.divisor
    assert low <= drawn["p05"].min()
    assert drawn["p95"].max() <= high
    assert low <= 0 <= high


@pytest.mark.parametrize("name", NAMES)
def test_the_figures_told_are_those_of_the_table(name: str) -> None:
    chart = fan(name)
    assert isinstance(chart.alt, Said)
    quotes = [quote for quote in chart.alt.quotes if isinstance(quote.source, Cell)]
    assert len(quotes) >= 4 * len(chart.figure.axes)
    table = chart.data.set_index(list(chart.keys))
    write = METRICS[name].format
    for quote in quotes:
        cell = quote.source
        assert isinstance(cell, Cell)
        number = float(table.loc[cell.key, cell.column]) / cell.unit
        written = quote.text.removeprefix(write.prefix).removesuffix(write.suffix)
        assert float(written.replace(",", "")) == pytest.approx(number, abs=0.51)


def test_the_median_of_the_first_scenario_is_in_every_other_panel() -> None:
    found = [fan_of(fake_results(SCENARIOS, 40), each, METRICS["members"]) for each in SCENARIOS]
    picture, key = fans(found)
    first, second = picture.panels
    assert len(first.series) + 1 == len(second.series)
    np.testing.assert_array_equal(second.series[-1].values, found[0].median)
    assert SCENARIOS[0].title in key[-1].label


def test_a_scenario_that_would_look_the_same_is_named_and_not_drawn_but_is_in_the_table() -> None:
    """Five panels that nobody can tell apart say less than one."""
    chart = metric_fan(fake_results(FIVE, 40), FIVE, METRICS["unmet_days"])
    data = chart.data.set_index("scenario")["p95"]
    scale = data.max()
    first = data.loc[FIVE[0].name].to_numpy()
    apart = [abs(data.loc[each.name].to_numpy() - first).max() / scale for each in FIVE[1:]]
    assert len(chart.figure.axes) == 1 + sum(each > 0.03 for each in apart) < len(FIVE)
    notes = " ".join(t.get_text() for t, _ in words_on(chart) if t.get_gid() == "note")
    for each, far in zip(FIVE[1:], apart, strict=True):
        if far < 0.02:
            assert each.brief in notes
    assert data.index.nunique() == len(FIVE)
