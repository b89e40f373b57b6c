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
from collections.abc import Iterator, Mapping
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

_REQUIRED = ("name", "label", "value", "unit", "kind", "grade")
_OPTIONAL = ("low", "high", "distribution", "minimum", "maximum", "facts", "note")
_OF_STRUCTURE = ("name", "label", "value", "meaning", "alternatives", "kind", "grade")
_OPTIONAL_OF_STRUCTURE = ("mechanism", "switched_off", "facts", "note")


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
        self,
        parameters: tuple[Parameter, ...],
        digest: str,
        structures: tuple[Structure, ...] = (),
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

    def __len__(self) -> int:
        """Number of parameters."""
        return len(self._by_name)

    @property
    def names(self) -> tuple[str, ...]:
        """All names in the order of the file."""
        return tuple(self._by_name)

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

    def constants(self) -> tuple[Parameter, ...]:
        """The parameters held fixed, tables included."""
        return tuple(each for each in self if each.kind == "constant")


@cache
def load_register() -> Register:
    """The register of the package, read once; RegisterError, with the line, if it is malformed."""
    data = b""
    try:
        data = PATH.read_bytes()
        register = register_from_bytes(data)
        messages = [*wrong_names((*register.names, *register.structures))]
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
    if entry.get("kind") == STRUCTURE:
        _check_keys(where, entry, _OF_STRUCTURE, _OPTIONAL_OF_STRUCTURE)
        return _structure(where, entry, sources)
    _check_keys(where, entry, _REQUIRED, _OPTIONAL)
    return _parameter(where, entry, sources)


def _check_keys(
    where: str, entry: Mapping[str, Any], required: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    known = required + optional
    for key in entry:
        if key not in known:
            raise RegisterError(f"{where}: unknown key '{key}'{did_you_mean(str(key), known)}")
    for key in required:
        if key not in entry:
            raise RegisterError(f"{where}: '{key}' is missing")


def _structure(where: str, entry: Mapping[str, Any], sources: Mapping[str, str]) -> Structure:
    alternatives = entry["alternatives"]
    if not isinstance(alternatives, dict) or not all(
        isinstance(text, str) for pair in alternatives.items() for text in pair
    ):
        raise RegisterError(f"{where}: 'alternatives' must give a sentence for each name")
    structure = Structure(
        name=_text(where, entry, "name"),
        label=_text(where, entry, "label"),
        value=_text(where, entry, "value"),
        meaning=_text(where, entry, "meaning"),
        alternatives=dict(alternatives),
        mechanism=_text(where, entry, "mechanism", ""),
        switched_off=_text(where, entry, "switched_off", ""),
        facts=_facts(where, entry.get("facts", []), sources),
        grade=_word(where, entry, "grade", GRADES),
        note=_text(where, entry, "note", ""),
    )
    if not alternatives or structure.value in alternatives:
        raise RegisterError(f"{where}: has no alternative to '{structure.value}'")
    if bool(structure.switched_off) != bool(structure.mechanism):
        raise RegisterError(f"{where}: 'mechanism' and 'switched_off' stand together or not at all")
    if structure.switched_off and structure.switched_off not in alternatives:
        raise RegisterError(f"{where}: 'switched_off' is none of its alternatives")
    _check_evidence(where, structure)
    return structure


def _parameter(where: str, entry: Mapping[str, Any], sources: Mapping[str, str]) -> Parameter:
    parameter = Parameter(
        name=_text(where, entry, "name"),
        label=_text(where, entry, "label"),
        value=_value(where, entry["value"]),
        low=_number(where, entry, "low"),
        high=_number(where, entry, "high"),
        distribution=_word(where, entry, "distribution", DISTRIBUTIONS, "fixed"),
        minimum=_number(where, entry, "minimum"),
        maximum=_number(where, entry, "maximum"),
        unit=_text(where, entry, "unit"),
        kind=_word(where, entry, "kind", KINDS),
        facts=_facts(where, entry.get("facts", []), sources),
        grade=_word(where, entry, "grade", GRADES),
        note=_text(where, entry, "note", ""),
    )
    _check(where, parameter)
    return parameter


def _check(where: str, parameter: Parameter) -> None:
    values = parameter.value if isinstance(parameter.value, tuple) else (parameter.value,)
    low, high = parameter.low, parameter.high
    for value in values:
        order = (parameter.minimum, low, value, high, parameter.maximum)
        present = [each for each in order if each is not None]
        if present != sorted(present):
            raise RegisterError(f"{where}: must have minimum ≤ low ≤ value ≤ high ≤ maximum")
    if (low is None) != (high is None):
        raise RegisterError(f"{where}: low and high come together")
    drawn = parameter.distribution != "fixed"
    if drawn != (parameter.kind == "uncertainty") and parameter.kind != "lever":
        raise RegisterError(f"{where}: an uncertainty has a distribution, and a constant has none")
    if drawn and (low is None or len(values) != 1 or isinstance(parameter.value, tuple)):
        raise RegisterError(f"{where}: an uncertainty is one number with low and high")
    if parameter.distribution in ("lognormal", "logit") and low is not None and low <= 0:
        raise RegisterError(f"{where}: low must be above 0 in a {parameter.distribution} range")
    if parameter.distribution == "logit" and high is not None and high >= 1:
        raise RegisterError(f"{where}: high must be below 1 in a logit range")
    _check_evidence(where, parameter)


def _check_evidence(where: str, entry: Parameter | Structure) -> None:
    if not entry.facts and (entry.grade != "none" or not entry.note):
        raise RegisterError(f"{where}: without facts the grade is 'none' and a note says why")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(where: str, entry: Mapping[str, Any], key: str) -> float | None:
    value = entry.get(key)
    if value is None:
        return None
    if not _is_number(value):
        raise RegisterError(f"{where}: '{key}' must be a number, not {value!r}")
    return float(value)


def _value(where: str, value: object) -> float | tuple[float, ...]:
    if isinstance(value, list) and value and all(_is_number(each) for each in value):
        return tuple(float(each) for each in value)
    if _is_number(value):
        return float(value)  # type: ignore[arg-type]
    raise RegisterError(f"{where}: 'value' must be a number or a list of numbers, not {value!r}")


def _text(where: str, entry: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = entry.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise RegisterError(f"{where}: '{key}' must be a text")
    return value.strip()


def _word(
    where: str, entry: Mapping[str, Any], key: str, words: tuple[str, ...], default: str = ""
) -> str:
    value = entry.get(key, default)
    if value not in words:
        raise RegisterError(f"{where}: '{key}' must be one of {', '.join(words)}, not {value!r}")
    return str(value)


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
