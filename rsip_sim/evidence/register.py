"""The parameter register: every number the model rests on, its range, its unit and its source.

The register is `register.yaml`, beside this file. Low and high are the 5 % and 95 % points of
what the evidence leaves open; minimum and maximum are the bounds outside which a value makes no
sense. A lever is named by its path in a scenario file, and its low and high are the range seen
in evidence. What a planner chooses is never drawn; a lever that nobody local chooses has a
distribution, and a scenario may say that it is uncertain. A structure is a rule that neither law
nor evidence settles: its value is a name, and so are its alternatives.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import ArrayLike, NDArray

from rsip_sim.evidence.faults import did_you_mean
from rsip_sim.evidence.register_names import line_of, wrong_names

PATH = Path(__file__).parent / "register.yaml"
DISTRIBUTIONS = ("fixed", "normal", "lognormal", "logit", "uniform")
KINDS = ("lever", "uncertainty", "constant")
STRUCTURE = "structure"
AMOUNTS = ("£", "£ a year")
"""Units of pounds of a whole authority; prices are of a pupil, a school, a post or a day."""
GRADES = ("strong", "moderate", "weak", "none")
NORMAL_95 = 1.6448536269514722  # the 95 % point of the standard normal distribution


class RegisterError(ValueError):
    """The register itself is malformed; the message names the entry and what is wrong with it."""


@dataclass(frozen=True)
class Fact:
    """One piece of evidence: what was found, in our words, and where it was published."""

    text: str
    source: str


@dataclass(frozen=True)
class Parameter:
    """One entry of the register.

    name, label       the name in code and files, and the name a planner reads
    value             the central value (the median); a tuple for a table of constants
    low, high         5 % and 95 % points; for a lever the range met in evidence; None for none
    distribution      fixed, normal, lognormal, logit or uniform; of a lever, how it is drawn where
                      a scenario says it is uncertain
    minimum, maximum  hard bounds, None for none
    unit              the unit of all of these
    kind              lever (a planner sets it), uncertainty (drawn) or constant
    facts             the evidence; empty only where grade is "none"
    grade             quality of the evidence: strong, moderate, weak or none
    note              what else a reader should know, or ''
    """

    name: str
    label: str
    value: float | tuple[float, ...]
    low: float | None
    high: float | None
    distribution: str
    minimum: float | None
    maximum: float | None
    unit: str
    kind: str
    facts: tuple[Fact, ...]
    grade: str
    note: str

    @property
    def is_amount(self) -> bool:
        """Whether it is pounds of the whole authority, which mean little without its size."""
        return self.unit in AMOUNTS

    def quantile(self, u: ArrayLike) -> NDArray[np.float64]:
        """Values at the probabilities u (any shape, 0 < u < 1), clipped to the hard bounds.

        The distribution has two pieces that meet in the median, `value`; `low` is its 5 % point
        and `high` its 95 % point. A fixed parameter has its value at every probability.
        TypeError for a table of constants.
        """
        if isinstance(self.value, tuple):
            raise TypeError(f"'{self.name}' is a table of constants and has no distribution")
        probability = np.asarray(u, dtype=np.float64)
        if self.distribution == "fixed" or self.low is None or self.high is None:
            return np.full(probability.shape, self.value)
        score = _score(self.distribution, probability)
        low, middle, high = (
            _to_scale(self.distribution, x) for x in (self.low, self.value, self.high)
        )
        step = np.where(score > 0, high - middle, middle - low)
        values = _from_scale(self.distribution, middle + score * step)
        lowest = -math.inf if self.minimum is None else self.minimum
        highest = math.inf if self.maximum is None else self.maximum
        return np.clip(values, lowest, highest)


def _score(distribution: str, probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distance from the median, −1 at 5 % and 1 at 95 %."""
    if distribution == "uniform":
        return (probability - 0.5) / 0.45
    from scipy.special import ndtri  # imported here: it would slow every command's start

    return np.asarray(ndtri(probability) / NORMAL_95, dtype=np.float64)


def _to_scale(distribution: str, value: float) -> float:
    if distribution == "lognormal":
        return math.log(value)
    if distribution == "logit":
        return math.log(value / (1 - value))
    return value


