"""The columns of a roster file: the one table from which it is checked and documented."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from rsip_sim.evidence.faults import nearest, unfit
from rsip_sim.evidence.gias_types import is_placeholder
from rsip_sim.evidence.months import month_text, parse_month

# index into rsip_sim.model.panel.PHASES: primary, secondary, special, other
PHASE_OF = dict(nursery=3, infant=0, junior=0, primary=0, secondary=1, special=2, pru=3)
DETAILED_PHASES = tuple(PHASE_OF)
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
    """One column of a roster file.

    name, meaning  what it is called, and what it says
    allowed        what may stand in a cell, in words
    default        the value of an empty cell in an optional column
    read           the value of any other cell; raises `CellError`
    required       whether it must be there
    """

    name: str
    meaning: str
    allowed: str
    default: int | str
    read: Callable[[str], int | str]
    required: bool = False


def shown(cell: str) -> str:
    """A cell as a message quotes it, the end of a long one left out."""
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
        raise CellError(f"'{shown(cell)}' stands for nothing, and would be the name of a group")
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
                raise CellError(f"'{shown(cell)}' could mean {whole} or {1000 * whole}")
            fits = smallest <= whole <= largest
            raise CellError(f"'{shown(cell)}' is not a plain number", str(whole) if fits else "")
        if re.fullmatch(r"[-−–][0-9.,]+", bare):
            raise CellError(f"'{shown(cell)}' is negative")
        raise CellError(f"'{shown(cell)}' is not a whole number")

    return read


def _one_of(words: tuple[str, ...]) -> Callable[[str], int]:
    def read(cell: str) -> int:
        folded = " ".join(cell[:LONGEST_TEXT].casefold().split())
        if folded in words:
            return words.index(folded)
        meant = _OTHER_WORDS.get(folded, "")
        raise CellError(
            f"'{shown(cell)}' is not known", meant if meant in words else nearest(folded, words)
        )

    return read


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
    raise CellError(f"'{shown(cell)}' is not a month", month_text(meant) if fits else "")


def _words(words: tuple[str, ...]) -> tuple[str, int, Callable[[str], int]]:
    """A cell of one of these words, the first where it is empty: allowed, default and read."""
    return "one of " + ", ".join(filter(None, words)), 0, _one_of(words)


_URN = f"a whole number from 1 to {LARGEST_URN}, each once"
_ROLL = f"a whole number from 1 to {LARGEST_ROLL}, without commas"
_TEXT = (f"text of up to {LONGEST_TEXT} characters", "", _text)
_GROUP = (f"{_TEXT[0]}, or nothing", "", _group)
_MONTH = (
    f"a month written 2011-05, from {month_text(FIRST_ACADEMY)} to {month_text(LAST_MONTH)}",
    -1,
    _month,
)
_PHASE = _words(DETAILED_PHASES)
_GRADE = _one_of(("1", "2", "3", "4"))
_YES_NO = _one_of(("no", "yes"))

COLUMNS: tuple[RosterColumn, ...] = (
    RosterColumn(
        "urn", "unique reference number of the school in the national register",
        _URN, -1, _whole_number(1, LARGEST_URN), required=True,
    ),
    RosterColumn("school", "name of the school", *_TEXT, required=True),
    RosterColumn(
        "phase", "phase of education",
        _PHASE[0], "primary", lambda cell: DETAILED_PHASES[_PHASE[2](cell)], required=True,
    ),
    RosterColumn(
        "pupils", "pupils on roll, held fixed over a run",
        _ROLL, -1, _whole_number(1, LARGEST_ROLL), required=True,
    ),
    RosterColumn(
        "governance", "type of school, for an academy the type it had before; community if empty",
        *_words(GOVERNANCE),
    ),
    RosterColumn(
        "learning_community", "the neighbourhood family of schools it belongs to; none if empty",
        *_GROUP,
    ),
    RosterColumn(
        "diocese", "diocese or faith body whose schools move together; none if empty", *_GROUP
    ),
    RosterColumn(
        "legal_status", "maintained by the council or an academy at the start; maintained if empty",
        *_words(LEGAL_STATUSES),
    ),
    RosterColumn(
        "route", "how the school became, or is about to become, an academy; converter if empty",
        *_words(ROUTES),
    ),
    RosterColumn(
        "opened", "month in which an academy opened as one; needed for academies only", *_MONTH
    ),
    RosterColumn(
        "planned_opening",
        "month of a conversion already settled at the start, for a maintained school", *_MONTH,
    ),
    RosterColumn("trust", "academy trust; an academy with none stands alone", *_GROUP),
    RosterColumn(
        "ofsted_grade",
        "Ofsted grade at the start, 1 outstanding to 4 inadequate; drawn at random if empty",
        "1, 2, 3 or 4", 0, lambda cell: _GRADE(cell) + 1,
    ),
    RosterColumn(
        "member", "joins the partnership at the start; drawn at random if empty",
        "yes or no", -1, _YES_NO,
    ),
    RosterColumn(
        "pupils_filled", "yes if the number of pupils is an estimate; no if empty",
        "yes or no", 0, _YES_NO,
    ),
    RosterColumn("note", "anything worth saying; not used by the model", *_TEXT),
)  # fmt: skip

COLUMN_BY_NAME: dict[str, RosterColumn] = {column.name: column for column in COLUMNS}
REQUIRED: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.required)
