"""Money: whole pence that balance, a service that shrinks, guarantees that cost something."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.months import parse_month
from rsip_sim.model.rules import money

pounds = st.integers(0, 20_000_000)
shares = st.floats(0.0, 1.0)


def one(value: float) -> np.ndarray:
    return np.array([value])


def pence(value: int) -> np.ndarray:
    return np.array([value * 100], dtype=np.int64)


@given(st.floats(100.0, 20_000.0), st.floats(1000.0, 20_000.0))
def test_units_scale_with_the_grant_and_are_whole_pence(unit, level):
    scaled = money.unit_pence(unit, level, 4700.0)
    assert scaled.dtype == np.int64
    assert scaled == pytest.approx(unit * level / 47.0, abs=0.5 + 1e-6)
    assert money.unit_pence(unit, 4700.0, 4700.0) == pytest.approx(unit * 100.0, abs=0.5 + 1e-6)


@given(st.integers(1, 2_000_000))
def test_an_academy_is_recouped_at_its_whole_unit_when_the_factor_is_1(unit):
    assert money.recouped_unit_pence(np.array([unit]), np.array([1.0]))[0] == unit


@pytest.mark.parametrize(
    ("month", "primary", "secondary"),
    [
        ("2011-04", 302.0, 318.0),
        ("2012-08", 302.0, 318.0),
        ("2012-09", 302.0 * 0.925, 318.0 * 0.925),
        ("2013-08", 302.0 * 0.925, 318.0 * 0.925),
        ("2013-09", 150.0, 150.0),
        ("2014-09", 140.0, 140.0),
        ("2015-09", 87.0, 87.0),
        ("2016-09", 77.0, 77.0),
        ("2017-08", 77.0, 77.0),
        ("2017-09", 77.0, 77.0),  # the grant ended; its last rate holds, for the ratio to it
        ("2025-01", 77.0, 77.0),
    ],
)
def test_service_money_follows_the_published_rates(month, primary, secondary):
    number = parse_month(month)
    assert money.service_money_gbp(number, secondary=False) == pytest.approx(primary)
    assert money.service_money_gbp(number, secondary=True) == pytest.approx(secondary)


@given(pounds, st.floats(0.0, 1.0), shares, st.integers(0, 9_999), st.integers(0, 9_999))
def test_cuts_and_departures_shrink_the_service_and_never_below_nought(base, index, v, few, many):
    few, many = sorted((few, many))
    left = np.array([0, few, many]) / 10_000
    path = money.ses_path_pence(pence(base), np.full(3, index), np.full(3, v), left)
    assert 0 <= path[2] <= path[1] <= path[0] <= base * 100
    assert path[0] == pytest.approx(base * 100 * index, abs=0.5)


def test_the_service_loses_its_share_of_the_pupils_who_left():
    path = money.ses_path_pence(pence(2_000_000), one(0.81), one(0.6), one(0.1))
    assert path[0] == round(200_000_000 * 0.81 * (1 - 0.6 * 0.1))


@given(pounds, pounds, pounds)
def test_a_guarantee_is_taken_from_the_service_down_to_its_core_and_the_rest_is_overspend(
    path, guarantee, core
):
    ses, overspend = money.guaranteed_ses(pence(path), pence(guarantee), pence(core))
    assert ses[0] + guarantee * 100 - overspend[0] == path * 100
    assert overspend[0] >= 0
    assert ses[0] >= min(path, core) * 100
    if guarantee <= path - core:
        assert overspend[0] == 0


@given(pounds, st.integers(1, 50_000), shares)
def test_what_is_pooled_again_follows_the_pupils_who_stay(line, then, staying):
    now = round(then * staying)
    pooled = money.dedelegated_pence(pence(line), np.array([now]), np.array([then]))[0]
    assert 0 <= pooled <= line * 100
    assert pooled == pytest.approx(line * 100 * now / then, abs=0.51)
    whole = money.dedelegated_pence(pence(line), np.array([then]), np.array([then]))[0]
    assert whole == line * 100


@pytest.mark.parametrize(("line", "even"), [(29, 14), (115, 58), (225, 112)])
def test_half_a_penny_that_is_pooled_again_goes_to_the_even_one(line, even):
    pooled = money.dedelegated_pence(np.array([line]), np.array([7]), np.array([14]))[0]
    assert pooled == even


def test_without_maintained_pupils_nothing_is_pooled_again():
    assert money.dedelegated_pence(pence(100), np.array([0]), np.array([0]))[0] == 0


def test_the_fund_keeps_the_market_price_less_what_the_lead_school_is_paid():
    assert money.sold_pence(one(2.0), one(600.0), one(250.0))[0] == 2 * 12 * 350 * 100


@given(st.floats(0.0, 1e8))
def test_pounds_become_the_nearest_penny(amount):
    assert money.to_pence(amount) == pytest.approx(amount * 100.0, abs=0.5 + 1e-6)


def test_every_sum_of_money_is_a_whole_number_of_pence():
    sums = (
        money.recouped_unit_pence(np.array([470_000]), np.array([1.01])),
        money.ses_path_pence(pence(1_000), one(0.9), one(0.6), one(0.1)),
        money.dedelegated_pence(pence(750_000), np.array([9]), np.array([10])),
        *money.guaranteed_ses(pence(2_000_000), pence(750_000), pence(100_000)),
        money.sold_pence(one(1.5), one(600.0), one(250.0)),
        money.to_pence(3.5),
    )
    assert {each.dtype for each in sums} == {np.dtype(np.int64)}


def test_nobody_can_leave_a_council_without_schools():
    assert money.left_share(np.array([0]), 0)[0] == 0.0
