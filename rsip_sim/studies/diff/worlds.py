"""What two stored comparisons were made of, and the way from the one to the other, step by step.

A world is all that a paired difference depends on: version, schools, policies, seed and number of
futures. Each step changes one of these; what one step ends with the next begins with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rsip_sim.evidence.months import month_name
from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment import record
from rsip_sim.experiment.errors import StoreError
from rsip_sim.experiment.record import SHORT
from rsip_sim.experiment.results import Results
from rsip_sim.experiment.store import MANIFEST, RUN, read_record
from rsip_sim.model.policy import Policy
from rsip_sim.report.words import listed
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.settings import overrides, settings_of
from rsip_sim.studies.kernel.ground import comparison_ground
from rsip_sim.studies.kernel.keeping import comparison_around, read_study

BASELINE = ""
"""The role of the baseline; every other scenario's role is its name."""

CODE, DATA, ASSUMPTIONS, SCENARIO, LUCK, UNEXPLAINED = (
    "code version", "data", "assumptions", "scenario", "luck", "unexplained"
)  # fmt: skip
KINDS = (CODE, DATA, ASSUMPTIONS, SCENARIO, LUCK, UNEXPLAINED)
"""Kinds of cause; steps are taken in this order, but for a second paper's older version: last."""

MOST_NAMED = 3
"""Causes taken together that are named one by one where there is little room."""

_ASSUMED = (PARAMETERS, "cohesion.")
_ASSUMPTIONS = ("cohesion", "overrides", "structure", "parameters")  # of a policy


@dataclass(frozen=True)
class Version:
    """What decides the numbers besides scenarios and seed.

    model, evidence  sha256 of the model's source, and of register, calibrated sample and series
    libraries        names and versions
    roster           sha256 of a roster of the package that is no longer the one here, else ''
    """

    model: str
    evidence: str
    libraries: tuple[tuple[str, str], ...]
    roster: str = ""


def version_here() -> Version:
    """The version that simulates now."""
    libraries = tuple(sorted(record.libraries().items()))
    return Version(record.source_digest(), record.evidence_digest(), libraries)


@dataclass(frozen=True)
class Paper:
    """One stored comparison, and what it was made with.

    made_with  versions, platform and commit, as its manifest says
    """

    folder: Path
    results: Results
    scenarios: tuple[Scenario, ...]
    version: Version
    made_with: Mapping[str, Any]

    @property
    def roster(self) -> Roster:
        """The schools of all its scenarios."""
        return self.scenarios[0].roster

    @property
    def roles(self) -> dict[str, Scenario]:
        """The scenarios by role."""
        baseline, *others = self.scenarios
        return {BASELINE: baseline} | {each.name: each for each in others}

    @property
    def made_words(self) -> str:
        """What it was made with: ``rsip_sim 0.1.0, commit 4dc36260fd79``."""
        git, version = self.made_with.get("git"), f"rsip_sim {self.made_with.get('rsip_sim')}"
        return f"{version}, {record.commit_text(git)}" if git else version


def open_paper(folder: Path) -> Paper:
    """A stored comparison as a paper, or that from which the study or paper kept here was made.

    Raises AskedError where the folder holds a single scenario, StoreError where the comparison is
    not at hand or its record is damaged.
    """
    place = _comparison_of(folder)
    try:
        ground = comparison_ground(place)
        run, made = read_record(place / RUN), read_record(place / MANIFEST)["made_with"]
        other = "" if run["roster"] == ground.baseline.roster.digest else run["roster"]
        libraries = tuple(sorted(run["libraries"].items()))
        version = Version(run["model"], run["evidence"], libraries, other)
    except (KeyError, TypeError) as error:
        raise StoreError(
            f"the record of {place} is damaged; 'rsip verify {place}' says where"
        ) from error
    return Paper(place, ground.stored, ground.scenarios, version, made)


