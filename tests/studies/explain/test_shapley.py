"""Shares add up, ask for nothing but the worths, and are those of every order of the steps."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from rsip_sim.studies.explain import shapley
from rsip_sim.studies.explain.shapley import (
    EXACT_STEPS,
    ORDERS,
    all_coalitions,
    coalitions,
    half_interval,
    number_of_orders,
    orders,
    shares_of,
)

FUTURES = 23  # more than there are orders, so that some are taken twice
seeds = st.integers(0, 2**32 - 1)


def worths(steps: int, seed: int) -> dict[int, np.ndarray]:
    luck = np.random.default_rng(seed)
    return {mask: luck.normal(size=FUTURES) for mask in all_coalitions(steps)}


def additive(steps: int) -> dict[int, np.ndarray]:
    """Every step adds its number, whatever else is taken."""
    return {
        mask: np.full(FUTURES, sum(i + 1.0 for i in range(steps) if mask >> i & 1))
        for mask in all_coalitions(steps)
    }


@given(st.integers(1, 11), seeds)
def test_shares_add_up_to_the_whole_in_every_future(steps: int, seed: int) -> None:
    given_worths = worths(steps, seed)
    none, whole = given_worths[0], given_worths[(1 << steps) - 1]
    parts = shares_of(given_worths, steps).sum(axis=0)
    np.testing.assert_allclose(none + parts, whole, rtol=0, atol=1e-12)


@given(st.integers(1, 5), seeds)
def test_a_share_is_what_a_step_adds_averaged_over_every_order(steps: int, seed: int) -> None:
    given_worths = worths(steps, seed)
    added = np.zeros((steps, FUTURES))
    orders = list(permutations(range(steps)))
    for order in orders:
        before = 0
        for step in order:
            after = before | 1 << step
            added[step] += given_worths[after] - given_worths[before]
            before = after
    made = shares_of(given_worths, steps)
    np.testing.assert_allclose(made, added / len(orders), rtol=0, atol=1e-12)


@pytest.mark.parametrize("steps", [3, 5, 6, 12])
def test_a_step_that_changes_nothing_has_exactly_no_part(steps: int) -> None:
    idle = 1
    of_others = worths(steps, 7)
    luck = np.random.default_rng(8)
    base = {mask & ~(1 << idle): luck.normal(size=FUTURES) for mask in of_others}
    made = shares_of({mask: base[mask & ~(1 << idle)] for mask in of_others}, steps)
    assert (made[idle] == 0).all()
    assert (made[0] != 0).all()


@pytest.mark.parametrize("steps", [1, 4, 5, 6, 11])
def test_of_steps_that_simply_add_up_each_has_what_it_adds(steps: int) -> None:
    made = shares_of(additive(steps), steps)
    np.testing.assert_allclose(made[:, 0], np.arange(1, steps + 1), atol=1e-12)


@pytest.mark.parametrize("steps", [2, 5, 10])
def test_what_two_steps_do_together_only_is_shared_equally(steps: int) -> None:
    pair = 0b11
    made = shares_of(
        {mask: np.full(FUTURES, float(mask & pair == pair)) for mask in all_coalitions(steps)},
        steps,
    )
    np.testing.assert_allclose(made[:2], 0.5, atol=1e-12)
    np.testing.assert_allclose(made[2:], 0, atol=1e-12)


def test_few_steps_ask_for_every_coalition_and_many_for_a_small_part_in_each_future() -> None:
    assert coalitions(EXACT_STEPS) == tuple(range(1 << EXACT_STEPS))
    for steps in (6, 10, 16):
        whole = (1 << steps) - 1
        for order in range(ORDERS):
            asked = coalitions(steps, order)
            assert len(asked) <= 2 * steps
            assert {0, whole} <= set(asked)


@pytest.mark.parametrize("steps", [6, 10])
def test_a_future_is_read_for_nothing_but_the_coalitions_that_it_asks_for(steps: int) -> None:
    """What was not simulated is not known, and changes no number."""
    full = worths(steps, 5)
    gaps = {mask: worth.copy() for mask, worth in full.items()}
    for future in range(FUTURES):
        for mask in set(gaps) - set(coalitions(steps, future % number_of_orders(steps))):
            gaps[mask][future] = np.nan
    assert any(np.isnan(worth).any() for worth in gaps.values())
    np.testing.assert_array_equal(shares_of(full, steps), shares_of(gaps, steps))


def test_orders_are_the_same_every_time_hold_every_step_and_differ() -> None:
    for steps in (6, 10, 13):
        orders.cache_clear()
        before = orders(steps)
        orders.cache_clear()
        assert orders(steps) == before
        assert all(sorted(order) == list(range(steps)) for order in before)
        both_ways = {*before, *(order[::-1] for order in before)}
        assert len(both_ways) == 2 * ORDERS


def test_of_any_three_steps_each_is_last_about_equally_often() -> None:
    """What three do together goes to the last of them, so a fair share hangs on it."""
    both_ways = [each for order in orders(10) for each in (order, order[::-1])]
    for three in combinations(range(10), 3):
        last = [max(three, key=order.index) for order in both_ways]
        assert all(0.2 <= last.count(step) / len(last) <= 0.5 for step in three), three


def test_shares_of_some_orders_lie_within_their_intervals_of_those_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Eight steps that work in threes only, the hardest case, with hardly any luck.

    However many futures there are, the orders are no more; so the interval must be that of orders.
    """
    luck = np.random.default_rng(3)
    within, beside = [], []
    for _ in range(30):
        gains = {
            three: luck.normal() + 0.1 * luck.normal(size=200)
            for three in combinations(range(8), 3)
        }
        game = {
            mask: sum(
                (gain for three, gain in gains.items() if all(mask >> i & 1 for i in three)),
                start=np.zeros(200),
            )
            for mask in range(256)
        }
        some = shares_of(game, 8)
        with monkeypatch.context() as patch:
            patch.setattr(shapley, "EXACT_STEPS", 8)
            off = (some - shares_of(game, 8)).mean(axis=1)
        half = np.array([half_interval(each, ORDERS) for each in some])
        within += list(np.abs(off) <= half)
        beside += list(np.abs(off) / np.abs(some.mean(axis=1)).max())
    assert np.mean(within) > 0.93
    assert 0 < np.mean(beside) < 0.1


def test_futures_of_a_single_order_each_give_the_usual_interval() -> None:
    values = np.random.default_rng(1).normal(size=ORDERS)
    usual = stdtrit(ORDERS - 1, 0.975) * values.std(ddof=1) / np.sqrt(ORDERS)
    assert half_interval(values, ORDERS) == pytest.approx(usual)
    alike = np.tile(values, 50)  # which tells no more than each of them once
    assert half_interval(alike, ORDERS) == pytest.approx(usual)
    assert np.isnan(half_interval(values[:1], ORDERS))
