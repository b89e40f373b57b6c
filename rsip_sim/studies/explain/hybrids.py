"""Policies between two scenarios: with some of their differences made, or some mechanisms off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rsip_sim.evidence.months import month_name, month_text
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import BASELINE, PARAMETERS
from rsip_sim.scenario.settings import (
    Key,
    Override,
    Setting,
    Settings,
    field_label,
    overrides,
    policy_of,
    settings_of,
)
from rsip_sim.studies.explain.mechanisms import MECHANISMS, Mechanism
from rsip_sim.studies.explain.shapley import coalitions

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
    idle    mechanisms that are at work in neither scenario and so have no part in anything
    pairs   by coalition of steps: the policies whose paired difference is its worth, the
            baseline's side first
    """

    family: str
    steps: tuple[Step, ...]
    idle: tuple[Step, ...]
    pairs: Mapping[int, tuple[Policy, Policy]]


def lever_hybrids(baseline: Scenario, scenario: Scenario) -> Hybrids:
    """One step for each setting in which the scenarios differ; a dated change is one of its own.

    The worth of a coalition is what the baseline gains with just these settings of the scenario's.
    """
    ours, theirs = _settings(scenario), _settings(baseline)
    start = baseline.policy.start
    changes = overrides(ours, theirs, start)
    pairs = {}
    for coalition in coalitions(len(changes)):
        taken = [change.key for change in _chosen(changes, coalition)]
        made = policy_of(_with_keys(theirs, ours, taken), scenario.policy)
        pairs[coalition] = (baseline.policy, made)
    return Hybrids(BY_LEVER, tuple(_step(change, start) for change in changes), (), pairs)


def mechanism_hybrids(
    baseline: Scenario, scenario: Scenario, mechanisms: Sequence[Mechanism] | None = None
) -> Hybrids:
    """One step for each mechanism at work in one of the scenarios; None: of all MECHANISMS.

    The worth of a coalition is the difference with these mechanisms on in both and the rest off.
    """
    both = _settings(baseline), _settings(scenario)
    start = baseline.policy.start
    at_work: list[Mechanism] = []
    idle: list[Mechanism] = []
    for mechanism in MECHANISMS if mechanisms is None else mechanisms:
        changed = any(_without(each, mechanism, both[0], start) != each for each in both)
        (at_work if changed else idle).append(mechanism)
    whole = (1 << len(at_work)) - 1
    pairs = {}
    for coalition in coalitions(len(at_work)):
        made = []
        for settings, own in zip(both, (baseline, scenario), strict=True):
            for mechanism in _chosen(at_work, whole & ~coalition):
                settings = _without(settings, mechanism, both[0], start)
            made.append(policy_of(settings, own.policy))
        pairs[coalition] = (made[0], made[1])
    steps, without_work = (
        tuple(Step(each.name, each.label, each.meaning) for each in group)
        for group in (at_work, idle)
    )
    return Hybrids(BY_MECHANISM, steps, without_work, pairs)


def _chosen(steps: Sequence[Each], coalition: int) -> list[Each]:
    return [step for i, step in enumerate(steps) if coalition >> i & 1]


def _settings(scenario: Scenario) -> Settings:
    start = scenario.policy.start
    return settings_of(scenario, start, start + scenario.policy.horizon_months)


def _with_keys(theirs: Settings, ours: Settings, taken: Sequence[Key]) -> Settings:
    """Their settings, with ours at some keys; where we have none there, theirs goes."""
    made = {key: setting for key, setting in theirs.items() if key not in taken}
    return {**made, **{key: ours[key] for key in taken if key in ours}}


def _without(settings: Settings, mechanism: Mechanism, baseline: Settings, start: int) -> Settings:
    """The settings with a mechanism off throughout the run, whatever the timeline said."""
    made = {key: setting for key, setting in settings.items() if key[0] not in mechanism.held}
    for path, value in mechanism.held.items():
        key = (path, None if path.startswith(PARAMETERS) else start)
        made[key] = baseline[key] if value is BASELINE else Setting(value, value)
    return made


def _step(change: Override, start: int) -> Step:
    (path, month), label = change.key, field_label(change.path)
    if month is None or month == start:
        return Step(path, label, change.labelled, change.month - start)
    since = f"{label} from {month_name(month)}"
    return Step(f"{path}@{month_text(month)}", since, change.labelled, change.month - start)
