"""Offers, the Forum's vote, confidence: the right way round, within bounds, as published."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsip_sim.model.rules import agreement as rules
from rsip_sim.model.rules.climate import next_path

shares = st.floats(0.0, 1.0)
SLOPES = np.array([[4.0], [2.0]])


def one(value: float) -> np.ndarray:
    return np.array([value])


def renewal(participation: float, adequacy: float, intercept: float = 0.5) -> float:
    chance = rules.renewal_probability(one(participation), one(adequacy), one(intercept), SLOPES)
    return float(chance[0])


def forum(
    participation: float, adequacy: float, covered: bool = False, agreement: float = 1.0
) -> float:
    slopes = np.array([[3.0], [2.0]])
    return float(
        rules.forum_probability(
            one(participation), one(adequacy), np.array([covered]), one(1.5), slopes, one(agreement)
        )[0]
    )


@given(shares, shares, shares, shares)
def test_taking_part_and_support_speak_for_an_offer(a, b, d, e):
    assert 0.0 <= renewal(a, b) <= 1.0
    assert renewal(max(a, d), b) >= renewal(min(a, d), b)
    assert renewal(a, max(b, e)) >= renewal(a, min(b, e))


def log_odds(chance: float) -> float:
    return float(np.log(chance / (1.0 - chance)))


@given(shares, shares)
def test_each_reason_moves_the_log_odds_of_an_offer_by_its_own_slope(taking_part, support):
    expected = 0.5 + 4.0 * (taking_part - 0.7) + 2.0 * (support - 0.6)
    assert log_odds(renewal(taking_part, support)) == pytest.approx(expected, abs=1e-9)


@given(shares, shares, st.floats(0.0, 3.0))
def test_an_agreement_that_covers_the_year_speaks_for_the_line_but_does_not_bind(a, b, weight):
    alone, covered = forum(a, b), forum(a, b, True, weight)
    assert log_odds(covered) - log_odds(alone) == pytest.approx(weight, abs=1e-9)
    assert covered < 1.0


@given(st.integers(-40, 40), st.integers(0, 40), st.integers(0, 60))
def test_a_year_is_covered_where_every_month_of_it_is(start, months, april):
    held = set(range(start, start + months))
    whole = set(range(april, april + 12)) <= held
    assert rules.covers_year(np.array([start]), np.array([start + months]), april)[0] == whole


@given(shares, shares)
def test_each_reason_moves_the_log_odds_of_the_forums_vote_by_its_own_slope(taking_part, support):
    expected = 1.5 + 3.0 * (taking_part - 0.6) + 2.0 * (support - 0.6)
    assert log_odds(forum(taking_part, support)) == pytest.approx(expected, abs=1e-9)


def test_at_the_reference_levels_an_offer_is_the_intercept_alone():
    assert renewal(0.7, 0.6) == pytest.approx(1.0 / (1.0 + np.exp(-0.5)))


@given(shares, shares, shares, shares)
def test_taking_part_and_support_speak_for_the_line_in_the_forum(a, b, c, d):
    assert forum(max(a, c), max(b, d)) >= forum(min(a, c), min(b, d))


def test_the_forum_keeps_the_line_19_times_in_20_when_things_go_well():
    assert forum(0.9, 0.8) == pytest.approx(0.94, abs=0.02)


# confidence


def confidence(before: float, **given: float) -> float:
    values = {"adequacy": 0.8, "kept": 1.0, "exits": 0, "members": 100, "months": 6, "cap": 1.0}
    values.update(given)
    return float(
        rules.confidence(
            one(before),
            one(values["adequacy"]),
            one(values["kept"]),
            np.array([int(values["exits"])]),
            np.array([int(values["members"])]),
            values["months"],
            one(0.3),
            one(10.0),
            one(values["cap"]),
        )[0]
    )


@given(
    shares,
    st.floats(-1.0, 2.0),
    st.floats(-1.0, 12.0),
    st.integers(0, 200),
    st.integers(0, 200),
    st.sampled_from([1, 2, 3, 4, 6, 12]),
    shares,
)
def test_confidence_stays_between_0_and_1_and_under_its_cap(
    before, adequacy, kept, exits, members, months, cap
):
    after = confidence(
        before, adequacy=adequacy, kept=kept, exits=exits, members=members, months=months, cap=cap
    )
    assert 0.0 <= after <= min(cap, 1.0)


@given(shares)
def test_confidence_moves_three_tenths_of_the_way_to_what_was_delivered(before):
    delivered = (0.8 + 1.0 + 1.0) / 3.0
    assert confidence(before) == pytest.approx(before + 0.3 * (delivered - before))


@given(shares, st.integers(0, 30), st.integers(0, 30))
def test_each_broken_promise_costs_confidence(before, few, many):
    few, many = sorted((few, many))
    assert confidence(before, exits=many) <= confidence(before, exits=few)
    assert confidence(before, kept=0.5) < confidence(before, kept=1.0)
    assert confidence(before, adequacy=0.4) < confidence(before, adequacy=0.8)


def test_exits_count_per_half_year_however_often_reviews_are_held():
    assert confidence(0.6, exits=4, months=12) == pytest.approx(confidence(0.6, exits=2, months=6))
    assert confidence(0.6, exits=1, months=3) == pytest.approx(confidence(0.6, exits=2, months=6))


def test_a_partnership_without_members_has_no_exits_to_answer_for():
    assert confidence(0.6, exits=0, members=0) == pytest.approx(confidence(0.6))


def test_exits_are_counted_against_the_members_even_where_one_is_left():
    one_left = confidence(0.6, exits=1, members=20, months=6)
    assert confidence(0.6, exits=1, members=1, months=120) == pytest.approx(one_left)


def test_more_than_was_promised_counts_as_all_of_it():
    whole = confidence(0.6, adequacy=1.0)
    assert confidence(0.6, adequacy=1.5) == whole
    assert confidence(0.6, adequacy=1.0, kept=1.5) == whole


# mood


def test_moods_are_standard_normal_and_correlated_from_year_to_year():
    random = np.random.default_rng(3)
    mood = random.normal(size=100_000)
    for _ in range(5):
        before = mood
        mood = next_path(before, random.normal(size=100_000), np.full(100_000, 0.7))
    assert mood.std() == pytest.approx(1.0, abs=0.01)
    assert np.corrcoef(before, mood)[0, 1] == pytest.approx(0.7, abs=0.01)


@given(shares, shares)
def test_exactly_the_quorum_is_enough(participation, quorum):
    assert bool(rules.under_quorum(one(participation), one(quorum))[0]) == (participation < quorum)
    assert not rules.under_quorum(one(quorum), one(quorum))[0]


@given(st.integers(0, 120), st.integers(0, 120), st.booleans())
def test_cover_runs_out_with_the_agreement(end, month, in_force):
    cover = int(rules.months_of_cover(np.array([end]), month, np.array([in_force]))[0])
    assert cover == (max(end - month, 0) if in_force else 0)
