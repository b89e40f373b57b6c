"""What the checks of a study share: the document, and what is wrong with names that stand in it.

Every check works on the values as they were read, so that one fault hides no other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rsip_sim.evidence.faults import Fault
from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import ChangeError, Scenario, ScenarioError, load_scenario
from rsip_sim.scenario.changing import check_field, value_problems
from rsip_sim.scenario.extending import near_file
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.reading import Document, KeyPath, visible
from rsip_sim.scenario.resolved import plain_numbers
from rsip_sim.studies.kernel.asking import metric_fault, moment_fault, objective_fault

MOST_CELLS = 5000


@dataclass
class Context:
    """The study being checked; folder is that of its file."""

    document: Document
    folder: Path
    problems: list[Problem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def value(self, name: str) -> Any:
        """The value of a field as it was read, None where there is none."""
        return self.document.values.get(name)

    def problem(
        self, path: KeyPath, message: str, allowed: str = "", near: str = "", at_key: bool = False
    ) -> None:
        """Note a fault at a path."""
        self.problems.append(Problem(path, message, allowed, near, at_key))

    def scenario(self, path: KeyPath, name: Any) -> Scenario | None:
        """The scenario a study names, or None with its faults noted."""
        if not isinstance(name, str):
            return None
        file = self.folder / name
        if not file.is_file():
            near = near_file(self.folder, name, ".yaml")
            self.problem(path, f"there is no file '{visible(name)}'", "a scenario file", near)
            return None
        try:
            return load_scenario(file)
        except ScenarioError as error:
            self.faults += error.faults
            return None

    def texts(self, name: str) -> Iterator[tuple[KeyPath, str]]:
        """The texts of a list with their paths; others are faults found elsewhere."""
        given = self.value(name)
        for i, each in enumerate(given if isinstance(given, list) else ()):
            if isinstance(each, str):
                yield (name, i), each

    def no_repetition(self, name: str) -> None:
        """Every text of a list stands in it once."""
        seen = set()
        for path, each in self.texts(name):
            if each in seen:
                self.problem(path, f"'{visible(each)}' stands twice", "delete one of them")
            seen.add(each)

    def metrics(self, name: str, scenarios: Iterable[Scenario] = ()) -> None:
        """Every text of a list is a metric that is defined in these scenarios."""
        without = [each.title for each in scenarios if not each.policy.partnership]
        for path, each in self.texts(name):
            self._named(path, metric_fault(each, without))
        self.no_repetition(name)

    def objectives(self, name: str, scenarios: Iterable[Scenario]) -> None:
        """Every text of a list is a metric that may be an objective of these scenarios."""
        without = [each.title for each in scenarios if not each.policy.partnership]
        for path, each in self.texts(name):
            self._named(path, objective_fault(each, without))
        self.no_repetition(name)

    def moment(self, path: KeyPath, name: Any, scenario: Scenario | None) -> None:
        """A moment of a run of the scenario."""
        if isinstance(name, str) and scenario is not None:
            policy = scenario.policy
            self._named(path, moment_fault(name, moments_of(policy, policy.horizon_months)))

    def _named(self, path: KeyPath, fault: Fault | None) -> None:
        if fault is not None:
            self.problem(path, fault.message, fault.allowed, fault.suggestion)

    def field_of_scenarios(self, path: KeyPath, name: str, at_key: bool = True) -> bool:
        """Whether the name is a field that a study may vary; a fault is noted where not."""
        try:
            check_field(name)
        except ChangeError as error:
            (fault,) = error.given
            self.problem(path, fault.message, fault.allowed, fault.suggestion, at_key)
            return False
        return True

    def values_of(
        self, name: str, scenario: Scenario | None, at_least: int = 2, only_levers: bool = False
    ) -> dict[str, list[Any]]:
        """The sound ones of the fields varied, with their values; faults of all are noted."""
        given, sound = self.value(name), {}
        for path, values in (given if isinstance(given, dict) else {}).items():
            at: KeyPath = (name, path)
            if not self.field_of_scenarios(at, path):
                continue
            if only_levers and path not in lever_paths():
                allowed = "fields of agreement, funding, climate and external can"
                self.problem(at, "cannot change at a review", allowed, at_key=True)
                continue
            if isinstance(values, list) and self._values(path, values, at, scenario, at_least):
                sound[path] = [plain_numbers(each) for each in values]
        return sound

    def _values(
        self, path: str, values: list[Any], at: KeyPath, scenario: Scenario | None, at_least: int
    ) -> bool:
        force = bool(scenario and scenario.resolved["force_parameters"])
        before = len(self.problems)
        seen: list[Any] = []
        for i, value in enumerate(values):
            here = (*at, i)
            found = value_problems(path, value, self.document, here, force)
            self.problems += found
            if not found and (type(value), plain_numbers(value)) in seen:
                self.problem(here, "stands twice", "delete one of them")
            seen.append((type(value), plain_numbers(value)))
        if len(values) == 1 < at_least:
            self.problem(at, "one value varies nothing", "give two or more", at_key=True)
        return len(self.problems) == before

    def not_too_many(self, name: str, fields: Sequence[dict[str, list[Any]]]) -> None:
        """The combinations of all values are a number that can be simulated."""
        count = math.prod(len(values) for each in fields for values in each.values())
        if count > MOST_CELLS:
            allowed = f"at most {MOST_CELLS:,}; give fewer values"
            self.problem((name,), f"these are {count:,} combinations", allowed, at_key=True)
