"""A panel is read block by block, so that many futures fill no more memory than few."""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rsip_sim.measures.metrics import HEADLINES, metrics_named
from rsip_sim.measures.moments import Panel, moments_of
from rsip_sim.studies.compare import work
from rsip_sim.studies.compare.work import compare_results
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR, FakeResults, fake_results

SCENARIOS = (NO_AGREEMENT, TWO_YEAR)


class InBlocks(FakeResults):
    """The same futures, some at a time; counts how many columns were ever held at once."""

    def __init__(self, whole: FakeResults, size: int) -> None:
        super().__init__(whole.panels, whole.seed)
        self.size = size
        self.most = 0
        self._held: weakref.WeakSet[Held] = weakref.WeakSet()

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        for first in range(0, self.replications, self.size):
            part = slice(first, first + self.size)
            held = Held(
                {name: values[:, part] for name, values in self.arrays(scenario, columns).items()}
            )
            self._held.add(held)
            self.most = max(self.most, len(self._held))
            yield held


class Held(dict[str, NDArray[Any]]):
    """Columns of a block that say when they are let go."""

    __hash__ = object.__hash__  # type: ignore[assignment]


@pytest.mark.parametrize("size", [1, 7, 64, 500])
def test_a_comparison_is_the_same_in_blocks_of_any_size(size: int) -> None:
    whole = fake_results(SCENARIOS, 130)
    expected = compare_results(whole, SCENARIOS[0], SCENARIOS[1:])
    found = compare_results(InBlocks(whole, size), SCENARIOS[0], SCENARIOS[1:])
    assert found.differences.equals(expected.differences)
    assert found.price == expected.price
    assert found.ranking == expected.ranking


def test_no_more_than_two_blocks_are_held_whatever_the_futures() -> None:
    # two, for the next is read before the last is let go
    blocks = InBlocks(fake_results(SCENARIOS, 200), 10)
    compare_results(blocks, SCENARIOS[0], SCENARIOS[1:])
    assert 1 <= blocks.most <= 2


def test_metrics_take_turns_where_futures_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fake_results(SCENARIOS, 130)
    expected = compare_results(whole, SCENARIOS[0], SCENARIOS[1:])
    monkeypatch.setattr(work, "_MOST_VALUES", 130 * 4)  # one metric at a time
    assert compare_results(whole, SCENARIOS[0], SCENARIOS[1:]).differences.equals(
        expected.differences
    )


def test_futures_keep_their_places() -> None:
    whole = fake_results(SCENARIOS, 50)
    metrics = metrics_named(HEADLINES)
    moments = moments_of(TWO_YEAR.policy, TWO_YEAR.policy.horizon_months)
    levels = Panel(whole, TWO_YEAR).at(metrics, moments)
    again = Panel(InBlocks(whole, 9), TWO_YEAR).at(metrics, moments)
    np.testing.assert_array_equal(again, levels)
