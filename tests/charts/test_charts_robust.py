"""The chart of robustness: it fits a page, and says what the numbers say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.charts.frame import Chart
from rsip_sim.studies.robust.study import RobustStudy
from rsip_sim.studies.robust.work import Robustness, robustness
from tests.fakes.panels import FIVE, NO_PARTNERSHIP, TWO_YEAR, fake_results, twin
from tests.fakes.sheets import LONG, check_sheet


def chart_of(found: Robustness) -> Chart:
    (chart,) = RobustStudy().charts(found)
    return chart


def study(scenarios, replications=60, objectives=()):
    results = fake_results(scenarios, replications)
    return robustness(results, scenarios, objectives, climates=())


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
def test_the_chart_fits_a_page_and_no_word_is_cut_off_or_overlaps(case) -> None:
    check_sheet(chart_of(CASES[case]()))


NOTHING = "No option alone loses clearly least in any of these measures"


def test_the_title_says_which_option_loses_least_and_whether_any_does() -> None:
    assert "loses least in" in chart_of(CASES["five"]()).title
    assert chart_of(CASES["the same twice"]()).title == NOTHING


def test_a_lead_that_may_be_chance_is_no_message() -> None:
    found = study(FIVE[:2], objectives=["members"])
    even = np.where(np.arange(60) % 2, 1.0, -1.0)
    unclear = {each: each.regret(np.stack([even, -even])) for each in found.regrets}
    assert chart_of(replace(found, regrets=unclear)).title == NOTHING
