"""Cohesion: parts between 0 and 1, an index between its worst and its best part."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.model.rules import cohesion

shares = st.floats(0.0, 1.0)
five = st.lists(shares, min_size=5, max_size=5)
weights = st.lists(st.floats(0.0, 1.0), min_size=5, max_size=5).filter(lambda w: sum(w) > 0.01)


def column(values: list[float]) -> np.ndarray:
    return np.array(values)[:, None]


@given(five, weights)
def test_the_index_lies_between_the_worst_and_the_best_part(parts, weighting):
    index = cohesion.index(column(parts), np.array(weighting))[0]
    floored = np.maximum(parts, 0.02)
    assert floored.min() - 1e-12 <= index <= floored.max() + 1e-12


@given(five, weights, st.integers(0, 4), shares)
def test_no_part_that_improves_makes_the_index_worse(parts, weighting, which, better):
    improved = list(parts)
    improved[which] = max(parts[which], better)
    before = cohesion.index(column(parts), np.array(weighting))[0]
    assert cohesion.index(column(improved), np.array(weighting))[0] >= before - 1e-12


@given(five, weights, st.floats(0.1, 50.0))
def test_only_the_proportions_of_the_weights_matter(parts, weighting, factor):
    once = cohesion.index(column(parts), np.array(weighting))
    scaled = cohesion.index(column(parts), factor * np.array(weighting))
    assert once[0] == pytest.approx(scaled[0])


@given(five, st.integers(0, 4))
def test_all_weight_on_one_part_is_that_part(parts, which):
    weighting = np.zeros(5)
    weighting[which] = 1.0
    index = cohesion.index(column(parts), weighting)[0]
    assert index == pytest.approx(max(parts[which], cohesion.FLOOR))


def test_a_part_without_a_weight_is_refused():
    with pytest.raises(ValueError, match="argument 2"):
        cohesion.index(column([0.9, 0.8, 0.7]), np.array([0.5, 0.5]))


def test_the_index_is_the_geometric_mean():
    parts = [0.9, 0.8, 0.7, 0.6, 0.5]
    index = cohesion.index(column(parts), np.array([0.2, 0.25, 0.2, 0.2, 0.15]))[0]
    assert index == pytest.approx(0.9**0.2 * 0.8**0.25 * 0.7**0.2 * 0.6**0.2 * 0.5**0.15)


@given(five, weights, shares, shares)
def test_the_core_index_leaves_out_participation_and_stability(parts, weighting, one, other):
    changed = [one, *parts[1:4], other]
    core = cohesion.core_index(column(parts), np.array(weighting))[0]
    assert cohesion.core_index(column(changed), np.array(weighting))[0] == core


def test_a_core_without_weight_counts_its_three_parts_alike():
    core = cohesion.core_index(column([0.1, 0.9, 0.8, 0.7, 0.1]), np.array([0.5, 0, 0, 0, 0.5]))[0]
    assert core == pytest.approx((0.9 * 0.8 * 0.7) ** (1.0 / 3.0))


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(1, 10_000), shares)
def test_participation_counts_associates_at_their_weight(maintained, associates, others, weight):
    total = maintained + associates + others
    value = cohesion.participation(np.array([maintained]), np.array([associates]), total, weight)[0]
    assert value == pytest.approx((maintained + weight * associates) / total)
    assert 0.0 <= value <= 1.0


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_integrity_is_relative_to_the_start_and_never_above_1(now, start):
    value = cohesion.integrity(np.array([now]), start)[0]
    assert value == pytest.approx(min(now / start, 1.0))


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_stability_is_the_share_still_there_and_nought_if_nobody_was(staying, left):
    value = cohesion.stability(np.array([staying]), np.array([staying + left]))[0]
    assert value == (pytest.approx(staying / (staying + left)) if staying + left else 0.0)


def test_nobody_in_need_means_nobody_goes_without():
    assert cohesion.mutual_support(np.array([0.0, 3.0]), np.array([0.0, 4.0])).tolist() == [
        1.0,
        0.75,
    ]


def test_support_of_a_need_of_less_than_a_day_counts_like_any_other():
    with np.errstate(all="raise"):
        value = cohesion.mutual_support(np.array([0.1, 0.0]), np.array([0.4, 0.0]))
    assert value.tolist() == [0.25, 1.0]
