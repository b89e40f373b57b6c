"""Other values of some fields of a scenario: which there may be, and the plain data with them."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from rsip_sim.evidence.faults import Fault, FaultyError
from rsip_sim.evidence.months import month_text
from rsip_sim.scenario.checks import parameter_problem
from rsip_sim.scenario.extending import reasons_kept
from rsip_sim.scenario.levers import PARAMETERS, WEIGHTS, field_label, value_text
from rsip_sim.scenario.names import fields_of, gone, lever_paths, near, parameter_names
from rsip_sim.scenario.problems import Problem, problems_of
from rsip_sim.scenario.reading import WHY, Document, KeyPath
from rsip_sim.scenario.resolved import plain_numbers
from rsip_sim.scenario.schema import LEVER_SECTIONS, MODELS, CohesionSection, ScenarioFile
from rsip_sim.scenario.timeline import checked_lever

SOME_RUN = {"start": "2011-04", "horizon_months": 60, "roster": "rotherham_2011"}
"""Stands in where only other fields of a scenario are looked at."""
_UNDATED = ("partnership", "cohesion.associate_weight")


class ChangeError(FaultyError):
    """A value that a scenario cannot take; `faults` says which and what it may be."""


def changeable_fields() -> tuple[str, ...]:
    """Every dotted path that `with_values` takes: levers, and parameters of the register."""
    return (*lever_paths(), *_UNDATED, *(f"{PARAMETERS}{name}" for name in parameter_names()))


def check_fields(paths: Iterable[str]) -> None:
    """ChangeError with what to write instead for every path that is none of `changeable_fields`."""
    faults = list(filter(None, (_field_fault(str(path)) for path in paths)))
    if faults:
        raise ChangeError(faults)


def _field_fault(path: str) -> Fault | None:
    known = changeable_fields()
    if path in known:
        return None
    replaced = gone(path)
    if replaced:
        return Fault("", 0, 0, "", f"{path} {replaced[0]}", replaced[1])
    section, _, leaf = path.rpartition(".")
    if leaf in fields_of(section) and path not in MODELS:
        allowed = f"a dotted path, such as {known[0]}"
        return Fault("", 0, 0, "", f"{path} is a field of the file, and no lever", allowed)
    leaves = {each.rpartition(".")[2]: each for each in reversed(known)}
    guess = leaves.get(path) or near(path, known) or leaves.get(near(path, leaves), "")
    message = f"no field of a scenario is named '{path}'"
    allowed = "" if guess else f"a dotted path, such as {known[0]}"
    return Fault("", 0, 0, "", message, allowed, guess)


def reason_problems(document: Document) -> list[Problem]:
    """What is wrong with the names under `why`: each is the path of a lever or parameter."""
    reasons, found = document.values.get(WHY), []
    for name in reasons if isinstance(reasons, dict) else ():
        if name in LEVER_SECTIONS or name == PARAMETERS.rstrip("."):
            first = next(each for each in changeable_fields() if each.startswith(f"{name}."))
            message, allowed, near_it = "is a group of fields", f"write {first}: and why", ""
        else:
            fault = None if name == WEIGHTS else _field_fault(name)
            if fault is None:
                continue
            message, allowed, near_it = fault.message, fault.allowed, fault.suggestion
        found.append(Problem((WHY, name), message, allowed, near_it, at_key=True))
    return found


def value_problems(
    path: str, value: Any, document: Document, at: KeyPath, force: bool = False
) -> list[Problem]:
    """What is wrong with one value of a field of `changeable_fields`, written at a path.

    force  parameters may leave the evidence, within the bounds of the model
    """
    section, _, leaf = path.rpartition(".")
    if section in LEVER_SECTIONS:
        found: list[Problem] = []
        checked_lever((section, leaf), at, value, document, found)
        return found
    if path.startswith(PARAMETERS):
        problem = parameter_problem(leaf, value, force, document, at)
        return [problem] if problem else []
    try:
        if section:
            CohesionSection.model_validate({leaf: value})
        else:
            ScenarioFile.model_validate({**SOME_RUN, leaf: value})
    except ValidationError as error:
        return problems_of(error, document, at, section, skip=1)
    return []


def changed_values(resolved: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The plain data of a scenario with these values throughout the run; see `with_values`."""
    check_fields(values)
    changed = copy.deepcopy(dict(resolved))
    changed["timeline"] = _timeline_without(changed["timeline"], values)
    for path, value in values.items():
        section, _, leaf = path.rpartition(".")
        (changed[section] if section else changed)[leaf] = plain_numbers(value)
    return {**changed, WHY: reasons_kept(resolved, changed, {})}


def changed_values_from(
    resolved: Mapping[str, Any], month: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The plain data of a scenario with these levers from a month number on."""
    check_fields(values)
    changed = copy.deepcopy(dict(resolved))
    since = month_text(month)
    earlier = [entry for entry in changed["timeline"] if entry["from"] < since]
    later = [entry for entry in changed["timeline"] if entry["from"] >= since]
    kept = _timeline_without(later, values)
    if kept and kept[0]["from"] == since:
        kept[0]["set"] |= plain_numbers(dict(values))
    else:
        kept.insert(0, {"from": since, "set": plain_numbers(dict(values))})
    changed["timeline"] = [*earlier, *kept]
    return {**changed, WHY: reasons_kept(resolved, changed, {})}


def words_of_change(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """How sound changed values are told: ending of a name, addition to a title, short form or ''.

    Only one number or word stands for itself in a narrow column; yes or no does not.
    """
    plain = plain_numbers(dict(values))
    texts = {path: value_text(path, value) for path, value in plain.items()}
    ending = "".join(f"_{path.rpartition('.')[2]}_{value}" for path, value in plain.items())
    told = "; ".join(f"{field_label(path)}: {text}" for path, text in texts.items())
    alone = len(plain) == 1 and not isinstance(next(iter(plain.values())), bool)
    return re.sub(r"\W+", "_", ending), told, next(iter(texts.values())) if alone else ""


def _timeline_without(
    timeline: list[dict[str, Any]], paths: Mapping[str, Any]
) -> list[dict[str, Any]]:
    kept = [
        {**entry, "set": {path: value for path, value in entry["set"].items() if path not in paths}}
        for entry in timeline
    ]
    return [entry for entry in kept if entry["set"]]
