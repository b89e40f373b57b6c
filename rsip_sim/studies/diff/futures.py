"""The paired differences of every world on the way between two papers, and how two sets differ.

Two sets may hold the same futures (the same seed and numbers), some of the same, or none: the
futures they share are compared with themselves, the others are independent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment, Panel, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import mean_of_defined, paired, t_quantile
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.studies.diff.worlds import BASELINE, Paper, World
from rsip_sim.studies.kernel.trials import Trial, measure_all


@dataclass(frozen=True)
class Sample:
    """A paired difference in the first futures of a seed.

    seed    of the draws; futures of the same seed and place are the same
    values  (metrics, futures), NaN where not defined
    """

    seed: int
    values: FloatArray

    @property
    def means(self) -> FloatArray:
        """Mean of what is defined, (metrics,); NaN where nothing is."""
        return mean_of_defined(self.values)


@dataclass(frozen=True)
class Change:
    """How far a mean moves, with its 95% interval; NaN where not defined.

    still  nothing moves: every future gives the same in both, or all futures of both the same one
    """

    change: float
    ci_low: float
    ci_high: float
    still: bool


def change(before: Sample, after: Sample) -> list[Change]:
    """From the mean of one sample to the mean of another, metric by metric, with a t-interval.

    Where both hold the same futures it is that of the paired differences; where they share none,
    that of two independent means (Welch 1938); in between the shared futures bring the covariance
    that they have.
    """
    counts = [(~np.isnan(each.values)).sum(axis=1).astype(np.float64) for each in (before, after)]
    one, other = (
        _influence(each, count) for each, count in zip((before, after), counts, strict=True)
    )
    parts = [_less(other, one)] if before.seed == after.seed else [one, other]
    variance = np.sum([np.sum(part**2, axis=1) for part in parts], axis=0)
    half = t_quantile(np.minimum(*counts)) * np.sqrt(variance)
    moved = after.means - before.means
    numbers = zip(moved, moved - half, moved + half, _still(before, after), strict=True)
    return [Change(float(c), float(low), float(high), bool(s)) for c, low, high, s in numbers]


def _still(before: Sample, after: Sample) -> NDArray[np.bool_]:
    one, two = before.values, after.values
    constant = np.all(one == one[:, :1], axis=1) & np.all(two == one[:, :1], axis=1)
    if before.seed != after.seed or one.shape != two.shape:
        return np.asarray(constant)
    alike = np.all((one == two) | (np.isnan(one) & np.isnan(two)), axis=1)
    return np.asarray(alike | constant)


def _influence(sample: Sample, count: FloatArray) -> FloatArray:
    """By how much each future moves the mean: deviation ÷ count, with Bessel's correction."""
    deviation = np.nan_to_num(sample.values - sample.means[:, None], nan=0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.sqrt(count / (count - 1)) / count
    result: FloatArray = deviation * np.where(count > 1, scale, 0.0)[:, None]
    return result


def _less(one: FloatArray, other: FloatArray) -> FloatArray:
    """One array (metrics, futures) less another, either of which may hold more futures."""
    result = np.zeros((len(one), max(one.shape[1], other.shape[1])))
    result[:, : one.shape[1]] += one
    result[:, : other.shape[1]] -= other
    return result


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
