"""Simulated futures kept in memory, so that only what is not known yet is simulated."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rsip_sim.experiment.worker import BLOCK
from rsip_sim.measures.metrics import HEADLINES, METRICS, PARTS, PRICE
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import simulate_policies
from rsip_sim.scenario import Scenario

COLUMNS = (*dict.fromkeys(c for n in (*HEADLINES, *PRICE) for c in METRICS[n].columns), *PARTS)
"""The panel columns of which a first screen, its chart and what they hang on are made."""

MOST_KEPT, MOST_BYTES = 8, 50_000_000
"""Of the policies last asked about; those of the question itself are kept, however large."""

World = tuple[Policy, str, int]
"""What the panel of a future follows from: the policy, the digest of the roster, and the seed."""

Columns = dict[str, NDArray[Any]]


@dataclass
class Futures:
    """Panels of some scenarios on the same futures; what a comparison needs of a run.

    panels  columns (months, at least so many replications), by name of the scenario
    """

    panels: Mapping[str, Columns]
    replications: int
    seed: int

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[Columns]:
        """Some panel columns of all futures at once, each of shape (months, replications)."""
        panel = self.panels[scenario]
        yield {name: panel[name][:, : self.replications] for name in columns}


class FuturesKept:
    """The futures of the policies last asked about, the latest last."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._panels: OrderedDict[World, Columns] = OrderedDict()

    def of(
        self,
        scenarios: Sequence[Scenario],
        seed: int,
        replications: int,
        each_month: Callable[[], object],
    ) -> Futures:
        """The first futures of scenarios that share schools and calendar; what is new is simulated.

        Futures that several scenarios lack are simulated in one block.
        each_month  called as each month of a simulation begins; what it raises ends it
        """
        worlds = {each.name: world_of(each, seed) for each in scenarios}
        lacking: dict[int, list[World]] = {}
        for world in dict.fromkeys(worlds.values()):
            held = self._held(world)
            if held < replications:
                lacking.setdefault(held, []).append(world)
        roster = scenarios[0].roster
        for held, group in lacking.items():
            policies = [policy for policy, _, _ in group]
            for first in range(held, replications, BLOCK):
                futures = range(first, min(first + BLOCK, replications))
                with np.errstate(invalid="raise"):  # as in a run that is stored
                    outcomes = simulate_policies(
                        policies, roster, seed, futures, each_month=each_month
                    )
                for world, outcome in zip(group, outcomes, strict=True):
                    self._add(world, outcome.panel)
        self._let_go(set(worlds.values()))
        panels = {name: self._panels[world] for name, world in worlds.items()}
        return Futures(panels, replications, seed)

    def _held(self, world: World) -> int:
        """How many futures of it are kept."""
        if world not in self._panels:
            return 0
        self._panels.move_to_end(world)
        return int(self._panels[world][COLUMNS[0]].shape[1])

    def _add(self, world: World, panel: Columns) -> None:
        before = self._panels.get(world)
        self._panels[world] = {
            name: np.concatenate(
                [panel[name]] if before is None else [before[name], panel[name]], axis=1
            )
            for name in COLUMNS
        }

    def _let_go(self, wanted: set[World]) -> None:
        """Forget what was not asked about for longest, until the rest is few and small."""
        for world in [each for each in self._panels if each not in wanted]:
            sizes = [array.nbytes for panel in self._panels.values() for array in panel.values()]
            if len(self._panels) <= MOST_KEPT and sum(sizes) <= MOST_BYTES:
                return
            del self._panels[world]


def world_of(scenario: Scenario, seed: int) -> World:
    """What the futures of a scenario follow from."""
    return scenario.policy, scenario.roster.digest, seed
