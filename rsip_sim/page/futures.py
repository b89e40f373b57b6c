"""Simulated futures kept in memory, so that only what is new is simulated."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.model.simulation import simulate_policies
from rsip_sim.scenario import Scenario

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Futures:
    """Panels of some scenarios in memory; a `SeededRun`."""

    panels: Mapping[str, Columns]
    replications: int
    seed: int

    def arrays(self, scenario: str, columns: Sequence[str]) -> Columns:
        """Some panel columns, each of shape (months, replications)."""
        panel = self.panels[scenario]
        return {name: panel[name][:, : self.replications] for name in columns}


class FuturesKept:
    """Panels."""

    def __init__(self) -> None:
        """Nothing."""
        self._kept: OrderedDict[Any, Columns] = OrderedDict()

    def of(self, scenarios: Sequence[Scenario], seed: int, replications: int) -> Futures:
        """The futures."""
        panels = {}
        for s in scenarios:
            (outcome,) = simulate_policies([s.policy], s.roster, seed, range(replications))
            panels[s.name] = outcome.panel
        return Futures(panels, replications, seed)
