"""Which choice is robust: regret across futures and climates, and the worth of knowing more.

Nothing is simulated anew for the futures of a stored comparison. Across national climates every
scenario is simulated again under each, on the same luck and the same parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS, MONTHS, PRICE_COUNCIL, Metric
from rsip_sim.measures.moments import Moment, Panel, main_moment, moment_for, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray, PanelSource, SeededRun
from rsip_sim.measures.statistics import FEWEST_TO_VALUE_EVIDENCE
from rsip_sim.scenario import Scenario, with_values
from rsip_sim.studies.compare.price import WHOLE, PriceRow, price
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.kernel.trials import Trial, measure_all, parameters_shared
from rsip_sim.studies.robust.information import Information, value_of_information
from rsip_sim.studies.robust.regret import Regret, Standing, regret_of, standings

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
    def unit(self) -> str:
        """Unit of its values and of its regret: money is in pounds."""
        return unit_at(self.metric, self.moment).replace("£m", "£")

    @property
    def notice(self) -> float:
        """The smallest difference that a councillor notices; of money so much a year."""
        write = self.metric.format
        if write.prefix and self.metric.kind == "cumulative":
            return write.notice * (self.moment.last + 1) / MONTHS
        return write.notice

    def gains(self, values: FloatArray) -> FloatArray:
        """The values turned so that more is better."""
        return values if self.metric.better == "higher" else -values

    def regret(self, values: FloatArray) -> Regret:
        """What each choice loses; values (choices, futures)."""
        return regret_of(values, self.metric.better == "higher", self.notice)


Regrets = Mapping[Objective, Regret]


@dataclass(frozen=True)
class Robustness:
    """What the study of robustness came to.

    regrets    over the futures of the comparison
    climates   by national climate, over fewer futures of each; may be empty
    together   the objectives that are weighed against one another for the Pareto set
    averages   of these, (objectives, scenarios)
    standings  each scenario's standing on them
    knowing    what it would be worth to know more before choosing; none where the futures are too
               few to tell
    prices     of every scenario over the whole run, the baseline first
    """

    scenarios: tuple[Scenario, ...]
    regrets: Regrets
    climates: Mapping[str, Regrets]
    together: tuple[Objective, ...]
    averages: FloatArray
    standings: tuple[Standing, ...]
    knowing: Mapping[Objective, Information]
    prices: tuple[PriceRow, ...]
    replications: int

    def under_climates(self, each: Objective) -> dict[str, Regret]:
        """The regret of an objective by climate."""
        return {climate: regrets[each] for climate, regrets in self.climates.items()}


def robustness(
    results: SeededRun,
    scenarios: Sequence[Scenario],
    objectives: Sequence[str] = (),
    at: str | None = None,
    climates: Sequence[str] = CLIMATES,
    replications: int = CLIMATE_REPLICATIONS,
    means: Means | None = None,
) -> Robustness:
    """Study which of the compared scenarios is robust.

    objectives    names of metrics; else those of the Pareto set
    at            a moment; else a mean over time where lengths differ, and 31 March 2013
    climates      national climates under which to simulate again; none: only what is stored
    replications  futures of each scenario and climate, at most those of the comparison
    means         with what these are simulated
    """
    asked = _objectives(scenarios, objectives or PARETO, at)
    together = _objectives(scenarios, PARETO, at)
    values = _stored(results, scenarios, dict.fromkeys((*asked, *together)))
    weighed = np.stack([values[each] for each in together])
    gains = np.stack([each.gains(values[each]) for each in together])
    smallest = [
        0.5 * each.metric.format.divisor * 10.0**-each.metric.format.difference_decimals
        for each in together
    ]
    few = np.arange(min(replications, results.replications))
    prices = price(results, scenarios[0], scenarios[1:])
    return Robustness(
        scenarios=tuple(scenarios),
        regrets={each: each.regret(values[each]) for each in asked},
        climates=_under_climates(scenarios, asked, climates, results.seed, few, means or Means()),
        together=together,
        averages=weighed.mean(axis=2),
        standings=tuple(standings(gains, np.array(smallest))),
        knowing=_knowing(results, scenarios, {each: values[each] for each in asked}),
        prices=tuple(row for row in prices if row.year == WHOLE),
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


def _stored(
    results: PanelSource, scenarios: Sequence[Scenario], objectives: Collection[Objective]
) -> dict[Objective, FloatArray]:
    """Each objective of every scenario in the stored futures, (scenarios, futures)."""
    metrics = [each.metric for each in objectives]
    moments = {each.moment.name: each.moment for each in objectives}
    levels = np.stack([Panel(results, scenario).at(metrics, moments) for scenario in scenarios])
    return {
        each: levels[:, i, list(moments).index(each.moment.name)]
        for i, each in enumerate(objectives)
    }


def _under_climates(
    scenarios: Sequence[Scenario],
    objectives: Sequence[Objective],
    climates: Sequence[str],
    seed: int,
    futures: NDArray[np.int64],
    means: Means,
) -> dict[str, Regrets]:
    """Regret under each climate, on these futures of the comparison."""
    metrics = tuple(each.metric.name for each in objectives)
    moments = tuple(dict.fromkeys(each.moment for each in objectives))
    trials = []
    for climate in climates:
        # the table goes with the climate that announces it
        values = {"climate.conversion": climate, "climate.opening_pct_per_month": None}
        for scenario in scenarios:
            policy = with_values(scenario, values).policy
            trials.append(Trial(policy, scenario.roster, seed, futures, metrics, moments))
    measured = measure_all(trials, means.workers, means.progress) if trials else []
    found: dict[str, Regrets] = {}
    for place, climate in enumerate(climates):
        of_all = np.stack(measured[place * len(scenarios) : (place + 1) * len(scenarios)])
        found[climate] = {
            each: each.regret(of_all[:, i, moments.index(each.moment)])
            for i, each in enumerate(objectives)
        }
    return found


def _knowing(
    results: SeededRun, scenarios: Sequence[Scenario], values: Mapping[Objective, FloatArray]
) -> dict[Objective, Information]:
    """What knowing more would be worth to each objective that enough futures define."""
    if results.replications < FEWEST_TO_VALUE_EVIDENCE:
        return {}
    policies = [each.policy for each in scenarios]
    drawn = parameters_shared(policies, results.seed, np.arange(results.replications))
    found = {}
    for each, own in values.items():
        known = ~np.isnan(own).any(axis=0)
        if known.sum() >= FEWEST_TO_VALUE_EVIDENCE:
            parameters = {name: column[known] for name, column in drawn.items()}
            found[each] = value_of_information(each.gains(own[:, known]), parameters)
    return found


AS_COMPARED = "as compared"


def robust_tables(found: Robustness) -> dict[str, pd.DataFrame]:
    """Tables by name: regret, pareto, and climates and knowing where there are any.

    Of regret, ``ci_low`` to ``ci_high`` is the 95% interval of the mean; ``share_best`` divides a
    future among the scenarios that tie in it.
    """
    tables = {"regret": _regret(found, {AS_COMPARED: found.regrets}), "pareto": _pareto(found)}
    if found.knowing:
        tables["knowing"] = pd.DataFrame(_worths(found))
    if found.climates:
        tables["climates"] = _regret(found, found.climates)
    return tables


def _regret(found: Robustness, cases: Mapping[str, Regrets]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scenario": scenario.name,
            "title": scenario.title,
            "climate": climate,
            "objective": each.metric.name,
            "label": each.metric.label,
            "unit": each.unit,
            "date": each.moment.name,
            "average": regret.level[i],
            "mean_regret": regret.mean[i],
            "ci_low": regret.ci_low[i],
            "ci_high": regret.ci_high[i],
            "p95_regret": regret.p95[i],
            "worst_regret": regret.worst[i],
            "share_best": regret.best[i],
            "smallest_or_not_clearly_larger": bool(regret.rival[i]),
            "futures": regret.futures,
        }
        for climate, regrets in cases.items()
        for each, regret in regrets.items()
        for i, scenario in enumerate(found.scenarios)
    )


def _pareto(found: Robustness) -> pd.DataFrame:
    names = [scenario.name for scenario in found.scenarios]
    return pd.DataFrame(
        {
            "scenario": names[i],
            "title": found.scenarios[i].title,
            **{each.metric.name: found.averages[j, i] for j, each in enumerate(found.together)},
            "in_pareto_set": not standing.dominated_by,
            "dominated_by": " ".join(names[j] for j in standing.dominated_by),
            "clearly_dominated_by": " ".join(names[j] for j in standing.clearly),
            "share_of_futures_undominated": standing.undominated,
            "futures": found.replications,
        }
        for i, standing in enumerate(found.standings)
    )


def _worths(found: Robustness) -> Iterator[dict[str, object]]:
    register = load_register()
    for each, information in found.knowing.items():
        for name, worth in information.things:
            yield {
                "known": name,
                "label": register[name].label if name in register else name,
                "objective": each.metric.name,
                "date": each.moment.name,
                "unit": each.unit,
                "worth": worth.mean,
                "ci_low": worth.low,
                "ci_high": worth.high,
                "standard_error": worth.error,
                "choice_changes_in": worth.changes,
                "judged_by_itself": worth.fitted,
            }
