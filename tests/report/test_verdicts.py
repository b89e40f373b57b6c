"""What is said of a difference: never more than the numbers carry."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.statistics import paired_differences, spread_across_futures
from rsip_sim.report.verdicts import CLEAR, Difference, verdict
from rsip_sim.report.words import of_futures


def difference(levels: list[float], baseline: list[float]) -> Difference:
    one, other = np.array([levels]), np.array([baseline])
    paired = paired_differences(one, other)
    return Difference(
        float(spread_across_futures(other).mean[0]),
        float(spread_across_futures(one).mean[0]),
        float(paired.spread.mean[0]),
        float(paired.ci_low[0]),
        float(paired.ci_high[0]),
        float(paired.spread.p05[0]),
        float(paired.spread.p95[0]),
        float(paired.higher[0]),
        float(paired.lower[0]),
        float(paired.equal[0]),
        int(paired.spread.count[0]),
    )


def of(metric: str, levels: list[float], baseline: list[float]) -> str:
    return verdict(METRICS[metric], difference(levels, baseline))


def test_a_clear_difference_is_better_or_worse_as_the_metric_sees_it() -> None:
    more = [50.0 + i % 5 for i in range(20)]
    assert of("members", more, [40.0] * 20) == "better"
    assert of("erosion", more, [40.0] * 20) == "worse"
    assert of("fund", [1e6 * each for each in more], [40e6] * 20) == "higher"


def test_an_interval_that_holds_zero_is_no_clear_difference() -> None:
    assert of("erosion", [10.0, 12.0] * 10, [11.0] * 20) == "no clear difference"


def test_equal_futures_are_called_equal() -> None:
    assert of("erosion", [9.0] * 12, [9.0] * 12) == "equal"


def test_a_difference_too_small_to_be_shown_is_not_called_better() -> None:
    levels = [10.001 + 0.0001 * (i % 3) for i in range(100)]
    assert of("erosion", levels, [10.0] * 100) == "negligible"


def test_an_average_that_is_surely_too_small_to_be_shown_is_practically_no_difference() -> None:
    balanced = [20.0 + (-1) ** i * 0.01 for i in range(100)]
    assert of("conversions", balanced, [20.0] * 100) == "negligible"


def test_few_futures_are_too_uncertain_to_compare() -> None:
    assert of("erosion", [9.0], [8.0]) == "too uncertain"
    assert of("erosion", [9.0, 9.5], [8.0, 8.0]) == "too uncertain"


def test_what_is_not_defined_is_said_to_be_so() -> None:
    assert of("cohesion", [math.nan] * 20, [0.5] * 20) == "not defined"


@pytest.mark.parametrize(
    ("share", "futures", "told"),
    [
        (0.834, 1000, "83 of 100 futures"),
        (0.9999, 10000, "more than 99 of 100 futures"),
        (0.0001, 10000, "fewer than 1 of 100 futures"),
        (1.0, 10, "every future"),
        (0.0, 10, "none"),
        (0.7, 10, "7 of 10 futures"),
    ],
)
def test_counts_of_futures_are_never_rounded_to_none_or_all(
    share: float, futures: int, told: str
) -> None:
    assert of_futures(share, futures) == told


values = st.one_of(st.floats(-1e9, 1e9), st.just(math.nan), st.just(0.0), st.sampled_from([1.0, 2]))
futures = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        st.lists(values, min_size=n, max_size=n), st.lists(values, min_size=n, max_size=n)
    )
)


@given(st.sampled_from(list(METRICS.values())), futures)
def test_nothing_is_claimed_of_any_outcome_whose_interval_holds_zero(
    metric: Metric, both: tuple[list[float], list[float]]
) -> None:
    numbers = difference(*both)
    found = verdict(metric, numbers)
    if found in CLEAR:
        assert numbers.ci_low > 0 or numbers.ci_high < 0
        assert (found in ("better", "worse")) == (metric.better != "neither")
