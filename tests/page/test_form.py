"""The form has every lever with unit, range and what it is, and offers what is accepted."""

from __future__ import annotations

import pytest

from rsip_sim.page.form import Field, fields
from rsip_sim.scenario.changing import value_problems
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.reading import Document, scalar

NUMBERS = [each for each in fields() if each.kind == "number"]


def refused(path: str, value: object) -> list[object]:
    return [*value_problems(path, value, Document(), (path,))]


def test_every_lever_is_on_the_form_once_those_that_matter_first() -> None:
    assert sorted(each.path for each in fields()) == sorted(LEVERS)
    ranks = [each.rank for each in fields()]
    assert ranks == sorted(ranks)
    assert all(each.label and each.what for each in fields())


@pytest.mark.parametrize("field", NUMBERS, ids=lambda each: each.path)
def test_a_number_says_its_unit_its_bounds_and_the_range_met_in_evidence(field: Field) -> None:
    assert field.unit
    assert field.accepted
    assert field.evidence


@pytest.mark.parametrize("field", NUMBERS, ids=lambda each: each.path)
def test_a_slider_reaches_over_the_evidence_and_offers_only_what_is_accepted(field: Field) -> None:
    slider, limits = field.slider(), range_of(field.path)
    assert slider
    assert limits
    assert slider.low <= max(limits.low, slider.step)
    assert limits.high <= slider.high
    assert not refused(field.path, slider.low)
    assert not refused(field.path, slider.high)
    assert not refused(field.path, slider.low + slider.step)


def test_a_slider_reaches_a_value_far_from_the_evidence_and_no_value_that_is_refused() -> None:
    length = next(each for each in fields() if each.path == "agreement.length_months")
    assert length.slider(120).high == 120
    assert length.slider(900).high == length.slider().high


def test_every_choice_of_a_list_is_accepted_and_a_table_is_left_to_the_file() -> None:
    for field in fields():
        for value, words in field.choices:
            assert words
            assert not refused(field.path, scalar(value)), (field.path, value)
    files = {each.path for each in fields() if each.kind == "file"}
    assert files == {"climate.opening_pct_per_month", "cohesion.weights"}


def test_whole_numbers_of_which_only_some_are_accepted_are_a_list() -> None:
    reviews = next(each for each in fields() if each.path == "agreement.reviews_per_year")
    assert [value for value, _ in reviews.choices] == ["1", "2", "3", "4", "6", "12"]
