"""Policies between two scenarios: with some of their differences made, or some mechanisms off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rsip_sim.evidence.months import month_name, month_text
from rsip_sim.evidence.register import Structure, load_register
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS, field_label
from rsip_sim.scenario.settings import (
    Key,
    Override,
    Setting,
    Settings,
    overrides,
    policy_of,
    settings_of,
)
from rsip_sim.studies.explain.shapley import all_coalitions, coalitions, number_of_orders

BY_LEVER, BY_MECHANISM = "lever", "mechanism"
Each = TypeVar("Each")


@dataclass(frozen=True)
class Step:
    """One step from the baseline to the scenario.

    name   key in tables: a dotted path, with its month where it is dated, or a mechanism
    label  as shown: ``Agreement length``, ``Security``
    words  what it is in full: ``Agreement length: 0 → 24 months``
    month  model month from which it can act
    """

    name: str
    label: str
    words: str
    month: int = 0


@dataclass(frozen=True)
class Hybrids:
    """One family of steps, and the two policies compared when some of them are taken.

    family  BY_LEVER or BY_MECHANISM
    steps   those that can make a difference, in the order of the bits of a coalition
    pairs   by coalition of steps: the policies whose paired difference is its worth, the
            baseline's side first
    """

    family: str
    steps: tuple[Step, ...]
    pairs: Mapping[int, tuple[Policy, Policy]]

    @property
    def orders(self) -> int:
        """After how many futures the coalitions that are needed are the same again."""
        return number_of_orders(len(self.steps))

    def needed(self, future: int) -> tuple[Policy, ...]:
        """The policies that must be simulated in a future."""
        asked = coalitions(len(self.steps), future % self.orders)
        return tuple(dict.fromkeys(policy for each in asked for policy in self.pairs[each]))


def lever_hybrids(baseline: Scenario, scenario: Scenario) -> Hybrids:
    """One step for each setting in which the scenarios differ; a dated change is one of its own.

    The worth of a coalition is what the baseline gains with just these settings of the scenario's.
    """
    ours, theirs = _settings(scenario), _settings(baseline)
    start = baseline.policy.start
    changes = overrides(ours, theirs, start)
    pairs = {}
    for coalition in all_coalitions(len(changes)):
        taken = [change.key for change in _chosen(changes, coalition)]
        made = policy_of(_with_keys(theirs, ours, taken), scenario.policy)
        pairs[coalition] = (baseline.policy, made)
    return Hybrids(BY_LEVER, tuple(_step(change, start) for change in changes), pairs)


def mechanism_hybrids(
    baseline: Scenario, scenario: Scenario, mechanisms: Sequence[Structure] | None = None
) -> Hybrids:
    """One step for each mechanism of the register that one of the scenarios has; None: of all.

    The worth of a coalition is the difference with these mechanisms on in both and the rest
    switched off. What is in no mechanism works throughout.
    """
    both = _settings(baseline), _settings(scenario)
    known = load_register().mechanisms() if mechanisms is None else mechanisms
    at_work = [rule for rule in known if any(_switched_off(each, [rule]) != each for each in both)]
    whole = (1 << len(at_work)) - 1
    pairs = {}
    for coalition in all_coalitions(len(at_work)):
        off = _chosen(at_work, whole & ~coalition)
        first, last = (
            policy_of(_switched_off(settings, off), own.policy)
            for settings, own in zip(both, (baseline, scenario), strict=True)
        )
        pairs[coalition] = (first, last)
    steps = tuple(Step(each.name, each.mechanism, each.meaning) for each in at_work)
    return Hybrids(BY_MECHANISM, steps, pairs)


def _chosen(steps: Sequence[Each], coalition: int) -> list[Each]:
    return [step for i, step in enumerate(steps) if coalition >> i & 1]


def _settings(scenario: Scenario) -> Settings:
    start = scenario.policy.start
    return settings_of(scenario, start, start + scenario.policy.horizon_months)


def _with_keys(theirs: Settings, ours: Settings, taken: Sequence[Key]) -> Settings:
    """Their settings, with ours at some keys; where we have none there, theirs goes."""
    made = {key: setting for key, setting in theirs.items() if key not in taken}
    return {**made, **{key: ours[key] for key in taken if key in ours}}


def _switched_off(settings: Settings, rules: Sequence[Structure]) -> Settings:
    """The settings with these rules otherwise throughout the run."""
    off = {(f"{PARAMETERS}{each.name}", None): each.switched_off for each in rules}
    return {**settings, **{key: Setting(value, value) for key, value in off.items()}}


def _step(change: Override, start: int) -> Step:
    (path, month), label = change.key, field_label(change.path)
    if month is None or month == start:
        return Step(path, label, change.labelled, change.month - start)
    since = f"{label} from {month_name(month)}"
    return Step(f"{path}@{month_text(month)}", since, change.labelled, change.month - start)
