"""Draws are uniform, independent over every part of their key, and a function of the key alone."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from rsip_sim.model.draws import Draws, Purpose, exponential, key_of, mix, normal

MANY = 4000
URNS = np.arange(106_800, 106_920)
SEED = 20110401
KEY_OF_HALLAM = 10104183193767994479  # of results that are kept somewhere: never another


def block(seed: int = SEED, replications: int = MANY) -> Draws:
    return Draws(seed, np.arange(replications))


def fits_uniform(sample: np.ndarray) -> bool:
    """Kolmogorov–Smirnov at 1 in 10,000: with fixed keys a test that passes passes for ever."""
    return bool(stats.kstest(sample.ravel(), "uniform").pvalue > 1e-4)


def uncorrelated(one: np.ndarray, other: np.ndarray) -> bool:
    """Correlation within four standard errors of nought."""
    return bool(abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 4.0 / np.sqrt(one.size))


# of the published hash


def hashed(seed: int, replication: int, entity: int, purpose: int, occasion: int) -> int:
    """The hash of a key told once more, in whole numbers of Python and SplitMix64's constants."""
    golden = 0x9E3779B97F4A7C15

    def mixed(key: int) -> int:
        key %= 2**64
        key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        key = (key ^ key >> 27) * 0x94D049BB133111EB % 2**64
        return key ^ key >> 31

    future = mixed(mixed(seed + golden) + (replication + 1) * golden)
    key = mixed(mixed(mixed(entity + golden) + purpose * golden) + occasion * golden)
    return mixed(key + future)


@given(
    st.integers(0, 2**64 - 1),
    st.integers(0, 10**6),
    st.integers(0, 2**64 - 1),
    st.sampled_from(list(Purpose)),
    st.integers(0, 30_000),
)
def test_a_draw_is_the_hash_of_its_key_and_of_nothing_else(
    seed, replication, entity, purpose, occasion
):
    draws = Draws(seed, [replication])
    expected = ((hashed(seed, replication, entity, purpose, occasion) >> 12) + 0.5) / 2**52
    assert draws.uniform([entity], purpose, occasion)[0, 0] == expected
    assert draws.one(purpose, occasion, entity)[0] == expected


def test_a_single_entity_without_occasion_is_number_0():
    draws = block(replications=3)
    first = draws.uniform([0], Purpose.ENDOWMENT, 0)[0]
    np.testing.assert_array_equal(draws.one(Purpose.ENDOWMENT), first)
    np.testing.assert_array_equal(draws.normal(Purpose.ENDOWMENT), normal(first))
    one = draws.uniform([7], Purpose.ORDER_EFFECT, 3)[0]
    np.testing.assert_array_equal(draws.normal(Purpose.ORDER_EFFECT, 3, 7), normal(one))
    table = draws.uniform(URNS, Purpose.PULL, 0)
    np.testing.assert_array_equal(draws.uniform(URNS, Purpose.PULL), table)
    cells = draws.uniform_at(URNS, np.full(len(URNS), 2), Purpose.PULL)
    np.testing.assert_array_equal(cells, table[:, 2])


PURPOSES = [
    "PARAMETER", "START_GRADE", "CONVERSION_TASTE", "MEMBERSHIP_TASTE", "FOUNDING",
    "MEMBERSHIP", "CONVERSION_THRESHOLD", "PIPELINE", "WITHDRAWAL", "PULL", "ORDER_THRESHOLD",
    "ORDER_MONTHS", "INSPECTION", "REGRADE", "ASSOCIATE", "TRUST_ON_CONVERSION", "TRUST_CLOCK",
    "CHAIN_CLOCK", "CHAIN_TARGET", "CHAIN_JOIN", "AUTHORITY_FIXED", "AUTHORITY_PATH",
    "CLIMATE_PATH", "ORDER_EFFECT", "FALL_EFFECT", "COUNCIL_DISPOSITION", "FORUM_DISPOSITION",
    "ENDOWMENT", "PARAMETER_SET", "SPONSOR", "DEFICIT",
]  # fmt: skip


def test_purposes_keep_the_numbers_that_every_result_rests_on():
    """A new one is written at the end, here too."""
    assert {purpose.name: int(purpose) for purpose in Purpose} == {
        name: number for number, name in enumerate(PURPOSES, 1)
    }


# uniform


