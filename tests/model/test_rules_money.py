"""Money: whole pence that balance, envelopes that shrink, guarantees that hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.months import parse_month
from rsip_sim.model.rules import money

pounds = st.integers(0, 20_000_000)


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
        ("2025-01", 77.0, 77.0),
    ],
)
def test_service_money_follows_the_published_rates(month, primary, secondary):
    number = parse_month(month)
    assert money.service_money_gbp(number, secondary=False) == pytest.approx(primary)
    assert money.service_money_gbp(number, secondary=True) == pytest.approx(secondary)


@pytest.mark.parametrize(
    ("month", "rate"),
    [
        ("2011-04", 116),
        ("2014-03", 116),
        ("2014-04", 113),
        ("2015-04", 87),
        ("2016-04", 77),
        ("2020-01", 77),
    ],
)
def test_what_the_council_loses_follows_the_published_rates(month, rate):
    assert money.council_loss_gbp(parse_month(month)) == rate


@given(
    pounds, st.floats(0.0, 1.0), st.floats(0.0, 0.3), st.integers(0, 50_000), st.integers(0, 50_000)
)
def test_cuts_and_departures_shrink_the_envelope_but_never_below_nought(
    base, index, share, few, many
):
    few, many = sorted((few, many))
    envelope = money.envelope_pence(
        base * 100, index, 116.0, np.array([share, share]), np.array([few, many])
    )
    assert 0 <= envelope[1] <= envelope[0] <= base * 100


def test_the_envelope_is_cut_by_its_index_and_the_share_of_what_was_lost():
    envelope = money.envelope_pence(275_000_000, 0.915, 116.0, np.array([0.1]), np.array([1000]))
    assert envelope[0] == round(275_000_000 * 0.915 - 0.1 * 11_600 * 1000)


@given(pounds, pounds, st.floats(0.0, 1.0))
def test_a_line_without_guarantee_keeps_its_share_of_the_envelope(earmark, rest, index):
    base = (earmark + rest) * 100
    envelope = np.array([round(base * index)], dtype=np.int64)
    line = money.line_pence(earmark * 100, envelope, base)[0]
    assert 0 <= line <= envelope[0]
    if base:
        assert line == pytest.approx(earmark * 100 * envelope[0] / base, abs=0.5 + 1e-6)


@given(pounds, pounds, pounds)
def test_a_guarantee_is_paid_whole_and_what_it_breaks_is_overspend(envelope, earmark, floor):
    promised, ses, overspend = money.guaranteed_budget(pence(envelope), earmark * 100, pence(floor))
    assert promised[0] == earmark * 100
    assert ses[0] >= floor * 100
    assert overspend[0] >= 0
    spent = promised[0] + ses[0]
    assert (
        spent == max(envelope * 100, spent)
        if overspend[0] == 0
        else spent - overspend[0] == envelope * 100
    )
    if envelope - earmark >= floor:
        assert overspend[0] == 0
        assert spent == envelope * 100


@given(pounds, pounds)
def test_pressure_is_a_share_and_never_beyond_its_cap(earmark, envelope):
    value = money.pressure(pence(earmark), pence(envelope))[0]
    assert 0.0 <= value <= money.PRESSURE_CAP
    if envelope and earmark / envelope < money.PRESSURE_CAP:
        assert value == pytest.approx(earmark / envelope)


@given(st.floats(0.0, 1e8))
def test_pounds_become_the_nearest_penny(amount):
    assert money.to_pence(amount) == pytest.approx(amount * 100.0, abs=0.5 + 1e-6)


def test_a_budget_of_a_single_penny_is_all_earmark():
    penny = np.array([1], dtype=np.int64)
    assert money.pressure(penny, penny)[0] == 1.0


def test_every_sum_of_money_is_a_whole_number_of_pence():
    sums = (
        money.recouped_unit_pence(np.array([470_000]), np.array([1.01])),
        money.envelope_pence(1_000_000, 0.915, 116.0, np.array([0.1]), np.array([10])),
        money.line_pence(75_000_000, pence(2_000_000), 275_000_000),
        money.line_pence(75_000_000, pence(2_000_000), 0),
        *money.guaranteed_budget(pence(2_000_000), 75_000_000, pence(100_000)),
        money.to_pence(3.5),
    )
    assert {each.dtype for each in sums} == {np.dtype(np.int64)}
