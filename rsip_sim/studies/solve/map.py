"""A map of two levers: where on a grid of their values the target is met."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import ChangeError
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.solve.curve import Point, Status, points_of
from rsip_sim.studies.solve.lever import Lever, varied
from rsip_sim.studies.solve.question import Search
from rsip_sim.studies.solve.search import Measure

ACROSS, UP = 13, 9
"""Values, at most, of the first lever and of the second."""


@dataclass(frozen=True)
class TippingMap:
    """The share or average at every combination of two levers that a scenario could have.

    across, up  values of the first lever and of the second
    points      by place (up, across); a combination that cannot be is left out
    """

    across: tuple[float, ...]
    up: tuple[float, ...]
    points: dict[tuple[int, int], Point]

    @property
    def estimates(self) -> FloatArray:
        """(up, across), NaN where a combination cannot be."""
        found = np.full((len(self.up), len(self.across)), np.nan)
        for place, point in self.points.items():
            found[place] = point.estimate
        return found

    @property
    def met(self) -> NDArray[np.bool_]:
        """Whether each combination meets the target, (up, across); one that cannot be does not."""
        found = np.zeros((len(self.up), len(self.across)), dtype=bool)
        for place, point in self.points.items():
            found[place] = point.status.met
        return found

    def count(self, *statuses: Status) -> int:
        """Combinations of these statuses."""
        return sum(point.status in statuses for point in self.points.values())

    def table(self, first: Lever, second: Lever) -> pd.DataFrame:
        """One row a combination, those that cannot be left out."""
        rows = [
            (self.across[i], self.up[j], p.estimate, p.low, p.high, p.futures, p.status.words)
            for (j, i), p in sorted(self.points.items())
        ]
        names = [first.path, second.path, "estimate", "ci_low", "ci_high", "futures", "target"]
        return pd.DataFrame(rows, columns=names)


def tipping_map(asked: Search, measure: Measure) -> TippingMap:
    """Measure the target on a grid of the question's two levers.

    Raises AskedError where a scenario can have no combination, ValueError without a second.
    """
    if asked.second is None:
        raise ValueError("a map needs a second lever")
    across, up = asked.lever.spaced(ACROSS), asked.second.spaced(UP)
    places = [
        (j, i)
        for j, i in itertools.product(range(len(up)), range(len(across)))
        if _possible(asked, (across[i], up[j]))
    ]
    if not places:
        message = "no combination of the two levers is one a scenario can have"
        raise AskedError([Problem(("across", "lever"), message)])
    found = measure([(across[i], up[j]) for j, i in places])
    values = np.array([across[i] for _, i in places])
    points = points_of(asked.target, values, asked.target.observed(np.stack(found)))
    return TippingMap(across, up, dict(zip(places, points, strict=True)))


def _possible(asked: Search, values: Sequence[float]) -> bool:
    try:
        varied(asked.scenario, asked.levers, values)
    except ChangeError:
        return False
    return True
