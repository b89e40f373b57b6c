"""Support: no day is served twice, none beyond need, and more days never leave anybody worse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.model.rules import support

amounts = st.one_of(st.just(0.0), st.floats(0.01, 200.0))
need = st.lists(amounts, min_size=4, max_size=4)
days = st.floats(0.0, 600.0)
shares = st.floats(0.0, 1.0)


def one(value: float) -> np.ndarray:
    return np.array([value])


def served(days_a_month: float, unmet: list[float], weakest_first: float = 0.5) -> np.ndarray:
    found = support.served_fractions(
        one(days_a_month), np.array(unmet)[:, None], one(weakest_first)
    )
    return found[:, 0]


@given(days, need, shares)
def test_what_is_served_is_neither_more_than_supply_nor_more_than_need(supply, unmet, first):
    fractions = served(supply, unmet, first)
    assert (fractions >= 0.0).all()
    assert (fractions <= 1.0).all()
    assert fractions @ np.array(unmet) <= supply * (1.0 + 1e-12) + 1e-9


@given(days, days, need)
def test_more_days_never_leave_any_grade_with_less(a, b, unmet):
    few, many = sorted((a, b))
    assert (served(many, unmet) >= served(few, unmet) - 1e-12).all()


@given(days, need)
def test_schools_in_category_are_served_first_and_the_good_last_but_not_left_out(supply, unmet):
    outstanding, good, third, fourth = served(supply, unmet)
    assert fourth >= third - 1e-12
    assert third >= good - 1e-12
    assert outstanding == good
    if supply > 1e-6 * sum(unmet) > 0.0:
        assert good > 0.0


@given(need.filter(lambda unmet: sum(unmet) > 1.0))
def test_twice_the_need_meets_all_of_it(unmet):
    np.testing.assert_allclose(served(2.0 * sum(unmet) * (1.0 + 1e-9), unmet), 1.0)


def test_without_days_nobody_is_served_and_without_need_nobody_goes_short():
    assert served(0.0, [10.0, 10.0, 10.0, 10.0]).tolist() == [0.0] * 4
    assert served(0.0, [0.0] * 4).tolist() == [0.0] * 4
    assert served(5.0, [0.0] * 4).tolist() == [1.0] * 4


def test_less_than_a_day_is_enough_for_nobody_in_need():
    with np.errstate(all="raise"):
        assert served(0.5, [0.0] * 4).tolist() == [1.0] * 4


def test_half_goes_pro_rata_and_half_in_order_of_priority():
    # 40 days for 100 of need: 20 pro rata serve a fifth of everything; of the other 20,
    # category 4 (8 left unmet) takes 8, grade 3 (24 left) the remaining 12
    fractions = served(40.0, [30.0, 30.0, 30.0, 10.0])
    np.testing.assert_allclose(fractions, [0.2, 0.2, 0.2 + 0.8 * 12.0 / 24.0, 1.0])


@given(days, need, shares, shares)
def test_the_more_goes_to_the_weakest_first_the_less_the_good_get(supply, unmet, a, b):
    less, more = sorted((a, b))
    assert served(supply, unmet, more)[0] <= served(supply, unmet, less)[0] + 1e-9
    assert served(supply, unmet, more)[3] >= served(supply, unmet, less)[3] - 1e-9


@given(st.floats(0.0, 90.0))
def test_at_either_end_all_goes_by_need_or_all_by_priority(supply):
    unmet = [30.0, 30.0, 30.0, 10.0]
    np.testing.assert_allclose(served(supply, unmet, 0.0), min(supply / 100.0, 1.0))
    strictly = served(supply, unmet, 1.0)
    assert strictly[3] == pytest.approx(min(supply / 10.0, 1.0))
    assert strictly[0] == pytest.approx(np.clip((supply - 40.0) / 60.0, 0.0, 1.0), abs=1e-12)


@given(days, need, st.floats(0.1, 10.0))
def test_twice_the_district_with_twice_the_days_is_served_alike(supply, unmet, factor):
    larger = served(supply * factor, [factor * value for value in unmet])
    np.testing.assert_allclose(larger, served(supply, unmet), atol=1e-9)


# where the days come from


@given(st.floats(0.0, 2e7), st.floats(0.0, 0.3))
def test_capacity_building_costs_days_in_schools_in_step(budget, capacity):
    assert support.in_school_share(one(0.2), one(0.1), one(0.1))[0] == pytest.approx(0.2)
    share = support.in_school_share(one(0.2), one(capacity), one(0.1))
    assert share[0] == pytest.approx(0.2 * (1.0 - capacity) / 0.9)
    a_month = support.ses_days(one(budget), one(0.0), share, one(60_000.0), one(200.0))[0]
    assert a_month == pytest.approx(budget / 60_000.0 * 200.0 * share[0] / 12.0)


@given(st.floats(0.0, 2e6), st.floats(0.0, 2e6))
def test_the_core_of_the_service_gives_schools_no_days(budget, core):
    a_month = support.ses_days(one(budget), one(core), one(0.27), one(60_000.0), one(200.0))[0]
    above = max(budget - core, 0.0)
    assert a_month == pytest.approx(above / 60_000.0 * 200.0 * 0.27 / 12.0)


@given(st.integers(0, 50_000), st.floats(0.0, 40.0))
def test_delegated_money_buys_days_at_the_market_price(pupils, per_pupil):
    bought = support.delegated_days(np.array([pupils]), one(per_pupil), one(0.4), one(600.0))[0]
    assert bought * 12.0 * 600.0 == pytest.approx(pupils * per_pupil * 0.4)


@given(st.floats(0.0, 1e7), st.floats(0.0, 1e7), st.floats(0.25, 0.5))
def test_a_larger_fund_buys_more_and_a_small_one_loses_its_fixed_cost_in_step(a, b, share):
    small, large = sorted((a, b))

    def monthly(fund: float) -> float:
        return float(support.fund_for_days(one(fund), one(1e5), one(7.5e5), one(share))[0])

    assert monthly(0.0) == 0.0
    assert 0.0 <= monthly(small) <= monthly(large)
    assert monthly(7.5e5) == pytest.approx(6.5e5 * share / 12.0)
    assert monthly(7.5e5 - 1.0) == pytest.approx(monthly(7.5e5), rel=1e-4)  # no cliff
    assert monthly(large) * 12.0 <= large * share + 1e-6
    assert monthly(2e6) == pytest.approx(1.9e6 * share / 12.0)  # the fixed cost is fixed


@given(shares, st.floats(0.0, 0.3))
def test_lead_schools_offer_more_with_capacity_building_up_to_a_ceiling(start, capacity):
    share = one(start)
    for _ in range(400):
        share = support.lead_share(share, capacity, one(0.1), one(0.3), one(0.3), one(18.0))
        assert 0.0 <= share[0] <= 1.0
    assert share[0] == pytest.approx(0.3 + 0.3 * min(capacity / 0.1, 2.0), abs=1e-6)


def test_half_the_way_to_the_target_takes_the_time_constant():
    share = one(0.3)
    for _ in range(18):
        share = support.lead_share(share, 0.1, one(0.1), one(0.3), one(0.3), one(18.0))
    assert share[0] == pytest.approx(0.6 - 0.3 * np.exp(-1.0))


# adequacy

grade_fractions = st.lists(shares, min_size=4, max_size=4)


@given(grade_fractions, grade_fractions, shares)
def test_members_have_service_and_fund_the_others_the_service_alone(ses, fund, buy_back):
    service, partnership = np.array(ses)[:, None], np.array(fund)[:, None]
    by_service = support.served_by_the_service(service, one(buy_back))
    given_ = support.institutional(by_service, partnership)
    assert given_.shape == (4, 2, 2, 1)
    assert ((given_ >= 0.0) & (given_ <= 1.0 + 1e-12)).all()
    np.testing.assert_array_equal(given_[:, 0, 0], service)
    np.testing.assert_array_equal(given_[:, 1, 0], buy_back * service)
    left = 1.0 - given_[:, :, 0]
    np.testing.assert_allclose(1.0 - given_[:, :, 1], left * (1.0 - partnership[:, None]))


@given(shares, st.floats(0.0, 50.0), st.floats(0.1, 50.0), shares)
def test_a_school_tops_up_what_it_is_given_to_what_the_market_offers(given_, bought, need, market):
    def table(value: float) -> np.ndarray:
        return np.full((4, 2, 2, 1), value)

    found = support.received(table(given_), table(bought), table(need), one(market))
    assert found == pytest.approx(max(min(given_ + bought / need, 1.0), market))


def test_a_class_without_schools_buys_nothing():
    nobody = np.zeros((4, 2, 2, 1))
    assert (support.received(nobody + 0.3, nobody, nobody, one(0.2)) == 0.3).all()


@given(shares, shares, st.floats(0.0, 0.99))
def test_no_more_than_all_days_are_spent_in_schools(base, capacity, reference):
    """Even where less capacity is built than the share was found with."""
    assert 0.0 <= support.in_school_share(one(base), one(capacity), one(reference))[0] <= 1.0


def test_where_the_reference_builds_no_capacity_some_counts_twice_and_none_adds_nothing():
    def target(capacity: float) -> float:
        share = support.lead_share(one(0.2), one(capacity), one(0.0), one(0.2), one(0.3), one(1e-9))
        return float(share[0])

    assert target(0.0) == 0.2
    assert target(0.001) == target(0.5) == pytest.approx(0.2 + 2 * 0.3)
