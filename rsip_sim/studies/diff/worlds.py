"""What two stored comparisons were made of, and the way from the one to the other, step by step.

A world is all that a paired difference depends on: version, schools, policies, seed and number of
futures. Each step changes one of these; what one step ends with the next begins with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.settings import (
    Override,
    overrides,
    policy_of,
    settings_of,
    without,
)
from rsip_sim.studies.diff.papers import BASELINE, Paper, Version
from rsip_sim.studies.diff.words import (
    months_words,
    roster_words,
    version_brief,
    version_words,
)

CODE, DATA, ASSUMPTIONS, SCENARIO, LUCK, UNEXPLAINED = (
    "code version", "data", "assumptions", "scenario", "luck", "unexplained"
)  # fmt: skip
KINDS = (CODE, DATA, ASSUMPTIONS, SCENARIO, LUCK, UNEXPLAINED)
"""Kinds of step, in the order in which they are taken; of versions no longer here, see `Step`."""

MOST_GROUPS = 12
"""Levers changed one by one; where more differ, those of a scenario are changed together."""

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
    """One thing that is changed on the way from the first paper to the second.

    kind   one of KINDS
    words  what changes: ``seed 1 → 2``
    brief  the same where there is little room, if that is shorter
    roles  whose policies it changes; empty: it concerns every scenario
    moves  from which world to which; two where both papers were made by a version that is not
           here, so that what it makes different shows at both ends of the way
    """

    kind: str
    words: str
    roles: frozenset[str]
    moves: tuple[tuple[World, World], ...]
    brief: str = ""

    @property
    def label(self) -> str:
        """Kind and change in few words: ``luck: seed 1 → 2``."""
        return f"{self.kind}: {self.brief or self.words}"

    def touches(self, role: str) -> bool:
        """Whether it can move the difference between this scenario and the baseline."""
        return not self.roles or bool(self.roles & {role, BASELINE})


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


@dataclass(frozen=True)
class Way:
    """The steps from the first paper to the second, and the world that they end in."""

    steps: tuple[Step, ...]
    end: World


class _Walk:
    """The steps that are taken from a world, and the world that they have led to."""

    def __init__(self, world: World) -> None:
        self.world, self.steps = world, list[Step]()

    def to(self, after: World, kind: str, words: str, roles: Iterable[str] = ()) -> None:
        """Take a step."""
        self.steps.append(Step(kind, words, frozenset(roles), ((self.world, after),)))
        self.world = after


def way(first: Paper, second: Paper, roles: Sequence[str], here: Version) -> Way:
    """The way from the first paper to the second; no steps where their records are alike.

    Steps of data, assumptions and scenarios are simulated by the version here. A paper made by
    another version is therefore first repeated, and what that moves is a step of its own.
    """
    begin, end = world_of(first, roles), world_of(second, roles)
    repeated = replace(begin, version=here)
    walk = _Walk(repeated)
    _change_by_hand(walk, first, second, end)
    if not walk.steps and first.version == second.version:
        walk = _Walk(begin)
        _change_luck(walk, end)
        return Way(tuple(walk.steps), walk.world)
    _change_luck(walk, end)
    moves = [(begin, repeated)] if first.version != here else []
    moves += [(walk.world, end)] if second.version != here else []
    steps = walk.steps
    if moves:
        words = version_words(first, second, here)
        step = Step(CODE, words, frozenset(), tuple(moves), version_brief(first, second))
        steps.insert(0 if second.version == here else len(steps), step)
    return Way(tuple(steps), walk.world if second.version == here else end)


def _change_by_hand(walk: _Walk, first: Paper, second: Paper, target: World) -> None:
    """Data, assumptions and scenarios: all that a planner changes."""
    if walk.world.roster.digest != target.roster.digest:
        words = roster_words(walk.world.roster, target.roster)
        walk.to(replace(walk.world, roster=target.roster), DATA, words)
    before, after = first.scenarios[0].policy, second.scenarios[0].policy
    start, months = after.start, after.horizon_months
    span = start, start + months
    settings = {role: settings_of(first.roles[role], *span) for role in target.policies}
    if (before.start, before.horizon_months) != (start, months):
        policies = {
            role: policy_of(settings[role], replace(policy, start=start, horizon_months=months))
            for role, policy in walk.world.policies.items()
        }
        walk.to(replace(walk.world, policies=policies), SCENARIO, months_words(before, after))
    if before.parameters != after.parameters:
        policies = {
            role: replace(policy, parameters=after.parameters)
            for role, policy in walk.world.policies.items()
        }
        words = f"parameters: {before.parameters} → {after.parameters}"
        walk.to(replace(walk.world, policies=policies), ASSUMPTIONS, words)
    groups = lever_groups(first.roles, second.roles, list(target.policies))
    for place, group in enumerate(groups):
        policies = dict(walk.world.policies)
        for role, changes in group.overrides.items():
            theirs = settings_of(second.roles[role], *span)
            for override in changes:
                settings[role] = without(override, settings[role], theirs)
            left = any(role in later.overrides for later in groups[place + 1 :])
            # once nothing is left to change, the policy is the second paper's own
            policies[role] = (
                policy_of(settings[role], policies[role]) if left else target.policies[role]
            )
        kind = ASSUMPTIONS if group.assumption else SCENARIO
        walk.to(replace(walk.world, policies=policies), kind, group.words, group.overrides)


def _change_luck(walk: _Walk, target: World) -> None:
    """Another seed and another number of futures, by way of what is stored of both."""
    world = walk.world
    seed = f"seed {world.seed} → {target.seed}"
    number = f"futures: {world.replications:,} → {target.replications:,}"
    changes = [(seed, {"seed": target.seed}), (number, {"replications": target.replications})]
    if target.replications < world.replications:
        changes.reverse()
    for words, fields in changes:
        after = replace(walk.world, **fields)  # type: ignore[arg-type]
        if (after.seed, after.replications) != (walk.world.seed, walk.world.replications):
            walk.to(after, LUCK, words)


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
    levers = [group for group in groups.values() if not group.assumption]
    if len(levers) > MOST_GROUPS:
        together: dict[str, list[Override]] = {}
        for group in levers:
            for role, changes in group.overrides.items():
                together.setdefault(role, []).extend(changes)
        levers = [
            Group(f"{len(changes)} levers at once", False, {role: changes})
            for role, changes in together.items()
        ]
    return [group for group in groups.values() if group.assumption] + levers
