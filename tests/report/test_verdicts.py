"""A difference in words: never more than the numbers carry."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import MARCH_2013, MEAN, Moment, moments_of
from rsip_sim.measures.statistics import paired_differences, spread_across_futures
from rsip_sim.report.verdicts import CLEAR, Difference, sentence, verdict
from rsip_sim.report.words import of_futures
from tests.fakes.panels import TWO_YEAR

MOMENTS = moments_of(TWO_YEAR.policy, 60)


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


def words(metric: str, levels: list[float], baseline: list[float], when: str = MARCH_2013) -> str:
    return sentence(METRICS[metric], MOMENTS[when], difference(levels, baseline))


def test_fewer_conversions_read_as_in_the_headline_of_a_cabinet_paper() -> None:
    fewer = [0.0] * 17 + [-float(2 + i % 8) for i in range(83)]
    told = words("conversions", [20 + change for change in fewer], [20.0] * 100)
    assert told == (
        "In 83 of 100 futures fewer schools have converted by 31 March 2013; typically 0 to 9 "
        "fewer (90% of futures)."
    )


def test_a_state_stands_on_a_date_and_a_mean_over_months() -> None:
    more = [[float(50 + i % 5) for i in range(20)], [40.0] * 20]
    assert "on 31 March 2013; typically 10 to 14 more" in words("members", *more)
    assert "averaged over months 13 to 60" in words("members", *more, when=MEAN)


def test_a_range_on_both_sides_of_zero_names_both_sides() -> None:
    changes = [-1.0] + [3.0] * 18 + [-2.0]
    told = words("members", [50 + change for change in changes], [50.0] * 20)
    assert "typically between 1 fewer and 3 more (90% of futures)" in told


def test_an_interval_that_holds_zero_is_no_clear_difference() -> None:
    told = words("erosion", [10.0, 12.0] * 10, [11.0] * 20)
    assert told.startswith("No clear difference in DSG erosion on 31 March 2013")
    assert "95% interval of this average −0.48 to +0.48 points" in told


def test_equal_futures_are_called_equal() -> None:
    assert "every future gives exactly the same" in words("erosion", [9.0] * 12, [9.0] * 12)


def test_a_clear_average_that_most_futures_do_not_share_says_so() -> None:
    told = words("conversions", [10.0] * 70 + [8.0] * 30, [10.0] * 100)
    assert told == (
        "On average 0.6 fewer schools have converted by 31 March 2013, but in only 30 of 100 "
        "futures; the other way round in none, no difference in 70 of 100 futures."
    )


def test_a_difference_too_small_to_be_shown_is_not_called_better() -> None:
    levels = [10.001 + 0.0001 * (i % 3) for i in range(100)]
    told = words("erosion", levels, [10.0] * 100)
    assert told.startswith("Practically no difference in DSG erosion")


def test_an_average_that_is_surely_too_small_to_be_shown_is_practically_no_difference() -> None:
    balanced = [20.0 + (-1) ** i * 0.01 for i in range(100)]
    told = words("conversions", balanced, [20.0] * 100)
    assert told.startswith("Practically no difference in schools that became academies")
    assert "less than 0.1 on average" in told


def test_few_futures_are_too_uncertain_to_compare() -> None:
    assert "1 future simulated" in words("erosion", [9.0], [8.0])
    assert words("erosion", [9.0, 9.5], [8.0, 8.0]).startswith("Too uncertain")


def test_a_chance_is_told_as_a_chance() -> None:
    told = words("breakdown", [100.0] * 5 + [0.0] * 95, [100.0] * 20 + [0.0] * 80)
    assert told.startswith(
        "The chance that the partnership has dissolved by 31 March 2013 falls from 20.0% to 5.0% "
        "(difference −15.0 points, 95% interval"
    )


def test_what_is_not_defined_is_said_to_be_so() -> None:
    assert "not defined" in words("cohesion", [math.nan] * 20, [0.5] * 20)


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


@given(st.sampled_from(list(METRICS.values())), st.sampled_from(list(MOMENTS.values())), futures)
def test_every_outcome_of_every_metric_is_one_sound_sentence(
    metric: Metric, moment: Moment, both: tuple[list[float], list[float]]
) -> None:
    numbers = difference(*both)
    told = sentence(metric, moment, numbers)
    assert told[0].isupper()
    assert told.endswith(".")
    assert not re.search(r"nan|inf\b|\{|\}|  |−−|\+−", told)
    found = verdict(metric, numbers)
    claims = told.startswith(("In ", "On average", "The chance"))
    assert claims == (found in CLEAR)
    if found in CLEAR:
        assert numbers.ci_low > 0 or numbers.ci_high < 0
        assert (found in ("better", "worse")) == (metric.better != "neither")
