"""The guard on a planner's own file: what `rsip check --deep` finds.

It asks of one scenario what developers ask of the model: does each override change anything, does
anything move before its date, is every lever inside its evidence, do outcomes move in the
direction they must, and will the comparison be precise enough to tell? It simulates a few hundred
futures of the scenario with and without each of its overrides, in this process and in seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from rsip_sim.measures.moments import main_moment, moments_of
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_block
from rsip_sim.scenario import Scenario, ScenarioError, load_scenario
from rsip_sim.scenario.extending import parent_of, read_one
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.reading import Document
from rsip_sim.scenario.settings import (
    Override,
    Settings,
    overrides,
    policy_of,
    settings_of,
    usual_scenario,
    without,
)
from rsip_sim.studies.check.checks import (
    CHECKS,
    GuardFinding,
    Pair,
    directions,
    does_something,
    first_changes,
    nothing_early,
    precision,
    within_evidence,
)

_PILOTS = (256, 128, 64, 32)
_AFFORDABLE = 8 * 256 * 60 * 126
"""School-months of a few seconds: eight simulations of Rotherham's five years in 256 futures."""

_SHARED = ("start", "horizon_months", "roster")


@dataclass(frozen=True)
class DeepCheck:
    """All findings on one file.

    against   what the scenario was compared with, in words
    pilot     futures simulated
    """

    scenario: Scenario
    against: str
    pilot: int
    findings: tuple[GuardFinding, ...]

    @property
    def passed(self) -> bool:
        """Whether every check holds."""
        return all(finding.passed for finding in self.findings)


def check_deep(scenario: Scenario) -> DeepCheck:
    """Check a scenario against the one its file extends, or against the usual value of each field.

    Start, length, schools, seed and kind of parameters are the scenario's own in both.
    """
    document = read_one(scenario.path)
    parent = _parent(scenario.path, document)
    start = scenario.policy.start
    end = start + scenario.policy.horizon_months
    ours = settings_of(scenario, start, end)
    theirs = settings_of(parent or usual_scenario(scenario), start, end)
    changes = overrides(ours, theirs, start)
    futures = _Futures(scenario, _pilot(scenario, len(changes)))
    pairs = [futures.pair(change, ours, theirs) for change in changes]
    found = [does_something(pair) for pair in pairs]
    if not changes:
        sentence = "The file changes no lever and no parameter: a comparison would show nothing."
        found.append(GuardFinding("overrides", "note", sentence))
    found += nothing_early(pairs)
    found += within_evidence(ours, start)
    for pair in pairs:
        if first_changes(pair):
            found += directions(pair, partial(futures.pair, pair.override, ours, theirs, block=1))
    if changes:
        found += _precision(scenario, policy_of(theirs, scenario.policy), futures)
    if parent:
        found = [*_repeated(document, parent), *found]
    found.sort(key=lambda finding: [*CHECKS].index(finding.check))
    return DeepCheck(scenario, _against(scenario, parent, document), futures.size, tuple(found))


def _against(scenario: Scenario, parent: Scenario | None, document: Document) -> str:
    """What the scenario was compared with, in words."""
    if parent is None and "extends" in document.values:
        return "the usual values, since the file it extends is not whole by itself"
    if parent is None:
        return "the usual value of every field"
    others = any(parent.resolved[each] != scenario.resolved[each] for each in _SHARED)
    return parent.path.name + " on this file's months and schools" * others


class _Futures:
    """Blocks of simulated futures, each simulated once."""

    def __init__(self, scenario: Scenario, size: int) -> None:
        self.scenario = scenario
        self.size = size
        self._done: dict[tuple[Policy, int], BlockOutcome] = {}

    def of(self, policy: Policy, block: int = 0) -> BlockOutcome:
        """One block of a policy."""
        key = (policy, block)
        if key not in self._done:
            futures = np.arange(block * self.size, (block + 1) * self.size)
            seed = self.scenario.run.seed
            self._done[key] = simulate_block(policy, self.scenario.roster, seed, futures)
        return self._done[key]

    def pair(self, change: Override, ours: Settings, theirs: Settings, block: int = 0) -> Pair:
        """The scenario with and without an override."""
        policy = self.scenario.policy
        undone = policy_of(without(change, ours, theirs), policy)
        return Pair(change, policy, self.of(policy, block), self.of(undone, block))


def _pilot(scenario: Scenario, changes: int) -> int:
    """As many futures as a few seconds allow, with each change and without it."""
    each = (2 + changes) * scenario.policy.horizon_months * len(scenario.roster)
    return next((size for size in _PILOTS if size * each <= _AFFORDABLE), _PILOTS[-1])


def _precision(scenario: Scenario, other: Policy, futures: _Futures) -> list[GuardFinding]:
    """At the moment on which the findings of a comparison stand."""
    policy = scenario.policy
    moments = moments_of(other, policy.horizon_months)
    main = moments[main_moment(moments)]
    panels = futures.of(policy).panel, futures.of(other).panel
    defined = policy.partnership and other.partnership
    return precision(panels, main, scenario.run.replications, defined)


def _parent(path: Path, document: Document) -> Scenario | None:
    if "extends" not in document.values:
        return None
    parent = parent_of(document, path, path.parent, [])
    try:
        return load_scenario(parent) if parent else None
    except ScenarioError:  # a fragment that only its children make whole
        return None


def _repeated(document: Document, parent: Scenario) -> list[GuardFinding]:
    """What the file says although the one it extends says the same."""
    found = []
    for path in (*lever_paths(), "partnership"):
        section, _, name = path.rpartition(".")
        own = document.values.get(section) if section else document.values
        held = parent.resolved[section] if section else parent.resolved
        if isinstance(own, dict) and name in own and own[name] == held[name]:
            found.append(path)
    if not found:
        return []
    words = f"{', '.join(found)}: as in {parent.path.name}, so nothing changes by it."
    return [GuardFinding("overrides", "note", words)]
