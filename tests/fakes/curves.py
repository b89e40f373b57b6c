"""A model whose answer is known: members of a partnership that depend on one number alone."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import load_scenario
from rsip_sim.studies.solve.lever import Lever, lever_of
from tests.fakes.panels import FOLDER

TWO_YEAR = load_scenario(FOLDER / "two_year.yaml")
EARMARK, LENGTH = "funding.earmark_gbp_per_year", "agreement.length_months"
MANY, FEW = 100.0, 50.0
TARGET = "members at end at least 80 with probability 0.6"

Chance = Callable[..., float]
"""The share of futures with many members, at one value of the lever, or at two of a map."""


@functools.cache
def earmark(low: float = 0, high: float = 1_000_000) -> Lever:
    return lever_of(TWO_YEAR, EARMARK, low, high)


@functools.cache
def length(low: float = 0, high: float = 120) -> Lever:
    return lever_of(TWO_YEAR, LENGTH, low, high)


class FakeModel:
    """Many members in the stated share of futures, to the future; remembers what it was asked.

    luck  one number from 0 to 1 a future; a future has many members where the chance is above it
    """

    def __init__(self, chance: Chance, futures: int = 1000, luck: FloatArray | None = None) -> None:
        self.chance = chance
        self.luck = (np.arange(futures) + 0.5) / futures if luck is None else luck
        self.asked: list[tuple[float, ...]] = []

    def __call__(self, values: Sequence[tuple[float, ...]]) -> list[FloatArray]:
        self.asked += values
        return [np.where(self.luck < self.chance(*each), MANY, FEW) for each in values]
