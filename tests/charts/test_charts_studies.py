"""The charts of studies: they fit a page whatever is varied, and say what the numbers say."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.charts.heat import colour_of, ink_on, shades
from rsip_sim.charts.style import contrast
from rsip_sim.measures.metrics import METRICS
from rsip_sim.studies.grid.heat_chart import study_heat
from rsip_sim.studies.grid.study import GridStudy
from rsip_sim.studies.kernel import cells
from tests.fakes.sheets import check_sheet, words_on
from tests.fakes.studies import (
    GRID,
    by_formula,
    luck,
    measure_all_by,
    study,
    unlucky,
    worked,
)

CONDITIONS = "conditions: {agreement.renewal: [uncertain, certain]}\n"
ONE = """
title: One lever
kind: grid
scenario: two_year.yaml
levers: {agreement.length_months: [0, 12, 24, 36, 48, 60]}
metrics: [members]
"""
TWO = ONE.replace("60]}", "60], funding.service_money: [observed, 100, 1500]}")
FOUR = f"{GRID}  - cohesion\n".replace(
    "metrics: [members, erosion, fund]\n",
    "  parameters.b_secure: [1.2, 3]\nmetrics:\n  - members\n",
)


@pytest.fixture
def grid(tmp_path, monkeypatch):
    def made(text=GRID, measure=by_formula):
        monkeypatch.setattr(cells, "measure_all", measure_all_by(measure))
        return worked(study(tmp_path, text, futures=20), tmp_path / "out")

    return made


def nothing(trial):
    return by_formula(trial) * 0.0


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        (f"{GRID}{CONDITIONS}".replace("[members, erosion, fund]", "[members]"), by_formula),
        (GRID.replace("[members, erosion, fund]", "[price_council]"), nothing),
        (GRID.replace("[members, erosion, fund]", "[fund]"), unlucky),
        (ONE, by_formula),
        (TWO, by_formula),
    ],
    ids=["conditions", "nothing differs", "cells failed", "one lever", "two levers"],
)
def test_the_charts_of_a_grid_fit_a_page_and_no_word_is_cut_off_or_overlaps(
    grid, text, measure
) -> None:
    charts = {chart.name: chart for chart in GridStudy().charts(grid(text, measure))}
    for chart in charts.values():
        check_sheet(chart)
    heats = [name for name in charts if name.startswith("heat")]
    assert len(heats) == (2 if CONDITIONS in text else 1)


def test_the_base_shows_its_level_and_the_others_their_difference(grid) -> None:
    report = grid()
    chart = study_heat(report, METRICS["members"], ())
    cells = {text.get_text() for text, _ in words_on(chart) if text.get_gid() == "cell"}
    differences = {"−5.0", "−4.0", "−3.0", "−2.0", "−1.0", "(0.0)", "+1.0", "+3.0"}
    assert cells == {"105", "–", *differences}
    assert chart.title == (
        "At best 3 more schools are in the partnership, with agreement length 60 months"
    )
    assert len(chart.data) == 10


def test_cells_that_cannot_be_are_hatched_and_the_chart_says_so(grid) -> None:
    chart = study_heat(grid(), METRICS["members"], ())
    assert [text for text, _ in words_on(chart) if "Hatched" in text.get_text()]


def test_what_may_be_chance_stands_in_brackets_and_is_no_message(grid) -> None:
    def noisy(trial):
        measured = by_formula(trial) * 0 + 50.0
        earmark = trial.policy.levers.funding.earmark_gbp_per_year
        return measured + (luck(2, measured.shape[2]) if not earmark else 0.0)

    report = grid(measure=noisy)
    chart = study_heat(report, METRICS["members"], ())
    assert chart.title.startswith("No combination")
    cells = [text.get_text() for text, _ in words_on(chart) if text.get_gid() == "cell"]
    assert set(cells) == {"50", "(0.0)", "–"}


def test_the_source_names_the_climates_that_were_simulated(grid) -> None:
    text = f"{GRID}conditions: {{climate.conversion: [flat, surge]}}\n"
    report = grid(text)
    assert "national climate: surge." in said(study_heat(report, METRICS["members"], ("surge",)))
    assert report.cells.climates(("flat",)) == ("flat",)


def said(chart) -> str:
    return " ".join(text.get_text() for text, _ in words_on(chart))


def test_words_in_cells_can_be_read_on_every_shade() -> None:
    for shade in np.linspace(0, 1, 21):
        colour = colour_of(float(shade))
        assert contrast(colour, ink_on(colour)) >= 4.5


def test_shades_go_from_the_least_to_the_most_and_are_pale_where_nothing_differs() -> None:
    assert shades(np.array([1.0, 3.0, 2.0])).tolist() == [0, 1, 0.5]
    assert shades(np.array([2.0, 2.0])).tolist() == [0, 0]
    assert np.isnan(shades(np.array([np.nan, 1.0]))[0])