def _comparison_of(folder: Path) -> Path:
    """The folder itself, or that of the comparison from which a study in it was made."""
    study = read_study(folder)
    if study is None:
        return folder
    digest = str(study.get("comparison", ""))
    place = comparison_around(folder, digest)
    if place is None:
        raise StoreError(
            f"{folder} holds a study ({study['study']}), and no folder around it the comparison "
            f"{digest[:SHORT]}… on which that rests; name the folder of the comparison"
        )
    now = read_record(place / MANIFEST)["replications"]
    if study.get("replications", now) != now:
        raise StoreError(
            f"{folder} holds a study of {study['replications']:,} futures, and {place} now holds "
            f"{now:,}; make the study again, or name the folder of the comparison"
        )
    return place


@dataclass(frozen=True, eq=False)
class World:
    """All that the paired differences of a comparison depend on; policies by role."""

    version: Version
    roster: Roster
    policies: Mapping[str, Policy]
    seed: int
    replications: int


@dataclass(frozen=True)
class Step:
    """What is changed on the way from the first paper to the second, in one step.

    causes  kind, one of KINDS, and words: ``seed 1 → 2``; several where no record and no version
            at hand can tell them apart
    roles   whose policies it changes; empty: it concerns every scenario
    move    from which world to which; None where nobody knows
    """

    causes: tuple[tuple[str, str], ...]
    roles: frozenset[str] = frozenset()
    move: tuple[World, World] | None = None

    @property
    def kind(self) -> str:
        """Its kind, or all of them: ``scenario and luck``."""
        return listed(list(dict.fromkeys(kind for kind, _ in self.causes)))

    @property
    def words(self) -> str:
        """What changes."""
        return "; ".join(words for _, words in self.causes)

    @property
    def label(self) -> str:
        """Kind and change, of many causes the first: ``luck: seed 1 → 2``."""
        words = [words for _, words in self.causes]
        more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
        return f"{self.kind}: {'; '.join(words[:MOST_NAMED])}{more}"

    def touches(self, role: str) -> bool:
        """Whether it can move the difference between this scenario and the baseline."""
        return not self.roles or bool(self.roles & {role, BASELINE})

    def then(self, other: Step) -> Step:
        """This step and the next as one."""
        roles = self.roles | other.roles if self.roles and other.roles else frozenset()
        ends = (self.move[0], other.move[1]) if self.move and other.move else None
        return Step(self.causes + other.causes, roles, ends)


def world_of(paper: Paper, roles: Sequence[str]) -> World:
    """The world of a paper, with the scenarios of these roles."""
    policies = {role: paper.roles[role].policy for role in roles}
    seed, replications = paper.results.seed, paper.results.replications
    return World(paper.version, paper.roster, policies, seed, replications)


class _Walk:
    """The steps that are taken from a world, and the world that they have led to."""

    def __init__(self, world: World) -> None:
        self.world, self.steps = world, list[Step]()

    def to(self, kind: str, words: Sequence[str], roles: Iterable[str] = (), **new: Any) -> None:
        """Change something of the world."""
        after = replace(self.world, **new)
        causes = tuple((kind, each) for each in words)
        self.steps.append(Step(causes, frozenset(roles), (self.world, after)))
        self.world = after


def way(first: Paper, second: Paper, roles: Sequence[str], here: Version) -> list[Step]:
    """The steps from the first paper to the second; none where their records are alike.

    Data, assumptions, scenarios and luck are changed in the version of both papers, or where they
    were made by different ones in that which is here, since it alone can simulate.
    """
    begin, end = world_of(first, roles), world_of(second, roles)
    through = here if here in (first.version, second.version) else first.version
    words, walk = [_version_words(first.version, second.version)], _Walk(begin)
    if first.version != through:
        walk.to(CODE, words, version=through)
    if begin.roster.digest != end.roster.digest:
        walk.to(DATA, [_roster_words(begin.roster, end.roster)], roster=end.roster)
    changed = {role: _changes(first.roles[role], second.roles[role]) for role in roles}
    _change_assumptions(walk, end, {role: words for role, (words, _) in changed.items()})
    _change_scenarios(walk, end, {role: words for role, (_, words) in changed.items()})
    _change_luck(walk, end)
    if second.version != through:
        walk.to(CODE, words, version=second.version)
    return walk.steps


def told_apart(steps: Sequence[Step], known: Callable[[World], bool]) -> tuple[Step, ...]:
    """The steps, those between which lies a world that is not known taken together."""
    apart: list[Step] = []
    for step in steps:
        before = apart[-1].move if apart else None
        if before is not None and not known(before[1]):
            step = apart.pop().then(step)
        apart.append(step)
    return tuple(apart)


