"""From the planner's file to a `Scenario`, or to every fault of the file at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from rsip_sim.evidence.faults import Fault, FaultyError, nearest
from rsip_sim.evidence.rosters import Roster, RosterError, load_roster, shipped_rosters
from rsip_sim.model.policy import Policy
from rsip_sim.scenario.changing import (
    SOME_RUN,
    ChangeError,
    changed_values,
    changed_values_from,
    reason_problems,
    words_of_change,
)
from rsip_sim.scenario.checks import (
    later_offers_unsaid,
    parameter_problems,
    problems_together,
    roster_at_start,
)
from rsip_sim.scenario.extending import beside, is_file, near_file, no_file, read_chain
from rsip_sim.scenario.file_names import PREFIX, name_problem
from rsip_sim.scenario.problems import Problem, in_order, meant_otherwise, problems_of
from rsip_sim.scenario.ranges import LONGEST_SHORT, LONGEST_TITLE, checked_title
from rsip_sim.scenario.reading import WHY, Document, KeyPath, Place, plain_value, visible
from rsip_sim.scenario.resolved import policy_of, resolved_values, yaml_text
from rsip_sim.scenario.schema import MODELS, ScenarioFile
from rsip_sim.scenario.timeline import read_changes, states_of

_FIT_NAME = re.compile(r"\w[\w .-]*")
LONGEST_NAME = 80


@dataclass(frozen=True)
class RunSettings:
    """How the scenario is simulated: replications, seed and "central" or "uncertain" parameters."""

    replications: int
    seed: int
    parameters: str


@dataclass(frozen=True)
class Scenario:
    """One checked scenario.

    path         the file as it was named, or ``rsip:`` and the name of a shipped scenario
    name         the file's stem, which names the scenario in results
    title        the planner's few words; description, one or two sentences
    policy       what the model runs
    roster       the schools
    run          replications, seed and kind of parameters
    resolved     every field as plain data, parents and defaults included
    short        what a narrow column calls it; '' for the title
    """

    path: Path
    name: str
    title: str
    description: str
    policy: Policy
    roster: Roster
    run: RunSettings
    resolved: dict[str, Any]
    short: str = ""

    @property
    def reasons(self) -> Mapping[str, str]:
        """Why levers have their values, by path, where the planner says so."""
        reasons: Mapping[str, str] = self.resolved.get(WHY, {})
        return reasons

    @property
    def brief(self) -> str:
        """What a narrow column calls it."""
        return self.short or self.title

    def changed(
        self, values: Mapping[str, Any], title: str | None = None, name: str | None = None
    ) -> Scenario:
        """This scenario with other values of some fields throughout the run.

        values  by dotted path, as in a file: ``{"agreement.length_months": 18}``; a parameter of
                the register as ``{"parameters.b_secure": 0.5}``
        title   None: this one's, with what is changed
        name    by which results know it; None: this one's, with what is changed

        Raises ChangeError with every fault: a path that is unknown, with the nearest one, or a
        value that the scenario could not have, with what it may be.
        """
        if name is not None and not _FIT_NAME.fullmatch(name):
            allowed = "letters, digits, - and _: folders of results are named by it"
            message = f"'{visible(name)}' cannot name a scenario"
            raise ChangeError([Fault("", 0, 0, "name", message, allowed)])
        made = _made(self, changed_values(self.resolved, values), name)
        ending, told, short = words_of_change(values)
        short = short if title is None and len(short) <= LONGEST_SHORT else ""
        own = title or (f"{self.title} ({told})" if told else self.title)
        if title is None and len(own) > LONGEST_TITLE:
            own = f"{self.title}, {len(values)} values changed"[:LONGEST_TITLE]
        return _made(
            self, {**made.resolved, "title": own, "short": short},
            name or f"{self.name}{ending}"[:LONGEST_NAME],
        )  # fmt: skip


class ScenarioError(FaultyError):
    """A scenario that cannot be used; `faults` holds every fault found in its files."""


def load_scenario(path: str | Path) -> Scenario:
    """Read, merge over its parents and check one scenario file.

    path  of the file, or the name of a scenario that comes with the package: ``rsip:two_year``

    Raises ScenarioError with all faults of the file, its parents and its roster.
    """
    path = Path(path)
    document = read_chain(path)
    message, allowed = name_problem(path)
    if message and document.values:
        document.faults.insert(0, Fault(str(path), 0, 0, "", message, allowed))
    return scenario_of(document, path)


def scenario_of(document: Document, path: Path, schools: Roster | None = None) -> Scenario:
    """Check what was read and make the scenario of it.

    path     names the scenario, and the folder of a roster of the planner's own
    schools  the roster, where it is known already
    Raises ScenarioError with all faults.
    """
    problems = list(meant_otherwise(document))
    file, unsound = _validated(document, problems)
    changes = read_changes(document, problems)
    problems += reason_problems(document)
    problems += parameter_problems(document, document.values.get("force_parameters") is True)
    states = states_of(file, changes)
    problems += problems_together(file, states, unsound)
    if ("agreement", "length_months") not in unsound and ("partnership",) not in unsound:
        problems += later_offers_unsaid(document, file)
    roster = schools
    roster_faults: list[Fault] = []
    if roster is None and ("roster",) not in unsound:
        roster, roster_faults = _roster(document, path)
    if roster is not None and ("start",) not in unsound and schools is None:
        problems += roster_at_start(file, roster)
    title = file.title or _title(path)
    if not file.title and not document.faults:
        problems += _made_title(title)
    unreadable = {(each.line, each.column, each.field) for each in document.faults}
    found = [problem.fault(document) for problem in problems]
    found = [each for each in found if (each.line, each.column, each.field) not in unreadable]
    faults = document.faults + found + roster_faults
    if faults or roster is None:
        files = [str(path), *(place.file for place in document.places.values())]
        raise ScenarioError(in_order(faults, list(dict.fromkeys(files))))
    resolved = {**resolved_values(file, states), "title": title}
    run = RunSettings(file.run.replications, file.run.seed, file.run.parameters)
    policy = policy_of(file, states)
    return Scenario(
        path, path.stem.removeprefix(PREFIX), resolved["title"], file.description, policy, roster,
        run, resolved, file.short,
    )  # fmt: skip


def with_values(scenario: Scenario, values: Mapping[str, Any], name: str | None = None) -> Scenario:
    """The scenario with these values throughout the run, whatever its timeline said of them.

    values  by dotted path, as in a file: ``funding.earmark_gbp_per_year``, ``parameters.b_secure``

    The title stays, and the name where no other is given. Raises ChangeError where a path is
    unknown or a value is not one the scenario could have.
    """
    return _made(scenario, changed_values(scenario.resolved, values), name)


def with_reasons(scenario: Scenario, reasons: Mapping[str, str]) -> Scenario:
    """The scenario with these reasons, by path of a lever, in place of its own.

    Raises ChangeError for an unknown path, and for a reason that is empty or too long.
    """
    return _made(scenario, {**scenario.resolved, WHY: dict(reasons)})


def with_values_from(scenario: Scenario, month: int, values: Mapping[str, Any]) -> Scenario:
    """The scenario with these levers from a month number on, whatever its timeline said later.

    Raises ChangeError as `with_values` does, and where a field is no lever of the timeline.
    """
    return _made(scenario, changed_values_from(scenario.resolved, month, values))


def check_texts(scenario: Scenario, texts: Mapping[str, str]) -> list[Fault]:
    """What `check` would say of a file that gives these values throughout the run.

    texts  by dotted path, as they would stand in the file: ``{"agreement.length_months": "24"}``

    Raises ChangeError where a path is unknown.
    """
    values = {path: plain_value(text) for path, text in texts.items()}
    document = Document(changed_values(scenario.resolved, values))
    for path, text in texts.items():
        *section, leaf = path.split(".")
        at = document.values[section[0]] if section else document.values
        at[leaf] = values[path]  # as it is written: 24.0 is no whole number
        document.places[*section, leaf] = Place("", 0, 0, text)
    try:
        scenario_of(document, scenario.path, scenario.roster)
    except ScenarioError as error:
        return error.faults
    return []


def _made(scenario: Scenario, changed: dict[str, Any], name: str | None = None) -> Scenario:
    """The scenario of changed values, under the same name unless another is given."""
    try:
        made = scenario_of(Document(changed), scenario.path, scenario.roster)
    except ScenarioError as error:
        # without the name of a file: what is at fault is the change
        raise ChangeError([replace(f, file="", line=0, column=0) for f in error.faults]) from None
    return replace(made, name=name or scenario.name)


def check(paths: Iterable[str | Path]) -> list[Fault]:
    """Every fault of every file, each once; an empty list where all can be used."""
    faults: list[Fault] = []
    for path in paths:
        try:
            load_scenario(path)
        except ScenarioError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def resolved_yaml(scenario: Scenario) -> str:
    """The complete scenario as the text of a file that loads to the same policy."""
    return yaml_text(scenario.resolved)


def _made_title(title: str) -> list[Problem]:
    try:
        checked_title(title)
    except PydanticCustomError:
        return [Problem(("title",), "is missing, and the file's name makes none", "write title:")]
    return []


def _title(path: Path) -> str:
    words = path.stem.removeprefix(PREFIX).replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _validated(document: Document, problems: list[Problem]) -> tuple[ScenarioFile, set[KeyPath]]:
    """The file's own values, stand-ins where they are at fault, and the paths of those."""
    values = {name: value for name, value in document.values.items() if name != "extends"}
    unsound: set[KeyPath] = set()
    while True:
        try:
            return ScenarioFile.model_validate(values), unsound
        except ValidationError as error:
            found = problems_of(error, document)
        if not unsound:
            whole, asked = document.complete, {each.path for each in problems}
            problems += [
                each for each in found
                if each.path not in asked and (whole or each.message != "is missing")
            ]  # fmt: skip
        bad = {_field(problem.path) for problem in found}
        unsound |= bad
        values = _without_fields(values, bad)


