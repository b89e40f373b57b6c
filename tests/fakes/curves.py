"""A model whose answer is known: members of a partnership that depend on one number alone."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.report.text import rendered
from rsip_sim.scenario import Scenario, load_scenario
from rsip_sim.studies.kernel.ground import scenario_ground
from rsip_sim.studies.solve.curve import search
from rsip_sim.studies.solve.lever import Lever, lever_of
from rsip_sim.studies.solve.question import Search, SolveQuestion
from rsip_sim.studies.solve.report import solve_report
from rsip_sim.studies.solve.study import SolveStudy
from rsip_sim.studies.solve.work import Solved
from tests.fakes.panels import FOLDER

TWO_YEAR = load_scenario(FOLDER / "two_year.yaml")
EARMARK, LENGTH = "funding.earmark_gbp_per_year", "agreement.length_months"
MANY, FEW = 100.0, 50.0
TARGET = "members at end at least 80 with probability 0.6"

Chance = Callable[[float], float]
"""The share of futures with many members, at one value of the lever."""


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
        self.asked: list[float] = []

    def __call__(self, values: FloatArray) -> FloatArray:
        self.asked += values.tolist()
        return np.stack([np.where(self.luck < self.chance(each), MANY, FEW) for each in values])


def question(target: str = TARGET, scenario: Scenario = TWO_YEAR, **asked: object) -> Search:
    """A search as it is checked; asked: further values of the question, by field."""
    values = {"search": {"lever": EARMARK}, "target": target, **asked}
    return SolveStudy().check(SolveQuestion.of(values), scenario_ground((scenario,)))


def search_of(lever: Lever, target: str = TARGET, scenario: Scenario = TWO_YEAR) -> Search:
    """The question about a lever of any range, of 1,000 futures."""
    return replace(question(target, scenario), lever=lever, replications=1000, seed=1)


def solved(
    lever: Lever,
    chance: Chance,
    target: str = TARGET,
    scenario: Scenario = TWO_YEAR,
    futures: int = 1000,
) -> Solved:
    """The answer where the chance is known."""
    what = search_of(lever, target, scenario)
    return Solved(what, search(lever, what.target, FakeModel(chance, futures)))


def text_of(found: Solved) -> str:
    """The answer as the terminal shows it."""
    return rendered(solve_report(found))
