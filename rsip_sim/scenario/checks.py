"""What several fields of a scenario must be together, and the overrides of the register."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from pydantic import ValidationError
from pydantic_core import SchemaValidator, core_schema

from rsip_sim.evidence.months import month_name, month_text, parse_month
from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.evidence.rosters import Roster, shipped_rosters
from rsip_sim.scenario.names import gone, near, parameter_names
from rsip_sim.scenario.problems import Problem, problems_of
from rsip_sim.scenario.ranges import bound_words, number_text
from rsip_sim.scenario.reading import Document, KeyPath
from rsip_sim.scenario.schema import ScenarioFile
from rsip_sim.scenario.timeline import State

LAST_OF_SERIES = parse_month("2016-09")
_FEW = 3  # schools that are named one by one
_REFORM = parse_month("2013-04")
_FORCE = ", or write force_parameters: true"
_NUMBER = SchemaValidator(core_schema.float_schema(strict=True, allow_inf_nan=False))


def problems_together(
    file: ScenarioFile, states: list[State], unsound: set[KeyPath]
) -> list[Problem]:
    """What is wrong between fields; a check that needs an unsound field is left out.

    unsound  paths (one or two names) whose own value is already at fault
    """
    found: list[Problem] = []
    dated = not unsound & {("start",), ("horizon_months",)}
    if dated:
        start = parse_month(file.start)
        run = (start, start + file.horizon_months)
        found += [problem for state in states for problem in _outside_run(state, run)]
        if ("funding", "earmark_gbp_per_year") not in unsound:
            found += _above_cap(states, run)
    if ("start",) not in unsound:
        found += _needs_table(file, states)
        found += [problem for state in states for problem in _dedelegated_early(state, file)]
    for state in states:
        found += [problem for problem in _between(state) if problem.path[:2] not in unsound]
    if ("climate", "opening_pct_per_month") not in unsound:
        found += _table(states)
    return found


def _outside_run(state: State, run: tuple[int, int]) -> Iterator[Problem]:
    start, end = run
    last = month_text(end - 1)
    if state.month is not None and not start < state.month < end:
        entries = sorted({path[:2] for path in state.origins.values()})
        first = f"after {month_text(start)}, the start, and at the latest {last}, the last month"
        for entry in entries:
            message = f"{month_text(state.month)} is outside the run"
            yield Problem((*entry, "from"), message, first)
    delegates = state.values["funding"]["forum_delegates_from"]
    is_new = state.month is None or ("funding", "forum_delegates_from") in state.origins
    if delegates and is_new and not start <= parse_month(delegates) < end:
        path = state.path("funding", "forum_delegates_from")
        allowed = f"from {month_text(start)} to {last}, or null for never"
        yield Problem(path, f"{delegates} is outside the run", allowed)


def _between(state: State) -> Iterator[Problem]:
    agreement = state.values["agreement"]
    tied, length = agreement["school_commitment_months"], agreement["length_months"]
    pair = [("agreement", "school_commitment_months"), ("agreement", "length_months")]
    written = [lever for lever in pair if lever in state.origins]
    if tied > length and (state.month is None or written):
        path = state.path(*(written or pair)[0])
        message = f"schools would be tied for {tied} months to an agreement of {length} months"
        yield Problem(path, message, "schools cannot be tied for longer than the agreement")


def _dedelegated_early(state: State, file: ScenarioFile) -> Iterator[Problem]:
    """De-delegation came with the funding reform of April 2013."""
    new = state.month is None or ("funding", "line") in state.origins
    month = state.month or parse_month(file.start)
    if new and state.values["funding"]["line"] == "dedelegated" and month < _REFORM:
        path = state.path("funding", "line")
        allowed = f"set it by the timeline, from {month_text(_REFORM)} at the earliest"
        yield Problem(path, "no line could be de-delegated before April 2013", allowed)


def _above_cap(states: list[State], run: tuple[int, int]) -> Iterator[Problem]:
    """From April 2013 the line may not exceed that of 2012-13, or of the start where it is later.

    Source: finance regulations from April 2013, as the Schools Forum's papers of January 2015 say.
    """
    start, end = run
    capped_by = max(start, _REFORM - 12)
    cap = _in_force(states, capped_by).values["funding"]["earmark_gbp_per_year"]
    told: set[KeyPath] = set()
    for month in range(max(start + 1, _REFORM), end):
        if month % 12 != _REFORM % 12:
            continue
        state = _in_force(states, month)
        earmark = state.values["funding"]["earmark_gbp_per_year"]
        path = _written(states, state, ("funding", "earmark_gbp_per_year"))
        if earmark > cap and path not in told:
            told.add(path)
            message = (
                f"{number_text(earmark)} is above the amount of {month_text(capped_by)}, which a "
                "central line may not exceed from April 2013"
            )
            yield Problem(path, message, f"at most {number_text(cap)}")


def _in_force(states: list[State], month: int) -> State:
    return [state for state in states if state.month is None or state.month <= month][-1]


def _written(states: list[State], state: State, lever: tuple[str, str]) -> KeyPath:
    """Where the value of a lever that holds in a state was written last."""
    earlier = states[: states.index(state) + 1]
    return next((each.origins[lever] for each in reversed(earlier) if lever in each.origins), lever)


def _needs_table(file: ScenarioFile, states: list[State]) -> Iterator[Problem]:
    """Beyond the national series only a planner's own rates say how fast schools convert."""
    if parse_month(file.start) <= LAST_OF_SERIES:
        return
    for state in states:
        if state.values["climate"]["conversion"] != "table":
            new = ("climate", "conversion") in state.origins
            path = state.path("climate", "conversion") if new else ("start",)
            last = month_text(LAST_OF_SERIES)
            message = (
                f"a start after {last}, the end of the national series, needs rates of its own"
            )
            yield Problem(path, message, "write climate: {conversion: table, …}")
            return


