"""Inspection: chances that sum to 1, tilted by support the right way, at the published rates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.register import load_register
from rsip_sim.model.rules import inspection

REGISTER = load_register()
MATRIX = np.stack([np.array(REGISTER[f"regrade_from_{grade}"].value) for grade in (1, 2, 3, 4)])
RATES = np.array(REGISTER["inspection_rate"].value)
grades = st.integers(1, 4)
shares = st.floats(0.0, 1.0)
falls = st.floats(0.4, 1.0)
leaves = st.floats(0.9, 1.8)
effects = st.floats(0.05, 40.0)


def chances(
    grade: int,
    adequacy: float,
    fall: float = 0.75,
    leave: float = 1.2,
    effect: float = 1.0,
    up: float = 1.2,
):
    cell = inspection.grade_chances(
        np.array([grade]),
        np.array([adequacy]),
        MATRIX,
        np.array([fall]),
        np.array([leave]),
        np.array([up]),
        np.array([effect]),
        np.array([0.8]),
    )
    return cell[:, 0]


@given(grades, shares, falls, leaves, effects, st.floats(0.0, 5.0))
def test_the_four_chances_are_chances_and_sum_to_1(grade, adequacy, fall, leave, effect, up):
    found = chances(grade, adequacy, fall, leave, effect, up)
    assert found.sum() == pytest.approx(1.0)
    assert (found >= 0.0).all()


@given(grades)
def test_a_typical_authority_with_the_reference_support_has_the_published_matrix(grade):
    np.testing.assert_allclose(chances(grade, 0.8), MATRIX[grade - 1], atol=1e-12)


@given(grades, shares, shares, falls, st.floats(1.0, 1.8), effects)
def test_better_support_never_makes_category_4_more_likely(grade, a, b, fall, leave, effect):
    worse, better = sorted((a, b))
    low, high = (
        chances(grade, worse, fall, leave, effect),
        chances(grade, better, fall, leave, effect),
    )
    assert high[3] <= low[3] + 1e-12
    assert (high[:2] >= low[:2] - 1e-12).all()


@given(shares, shares, falls, effects, st.floats(1.0, 5.0))
def test_support_lifts_schools_out_of_grade_3_and_those_of_no_other_grade(a, b, fall, effect, up):
    worse, better = sorted((a, b))
    low = chances(3, worse, fall, effect=effect, up=up)
    high = chances(3, better, fall, effect=effect, up=up)
    assert high[0] + high[1] >= low[0] + low[1] - 1e-12
    assert high[0] / high[1] == pytest.approx(low[0] / low[1])
    for grade in (1, 2, 4):
        np.testing.assert_array_equal(chances(grade, a, up=up), chances(grade, a, up=1.0))


def test_as_many_rise_from_grade_3_as_do_not_fall_and_no_more():
    found = chances(3, 1.0, up=1e12)
    assert found[2] == 0.0
    assert found[3] == pytest.approx(chances(3, 1.0)[3])
    assert found.sum() == pytest.approx(1.0)


def test_the_ratio_of_rising_is_that_between_full_and_no_support():
    full, none = chances(3, 1.0, fall=1.0), chances(3, 0.0, fall=1.0)
    assert (full[0] + full[1]) / (none[0] + none[1]) == pytest.approx(1.2)


@given(st.integers(1, 3), st.floats(1.0, 40.0))
def test_an_authority_where_schools_fall_often_has_more_in_category_4_but_never_all(grade, effect):
    worse = chances(grade, 0.5, effect=effect)
    assert worse[3] >= chances(grade, 0.5)[3]
    assert worse[3] <= inspection.FALL_CAP + 1e-12


@given(st.integers(1, 3), shares)
def test_between_full_and_no_support_lies_the_whole_ratio(grade, adequacy):
    ratio = chances(grade, 1.0)[3] / chances(grade, 0.0)[3]
    assert ratio == pytest.approx(0.75)
    out = (1.0 - chances(4, 1.0)[3]) / (1.0 - chances(4, 0.0)[3])
    assert out == pytest.approx(1.2, rel=0.01)


def test_no_support_is_so_good_that_more_than_all_leave_category_4():
    found = chances(4, 1.0, leave=1e6)
    assert found[3] == 0.0
    assert found.sum() == pytest.approx(1.0)


@pytest.mark.filterwarnings("error")
@given(grades, st.floats(0.0, 0.79))
def test_ratios_of_nought_below_the_reference_tilt_up_to_the_caps_without_complaint(
    grade, adequacy
):
    found = chances(grade, adequacy, fall=0.0, leave=0.0, up=0.0)
    assert found[3] == pytest.approx(0.0 if grade == 4 else 0.9)
    assert found.sum() == pytest.approx(1.0)


@given(grades, st.floats(0.0, 30.0))
def test_the_date_is_the_first_month_whose_summed_rate_passes_the_threshold(grade, threshold):
    months = int(
        inspection.months_to_inspection(np.array([threshold]), np.array([grade]), RATES)[0]
    )
    rate = RATES[grade - 1]
    assert months >= 1
    assert months * rate >= threshold * (1.0 - 1e-12)
    assert months == 1 or (months - 1) * rate < threshold


def test_an_inspection_beyond_any_run_still_has_a_month_and_it_is_not_never():
    months = inspection.months_to_inspection(np.array([1e9]), np.array([1]), RATES)
    assert months.dtype == np.int64
    assert months[0] == inspection.NEVER - 1


def test_the_worse_the_grade_the_sooner_ofsted_comes():
    months = inspection.months_to_inspection(np.full(4, 0.9), np.arange(1, 5), RATES)
    assert (np.diff(months) < 0).all()


@given(st.floats(1e-9, 1.0), grades, shares)
def test_the_grade_found_follows_the_chances(uniform, grade, adequacy):
    found = chances(grade, adequacy)[:, None]
    result = int(inspection.regraded(np.array([uniform]), found)[0])
    cumulative = np.cumsum(found[:, 0])
    assert 1 <= result <= 4
    if result < 4:
        assert uniform <= cumulative[result - 1] + 1e-12
    assert result == 1 or uniform > cumulative[result - 2] - 1e-12


def test_the_grades_of_the_start_come_in_the_shares_of_rotherham():
    shares_given = np.array(REGISTER["start_grade_shares"].value)
    uniform = (np.arange(100_000) + 0.5) / 100_000
    drawn = inspection.start_grades(uniform, shares_given)
    np.testing.assert_allclose(np.bincount(drawn, minlength=5)[1:] / 1e5, shares_given, atol=1e-4)


def test_shares_of_grades_that_do_not_sum_to_1_count_in_proportion():
    uniform = (np.arange(1000) + 0.5) / 1000
    given = np.array([1.0, 4.0, 4.0, 1.0])
    drawn = inspection.start_grades(uniform, given)
    assert np.bincount(drawn, minlength=5)[1:].tolist() == [100, 400, 400, 100]


@pytest.mark.parametrize("grade", [1, 2, 3])
def test_a_draw_of_exactly_the_cumulative_chance_still_finds_the_better_grade(grade):
    quarters = np.full(4, 0.25)
    exactly = np.array([0.25 * grade])
    assert inspection.start_grades(exactly, quarters).tolist() == [grade]
    assert inspection.regraded(exactly, quarters[:, None]).tolist() == [grade]


def test_grades_are_kept_in_a_byte_each():
    quarters = np.full(4, 0.25)
    half = np.array([0.5])
    assert inspection.start_grades(half, quarters).dtype == np.int8
    assert inspection.regraded(half, quarters[:, None]).dtype == np.int8
