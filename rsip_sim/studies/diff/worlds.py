"""What two stored comparisons were made of, and the way from the one to the other, step by step.

A world is all that a paired difference depends on: version, schools, policies, seed and number of
futures. Each step changes one of these; what one step ends with the next begins with.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.policy import Policy
from rsip_sim.scenario.settings import Settings, policy_of, settings_of, without
from rsip_sim.studies.diff.levers import Group, lever_groups
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


def way(first: Paper, second: Paper, roles: Sequence[str], here: Version) -> Way:
    """The way from the first paper to the second; no steps where their records are alike.

    Steps of data, assumptions and scenarios are simulated by the version here. A paper made by
    another version is therefore first repeated, and what that moves is a step of its own.
    """
    begin, end = world_of(first, roles), world_of(second, roles)
    repeated = replace(begin, version=here)
    by_hand = tuple(_changed_by_hand(repeated, first, second, roles))
    if not by_hand and first.version == second.version:
        lucky = tuple(_luck(begin, end))
        return Way(lucky, _last(lucky, begin))
    last = _last(by_hand, repeated)
    steps = [*by_hand, *_luck(last, end)]
    last = _last(steps, repeated)
    moves = []
    if first.version != here:
        moves.append((begin, repeated))
    if second.version != here:
        moves.append((last, end))
    if moves:
        words = version_words(first, second, here)
        step = Step(CODE, words, frozenset(), tuple(moves), version_brief(first, second))
        steps.insert(0 if second.version == here else len(steps), step)
    return Way(tuple(steps), last if second.version == here else end)


def _last(steps: Sequence[Step], otherwise: World) -> World:
    """The world in which some steps end."""
    return steps[-1].moves[-1][1] if steps else otherwise


def _changed_by_hand(
    world: World, first: Paper, second: Paper, roles: Sequence[str]
) -> Iterator[Step]:
    """Data, assumptions and scenarios: all that a planner changes."""
    target = world_of(second, roles)
    if world.roster.digest != target.roster.digest:
        after = replace(world, roster=target.roster)
        words = roster_words(world.roster, target.roster)
        yield Step(DATA, words, frozenset(), ((world, after),))
        world = after
    settings = _on_the_months_of(second, first, roles)
    if _months(world) != _months(target):
        after = replace(world, policies=_policies(settings, world, target))
        words = months_words(first.scenarios[0].policy, second.scenarios[0].policy)
        yield Step(SCENARIO, words, frozenset(), ((world, after),))
        world = after
    how = target.policies[BASELINE].parameters
    if world.policies[BASELINE].parameters != how:
        changed = {role: replace(p, parameters=how) for role, p in world.policies.items()}
        after = replace(world, policies=changed)
        words = f"parameters: {world.policies[BASELINE].parameters} → {how}"
        yield Step(ASSUMPTIONS, words, frozenset(), ((world, after),))
        world = after
    groups = lever_groups(first.roles, second.roles, roles)
    for place, group in enumerate(groups):
        after = _with(group, groups[place + 1 :], world, target, settings, second)
        kind = ASSUMPTIONS if group.assumption else SCENARIO
        yield Step(kind, group.words, frozenset(group.overrides), ((world, after),))
        world = after


def _with(
    group: Group,
    later: Sequence[Group],
    world: World,
    target: World,
    settings: dict[str, Settings],
    second: Paper,
) -> World:
    """The world with a group of levers as the second paper has them; `settings` change with it."""
    policies = dict(world.policies)
    start, end = _span(target.policies[BASELINE])
    for role, overrides in group.overrides.items():
        theirs = settings_of(second.roles[role], start, end)
        for override in overrides:
            settings[role] = without(override, settings[role], theirs)
        left = any(role in other.overrides for other in later)
        # once nothing is left to change, the policy is the second paper's own
        policies[role] = (
            policy_of(settings[role], policies[role]) if left else target.policies[role]
        )
    return replace(world, policies=policies)


def _on_the_months_of(second: Paper, first: Paper, roles: Sequence[str]) -> dict[str, Settings]:
    """The settings of the first paper's scenarios over the months of the second."""
    start, end = _span(second.scenarios[0].policy)
    return {role: settings_of(first.roles[role], start, end) for role in roles}


def _policies(settings: dict[str, Settings], world: World, target: World) -> dict[str, Policy]:
    months = target.policies[BASELINE]
    return {
        role: policy_of(
            settings[role],
            replace(policy, start=months.start, horizon_months=months.horizon_months),
        )
        for role, policy in world.policies.items()
    }


def _span(policy: Policy) -> tuple[int, int]:
    return policy.start, policy.start + policy.horizon_months


def _months(world: World) -> tuple[int, int]:
    return _span(world.policies[BASELINE])


def _luck(world: World, target: World) -> Iterator[Step]:
    """Another seed and another number of futures, by way of what is stored of both."""
    seed = f"seed {world.seed} → {target.seed}"
    number = f"futures: {world.replications:,} → {target.replications:,}"
    changes = [(seed, {"seed": target.seed}), (number, {"replications": target.replications})]
    if target.replications < world.replications:
        changes.reverse()
    for words, fields in changes:
        after = replace(world, **fields)  # type: ignore[arg-type]
        if (after.seed, after.replications) != (world.seed, world.replications):
            yield Step(LUCK, words, frozenset(), ((world, after),))
            world = after
