"""Names for the array types of the model, and adding up in one fixed order."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]


def added(parts: FloatArray) -> FloatArray:
    """The sum over every axis but the last, first to last: (…, replications) → (replications,).

    numpy's own `sum` adds in another order when an array is narrow, which changes the last bit.
    """
    first, *others = parts.reshape(-1, parts.shape[-1])
    total = first.copy()
    for row in others:
        total += row
    return total
