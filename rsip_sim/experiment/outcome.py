"""What a simulated block is made of, whichever model made it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rsip_sim.evidence.rosters import Roster
    from rsip_sim.model.policy import Policy


class Outcome(Protocol):
    """What a simulated block is made of."""

    @property
    def panel(self) -> Mapping[str, NDArray[Any]]:
        """Every column of rsip_sim.model.panel.COLUMNS, shape (months, replications)."""

    @property
    def schools(self) -> Mapping[str, NDArray[Any]]:
        """Every column of SCHOOL_COLUMNS, int16, shape (schools, replications)."""

    @property
    def notes(self) -> Mapping[str, int]:
        """Counts worth telling."""


class Simulate(Protocol):
    """The signature of rsip_sim.model.simulation.simulate_block."""

    def __call__(self, policy: Policy, roster: Roster, seed: int, replications: range) -> Outcome:
        """Simulate these replications."""
