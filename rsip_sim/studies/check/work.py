"""The guard on a planner's own file: what `rsip check --deep` finds, in words.

It asks of one scenario what developers ask of the model: does each override change anything, does
anything move before its date, is every lever inside its evidence, do outcomes move in the
direction they must, and will the comparison be precise enough to tell? It simulates a few hundred
futures of the scenario with and without each of its overrides, in this process and in seconds.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from rsip_sim.measures.moments import END, MEAN, lengths_differ, main_moment, moments_of
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_block
from rsip_sim.scenario import Scenario, ScenarioError, load_scenario
from rsip_sim.scenario.extending import parent_of
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.reading import Document, read_document
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

__all__ = ["DeepCheck", "GuardFinding", "check_deep", "check_deep_text", "deep_check"]

_PILOTS = (256, 128, 64, 32)
_AFFORDABLE = 8 * 256 * 60 * 126
"""School-months of a few seconds: eight simulations of Rotherham's five years in 256 futures."""

_SHARED = ("start", "horizon_months", "roster")
_WIDTH, _VERDICT, _CHECK = 100, 11, 16
_INDENT = " " * (_VERDICT + _CHECK)


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


def check_deep_text(path: str | Path) -> tuple[str, bool]:
    """The findings on a scenario file as text, and whether every check holds.

    Raises ScenarioError with all faults where the file cannot be used.
    """
    done = check_deep(path)
    return _text(done), done.passed


def check_deep(path: str | Path) -> DeepCheck:
    """Check a scenario file against the one it extends, or against the usual values.

    Raises ScenarioError with all faults where the file cannot be used.
    """
    path = Path(path)
    scenario = load_scenario(path)
    document = read_document(path, str(path))
    parent = _parent(path, document)
    findings = deep_check(scenario, parent)
    if parent:
        findings = [*_repeated(document, parent), *findings]
    if parent is None and "extends" in document.values:
        against = "the usual values, since the file it extends is not whole by itself"
    else:
        against = parent.path.name if parent else "the usual value of every field"
        if parent and any(parent.resolved[each] != scenario.resolved[each] for each in _SHARED):
            against += " on this file's months and schools"
    order = list(CHECKS)
    findings.sort(key=lambda finding: order.index(finding.check))
    return DeepCheck(scenario, against, _pilot(scenario, parent), tuple(findings))


def deep_check(scenario: Scenario, parent: Scenario | None = None) -> list[GuardFinding]:
    """Every finding on a scenario, by check.

    parent  what its overrides are taken against; without one, the usual value of every field.
            Start, length, schools, seed and kind of parameters are the scenario's own in both.
    """
    ours, theirs, changes = _compared(scenario, parent)
    start = scenario.policy.start
    futures = _Futures(scenario, _pilot(scenario, parent))
    pairs = [futures.pair(change, ours, theirs) for change in changes]
    found = [does_something(pair) for pair in pairs]
    if not changes:
        sentence = "The file changes no lever and no parameter: a comparison would show nothing."
        found.append(GuardFinding("overrides", "note", sentence))
    found += nothing_early(pairs)
    found += within_evidence(ours, start)
    acting = [(pair, min(moved.values())) for pair in pairs if (moved := first_changes(pair))]
    for pair, _ in acting:
        found += directions(pair, partial(futures.pair, pair.override, ours, theirs, block=1))
    if changes:
        begins = min((month for _, month in acting), default=0)
        found += _precision(scenario, policy_of(theirs, scenario.policy), futures, begins)
    return found


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


def _compared(
    scenario: Scenario, parent: Scenario | None
) -> tuple[Settings, Settings, list[Override]]:
    start = scenario.policy.start
    end = start + scenario.policy.horizon_months
    ours = settings_of(scenario, start, end)
    theirs = settings_of(parent or usual_scenario(scenario), start, end)
    return ours, theirs, overrides(ours, theirs, start)


def _pilot(scenario: Scenario, parent: Scenario | None) -> int:
    """As many futures as a few seconds allow."""
    simulations = 2 + len(_compared(scenario, parent)[2])
    each = simulations * scenario.policy.horizon_months * len(scenario.roster)
    return next((size for size in _PILOTS if size * each <= _AFFORDABLE), _PILOTS[-1])


def _precision(
    scenario: Scenario, other: Policy, futures: _Futures, begins: int
) -> list[GuardFinding]:
    """At the date a comparison leads with, or later where nothing has moved by then.

    begins  first model month in which any outcome moves
    """
    policy = scenario.policy
    moments = moments_of(other, policy.horizon_months)
    theirs = replace(scenario, policy=other)
    main = moments[main_moment(moments, lengths_differ([scenario, theirs]))]
    panels = futures.of(policy).panel, futures.of(other).panel
    defined = policy.partnership and other.partnership
    if begins <= main.last:
        return precision(panels, main, scenario.run.replications, defined)
    later = moments.get(MEAN, moments[END])
    words = f"Nothing moves by {main.label}, the first date of a comparison."
    early = GuardFinding("precision", "note", f"{words} The findings below are {later.when}.")
    return [early, *precision(panels, later, scenario.run.replications, defined)]


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


def _text(done: DeepCheck) -> str:
    futures = f"{done.pilot} futures"
    head = f"{done.scenario.title} ({done.scenario.path.name}), against {done.against}; {futures}"
    lines = [head, "", *(line for finding in done.findings for line in _lines(finding))]
    failed = sum(not finding.passed for finding in done.findings)
    last = f"look at {failed} of {len(done.findings)} findings" if failed else "every check holds"
    return "\n".join([*lines, "", f"{done.scenario.path.name}: {last}."])


def _lines(finding: GuardFinding) -> Sequence[str]:
    first = f"{finding.verdict:<{_VERDICT}}{CHECKS[finding.check]:<{_CHECK}}"
    wrapped = partial(textwrap.wrap, width=_WIDTH, subsequent_indent=_INDENT)
    lines = wrapped(finding.sentence, initial_indent=first)
    if finding.detail:
        lines += wrapped(finding.detail, initial_indent=_INDENT)
    return lines
