"""Which choice is robust: regret across futures and across climates, and what dominates what.

Nothing is simulated anew for the futures of a stored comparison. Across national climates every
scenario is simulated again under each, on the same luck and the same parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.metrics import METRICS, PRICE_COUNCIL, Metric
from rsip_sim.measures.moments import (
    Moment,
    main_moment,
    moment_for,
    moments_of,
    unit_at,
)
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource, SeededRun
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.compare.ranking import RankingStability
from rsip_sim.studies.compare.work import cohesion_rankings
from rsip_sim.studies.kernel.asking import AskedError, moment_fault, objective_fault
from rsip_sim.studies.kernel.trials import Trial, measure_all
from rsip_sim.studies.robust.regret import Regret, Standing, regret_of, standings

CLIMATES = ("observed", "flat", "surge", "uncertain")
CLIMATE_REPLICATIONS = 250
"""Futures of each scenario under each climate, unless asked for otherwise."""


@dataclass(frozen=True)
class Objective:
    """What is to be had: a metric, and when it is read."""

    metric: Metric
    moment: Moment

    @property
    def higher(self) -> bool:
        """Whether more of it is better."""
        return self.metric.better == "higher"

    @property
    def unit(self) -> str:
        """Unit of its regret."""
        return unit_at(self.metric, self.moment)

    @property
    def noun(self) -> str:
        """The metric inside a sentence, with its time: ``DSG erosion averaged over …``."""
        return f"{self.metric.noun} {self.moment.phrase(self.metric)}"

    def gains(self, values: FloatArray) -> FloatArray:
        """The values turned so that more is better."""
        return values if self.higher else -values


@dataclass(frozen=True)
class Robustness:
    """What the study of robustness came to.

    regrets    by objective, over the futures of the comparison
    climates   by (objective, climate), over fewer futures of each climate; may be empty
    together   the objectives that are weighed against one another for the Pareto set
    averages   of these, (objectives, scenarios)
    standings  each scenario's standing on them
    rankings   stability of the order by cohesion
    """

    scenarios: tuple[Scenario, ...]
    objectives: tuple[Objective, ...]
    regrets: Mapping[str, Regret]
    climates: Mapping[tuple[str, str], Regret]
    together: tuple[Objective, ...]
    averages: FloatArray
    standings: tuple[Standing, ...]
    rankings: tuple[RankingStability, ...]
    replications: int

    @property
    def climate_names(self) -> tuple[str, ...]:
        """The climates tried, in their order."""
        return tuple(dict.fromkeys(climate for _, climate in self.climates))


def robustness(
    results: SeededRun,
    scenarios: Sequence[Scenario],
    objectives: Sequence[str] = (),
    at: str | None = None,
    climates: Sequence[str] = CLIMATES,
    replications: int = CLIMATE_REPLICATIONS,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Robustness:
    """Study which of the compared scenarios is robust.

    objectives    names of metrics; else those of the Pareto set
    at            a moment; else a mean over time where lengths differ, and 31 March 2013
    climates      national climates under which to simulate again; none: only what is stored
    replications  futures of each scenario and climate, at most those of the comparison
    Raises AskedError with every fault of the names.
    """
    asked = _asked(scenarios, objectives, at)
    together = _together(scenarios, at)
    values = _stored(results, scenarios, (*asked, *together))
    gains = np.stack([each.gains(values[len(asked) + i]) for i, each in enumerate(together)])
    return Robustness(
        scenarios=tuple(scenarios),
        objectives=asked,
        regrets={
            each.metric.name: regret_of(values[i], each.higher) for i, each in enumerate(asked)
        },
        climates=_under_climates(
            results, scenarios, asked, climates, replications, workers, progress
        ),
        together=together,
        averages=values[len(asked) :].mean(axis=2),
        standings=tuple(_standings(together, gains)),
        rankings=cohesion_rankings(results, scenarios),
        replications=results.replications,
    )


def pareto_names() -> tuple[str, ...]:
    """Erosion, cohesion and what the council pays."""
    return ("erosion", "cohesion", PRICE_COUNCIL)


def _asked(
    scenarios: Sequence[Scenario], names: Sequence[str], at: str | None
) -> tuple[Objective, ...]:
    policy = scenarios[0].policy
    moments = moments_of(policy, policy.horizon_months)
    without = [scenario.title for scenario in scenarios if not scenario.policy.partnership]
    faults = [objective_fault(name, without) for name in names]
    faults.append(moment_fault(at, moments) if at is not None else None)
    found = [fault for fault in faults if fault is not None]
    if found:
        raise AskedError(list(dict.fromkeys(found)))
    chosen = dict.fromkeys(names or pareto_names())
    return tuple(_objective(name, moments, _usual(scenarios, moments, at)) for name in chosen)


def _together(scenarios: Sequence[Scenario], at: str | None) -> tuple[Objective, ...]:
    policy = scenarios[0].policy
    moments = moments_of(policy, policy.horizon_months)
    when = _usual(scenarios, moments, at)
    return tuple(_objective(name, moments, when) for name in pareto_names())


def _usual(scenarios: Sequence[Scenario], moments: Mapping[str, Moment], at: str | None) -> str:
    return at or main_moment(moments)


def _objective(name: str, moments: Mapping[str, Moment], at: str) -> Objective:
    return Objective(METRICS[name], moment_for(METRICS[name], moments, at))


def _stored(
    results: PanelSource,
    scenarios: Sequence[Scenario],
    objectives: Sequence[Objective],
) -> FloatArray:
    """Every objective of every scenario in the stored futures: (objectives, scenarios, futures)."""
    read = np.empty((len(objectives), len(scenarios), results.replications))
    for j, scenario in enumerate(scenarios):
        panel = Panel(results, scenario)
        panel.load(column for each in objectives for column in each.metric.columns)
        for i, each in enumerate(objectives):
            read[i, j] = panel.at((each.metric,), {each.moment.name: each.moment})[0, 0]
    return read


def _standings(objectives: Sequence[Objective], gains: FloatArray) -> list[Standing]:
    smallest = [
        0.5 * each.metric.format.divisor * 10.0**-each.metric.format.difference_decimals
        for each in objectives
    ]
    return standings(gains, np.array(smallest))


def _under_climates(
    results: SeededRun,
    scenarios: Sequence[Scenario],
    objectives: Sequence[Objective],
    climates: Sequence[str],
    replications: int,
    workers: int | None,
    progress: Progress | None,
) -> dict[tuple[str, str], Regret]:
    """Regret under each climate, on the first futures of the comparison."""
    futures = np.arange(min(replications, results.replications))
    metrics = tuple(each.metric.name for each in objectives)
    moments = tuple(dict.fromkeys(each.moment for each in objectives))
    trials = [
        Trial(scenario.policy, scenario.roster, results.seed, futures, metrics, moments)
        for climate in climates
        for scenario in _changed(scenarios, climate)
    ]
    measured = iter(measure_all(trials, workers, progress)) if trials else iter(())
    found = {}
    for climate in climates:
        values = np.stack([next(measured) for _ in scenarios])
        for i, each in enumerate(objectives):
            own = values[:, i, moments.index(each.moment)]
            found[each.metric.name, climate] = regret_of(own, each.higher)
    return found


def _changed(scenarios: Sequence[Scenario], climate: str) -> Iterator[Scenario]:
    # the table goes with the climate that announces it
    values = {"climate.conversion": climate, "climate.opening_pct_per_month": None}
    for scenario in scenarios:
        yield with_values(scenario, values)
