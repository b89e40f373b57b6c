"""What an option that a command does not know may have been meant for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

_MOST = 3  # fields that are named
_FEWEST = 4  # letters of a name that may stand for another
_ALIKE = 0.8
_ITEMS = ("timeline", "climate.opening_pct_per_month")  # whose fields stand in lists and tables


def belongs(option: str, options: Mapping[str, Iterable[str]]) -> str:
    """Where what was asked for is set: in a scenario file, or by another command; '' if nowhere.

    option   as it was typed;  options: of every command, by its name
    """
    from rsip_sim.scenario.names import fields_of
    from rsip_sim.scenario.schema import MODELS

    flag = option.partition("=")[0]
    name = flag.strip("-").replace("-", "_").rpartition(".")[2]
    has_it = [f"'rsip {command}'" for command, flags in options.items() if flag in flags]
    if has_it:
        return f"it is an option of {', '.join(has_it)}"
    if name in _gone():
        return ", ".join(_gone()[name])
    if name in MODELS and name not in _fields():
        return f"set in a scenario file: {name}: {{{', '.join(fields_of(name))}}}"
    found = _paths(name)
    return f"set in a scenario file: {' or '.join(map(_written, found))}" if found else ""


def _paths(name: str) -> list[str]:
    """The fields of this name, else those whose label says it, else the one of nearly this name."""
    from rsip_sim.scenario.levers import LEVERS

    fields, word = _fields(), name.replace("_", " ").casefold()
    if name in fields or len(word) < _FEWEST:
        return fields.get(name, [])
    said = [path for path, row in LEVERS.items() if f" {word} " in f" {row.label.casefold()} "]
    begun = [each for each in fields if each.startswith(name)]
    alike = get_close_matches(name, fields, 1, _ALIKE)
    near = begun if len(begun) == 1 else alike
    return said[:_MOST] or [path for each in near for path in fields[each]]


def _fields() -> dict[str, list[str]]:
    """The paths of a scenario file by their last name."""
    from rsip_sim.scenario.names import fields_of, parameter_names
    from rsip_sim.scenario.schema import MODELS

    found: dict[str, list[str]] = {}
    for section in MODELS:
        for name in fields_of(section) if section not in _ITEMS else ():
            found.setdefault(name, []).append(f"{section}.{name}".strip("."))
    for name in parameter_names():
        found.setdefault(name, []).append(f"parameters.{name}")
    return {name: paths for name, paths in found.items() if name not in MODELS}


def _written(path: str) -> str:
    section, _, name = path.rpartition(".")
    return f"{section}: {{{name}: …}}" if section else f"{name}: …"


def _gone() -> dict[str, tuple[str, str]]:
    """What took the place of the fields, parameters and metrics of earlier editions."""
    from rsip_sim.scenario.names import FIELDS, METRICS, PARAMETERS

    fields = {path.rpartition(".")[2]: told for path, told in FIELDS.items()}
    return {**METRICS, **PARAMETERS, **fields}