@pytest.mark.parametrize("purpose", list(Purpose), ids=lambda purpose: purpose.name.lower())
def test_draws_of_every_purpose_are_uniform(purpose):
    assert fits_uniform(block().uniform(URNS[:12], purpose))


def test_draws_are_uniform_along_every_axis_of_the_key():
    one = Draws(SEED, [7])
    over_entities = one.uniform(np.arange(MANY), Purpose.MEMBERSHIP)
    over_occasions = one.uniform(np.full(MANY, 106_801), Purpose.MEMBERSHIP, np.arange(MANY))
    over_seeds = [Draws(seed, [7]).one(Purpose.MEMBERSHIP)[0] for seed in range(1500)]
    for sample in (over_entities, over_occasions, np.array(over_seeds)):
        assert fits_uniform(sample)


def test_low_and_high_tails_are_as_frequent_as_they_should_be():
    sample = block().uniform(URNS, Purpose.ORDER_THRESHOLD).ravel()
    for tail in (1e-2, 1e-3, 1e-4):
        expected = tail * sample.size
        for count in ((sample < tail).sum(), (sample > 1.0 - tail).sum()):
            assert abs(count - expected) < 5.0 * np.sqrt(expected)


def test_a_draw_is_never_0_or_1_whatever_its_key():
    # the last scrambling is one to one, so that some key gives each of the extreme hashes
    assert uniform_of_hash(0) > 0.0
    assert uniform_of_hash(2**64 - 1) < 1.0


def uniform_of_hash(wanted: int) -> float:
    """The draw whose last hash is `wanted`, reached through a key made for the purpose."""
    golden = 0x9E3779B97F4A7C15
    origin = _mixed(SEED + golden)
    replication = _mixed(origin + golden)
    key = np.array([(_unmixed(wanted) - replication) % 2**64], dtype=np.uint64)
    return float(Draws(SEED, [0]).uniform_of(key)[0, 0])


def _mixed(key: int) -> int:
    return int(mix(np.array([key % 2**64], dtype=np.uint64))[0])


def _unmixed(key: int) -> int:
    """The inverse of `mix`: xor-shifts undone bit by bit, products by the inverse factor."""

    def unshift(value: int, shift: int) -> int:
        result = value
        for _ in range(3):
            result = value ^ (result >> shift)
        return result

    key = unshift(key, 31) * pow(0x94D049BB133111EB, -1, 2**64) % 2**64
    key = unshift(key, 27) * pow(0xBF58476D1CE4E5B9, -1, 2**64) % 2**64
    return unshift(key, 30)


@given(st.integers(0, 2**64 - 1))
def test_mixing_loses_no_key(key):
    assert _unmixed(_mixed(key)) == key


# independent


def test_neighbouring_schools_draw_independently():
    sample = block().uniform(URNS, Purpose.MEMBERSHIP)
    assert uncorrelated(sample[:-1], sample[1:])


def test_neighbouring_replications_draw_independently():
    sample = block().uniform(URNS, Purpose.MEMBERSHIP)
    assert uncorrelated(sample[:, :-1], sample[:, 1:])


def test_successive_months_draw_independently():
    months = [
        block(replications=400).uniform(URNS, Purpose.MEMBERSHIP, m) for m in range(24135, 24145)
    ]
    for earlier, later in pairwise(months):
        assert uncorrelated(earlier, later)


def test_neighbouring_seeds_draw_independently():
    samples = [block(seed, 400).uniform(URNS, Purpose.MEMBERSHIP) for seed in range(SEED, SEED + 4)]
    for one, other in pairwise(samples):
        assert uncorrelated(one, other)


def test_all_pairs_of_purposes_draw_independently():
    draws = block(replications=8000)
    table = np.stack([draws.one(purpose, 24135, 106_801) for purpose in Purpose])
    correlation = np.corrcoef(table)[np.triu_indices(len(table), 1)]
    assert np.abs(correlation).max() < 5.0 / np.sqrt(8000)


def test_pairs_of_successive_draws_fill_the_square_evenly():
    sample = block().uniform(URNS[:26], Purpose.PIPELINE)
    cells = (sample[:-1] * 8).astype(int) * 8 + (sample[1:] * 8).astype(int)
    counts = np.bincount(cells.ravel(), minlength=64)
    assert stats.chisquare(counts).pvalue > 1e-4


