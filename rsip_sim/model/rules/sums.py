"""Adding up in one fixed order, so that no bit depends on how many replications share a block."""

from __future__ import annotations

from rsip_sim.model.arrays import FloatArray


def added(parts: FloatArray) -> FloatArray:
    """The sum over every axis but the last, first to last: (…, replications) → (replications,).

    numpy's own `sum` adds in another order when an array is narrow, which changes the last bit.
    """
    first, *others = parts.reshape(-1, parts.shape[-1])
    total = first.copy()
    for row in others:
        total += row
    return total
