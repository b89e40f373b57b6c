"""The levers as fields of a form, from their rows, the schema and the parameter register."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from rsip_sim.model.policy import UNCERTAIN
from rsip_sim.scenario.changing import value_problems
from rsip_sim.scenario.levers import LEVERS, LeverRow, between
from rsip_sim.scenario.ranges import Range, bound_words, range_of
from rsip_sim.scenario.reading import Document
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS

Kind = Literal["number", "choice", "truth", "month", "file"]

HEADINGS = {
    1: "The levers that matter first",
    2: "More levers",
    3: "What nobody here decides, for both policies",
}
"""Of the levers of each rank; a lever of the last is set for both policies alike."""

_POSITIONS = 200  # of a slider, about
_FEW = 12  # whole numbers that a list can offer one by one
_DRAWN = {UNCERTAIN: "uncertain: drawn for each future", "observed": "as observed"}


@dataclass(frozen=True)
class Slider:
    """A slider's ends and the width of its steps, in the unit of its lever."""

    low: float
    high: float
    step: float


@dataclass(frozen=True)
class Field:
    """One lever on the form.

    path      dotted path in a scenario file
    label     what a reader calls it
    rank      as of its row; those of the last are set for both policies
    kind      how it is set; file: in the scenario file alone
    what      what it is, in a sentence or two
    unit      of a number, '' for none
    accepted  what may stand there, in words;  evidence: the range met in evidence, or ''
    choices   values that a list offers, with their words
    word      the word that may stand instead of a number, or ''
    whole     whether a number is a whole one;  yes: what a truth is called where it holds
    """

    path: str
    label: str
    rank: int
    kind: Kind
    what: str
    unit: str = ""
    accepted: str = ""
    evidence: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    word: str = ""
    whole: bool = False
    yes: str = "yes"

    @property
    def id(self) -> str:
        """What stands for it in the page's own names."""
        return self.path.replace(".", "-").replace("_", "-")

    @property
    def word_means(self) -> str:
        """The word that may stand instead of a number, as it is shown."""
        return _DRAWN.get(self.word, self.word)

    @property
    def for_both(self) -> bool:
        """Whether a value of it holds for both policies."""
        return self.rank == max(HEADINGS)

    def slider(self, *values: float) -> Slider | None:
        """A slider about the range met in evidence that reaches these values; None without bounds.

        It reaches as far beyond the evidence on either side as the evidence is wide, and nowhere
        beyond what is accepted.
        """
        limits = range_of(self.path)
        if self.kind != "number" or limits is None:
            return None
        low, high = _reach(limits)
        inside = [each for each in values if limits.minimum is None or each >= limits.minimum]
        inside = [each for each in inside if limits.maximum is None or each <= limits.maximum]
        low, high = min([low, *inside]), max([high, *inside])
        step = _nice((high - low) / _POSITIONS)
        if self.whole:
            step = max(1, round(step))
        low = math.floor(round(low / step, 6)) * step
        if limits.minimum is not None and low < limits.minimum:
            low += step
        return Slider(_plain(low), _plain(math.ceil(round(high / step, 6)) * step), _plain(step))


@cache
def fields() -> tuple[Field, ...]:
    """Every lever, those that matter first."""
    return tuple(sorted((_field(row) for row in LEVERS.values()), key=lambda each: each.rank))


def _field(row: LeverRow) -> Field:
    section, _, name = row.path.rpartition(".")
    described = MODELS[section].model_fields[name]
    what = " ".join((described.description or "").split())
    kinds = set(_kinds(described.annotation))
    words = [each for each in _words(described.annotation) if each != "table"]
    limits = range_of(row.path)
    if row.path in MODELS:
        return Field(row.path, row.label, row.rank, "file", what)
    if bool in kinds:
        yes = row.words.get(True, "yes")
        return Field(row.path, row.label, row.rank, "truth", what, yes=yes)
    if row.path in MONTH_FIELDS:
        accepted = "a month as year-month, such as 2013-04; leave it empty for never"
        return Field(row.path, row.label, row.rank, "month", what, accepted=accepted)
    if limits is None or not kinds & {int, float}:
        choices = tuple((each, row.words.get(each, each)) for each in words)
        return Field(row.path, row.label, row.rank, "choice", what, choices=choices)
    return _number(row, what, limits, int in kinds, words[0] if words else "")


def _number(row: LeverRow, what: str, limits: Range, whole: bool, word: str) -> Field:
    evidence = _from_to(row.path, limits, limits.low, limits.high)
    accepted = _from_to(row.path, limits, limits.minimum, limits.maximum)
    choices = _some_of(row.path, limits) if whole else ()
    kind: Kind = "choice" if choices else "number"
    return Field(
        row.path, row.label, row.rank, kind, what, limits.unit, accepted, evidence, choices, word,
        whole,
    )  # fmt: skip


def _from_to(path: str, limits: Range, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    if limits.is_share:  # which is typed as a fraction
        return bound_words(low, high).removeprefix("from ")
    return between(path, _plain(low), _plain(high), "to")


def _some_of(path: str, limits: Range) -> tuple[tuple[str, str], ...]:
    """The whole numbers that are accepted, where they are few and not all between the bounds."""
    if limits.minimum is None or limits.maximum is None or limits.maximum - limits.minimum > _FEW:
        return ()
    every = range(int(limits.minimum), int(limits.maximum) + 1)
    sound = [each for each in every if not value_problems(path, each, Document(), (path,))]
    return tuple((str(each), str(each)) for each in sound) if len(sound) < len(every) else ()


def _reach(limits: Range) -> tuple[float, float]:
    low, high = limits.minimum, limits.maximum
    if limits.low is not None and limits.high is not None:
        span = limits.high - limits.low
        wide = limits.low - span, limits.high + span
        low = wide[0] if low is None else max(low, wide[0])
        high = wide[1] if high is None else min(high, wide[1])
    return low or 0.0, high or 1.0


def _nice(step: float) -> float:
    """The next 1 or 5 times a power of ten."""
    ten = 10.0 ** math.floor(math.log10(step))
    return next(each * ten for each in (1.0, 5.0, 10.0) if each * ten >= step * 0.999)


def _plain(number: float) -> float:
    rounded = round(number, 9)
    return int(rounded) if rounded == int(rounded) else rounded


def _kinds(annotation: Any) -> list[Any]:
    return [annotation] if not get_args(annotation) else [
        kind for each in get_args(annotation) for kind in _kinds(each)
    ]  # fmt: skip


def _words(annotation: Any) -> list[str]:
    """The words that a field accepts."""
    if get_origin(annotation) is Literal:
        return [str(each) for each in get_args(annotation)]
    return [word for each in get_args(annotation) for word in _words(each)]
