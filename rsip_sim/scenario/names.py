"""The nearest name for one that does not exist, and the section in which a name belongs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.register import load_register
from rsip_sim.scenario.gone import gone
from rsip_sim.scenario.schema import LEVER_SECTIONS, MODELS

_TOP = "the top level"


@cache
def fields_of(section: str) -> tuple[str, ...]:
    """The fields of the mapping at a dotted path, '' for the top; none for an unknown path."""
    if section not in MODELS:
        return ()
    names = tuple(field.alias or name for name, field in MODELS[section].model_fields.items())
    return names if section else (*names[:3], "extends", *names[3:])


@cache
def lever_paths() -> tuple[str, ...]:
    """Every path a timeline may set: `funding.earmark_gbp_per_year` and so on."""
    return tuple(f"{section}.{name}" for section in LEVER_SECTIONS for name in fields_of(section))


def parameter_names() -> tuple[str, ...]:
    """The register's names that may stand under `parameters`: all but the levers."""
    register = load_register()
    return (*(each.name for each in register if each.kind != "lever"), *register.structures)


def homes(name: str) -> tuple[str, ...]:
    """The sections that have a field of exactly this name."""
    found = tuple(section or _TOP for section in MODELS if name in fields_of(section))
    return found or (("parameters",) if name in parameter_names() else ())


def near(name: str, names: Iterable[str]) -> str:
    """The nearest name, where spelling, a beginning or an ending is shared; else ''."""
    names = tuple(names)
    spelt = nearest(name, names)
    folded = name.casefold().strip("_ ")
    if spelt or len(folded) < 4:
        return spelt
    parts = [each for each in names if each.startswith(folded) or each.endswith(folded)]
    return parts[0] if len(parts) == 1 else ""


def unknown_name(path: str) -> tuple[str, str, str]:
    """Message, what is allowed and the nearest name for a dotted path that does not exist."""
    section, _, name = path.rpartition(".")
    replaced = gone(path)
    if replaced:
        return (*replaced, "")
    if name == "<<":
        return "merge keys are not read in a scenario", "share values with extends:", ""
    if path in lever_paths():  # a dotted name at the top level
        head, _, leaf = path.partition(".")
        return "dotted names belong in the timeline only", f"write {head}: {{{leaf}: …}}", ""
    belongs = homes(name)
    if belongs:
        where = " or ".join(home if home == _TOP else f"`{home}`" for home in belongs)
        preposition = "at" if belongs == (_TOP,) else "under"
        return f"unknown field here; `{name}` belongs {preposition} {where}", "", ""
    siblings = [each for each in fields_of(section) if each != "parameters"]
    suggestion = near(name, siblings)
    if suggestion:
        return "unknown field", "", suggestion
    elsewhere = near(name, [leaf for each in MODELS for leaf in fields_of(each)])
    if elsewhere:
        where = " or ".join(f"`{home}`" for home in homes(elsewhere))
        return "unknown field", f"{where} has a field like it", elsewhere
    return "unknown field", f"one of {', '.join(fields_of(section))}", ""
