"""Does the local system hold together? Five components in [0, 1] and their index."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray

FLOOR = 0.02
CORE = (1, 2, 3)  # connectedness, integrity, mutual support


def participation(
    maintained: AnyArray, associates: AnyArray, total: int, weight: FloatArray
) -> FloatArray:
    """Pupil share of all state schools in the partnership, associates at their weight."""
    return np.asarray((maintained + weight * associates) / total)


def integrity(sum_of_squares: IntArray, at_start: int) -> FloatArray:
    """Herfindahl index of governance blocks by pupils relative to the start, at most 1."""
    return np.minimum(sum_of_squares / at_start, 1.0)


def mutual_support(served: FloatArray, need: FloatArray) -> FloatArray:
    """Days served ÷ needed for schools below good; 1 where there is none."""
    return np.where(need > 0.0, served / np.where(need > 0.0, need, 1.0), 1.0)


def stability(staying: AnyArray, before: AnyArray) -> FloatArray:
    """Pupil share of the members of a year ago that are still members; 0 where there were none."""
    return np.where(before > 0, staying / np.maximum(before, 1), 0.0)


def index(components: FloatArray, weights: FloatArray) -> FloatArray:
    """Weighted geometric mean of components floored at 0.02, weights scaled to sum to 1.

    components, weights  (components, replications); the weights of no replication are all zero
    """
    whole = weights[0]
    for weight in weights[1:]:
        whole = whole + weight
    shares = weights / whole
    logs = np.log(np.maximum(components, FLOOR))
    total = np.zeros(components.shape[1])
    for share, log in zip(shares, logs, strict=True):
        total = total + share * log
    return np.exp(total)


def core_index(components: FloatArray, weights: FloatArray) -> FloatArray:
    """The index from connectedness, integrity and mutual support only.

    Where their weights are all 0 they count alike.
    """
    core = weights[list(CORE)]
    return index(components[list(CORE)], np.where((core > 0.0).any(axis=0), core, 1.0))