def later_offers_unsaid(document: Document, file: ScenarioFile) -> list[Problem]:
    """Without an agreement to begin with, the file says whether one may be offered later."""
    agreement = document.values.get("agreement")
    written = isinstance(agreement, dict) and "later_offers" in agreement
    if written or not file.partnership or file.agreement.length_months != 0:
        return []
    message = "is 0, and nothing says whether an agreement may be offered later"
    allowed = "write later_offers: true (each January), or later_offers: false (never)"
    return [Problem(("agreement", "length_months"), message, allowed)]


def roster_at_start(file: ScenarioFile, roster: Roster) -> Iterator[Problem]:
    """Schools of a planner's own roster that are dated for another start than the scenario's.

    A roster of the package is dated by its name, and is as it was then at any start.
    """
    if file.roster in shipped_rosters():
        return
    start, planned = parse_month(file.start), roster.planned_opening
    for column, at_fault, side, allowed in (
        ("opened", roster.opened > start, "after",
         "make it a maintained school with planned_opening, or start later"),
        ("planned_opening", (planned >= 0) & (planned < start), "before",
         "write it as an academy, with the month as opened"),
    ):  # fmt: skip
        months = getattr(roster, column)
        schools = [
            f"{roster.school[at]} in {month_text(int(months[at]))}"
            for at in np.flatnonzero(at_fault)
        ]
        if schools:
            more = [f"{len(schools) - _FEW} more"] if len(schools) > _FEW else []
            named = ", ".join(schools[:_FEW] + more)
            message = f"{column} is {side} the start, {month_name(start)}: {named}"
            yield Problem(("roster",), message, allowed)


def _table(states: list[State]) -> Iterator[Problem]:
    used = [state for state in states if state.values["climate"]["conversion"] == "table"]
    for state in used:
        if state.values["climate"]["opening_pct_per_month"] is None:
            allowed = "write climate.opening_pct_per_month with primary, secondary and special"
            path = state.path("climate", "conversion")
            yield Problem(path, "a table of openings is announced, but there is none", allowed)
            return
    given = [state for state in states if state.values["climate"]["opening_pct_per_month"]]
    if given and not used:
        path = given[0].path("climate", "opening_pct_per_month")
        allowed = "write conversion: table, or delete it (null drops a parent's)"
        yield Problem(path, "is given, but conversion is not table", allowed)


def parameter_problems(document: Document, force: bool) -> list[Problem]:
    """What is wrong with the overrides of the register's parameters."""
    overrides = document.values.get("parameters")
    if not isinstance(overrides, dict):
        return []
    found = (
        _name_problem(name) or parameter_problem(name, value, force, document, ("parameters", name))
        for name, value in overrides.items()
    )
    return [problem for problem in found if problem]


def _name_problem(name: str) -> Problem | None:
    path: KeyPath = ("parameters", name)
    register = load_register()
    if name in register.structures:
        return None
    replaced = gone(f"parameters.{name}")
    if replaced:
        return Problem(path, *replaced, "", True)
    levers = (each.name for each in register.levers())
    lever = next((each for each in levers if name in (each, each.partition(".")[2])), "")
    if lever:
        section, _, leaf = lever.partition(".")
        allowed = f"write {section}: {{{leaf}: …}}"
        return Problem(path, "is a lever, not a parameter", allowed, at_key=True)
    if name not in register:
        suggestion = near(name, parameter_names())
        allowed = "" if suggestion else "rsip_sim/MODEL.md lists the parameters"
        return Problem(path, "no parameter has this name", allowed, suggestion, at_key=True)
    if isinstance(register[name].value, tuple):
        return Problem(path, "is a table, which a scenario cannot change", at_key=True)
    return None


def parameter_problem(
    name: str, value: Any, force: bool, document: Document, path: KeyPath
) -> Problem | None:
    """What is wrong with a value of a parameter of the register, written at a path."""
    if name in load_register().structures:
        return _rule_problem(name, value, path)
    parameter = load_register()[name]
    try:
        number = _NUMBER.validate_python(value)
    except ValidationError as error:
        low, high = _evidence(parameter)
        held = not force and low == high  # whatever else is wrong with the value
        told = _outside(path, math.inf, low, high, "", _FORCE) if held else None
        return told or problems_of(error, document, path, f"parameters.{name}")[0]
    low, high = parameter.minimum, parameter.maximum
    never = _outside(path, number, low, high, "outside the bounds of the model", "")
    if force:
        return never
    low, high = _evidence(parameter)
    return _outside(path, number, low, high, "outside the evidence", "" if never else _FORCE)


def _rule_problem(name: str, value: Any, path: KeyPath) -> Problem | None:
    values = load_register().structures[name].values
    if isinstance(value, str) and value in values:
        return None
    message = "is not one of the rule's alternatives"
    suggestion = near(value, values) if isinstance(value, str) else ""
    return Problem(path, message, f"one of {', '.join(values)}", suggestion)


def _evidence(parameter: Parameter) -> tuple[float | None, float | None]:
    if parameter.low is None or parameter.high is None:
        value = float(parameter.value) if not isinstance(parameter.value, tuple) else None
        return value, value
    return parameter.low, parameter.high


def _outside(
    path: KeyPath, number: float, low: float | None, high: float | None, why: str, advice: str
) -> Problem | None:
    if (low is None or number >= low) and (high is None or number <= high):
        return None
    if low == high:
        return Problem(path, f"is held at {number_text(low)}", advice.removeprefix(", or "))
    message = f"{number_text(number)} is {why}"
    return Problem(path, message, f"{bound_words(low, high)}{advice}")
