"""The charts of robustness: they fit a page, and say what the numbers say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.charts.chart import Chart
from rsip_sim.studies.robust.regret import regret_of
from rsip_sim.studies.robust.study import RobustStudy
from rsip_sim.studies.robust.work import CLIMATES, Robustness, robustness
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin
from tests.fakes.sheets import LONG, check_sheet


def robust_charts(found: Robustness) -> dict[str, Chart]:
    return {chart.name: chart for chart in RobustStudy().charts(found)}


def study(scenarios, replications=60, objectives=()):
    results = fake_results(scenarios, replications)
    found = robustness(results, scenarios, objectives, climates=())
    # as if each climate had given what is stored
    climates = {
        (name, climate): regret for name, regret in found.regrets.items() for climate in CLIMATES
    }
    return replace(found, climates=climates)


CASES = {
    "five": lambda: study(FIVE),
    "long titles": lambda: study(
        (replace(TWO_YEAR, title=LONG), replace(NO_PARTNERSHIP, title=f"{LONG} and no more"))
    ),
    "many": lambda: study(
        (*FIVE, NO_PARTNERSHIP, *(twin(TWO_YEAR, f"twin_{i}") for i in range(2))),
        objectives=["members", "erosion", "overspend", "unmet_days", "alone"],
    ),
    "the same twice": lambda: study((TWO_YEAR, twin(TWO_YEAR, "again"))),
    "one future": lambda: study(FIVE[:2], 1),
}


@pytest.mark.parametrize("case", CASES)
def test_the_charts_fit_a_page_and_no_word_is_cut_off_or_overlaps(case) -> None:
    for chart in robust_charts(CASES[case]()).values():
        check_sheet(chart)


def test_titles_say_which_option_loses_least_and_whether_any_does() -> None:
    charts = robust_charts(CASES["five"]())
    assert "loses least in" in charts["robust_regret"].title
    assert "does not depend on the national climate" in charts["robust_climates"].title
    same = robust_charts(CASES["the same twice"]())
    nothing = "No option alone loses clearly least in any of these measures"
    assert same["robust_regret"].title == nothing
    assert set(same) == {"robust_regret", "robust_climates"}


def test_a_lead_that_may_be_chance_is_no_message() -> None:
    found = study(FIVE[:2], objectives=["members"])
    even = np.where(np.arange(60) % 2, 1.0, -1.0)
    unclear = {key: regret_of(np.stack([even, -even]), True) for key in found.regrets}
    title = robust_charts(replace(found, regrets=unclear))["robust_regret"].title
    assert title == "No option alone loses clearly least in any of these measures"


def test_a_climate_that_turns_the_choice_around_is_the_message() -> None:
    found = study(FIVE[:2], objectives=["members"])
    climates = dict(found.climates)
    first = found.climates["members", "flat"].first
    values = np.zeros((2, 60))
    values[1 - first] = 1
    climates["members", "surge"] = regret_of(values, True)
    title = robust_charts(replace(found, climates=climates))["robust_climates"].title
    assert title == "The national climate changes what loses least in schools in the partnership"
