"""The guard on a planner's own file: what `rsip check --deep` finds.

It asks of one scenario what developers ask of the model: does each override change anything, is
every lever inside its evidence, and do outcomes move in the direction they must? It simulates a few
hundred futures of the scenario with and without each of its overrides, here and in seconds.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_block
from rsip_sim.report.blocks import Column, Paragraph, Report, Row, Table
from rsip_sim.report.words import counted
from rsip_sim.scenario import Scenario, ScenarioError, load_scenario
from rsip_sim.scenario.extending import parent_of, read_one
from rsip_sim.scenario.reading import Document
from rsip_sim.scenario.settings import (
    Override,
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
    size = _pilot(scenario, len(changes))

    @functools.cache
    def simulated(policy: Policy, block: int) -> BlockOutcome:
        futures = range(block * size, (block + 1) * size)
        return simulate_block(policy, scenario.roster, scenario.run.seed, futures)

    def pair(change: Override, block: int = 0) -> Pair:
        """The scenario with and without an override."""
        policies = scenario.policy, policy_of(without(change, ours, theirs), scenario.policy)
        return Pair(change, scenario.policy, *(simulated(each, block) for each in policies))

    pairs = [pair(change) for change in changes]
    found = [does_something(each) for each in pairs]
    if not changes:
        sentence = "The file changes no lever and no parameter: a comparison would show nothing."
        found.append(GuardFinding("overrides", "note", sentence))
    found += within_evidence(ours, start)
    for each in pairs:
        if first_changes(each):
            found += directions(each, functools.partial(pair, each.override, 1))
    found.sort(key=lambda finding: [*CHECKS].index(finding.check))
    return DeepCheck(scenario, _against(scenario, parent, document), size, tuple(found))


def _against(scenario: Scenario, parent: Scenario | None, document: Document) -> str:
    """What the scenario was compared with, in words."""
    if parent is None and "extends" in document.values:
        return "the usual values, since the file it extends is not whole by itself"
    if parent is None:
        return "the usual value of every field"
    others = any(parent.resolved[each] != scenario.resolved[each] for each in _SHARED)
    return parent.path.name + " on this file's months and schools" * others


def _pilot(scenario: Scenario, changes: int) -> int:
    """As many futures as a few seconds allow, with each change and without it."""
    each = (2 + changes) * scenario.policy.horizon_months * len(scenario.roster)
    return next((size for size in _PILOTS if size * each <= _AFFORDABLE), _PILOTS[-1])


def _parent(path: Path, document: Document) -> Scenario | None:
    if "extends" not in document.values:
        return None
    parent = parent_of(document, path, path.parent, [])
    try:
        return load_scenario(parent) if parent else None
    except ScenarioError:  # a fragment that only its children make whole
        return None


_COLUMNS = (
    Column("Checked", 16, words=True), Column("verdict", 11, words=True),
    Column("what was found", 69, words=True, hang=0),
)  # fmt: skip


def deep_report(done: DeepCheck) -> Report:
    """Whether all checks hold, and every finding, those to look at first."""
    name = done.scenario.path.name
    wrong = [each for each in done.findings if not each.passed]
    rows: list[Row] = []
    for each in sorted(done.findings, key=lambda each: each.passed):
        rows.append((CHECKS[each.check], each.verdict, each.sentence))
        rows += [("", "", each.detail)] if each.detail else []
    said = (
        f"{name}: look at {len(wrong)} of {counted(len(done.findings), 'finding')}." if wrong
        else f"{name}: every check holds."
    )  # fmt: skip
    table = Table(
        "findings", f"What was found of {name}",
        "One row a finding: which check it is, whether it holds, and what it found.",
        _COLUMNS, tuple(rows), quiet=True, apart=True,
    )  # fmt: skip
    about = f"{done.scenario.title}, against {done.against}; {done.pilot} futures"
    return Report("Does the file do what it should?", (Paragraph(said), table), about)
