"""Why two scenarios differ: their paired difference shared out among levers and mechanisms.

The futures are those of the stored comparison, simulated again with some of the differences made
or some mechanisms off, so that every account adds up to the stored difference, in every future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rsip_sim.evidence.register import Structure
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results
from rsip_sim.measures.metrics import Metric, metrics_named
from rsip_sim.measures.moments import Moment, moments_of
from rsip_sim.measures.panels import Panel
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.studies.explain.accounts import Account, Levels, account_of
from rsip_sim.studies.explain.hybrids import Hybrids, Step, lever_hybrids, mechanism_hybrids
from rsip_sim.studies.explain.question import Difference
from rsip_sim.studies.kernel.trials import Trial, measure_all


@dataclass(frozen=True)
class Explained:
    """Why two scenarios differ.

    question  what was asked; moment and metrics: the same in full
    levers    the settings in which the scenarios differ; none if they do not
    accounts  for each metric by lever and by mechanism; none without levers
    """

    question: Difference
    moment: Moment
    metrics: tuple[Metric, ...]
    replications: int
    levers: tuple[Step, ...]
    accounts: tuple[Account, ...]

    @property
    def baseline(self) -> Scenario:
        """The scenario from which the steps lead."""
        return self.question.baseline

    @property
    def scenario(self) -> Scenario:
        """The scenario to which they lead."""
        return self.question.scenario

    def families(self) -> list[list[Account]]:
        """The accounts of each family in which there is anything to share out, the lead's first.

        The lead is the first measure whose difference anyone would notice, or that is clear.
        """
        wholes = {each.metric: each.total for each in self.accounts}
        told = [metric for metric, whole in wholes.items() if whole.noticed(metric)]
        clear = [metric for metric, whole in wholes.items() if whole.clear]
        lead = [*told, *clear, *wholes][:1]
        shared_out = [each for each in self.accounts if each.shared_out] or list(self.accounts)
        ranked = sorted(shared_out, key=lambda each: each.metric not in lead)
        return [
            [each for each in ranked if each.family == family]
            for family in dict.fromkeys(each.family for each in shared_out)
        ]

    def account(self, metric: str, family: str) -> Account | None:
        """One account, or None where there is none."""
        found = (a for a in self.accounts if (a.metric.name, a.family) == (metric, family))
        return next(found, None)


def explain(
    results: Results,
    question: Difference,
    workers: int | None = None,
    progress: Progress | None = None,
    mechanisms: Sequence[Structure] | None = None,
) -> Explained:
    """Share out the differences of a stored comparison.

    mechanisms  None: all of them; those left out are at work throughout

    Raises StoreError where the stored futures are not those that the model gives now.
    """
    pair = (question.baseline, question.scenario)
    families = [lever_hybrids(*pair)]
    if families[0].steps:
        families.append(mechanism_hybrids(*pair, mechanisms))
    levels = _levels(results, question, pair, families, workers, progress)
    _refuse_other_futures(results, question, pair, levels)
    metrics = metrics_named(question.metrics)
    moment = _moment(pair[1].policy, question)
    return Explained(
        question=question,
        moment=moment,
        metrics=metrics,
        replications=results.replications,
        levers=families[0].steps,
        accounts=tuple(
            account_of(family, place, metric, moment, levels, (pair[0].policy, pair[1].policy))
            for place, metric in enumerate(metrics)
            for family in families
            if families[0].steps
        ),
    )


def _moment(policy: Policy, question: Difference) -> Moment:
    return moments_of(policy, policy.horizon_months)[question.moment]


def _levels(
    results: Results,
    question: Difference,
    pair: Sequence[Scenario],
    families: Sequence[Hybrids],
    workers: int | None,
    progress: Progress | None,
) -> Levels:
    """Simulate the two scenarios and every hybrid, each policy once in each future that asks."""
    number, own = results.replications, [each.policy for each in pair]
    turns = max(family.orders for family in families)  # each is 1 or the same number
    trials = [
        Trial(
            policy,
            pair[0].roster,
            results.seed,
            np.arange(first, number, turns),
            question.metrics,
            (_moment(policy, question),),
        )
        for first in range(min(turns, number))
        for policy in dict.fromkeys(
            (*own, *(policy for family in families for policy in family.needed(first)))
        )
    ]
    every = (*own, *(each for family in families for two in family.pairs.values() for each in two))
    levels = {policy: np.full((len(question.metrics), number), np.nan) for policy in every}
    for trial, measured in zip(trials, measure_all(trials, workers, progress), strict=True):
        levels[trial.policy][:, trial.replications] = measured[:, 0]
    return levels


def _refuse_other_futures(
    results: Results, question: Difference, pair: Sequence[Scenario], levels: Levels
) -> None:
    """The differences shared out are those that the comparison reports, or there is no account."""
    metrics = metrics_named(question.metrics)
    for scenario in pair:
        moment = _moment(scenario.policy, question)
        stored = Panel(results, scenario).at(metrics, {moment.name: moment})
        if not np.array_equal(stored[:, 0], levels[scenario.policy], equal_nan=True):
            raise StoreError(
                f"the futures of '{scenario.name}' in {results.folder} are not those that the "
                "model gives now; compare the scenarios again in a new folder first"
            )
