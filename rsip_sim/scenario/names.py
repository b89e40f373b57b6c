"""The nearest name for one that does not exist, where a name belongs, and names long gone."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from rsip_sim.evidence.faults import nearest
from rsip_sim.evidence.register import load_register
from rsip_sim.scenario.schema import LEVER_SECTIONS, MODELS

FIELDS: dict[str, tuple[str, str]] = {
    "funding.traded_income": (
        "has gone: spare days of lead schools are no longer sold by themselves",
        "write support: {sold_beyond_share: …}, or delete the line",
    ),
}
PARAMETERS: dict[str, tuple[str, str]] = {
    "council_loss_share": (
        "has gone: the service shrinks with the pupils who leave the council",
        "write ses_follows_pupils, a share from 0.2 to 0.9",
    ),
    "ses_floor_gbp": (
        "has gone: the service has a core of statutory work, which gives schools no days",
        "write ses_core_gbp, £ a year",
    ),
    "traded_take_up": (
        "has gone: how many days are sold beyond the borough is a lever",
        "write support: {sold_beyond_share: …}",
    ),
    "renewal_pressure": (
        "has gone: the earmark is grant, and no longer presses on the council's money",
        "delete the line",
    ),
}
METRICS: dict[str, tuple[str, str]] = {
    "atomised": (
        "has gone: it counted every school outside partnership, trust and diocese",
        "use alone, the academies alone",
    ),
    "cohesion_core": (
        "has gone: cohesion itself is without membership, from 0 to 100",
        "use cohesion",
    ),
    "council_cost": (
        "has gone: it counted a smaller service as a saving",
        "use price_council; price_schools and service stand beside it",
    ),
    "envelope": (
        "has gone: school grant and the council's own money are two pots",
        "use ses, what the council has for its service",
    ),
    "external_share": (
        "has gone: it mixed what the partnership commissions with what schools buy",
        "use bought_by_schools or commissioned",
    ),
    "pressure": (
        "has gone: the earmark is grant, and no longer presses on the council's money",
        "use ses, what the council has for its service",
    ),
}


def gone(path: str) -> tuple[str, str] | None:
    """Message and what took its place, for a dotted path that a scenario no longer has."""
    section, _, name = path.rpartition(".")
    return PARAMETERS.get(name) if section == "parameters" else FIELDS.get(path)


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
