"""Conversion: who may apply, how fast clocks run, when academies open and who is ordered."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.months import parse_month
from rsip_sim.model.rules import conversion

PRIMARY, SECONDARY, SPECIAL, OTHER = range(4)
log_rates = st.floats(-20.0, 5.0)


def one(value: float) -> np.ndarray:
    return np.array([value])


# who may apply


@pytest.mark.parametrize(
    ("month", "mainstream", "special"),
    [
        ("2010-08", 1, 0),
        ("2010-10", 1, 0),
        ("2010-11", 2, 0),
        ("2010-12", 2, 0),
        ("2011-01", 2, 2),
        ("2011-03", 2, 2),
        ("2011-04", 4, 4),
        ("2016-03", 4, 4),
    ],
)
def test_the_weakest_grade_that_may_apply_is_the_one_announced(month, mainstream, special):
    allowed = conversion.eligible_grades(parse_month(month))
    assert allowed[PRIMARY].sum() == allowed[SECONDARY].sum() == mainstream
    assert allowed[SPECIAL].sum() == special


@given(st.integers(parse_month("2009-01"), parse_month("2020-01")))
def test_nurseries_and_referral_units_never_may_and_nobody_loses_the_right(number):
    now, next_month = conversion.eligible_grades(number), conversion.eligible_grades(number + 1)
    assert not now[OTHER].any()
    assert (next_month >= now).all()
    # a better grade is never a bar
    assert (now[:, :-1] >= now[:, 1:]).all()


# multipliers

TYPES = np.array([[1.35], [0.6], [1.6], [0.8], [1.5], [0.95], [1.0]])


def test_voluntary_aided_primaries_wait_for_their_dioceses_until_july_2012():
    before = conversion.type_multipliers(TYPES, parse_month("2012-06"))
    after = conversion.type_multipliers(TYPES, parse_month("2012-07"))
    assert before[PRIMARY, 2, 0] == 0.6
    assert after[PRIMARY, 2, 0] == 1.6
    changed = np.argwhere(before != after)
    assert changed.tolist() == [[PRIMARY, 2, 0]]
    assert parse_month("2012-07") == conversion.JULY_2012


def test_community_and_special_schools_are_the_yardstick():
    table = conversion.type_multipliers(TYPES, parse_month("2011-04"))
    assert (table[:, 0] == 1.0).all()
    assert (table[SPECIAL] == 1.0).all()
    assert table[PRIMARY, 1:4, 0].tolist() == [1.35, 0.6, 0.8]
    assert table[SECONDARY, 1:4, 0].tolist() == [1.5, 0.95, 1.0]


def test_the_table_of_multipliers_has_a_cell_for_every_phase_and_governance_and_no_more():
    assert conversion.type_multipliers(TYPES, parse_month("2011-04")).shape == (4, 5, 1)


@given(st.integers(0, 100), st.integers(1, 100), st.floats(0.5, 3.0))
def test_the_share_effect_is_the_multiplier_for_every_ten_points(academies, schools, multiplier):
    effect = conversion.share_effect(np.array([academies]), np.array([schools]), one(multiplier))
    assert np.exp(effect[0]) == pytest.approx(multiplier ** (10.0 * academies / schools))


def test_the_share_effect_of_a_phase_without_schools_is_none():
    assert conversion.share_effect(np.array([0]), np.array([0]), one(1.35))[0] == 0.0


def test_a_phase_of_one_academy_is_wholly_academy():
    effect = conversion.share_effect(np.array([1]), np.array([1]), one(1.1))
    assert effect[0] == pytest.approx(10.0 * np.log(1.1))


def test_a_share_that_stops_everybody_does_so_without_complaint():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert conversion.share_effect(np.array([1]), np.array([2]), one(0.0))[0] == -np.inf


@given(st.floats(1.0, 1500.0), st.floats(1.0, 1500.0), st.floats(0.0, 0.8))
def test_more_money_than_the_national_path_speeds_conversion_with_its_elasticity(own, path, power):
    effect = conversion.money_effect(one(own), path, one(power))[0]
    assert np.exp(effect) == pytest.approx((own / path) ** power)
    assert conversion.money_effect(one(path), path, one(power))[0] == 0.0
    assert conversion.money_effect(one(np.nan), path, one(power))[0] == 0.0


@given(st.floats(0.3, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_the_better_a_member_is_served_the_more_it_is_held_back(multiplier, a, b):
    worse, better = sorted((a, b))
    low, high = conversion.brake(np.array([worse, better]), one(0.6), one(multiplier))
    assert high <= low <= 0.0
    assert conversion.brake(one(0.6), one(0.6), one(multiplier))[0] == pytest.approx(
        np.log(multiplier)
    )


def test_a_member_that_gets_nothing_is_not_held_back():
    assert conversion.brake(one(0.0), one(0.6), one(0.7))[0] == 0.0


# the clock


@given(log_rates, log_rates)
def test_a_higher_rate_advances_the_clock_further_and_never_back(low, high):
    low, high = sorted((low, high))
    slow, fast = conversion.clock_increment(np.array([low, high]))
    assert 0.0 < slow <= fast


def test_a_school_that_cannot_apply_has_a_clock_that_stands_still():
    assert conversion.clock_increment(one(-np.inf))[0] == 0.0


@given(st.floats(-12.0, 2.0))
def test_the_chance_to_apply_at_a_meeting_is_the_odds_rate(log_rate):
    # a unit-exponential threshold is passed with chance 1 − e^−step = rate ÷ (1 + rate)
    step = conversion.clock_increment(one(log_rate))[0]
    rate = np.exp(log_rate)
    assert -np.expm1(-step) == pytest.approx(rate / (1.0 + rate))


# the pipeline


@given(st.integers(-8, 120), st.floats(0.0, 40.0))
def test_an_academy_opens_on_the_next_first_of_the_month_and_never_in_the_month_it_applies(t, wait):
    opening = int(conversion.opening_month(np.array([t]), one(wait))[0])
    assert opening > t
    assert opening >= t + wait
    assert opening < t + max(wait, 0.001) + 1.0


@given(st.integers(0, 60), st.integers(parse_month("2011-04"), parse_month("2013-04")))
def test_only_openings_a_month_before_april_or_september_are_pulled_and_by_one_month(
    opening, start
):
    drawn = conversion.pulled(np.array([opening]), start, np.array([True]))[0]
    moved = drawn - opening
    following = (opening + 1 + start) % 12 + 1
    assert moved == (1 if following in (4, 9) else 0)
    assert conversion.pulled(np.array([opening]), start, np.array([False]))[0] == opening


def test_half_the_applications_take_longer_than_the_median():
    scores = np.array([-1.6449, 0.0, 1.6449])
    months = conversion.pipeline_months(scores, np.full(3, 6.0), np.full(3, 0.35))
    assert months[1] == pytest.approx(6.0)
    assert months[0] == pytest.approx(6.0 * np.exp(-0.35 * 1.6449))
    assert months[2] == pytest.approx(6.0 * np.exp(0.35 * 1.6449))


@given(st.floats(0.0, 60.0))
def test_where_only_the_opening_is_known_it_took_the_median_to_the_nearest_month(median):
    assert abs(conversion.usual_pipeline(one(median))[0] - median) <= 0.5


def test_orders_take_nine_to_twelve_months_in_equal_numbers():
    months = conversion.order_months((np.arange(1000) + 0.5) / 1000)
    assert np.bincount(months, minlength=13)[9:].tolist() == [250] * 4
    assert conversion.order_months(one(1.0 - 2.0**-53))[0] == 12


def test_months_are_whole_numbers_whatever_the_durations():
    for months in (
        conversion.opening_month(np.array([3]), one(6.2)),
        conversion.order_months(one(0.3)),
    ):
        assert months.dtype == np.int64


# orders


@given(st.integers(0, 3), st.integers(1, 4))
def test_only_schools_below_good_in_a_phase_that_converts_are_at_risk_of_an_order(phase, grade):
    rate = conversion.order_rate(
        np.array([phase]), np.array([grade]), one(0.026), one(0.005), one(0.0165)
    )[0]
    if phase == OTHER or grade < 3:
        assert rate == 0.0
    elif grade == 4:
        assert rate == 0.026
    else:
        assert rate == {PRIMARY: 0.005, SECONDARY: 0.0165, SPECIAL: 0.0}[phase]


def test_conversion_is_quickened_from_the_month_of_the_end_for_so_many_months():
    since = np.array([-30_000, -1, 0, 23, 24])
    holds = conversion.rebound_holds(since, np.full(5, 24.0))
    assert holds.tolist() == [False, False, True, True, False]
