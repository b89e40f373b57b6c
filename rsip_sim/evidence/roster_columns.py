"""The columns of a roster file: the one table from which it is checked and documented."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rsip_sim.evidence.characters import unfit
from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.gias_types import is_placeholder
from rsip_sim.evidence.months import month_text, parse_month

DETAILED_PHASES = ("nursery", "infant", "junior", "primary", "secondary", "special", "pru")
# index into rsip_sim.model.panel.PHASES: primary, secondary, special, other
PHASE_OF = {
    "nursery": 3,
    "infant": 0,
    "junior": 0,
    "primary": 0,
    "secondary": 1,
    "special": 2,
    "pru": 3,
}
GOVERNANCE = ("community", "foundation", "voluntary aided", "voluntary controlled", "other")
LEGAL_STATUSES = ("maintained", "academy")
ROUTES = ("", "converter", "sponsored")
LARGEST_URN = 9_999_999
LARGEST_ROLL = 10_000
LONGEST_TEXT = 200
_LONGEST_SHOWN = 60
FIRST_ACADEMY = parse_month("2000-07")  # Learning and Skills Act 2000, royal assent in July
LAST_MONTH = parse_month("2100-12")
_DAY_FIRST = re.compile(r"[0-9]{1,2}[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})")
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})([-/.][0-9]{1,2})?")

# words met in practice that mean one of the allowed ones
_OTHER_WORDS = {
    "middle": "secondary",
    "middle deemed primary": "primary",
    "middle deemed secondary": "secondary",
    "all-through": "secondary",
    "all through": "secondary",
    "high": "secondary",
    "pupil referral unit": "pru",
    "alternative provision": "pru",
    "first": "primary",
    "junior and infant": "primary",
    "va": "voluntary aided",
    "vc": "voluntary controlled",
    "voluntary": "voluntary aided",
    "trust": "foundation",
    "la maintained": "maintained",
    "sponsor led": "sponsored",
    "sponsor": "sponsored",
    "y": "yes",
    "true": "yes",
    "1": "yes",
    "n": "no",
    "false": "no",
    "0": "no",
    "outstanding": "1",
    "good": "2",
    "satisfactory": "3",
    "requires improvement": "3",
    "inadequate": "4",
    "special measures": "4",
}


class CellError(ValueError):
    """A cell that cannot be read: message and, where there is one, the nearest legal text."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        """Keep the message and the suggestion."""
        super().__init__(message)
        self.suggestion = suggestion


@dataclass(frozen=True)
class RosterColumn:
    """One column: its name, whether it must be there, what it says and how a cell is read.

    default is the value of an empty cell in an optional column; read raises `CellError`.
    """

    name: str
    required: bool
    meaning: str
    allowed: str
    default: int | str
    read: Callable[[str], int | str]


def _shown(cell: str) -> str:
    return cell if len(cell) <= _LONGEST_SHOWN else f"{cell[: _LONGEST_SHOWN - 1]}…"


def _text(cell: str) -> str:
    if len(cell) > LONGEST_TEXT:
        raise CellError(f"{len(cell)} characters are too many")
    words = unfit(cell)
    if words:
        raise CellError(words)
    return cell


def _group(cell: str) -> str:
    """The name of what schools have in common; a word for nothing would join all that have it."""
    if is_placeholder(cell):
        raise CellError(f"'{_shown(cell)}' stands for nothing, and would be the name of a group")
    return _text(cell)


def _whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        if re.fullmatch(r"[0-9]{1,12}", cell):
            number = int(cell)
            if number == 0 and smallest > 0:
                raise CellError("zero is refused")
            if not smallest <= number <= largest:
                raise CellError(f"{number} is out of range")
            return number
        bare = re.sub(r"[£\s]", "", cell)
        found = re.fullmatch(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(\.0+)?", bare)
        if found:
            whole = int(found[1].replace(",", ""))
            if found[2] == ".000" and 0 < whole < 1000 <= largest:
                raise CellError(f"'{_shown(cell)}' could mean {whole} or {1000 * whole}")
            fits = smallest <= whole <= largest
            raise CellError(f"'{_shown(cell)}' is not a plain number", str(whole) if fits else "")
        if re.fullmatch(r"[-−–][0-9.,]+", bare):
            raise CellError(f"'{_shown(cell)}' is negative")
        raise CellError(f"'{_shown(cell)}' is not a whole number")

    return read


def _one_of(words: tuple[str, ...]) -> Callable[[str], int]:
    def read(cell: str) -> int:
        folded = " ".join(cell[:LONGEST_TEXT].casefold().split())
        if folded in words:
            return words.index(folded)
        meant = _OTHER_WORDS.get(folded, "")
        raise CellError(
            f"'{_shown(cell)}' is not known", meant if meant in words else nearest(folded, words)
        )

    return read


def _phase(cell: str) -> str:
    return DETAILED_PHASES[_one_of(DETAILED_PHASES)(cell)]


def _month(cell: str) -> int:
    try:
        month = parse_month(cell)
    except ValueError:
        pass
    else:
        if not FIRST_ACADEMY <= month <= LAST_MONTH:
            raise CellError(f"{cell} is out of range")
        return month
    found = _DAY_FIRST.fullmatch(cell) or _YEAR_FIRST.fullmatch(cell)
    meant = int(found["year"]) * 12 + int(found["month"]) - 1 if found else 0
    fits = found and 1 <= int(found["month"]) <= 12 and FIRST_ACADEMY <= meant <= LAST_MONTH
    raise CellError(f"'{_shown(cell)}' is not a month", month_text(meant) if fits else "")


def _allowed(words: tuple[str, ...]) -> str:
    return "one of " + ", ".join(word for word in words if word)


_YES_NO = ("no", "yes")
_TEXT_ALLOWED = f"text of up to {LONGEST_TEXT} characters"
_MONTH_ALLOWED = (
    f"a month written 2011-05, from {month_text(FIRST_ACADEMY)} to {month_text(LAST_MONTH)}"
)
_GROUP_ALLOWED = f"{_TEXT_ALLOWED}, or nothing"

COLUMNS: tuple[RosterColumn, ...] = (
    RosterColumn(
        "urn",
        True,
        "unique reference number of the school in the national register",
        f"a whole number from 1 to {LARGEST_URN}, each once",
        -1,
        _whole_number(1, LARGEST_URN),
    ),
    RosterColumn("school", True, "name of the school", _TEXT_ALLOWED, "", _text),
    RosterColumn("phase", True, "phase of education", _allowed(DETAILED_PHASES), "primary", _phase),
    RosterColumn(
        "pupils",
        True,
        "pupils on roll, held fixed over a run",
        f"a whole number from 1 to {LARGEST_ROLL}, without commas",
        -1,
        _whole_number(1, LARGEST_ROLL),
    ),
    RosterColumn(
        "governance",
        False,
        "type of school, for an academy the type it had before; community if empty",
        _allowed(GOVERNANCE),
        0,
        _one_of(GOVERNANCE),
    ),
    RosterColumn(
        "learning_community",
        False,
        "the neighbourhood family of schools it belongs to; none if empty",
        _GROUP_ALLOWED,
        "",
        _group,
    ),
    RosterColumn(
        "diocese",
        False,
        "diocese or faith body whose schools move together; none if empty",
        _GROUP_ALLOWED,
        "",
        _group,
    ),
    RosterColumn(
        "legal_status",
        False,
        "maintained by the council or an academy at the start; maintained if empty",
        _allowed(LEGAL_STATUSES),
        0,
        _one_of(LEGAL_STATUSES),
    ),
    RosterColumn(
        "route",
        False,
        "how the school became, or is about to become, an academy; converter if empty",
        _allowed(ROUTES),
        0,
        _one_of(ROUTES),
    ),
    RosterColumn(
        "opened",
        False,
        "month in which an academy opened as one; needed for academies only",
        _MONTH_ALLOWED,
        -1,
        _month,
    ),
    RosterColumn(
        "planned_opening",
        False,
        "month of a conversion already settled at the start, for a maintained school",
        _MONTH_ALLOWED,
        -1,
        _month,
    ),
    RosterColumn(
        "trust",
        False,
        "academy trust; an academy with none stands alone",
        _GROUP_ALLOWED,
        "",
        _group,
    ),
    RosterColumn(
        "ofsted_grade",
        False,
        "Ofsted grade at the start, 1 outstanding to 4 inadequate; drawn at random if empty",
        "1, 2, 3 or 4",
        0,
        lambda cell: _one_of(("1", "2", "3", "4"))(cell) + 1,
    ),
    RosterColumn(
        "member",
        False,
        "joins the partnership at the start; drawn at random if empty",
        "yes or no",
        -1,
        _one_of(_YES_NO),
    ),
    RosterColumn(
        "pupils_filled",
        False,
        "yes if the number of pupils is an estimate; no if empty",
        "yes or no",
        0,
        _one_of(_YES_NO),
    ),
    RosterColumn(
        "note", False, "anything worth saying; not used by the model", _TEXT_ALLOWED, "", _text
    ),
)

COLUMN_BY_NAME: dict[str, RosterColumn] = {column.name: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.required)
