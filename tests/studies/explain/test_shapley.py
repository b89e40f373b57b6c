"""Shares add up, ask for nothing but the worths, and are those of every order of the steps."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.studies.explain import shapley as attribution
from rsip_sim.studies.explain.shapley import attribute, circles, coalitions, design_error

FUTURES = 6
seeds = st.integers(0, 2**32 - 1)


def worths(steps: int, seed: int) -> dict[int, np.ndarray]:
    luck = np.random.default_rng(seed)
    return {mask: luck.normal(size=FUTURES) for mask in coalitions(steps)}


def additive(steps: int) -> dict[int, np.ndarray]:
    """Every step adds its number, whatever else is taken."""
    return {
        mask: np.full(FUTURES, sum(i + 1.0 for i in range(steps) if mask >> i & 1))
        for mask in coalitions(steps)
    }


@given(st.integers(1, 11), seeds)
def test_every_account_adds_up_to_the_whole_in_every_future(steps: int, seed: int) -> None:
    made = attribute(worths(steps, seed), steps)
    for parts in (
        made.shares.sum(axis=0),
        made.alone.sum(axis=0) + made.interaction_alone,
        made.removed.sum(axis=0) + made.interaction_removed,
    ):
        np.testing.assert_allclose(made.rest + parts, made.total, rtol=0, atol=1e-12)


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
    made = attribute(given_worths, steps)
    np.testing.assert_allclose(made.shares, added / len(orders), rtol=0, atol=1e-12)


@pytest.mark.parametrize("steps", [3, 8, 9, 12])
def test_a_step_that_changes_nothing_has_exactly_no_part(steps: int) -> None:
    idle = 1
    of_others = worths(steps, 7)
    luck = np.random.default_rng(8)
    base = {mask & ~(1 << idle): luck.normal(size=FUTURES) for mask in of_others}
    made = attribute({mask: base[mask & ~(1 << idle)] for mask in of_others}, steps)
    assert (made.shares[idle] == 0).all()
    assert (made.alone[idle] == 0).all()
    assert (made.removed[idle] == 0).all()
    assert (made.shares[0] != 0).all()


@pytest.mark.parametrize("steps", [1, 4, 8, 9, 11])
def test_steps_that_simply_add_up_have_no_interaction(steps: int) -> None:
    made = attribute(additive(steps), steps)
    for parts in (made.shares, made.alone, made.removed):
        np.testing.assert_allclose(parts[:, 0], np.arange(1, steps + 1), atol=1e-12)
    np.testing.assert_allclose(made.interaction_alone, 0, atol=1e-12)
    np.testing.assert_allclose(made.interaction_removed, 0, atol=1e-12)


@pytest.mark.parametrize("steps", [2, 8, 10])
def test_what_two_steps_do_together_only_is_shared_equally(steps: int) -> None:
    pair = 0b11
    made = attribute(
        {mask: np.full(FUTURES, float(mask & pair == pair)) for mask in coalitions(steps)}, steps
    )
    np.testing.assert_allclose(made.shares[:2], 0.5, atol=1e-12)
    np.testing.assert_allclose(made.shares[2:], 0, atol=1e-12)
    assert (made.interaction_alone == 1).all()
    assert (made.interaction_removed == -1).all()


def test_few_steps_ask_for_every_coalition_and_many_for_a_small_part() -> None:
    assert coalitions(8) == tuple(range(256))
    for steps in (9, 12, 16):
        asked = coalitions(steps)
        whole = (1 << steps) - 1
        assert len(asked) <= 2 + attribution.CIRCLES * steps * (steps - 1)
        assert {0, whole} <= set(asked)
        assert {1 << i for i in range(steps)} <= set(asked)
        assert {whole & ~(1 << i) for i in range(steps)} <= set(asked)


def test_orders_are_the_same_every_time_and_hold_every_step() -> None:
    assert circles(9) == circles(9)
    for circle in circles(13):
        assert sorted(circle) == list(range(13))
    assert len(set(circles(9))) == attribution.CIRCLES


def test_shares_of_some_orders_lie_near_those_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight steps that work in threes only, the hardest case; and the error is owned up to."""
    luck = np.random.default_rng(3)
    gains = {three: luck.normal(size=FUTURES) for three in combinations(range(8), 3)}
    game = {
        mask: sum(
            (gain for three, gain in gains.items() if all(mask >> i & 1 for i in three)),
            start=np.zeros(FUTURES),
        )
        for mask in range(256)
    }
    exact = attribute(game, 8)
    monkeypatch.setattr(attribution, "EXACT_STEPS", 7)
    some = attribute(game, 8)
    off = np.abs(some.shares - exact.shares).max()
    assert 0 < off < 0.2 * np.abs(exact.shares).max()
    error = design_error(some)
    assert (error > 0).all()
    assert np.abs(some.shares.mean(axis=-1) - exact.shares.mean(axis=-1)).max() < 4 * error.max()


def test_exact_shares_have_no_error_of_the_choice_of_orders() -> None:
    made = attribute(worths(4, 1), 4)
    assert (design_error(made) == 0).all()
    assert design_error(made).shape == (4,)
