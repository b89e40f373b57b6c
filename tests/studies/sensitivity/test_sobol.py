"""Sobol indices and swings: right where the right answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import qmc

from rsip_sim.studies.sensitivity.inputs import swings
from rsip_sim.studies.sensitivity.sobol import sobol_indices


def indices(function, factors, rows=4096):
    """Indices of a function of columns in [0, 1], the last of them luck."""
    design = qmc.Sobol(2 * factors, rng=1).random_base2(int(np.log2(rows)))
    a, b = design[:, :factors], design[:, factors:]
    mixed = []
    for place in range(factors):
        table = a.copy()
        table[:, place] = b[:, place]
        mixed.append(function(table))
    return sobol_indices(
        function(a)[None], function(b)[None], np.stack(mixed)[None], apart=factors - 1, seed=3
    )


def ishigami(u):
    x, y, z = (np.pi * (2 * u[:, place] - 1) for place in range(3))
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def test_the_indices_of_ishigamis_function_are_those_of_the_books():
    found = indices(ishigami, 3)
    np.testing.assert_allclose(found.first[0, :, 0], [0.314, 0.442, 0.0], atol=0.03)
    np.testing.assert_allclose(found.total[0, :, 0], [0.558, 0.442, 0.244], atol=0.03)
    assert found.variance[0] == pytest.approx(13.84, rel=0.03)


def test_luck_ignorance_and_what_takes_both_add_up_to_the_whole_spread():
    found = indices(lambda u: u[:, 0] + 2 * u[:, 1] + 3 * (u[:, 0] - 0.5) * (u[:, 2] - 0.5), 3)
    whole = found.apart[0, 0] + found.others[0, 0] + found.both[0, 0]
    assert whole == pytest.approx(1, abs=1e-12)
    shares = np.array([5 / 12, 9 / 144])  # parameters alone, and parameter with luck
    expected = shares / shares.sum()
    np.testing.assert_allclose([found.others[0, 0], found.both[0, 0]], expected, atol=0.03)
    assert found.apart[0, 0] == pytest.approx(0, abs=0.03)


def test_an_idle_factor_has_no_share_and_no_part():
    found = indices(lambda u: u[:, 0] + 0 * u[:, 1] + u[:, 2], 3)
    np.testing.assert_array_equal(found.first[0, 1], 0)
    np.testing.assert_array_equal(found.total[0, 1], 0)


def test_intervals_of_shares_hold_the_truth_and_shrink_with_more_sets():
    few, many = (indices(ishigami, 3, rows) for rows in (256, 4096))
    truth = np.array([0.314, 0.442, 0.0])
    for found in (few, many):
        assert (found.first[0, :, 1] <= truth + 0.01).all()
        assert (found.first[0, :, 2] >= truth - 0.01).all()
    assert (np.ptp(many.first[0, :, 1:], axis=1) < np.ptp(few.first[0, :, 1:], axis=1)).all()


def test_an_outcome_that_never_varies_has_no_shares_and_one_without_values_neither():
    constant, missing = np.full((1, 8), 3.0), np.full((1, 8), np.nan)
    for outcome in (constant, missing):
        found = sobol_indices(outcome, outcome, outcome[:, None], apart=0, seed=1)
        assert found.variance[0] == 0
        assert np.isnan(found.first).all()


def test_futures_in_which_an_outcome_is_not_defined_are_left_out():
    u = qmc.Sobol(4, rng=1).random_base2(10)
    mixed = np.stack([u[:, 2] + u[:, 1], u[:, 0] + u[:, 3]])[None]
    a, b = u[:, 0] + u[:, 1], u[:, 2] + u[:, 3]
    whole = sobol_indices(a[None], b[None], mixed, apart=1, seed=1)
    hole = np.append(a, np.nan), np.append(b, 1e9), np.append(mixed, [[[1e9], [0.0]]], axis=2)
    cut = sobol_indices(hole[0][None], hole[1][None], hole[2], apart=1, seed=1)
    np.testing.assert_allclose(cut.first[..., 0], whole.first[..., 0])


def test_a_swing_is_the_paired_change_and_its_share_that_of_an_even_slope():
    luck = np.random.default_rng(1).normal(size=(1, 1, 1, 400))
    values = luck + np.array([-1.0, 1.0])[None, None, :, None] * np.ones((1, 2, 1, 1))
    values[:, 1] = luck[0, 0]  # the second input moves nothing
    found = swings(values)
    np.testing.assert_allclose(found.swing[0], [2.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(found.low[0], [2.0, 0.0], atol=1e-12)  # luck cancels
    slope = 2.0 / (2 * ndtri(0.95))  # a standard normal input between its 5 % and 95 % points
    np.testing.assert_allclose(found.share(np.array([4.0]))[0], [slope**2 / 4, 0])
    assert np.isnan(found.share(np.array([0.0]))).all()


def test_swings_leave_out_futures_in_which_an_end_is_not_defined():
    values = np.zeros((1, 1, 2, 10))
    values[0, 0, 1] = 1.0
    values[0, 0, 0, 0] = np.nan
    found = swings(values)
    assert found.swing[0, 0] == 1
    assert found.at_high[0, 0] == 1
