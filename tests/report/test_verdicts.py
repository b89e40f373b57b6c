"""What is said of a difference: never more than the numbers carry."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.statistics import (
    CONFIDENCE,
    FEWEST_TO_COMPARE,
    HIGH,
    LOW,
    paired_differences,
    spread_across_futures,
)
from rsip_sim.report.quoted import Given
from rsip_sim.report.verdicts import (
    CLEAR,
    INTERVAL,
    SPREAD,
    Difference,
    relative,
    verdict,
    word,
)
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
    assert FEWEST_TO_COMPARE == 10
    assert of("erosion", [9.0] * 9, [8.0] * 9) == "too uncertain"
    assert of("erosion", [9.0] * 10, [8.0] * 10) == "worse"


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


def told(metric: str, **numbers: float) -> str:
    """What is said of a difference whose numbers are given."""
    usual = Difference(10.0, 11.0, 1.0, 0.5, 1.5, 0.0, 2.0, 0.9, 0.1, 0.0, 100)
    return verdict(METRICS[metric], replace(usual, **numbers))


@pytest.mark.parametrize(
    ("low", "mean", "high", "said"),
    [
        (0.5, 1.0, 1.5, "worse"),
        (-1.5, -1.0, -0.5, "better"),
        (0.01, 1.0, 2.0, "worse"),
        (0.0, 1.0, 2.0, "no clear difference"),
        (-2.0, -1.0, 0.0, "no clear difference"),
        (-0.001, 1.0, 2.0, "no clear difference"),
        (-2.0, -1.0, 0.001, "no clear difference"),
        (-0.001, 0.0, 0.001, "negligible"),
        (0.001, 0.002, 0.003, "negligible"),
    ],
)
def test_an_interval_that_touches_nought_is_not_clear_and_one_that_shows_as_nought_is_negligible(
    low: float, mean: float, high: float, said: str
) -> None:
    assert told("erosion", ci_low=low, difference=mean, ci_high=high) == said


def test_every_verdict_that_claims_a_difference_is_clear_and_no_other() -> None:
    found = {
        told(name, difference=ends[0], ci_low=min(ends), ci_high=max(ends))
        for name in ("members", "fund")
        for ends in ((1e6, 2e6), (-1e6, -2e6))
    }
    assert found == CLEAR == {"better", "worse", "higher", "lower"}


def test_a_difference_in_words_has_its_size_and_the_word_of_its_metric() -> None:
    erosion, members = METRICS["erosion"], METRICS["members"]
    assert relative(erosion, -0.4) == f"0.40 points {erosion.words[1]}"
    assert relative(erosion, 0.4) == f"0.40 points {erosion.words[0]}"
    assert relative(erosion, 0.001) == "no different"
    assert word(members, 3.0) == members.words[0] != word(members, -3.0)
    assert word(members, 0.0) == members.words[1]


def test_the_conventions_of_range_and_interval_are_those_of_the_statistics() -> None:
    assert SPREAD.text == f"{100 * (HIGH - LOW):.0f}% of futures"
    assert INTERVAL.text == f"{100 * CONFIDENCE:.0f}% interval"
    assert SPREAD.source == Given("convention: from the 5th to the 95th percentile")
    assert INTERVAL.source == Given("convention: confidence of the interval of a mean")
