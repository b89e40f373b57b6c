"""The cells of a study: every combination of values, made into scenarios, in each condition."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from rsip_sim.experiment.record import digest
from rsip_sim.experiment.tasks import TaskFailed
from rsip_sim.model.policy import Policy
from rsip_sim.scenario import ChangeError, Scenario, with_values
from rsip_sim.scenario.changing import value_of, with_values_from
from rsip_sim.scenario.levers import CLIMATE
from rsip_sim.scenario.problems import Problem
from rsip_sim.scenario.resolved import plain_numbers
from rsip_sim.studies.kernel.asking import AskedError

Values = tuple[Any, ...]


@dataclass(frozen=True)
class GridCell:
    """One combination that is simulated.

    number     place in the study, by which its file is named
    values     of the levers, in their order;  condition: of the conditions, in theirs
    """

    number: int
    values: Values
    condition: Values
    policy: Policy


@dataclass(frozen=True)
class LeftOut:
    """One combination that cannot be, and why."""

    values: Values
    condition: Values
    why: str


@dataclass(frozen=True)
class Cells:
    """All combinations of a study.

    levers, conditions  values by dotted path
    base                values of the levers with which the others are compared
    """

    scenario: Scenario
    levers: Mapping[str, Values]
    conditions: Mapping[str, Values]
    base: Values
    cells: tuple[GridCell, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def in_conditions(self) -> tuple[Values, ...]:
        """Every combination of the conditions; one empty one where there are none."""
        return tuple(itertools.product(*self.conditions.values()))

    @property
    def own_condition(self) -> Values:
        """The condition of the scenario itself where it is one of them, else the first."""
        own = tuple(value_of(self.scenario, path) for path in self.conditions)
        return own if own in self.in_conditions else self.in_conditions[0]

    def climates(self, condition: Values | None = None) -> tuple[str, ...]:
        """The national climates simulated, in one condition or in all of them."""
        levers, conditions = self.levers.get(CLIMATE), self.conditions.get(CLIMATE)
        if levers is not None:
            return levers
        if conditions is None:
            return (self.scenario.policy.levers.climate.conversion,)
        if condition is None:
            return conditions
        return (condition[list(self.conditions).index(CLIMATE)],)

    @property
    def digest(self) -> str:
        """Digest of what every cell simulates."""
        return digest([repr(cell.policy) for cell in self.cells])

    def find(self, values: Values, condition: Values) -> GridCell | None:
        """The cell of these values, or None where it was left out."""
        return self._by_values.get((values, condition))

    def named(self, values: Values, condition: Values) -> dict[str, Any]:
        """The values of conditions and levers by path, as columns of a table."""
        paths = (*self.conditions, *self.levers)
        return dict(zip(paths, (*condition, *values), strict=True))

    def table(self, failures: Mapping[int, TaskFailed]) -> pd.DataFrame:
        """One row a combination: what became of it, and why where it is missing."""
        rows = [
            {
                "cell": cell.number,
                **self.named(cell.values, cell.condition),
                "state": "failed" if cell.number in failures else "done",
                "why": str(failures.get(cell.number, "")),
            }
            for cell in self.cells
        ]
        rows += [
            {
                "cell": None,
                **self.named(each.values, each.condition),
                "state": "left out",
                "why": each.why,
            }
            for each in self.left_out
        ]
        return pd.DataFrame(rows)

    @functools.cached_property
    def _by_values(self) -> dict[tuple[Values, Values], GridCell]:
        return {(cell.values, cell.condition): cell for cell in self.cells}


def plain_values(given: Mapping[str, list[Any]]) -> dict[str, Values]:
    """The values of levers as a study lists them, in the form in which cells hold them."""
    return {path: tuple(plain_numbers(values)) for path, values in given.items()}


def all_cells(
    scenario: Scenario,
    levers: Mapping[str, Values],
    conditions: Mapping[str, Values],
    base: Values,
    since: int | None,
) -> Cells:
    """Every combination of the levers in every condition.

    base   values of the levers with which the others are compared
    since  month from which the levers act; None: the start of the run
    Raises AskedError where the base itself cannot be in one of the conditions.
    """
    cells: list[GridCell] = []
    left_out: list[LeftOut] = []
    for condition in itertools.product(*conditions.values()):
        changed = dict(zip(conditions, condition, strict=True))
        for values in itertools.product(*levers.values()):
            varied = dict(zip(levers, values, strict=True))
            try:
                policy = _varied(scenario, changed, varied, since).policy
            except ChangeError as error:
                left_out.append(LeftOut(values, condition, "; ".join(_messages(error))))
            else:
                cells.append(GridCell(len(cells), values, condition, policy))
    made = Cells(scenario, levers, conditions, base, tuple(cells), tuple(left_out))
    for condition in made.in_conditions:
        if made.find(base, condition) is None:
            why = next(each.why for each in left_out if each.condition == condition)
            message = f"the scenario itself cannot be compared with: {why}"
            field = "conditions" if conditions else "levers"
            raise AskedError([Problem((field,), message, at_key=True)])
    return made


def _varied(
    scenario: Scenario, condition: Mapping[str, Any], levers: Mapping[str, Any], since: int | None
) -> Scenario:
    if since is None:
        return with_values(scenario, {**condition, **levers})
    return with_values_from(scenario, since, levers)


def _messages(error: ChangeError) -> list[str]:
    return [fault.message for fault in error.given]
