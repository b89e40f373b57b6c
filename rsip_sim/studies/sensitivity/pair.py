"""A scenario and what it is compared with, simulated in the same futures and read together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.metrics import HEADLINES, METRICS
from rsip_sim.measures.moments import Moment, main_moment, moments_of
from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.trials import Trial

LEVEL, DIFFERENCE = 0, 1
KINDS = ("level", "difference")
"""What is read of a pair: the scenario's own outcome, and that less the baseline's."""


@dataclass(frozen=True)
class Pair:
    """A scenario, its baseline, and the outcomes that are read of both.

    seed     of the luck, which both share
    metrics  what is read, by name;  moments: when, under the baseline and under the scenario
    """

    baseline: Scenario
    scenario: Scenario
    seed: int
    metrics: tuple[str, ...]
    moments: tuple[Moment, Moment]

    @property
    def moment(self) -> Moment:
        """When the scenario is read."""
        return self.moments[1]

    def trials(self, luck: NDArray[np.int64], held: Mapping[str, FloatArray]) -> list[Trial]:
        """Both policies in these futures.

        luck  int (futures,): which replications' luck
        held  parameter values by register name, (futures,) each
        """
        both = zip((self.baseline, self.scenario), self.moments, strict=True)
        return [
            Trial(each.policy, each.roster, self.seed, luck, self.metrics, (moment,), held)
            for each, moment in both
        ]


def pair_of(
    baseline: Scenario, scenario: Scenario, seed: int, metrics: Sequence[str], at: str | None
) -> Pair:
    """The pair with all headlines that exist for it and these metrics.

    at  name of a moment; None: the one on which a comparison of the two would stand
    """
    two = (baseline, scenario)
    founded = all(each.policy.partnership for each in two)
    always = [name for name in HEADLINES if founded or not METRICS[name].membership]
    before, after = (moments_of(each.policy, each.policy.horizon_months) for each in two)
    chosen = at or main_moment(after)
    names = tuple(dict.fromkeys([*always, *metrics]))
    return Pair(baseline, scenario, seed, names, (before[chosen], after[chosen]))
