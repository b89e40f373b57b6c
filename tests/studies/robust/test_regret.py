"""Regret and dominance hold for any numbers: nothing below is about schools."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rsip_sim.studies.robust.regret import dominates, regret_of, standings

whole = st.integers(-20, 20).map(float)  # so that ties are common and sums are exact
tables = st.tuples(st.integers(2, 5), st.integers(2, 12)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=whole)
)


@given(tables, st.booleans())
def test_somebody_has_no_regret_in_every_future_and_the_best_shares_are_a_whole(
    values, higher
) -> None:
    found = regret_of(values, higher)
    assert (found.mean >= 0).all()
    assert (found.worst >= found.p95).all()
    assert found.best.sum() == pytest.approx(1)
    assert found.futures == values.shape[1]


@given(tables, st.booleans())
def test_mean_regrets_lie_as_far_apart_as_the_averages(values, higher) -> None:
    """The best choice of a future is the same for all, so it cancels in their differences."""
    found = regret_of(values, higher)
    gains = values.mean(axis=1) if higher else -values.mean(axis=1)
    np.testing.assert_allclose(found.mean - found.mean[0], gains[0] - gains, atol=1e-9)


@given(tables, arrays(np.float64, 12, elements=whole))
def test_luck_that_all_share_is_no_regret(values, luck) -> None:
    shifted = regret_of(values + luck[: values.shape[1]], True)
    np.testing.assert_allclose(shifted.mean, regret_of(values, True).mean, atol=1e-9)


@given(tables)
def test_another_choice_on_offer_lowers_nobodys_regret(values) -> None:
    fewer = regret_of(values[:-1], True) if len(values) > 2 else None
    if fewer is not None:
        assert (regret_of(values, True).mean[:-1] >= fewer.mean - 1e-12).all()


def test_more_is_better_or_less_is_better_as_the_objective_says() -> None:
    values = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert regret_of(values, True).mean.tolist() == [2.5, 0.0]
    assert regret_of(values, False).mean.tolist() == [0.0, 2.5]


def test_choices_that_tie_share_the_future() -> None:
    found = regret_of(np.array([[1.0, 4.0], [1.0, 2.0], [0.0, 0.0]]), True)
    assert found.best.tolist() == [0.75, 0.25, 0.0]


def test_a_future_in_which_the_objective_is_not_defined_for_all_is_left_out() -> None:
    values = np.array([[1.0, np.nan, 3.0], [2.0, 9.0, 3.0]])
    assert regret_of(values, True).futures == 2
    assert regret_of(values, True).mean.tolist() == [0.5, 0.0]
    empty = regret_of(np.full((2, 3), np.nan), True)
    assert empty.futures == 0
    assert np.isnan(empty.mean).all()


def test_only_what_may_be_chance_counts_as_a_rival_of_the_smallest_regret() -> None:
    luck = np.tile([-1.0, 1.0], 100)
    values = np.stack([np.zeros(200), -0.01 + luck, np.full(200, -0.5)])
    assert regret_of(values, True).rival.tolist() == [True, True, False]


def gains(*choices) -> np.ndarray:
    """(objectives, choices, futures) of choices given as their constant gains."""
    return np.repeat(np.array(choices).T[:, :, None], 30, axis=2)


NONE_SMALLER = np.zeros(2)


def test_what_is_worse_in_one_and_no_better_in_another_is_dominated() -> None:
    first, second, third = standings(gains((2.0, 2.0), (2.0, 1.0), (1.0, 3.0)), NONE_SMALLER)
    assert (first.dominated_by, second.dominated_by, third.dominated_by) == ((), (0,), ())
    assert second.clearly == (0,)
    assert (first.undominated, second.undominated, third.undominated) == (1.0, 0.0, 1.0)


def test_equals_do_not_dominate_one_another() -> None:
    assert all(
        not one.dominated_by for one in standings(gains((1.0, 1.0), (1.0, 1.0)), NONE_SMALLER)
    )


def test_a_difference_too_small_to_show_is_none() -> None:
    pair = gains((1.0, 1.0), (0.999, 1.0))
    assert standings(pair, NONE_SMALLER)[1].dominated_by == (0,)
    assert standings(pair, np.array([0.005, 0.005]))[1].dominated_by == ()


def test_a_lead_that_may_be_chance_dominates_on_average_but_not_clearly() -> None:
    luck = np.tile([-1.0, 1.0], 15)
    pair = gains((1.0, 1.0), (1.0, 0.95))
    pair[1, 0] += luck
    behind = standings(pair, NONE_SMALLER)[1]
    assert behind.dominated_by == (0,)
    assert behind.clearly == ()
    assert behind.undominated == 0.5


@given(arrays(np.float64, (3, 2, 6), elements=whole))
def test_two_choices_never_dominate_each_other(pair) -> None:
    one, other = pair[:, 0], pair[:, 1]
    assert not (dominates(one, other) & dominates(other, one)).any()