def _changes(first: Scenario, second: Scenario) -> tuple[list[str], list[str]]:
    """In words what differs of a scenario: of what is assumed, and of its levers."""
    start = second.policy.start
    end = start + second.policy.horizon_months
    found = overrides(settings_of(second, start, end), settings_of(first, start, end), start)
    assumed, levers = (
        [each.labelled for each in found if each.path.startswith(_ASSUMED) is is_assumed]
        for is_assumed in (True, False)
    )
    if first.policy.parameters != second.policy.parameters:
        assumed.append(f"parameters: {first.policy.parameters} → {second.policy.parameters}")
    return assumed, levers


def _change_assumptions(walk: _Walk, target: World, words: Mapping[str, Sequence[str]]) -> None:
    """What is assumed, in one step."""
    before = walk.world.policies
    after = {
        role: replace(policy, **{n: getattr(target.policies[role], n) for n in _ASSUMPTIONS})
        for role, policy in before.items()
    }
    roles = [role for role in after if after[role] != before[role]]
    if roles:
        told = dict.fromkeys(each for role in roles for each in words[role])
        walk.to(ASSUMPTIONS, list(told), roles, policies=after)


def _change_scenarios(walk: _Walk, target: World, words: Mapping[str, Sequence[str]]) -> None:
    """Levers scenario by scenario, those changed alike together; all at once with the months."""
    before = walk.world.policies
    groups: dict[tuple[str, ...], list[str]] = {}
    for role, policy in before.items():
        if policy != target.policies[role]:
            groups.setdefault(tuple(words[role]), []).append(role)
    one, other = (world.policies[BASELINE] for world in (walk.world, target))
    if (one.start, one.horizon_months) != (other.start, other.horizon_months):
        told = dict.fromkeys([_months_words(one, other), *(each for key in groups for each in key)])
        walk.to(SCENARIO, list(told), policies=target.policies)
        return
    for key, roles in groups.items():
        after = {role: target.policies[role] for role in roles}
        walk.to(SCENARIO, key, roles, policies={**walk.world.policies, **after})


def _change_luck(walk: _Walk, target: World) -> None:
    """Another seed and another number of futures, by way of what is stored of both."""
    seed, number = walk.world.seed, walk.world.replications
    for first in (target.replications < number, target.replications >= number):
        if first and number != target.replications:
            words = f"futures: {number:,} → {target.replications:,}"
            walk.to(LUCK, [words], replications=target.replications)
        elif not first and seed != target.seed:
            walk.to(LUCK, [f"seed {seed} → {target.seed}"], seed=target.seed)


def _roster_words(first: Roster, second: Roster) -> str:
    """How two rosters differ: ``roster a (126 schools) → b (125 schools): 1 left out``."""
    names = f"{first.name} ({len(first)} schools) → {second.name} ({len(second)} schools)"
    before, after = set(first.urn.tolist()), set(second.urn.tolist())
    counts = {"left out": len(before - after), "added": len(after - before)}
    parts = [f"{number} {words}" for words, number in counts.items() if number]
    return f"roster {names}: {', '.join(parts) or 'the same schools with other particulars'}"


def _months_words(first: Policy, second: Policy) -> str:
    """``months simulated: April 2011 to March 2016 → April 2011 to March 2017``."""
    spans = [
        f"{month_name(policy.start)} to {month_name(policy.start + policy.horizon_months - 1)}"
        for policy in (first, second)
    ]
    return f"months simulated: {' → '.join(spans)}"


def _version_words(one: Version, other: Version) -> str:
    """In what two versions differ."""
    old, new = dict(one.libraries), dict(other.libraries)
    libraries = [
        f"{name} {old.get(name)} → {new.get(name)}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]
    parts = {
        "the model's source": one.model != other.model,
        "the register, calibrated sample or national series": one.evidence != other.evidence,
        "the roster of the package": one.roster != other.roster,
        ", ".join(libraries): bool(libraries),
    }
    return "; ".join(words for words, differs in parts.items() if differs)
