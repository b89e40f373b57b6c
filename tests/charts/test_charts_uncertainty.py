"""Charts of uncertainty: legible with ordinary and with awkward data, told in words."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import pytest

from rsip_sim.charts.frame import Chart
from rsip_sim.charts.scales import signed_tick
from rsip_sim.studies.sensitivity.tornado_chart import sensitivity_tornado
from tests.fakes.sheets import LONG, check_sheet, words_on
from tests.fakes.uncertain_studies import same_study, town_study


def titled(found):
    """The study with a scenario of a long title."""
    return replace(
        found, pair=replace(found.pair, scenario=replace(found.pair.scenario, title=LONG))
    )


def many(found):
    """The study told of in more metrics than a page has room for."""
    return replace(found, told=tuple(found.pair.metrics))


MADE: dict[str, Callable[[], Chart]] = {
    "tornado": lambda: sensitivity_tornado(town_study()),
    "tornado with a long title": lambda: sensitivity_tornado(titled(town_study())),
    "tornado of all headlines": lambda: sensitivity_tornado(many(town_study())),
    "tornado of no difference": lambda: sensitivity_tornado(same_study()),
}


@functools.cache
def made(name: str) -> Chart:
    return MADE[name]()


@pytest.mark.parametrize("name", MADE)
def test_nothing_is_cut_off_or_overlaps_and_the_chart_is_told_in_words(name: str) -> None:
    check_sheet(made(name))


def test_the_chart_shows_luck_beside_the_inputs_and_its_message_says_which_leads() -> None:
    chart, found = made("tornado"), town_study()
    rows = " ".join(text.get_text() for text, _ in words_on(chart) if text.get_gid() == "row")
    assert "luck" in rows
    at = found.outcome(1, found.clearest)
    leading = found.clear(at)[0]
    lucky = found.indices.apart[at, 0] > found.indices.first[at, leading, 0]
    assert chart.title.startswith("Luck makes more") == bool(lucky)
    assert "share of the spread alone: " in chart.alt


def test_where_nothing_differs_the_chart_says_so() -> None:
    chart = made("tornado of no difference")
    assert chart.title.endswith("is the same in every future")
    assert "the same in every future" in chart.alt


def test_measures_that_found_no_room_on_the_page_are_said_to_be_in_the_table() -> None:
    written = " ".join(text.get_text() for text, _ in words_on(made("tornado of all headlines")))
    assert "In the table beside this: " in written
    assert "In the table beside this: " not in " ".join(
        text.get_text() for text, _ in words_on(made("tornado"))
    )


def test_luck_is_told_apart_from_inputs_without_colour() -> None:
    hatched = {patch.get_hatch() for axes in made("tornado").figure.axes for patch in axes.patches}
    assert hatched == {None, "////"}


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0"), (0.5, "+0.5"), (-0.25, "−0.25"), (1e-15, "0")]
)
def test_a_difference_on_an_axis_has_its_sign(value: float, words: str) -> None:
    assert signed_tick(value) == words
