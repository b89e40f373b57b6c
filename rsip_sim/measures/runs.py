"""What the analysis needs of a run, and nothing more: the results of a run fit, and so do fakes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class PanelSource(Protocol):
    """Monthly panels of several scenarios, simulated on the same futures."""

    @property
    def replications(self) -> int:
        """Number of simulated futures, the same in every scenario."""

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Some panel columns of each block of futures in turn, of shape (months, replications)."""


class SeededRun(PanelSource, Protocol):
    """A run whose futures drew their parameters and their luck from a known seed."""

    seed: int


class ComparisonError(ValueError):
    """The scenarios cannot be compared; the message says why, in words for a planner."""
