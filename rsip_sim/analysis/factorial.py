"""A full factorial design of categorical levers: main effects and two-way interactions.

Every combination of the levers' values is simulated in the same futures, so that each effect is
worked out future by future and has an interval of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import stdtrit

from rsip_sim.analysis.source import FloatArray
from rsip_sim.analysis.statistics import CONFIDENCE
from rsip_sim.scenario import Scenario

_CHOICES: dict[str, tuple[Any, ...]] = {
    "climate.conversion": ("uncertain", "observed", "flat", "surge"),
    "agreement.renewal": ("uncertain", "certain"),
    "agreement.academies_may_join": (True, False),
    "funding.endowment": ("bid", "won"),
}


@dataclass(frozen=True)
class Lever:
    """A categorical lever and the values tried; the first is that of both scenarios."""

    path: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Effect:
    """What a change of one lever does to an outcome, or what it does more together with another.

    changes  (place of the lever, place of its value), one or two of them
    mean     in the unit of the outcome;  low, high: 95% interval; arrays (outcomes,)
    """

    changes: tuple[tuple[int, int], ...]
    mean: FloatArray
    low: FloatArray
    high: FloatArray


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
    found = []
    for changes in _changes(shape):
        contrast = table
        for lever, value in changes:
            after, before = (np.take(contrast, [at], axis=lever) for at in (value, 0))
            contrast = after - before
        found.append(_effect(changes, contrast.mean(axis=tuple(range(len(shape))))))
    return found


def _changes(shape: tuple[int, ...]) -> Iterator[tuple[tuple[int, int], ...]]:
    single = [(lever, value) for lever, count in enumerate(shape) for value in range(1, count)]
    yield from ((change,) for change in single)
    yield from ((a, b) for a, b in itertools.combinations(single, 2) if a[0] != b[0])


def _effect(changes: tuple[tuple[int, int], ...], by_future: FloatArray) -> Effect:
    """By future: (outcomes, futures)."""
    count = (~np.isnan(by_future)).sum(axis=-1)
    mean = np.nanmean(by_future, axis=-1)
    error = np.nanstd(by_future, axis=-1, ddof=1) / np.sqrt(count)
    half = stdtrit(np.maximum(count - 1, 1), (1 + CONFIDENCE) / 2) * error
    return Effect(changes, mean, mean - half, mean + half)
