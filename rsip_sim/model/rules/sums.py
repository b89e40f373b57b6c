"""Adding up in one fixed order, so that no bit depends on how many replications share a block."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray


def added(parts: FloatArray) -> FloatArray:
    """The sum over every axis but the last, first to last: (…, replications) → (replications,).

    numpy's own `sum` adds in another order when an array is narrow, which changes the last bit.
    """
    flat = parts.reshape(-1, parts.shape[-1])
    return np.asarray(np.add.accumulate(flat, axis=0)[-1])
