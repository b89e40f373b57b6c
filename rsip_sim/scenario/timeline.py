"""The dated changes of policy: reading them, and the levers in force from each month on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from rsip_sim.evidence.months import month_name, parse_month
from rsip_sim.scenario.names import fields_of, gone, homes, lever_paths, near
from rsip_sim.scenario.problems import Problem, problems_of
from rsip_sim.scenario.reading import Document, KeyPath
from rsip_sim.scenario.schema import LEVER_SECTIONS, ScenarioFile, TimelineEntry

LeverPath = tuple[str, str]  # section and field
SECTIONS_IN_WORDS = " and ".join(", ".join(LEVER_SECTIONS).rsplit(", ", 1))
_NEVER = {
    "partnership": "a partnership exists from the start or not at all",
    "start": "the run starts once",
    "horizon_months": "the run has one length",
    "roster": "the set of schools is fixed over a run",
    "cohesion": "an index whose weights change cannot be compared over time",
    "parameters": "what is not known does not change by decision",
    "force_parameters": "what is not known does not change by decision",
    "run": "replications and seed belong to the run as a whole",
    "timeline": "a change holds no further changes",
}


@dataclass(frozen=True)
class Change:
    """New values from one month on, in the form of the file; origins say where each is written."""

    month: int
    values: dict[LeverPath, Any]
    origins: dict[LeverPath, KeyPath]


@dataclass(frozen=True)
class State:
    """The levers in force from one month on: section → field → value, in the form of the file.

    month    None at the start of the run
    origins  where the values that are new in this state are written
    """

    month: int | None
    values: dict[str, dict[str, Any]]
    origins: dict[LeverPath, KeyPath]

    def path(self, section: str, name: str) -> KeyPath:
        """Where to report a fault of this lever."""
        return self.origins.get((section, name), (section, name))


def read_changes(document: Document, problems: list[Problem]) -> list[Change]:
    """The sound changes of the document in order of month; what is wrong goes into problems."""
    entries = document.values.get("timeline", [])
    if not isinstance(entries, list):
        return []
    changes: dict[int, Change] = {}
    for index, entry in enumerate(entries):
        at: KeyPath = ("timeline", index)
        new = entry.get("set") if isinstance(entry, dict) else None
        if not isinstance(new, dict):
            continue
        month = _month(entry.get("from"))
        change = changes.setdefault(month, Change(month, {}, {}))
        for lever, origin, raw in _levers(new, (*at, "set"), problems):
            if lever in change.values and month:
                message = f"is set twice from {month_name(month)}"
                problems.append(Problem(origin, message, "delete one of them", at_key=True))
                continue
            found = checked_lever(lever, origin, raw, document, problems)
            if found is not None:
                change.values[lever] = found[0]
                change.origins[lever] = origin
    changes.pop(0, None)
    return [changes[month] for month in sorted(changes)]


def states_of(file: ScenarioFile, changes: list[Change]) -> list[State]:
    """The levers at the start and after each change, in order of month."""
    first = {section: getattr(file, section).model_dump() for section in LEVER_SECTIONS}
    states = [State(None, first, {})]
    for change in changes:
        values = {section: dict(fields) for section, fields in states[-1].values.items()}
        for (section, name), value in change.values.items():
            values[section][name] = value
        states.append(State(change.month, values, change.origins))
    return states


def _month(text: Any) -> int:
    """Month number of an entry, 0 where it is not a month; the fault is found elsewhere."""
    try:
        return parse_month(TimelineEntry.model_validate({"from": text, "set": {"-": 0}}).from_)
    except ValidationError:
        return 0


def _levers(
    new: dict[str, Any], at: KeyPath, problems: list[Problem]
) -> Iterator[tuple[LeverPath, KeyPath, Any]]:
    """Each lever that an entry sets, dotted (funding.x: 1) or nested (funding: {x: 1})."""
    for name, value in new.items():
        here = (*at, name)
        section, _, leaf = name.partition(".")
        if name in LEVER_SECTIONS and isinstance(value, dict):
            for inner, inner_value in value.items():
                if inner in fields_of(name):
                    yield (name, inner), (*here, inner), inner_value
                else:
                    problems.append(_unknown(f"{name}.{inner}", (*here, inner)))
        elif name in LEVER_SECTIONS:
            example = f"write {name}.{fields_of(name)[0]}: and the new value"
            problems.append(Problem(here, f"{name} is a group of fields", example))
        elif leaf in fields_of(section) and section in LEVER_SECTIONS:
            yield (section, leaf), here, value
        else:
            problems.append(_unknown(name, here))


def _unknown(name: str, at: KeyPath) -> Problem:
    section, _, leaf = name.partition(".")
    replaced = gone(name)
    if replaced:
        return Problem(at, *replaced, "", True)
    if section in _NEVER:
        allowed = f"set fields of {SECTIONS_IN_WORDS}"
        return Problem(at, f"cannot change during a run: {_NEVER[section]}", allowed, "", True)
    inner = ".".join(name.split(".")[:2])
    if inner in lever_paths():
        return Problem(at, "is part of a field that is set as a whole", f"set {inner}", "", True)
    bare = leaf or section
    full = [f"{home}.{bare}" for home in homes(bare) if home in LEVER_SECTIONS]
    if full:
        return Problem(at, "needs its section", f"write {' or '.join(full)}", "", True)
    suggestion = near(name, lever_paths())
    allowed = "" if suggestion else f"a dotted path, such as {lever_paths()[0]}"
    return Problem(at, "unknown field", allowed, suggestion, at_key=True)


def checked_lever(
    lever: LeverPath, origin: KeyPath, raw: Any, document: Document, problems: list[Problem]
) -> tuple[Any] | None:
    """The value of a lever in a tuple, or None where it is at fault, which goes into problems."""
    section, name = lever
    try:
        model = LEVER_SECTIONS[section].model_validate({name: raw})
    except ValidationError as error:
        problems += problems_of(error, document, origin, section, skip=1)
        return None
    return (model.model_dump()[name],)
