"""The membership choice: constants that reproduce what was seen, signs that heads speak of."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.hermite_e import hermegauss
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from rsip_sim.evidence.register import load_register
from rsip_sim.model.rules import choice

shares = st.floats(0.05, 0.995)
spreads = st.floats(0.0, 2.0)
terms = st.floats(-2.0, 2.0)


def one(value: float) -> np.ndarray:
    return np.array([value])


def expit(x: float) -> float:
    return 1.0 / (1.0 + np.exp(-x))


def average(function, spread: float) -> float:
    """Mean over a normal taste, by quadrature that shares nothing with the code."""
    if spread == 0.0:
        return float(function(0.0))
    return float(quad(lambda z: norm.pdf(z) * function(z * spread), -9, 9, epsabs=1e-10)[0])


@given(shares, terms, spreads)
def test_the_founding_constant_founds_the_share_it_is_meant_to(target, peer, spread):
    constant = choice.founding_constant(one(target), one(peer), one(spread))[0]
    reached = average(lambda taste: expit(constant + peer + taste), spread)
    assert reached == pytest.approx(target, abs=2e-3)


def test_the_taste_is_summed_over_the_24_nodes_that_stored_results_rest_on():
    """With others the constant would move in the fifth digit where tastes are far apart."""
    nodes, weights = hermegauss(24)

    def excess(constant: float) -> float:
        return float(weights @ expit(constant + 2.0 * nodes) / weights.sum() - 0.9)

    found = choice.founding_constant(one(0.9), one(0.0), one(2.0))[0]
    assert found == pytest.approx(brentq(excess, 0.0, 10.0, xtol=1e-14), abs=1e-9)


def test_the_constants_are_those_of_the_central_parameters_in_the_design():
    register = load_register()
    value = {p.name: float(p.value) for p in register if isinstance(p.value, int | float)}
    peer = value["b_peer"] * (value["founding_maintained"] - value["peer_reference"])
    levels = [
        choice.founding_constant(one(value[share]), one(peer), one(value["membership_taste_sd"]))
        for share in ("founding_maintained", "founding_academy")
    ]
    inertia = choice.member_inertia(
        one(value["exit_yearly"]), levels[0], one(peer), one(0.5 * value["b_secure"]), one(1.0)
    )
    assert levels[0][0] == pytest.approx(2.99, abs=0.02)
    assert levels[1][0] == pytest.approx(1.02, abs=0.02)
    assert inertia[0] == pytest.approx(1.8, abs=0.1)


@given(st.floats(0.003, 0.3), st.floats(0.5, 4.0), terms, st.floats(0.0, 1.0), spreads)
def test_inertia_keeps_founding_members_at_the_yearly_exit_they_are_meant_to_have(
    exits, constant, peer, secure, spread
):
    arguments = [one(value) for value in (exits, constant, peer, secure, spread)]
    inertia = choice.member_inertia(*arguments)[0]
    founded = average(lambda t: expit(constant + peer + t), spread)
    staying = average(
        lambda t: expit(constant + peer + t) * expit(constant + peer + secure + inertia + t) ** 3,
        spread,
    )
    leaving = 1.0 - staying / founded
    if inertia > 0.0:
        assert leaving == pytest.approx(exits, rel=0.03)
    else:  # even without inertia fewer leave
        assert leaving <= exits * 1.03


@pytest.mark.parametrize("start", [0.0, 20.0])
def test_the_solver_goes_at_most_2_a_step_either_way(start):
    tried: list[float] = []

    def step(root: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        tried.append(float(root[0]))
        return root - 10.0, np.ones(1)

    assert choice._newton(step, one(start))[0] == 10.0
    assert np.abs(np.diff(tried)).tolist() == [2.0] * 5 + [0.0] * (len(tried) - 6)


def test_a_token_price_costs_nothing_and_each_pound_more_costs_the_same():
    slope = one(0.15)
    assert choice.price_term(slope, 0.0)[0] == 0.0
    assert choice.price_term(slope, 1.0)[0] == 0.0
    assert choice.price_term(slope, 11.0)[0] == pytest.approx(-1.5)


@given(st.integers(0, 240), st.integers(0, 240))
def test_security_rises_with_the_months_to_run_and_is_full_at_two_years(fewer, more):
    fewer, more = sorted((fewer, more))
    low, high = choice.security(np.array([fewer, more]))
    assert 0.0 <= low <= high <= 1.0
    assert (high == 1.0) == (more >= 24)
    assert choice.security(one(-3.0))[0] == 0.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 3.0), st.floats(0.0, 4.0))
def test_better_support_inside_never_makes_a_class_less_willing(worse, better, slope, inertia):
    worse, better = sorted((worse, better))

    def utility(adequacy: float) -> np.ndarray:
        inside = np.full((4, 2, 1), adequacy)
        constants = np.array([[3.0], [1.0]])
        return choice.class_utility(constants, inside, one(inertia), one(2.0), one(slope), one(0.8))

    assert (utility(better) >= utility(worse)).all()
    table = utility(worse)
    assert table.shape == (4, 2, 2, 1)
    # members stay more readily than outsiders come, by both inertias
    np.testing.assert_allclose(table[:, :, 1] - table[:, :, 0], 2.0 * inertia + 2.0, atol=1e-12)
    np.testing.assert_allclose(table[:, 0] - table[:, 1], 2.0, atol=1e-12)


def test_at_the_reference_support_says_nothing():
    constants = np.array([[3.0], [1.0]])
    inside = np.full((4, 2, 1), 0.8)
    table = choice.class_utility(constants, inside, one(0.0), one(0.0), one(9.0), one(0.8))
    np.testing.assert_allclose(table[:, 0], 3.0)
    np.testing.assert_allclose(table[:, 1], 1.0)


@given(st.floats(-30.0, 30.0), st.floats(1e-9, 1.0 - 1e-9))
def test_the_choice_is_utility_plus_logistic_noise_above_nought(utility, uniform):
    noise = np.log(uniform) - np.log1p(-uniform)
    wants = choice.wants_membership(np.exp(one(utility)), one(uniform))[0]
    if abs(utility + noise) > 1e-6:
        assert wants == (utility + noise > 0.0)


def test_a_school_that_is_exactly_indifferent_stays_outside():
    assert not choice.wants_membership(one(1.0), one(0.5))[0]


def test_the_share_that_wants_membership_is_logistic_in_utility():
    uniform = (np.arange(100_000) + 0.5) / 100_000
    for utility in (-2.0, 0.0, 1.5):
        wants = choice.wants_membership(np.exp(np.full(100_000, utility)), uniform)
        assert wants.mean() == pytest.approx(expit(utility), abs=1e-4)


@given(st.floats(-5000.0, 5000.0))
def test_logistic_is_safe_and_symmetric(x):
    with np.errstate(over="raise", invalid="raise"):
        chance = choice.logistic(one(x))[0]
    assert 0.0 <= chance <= 1.0
    assert chance + choice.logistic(one(-x))[0] == pytest.approx(1.0)
