"""In which levers and parameters the scenarios of two papers differ, alike changes together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import PARAMETERS
from rsip_sim.scenario.settings import Override, overrides, settings_of

MOST_GROUPS = 12
"""Levers changed one by one; where more differ, those of a scenario are changed together."""

_ASSUMED = (PARAMETERS, "cohesion.")
_WORDING = ("title", "description", "author")


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
    assumed = [group for group in groups.values() if group.assumption]
    levers = [group for group in groups.values() if not group.assumption]
    if len(levers) > MOST_GROUPS:
        levers = _by_scenario(levers)
    return assumed + levers


def _by_scenario(groups: Sequence[Group]) -> list[Group]:
    """One group a scenario, with all its changes."""
    found: dict[str, list[Override]] = {}
    for group in groups:
        for role, changes in group.overrides.items():
            found.setdefault(role, []).extend(changes)
    return [
        Group(f"{len(changes)} levers at once", False, {role: changes})
        for role, changes in found.items()
    ]


def rewordings(first: Scenario, second: Scenario) -> list[str]:
    """Which words about a scenario differ: title, description or author."""
    return [
        name
        for name in _WORDING
        if (first.resolved.get(name) or "") != (second.resolved.get(name) or "")
    ]
