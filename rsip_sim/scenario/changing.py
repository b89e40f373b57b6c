"""A scenario with other values of some fields: how a study varies a planner's own file."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rsip_sim.evidence.faults import Fault
from rsip_sim.scenario.loading import Scenario, ScenarioError, scenario_of
from rsip_sim.scenario.names import lever_paths, near, parameter_names
from rsip_sim.scenario.reading import Document
from rsip_sim.scenario.resolved import plain_numbers

PARAMETERS = "parameters."
_UNDATED = ("partnership", "cohesion.associate_weight")


class ChangeError(ValueError):
    """A value that a scenario cannot take; `faults` says which and what it may be."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the message is one line a fault."""
        self.faults = [str(fault) for fault in faults]
        super().__init__("\n".join(self.faults))


def changeable_fields() -> tuple[str, ...]:
    """Every dotted path that `with_values` takes: levers, and parameters of the register."""
    return (*lever_paths(), *_UNDATED, *(f"{PARAMETERS}{name}" for name in parameter_names()))


def check_field(path: str) -> None:
    """ChangeError with the nearest name unless the path is one of `changeable_fields`."""
    known = changeable_fields()
    if path in known:
        return
    leaves = {each.rpartition(".")[2]: each for each in reversed(known)}
    guess = leaves.get(path) or near(path, known) or leaves.get(near(path, leaves), "")
    message = f"no field of a scenario is named '{path}'"
    allowed = "" if guess else f"a dotted path, such as {known[0]}"
    raise ChangeError([Fault("", 0, 0, "", message, allowed, guess)])


def with_values(
    scenario: Scenario,
    values: Mapping[str, Any],
    name: str | None = None,
    title: str | None = None,
) -> Scenario:
    """The scenario with these values throughout the run, whatever its timeline said of them.

    values  by dotted path, as in a file: ``funding.earmark_gbp_per_year``, ``parameters.b_secure``

    Raises ChangeError where a path is unknown or a value is not one the scenario could have.
    """
    for path in values:
        check_field(path)
    changed = copy.deepcopy(scenario.resolved)
    changed["timeline"] = _timeline_without(changed["timeline"], values)
    for path, value in values.items():
        section, _, leaf = path.rpartition(".")
        (changed[section] if section else changed)[leaf] = plain_numbers(value)
    if title is not None:
        changed["title"] = title
    try:
        made = scenario_of(Document(changed), scenario.path, scenario.roster)
    except ScenarioError as error:
        # without the name of a file: what is at fault is the change
        raise ChangeError([replace(f, file="", line=0, column=0) for f in error.faults]) from None
    return replace(made, name=name or scenario.name)


def with_renewal_certain(scenario: Scenario) -> Scenario:
    """The same scenario with every agreement renewed and the Forum keeping the earmark.

    Its name and title say so: `two_year` becomes `two_year_renewal_certain`.
    """
    return with_values(
        scenario,
        {"agreement.renewal": "certain"},
        f"{scenario.name}_renewal_certain",
        f"{scenario.title} (renewal certain)",
    )


def _timeline_without(
    timeline: list[dict[str, Any]], paths: Mapping[str, Any]
) -> list[dict[str, Any]]:
    kept = [
        {**entry, "set": {path: value for path, value in entry["set"].items() if path not in paths}}
        for entry in timeline
    ]
    return [entry for entry in kept if entry["set"]]
