"""When to stop: at fixed looks, by how wide intervals are, and never by what they hold."""

from __future__ import annotations

import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.experiment import progress
from rsip_sim.measures.metrics import METRICS
from rsip_sim.model.policy import Policy
from rsip_sim.studies.explain.accounts import Account, account_of, precise
from rsip_sim.studies.explain.hybrids import BY_MECHANISM, Hybrids, Step
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.kernel.trials import looks
from rsip_sim.studies.registry import study_named
from rsip_sim.studies.sensitivity.sobol import sobol_indices
from tests.fakes.explained import MOMENT

STEPS = tuple(Step(name, name, name) for name in ("one", "two"))


def account(seed: int, sign: int, taken: int, stored: int = 400, scale: float = 9.0) -> Account:
    """Two steps in some of the stored futures; sign −1 turns every difference round."""
    luck = np.random.default_rng(seed)
    one, two, both = luck.normal(size=(3, stored)) * scale * luck.exponential(size=(3, 1))
    base = np.full(stored, 100.0)
    worths = [0 * one, one + 2, two, one + 2 + two + both]
    levels = {Policy(1 + mask): (base + sign * worth)[None] for mask, worth in enumerate(worths)}
    levels[Policy(0)] = base[None]
    few = {policy: values[:, :taken] for policy, values in levels.items()}
    pairs = {mask: (Policy(0), Policy(1 + mask)) for mask in range(4)}
    made = Hybrids(BY_MECHANISM, STEPS, pairs)
    return account_of(made, 0, METRICS["members"], MOMENT, few, (base, levels[Policy(4)][0]))


def test_looks_are_taken_after_the_same_futures_whatever_is_asked() -> None:
    assert looks(1000, 2.0) == (256, 512, 1000)
    assert looks(1000, 0.001) == (256, 512, 1000)
    assert looks(256, 2.0) == (256,)
    assert looks(64_000, 0.0) == (64_000,)
    assert looks(4096, 1.0, first=1024) == (1024, 2048, 4096)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([16, 100, 400]), st.floats(0.1, 6.0))
def test_whether_shares_are_known_well_enough_owes_nothing_to_their_sign(seed, taken, asked):
    there, back = (account(seed, sign, taken) for sign in (1, -1))
    assert precise([there], asked) == precise([back], asked)
    for one, other in zip(there.shares, back.shares, strict=True):
        assert one.mean == pytest.approx(-other.mean)
        assert one.numbers.ci_low == pytest.approx(-other.numbers.ci_high)


def test_shares_of_an_input_are_as_wide_where_every_outcome_is_turned_round() -> None:
    luck = np.random.default_rng(2)
    a, b, mixed = luck.normal(size=(3, 64)), luck.normal(size=(3, 64)), luck.normal(size=(3, 4, 64))
    there, back = (sobol_indices(s * a, s * b, s * mixed, 3, 1) for s in (1, -1))
    np.testing.assert_array_equal(there.first, back.first)


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.sampled_from([16, 100, 399]))
def test_parts_of_few_futures_add_up_to_the_whole_of_all(seed, taken) -> None:
    found = account(seed, 1, taken)
    assert sum(each.mean for each in found.parts) == pytest.approx(found.total.mean)
    together = sum(each.values for each in found.parts)
    np.testing.assert_allclose(together, found.total.values[:taken], atol=1e-9)
    assert found.total.mean == pytest.approx(account(seed, 1, 400).total.mean)


def test_intervals_of_few_futures_hold_what_all_would_say() -> None:
    """They are drawn from one world without end, in which the first step is worth 2 schools."""
    held = []
    for seed in range(150):
        found = account(seed, 1, 64, scale=1.0).shares[0].numbers
        held.append(found.ci_low <= 2 <= found.ci_high)
    assert np.mean(held) > 0.9


def test_more_futures_are_never_known_less_well_on_average() -> None:
    widths = [
        np.mean([n.ci_high - n.ci_low for seed in range(20)
                 for n in [account(seed, 1, taken).shares[0].numbers]])
        for taken in (32, 128, 399)
    ]  # fmt: skip
    assert all(few > many for few, many in itertools.pairwise(widths))


@pytest.mark.parametrize("name", ["explain", "sensitivity", "backtest"])
def test_precision_has_one_name_and_is_never_negative(name) -> None:
    question = study_named(name).question
    assert question.of({"precision": 0}).precision == 0
    with pytest.raises(AskedError, match="precision: -1 will not do"):
        question.of({"precision": -1})
    with pytest.raises(AskedError, match="precision: 'nan' is not a number"):
        question.of({"precision": float("nan")})


@pytest.mark.parametrize(("pieces", "seconds"), [(3, 20.0), (400, 0.1), (400, 6.0), (90_000, 3.0)])
def test_a_run_of_any_length_says_at_most_ten_lines(pieces, seconds, monkeypatch) -> None:
    clock = itertools.count(0.0, seconds)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    stream = io.StringIO()
    told = progress.Lines(stream)
    told.begin(7 * pieces, 100)
    for _ in range(pieces):
        told.advance(7)
    told.end()
    lines = stream.getvalue().splitlines()
    assert len(lines) <= 10
    assert len(lines) > (3 if seconds * pieces > 100 else 1)
