"""Why two scenarios differ: their paired difference shared out among levers and mechanisms.

The futures are those of the stored comparison, simulated again with some of the differences made
or some mechanisms off, so that every account adds up to the stored difference, in every future.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.register import Structure
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.results import Results
from rsip_sim.measures.metrics import Metric, metrics_named
from rsip_sim.measures.moments import MOMENTS, Moment, Panel, main_moment, moments_of, unit_at
from rsip_sim.measures.runs import FloatArray
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.studies.explain.accounts import Account, account_of, precise
from rsip_sim.studies.explain.hybrids import (
    BY_LEVER,
    BY_MECHANISM,
    Hybrids,
    Step,
    lever_hybrids,
    mechanism_hybrids,
)
from rsip_sim.studies.kernel.asking import (
    AskedError,
    Faults,
    Question,
    metric_fault,
    moment_fault,
    shown,
    two_scenarios,
)
from rsip_sim.studies.kernel.trials import Precision, Trial, Whole, looks, measure_all

HEADLINES = ("members", "cohesion", "erosion", "unmet_days")
"""Explained unless others are named: what Cabinet asks of schools, the whole, money and support."""


PRECISION = 2.0
"""How wide the interval of a share may be, beside that of the whole difference."""


class ExplainQuestion(Question):
    """Why two scenarios differ."""

    baseline: str | None = shown(None, metavar="NAME")
    """Scenario to start from; otherwise the comparison's."""
    scenario: str | None = shown(None, metavar="NAME")
    """Scenario to explain; otherwise the only other one."""
    metrics: list[str] = shown(factory=list, metavar="NAME", flag="--metric")
    """Metric to explain, as in the table of differences; more than once for several. Otherwise
    members, cohesion, erosion and unmet_days."""
    at: str | None = shown(None, metavar="MOMENT")
    """mean, march_2013, own_agreement or end; otherwise the one on which the comparison's
    findings stand."""
    precision: Precision = shown(PRECISION, metavar="X")
    """Take futures apart, 256, 512 and so on, until no share is known less than X times as
    precisely as the whole difference, or not noticeably so; 0: all futures of the comparison."""


@dataclass(frozen=True)
class Difference:
    """Two scenarios, metrics and a moment, all of them known to exist.

    moment       name from MOMENTS
    precision    how wide the interval of a share may be, beside that of the whole difference
    """

    baseline: Scenario
    scenario: Scenario
    metrics: tuple[str, ...]
    moment: str
    precision: float = PRECISION


def difference(asked: ExplainQuestion, scenarios: Sequence[Scenario]) -> Difference:
    """What is asked about scenarios of a comparison, its baseline first among them.

    Raises AskedError with every fault.
    """
    faults = Faults()
    pair = two_scenarios(scenarios, asked.baseline, asked.scenario, faults)
    without = [each.title for each in pair or () if not each.policy.partnership]
    faults.each("metrics", asked.metrics, lambda name: metric_fault(name, without))
    known = {each.name: moments_of(each.policy, each.policy.horizon_months) for each in scenarios}
    moment = asked.at or main_moment(known[scenarios[0].name])
    shared = [name for name in MOMENTS if all(name in known[each.name] for each in pair or ())]
    faults.at("at", moment_fault(moment, shared, own=True))
    if faults.found or pair is None:
        raise AskedError(faults.found)
    metrics = tuple(dict.fromkeys(asked.metrics)) or HEADLINES
    return Difference(*pair, metrics, moment, asked.precision)


