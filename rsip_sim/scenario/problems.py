"""What is wrong with a value, still without a place in a file, and the words for it.

What is read without a word must have one meaning: 750.000 is £750 to a reader of YAML and
three-quarters of a million to half of Europe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from rsip_sim.evidence.faults import Fault, look_alike
from rsip_sim.scenario.names import unknown_name
from rsip_sim.scenario.ranges import Range, number_text, range_of
from rsip_sim.scenario.reading import (
    Document,
    KeyPath,
    Place,
    dotted,
    is_free_text,
    plain_value,
    visible,
)
from rsip_sim.scenario.schema import MONTH_FIELDS

_NOT_A_NUMBER = ("int_type", "int_from_float", "float_type", "finite_number")
_GROUPS = ("model_type", "model_attributes_type", "dict_type")
_BARE_TRUTH = dict.fromkeys(("yes", "on", "y"), "true") | dict.fromkeys(("no", "off", "n"), "false")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?)[£$€]?\s*(?P<digits>[1-9][0-9]{0,2}(?:[,\s'_][0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?"
    r"\s*(?P<multiple>%|(?:k|m|thousand|million)(?![a-z]))?"
    r"\s*(?P<unit>months?|years?|pounds?|gbp|(?:(?:a|per) pupil)?\s*(?:(?:a|per) year)?)",
    re.IGNORECASE,
)
_EXAMPLES = {
    "start": "the first month of the run, such as start: 2011-04, or extends: rsip:base",
    "horizon_months": "the length of the run, such as horizon_months: 60, or extends: rsip:base",
    "roster": "the schools to simulate, such as roster: rotherham_2011, or extends: rsip:base",
    "timeline.from": "the month of the change, such as from: 2012-04",
    "timeline.set": "the new values, such as set: {funding.earmark_gbp_per_year: 500000}",
}
_LARGEST_ADVISED = 1e15
_EXAMPLE_ITEM = "[0.2, 0.3]"
_MULTIPLES = {"": 1, "%": 1, "k": 1_000, "m": 1_000_000, "million": 1_000_000, "thousand": 1_000}


@dataclass(frozen=True)
class Problem:
    """A fault at a path of the scenario; `at_key` where the name rather than the value is wrong."""

    path: KeyPath
    message: str
    allowed: str = ""
    suggestion: str = ""
    at_key: bool = False

    def fault(self, document: Document) -> Fault:
        """The fault with the file, line and column where the path stands."""
        place = document.place(self.path, self.at_key) or Place("", 0, 0)
        name = dotted(self.path)
        return Fault(
            place.file, place.line, place.column, name, self.message, self.allowed, self.suggestion
        )


@dataclass(frozen=True)
class Vocabulary:
    """The names of one kind of file, by dotted path.

    unknown   message, what is allowed and the nearest name for a path that does not exist
    missing   path → what to write where a field that must be given is not there
    items     path → how a list there is written
    """

    unknown: Callable[[str], tuple[str, str, str]]
    missing: Mapping[str, str]
    items: Mapping[str, str] = field(default_factory=dict)

    def where_missing(self, name: str) -> str:
        """What to write for a field that is not there."""
        if name.startswith("climate.opening_pct_per_month"):
            return "a table of openings needs primary, secondary and special"
        return f"write {self.missing[name]}"


SCENARIO_NAMES = Vocabulary(unknown_name, _EXAMPLES, {"timeline": "- {from: 2012-04, set: {…}}"})


def problems_of(
    error: ValidationError,
    document: Document,
    at: KeyPath = (),
    name: str = "",
    skip: int = 0,
    names: Vocabulary = SCENARIO_NAMES,
) -> list[Problem]:
    """The problems behind pydantic's errors, in a planner's words.

    at     where the validated value is written in the document
    name   dotted path by which the validated value is known in the schema
    skip   leading parts of each error's location that `at` already holds
    names  those of the kind of file that was read
    """
    errors = error.errors(include_url=False)
    return [_problem(one, document, at, name, skip, names) for one in errors]


def _problem(
    error: Any, document: Document, at: KeyPath, name: str, skip: int, names: Vocabulary
) -> Problem:
    kind, context = error["type"], error.get("ctx", {})
    location: KeyPath = tuple(error["loc"])
    path = (*at, *location[skip:])
    known_as = ".".join(filter(None, (name, dotted(location))))
    if kind == "planner":
        place = None if is_free_text(path) else document.places.get(path)
        message = context["message"] + _stands_in(place.text if place else None)
        return Problem(path, message, context["allowed"], context["suggestion"])
    if kind == "value_error":
        raise context["error"]  # a defect of the package, such as a broken register
    if kind == "extra_forbidden" and str(path[-1]).isdecimal():
        message = "digits after a comma, which divides fields here"
        return Problem(path, message, "write a number without a comma", at_key=True)
    if kind == "extra_forbidden":
        message, allowed, suggestion = names.unknown(known_as)
        message += _stands_in(str(path[-1]))
        return Problem(path, message, allowed, suggestion, at_key=True)
    if kind == "missing":
        return Problem(path, "is missing", names.where_missing(known_as))
    place = document.places.get(path)
    message, allowed = _mistyped(kind, known_as, error["input"], place, context, names)
    return Problem(path, message + _stands_in(place.text if place else None), allowed)


def _stands_in(text: str | None) -> str:
    """What to add where a character that only looks as if it belonged stands in the text."""
    found = look_alike(text or "")
    return f": {found} stands in it" if found else ""


def _mistyped(
    kind: str,
    name: str,
    value: Any,
    place: Place | None,
    context: dict[str, Any],
    names: Vocabulary,
) -> tuple[str, str]:
    wanted = _wanted(kind, name, context, names)
    if value is None and kind != "finite_number":
        return "has no value", wanted
    if kind in _NOT_A_NUMBER:
        return not_a_number(kind, name, value, place)
    written = quoted(place, value)
    if kind == "bool_type":
        meant = _BARE_TRUTH.get(str(value).lower())
        if place and place.quoted and str(value).lower() in ("true", "false"):
            return f"{written} is text, because of its quotation marks", f"write {value.lower()}"
        return f"{written} is not true or false", f"write {meant or 'true or false'}"
    if kind == "string_type":
        if name in MONTH_FIELDS:
            return f"{written} is not a month", "write a month as year-month, such as 2011-04"
        advice = "write one text" if isinstance(value, dict | list) else "put it in quotes"
        return f"{written} is not text", advice
    if kind == "too_short":
        return "is empty", names.where_missing(name) if name in names.missing else wanted
    if kind == "too_long":
        return "is too long", f"at most {context['max_length']} values"
    if kind in _GROUPS:
        return f"{written} stands where a group of fields belongs", wanted
    return f"{written} is not understood", wanted


def _wanted(kind: str, name: str, context: dict[str, Any], names: Vocabulary) -> str:
    if kind == "literal_error":
        return str(context["expected"]).replace("'", "")
    if kind in _GROUPS:
        return "write its fields on the lines below, indented, or delete the line"
    if kind in ("list_type", "too_short"):
        return f"write a list, such as {names.items.get(name, _EXAMPLE_ITEM)}"
    if kind == "bool_type":
        return "write true or false"
    allowed = range_of(name)
    if kind in _NOT_A_NUMBER and allowed:
        return f"write a number {allowed.words()}".replace("a number any", "any")
    return "write a value, or delete the line"


def not_a_number(kind: str, name: str, value: Any, place: Place | None) -> tuple[str, str]:
    """What is wrong with a value where a number belongs, and what to write.

    kind  of pydantic's errors;  name: dotted path of the field;  place: where the value stands
    """
    allowed = range_of(name)
    whole = kind.startswith("int")
    words = f"a {'whole ' * whole}number"
    bounded = allowed and not allowed.minimum is allowed.maximum is None
    words = f"{words} {allowed.words()}" if allowed and bounded else f"write {words}"
    written = quoted(place, value)
    if isinstance(value, dict | list | bool):
        return f"{written} is not a number", words
    if isinstance(value, float):
        if value - value != 0:
            return f"{written} is not a number a scenario can use", words
        if value != int(value):
            return f"{written} is not a whole number", words
        if _fits(allowed, value, whole):
            return f"{written} has a decimal point", f"write {number_text(int(value))}"
        return f"{written} is too {'small' if value < 0 else 'large'}", words
    return _number_in_text(allowed, str(value), written, place, words, whole)


def _fits(allowed: Range | None, number: float, whole: bool) -> bool:
    """Whether a number could stand there, so that it may be advised."""
    low, high = (allowed.minimum, allowed.maximum) if allowed else (None, None)
    inside = (low is None or number >= low) and (high is None or number <= high)
    return inside and (not whole or (number == int(number) and abs(number) < _LARGEST_ADVISED))


def _number_in_text(
    allowed: Range | None, text: str, written: str, place: Place | None, words: str, whole: bool
) -> tuple[str, str]:
    found = _NUMBER.fullmatch(text.strip())
    if not found and re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text.strip()):
        plain = text.strip().replace(",", ".")
        fits = _fits(allowed, float(plain), whole)
        return f"{written} has a decimal comma", f"write {plain}" if fits else words
    if not found:
        return f"{written} is not a number", words
    number = float(re.sub(r"\D", "", found["digits"]) + (found["rest"] or ""))
    multiple, unit = (found["multiple"] or "").lower(), found["unit"].lower()
    number *= _MULTIPLES[multiple] * (-1 if found["sign"] == "-" else 1)
    if multiple == "%" and allowed and allowed.is_share:
        number /= 100
    if unit.startswith("year") and allowed and allowed.unit == "months":
        number *= 12
    elif unit.startswith("year"):
        return f"{written} is not a number", words
    digits, grouped = number_text(number).replace("_", ""), number_text(number)
    advice = f"write {digits}" + (f" or {grouped}" if grouped != digits else "")
    advice = advice if _fits(allowed, number, whole) else words
    if place and place.quoted:
        return f"{written} is text, because of its quotation marks", advice
    return f"{written} is not a number", advice


def quoted(place: Place | None, value: Any) -> str:
    """The value as the planner wrote it, shortened, for use inside a sentence."""
    if isinstance(value, dict):
        return "a group of fields"
    if isinstance(value, list):
        return "a list"
    text = place.text if place and place.text is not None else str(value)
    return f"'{visible(text, 40)}'"


def in_order(faults: Iterable[Fault], files: list[str]) -> list[Fault]:
    """The faults without repetition, in the order of the files and then of their lines."""
    place = {name: index for index, name in enumerate(files)}
    distinct = list(dict.fromkeys(faults))
    return sorted(distinct, key=lambda f: (place.get(f.file, len(files)), f.line, f.column))


THOUSANDS = re.compile(r"[-+]?[1-9][0-9]{0,2}\.[0-9]{3}")
_GROUPED = re.compile(r"[-+]?[0-9]{1,3}(_[0-9]{3})*(\.[0-9_]*)?([eE].*)?")
_NUMERIC = re.compile(r"[-+0-9_.eE]+")


def meant_otherwise(
    document: Document, limits: Callable[[KeyPath], Range | None] | None = None
) -> Iterator[Problem]:
    """Numbers of a file that could be another number: 750.000, 75_0000.

    limits  what a number at a path may be, None where none belongs; None: as in a scenario
    """
    for path, place in document.places.items():
        if place.text is None or place.quoted or not _NUMERIC.fullmatch(place.text):
            continue
        if THOUSANDS.fullmatch(place.text):
            yield from _by_dot(path, place.text, (limits or _of_field)(path))
        elif "_" in place.text and not _GROUPED.fullmatch(place.text):
            value = plain_value(place.text.replace("_", ""))
            if not isinstance(value, int | float):
                continue
            grouped = _with_one_meaning(value)
            bare = grouped.replace("_", "")
            advice = f"write {bare} or {grouped}" if grouped != bare else f"write {bare}"
            advice = advice if bare.strip("-+.0123456789") == "" else "write it without _"
            yield Problem(path, f"'{place.text}' is not grouped by thousands", advice)


def _with_one_meaning(value: float) -> str:
    """The number as a file may hold it: with a fourth decimal, which divides no thousands."""
    text = number_text(value)
    return f"{text}0" if THOUSANDS.fullmatch(text) else text


def _by_dot(path: KeyPath, text: str, limits: Range | None) -> Iterator[Problem]:
    """A dot before three digits divides thousands too, where so large a number could stand."""
    as_read, thousands = float(text), int(text.replace(".", ""))
    if limits is None or (limits.maximum is not None and abs(thousands) > limits.maximum):
        return
    small = _with_one_meaning(as_read)
    message = f"{text} is read as {number_text(as_read)}, and could mean {number_text(thousands)}"
    yield Problem(path, message, f"write {small} or {number_text(thousands)}")


def _of_field(path: KeyPath) -> Range | None:
    """The range of a field: what the timeline sets is named inside it, whole or by section."""
    return range_of(dotted(path[3:] if path[:1] == ("timeline",) else path))


def anywhere(path: KeyPath) -> Range:
    """Of files whose numbers stand at names of their own: the range of a field named on the way."""
    named = (range_of(part) for part in path if isinstance(part, str))
    return next((each for each in named if each), Range("", None, None))


def number_of(text: str, whole: bool = False, least: int | None = None) -> int | float:
    """The number of a text by the rules of a file.

    Raises ValueError, with what to write, where it is none, could be another or is too small.
    """
    place = Place("", 0, 0, text)
    for problem in meant_otherwise(Document(places={(): place}), anywhere):
        raise ValueError(f"{problem.message}; {problem.allowed}")
    value = plain_value(text)
    if not isinstance(value, int if whole else int | float) or value - value != 0:
        message, allowed = not_a_number("int_type" if whole else "float_type", "", value, place)
        raise ValueError(f"{message}; {allowed}")
    if least is not None and value < least:
        raise ValueError(f"{number_text(value)} is too small; at least {least}")
    return value
