"""What two stored comparisons were made of, and the way from the one to the other, step by step.

A world is all that a paired difference depends on: version, schools, policies, seed and number of
futures. Each step changes one of these; what one step ends with the next begins with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.policy import Policy
from rsip_sim.report.words import listed
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.settings import Override, overrides, policy_of, settings_of, without
from rsip_sim.studies.diff.papers import BASELINE, Paper, Version
from rsip_sim.studies.diff.words import months_words, roster_words, version_words

CODE, DATA, ASSUMPTIONS, SCENARIO, LUCK, UNEXPLAINED = (
    "code version", "data", "assumptions", "scenario", "luck", "unexplained"
)  # fmt: skip
KINDS = (CODE, DATA, ASSUMPTIONS, SCENARIO, LUCK, UNEXPLAINED)
"""Kinds of cause; steps are taken in this order, but for a second paper's older version: last."""

MOST_LEVERS = 12
"""Levers changed one by one; where more differ, they are changed together."""

MOST_NAMED = 3
"""Causes taken together that are named one by one where there is little room."""

_ASSUMED = (PARAMETERS, "cohesion.")


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


@dataclass(frozen=True)
class Group:
    """The same change of the same field in one or more scenarios.

    words       ``Partnership earmark: £750,000 → £375,000 a year``
    assumption  a parameter, or how cohesion is measured, and not a matter of policy
    overrides   what changes, by role of the scenario
    """

    words: str
    assumption: bool
    overrides: dict[str, list[Override]] = field(default_factory=dict)


def world_of(paper: Paper, roles: Sequence[str]) -> World:
    """The world of a paper, with the scenarios of these roles."""
    policies = {role: paper.roles[role].policy for role in roles}
    seed, replications = paper.results.seed, paper.results.replications
    return World(paper.version, paper.roster, policies, seed, replications)


class _Walk:
    """The steps that are taken from a world, and the world that they have led to."""

    def __init__(self, world: World) -> None:
        self.world, self.steps = world, list[Step]()

    def to(self, kind: str, words: str, roles: Iterable[str] = (), **changes: Any) -> None:
        """Change something of the world."""
        after = replace(self.world, **changes)
        self.steps.append(Step(((kind, words),), frozenset(roles), (self.world, after)))
        self.world = after


def way(first: Paper, second: Paper, roles: Sequence[str], here: Version) -> list[Step]:
    """The steps from the first paper to the second; none where their records are alike.

    Data, assumptions, scenarios and luck are changed in the version of both papers, or where they
    were made by different ones in that which is here, since it alone can simulate.
    """
    begin, end = world_of(first, roles), world_of(second, roles)
    through = here if here in (first.version, second.version) else first.version
    words, walk = version_words(first.version, second.version), _Walk(begin)
    if first.version != through:
        walk.to(CODE, words, version=through)
    _change_by_hand(walk, first, second, end)
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


def _change_by_hand(walk: _Walk, first: Paper, second: Paper, target: World) -> None:
    """Data, assumptions and scenarios: all that a planner changes."""
    if walk.world.roster.digest != target.roster.digest:
        walk.to(DATA, roster_words(walk.world.roster, target.roster), roster=target.roster)
    before, after = first.scenarios[0].policy, second.scenarios[0].policy
    start, months = after.start, after.horizon_months
    settings = {
        role: settings_of(first.roles[role], start, start + months) for role in target.policies
    }
    if (before.start, before.horizon_months) != (start, months):
        policies = {
            role: policy_of(settings[role], replace(policy, start=start, horizon_months=months))
            for role, policy in walk.world.policies.items()
        }
        walk.to(SCENARIO, months_words(before, after), policies=policies)
    if before.parameters != after.parameters:
        policies = {
            role: replace(policy, parameters=after.parameters)
            for role, policy in walk.world.policies.items()
        }
        words = f"parameters: {before.parameters} → {after.parameters}"
        walk.to(ASSUMPTIONS, words, policies=policies)
    groups, begun = lever_groups(first.roles, second.roles, list(target.policies)), len(walk.steps)
    for place, group in enumerate(groups):
        policies = dict(walk.world.policies)
        for role, changes in group.overrides.items():
            theirs = settings_of(second.roles[role], start, start + months)
            for override in changes:
                settings[role] = without(override, settings[role], theirs)
            left = any(role in later.overrides for later in groups[place + 1 :])
            # once nothing is left to change, the policy is the second paper's own
            policies[role] = (
                policy_of(settings[role], policies[role]) if left else target.policies[role]
            )
        kind = ASSUMPTIONS if group.assumption else SCENARIO
        walk.to(kind, group.words, group.overrides, policies=policies)
    begun += sum(group.assumption for group in groups)
    if len(walk.steps) - begun > MOST_LEVERS:
        walk.steps[begun:] = [reduce(Step.then, walk.steps[begun:])]


def _change_luck(walk: _Walk, target: World) -> None:
    """Another seed and another number of futures, by way of what is stored of both."""
    seed, number = walk.world.seed, walk.world.replications
    for first in (target.replications < number, target.replications >= number):
        if first and number != target.replications:
            words = f"futures: {number:,} → {target.replications:,}"
            walk.to(LUCK, words, replications=target.replications)
        elif not first and seed != target.seed:
            walk.to(LUCK, f"seed {seed} → {target.seed}", seed=target.seed)


def lever_groups(
    first: Mapping[str, Scenario], second: Mapping[str, Scenario], roles: Sequence[str]
) -> list[Group]:
    """What differs between the scenarios of the same role: assumptions first, then levers.

    The months are those of the second.
    """
    groups: dict[tuple[object, ...], Group] = {}
    for role in roles:
        start = second[role].policy.start
        end = start + second[role].policy.horizon_months
        ours, theirs = (settings_of(each[role], start, end) for each in (second, first))
        for override in overrides(ours, theirs, start):
            key = (override.key, override.words, repr(override.new))
            group = Group(override.labelled, override.path.startswith(_ASSUMED))
            group = groups.setdefault(key, group)
            group.overrides.setdefault(role, []).append(override)
    return sorted(groups.values(), key=lambda group: not group.assumption)