def test_no_two_keys_share_a_draw():
    draws = block(replications=500)
    sample = np.concatenate(
        [
            draws.uniform(URNS, purpose, occasion).ravel()
            for purpose in (Purpose.MEMBERSHIP, Purpose.PIPELINE)
            for occasion in (0, 1, 24135)
        ]
    )
    assert len(np.unique(sample)) == sample.size


def test_one_bit_of_any_part_of_the_key_changes_half_the_bits_of_the_draw():
    def fraction(seed: int, replication: int, urn: int, occasion: int) -> int:
        uniform = Draws(seed, [replication]).uniform([urn], Purpose.PULL, occasion)[0, 0]
        return int(uniform * 2.0**48)

    base = (SEED, 12, 106_801, 24135)
    for part in range(4):
        flips = []
        for bit in range(12):
            other = list(base)
            other[part] ^= 1 << bit
            flips.append((fraction(*base) ^ fraction(*other)).bit_count() / 48)
        assert 0.4 < np.mean(flips) < 0.6
        assert min(flips) > 0.2


# of the key alone


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=8, unique=True),
    st.lists(st.integers(1, 9_999_999), min_size=1, max_size=6, unique=True),
    st.sampled_from(list(Purpose)),
    st.integers(0, 30_000),
)
def test_a_draw_is_the_same_alone_and_in_any_company(seed, replications, urns, purpose, occasion):
    together = Draws(seed, replications).uniform(urns, purpose, occasion)
    for row, urn in enumerate(urns):
        for column, replication in enumerate(replications):
            alone = Draws(seed, [replication]).uniform([urn], purpose, occasion)
            assert alone[0, 0] == together[row, column]


def test_single_cells_draw_what_the_whole_table_draws():
    draws = block(replications=50)
    table = draws.uniform(URNS, Purpose.REGRADE, 3)
    rows, columns = np.nonzero(table < 0.3)
    cells = draws.uniform_at(URNS[rows], columns, Purpose.REGRADE, np.full(len(rows), 3))
    np.testing.assert_array_equal(cells, table[rows, columns])


def test_the_order_of_asking_does_not_matter():
    first, second = block(replications=20), block(replications=20)
    forwards = [first.uniform(URNS, p) for p in (Purpose.PULL, Purpose.PIPELINE)]
    backwards = [second.uniform(URNS[::-1], p)[::-1] for p in (Purpose.PIPELINE, Purpose.PULL)]
    for one, other in zip(forwards, backwards[::-1], strict=True):
        np.testing.assert_array_equal(one, other)


def test_names_have_the_same_key_in_every_process_and_edition():
    code = "from rsip_sim.model.draws import key_of; print(key_of('diocese:Hallam'))"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert int(done.stdout) == key_of("diocese:Hallam") == KEY_OF_HALLAM


def test_no_two_of_a_hundred_thousand_futures_share_their_luck():
    luck = block(replications=100_000).one(Purpose.MEMBERSHIP)
    assert len(np.unique(luck)) == len(luck)


def test_seeds_and_keys_of_64_bits_are_accepted_without_a_warning():
    with np.errstate(all="raise"):
        sample = Draws(2**64 - 1, [0, 2**40]).uniform([key_of("x"), 2**63], Purpose.PARAMETER)
    assert ((sample > 0.0) & (sample < 1.0)).all()


def test_a_single_entity_draws_what_it_draws_in_a_list_without_a_warning():
    draws = block(replications=5)
    with np.errstate(all="raise"):
        alone = draws.uniform(key_of("x"), Purpose.PULL, 3)
    np.testing.assert_array_equal(alone, draws.uniform([key_of("x")], Purpose.PULL, 3))


# transformed


def test_exponential_draws_have_mean_and_spread_1():
    sample = exponential(block().uniform(URNS, Purpose.CONVERSION_THRESHOLD))
    assert sample.min() >= 0.0
    assert sample.mean() == pytest.approx(1.0, abs=0.01)
    assert sample.std() == pytest.approx(1.0, abs=0.01)


def test_normal_draws_are_standard_normal_and_rise_with_the_uniform():
    uniform = block().uniform(URNS[:30], Purpose.MEMBERSHIP_TASTE).ravel()
    sample = normal(uniform)
    assert stats.kstest(sample, "norm").pvalue > 1e-4
    assert (np.diff(sample[np.argsort(uniform)]) >= 0.0).all()
