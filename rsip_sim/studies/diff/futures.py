"""The paired differences of every world on the way between two papers: read, or simulated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment, moments_of
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import paired
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.studies.diff.change import Sample
from rsip_sim.studies.diff.papers import BASELINE, Paper
from rsip_sim.studies.diff.worlds import World
from rsip_sim.studies.kernel.trials import Trial, measure_all

Key = tuple[Policy, str, int, int]  # policy, digest of the roster, seed, futures


def moment_in(policy: Policy, name: str) -> Moment:
    """The moment of this name in a run under this policy."""
    return moments_of(policy, policy.horizon_months)[name]


class Futures:
    """The numbers of all worlds; what is stored of the papers is read and not simulated.

    stored     levels by role of each paper, (metrics, replications)
    simulated  levels by policy, roster, seed and number of futures
    """

    def __init__(
        self,
        papers: tuple[Paper, Paper],
        roles: Sequence[str],
        metrics: tuple[Metric, ...],
        moment: str,
    ) -> None:
        """Read the scenarios of these roles at a moment; StoreError where data are damaged."""
        self.papers, self.metrics, self.moment = papers, metrics, moment
        self.stored = [
            {role: self._read(paper, paper.roles[role]) for role in roles} for paper in papers
        ]
        self.simulated: dict[Key, FloatArray] = {}

    def simulate(
        self, worlds: Sequence[World], workers: int | None, progress: Progress | None
    ) -> None:
        """Simulate what neither paper holds of these worlds."""
        missing = {
            _key(world, role): self._trial(world, role)
            for world in worlds
            for role in world.policies
            if self.held(world, role) is None
        }
        done = measure_all(list(missing.values()), workers, progress) if missing else []
        self.simulated = {key: levels[:, 0] for key, levels in zip(missing, done, strict=True)}

    def of_paper(self, which: int, role: str) -> Sample:
        """The paired difference of a scenario as a paper holds it; which: 0 first, 1 second."""
        levels = self.stored[which]
        return Sample(self.papers[which].results.seed, paired(levels[role], levels[BASELINE]))

    def of_world(self, world: World, role: str) -> Sample:
        """The paired difference of a scenario in a world."""
        return Sample(world.seed, paired(self._levels(world, role), self._levels(world, BASELINE)))

    def held(self, world: World, role: str) -> FloatArray | None:
        """The levels of a world that one of the papers holds, None if neither does."""
        for paper, levels in zip(self.papers, self.stored, strict=True):
            same = (world.version, world.seed, world.roster.digest) == (
                paper.version, paper.results.seed, paper.roster.digest
            )  # fmt: skip
            if not same or world.replications > paper.results.replications:
                continue
            for other, values in levels.items():
                if paper.roles[other].policy == world.policies[role]:
                    return values[:, : world.replications]
        return None

    def hold(self, world: World) -> bool:
        """Whether the papers hold a whole world, so that their records tell."""
        return all(self.held(world, role) is not None for role in world.policies)

    def _read(self, paper: Paper, scenario: Scenario) -> FloatArray:
        when = {self.moment: moment_in(scenario.policy, self.moment)}
        return Panel(paper.results, scenario).at(self.metrics, when)[:, 0]

    def _levels(self, world: World, role: str) -> FloatArray:
        held = self.held(world, role)
        return self.simulated[_key(world, role)] if held is None else held

    def _trial(self, world: World, role: str) -> Trial:
        policy, numbers = world.policies[role], np.arange(world.replications, dtype=np.int64)
        names = tuple(metric.name for metric in self.metrics)
        when = (moment_in(policy, self.moment),)
        return Trial(policy, world.roster, world.seed, numbers, names, when)


def _key(world: World, role: str) -> Key:
    return world.policies[role], world.roster.digest, world.seed, world.replications
