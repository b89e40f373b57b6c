"""What each value of a scenario may be: its type and range, and the words for one that will not do.

A lever is looked up in the parameter register by its path in the scenario file. Only numbers
that are no part of the model, such as the number of replications, have their range here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

from rsip_sim.evidence.months import MONTH_PATTERN, month_text, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.model import policy
from rsip_sim.scenario.reading import visible

LONGEST_RUN = 240
LARGEST_SEED = 2**53 - 1  # the largest whole number that every JSON reader keeps exactly


@dataclass(frozen=True)
class Range:
    """The accepted range of a number (None: no bound), and its unit ('' for a bare number).

    low, high  the range met in evidence, None where there is none
    """

    unit: str
    minimum: float | None
    maximum: float | None
    low: float | None = None
    high: float | None = None

    @property
    def is_share(self) -> bool:
        """Whether the number is a fraction that people also write in per cent."""
        return self.unit.startswith("share")

    def words(self) -> str:
        """The accepted range in words: ``from 0 to 120 months``."""
        bounds = bound_words(self.minimum, self.maximum)
        if not self.unit or self.minimum is self.maximum is None:
            return bounds
        plain = self.unit[0].isalpha() and not self.is_share
        return f"{bounds} {self.unit}" if plain else f"{bounds} ({self.unit})"


_FIXED = {
    "horizon_months": Range("months", 1, LONGEST_RUN),
    "run.replications": Range("replications", 1, 1_000_000),
    "run.seed": Range("", 0, LARGEST_SEED),
    "climate.opening_pct_per_month": Range("% of maintained schools a month", 0, 100),
    "cohesion.weights": Range("", 0, 1000),
}


def range_of(path: str) -> Range | None:
    """The range of the number at a dotted path, or None where no number belongs there."""
    section, _, leaf = path.partition(".")
    if section == "parameters" and leaf in load_register():
        held = load_register()[leaf]
        low = held.minimum if held.low is None else held.low
        high = held.maximum if held.high is None else held.high
        return Range(held.unit, low, high, held.low, held.high)
    head = ".".join(path.split(".")[:2])
    for name in (path, head):
        if name in load_register():
            lever = load_register()[name]
            return Range(lever.unit, lever.minimum, lever.maximum, lever.low, lever.high)
        if name in _FIXED:
            return _FIXED[name]
    return None


def refuse_outside(path: str, value: float) -> None:
    """Raise PydanticCustomError where the number is outside the range of its path."""
    allowed = range_of(path)
    if allowed is None:
        return
    if allowed.minimum is not None and value < allowed.minimum:
        raise planner_error(f"{number_text(value)} is too small", allowed.words())
    if allowed.maximum is not None and value > allowed.maximum:
        raise planner_error(f"{number_text(value)} is too large", allowed.words())


def planner_error(message: str, allowed: str = "", suggestion: str = "") -> PydanticCustomError:
    """An error for use in validators that already has the words a planner will read."""
    context = {"message": message, "allowed": allowed, "suggestion": suggestion}
    return PydanticCustomError("planner", "{message}", context)


def bound_words(low: float | None, high: float | None) -> str:
    """Bounds in words: ``from 0 to 120``, ``at least 0``, ``at most 120``, ``any number``."""
    if low is None and high is None:
        return "any number"
    if high is None:
        return f"at least {number_text(low)}"
    return f"{f'from {number_text(low)} to' if low is not None else 'at most'} {number_text(high)}"


def number_text(value: float | None) -> str:
    """The number as one would write it in a scenario: ``750_000``, ``0.5``."""
    if value is None:
        return ""
    if abs(value) >= 1e16:
        return f"{float(value):g}"
    whole = int(value)
    if value == whole:
        return f"{whole:_}" if abs(whole) >= 10_000 else str(whole)
    return repr(float(value))


FIRST_MONTH, LAST_MONTH = parse_month("2010-09"), parse_month("2030-12")
LONGEST_TITLE, LONGEST_SHORT, LONGEST_DESCRIPTION, LONGEST_REASON = 120, 16, 2000, 300


def _month(text: str) -> str:
    allowed = "write a month as year-month, such as 2011-04"
    try:
        number = parse_month(text)
    except ValueError:
        raise planner_error(f"'{visible(text)}' is not a month", allowed) from None
    if not FIRST_MONTH <= number <= LAST_MONTH + LONGEST_RUN:
        first, last = month_text(FIRST_MONTH), month_text(LAST_MONTH)
        raise planner_error(f"{text} is too far away", f"from {first} to {last}")
    return text


def checked_title(text: str) -> str:
    """The title without white space around it; PydanticCustomError where it is none."""
    if not text.strip():
        raise planner_error("is empty", "a few words that name the policy")
    return _one_line(text, LONGEST_TITLE)


def _author(text: str) -> str:
    if not text.strip():
        raise planner_error("is empty", "a name, or delete the line")
    return _one_line(text, LONGEST_TITLE)


def _one_line(text: str, longest: int) -> str:
    """The text without white space around it; a line break at its end is none inside it."""
    text = text.strip()
    if "\n" in text or len(text) > longest:
        long = f"one line of at most {longest} characters"
        raise planner_error("is too long" if len(text) > longest else "has several lines", long)
    return text


def _text(text: str, longest: int = LONGEST_DESCRIPTION) -> str:
    if len(text) > longest:
        raise planner_error("is too long", f"at most {longest} characters")
    return text.strip()


def _reason(text: str) -> str:
    if not text.strip():
        raise planner_error("is empty", "a few words, or delete the line")
    return " ".join(_text(text, LONGEST_REASON).split())


def _service_money(value: Any) -> Any:
    allowed = "write observed, or £ per pupil a year"
    if value == "observed":
        return value
    if isinstance(value, str) or value is None:
        raise planner_error(
            f"'{visible(value)}' is not understood" if value else "has no value", allowed
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        raise planner_error("is not a number", allowed)
    refuse_outside("funding.service_money", value)
    return float(value)


def _drawn_or_held(value: Any) -> Any:
    """A number, whose range is checked with its field, or the word that has it drawn."""
    if value == policy.UNCERTAIN:
        return value
    if isinstance(value, str) and not any(character.isdigit() for character in value):
        allowed = f"write {policy.UNCERTAIN}, or a number"
        raise planner_error(f"'{visible(value)}' is not understood", allowed)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise PydanticKnownError("float_type")
    if value - value != 0:
        raise PydanticKnownError("finite_number")
    return float(value)


def _opening(value: float) -> float:
    refuse_outside("climate.opening_pct_per_month", value)
    return value


Month = Annotated[str, AfterValidator(_month), Field(json_schema_extra={"pattern": MONTH_PATTERN})]
Title = Annotated[str, AfterValidator(checked_title)]
Author = Annotated[str, AfterValidator(_author)]
Line = Annotated[str, AfterValidator(partial(_one_line, longest=LONGEST_TITLE))]
Short = Annotated[str, AfterValidator(partial(_one_line, longest=LONGEST_SHORT))]
Reason = Annotated[str, AfterValidator(_reason)]
Text = Annotated[str, AfterValidator(_text)]
Uncertain = Annotated[
    policy.Drawn, PlainValidator(_drawn_or_held, json_schema_input_type=policy.Drawn)
]
ServiceMoney = Annotated[
    Literal["observed"] | float,
    PlainValidator(_service_money, json_schema_input_type=Literal["observed"] | float),
]
Openings = Annotated[
    list[Annotated[float, AfterValidator(_opening)]], Field(min_length=1, max_length=LONGEST_RUN)
]
