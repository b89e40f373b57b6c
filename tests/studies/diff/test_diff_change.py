"""How far a mean moves between two sets of futures, and how surely, by known results."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import paired_differences
from rsip_sim.studies.diff.futures import Sample, change


def noise(seed: int, futures: int, metrics: int = 2) -> FloatArray:
    return np.random.default_rng(seed).normal(size=(metrics, futures))


def moved_by(before: Sample, after: Sample) -> pd.DataFrame:
    """One row a metric."""
    return pd.DataFrame(change(before, after))


def width(moved: pd.DataFrame) -> FloatArray:
    return np.asarray(moved.ci_high - moved.ci_low)


def test_the_same_futures_give_the_interval_of_the_paired_differences() -> None:
    before, after = noise(1, 40), noise(1, 40) + 0.3 * noise(2, 40)
    moved = moved_by(Sample(1, before), Sample(1, after))
    paired = paired_differences(after, before)
    np.testing.assert_allclose(moved.change, paired.spread.mean)
    np.testing.assert_allclose(moved.ci_low, paired.ci_low)
    np.testing.assert_allclose(moved.ci_high, paired.ci_high)


def test_other_futures_give_the_interval_of_independent_means() -> None:
    """Welch's variance; the degrees of freedom are the smaller sample's, on the safe side."""
    before, after = noise(1, 30), 2.0 * noise(2, 50)
    moved = moved_by(Sample(1, before), Sample(2, after))
    spread = np.sqrt(before.var(axis=1, ddof=1) / 30 + after.var(axis=1, ddof=1) / 50)
    np.testing.assert_allclose(width(moved) / 2, stats.t.ppf(0.975, 29) * spread)
    welch = stats.ttest_ind(after, before, axis=1, equal_var=False).confidence_interval()
    assert (width(moved) >= welch.high - welch.low).all()


def test_more_of_the_same_futures_move_the_mean_by_the_new_ones_alone() -> None:
    """The mean of 80 less that of its first 20 is ¾ of the mean of the 60 less that of the 20."""
    values = noise(1, 80)
    moved = moved_by(Sample(1, values[:, :20]), Sample(1, values))
    old, new = values[:, :20], values[:, 20:]
    np.testing.assert_allclose(moved.change, 0.75 * (new.mean(axis=1) - old.mean(axis=1)))
    spread = 0.75 * np.sqrt(new.var(axis=1) / 60 + old.var(axis=1) / 20)
    np.testing.assert_allclose(width(moved) / 2, stats.t.ppf(0.975, 19) * spread, rtol=0.06)


def test_the_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Two seeds of one distribution: the truth is nought, missed one time in twenty."""
    moved = moved_by(Sample(1, noise(1, 30, 4000)), Sample(2, noise(2, 30, 4000)))
    covered = np.mean((moved.ci_low <= 0) & (moved.ci_high >= 0))
    assert covered == pytest.approx(0.95, abs=0.012)


def test_futures_in_which_a_difference_is_not_defined_count_for_neither_mean() -> None:
    before, after = noise(1, 20), noise(3, 20)
    before[0, :5], after[0, 10:] = np.nan, np.nan
    moved = moved_by(Sample(1, before), Sample(1, after))
    assert moved.change[0] == pytest.approx(after[0, :10].mean() - before[0, 5:].mean())
    whole = moved_by(Sample(1, before[1:]), Sample(1, after[1:]))
    assert moved.ci_low[1] == whole.ci_low[0]
    nothing = np.full((1, 4), np.nan)
    assert np.isnan(moved_by(Sample(1, nothing), Sample(1, noise(1, 4, 1))).change).all()


def test_one_future_has_no_interval() -> None:
    moved = moved_by(Sample(1, noise(1, 1)), Sample(2, noise(2, 1)))
    assert np.isfinite(moved.change).all()
    assert np.isnan(moved.ci_low).all()


@given(
    sizes=st.lists(st.tuples(st.integers(1, 3), st.integers(2, 30)), min_size=2, max_size=5),
)
def test_steps_add_up_to_the_whole_whatever_the_samples(sizes: list[tuple[int, int]]) -> None:
    samples = [Sample(seed, noise(10 * seed + n, n)) for seed, n in sizes]
    steps = [moved_by(*pair) for pair in pairwise(samples)]
    whole = moved_by(samples[0], samples[-1])
    np.testing.assert_allclose(sum(step.change for step in steps), whole.change, atol=1e-12)
    assert (width(whole) >= 0).all()


def test_a_sample_is_still_where_every_future_is_the_same() -> None:
    values = np.array([[1.0, 2.0, np.nan], [0.0, 0.0, 0.0]])
    one = Sample(1, values)
    assert moved_by(one, Sample(1, values.copy())).still.all()
    other = moved_by(one, Sample(2, values.copy()))
    assert other.still.tolist() == [False, True]  # nought is nought
    assert moved_by(one, Sample(1, values[:, :2])).still.tolist() == [False, True]
