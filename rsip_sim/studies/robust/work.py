"""Which choice is robust: regret across futures and climates, and the worth of knowing more.

Nothing is simulated anew for the futures of a stored comparison. Across national climates every
scenario is simulated again under each, on the same luck and the same parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.experiment.progress import Progress
from rsip_sim.measures.metrics import METRICS, MONTHS, PRICE_COUNCIL, Metric
from rsip_sim.measures.moments import Moment, main_moment, moment_for, moments_of, unit_at
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource, SeededRun
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, FEWEST_TO_VALUE_EVIDENCE
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.compare.price import WHOLE, PriceRow, price
from rsip_sim.studies.kernel.trials import Trial, measure_all, parameters_shared
from rsip_sim.studies.robust.information import Information, value_of_information
from rsip_sim.studies.robust.regret import BoolArray, Regret, Standing, regret_of, standings

CLIMATES = ("observed", "flat", "surge", "uncertain")
CLIMATE_REPLICATIONS = 250
"""Futures of each scenario under each climate, unless asked for otherwise."""

PARETO = ("erosion", "cohesion", PRICE_COUNCIL)
"""What is weighed together: erosion, cohesion and what the council pays."""


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
        """Unit of its values and of its regret: money is in pounds."""
        return unit_at(self.metric, self.moment).replace("£m", "£")

    @property
    def noun(self) -> str:
        """The metric inside a sentence, with its time: ``DSG erosion averaged over …``."""
        return f"{self.metric.noun} {self.moment.phrase(self.metric)}"

    def gains(self, values: FloatArray) -> FloatArray:
        """The values turned so that more is better."""
        return values if self.higher else -values

    @property
    def notice(self) -> float:
        """The smallest difference that a councillor notices; of money so much a year."""
        write = self.metric.format
        if write.prefix and self.metric.kind == "cumulative":
            return write.notice * (self.moment.last + 1) / MONTHS
        return write.notice

    def matters(self, regret: Regret) -> bool:
        """Whether the choice changes its average by as much as a councillor notices."""
        if regret.futures < FEWEST_TO_COMPARE:
            return False
        return bool(np.ptp(regret.mean) >= max(self.notice, np.finfo(float).tiny))

    def near(self, regret: Regret) -> BoolArray:
        """The choices whose mean regret is the smallest, or not larger clearly and noticeably."""
        return np.asarray(regret.rival | (regret.mean - regret.mean.min() < self.notice))

    def decided(self, regret: Regret) -> bool:
        """Whether it matters, and some choice is clearly nearer the best than another."""
        return self.matters(regret) and not self.near(regret).all()


@dataclass(frozen=True)
class Robustness:
    """What the study of robustness came to.

    regrets    by objective, over the futures of the comparison
    climates   by (objective, climate), over fewer futures of each climate; may be empty
    together   the objectives that are weighed against one another for the Pareto set
    averages   of these, (objectives, scenarios)
    standings  each scenario's standing on them
    knowing    by objective, what it would be worth to know more before choosing; none where the
               futures are too few to tell
    prices     of every scenario over the whole run, the baseline first
    """

    scenarios: tuple[Scenario, ...]
    objectives: tuple[Objective, ...]
    regrets: Mapping[str, Regret]
    climates: Mapping[tuple[str, str], Regret]
    together: tuple[Objective, ...]
    averages: FloatArray
    standings: tuple[Standing, ...]
    knowing: Mapping[str, Information]
    prices: tuple[PriceRow, ...]
    replications: int

    @property
    def climate_names(self) -> tuple[str, ...]:
        """The climates tried, in their order."""
        return tuple(dict.fromkeys(climate for _, climate in self.climates))

    def under_climates(self, each: Objective) -> dict[str, Regret]:
        """The regret of an objective by climate."""
        name = each.metric.name
        return {climate: self.climates[name, climate] for climate in self.climate_names}


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
    """
    asked = _objectives(scenarios, objectives or PARETO, at)
    together = _objectives(scenarios, PARETO, at)
    values = _stored(results, scenarios, (*asked, *together))
    own, weighed = values[: len(asked)], values[len(asked) :]
    gains = np.stack([each.gains(weighed[i]) for i, each in enumerate(together)])
    whole = [row for row in price(results, scenarios[0], scenarios[1:]) if row.year == WHOLE]
    return Robustness(
        scenarios=tuple(scenarios),
        objectives=asked,
        regrets={each.metric.name: regret_of(own[i], each.higher) for i, each in enumerate(asked)},
        climates=_under_climates(
            results, scenarios, asked, climates, replications, workers, progress
        ),
        together=together,
        averages=weighed.mean(axis=2),
        standings=tuple(_standings(together, gains)),
        knowing=_knowing(results, scenarios, asked, own),
        prices=tuple(whole),
        replications=results.replications,
    )


def _objectives(
    scenarios: Sequence[Scenario], names: Sequence[str], at: str | None
) -> tuple[Objective, ...]:
    policy = scenarios[0].policy
    moments = moments_of(policy, policy.horizon_months)
    when = at or main_moment(moments)
    metrics = (METRICS[name] for name in dict.fromkeys(names))
    return tuple(Objective(metric, moment_for(metric, moments, when)) for metric in metrics)


def _knowing(
    results: SeededRun,
    scenarios: Sequence[Scenario],
    objectives: Sequence[Objective],
    values: FloatArray,
) -> dict[str, Information]:
    """What knowing more would be worth to each objective that enough futures define."""
    if results.replications < FEWEST_TO_VALUE_EVIDENCE:
        return {}
    policies = [each.policy for each in scenarios]
    drawn = parameters_shared(policies, results.seed, np.arange(results.replications))
    found = {}
    for each, own in zip(objectives, values, strict=True):
        known = ~np.isnan(own).any(axis=0)
        if known.sum() >= FEWEST_TO_VALUE_EVIDENCE:
            parameters = {name: column[known] for name, column in drawn.items()}
            found[each.metric.name] = value_of_information(each.gains(own[:, known]), parameters)
    return found


def _stored(
    results: PanelSource,
    scenarios: Sequence[Scenario],
    objectives: Sequence[Objective],
) -> FloatArray:
    """Every objective of every scenario in the stored futures: (objectives, scenarios, futures)."""
    metrics = [each.metric for each in objectives]
    moments = list(dict.fromkeys(each.moment for each in objectives))
    read = np.empty((len(objectives), len(scenarios), results.replications))
    for j, scenario in enumerate(scenarios):
        levels = Panel(results, scenario).at(metrics, {each.name: each for each in moments})
        for i, each in enumerate(objectives):
            read[i, j] = levels[i, moments.index(each.moment)]
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
