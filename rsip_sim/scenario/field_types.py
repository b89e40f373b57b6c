"""The types of single values in a scenario file, each with the words for one that will not do."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainValidator
from pydantic_core import PydanticKnownError

from rsip_sim.evidence.months import MONTH_PATTERN, month_text, parse_month
from rsip_sim.model import policy
from rsip_sim.scenario.ranges import LONGEST_RUN, planner_error, refuse_outside
from rsip_sim.scenario.reading import visible

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


def _short(text: str) -> str:
    return _one_line(text, LONGEST_SHORT)


def _description(text: str) -> str:
    if len(text) > LONGEST_DESCRIPTION:
        raise planner_error("is too long", f"at most {LONGEST_DESCRIPTION} characters")
    return text.strip()


def _reason(text: str) -> str:
    if not text.strip():
        raise planner_error("is empty", "a few words, or delete the line")
    if len(text) > LONGEST_REASON:
        raise planner_error("is too long", f"at most {LONGEST_REASON} characters")
    return " ".join(text.split())


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
Short = Annotated[str, AfterValidator(_short)]
Reason = Annotated[str, AfterValidator(_reason)]
Text = Annotated[str, AfterValidator(_description)]
Uncertain = Annotated[
    policy.Drawn,
    PlainValidator(_drawn_or_held, json_schema_input_type=policy.Drawn),
]
ServiceMoney = Annotated[
    Literal["observed"] | float,
    PlainValidator(_service_money, json_schema_input_type=Literal["observed"] | float),
]
Openings = Annotated[
    list[Annotated[float, AfterValidator(_opening)]], Field(min_length=1, max_length=LONGEST_RUN)
]
