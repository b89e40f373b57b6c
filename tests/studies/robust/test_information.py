"""The value of information: right where it is known, none in noise, never below none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from rsip_sim.studies.robust.information import value_of_information

FUTURES = 4000


def draws(count, seed=1):
    return np.random.default_rng(seed).normal(size=(count, FUTURES))


@pytest.fixture(scope="module")
def found():
    """A choice between nothing and a gamble on one parameter, with luck as large besides."""
    theta, luck, idle = draws(3)
    gamble = -0.5 + theta + luck
    return value_of_information(
        np.stack([np.zeros(FUTURES), gamble]), {"theta": theta, "idle": idle}
    )


def worth_of_a_gamble(mean, deviation):
    """Expected gain of taking it only when it is known to be good."""
    return mean * norm.cdf(mean / deviation) + deviation * norm.pdf(mean / deviation)


def test_knowing_everything_is_worth_what_the_textbook_says(found):
    assert found.now == 0
    expected = worth_of_a_gamble(-0.5, np.sqrt(2))
    assert found.everything.mean == pytest.approx(expected, abs=0.04)
    assert found.everything.low < expected < found.everything.high


def test_knowing_the_parameter_but_not_luck_is_worth_less_and_is_estimated_right(found):
    expected = worth_of_a_gamble(-0.5, 1.0)
    worth = found.single["theta"]
    assert worth.mean == pytest.approx(expected, abs=0.04)
    assert worth.shows
    assert worth.mean < found.everything.mean


def test_an_idle_parameter_is_worth_nothing(found):
    assert found.single["idle"].mean < 0.01
    assert not found.single["idle"].shows
    assert found.single["theta"].certain


def test_noise_alone_finds_no_worth_though_it_is_set_against_many_parameters():
    gains = draws(2, seed=3)[:, :400]
    idle = dict(enumerate(draws(25, seed=4)[:, :400]))
    found = value_of_information(gains, {f"p{name}": values for name, values in idle.items()})
    assert not any(worth.certain for worth in found.single.values())
    own = np.mean([worth.fitted for worth in found.single.values()])
    learnt = np.mean([worth.mean for worth in found.single.values()])
    assert own > learnt  # judged by the futures it was fitted to, a rule would look worth it


def test_knowledge_may_be_ignored_so_that_it_is_never_worth_less_than_nothing():
    gains = np.stack([np.zeros(400), 0.05 + draws(1, seed=5)[0, :400]])
    noise = {f"p{i}": row for i, row in enumerate(draws(12, seed=6)[:, :400])}
    found = value_of_information(gains, noise)
    assert min(worth.mean for worth in found.single.values()) == 0  # a rule from noise loses
    for worth in found.single.values():
        assert 0 <= worth.low <= worth.mean <= worth.high <= found.everything.high
        assert worth.mean <= found.everything.mean
        assert worth.mean > 0 or worth.changes == 0


def test_a_choice_that_is_best_in_every_future_leaves_nothing_to_find_out():
    base, theta = draws(2, seed=7)
    found = value_of_information(np.stack([base, base + 1, base - 1]), {"theta": theta})
    assert found.now == 1
    assert found.everything.mean == 0
    assert found.single["theta"].mean == 0


def test_the_size_of_the_unit_and_a_gain_common_to_all_choices_do_not_matter(found):
    theta, luck, idle = draws(3)
    common = 50 * draws(1, seed=9)[0]
    gains = 1000 * np.stack([np.zeros(FUTURES), -0.5 + theta + luck]) + common
    other = value_of_information(gains, {"theta": theta, "idle": idle})
    assert other.everything.mean == pytest.approx(1000 * found.everything.mean)
    assert other.single["theta"].mean == pytest.approx(1000 * found.single["theta"].mean, rel=1e-6)


def test_without_parameters_all_that_is_uncertain_is_luck():
    found = value_of_information(draws(2, seed=8), {})
    assert found.everything.shows
    assert not found.single
