"""The national climate: openings are looked up months ahead, and paths keep their variance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.evidence.national import opening_hazard
from rsip_sim.model.rules import climate

rates = st.floats(0.0, 0.2)


@given(st.integers(-30, 90))
def test_the_series_is_nought_before_it_begins_and_holds_its_last_year_after_it_ends(position):
    series = np.arange(3 * 40, dtype=float).reshape(3, 40)
    value = climate.series_at(series, 1000, 1000 + position)
    if position < 0:
        assert (value == 0.0).all()
    elif position < 40:
        np.testing.assert_array_equal(value, series[:, position])
    else:
        np.testing.assert_allclose(value, series[:, 28:].mean(axis=1))


def test_the_flat_rate_is_the_mean_of_the_winter_before_and_of_nothing_later():
    series = opening_hazard()
    winter = (2010 * 12 + 8, 2011 * 12 + 2)
    flat = climate.flat_hazard(series.converter, series.first, winter)
    known = series.converter[:, : winter[1] - series.first + 1]
    np.testing.assert_allclose(flat[:2], known[:2].mean(axis=1))
    later = series.converter.copy()
    later[:, known.shape[1] :] = 9.9
    np.testing.assert_array_equal(flat, climate.flat_hazard(later, series.first, winter))
    assert (flat > 0.0).all()


def test_special_schools_have_their_own_flat_rate_unless_none_opened():
    series = np.array([[0.01, 0.03], [0.2, 0.2], [0.001, 0.003]])
    np.testing.assert_allclose(climate.flat_hazard(series, 100, (100, 101)), [0.02, 0.2, 0.002])
    series[2] = 0.0
    np.testing.assert_allclose(climate.flat_hazard(series, 100, (100, 101)), [0.02, 0.2, 0.02])


def test_the_surge_lasts_from_the_seventh_month_for_a_year():
    factors = [climate.surge_factor(month) for month in range(-8, 40)]
    assert [month - 8 for month, factor in enumerate(factors) if factor != 1.0] == list(
        range(6, 18)
    )
    assert set(factors) == {1.0, 3.0}


@given(st.lists(rates, min_size=4, max_size=4), st.floats(0.1, 3.0), st.floats(0.0, 0.5))
def test_applications_are_the_openings_to_come_and_the_withdrawals_on_top(window, kappa, withdrawn):
    values = np.array(window)[:, None, None]
    rate = climate.application_rate(values, np.array([[kappa]]), np.array([withdrawn]))
    # four months of a meeting's interval, of which the share not withdrawn opens
    assert rate[0, 0] * (1.0 - withdrawn) == pytest.approx(kappa * 4.0 * np.mean(window))


@given(st.floats(0.5, 120.0))
def test_a_path_has_forgotten_all_but_1_in_e_after_its_time(months):
    monthly = float(climate.autoregression(months))
    assert monthly**months == pytest.approx(np.exp(-1.0))


def test_a_path_keeps_unit_variance_and_its_correlation():
    random = np.random.default_rng(1)
    correlation = np.full(20_000, float(climate.autoregression(20.0)))
    first = random.normal(size=20_000)
    path = first
    for _ in range(20):
        path = climate.next_path(path, random.normal(size=20_000), correlation)
    assert path.std() == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(first, path)[0, 1] == pytest.approx(np.exp(-1.0), abs=0.03)


@given(st.floats(0.1, 1.5), st.floats(0.0, 1.0))
def test_an_authority_is_on_average_like_the_nation(deviation, fixed_share):
    random = np.random.default_rng(2)
    fixed, path = random.normal(size=(2, 200_000))
    log_rate = climate.authority_effect(
        np.full(200_000, deviation), np.full(200_000, fixed_share), fixed, path
    )
    assert log_rate.std() == pytest.approx(deviation, rel=0.02)
    assert log_rate.mean() == pytest.approx(-(deviation**2) / 2.0, abs=0.02)


def test_an_authority_without_spread_is_exactly_like_the_nation():
    nought, score = np.zeros(5), np.linspace(-3, 3, 5)
    assert (climate.authority_effect(nought, np.full(5, 0.5), score, score) == 0.0).all()
