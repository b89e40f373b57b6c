"""What looking is worth: luck is not mistaken for knowledge, and knowledge is found."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rsip_sim.studies.grid.learning import (
    best_option,
    group_names,
    halves,
    hindsight,
    learnt,
)

FUTURES = 400


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


def test_a_signal_that_decides_which_option_is_best_is_worth_all_that_hindsight_is() -> None:
    signal = noise(1, 1, FUTURES)
    high = signal[0] > np.median(signal)
    gains = np.stack([np.where(high, 1.0, -1.0), np.where(high, -1.0, 1.0)])
    found = learnt(gains, signal)
    assert found.value.mean == pytest.approx(hindsight(gains), abs=0.1)
    assert found.value.ci_low > 0.8
    assert set(found.picks) == {0, 1}
    assert found.shares == (0.5, 0.5)


def test_a_near_tie_of_two_options_counts_for_no_rule() -> None:
    """With half the futures each way, a signal of pure luck must not seem to break the tie."""
    gains = np.stack([np.tile([1.0, -1.0], FUTURES // 2), np.tile([-1.0, 1.0], FUTURES // 2)])
    worth = [learnt(gains, noise(seed, 1, FUTURES)).value.mean for seed in range(20)]
    assert np.mean(worth) < 0.05


def test_a_signal_that_tells_nothing_seems_worth_something_and_is_worth_nothing() -> None:
    """Over many worlds of pure luck the apparent value is positive and the honest one is not."""
    seems, is_worth = [], []
    for seed in range(30):
        found = learnt(noise(seed, 8, FUTURES), noise(1000 + seed, 2, FUTURES))
        seems.append(found.apparent)
        is_worth.append(found.value.mean)
    assert np.mean(seems) > 0.05
    assert np.mean(is_worth) < 0.5 * np.mean(seems)
    assert np.mean(is_worth) < 3 * np.std(is_worth) / np.sqrt(len(is_worth))


def test_where_one_option_is_best_whatever_is_seen_looking_is_worth_exactly_nothing() -> None:
    gains = noise(2, 3, FUTURES) * 0.1 + np.array([[0.0], [5.0], [1.0]])
    found = learnt(gains, noise(3, 2, FUTURES))
    assert (found.value.mean, found.apparent, found.changes) == (0.0, 0.0, 0.0)
    assert set(found.picks) == {1}


def test_luck_that_all_options_share_changes_nothing() -> None:
    gains, signal = noise(4, 3, FUTURES), noise(5, 1, FUTURES)
    moved = learnt(gains + 100 * noise(6, 1, FUTURES), signal)
    assert moved.value.mean == pytest.approx(learnt(gains, signal).value.mean)


@given(arrays(np.float64, (3, 50), elements=st.floats(-5, 5)), st.integers(0, 99))
def test_no_rule_does_better_than_hindsight_and_none_seems_worse_than_none(gains, seed) -> None:
    found = learnt(gains, noise(seed, 2, 50))
    assert found.apparent >= -1e-12
    assert found.apparent <= hindsight(gains) + 1e-12
    assert found.value.mean <= hindsight(gains) + 1e-12
    assert sum(found.shares) == pytest.approx(1)


def test_a_group_too_small_to_learn_from_has_the_option_of_all() -> None:
    signal = np.zeros((1, 60))
    signal[0, :5] = 1.0  # the middle is 0, so five futures are high
    gains = np.stack([np.zeros(60), np.where(signal[0] > 0, 50.0, -10.0)])
    assert set(learnt(gains, signal).picks) == {best_option(gains)} == {0}


def test_groups_are_named_in_the_order_in_which_they_are_counted() -> None:
    assert group_names(["a", "b"]) == [
        "a low, b low",
        "a low, b high",
        "a high, b low",
        "a high, b high",
    ]
    signals = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
    assert halves(signals, np.array([0.5, 0.5])).tolist() == [0, 1, 2, 3]
