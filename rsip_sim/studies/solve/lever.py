"""A number of a scenario that a planner can turn, and the values of it that a search may try."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.runs import FloatArray
from rsip_sim.scenario import ChangeError, Scenario, with_values
from rsip_sim.scenario.changing import check_fields
from rsip_sim.scenario.levers import PARAMETERS, field_label, value_text
from rsip_sim.scenario.ranges import Range, bound_words, range_of
from rsip_sim.scenario.schema import MODELS
from rsip_sim.scenario.settings import is_drawn, varied_from
from rsip_sim.studies.kernel.asking import refusal

COARSE_STEPS = 10
"""Steps, at most, of the first pass over a range."""

FINE_STEPS = 50
"""Steps of the finest grid within one step of the first pass: no value between them is tried."""

_ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_ROUND_WHOLE = (1, 2, 3, 4, 6, 12, 24)  # quarters, thirds and halves of a year


@dataclass(frozen=True)
class Lever:
    """One numeric field of a scenario with the values to try.

    path    dotted path; label: what a reader calls it
    values  float array, ascending: every value that may be tried, the ends of the range included
    first   places in `values` of the first pass, the ends included
    own     the scenario's own value, the median where it draws one, None where it changes over
            time, is no number, or is the register's and not the scenario's
    drawn   whether the scenario draws the value anew in each future
    """

    path: str
    label: str
    whole: bool
    values: FloatArray
    first: tuple[int, ...]
    own: float | None
    drawn: bool = False

    @property
    def own_words(self) -> str:
        """What the own value is: ``as written``, or ``median``."""
        return "median" if self.drawn else "as written"

    @property
    def low(self) -> float:
        """Lower end of the range."""
        return float(self.values[0])

    @property
    def high(self) -> float:
        """Upper end of the range."""
        return float(self.values[-1])

    @property
    def noun(self) -> str:
        """What a sentence calls it: ``partnership earmark``, ``value of exit_yearly``."""
        if self.path.startswith(PARAMETERS):
            return f"value of {self.path.removeprefix(PARAMETERS)}"
        first, *rest = self.label.split(" ")
        proper = first.isupper() or any(word[0].isupper() for word in rest)
        return self.label if proper else self.label[0].lower() + self.label[1:]

    def text(self, value: float) -> str:
        """A value with its unit: ``£260,000 a year``, ``24 months``; a parameter's, if short."""
        limits = range_of(self.path)
        spoken = limits and limits.unit.startswith(("£", "share", "per cent", "months"))
        if self.path.startswith(PARAMETERS) and not spoken:
            return f"{value:g}"
        return value_text(self.path, self.given(value))

    def short(self, value: float) -> str:
        """A value for an axis or a table whose heading says the unit: ``£260,000``, ``24``."""
        return self.text(value).split(" ")[0]

    def between(self, low: float, high: float) -> str:
        """Two values with their common unit once: ``£0 to £860,000 a year``."""
        return f"{self.short(low)} to {self.text(high)}"

    @property
    def heading(self) -> str:
        """Label and unit, for an axis or a table: ``Partnership earmark (£ a year)``."""
        name = self.path.removeprefix(PARAMETERS)
        label = self.label if name == self.path else f"{name}: {self.label}"
        limits = range_of(self.path)
        unit = limits.unit if limits else ""
        if unit.startswith("share"):
            unit = "%" + unit.removeprefix("share")
        elif unit.startswith("per cent"):
            unit = "%" + unit.removeprefix("per cent")
        return f"{label} ({unit})" if unit else label

    def given(self, value: float) -> int | float:
        """The value as a scenario file would give it."""
        return int(value) if self.whole else float(value)


def lever_of(
    scenario: Scenario, path: str, low: float | None = None, high: float | None = None
) -> Lever:
    """The lever at a path of this scenario, from low to high.

    low, high  None: where the register's evidence begins and ends, or where it has none, the
               bounds of what a scenario accepts

    Raises ChangeError where no field has the path, AskedError where it is no number or the range
    holds no two values that the scenario could have.
    """
    whole = check_lever(path)
    start, end = _range(scenario, path, low, high)
    if not start < end:
        raise refusal(f"the range from {start:g} to {end:g} is empty", "begin below its end")
    own = _own(scenario, path)
    values = _grid(start, end, whole, own)
    if whole:
        values = np.array([value for value in values if _possible(scenario, path, int(value))])
    else:
        for value in (start, end):
            with_values(scenario, {path: value})
    if len(values) < 2:
        raise refusal(f"'{path}' has no two values here that the scenario could have")
    chosen = _rounded(float(values[0]), float(values[-1]), whole, COARSE_STEPS)
    if own is not None and values[0] <= own <= values[-1]:
        chosen.append(own)
    first = {int(np.abs(values - value).argmin()) for value in chosen}
    return Lever(
        path, field_label(path), whole, values, tuple(sorted(first)), own, is_drawn(scenario, path)
    )