@dataclass(frozen=True)
class Explained:
    """Why two scenarios differ.

    question  what was asked; moment and metrics: the same in full
    levers    the settings in which the scenarios differ; none if they do not
    accounts  for each metric by lever, where there are several, and by mechanism; none without
              levers
    taken     futures that were taken apart, the first of so many replications
    """

    question: Difference
    moment: Moment
    metrics: tuple[Metric, ...]
    replications: int
    levers: tuple[Step, ...]
    accounts: tuple[Account, ...]
    taken: int

    def families(self) -> list[list[Account]]:
        """The accounts of each family, the lead's first.

        The lead is the first measure whose difference anyone would notice, or that is clear.
        """
        wholes = {each.metric: each.total for each in self.accounts}
        told = [metric for metric, whole in wholes.items() if whole.noticed(metric)]
        clear = [metric for metric, whole in wholes.items() if whole.clear]
        lead = [*told, *clear, *wholes][:1]
        ranked = sorted(self.accounts, key=lambda each: each.metric not in lead)
        return [
            [each for each in ranked if each.family == family]
            for family in dict.fromkeys(each.family for each in self.accounts)
        ]


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
    by_lever, families = lever_hybrids(*pair), []
    if by_lever.steps:
        families = [mechanism_hybrids(*pair, mechanisms)]
    if len(by_lever.steps) > 1:  # a single one has all of every difference
        families = [by_lever, *families]
    metrics = metrics_named(question.metrics)
    stored = [_stored(results, question, each) for each in pair]
    moment = _moment(question.scenario.policy, question)
    levels = _Levels(question, families, results, workers)
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
            account_of(family, place, metric, moment, levels, (stored[0][place], stored[1][place]))
            for place, metric in enumerate(metrics)
            for family in families
        )
        if precise(accounts, question.precision):
            break
    whole.finish()
    return Explained(
        question=question,
        moment=moment,
        metrics=metrics,
        replications=results.replications,
        levers=by_lever.steps,
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
        families: Sequence[Hybrids],
        results: Results,
        workers: int | None,
    ) -> None:
        """Find out which futures ask for which of the two scenarios and their hybrids."""
        self._question, self._results, self._workers = question, results, workers
        self._simulated = 0
        self._turns = max((family.orders for family in families), default=1)  # else each is 1
        own = (question.baseline.policy, question.scenario.policy)
        hybrids = (each for one in families for two in one.pairs.values() for each in two)
        self._asked: dict[Policy, list[int]] = {each: [] for each in (*own, *hybrids)}
        for turn in range(self._turns):
            needed = (policy for family in families for policy in family.needed(turn))
            for policy in dict.fromkeys((*own, *needed)):
                self._asked[policy].append(turn)
        futures = (self._futures(policy, results.replications) for policy in self._asked)
        self.most = sum(len(each) for each in futures)

    def _futures(self, policy: Policy, until: int) -> NDArray[np.int64]:
        """Those that are not simulated yet and ask for a policy."""
        numbers = np.arange(self._simulated, until)
        return numbers[np.isin(numbers % self._turns, self._asked[policy])]

    def simulate_to(self, until: int, progress: Progress) -> None:
        """Simulate the futures up to a number, and no future twice."""
        names, roster = self._question.metrics, self._question.baseline.roster
        trials = []
        for policy in self._asked:
            futures, moment = self._futures(policy, until), _moment(policy, self._question)
            if futures.size:
                seed = self._results.seed
                trials.append(Trial(policy, roster, seed, futures, names, (moment,)))
        empty = np.full((len(names), until - self._simulated), np.nan)
        for policy in self._asked:
            before = self.get(policy, empty[:, :0])
            self[policy] = np.concatenate([before, empty], axis=1)
        found = measure_all(trials, self._workers, progress)
        for trial, measured in zip(trials, found, strict=True):
            self[trial.policy][:, trial.replications] = measured[:, 0]
        self._simulated = until


def step_table(accounts: Sequence[Account]) -> pd.DataFrame:
    """One row a metric and part.

    ``kind`` is step, rest or total; the rows of one metric before the total add up to it.
    """
    rows = []
    for account in accounts:
        metric, whole = account.metric, account.total
        for part in (*account.parts, whole):
            n = part.numbers
            rows.append(
                {
                    "metric": metric.name,
                    "label": metric.label,
                    "unit": unit_at(metric, account.moment, files=True),
                    "date": account.moment.label,
                    "family": account.family,
                    "kind": part.kind,
                    "step": part.step.name,
                    "step_label": part.step.label,
                    "step_words": part.step.words,
                    "mean": n.difference,
                    "ci_low": n.ci_low,
                    "ci_high": n.ci_high,
                    "p05": n.p05,
                    "p95": n.p95,
                    "share_higher": n.higher,
                    "share_lower": n.lower,
                    "share_equal": n.equal,
                    "part_of_whole": n.difference / whole.mean if whole.clear else np.nan,
                    "verdict": part.verdict,
                    "replications": n.replications,
                }
            )
    return pd.DataFrame(rows)


def tables(explained: Explained) -> dict[str, pd.DataFrame]:
    """The shares of each family of steps that was shared out."""
    made = {}
    for family, name in ((BY_LEVER, "levers"), (BY_MECHANISM, "mechanisms")):
        accounts = [each for each in explained.accounts if each.family == family]
        if accounts:
            made[f"{name}_shares"] = step_table(accounts)
    return made
