"""What more evidence would be worth to the choice among the scenarios of a stored comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.formats import NumberFormat
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment, main_moment, moments_of, unit_at
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, SeededRun
from rsip_sim.measures.statistics import FEWEST_TO_VALUE_EVIDENCE
from rsip_sim.scenario import Scenario
from rsip_sim.studies.kernel.asking import Faults, moment_fault, objective_fault
from rsip_sim.studies.kernel.trials import parameters_shared
from rsip_sim.studies.value.information import Information, Worth, value_of_information


@dataclass(frozen=True)
class Choice:
    """A choice among the scenarios of a comparison, by one objective at one moment.

    usual_moment  whether the moment is the one that is taken unless another is named
    """

    results: SeededRun
    scenarios: tuple[Scenario, ...]
    metric: Metric
    moment: Moment
    usual_moment: bool


@dataclass(frozen=True)
class Value:
    """The value of information for one choice and one objective.

    metric    the objective, in its unit
    averages  mean of the objective, in the unit of the metric, (scenarios,)
    """

    scenarios: tuple[Scenario, ...]
    metric: Metric
    moment: Moment
    averages: FloatArray
    found: Information

    @property
    def write(self) -> NumberFormat:
        """How amounts of the objective are written: one place finer than a difference."""
        places = self.metric.format.difference_decimals + 1
        return replace(self.metric.format, difference_decimals=places, trim=False)

    @property
    def unit(self) -> str:
        """Unit of the objective as it is told."""
        return unit_at(self.metric, self.moment)


def choice(
    results: SeededRun,
    scenarios: Sequence[Scenario],
    objective: str | None = None,
    at: str | None = None,
) -> Choice:
    """The choice to be judged.

    objective  name of a metric; else cohesion
    at         a moment; else a mean over time where lengths differ, and 31 March 2013

    Raises AskedError with every fault of what was asked.
    """
    without = [each.title for each in scenarios if not each.policy.partnership]
    name = objective or "cohesion"
    moments = moments_of(scenarios[0].policy, scenarios[0].policy.horizon_months)
    chosen = at or main_moment(moments)
    faults = Faults()
    faults.at("objective", objective_fault(name, without))
    faults.at("at", moment_fault(chosen, moments))
    faults.at((), _few_fault(results))
    faults.stop()
    return Choice(results, tuple(scenarios), METRICS[name], moments[chosen], at is None)


def value(asked: Choice) -> Value:
    """What it would be worth to know more before choosing among the compared scenarios."""
    results, scenarios, metric, moment = asked.results, asked.scenarios, asked.metric, asked.moment
    policies = [each.policy for each in scenarios]
    drawn = parameters_shared(policies, results.seed, np.arange(results.replications))
    levels = np.stack(
        [Panel(results, each).at((metric,), {moment.name: moment})[0, 0] for each in scenarios]
    )
    known_in = ~np.isnan(levels).any(axis=0)
    gains = levels[:, known_in] * (1 if metric.better == "higher" else -1)
    found = value_of_information(gains, {name: values[known_in] for name, values in drawn.items()})
    return Value(scenarios, metric, moment, levels[:, known_in].mean(axis=1), found)


def _few_fault(results: SeededRun) -> Fault | None:
    if results.replications >= FEWEST_TO_VALUE_EVIDENCE:
        return None
    message = f"{results.replications} futures are too few to tell what knowing would be worth"
    allowed = f"compare with at least {FEWEST_TO_VALUE_EVIDENCE}, better 1,000 (--replications)"
    return Fault("", 0, 0, "", message, allowed)


def _choices(value: Value) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "scenario": scenario.name,
            "objective": value.metric.name,
            "date": value.moment.name,
            "unit": unit_at(value.metric, value.moment),
            "average": value.averages[place],
            "over_choice_now": value.found.average[place],
            "best_in": value.found.best[place],
            "choice_now": place == value.found.now,
        }
        for place, scenario in enumerate(value.scenarios)
    )


def _worths(value: Value) -> pd.DataFrame:
    register = load_register()
    return pd.DataFrame(
        {
            "known": name,
            "label": register[name].label if name in register else name,
            "objective": value.metric.name,
            "date": value.moment.name,
            "unit": unit_at(value.metric, value.moment),
            "worth": worth.mean,
            "ci_low": worth.low,
            "ci_high": worth.high,
            "standard_error": worth.error,
            "choice_changes_in": worth.changes,
            "gain_of_rule_learnt": worth.rule,
            "judged_by_itself": worth.fitted,
            "found_in_noise": worth.noise,
        }
        for name, worth in known_things(value.found)
    )


def tables(value: Value) -> dict[str, pd.DataFrame]:
    """Tidy tables: choices (one row a scenario), worth (one row a thing that may be known)."""
    return {"choices": _choices(value), "worth": _worths(value)}


def known_things(found: Information) -> list[tuple[str, Worth]]:
    """What may be known and what it is worth: everything, all parameters, then one by one."""
    single = sorted(found.single.items(), key=lambda each: (-each[1].mean, each[0]))
    return [("everything", found.everything), ("all parameters", found.parameters), *single]
