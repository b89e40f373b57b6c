"""What the analysis needs of a run and of a scenario, and nothing more.

The experiment room's results and the scenario room's scenarios fit these protocols; so does any
small stand-in of a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rsip_sim.model.policy import Policy

FloatArray = NDArray[np.float64]

AS_WRITTEN = "as_written"
CERTAIN = "certain"
RENEWAL_WORDS = {AS_WRITTEN: "as written", CERTAIN: "certain"}


class RosterLike(Protocol):
    """The part of a roster that is quoted beside results."""

    @property
    def name(self) -> str:
        """Short name of the roster, such as ``rotherham_2011``."""


class ScenarioLike(Protocol):
    """The part of a scenario that the analysis reads."""

    @property
    def name(self) -> str:
        """Name under which the results are stored."""

    @property
    def title(self) -> str:
        """Title in the planner's words."""

    @property
    def policy(self) -> Policy:
        """The resolved policy."""

    @property
    def roster(self) -> RosterLike:
        """The schools simulated."""


class PanelSource(Protocol):
    """Monthly panels of several scenarios, simulated on the same futures."""

    @property
    def replications(self) -> int:
        """Number of simulated futures, the same in every scenario."""

    def variants(self, scenario: str) -> tuple[str, ...]:
        """Variants of one scenario that were run: ``as_written`` and perhaps ``certain``."""

    def arrays(
        self, scenario: str, variant: str, columns: Sequence[str]
    ) -> dict[str, NDArray[Any]]:
        """Some panel columns, each of shape (months, replications)."""


class ComparisonError(ValueError):
    """The scenarios cannot be compared; the message says why, in words for a planner."""
