"""Why two scenarios differ: their paired difference shared out among levers and mechanisms.

The futures are those of the stored comparison, simulated again with some of the differences made
or some mechanisms off, so that every account adds up to the stored difference, in every future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.register import Structure
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results
from rsip_sim.measures.metrics import Metric, metrics_named
from rsip_sim.measures.moments import Moment, moments_of
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.studies.explain.accounts import Account, account_of, precise
from rsip_sim.studies.explain.hybrids import Hybrids, Step, lever_hybrids, mechanism_hybrids
from rsip_sim.studies.explain.question import Difference
from rsip_sim.studies.kernel.precision import Whole, looks
from rsip_sim.studies.kernel.trials import Trial, measure_all


@dataclass(frozen=True)
class Explained:
    """Why two scenarios differ.

    question  what was asked; moment and metrics: the same in full
    levers    the settings in which the scenarios differ; none if they do not
    accounts  for each metric by lever and by mechanism; none without levers
    taken     futures that were taken apart, the first of so many replications
    """

    question: Difference
    moment: Moment
    metrics: tuple[Metric, ...]
    replications: int
    levers: tuple[Step, ...]
    accounts: tuple[Account, ...]
    taken: int

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
    metrics = metrics_named(question.metrics)
    stored = [_stored(results, question, each) for each in pair]
    levels = _Levels(question, pair, families, results.seed, results.replications, workers)
    whole = Whole(progress, levels.most)
    for taken in looks(results.replications, question.precision):
        levels.simulate_to(taken, whole)
        for scenario, kept in zip(pair, stored, strict=True):
            if not np.array_equal(kept[:, :taken], levels[scenario.policy], equal_nan=True):
                raise StoreError(
                    f"the futures of '{scenario.name}' in {results.folder} are not those that the "
                    "model gives now; compare the scenarios again in a new folder first"
                )
        accounts = tuple(
            account_of(
                family, place, metric, _moment(pair[1].policy, question), levels,
                (stored[0][place], stored[1][place]),
            )
            for place, metric in enumerate(metrics)
            for family in families
            if families[0].steps
        )  # fmt: skip
        if precise(accounts, question.precision):
            break
    whole.finish()
    return Explained(
        question=question,
        moment=_moment(pair[1].policy, question),
        metrics=metrics,
        replications=results.replications,
        levers=families[0].steps,
        accounts=accounts,
        taken=taken,
    )


def _moment(policy: Policy, question: Difference) -> Moment:
    return moments_of(policy, policy.horizon_months)[question.moment]


def _stored(results: Results, question: Difference, scenario: Scenario) -> FloatArray:
    """The metrics in every stored future, (metrics, replications)."""
    moment = _moment(scenario.policy, question)
    panel = Panel(results, scenario)
    return panel.at(metrics_named(question.metrics), {moment.name: moment})[:, 0]


class _Levels(dict[Policy, FloatArray]):
    """Levels by policy, simulated so far: each policy once in each future that asks for it."""

    def __init__(
        self,
        question: Difference,
        pair: Sequence[Scenario],
        families: Sequence[Hybrids],
        seed: int,
        replications: int,
        workers: int | None,
    ) -> None:
        """Find out which futures ask for which of the two scenarios and their hybrids."""
        turns = max(family.orders for family in families)  # each is 1 or the same number
        own = [each.policy for each in pair]
        hybrids = (each for one in families for two in one.pairs.values() for each in two)
        self._asked: dict[Policy, list[int]] = {each: [] for each in (*own, *hybrids)}
        for turn in range(min(turns, replications)):
            needed = (policy for family in families for policy in family.needed(turn))
            for policy in dict.fromkeys((*own, *needed)):
                self._asked.setdefault(policy, []).append(turn)
        self._turns, self._question, self._workers = turns, question, workers
        self._roster, self._seed, self._simulated = pair[0].roster, seed, 0
        self.most = sum(len(self._futures(policy, replications)) for policy in self._asked)

    def _futures(self, policy: Policy, until: int) -> NDArray[np.int64]:
        """Those that are not simulated yet and ask for a policy."""
        numbers = np.arange(self._simulated, until)
        return numbers[np.isin(numbers % self._turns, self._asked[policy])]

    def simulate_to(self, until: int, progress: Progress) -> None:
        """Simulate the futures up to a number, and no future twice."""
        names = self._question.metrics
        trials = [
            Trial(policy, self._roster, self._seed, futures, names,
                  (_moment(policy, self._question),))
            for policy in self._asked
            if (futures := self._futures(policy, until)).size
        ]  # fmt: skip
        empty = np.full((len(names), until - self._simulated), np.nan)
        for policy in self._asked:
            before = self.get(policy, empty[:, :0])
            self[policy] = np.concatenate([before, empty], axis=1)
        for trial, measured in zip(
            trials, measure_all(trials, self._workers, progress), strict=True
        ):
            self[trial.policy][:, trial.replications] = measured[:, 0]
        self._simulated = until
