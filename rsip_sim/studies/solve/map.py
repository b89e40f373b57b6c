"""A map of two levers: where on a grid of their values the target is met."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.scenario import ChangeError
from rsip_sim.scenario.problems import Problem
from rsip_sim.studies.kernel.asking import AskedError
from rsip_sim.studies.solve.curve import Point, Status, points_of
from rsip_sim.studies.solve.lever import Lever, varied
from rsip_sim.studies.solve.question import Search
from rsip_sim.studies.solve.search import Measure

ACROSS, UP = 9, 9
"""Values, at most, of the first lever and of the second."""


@dataclass(frozen=True)
class Layout:
    """A map as it is shown: rows of the lever that goes down, columns of the one that goes across.

    points  None where a scenario cannot have both values
    """

    down: Lever
    across: Lever
    names: list[str]
    heads: list[str]
    points: list[list[Point | None]]


@dataclass(frozen=True)
class TippingMap:
    """The share or average at every combination of two levers that a scenario could have.

    across, up  values of the first lever and of the second
    points      by place (up, across); a combination that cannot be is left out
    """

    across: tuple[float, ...]
    up: tuple[float, ...]
    points: dict[tuple[int, int], Point]

    def laid_out(self, first: Lever, second: Lever) -> Layout:
        """The points in rows and columns, the lever with the longer words down."""
        rows = [
            [self.points.get((j, i)) for i in range(len(self.across))] for j in range(len(self.up))
        ]
        heads = [first.short(value) for value in self.across]
        names = [second.short(value) for value in self.up]
        if max(map(len, heads)) > max(map(len, names)):
            return Layout(
                first, second, heads, names, [list(each) for each in zip(*rows, strict=True)]
            )
        return Layout(second, first, names, heads, rows)

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
