"""A scenario and what it is compared with, simulated in the same futures and read together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.measures.metrics import HEADLINES, METRICS, Metric, metrics_named
from rsip_sim.measures.moments import Moment, main_moment, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import paired
from rsip_sim.scenario import Scenario, with_values
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

    def read(self) -> tuple[Metric, ...]:
        """The metrics themselves."""
        return metrics_named(self.metrics)

    def unit(self, metric: Metric, files: bool = False) -> str:
        """Unit of a metric at this moment; files: of the numbers themselves, as files have them."""
        return unit_at(metric, self.moment, files)

    def trials(
        self,
        luck: NDArray[np.int64],
        held: Mapping[str, FloatArray] | None = None,
        levers: Mapping[str, object] | None = None,
    ) -> list[Trial]:
        """Both policies in these futures; `outcomes` reads what comes of them.

        luck    int (futures,): which replications' luck
        held    parameter values by register name, (futures,) each
        levers  values of fields that both scenarios take, by dotted path
        """
        return [
            Trial(
                (with_values(each, levers) if levers else each).policy,
                each.roster,
                self.seed,
                luck,
                self.metrics,
                (moment,),
                held or {},
            )
            for each, moment in zip((self.baseline, self.scenario), self.moments, strict=True)
        ]


def outcomes(measured: Sequence[FloatArray]) -> FloatArray:
    """Level and difference (2, metrics, futures) of what both trials of a pair measured."""
    baseline, level = (each[:, 0] for each in measured)
    return np.stack([level, paired(level, baseline)])


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