def _field(path: KeyPath) -> KeyPath:
    return path[:2] if path[0] in MODELS and path[0] != "timeline" else path[:1]


def _without_fields(values: dict[str, Any], bad: set[KeyPath]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if (name,) in bad:
            continue
        if isinstance(value, dict):
            value = {inner: each for inner, each in value.items() if (name, inner) not in bad}
        kept[name] = value
    stand_ins = {name: value for name, value in SOME_RUN.items() if (name,) in bad}
    return {**kept, **stand_ins}


def _roster(document: Document, path: Path) -> tuple[Roster | None, list[Fault]]:
    def fault(message: str, allowed: str = "", suggestion: str = "") -> tuple[None, list[Fault]]:
        return None, [Problem(("roster",), message, allowed, suggestion).fault(document)]

    name = document.values["roster"]
    shipped = shipped_rosters()
    allowed = f"{', '.join(shipped)}, or the name of a CSV file beside the scenario"
    if name in shipped:
        return load_roster(name), []
    if not name.casefold().endswith(".csv"):
        return fault(
            f"no roster '{visible(name)}' comes with the package", allowed, nearest(name, shipped)
        )
    place = document.place(("roster",))
    base = Path(place.file).parent if place else path.parent
    found = beside(base, name, path.parent)
    if found is None:
        return fault(f"'{visible(name)}' leaves the folder of the scenario", allowed)
    if not is_file(found):
        suggestion = near_file(base, name, ".csv") or nearest(name, shipped)
        return fault(no_file(found, name), allowed, suggestion)
    try:
        return replace(load_roster(found), source=os.path.abspath(found)), []
    except RosterError as error:
        return None, error.faults
