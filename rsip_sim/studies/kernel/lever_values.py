"""Values of levers as a study asks for them: what is wrong with each, and with all together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from rsip_sim.scenario import ChangeError, Scenario
from rsip_sim.scenario.changing import check_fields, value_problems
from rsip_sim.scenario.names import lever_paths
from rsip_sim.scenario.reading import Document, KeyPath
from rsip_sim.scenario.resolved import plain_numbers
from rsip_sim.scenario.timeline import SECTIONS_IN_WORDS
from rsip_sim.studies.kernel.asking import Faults

MOST_CELLS = 5000

Values = Annotated[list[Any], Field(min_length=1)]


def sound_values(
    faults: Faults,
    name: str,
    given: Mapping[str, Sequence[Any]],
    scenario: Scenario | None,
    fewest: int = 2,
    at_review: bool = False,
) -> dict[str, list[Any]]:
    """The fields with sound values, by path; what is wrong with the others is noted.

    name       field of the question in which they stand
    scenario   None where it is not known, so that parameters must keep to the evidence
    fewest     values that a field needs
    at_review  whether they act from a month on, so that only levers will do
    """
    force = scenario is not None and bool(scenario.resolved["force_parameters"])
    sound = {}
    for path, values in given.items():
        before, at = len(faults.found), (name, path)
        _check_path(faults, at, path, at_review)
        if len(faults.found) == before:
            _check_values(faults, at, path, values, force)
            if len(values) == 1 < fewest:
                faults.add(at, "one value varies nothing", "give two or more", at_key=True)
        if len(faults.found) == before:
            sound[path] = [plain_numbers(each) for each in values]
    return sound


def check_number(faults: Faults, name: str, *fields: Mapping[str, Sequence[Any]]) -> None:
    """Note where the combinations of all values are more than can be simulated."""
    count = math.prod(len(values) for each in fields for values in each.values())
    if count > MOST_CELLS:
        allowed = f"at most {MOST_CELLS:,}; give fewer values"
        faults.add(name, f"these are {count:,} combinations", allowed, at_key=True)


def _check_path(faults: Faults, at: KeyPath, path: str, at_review: bool) -> None:
    try:
        check_fields([path])
    except ChangeError as error:
        (fault,) = error.faults
        faults.add(at, fault.message, fault.allowed, fault.suggestion, at_key=True)
        return
    if at_review and path not in lever_paths():
        allowed = f"fields of {SECTIONS_IN_WORDS} can"
        faults.add(at, "cannot change at a review", allowed, at_key=True)


def _check_values(
    faults: Faults, at: KeyPath, path: str, values: Sequence[Any], force: bool
) -> None:
    seen: list[Any] = []
    for place, value in enumerate(values):
        here, plain = (*at, place), (type(value), plain_numbers(value))
        found = value_problems(path, value, Document(), here, force)
        faults.found += found
        if not found and plain in seen:
            faults.add(here, "stands twice", "delete one of them")
        seen.append(plain)