def _from_scale(distribution: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    if distribution == "lognormal":
        return np.exp(values)
    if distribution == "logit":
        return np.asarray(1 / (1 + np.exp(-values)), dtype=np.float64)
    return values


@dataclass(frozen=True)
class Structure:
    """A rule of the model that neither law nor evidence settles, with its alternatives.

    name, label   the name in code and files, and the name a planner reads
    value         the name of the model's own rule
    meaning       what that rule is, as a sentence
    alternatives  named rule → what then holds, as a sentence
    mechanism     what the rule is called as a way in which a policy acts; '' where it is none
    switched_off  the alternative without that mechanism; '' where it is none
    facts, grade, note   as of a Parameter
    """

    name: str
    label: str
    value: str
    meaning: str
    alternatives: Mapping[str, str]
    mechanism: str
    switched_off: str
    facts: tuple[Fact, ...]
    grade: str
    note: str

    @property
    def values(self) -> tuple[str, ...]:
        """Every named value, the model's own first."""
        return (self.value, *self.alternatives)


class Register:
    """The parameters in file order, by name; `digest` is the sha256 of the file's bytes.

    structures  the rules with alternatives, by name; they are no numbers and no part of iteration
    """

    def __init__(
        self, parameters: tuple[Parameter, ...], digest: str, structures: tuple[Structure, ...] = ()
    ) -> None:
        """Hold parameters with distinct names."""
        self._by_name = {each.name: each for each in parameters}
        self.structures = {each.name: each for each in structures}
        self.digest = digest

    def __getitem__(self, name: str) -> Parameter:
        """The parameter of that name; KeyError with the nearest name."""
        try:
            return self._by_name[name]
        except KeyError:
            hint = did_you_mean(name, self._by_name)
            raise KeyError(f"no parameter is named '{name}'{hint}") from None

    def __iter__(self) -> Iterator[Parameter]:
        """The parameters in the order of the file."""
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        """Whether there is a parameter of that name."""
        return name in self._by_name

    def uncertain(self) -> tuple[Parameter, ...]:
        """The parameters that are drawn from a range."""
        return tuple(each for each in self if each.kind == "uncertainty")

    def levers(self) -> tuple[Parameter, ...]:
        """The levers a scenario sets, named by their path in its file."""
        return tuple(each for each in self if each.kind == "lever")

    def drawn_levers(self) -> tuple[Parameter, ...]:
        """The levers that a scenario may say are uncertain."""
        return tuple(each for each in self.levers() if each.distribution != "fixed")

    def mechanisms(self) -> tuple[Structure, ...]:
        """The rules that are ways in which a policy acts and can be switched off."""
        return tuple(each for each in self.structures.values() if each.switched_off)


@cache
def load_register() -> Register:
    """The register of the package, read once; RegisterError, with the line, if it is malformed."""
    data = b""
    try:
        data = PATH.read_bytes()
        register = register_from_bytes(data)
        messages = [*wrong_names([*(each.name for each in register), *register.structures])]
    except OSError as error:
        messages = [f"cannot be read ({error.strerror})"]
    except RegisterError as error:
        messages = [str(error)]
    if not messages:
        return register
    text = data.decode("utf-8", errors="replace")
    places = ((line_of(text, message), message) for message in messages)
    raise RegisterError(
        "\n".join(f"{PATH}:{line}: {each}" if line else f"{PATH}: {each}" for line, each in places)
    )


def register_from_bytes(data: bytes) -> Register:
    """A register from the bytes of its file; RegisterError names the entry that is wrong."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        content = yaml.load(data, loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise RegisterError(f"the register cannot be read: {error}") from error
    if not isinstance(content, dict) or set(content) != {"sources", "parameters"}:
        raise RegisterError("the register must hold 'sources' and 'parameters' and nothing else")
    sources, entries = content["sources"], content["parameters"]
    if not isinstance(sources, dict) or not all(isinstance(s, str) for s in sources.values()):
        raise RegisterError("'sources' must give one text for each key")
    if not isinstance(entries, list) or not entries:
        raise RegisterError("'parameters' must be a list of entries")
    found = tuple(_entry(place, entry, sources) for place, entry in enumerate(entries, start=1))
    _check_whole(found, sources)
    parameters = tuple(each for each in found if isinstance(each, Parameter))
    structures = tuple(each for each in found if isinstance(each, Structure))
    return Register(parameters, hashlib.sha256(data).hexdigest(), structures)


def _check_whole(entries: tuple[Parameter | Structure, ...], sources: Mapping[str, str]) -> None:
    seen: set[str] = set()
    for each in entries:
        if each.name in seen:
            raise RegisterError(f"'{each.name}' stands twice in the register")
        seen.add(each.name)
    used = {fact.source for each in entries for fact in each.facts}
    for key, text in sources.items():
        if text not in used:
            raise RegisterError(f"source '{key}' is not used by any fact")


def _entry(place: int, entry: object, sources: Mapping[str, str]) -> Parameter | Structure:
    if not isinstance(entry, dict):
        raise RegisterError(f"entry {place} of the register is not a mapping")
    where = f"entry {place} of the register ('{entry.get('name', 'no name')}')"
    is_rule = entry.get("kind") == STRUCTURE
    fields = _OF_STRUCTURE if is_rule else _OF_PARAMETER
    known = (*fields, "kind", "facts")
    for key in entry:
        if key not in known:
            raise RegisterError(f"{where}: unknown key '{key}'{did_you_mean(str(key), known)}")
    values: dict[str, Any] = {"facts": _facts(where, entry.get("facts", []), sources)}
    for key, (read, usual) in fields.items():
        value = entry.get(key, usual)
        if value is ...:
            raise RegisterError(f"{where}: '{key}' is missing")
        try:
            values[key] = read(value)
        except ValueError as error:
            raise RegisterError(f"{where}: '{key}' {error}") from None
    if not values["facts"] and (values["grade"] != "none" or not values["note"]):
        raise RegisterError(f"{where}: without facts the grade is 'none' and a note says why")
    found = Structure(**values) if is_rule else Parameter(**values)
    fault = _fault_of(found)
    if fault:
        raise RegisterError(f"{where}: {fault}")
    return found


def _fault_of(entry: Parameter | Structure) -> str:
    """What is wrong between the values of an entry, or ''."""
    if isinstance(entry, Structure):
        if not entry.alternatives or entry.value in entry.alternatives:
            return f"has no alternative to '{entry.value}'"
        if bool(entry.switched_off) != bool(entry.mechanism):
            return "'mechanism' and 'switched_off' stand together or not at all"
        if entry.switched_off and entry.switched_off not in entry.alternatives:
            return "'switched_off' is none of its alternatives"
        return ""
    values = entry.value if isinstance(entry.value, tuple) else (entry.value,)
    low, high = entry.low, entry.high
    for value in values:
        order = (entry.minimum, low, value, high, entry.maximum)
        present = [each for each in order if each is not None]
        if present != sorted(present):
            return "must have minimum ≤ low ≤ value ≤ high ≤ maximum"
    if (low is None) != (high is None):
        return "low and high come together"
    drawn = entry.distribution != "fixed"
    if drawn != (entry.kind == "uncertainty") and entry.kind != "lever":
        return "an uncertainty has a distribution, and a constant has none"
    if drawn and (low is None or isinstance(entry.value, tuple)):
        return "an uncertainty is one number with low and high"
    if entry.distribution in ("lognormal", "logit") and low is not None and low <= 0:
        return f"low must be above 0 in a {entry.distribution} range"
    if entry.distribution == "logit" and high is not None and high >= 1:
        return "high must be below 1 in a logit range"
    return ""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(value: Any) -> float | None:
    if value is not None and not _is_number(value):
        raise ValueError(f"must be a number, not {value!r}")
    return None if value is None else float(value)


def _value(value: Any) -> float | tuple[float, ...]:
    if isinstance(value, list) and value and all(_is_number(each) for each in value):
        return tuple(float(each) for each in value)
    if not _is_number(value):
        raise ValueError(f"must be a number or a list of numbers, not {value!r}")
    return float(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return value.strip()


def _some_text(value: object) -> str:
    return _text(value) or _text(None)


def _word(*words: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}, not {value!r}")
        return str(value)

    return read


def _sentences(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(
        isinstance(text, str) for pair in value.items() for text in pair
    ):
        raise ValueError("must give a sentence for each name")
    return dict(value)


# how each field of an entry is read, and what it is where it is not given; ...: it must be
_Fields = dict[str, tuple[Callable[[Any], Any], Any]]
_OF_BOTH: _Fields = {
    "name": (_some_text, ...),
    "label": (_some_text, ...),
    "grade": (_word(*GRADES), ...),
    "note": (_text, ""),
}
_OF_PARAMETER: _Fields = _OF_BOTH | {
    "value": (_value, ...),
    "unit": (_some_text, ...),
    "kind": (_word(*KINDS), ...),
    "distribution": (_word(*DISTRIBUTIONS), "fixed"),
    **dict.fromkeys(("low", "high", "minimum", "maximum"), (_number, None)),
}
_OF_STRUCTURE: _Fields = _OF_BOTH | {
    "value": (_some_text, ...),
    "meaning": (_some_text, ...),
    "alternatives": (_sentences, ...),
    **dict.fromkeys(("mechanism", "switched_off"), (_text, "")),
}


def _facts(where: str, facts: object, sources: Mapping[str, str]) -> tuple[Fact, ...]:
    if not isinstance(facts, list):
        raise RegisterError(f"{where}: 'facts' must be a list")
    found: list[Fact] = []
    for fact in facts:
        if not isinstance(fact, dict) or set(fact) != {"fact", "source"}:
            raise RegisterError(f"{where}: each fact has 'fact' and 'source' and nothing else")
        if not isinstance(fact["fact"], str) or fact["source"] not in sources:
            hint = did_you_mean(str(fact["source"]), sources)
            raise RegisterError(f"{where}: source '{fact['source']}' is not defined{hint}")
        found.append(Fact(fact["fact"].strip(), sources[fact["source"]].strip()))
    return tuple(found)
