"""What the national register's words mean for a roster: phases, types, grades, families.

The register is Get Information About Schools (formerly EduBase) of the Department for Education.
Everything here is a lookup; `rsip_sim.evidence.gias` reads the file. A word that no lookup holds
is named by `unknown_words`, and never stands for anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Record = Mapping[str, str]
Unknown = tuple[str, str, str]  # column, word, what may stand there

# the group of maintained schools, and its name in extracts to about 2019
_MAINTAINED = ("local authority maintained schools", "la maintained schools")
_ACADEMIES = "academies"
_SPECIAL = "special schools"
_NO_STATE_SCHOOLS = (
    "independent schools",
    "free schools",
    "colleges",
    "universities",
    "welsh schools",
    "online provider",
    "online providers",
    "other types",
)
# types of state schools, with the roster's word for each
_MAINTAINED_TYPES = {
    "community school": "community",
    "voluntary aided school": "voluntary aided",
    "voluntary controlled school": "voluntary controlled",
    "foundation school": "foundation",
    "community special school": "community",
    "foundation special school": "foundation",
    "pupil referral unit": "community",
    "local authority nursery school": "community",
    "la nursery school": "community",
}
_ACADEMY_TYPE = re.compile(
    r"academy( special| alternative provision| 16[ -](to[ -])?19)? (converter|sponsor[ -]led)"
    r"|academy secure 16[ -](to[ -])?19"
)
_PHASES = {
    "nursery": "nursery",
    "primary": "primary",
    "middle deemed primary": "primary",
    "secondary": "secondary",
    "middle deemed secondary": "secondary",
    "all-through": "secondary",
    "all through": "secondary",
    "16 plus": "",
    "not applicable": "",
    "": "",
}
_GRADES: dict[str, int | str] = {
    "outstanding": 1,
    "good": 2,
    "requires improvement": 3,
    "satisfactory": 3,
    "inadequate": 4,
    "serious weaknesses": 4,
    "special measures": 4,
    "insufficient evidence": "",
}
_STATUSES = {
    "open": "open",
    "open, but proposed to close": "open",
    "closed": "closed",
    "proposed to open": "never opened",
    "pending approval": "never opened",
    "rejected opening": "never opened",
    "created in error": "never opened",
}
_PLACEHOLDERS = frozenset(
    {
        "", "none", "does not apply", "not applicable", "not collected", "not recorded",
        "not known", "not available", "not stated", "unknown", "n/a", "na", "nan", "null", "nil",
        "tbc", "diocese is not trustees",
    }
)  # fmt: skip
_WORDS_READ = "the words of the full extract, 'all establishment data', as it is published"


def is_placeholder(text: str) -> bool:
    """Whether a cell says that there is nothing to say: empty, ``N/A``, ``0``, ``Not recorded``."""
    return text.casefold() in _PLACEHOLDERS or not any(one.isalpha() for one in text)


def status(record: Record) -> str:
    """``open``, ``closed``, ``never opened``, or '' for a word that is not known."""
    return _STATUSES.get(record["EstablishmentStatus (name)"].casefold(), "")


def is_maintained(record: Record) -> bool:
    """Whether the establishment is in a group of maintained schools, special ones included."""
    return record["EstablishmentTypeGroup (name)"].casefold() in (*_MAINTAINED, _SPECIAL)


def is_academy(record: Record) -> bool:
    """Whether the establishment is an academy."""
    return record["EstablishmentTypeGroup (name)"].casefold() == _ACADEMIES


def reason_left_out(record: Record) -> str:
    """Why an establishment is no state school of the model, or '' if it is one."""
    group = record["EstablishmentTypeGroup (name)"].casefold()
    kind = record["TypeOfEstablishment (name)"].casefold()
    if re.search(r"free school|studio school|university technical", kind):
        return "free schools, studio schools and technical colleges"
    if "non-maintained" in kind or "independent" in kind:
        return "independent and non-maintained schools"
    if group in _NO_STATE_SCHOOLS:
        return group
    stated = record["PhaseOfEducation (name)"].casefold()
    if re.search(r"16[ -](to|-)?[ -]?19", kind) or stated == "16 plus":
        return "colleges and schools for 16 to 19"
    phase = detailed_phase(record)
    if not phase:
        return "schools whose phase cannot be told"
    if group == _ACADEMIES and phase in ("nursery", "pru"):
        return "alternative provision academies"
    return ""


def unknown_words(record: Record) -> Iterator[Unknown]:
    """Column, word and what may stand there, for each word of a school that no lookup holds.

    Types, phases and grades are looked at in state schools alone: of the others nothing is read.
    """
    column = "EstablishmentTypeGroup (name)"
    groups = (*_MAINTAINED, _ACADEMIES, _SPECIAL, *_NO_STATE_SCHOOLS)
    group = record[column].casefold()
    if group not in groups:
        yield column, record[column], f"one of {', '.join(groups)}"
        return
    if group in _NO_STATE_SCHOOLS or reason_left_out(record).startswith(("free", "independent")):
        return
    kind = record["TypeOfEstablishment (name)"].casefold()
    if not (_ACADEMY_TYPE.fullmatch(kind) if is_academy(record) else kind in _MAINTAINED_TYPES):
        yield "TypeOfEstablishment (name)", record["TypeOfEstablishment (name)"], _WORDS_READ
    if record["PhaseOfEducation (name)"].casefold() not in _PHASES:
        allowed = f"one of {', '.join(filter(None, _PHASES))}"
        yield "PhaseOfEducation (name)", record["PhaseOfEducation (name)"], allowed
    for column in ("StatutoryLowAge", "StatutoryHighAge"):
        if not re.fullmatch(r"[0-9]{0,2}", record[column]):
            yield column, record[column], "a whole number of years, or nothing"
    grade = record.get("OfstedRating (name)", "")
    if not is_placeholder(grade) and grade.casefold() not in _GRADES:
        yield "OfstedRating (name)", grade, f"one of {', '.join(_GRADES)}"
    elif any(one.isdigit() for one in grade):
        yield "OfstedRating (name)", grade, "the grade in words, not its code"


def unknown_status(record: Record) -> Iterator[Unknown]:
    """The status of an establishment as `unknown_words` has it, where it is not known."""
    if not status(record):
        column = "EstablishmentStatus (name)"
        yield column, record[column], f"one of {', '.join(_STATUSES)}"


def detailed_phase(record: Record) -> str:
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


def governance(record: Record) -> str:
    """The roster's type of school; an academy's earlier type is not in its row, hence other."""
    if is_academy(record):
        return "other"
    return _MAINTAINED_TYPES.get(record["TypeOfEstablishment (name)"].casefold(), "")


def route(record: Record) -> str:
    """How an academy became one, or '' for a maintained school."""
    if not is_academy(record):
        return ""
    sponsored = "sponsor" in record["TypeOfEstablishment (name)"].casefold()
    return "sponsored" if sponsored else "converter"


def diocese(record: Record) -> str:
    """The diocese, else the religious character, else ''."""
    for column in ("Diocese (name)", "ReligiousCharacter (name)"):
        if not is_placeholder(record[column]):
            return record[column]
    return ""


def trust(record: Record) -> str:
    """The academy trust, or '' for none and for a maintained school."""
    name = record["Trusts (name)"]
    return name if is_academy(record) and not is_placeholder(name) else ""


def ofsted_grade(record: Record) -> int | str:
    """The latest grade, 1 to 4, or '' where the edition has none."""
    return _GRADES.get(record.get("OfstedRating (name)", "").casefold(), "")


def _age(text: str) -> int:
    return int(text) if text.isdecimal() else 0
