"""Paired statistics: what a planner is told of one scenario against another."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from rsip_sim.measures.statistics import (
    CONFIDENCE,
    HIGH,
    LOW,
    STANDARD_ERRORS,
    Estimate,
    estimates,
    exact_interval,
    mean_of_defined,
    paired,
    paired_differences,
    quantiles,
    spread_across_futures,
    standard_error,
    t_quantile,
    weighted_quantiles,
    wilson_interval,
)

NUMBERS = arrays(
    np.float64, st.tuples(st.integers(1, 3), st.integers(1, 40)), elements=st.floats(-1e6, 1e6)
)


def test_the_interval_is_the_t_interval_of_the_mean_of_the_paired_differences() -> None:
    levels, baseline = np.random.default_rng(1).normal(size=(2, 1, 30))
    paired = paired_differences(levels, baseline)
    expected = stats.ttest_rel(levels[0], baseline[0]).confidence_interval(0.95)
    assert (paired.ci_low[0], paired.ci_high[0]) == pytest.approx((expected.low, expected.high))


@given(NUMBERS)
def test_a_scenario_compared_with_itself_differs_by_exactly_nothing(levels: np.ndarray) -> None:
    paired = paired_differences(levels, levels.copy())
    assert (paired.spread.mean == 0).all()
    assert (paired.equal == 1).all()
    assert not (paired.higher + paired.lower).any()


@given(NUMBERS, st.integers(0, 2**32 - 1))
def test_every_future_is_better_worse_or_equal_and_the_range_holds_the_median(
    levels: np.ndarray, seed: int
) -> None:
    baseline = np.random.default_rng(seed).permutation(levels, axis=1)
    paired = paired_differences(levels, baseline)
    assert paired.higher + paired.lower + paired.equal == pytest.approx(np.ones(len(levels)))
    assert (paired.spread.p05 <= paired.spread.p50).all()
    assert (paired.spread.p50 <= paired.spread.p95).all()


def test_shared_luck_makes_the_difference_far_more_precise_than_independent_futures() -> None:
    luck, own = np.random.default_rng(2).normal(size=(2, 1, 400))
    paired = paired_differences(luck + 0.1 * own, luck)
    assert 100 < paired.variance_ratio[0] < 400


def test_one_future_gives_no_interval() -> None:
    paired = paired_differences(np.array([[3.0]]), np.array([[1.0]]))
    assert paired.spread.mean[0] == 2
    assert np.isnan([paired.ci_low[0], paired.ci_high[0]]).all()


def test_futures_in_which_either_is_not_defined_are_left_out() -> None:
    paired = paired_differences(np.array([[3.0, np.nan, 5.0]]), np.array([[1.0, 1.0, np.nan]]))
    assert (paired.spread.count[0], paired.spread.mean[0], paired.higher[0]) == (1, 2, 1)


def test_nothing_is_said_where_nothing_is_defined() -> None:
    spread = spread_across_futures(np.full((1, 4), np.nan))
    assert spread.count[0] == 0
    assert np.isnan([spread.mean[0], spread.p05[0], spread.p95[0]]).all()


TABLES = arrays(
    np.float64, (3, 12), elements=st.one_of(st.floats(-100, 100, width=32), st.just(np.nan))
)


@given(TABLES)
def test_what_is_not_defined_counts_for_nothing(values: np.ndarray) -> None:
    for row, mean, error, points in zip(
        values, mean_of_defined(values), standard_error(values), quantiles(values).T, strict=True
    ):
        known = row[~np.isnan(row)]
        if not len(known):
            assert np.isnan([mean, error, *points]).all()
            continue
        assert mean == pytest.approx(known.mean(), abs=1e-9)
        assert points == pytest.approx(np.quantile(known, (0.05, 0.5, 0.95)))
        if len(known) > 1:
            assert error == pytest.approx(stats.sem(known), abs=1e-9)
        else:
            assert np.isnan(error)


@given(TABLES)
def test_a_mean_over_rows_is_that_of_the_table_turned_on_its_side(values: np.ndarray) -> None:
    turned = np.ascontiguousarray(values.T)
    assert mean_of_defined(values, axis=0) == pytest.approx(mean_of_defined(turned), nan_ok=True)


@given(st.integers(1, 400), st.data())
def test_the_exact_interval_leaves_a_fortieth_out_at_either_end(count: int, data) -> None:
    happened = data.draw(st.integers(0, count))
    low, high = exact_interval(np.array(happened), np.array(count))
    assert 0 <= low <= happened / count <= high <= 1
    # at its ends, what was seen or more of it happens in a fortieth of the cases
    if happened:
        assert stats.binom.sf(happened - 1, count, low) == pytest.approx(0.025)
    if happened < count:
        assert stats.binom.cdf(happened, count, high) == pytest.approx(0.025)


def test_the_t_quantile_of_many_is_that_of_the_normal_and_of_one_there_is_none() -> None:
    assert np.isnan(t_quantile(1))
    assert t_quantile(10_000) == pytest.approx(STANDARD_ERRORS, abs=1e-3)
    assert t_quantile(3) == pytest.approx(stats.t.ppf(0.975, 2))


def test_weighted_quantiles_of_equal_weights_are_order_statistics() -> None:
    values = np.array([3.0, 1.0, 2.0, 4.0])
    assert weighted_quantiles(values, np.ones(4), (0.25, 0.5, 1.0)) == (1.0, 2.0, 4.0)
    assert weighted_quantiles(values, np.array([0, 0, 9, 1.0]), (0.5,)) == (2.0,)


def test_the_range_that_is_shown_holds_nine_futures_in_ten_as_many_below_as_above() -> None:
    spread = spread_across_futures(np.arange(101.0)[None, ::-1])
    assert (spread.p05[0], spread.p50[0], spread.p95[0]) == (5.0, 50.0, 95.0)
    assert spread.count[0] == 101
    assert pytest.approx(0.9) == HIGH - LOW
    assert CONFIDENCE == 0.95


SIZES = st.floats(1e-6, 1e12).flatmap(lambda size: st.sampled_from([size, -size]))


@given(SIZES)
def test_a_difference_in_the_last_digits_is_none_and_a_larger_one_is_kept(size: float) -> None:
    baseline = np.array([[size, size, size, 0.0]])
    levels = baseline * [1 + 5e-13, 1 - 5e-13, 1 + 2e-12, 1.0] + [0.0, 0.0, 0.0, 1e-15]
    found = paired(levels.copy(), baseline)
    assert found[0, :2].tolist() == [0.0, 0.0]
    assert found[0, 2:].tolist() == (levels - baseline)[0, 2:].tolist()
    assert found[0, 2:].all()


def test_estimates_are_what_is_said_of_a_difference_from_nothing_and_change_nothing() -> None:
    rows = np.random.default_rng(3).normal(1.0, 1.0, (2, 50))
    before = rows.copy()
    for row, found in zip(rows, estimates(rows), strict=True):
        interval = stats.ttest_1samp(row, 0.0).confidence_interval(CONFIDENCE)
        assert found.mean == pytest.approx(row.mean())
        assert (found.ci_low, found.ci_high) == pytest.approx((interval.low, interval.high))
        assert (found.p05, found.p95) == pytest.approx(np.quantile(row, [LOW, HIGH]))
    assert (rows == before).all()


@pytest.mark.parametrize(
    ("low", "high", "clear"),
    [(0.1, 2.0, True), (-2.0, -0.1, True), (-1.0, 1.0, False), (0.0, 1.0, False),
     (-1.0, 0.0, False)],
)  # fmt: skip
def test_an_estimate_is_clear_where_its_interval_leaves_out_nought(
    low: float, high: float, clear: bool
) -> None:
    assert Estimate((low + high) / 2, low, high, low, high).clear is clear


@given(st.integers(1, 400), st.data())
def test_the_wilson_interval_is_the_published_one(count: int, data) -> None:
    happened = data.draw(st.integers(0, count))
    low, high = wilson_interval(np.array([happened / count, np.nan]), count)
    expected = stats.binomtest(happened, count).proportion_ci(CONFIDENCE, "wilson")
    assert (low[0], high[0]) == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert np.isnan([low[1], high[1]]).all()


def test_the_variance_ratio_is_that_of_what_both_define() -> None:
    levels, baseline = np.random.default_rng(4).normal(size=(2, 1, 30))
    levels[0, 3] = baseline[0, 7] = np.nan
    both = ~np.isnan(levels - baseline)
    apart = levels[both].var(ddof=1) + baseline[both].var(ddof=1)
    ratio = apart / (levels - baseline)[both].var(ddof=1)
    assert paired_differences(levels, baseline).variance_ratio[0] == pytest.approx(ratio)
    counts = np.arange(5.0)[None]
    with np.errstate(all="raise"):  # neither a spread of nothing nor two of them are an error
        assert np.isinf(paired_differences(counts + 1.0, counts).variance_ratio[0])
        assert np.isnan(paired_differences(0 * counts, 0 * counts).variance_ratio[0])


@given(TABLES, st.booleans())
def test_quantiles_go_along_the_last_axis_whatever_stands_before_it(
    values: np.ndarray, whole: bool
) -> None:
    """A single row, a table and a stack of tables: the points of a row are those it has alone."""
    values = np.nan_to_num(values) if whole else values
    stack = quantiles(np.stack([values, -values, values + 1.0, values * 2.0]))
    assert stack.shape == (3, 4, 3)
    for place, row in enumerate(values):
        np.testing.assert_array_equal(quantiles(row), stack[:, 0, place])
        np.testing.assert_array_equal(quantiles(-row), stack[:, 1, place])
