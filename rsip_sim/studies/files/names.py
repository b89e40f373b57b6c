"""The names of a study file: the nearest for one that does not exist, and what to write where."""

from __future__ import annotations

from functools import partial

from rsip_sim.scenario.names import lever_paths, near
from rsip_sim.scenario.problems import Vocabulary
from rsip_sim.scenario.reading import FileKind
from rsip_sim.studies.files.schema import KINDS, file_class
from rsip_sim.studies.kernel.parameters import group_of

STUDY = FileKind(
    "study",
    "write title, kind, and what a study of that kind needs; the folder experiments holds examples",
    "write the value out",
)

_MISSING = {
    "title": "a few words that name the study, such as title: Length of the agreement",
    "kind": f"one of {', '.join(KINDS)}",
    "scenario": "a scenario file, such as scenario: ../scenarios/two_year.yaml",
    "baseline": "a scenario file, such as baseline: ../scenarios/no_agreement.yaml",
    "scenarios": "two or more scenario files, as a list",
    "levers": "what is varied, such as levers: {agreement.length_months: [12, 24, 36]}",
    "review": "the month from which the choice acts, such as review: 2013-04",
    "sees": "what the review sees, such as sees: [participation, conversions]",
    "objectives": "what is to be had, such as objectives: [members]",
    "metrics": "what is looked at, such as metrics: [members, erosion]",
    "search": "the lever that is moved, such as search: {lever: funding.earmark_gbp_per_year}",
    "search.lever": "a field of a scenario, such as lever: funding.earmark_gbp_per_year",
    "across.lever": "a field of a scenario, such as lever: agreement.length_months",
    "target": "what should hold, such as target: members at end at least 80 with probability 0.8",
}
_ITEMS = {
    "authorities": "[Rotherham, Leeds]",
    "metrics": "[members, erosion]",
    "objectives": "[members, erosion]",
    "sees": "[participation, conversions]",
    "together": "[participation, conversions]",
    "at": "[mean, end]",
    "scenarios": "[../scenarios/one_year.yaml, ../scenarios/two_year.yaml]",
    "climates": "[flat, surge]",
}


def vocabulary(kind: str) -> Vocabulary:
    """The names of studies of one kind."""
    return Vocabulary(partial(_unknown, kind), _MISSING, _ITEMS)


def _fields_of(kind: str, section: str) -> tuple[str, ...]:
    """The fields of a kind of study, or of one group of them."""
    fields = file_class(kind).model_fields
    if section:
        group = group_of(fields[section].annotation) if section in fields else None
        fields = {} if group is None else group.model_fields
    return tuple(fields)


def _unknown(kind: str, path: str) -> tuple[str, str, str]:
    """Message, what is allowed and the nearest name for a path that does not exist."""
    if path in lever_paths():
        return "a field of scenarios stands here", "write it under levers, with its values", ""
    section, _, name = path.rpartition(".")
    known = _fields_of(kind, section)
    suggestion = near(name, known)
    elsewhere = next((other for other in KINDS if name in _fields_of(other, "")), "")
    if elsewhere and not section and not suggestion:
        return f"is no field of a study of kind {kind}", f"it belongs to {elsewhere}", ""
    return "unknown field", "" if suggestion else f"one of {', '.join(known)}", suggestion
