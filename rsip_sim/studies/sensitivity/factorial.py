"""A full factorial design of categorical levers: main effects and two-way interactions.

Every combination of the levers' values is simulated in the same futures, so that each effect is
worked out future by future and has an interval of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import Estimate, estimates
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import LEVERS

_CHOICES = {row.path: row.crossed for row in LEVERS.values() if row.crossed}


@dataclass(frozen=True)
class Lever:
    """A categorical lever and the values tried; the first is that of both scenarios."""

    path: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Effect:
    """What a change of one lever does to each outcome, or does more together with another.

    changes  (place of the lever, place of its value), one or two of them
    sizes    in the unit of the outcome, one an outcome
    """

    changes: tuple[tuple[int, int], ...]
    sizes: list[Estimate]


def levers_to_cross(baseline: Scenario, scenario: Scenario) -> tuple[list[Lever], list[str]]:
    """The levers of a design, and the paths left out.

    Left out are those in which the two scenarios differ, those that a timeline changes, and a
    climate that is a table of the scenario's own.
    """
    crossed, left_out = [], []
    for path, values in _CHOICES.items():
        section, _, name = path.partition(".")
        ours, theirs = (each.resolved[section][name] for each in (baseline, scenario))
        dated = any(path in entry["set"] for each in (baseline, scenario)
                    for entry in each.resolved["timeline"])  # fmt: skip
        if ours != theirs or dated or ours == "table":
            left_out.append(path)
        else:
            crossed.append(Lever(path, (ours, *(each for each in values if each != ours))))
    return crossed, left_out


def cells(levers: Sequence[Lever]) -> list[dict[str, Any]]:
    """Every combination of values, by path; the last lever varies fastest."""
    paths = [lever.path for lever in levers]
    combinations = itertools.product(*(lever.values for lever in levers))
    return [dict(zip(paths, values, strict=True)) for values in combinations]


def effects(levers: Sequence[Lever], values: FloatArray) -> list[Effect]:
    """Main effects, then interactions, each averaged over the values of all other levers.

    values  (cells, outcomes, futures), the cells in the order of `cells`

    A main effect is the outcome at a value less that at the lever's first value. An interaction
    of two changes is what both do less what each does while the other lever is at its first.
    """
    shape = tuple(len(lever.values) for lever in levers)
    table = values.reshape(*shape, *values.shape[1:])
    single = [(lever, value) for lever, count in enumerate(shape) for value in range(1, count)]
    pairs = [pair for pair in itertools.combinations(single, 2) if pair[0][0] != pair[1][0]]
    found = []
    for changes in [*((change,) for change in single), *pairs]:
        contrast = table
        for lever, value in changes:
            after, before = (np.take(contrast, [at], axis=lever) for at in (value, 0))
            contrast = after - before
        by_future = contrast.mean(axis=tuple(range(len(shape))))
        found.append(Effect(changes, estimates(by_future)))
    return found