def check_lever(path: str) -> bool:
    """Whether the lever takes whole numbers only.

    Raises ChangeError where no field has the path, AskedError where it takes no numbers.
    """
    check_fields([path])
    if path.startswith(PARAMETERS):
        name, register = path.removeprefix(PARAMETERS), load_register()
        whole, number = False, name not in register.structures
        number = number and not isinstance(register[name].value, tuple)
    else:
        section, _, name = path.rpartition(".")
        annotation = MODELS[section].model_fields[name].annotation
        kinds = get_args(annotation) or (annotation,)
        whole, number = int in kinds, int in kinds or float in kinds
    if not number:
        compare = "compare scenarios that differ in it with 'rsip compare'"
        raise refusal(f"'{path}' is not one number", compare)
    return whole


def _range(
    scenario: Scenario, path: str, low: float | None, high: float | None
) -> tuple[float, float]:
    """The ends given; else those of the evidence, and where it has none, of what is accepted."""
    limits = range_of(path) or Range("", None, None)
    forced = scenario.resolved["force_parameters"]
    held = path.startswith(PARAMETERS) and not forced  # without evidence it has its value alone
    if path.startswith(PARAMETERS) and forced:
        parameter = load_register()[path.removeprefix(PARAMETERS)]
        limits = Range(parameter.unit, parameter.minimum, parameter.maximum)
    met = limits.low is not None and limits.low != limits.high
    start, end = (limits.low, limits.high) if met or held else (limits.minimum, limits.maximum)
    start, end = (start if low is None else low), (end if high is None else high)
    if start is None or end is None:
        raise refusal(
            f"'{path}' has no range of its own ({bound_words(limits.minimum, limits.maximum)})",
            "give both ends; a parameter without a range needs force_parameters: true",
        )
    return float(start), float(end)


def _own(scenario: Scenario, path: str) -> float | None:
    if any(path in entry["set"] for entry in scenario.resolved["timeline"]):
        return None
    value: Any = varied_from(scenario, path)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _grid(low: float, high: float, whole: bool, own: float | None) -> FloatArray:
    """Every value that may be tried."""
    if whole:
        return np.arange(math.ceil(low), math.floor(high) + 1, dtype=np.float64)
    step = _round_step(high - low, COARSE_STEPS) / FINE_STEPS
    inside = _multiples(low, high, step)
    ends = [low, high] if own is None or not low < own < high else [low, own, high]
    return np.unique(np.concatenate([inside, ends]))


def _rounded(low: float, high: float, whole: bool, most: int) -> list[float]:
    """Roundly spaced values from low to high, both included, at most so many steps apart."""
    if whole:
        wide = (step for step in _ROUND_WHOLE if (high - low) / step <= most)
        step = float(next(wide, math.ceil((high - low) / most)))
    else:
        step = _round_step(high - low, most)
    values = [low, *_multiples(low, high, step), high]
    if len(values) - 1 > most:  # the ends are off the grid: one long step instead of two short ones
        del values[1]
    return values


def _round_step(span: float, most: int) -> float:
    """The smallest round step that crosses the span in at most so many."""
    power = 10.0 ** math.floor(math.log10(span / most))
    steps = (power * factor * scale for scale in (1, 10) for factor in _ROUND)
    return next(step for step in steps if span / step <= most * (1 + 1e-9))


def _multiples(low: float, high: float, step: float) -> FloatArray:
    """The multiples of the step strictly between low and high, without dust in the last digits."""
    counts = np.arange(math.floor(low / step + 1e-9) + 1, math.ceil(high / step - 1e-9))
    digits = max(0, 3 - math.floor(math.log10(step)))
    return np.round(counts * step, digits)


def _possible(scenario: Scenario, path: str, value: int) -> bool:
    """Whether the scenario could have this value."""
    try:
        with_values(scenario, {path: value})
    except ChangeError:
        return False
    return True
