"""What the national register's words mean for a roster: phases, types, grades, families.

The register is Get Information About Schools (formerly EduBase) of the Department for Education.
Everything here is a lookup; `rsip_sim.evidence.gias` reads the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MAINTAINED = "local authority maintained schools"
_ACADEMIES = "academies"
_SPECIAL = "special schools"

_PHASES = {
    "nursery": "nursery",
    "primary": "primary",
    "middle deemed primary": "primary",
    "secondary": "secondary",
    "middle deemed secondary": "secondary",
    "all-through": "secondary",
    "all through": "secondary",
}
_GRADES = {
    "outstanding": 1,
    "good": 2,
    "requires improvement": 3,
    "satisfactory": 3,
    "inadequate": 4,
    "serious weaknesses": 4,
    "special measures": 4,
}
_NO_FAITH = ("", "none", "does not apply", "not applicable", "not collected", "unknown")


def reason_left_out(record: Mapping[str, str]) -> str:
    """Why an establishment is no state school of the model, or '' if it is one."""
    group = record["EstablishmentTypeGroup (name)"].casefold()
    kind = record["TypeOfEstablishment (name)"].casefold()
    if re.search(r"free school|studio school|university technical", kind):
        return "free schools, studio schools and technical colleges"
    if "non-maintained" in kind or "independent" in kind:
        return "independent and non-maintained schools"
    if group not in (_MAINTAINED, _ACADEMIES, _SPECIAL):
        return group or "establishments of no known type"
    if re.search(r"16.?(to|-).?19", kind) or record["PhaseOfEducation (name)"] == "16 plus":
        return "colleges and schools for 16 to 19"
    phase = detailed_phase(record)
    if not phase:
        return "schools whose phase cannot be told"
    if group == _ACADEMIES and phase in ("nursery", "pru"):
        return "alternative provision academies"
    return ""


def is_academy(record: Mapping[str, str]) -> bool:
    """Whether the establishment is an academy."""
    return record["EstablishmentTypeGroup (name)"].casefold() == _ACADEMIES


def detailed_phase(record: Mapping[str, str]) -> str:
    """The roster's phase of an establishment, or '' if it cannot be told.

    Special schools, referral units and nursery schools are told by their type; the others by
    their phase and, where the register has none, by the ages they may teach.
    """
    kind = record["TypeOfEstablishment (name)"].casefold()
    if "pupil referral" in kind or "alternative provision" in kind:
        return "pru"
    if "special" in kind:
        return "special"
    if "nursery" in kind:
        return "nursery"
    youngest, oldest = _age(record["StatutoryLowAge"]), _age(record["StatutoryHighAge"])
    stated = record["PhaseOfEducation (name)"].casefold()
    phase = _PHASES.get(stated, "")
    if not phase and oldest:
        phase = "secondary" if oldest >= 14 else "primary"
    if phase == "primary" and not stated.startswith("middle") and oldest:
        if oldest <= 8:
            return "infant"
        if youngest >= 7:
            return "junior"
    return phase


def governance(record: Mapping[str, str]) -> str:
    """The roster's type of school; an academy's earlier type is not in its row, hence other."""
    if is_academy(record):
        return "other"
    kind = record["TypeOfEstablishment (name)"].casefold()
    for word in ("voluntary aided", "voluntary controlled", "foundation"):
        if word in kind:
            return word
    return "community"


def route(record: Mapping[str, str]) -> str:
    """How an academy became one, or '' for a maintained school."""
    if not is_academy(record):
        return ""
    return (
        "sponsored" if "sponsor" in record["TypeOfEstablishment (name)"].casefold() else "converter"
    )


def diocese(record: Mapping[str, str]) -> str:
    """The diocese, else the religious character, else ''."""
    for column in ("Diocese (name)", "ReligiousCharacter (name)"):
        if record[column].casefold() not in _NO_FAITH:
            return record[column]
    return ""


def ofsted_grade(record: Mapping[str, str]) -> int | str:
    """The latest grade, 1 to 4, or '' where the edition has none."""
    return _GRADES.get(record.get("OfstedRating (name)", "").casefold(), "")


def _age(text: str) -> int:
    return int(text) if text.isdecimal() else 0
