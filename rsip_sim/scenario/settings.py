"""What a scenario sets differently from another, one override at a time, and how to undo each.

A scenario is taken apart into settings, one for each field and month from which it holds. An
override is a setting that the other scenario does not share; undoing it puts the other's setting
in its place, or, where the other has none from that month, lets what held before go on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rsip_sim.evidence.months import month_name, month_of_year, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.model.policy import Cohesion, Levers, Policy
from rsip_sim.scenario.levers import CLIMATE, LEVERS, OPENINGS, PARAMETERS, WEIGHTS
from rsip_sim.scenario.loading import Scenario
from rsip_sim.scenario.names import fields_of, lever_paths
from rsip_sim.scenario.resolved import policy_of as policy_of_file
from rsip_sim.scenario.resolved import resolved_values
from rsip_sim.scenario.schema import MODELS, MONTH_FIELDS, ScenarioFile
from rsip_sim.scenario.timeline import states_of
from rsip_sim.scenario.wording import between, value_text

Key = tuple[str, int | None]
"""Dotted path of a field, and the month number from which it holds; None: not a dated field."""


@dataclass(frozen=True)
class Setting:
    """One value: as the model has it, and as it stands in the file."""

    value: Any
    written: Any


NOTHING = Setting(None, None)
Settings = dict[Key, Setting]


@dataclass(frozen=True)
class Override:
    """One thing a scenario sets differently.

    key         which field, and from when
    old, new    without the override, and with it
    month       month number from which it can act
    later       whether that is after the start of the run
    change      ``24 → 60 months, from April 2012``
    """

    key: Key
    old: Setting
    new: Setting
    month: int
    later: bool
    change: str

    @property
    def path(self) -> str:
        """Dotted path of the field."""
        return self.key[0]

    @property
    def words(self) -> str:
        """By the name in the file: ``agreement.length_months: 24 → 60 months``."""
        name = OPENINGS if _another_table(self.path, self.old, self.new) else self.path
        return f"{name}: {self.change}"

    @property
    def labelled(self) -> str:
        """As a reader knows it: ``Agreement length: 24 → 60 months``."""
        return f"{field_label(self.path)}: {self.change}"

    @property
    def subject(self) -> str:
        """The words as the subject of a sentence."""
        return f"{self.words}," if ", " in self.words else self.words


def field_label(path: str) -> str:
    """What a reader calls the field at a dotted path of a scenario, or a parameter of the register.

    Raises KeyError where there is no such field; `check_field` has told a planner so before.
    """
    if path.startswith(PARAMETERS):
        register, name = load_register(), path.removeprefix(PARAMETERS)
        return (register.structures.get(name) or register[name]).label
    if path in LEVERS:
        return LEVERS[path].label
    section, _, name = path.rpartition(".")
    return MODELS[section].model_fields[name].title or name.replace("_", " ")


def usual_scenario(scenario: Scenario) -> Scenario:
    """The same schools and months with every field as it is where a file does not give it."""
    given = {name: scenario.resolved[name] for name in ("start", "horizon_months", "roster")}
    file = ScenarioFile.model_validate({"title": "The usual values", **given})
    states = states_of(file, [])
    policy = replace(policy_of_file(file, states), parameters=scenario.policy.parameters)
    values = {**resolved_values(file, states), "run": scenario.resolved["run"]}
    return replace(
        scenario, name="usual", title=file.title, description="", policy=policy, resolved=values
    )


def settings_of(scenario: Scenario, start: int, end: int) -> Settings:
    """Every setting of a scenario that matters to a run from month number start to before end."""
    policy, resolved = scenario.policy, scenario.resolved
    found: Settings = {("partnership", None): Setting(policy.partnership, policy.partnership)}
    for path in lever_paths():
        if path != OPENINGS:
            found |= _steps(scenario, path, start, end)
    found[WEIGHTS, None] = Setting(policy.cohesion.weights, resolved["cohesion"]["weights"])
    weight = policy.cohesion.associate_weight
    found["cohesion.associate_weight", None] = Setting(weight, weight)
    for name, value in (*policy.overrides, *policy.structure):
        found[f"{PARAMETERS}{name}", None] = Setting(value, value)
    return found


def policy_of(settings: Settings, like: Policy) -> Policy:
    """The policy that these settings make; start, length and kind of parameters are `like`'s."""
    months = sorted({month for _, month in settings if month is not None})
    levers, states = Levers(), []
    for month in months:
        for (path, since), setting in settings.items():
            if since == month:
                levers = _with(levers, path, setting.value)
        states.append((month - like.start, levers))
    parameters = {
        path.removeprefix(PARAMETERS): setting.value
        for (path, _), setting in settings.items()
        if path.startswith(PARAMETERS)
    }
    rules = load_register().structures
    return replace(
        like,
        partnership=settings["partnership", None].value,
        levers=states[0][1],
        changes=tuple(states[1:]),
        cohesion=Cohesion(
            settings[WEIGHTS, None].value, settings["cohesion.associate_weight", None].value
        ),
        overrides=tuple(sorted(each for each in parameters.items() if each[0] not in rules)),
        structure=tuple(sorted(each for each in parameters.items() if each[0] in rules)),
    )


def overrides(ours: Settings, theirs: Settings, start: int) -> list[Override]:
    """Each setting in which ours differ from theirs: first those of the start, then by month."""
    keys = [key for key in {**ours, **theirs} if ours.get(key) != theirs.get(key)]
    keys.sort(key=lambda key: key[1] or start)
    return [_override(key, ours, theirs, start) for key in keys]


def without(override: Override, ours: Settings, theirs: Settings) -> Settings:
    """Our settings with one override undone."""
    rest = {key: setting for key, setting in ours.items() if key != override.key}
    return {**rest, override.key: theirs[override.key]} if override.key in theirs else rest


def _override(key: Key, ours: Settings, theirs: Settings, start: int) -> Override:
    path, month = key
    old = theirs.get(key) or _before(key, ours)
    new = ours.get(key) or _before(key, ours)
    acts = start if month is None else month
    if path in MONTH_FIELDS:  # whose value is a date: nothing happens before the earlier of the two
        dates = [each for each in (old.value, new.value) if each is not None]
        acts = max(acts, _vote_on(min(dates))) if dates else acts
    since = f", from {month_name(month)}" if month is not None and month > start else ""
    return Override(key, old, new, acts, acts > start, f"{_change(path, old, new)}{since}")


def _vote_on(month: int) -> int:
    """The January in which the Schools Forum first votes on a year that begins at or after this."""
    return next(each for each in range(month - 3, month + 9) if month_of_year(each) == 1)


def _before(key: Key, settings: Settings) -> Setting:
    """What held before the month of a key."""
    path, month = key
    if month is None:
        return NOTHING
    earlier = [since for name, since in settings if name == path and since and since < month]
    return settings[path, max(earlier)]


def _change(path: str, old: Setting, new: Setting) -> str:
    if path == WEIGHTS:
        return ", ".join(
            f"{name} {old.written[name]:g} → {new.written[name]:g}"
            for name in fields_of(WEIGHTS)
            if old.written[name] != new.written[name]
        )
    if _another_table(path, old, new):
        return "another table"
    if path.startswith(PARAMETERS):
        return " → ".join(
            "as in the register" if each is NOTHING else _held(each.written) for each in (old, new)
        )
    if old.written == new.written:
        return f"{value_text(path, new.written)} as before"
    return between(path, old.written, new.written, "→")


def _held(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _another_table(path: str, old: Setting, new: Setting) -> bool:
    return path == CLIMATE and old.written == new.written == "table"


def _steps(scenario: Scenario, path: str, start: int, end: int) -> Settings:
    """The settings of one lever: the first of them at the start of the run."""
    names = (CLIMATE, OPENINGS) if path == CLIMATE else (path,)
    written = {start: _at(scenario.resolved, path)}
    months = {start}
    for entry in scenario.resolved["timeline"]:
        month = max(parse_month(entry["from"]), start)
        if month < end and any(name in entry["set"] for name in names):
            months.add(month)
            written[month] = entry["set"].get(path, written[max(written)])
    return {
        (path, month): Setting(_value(levers_at(scenario.policy, month), path), written[month])
        for month in sorted(months)
    }


def levers_at(policy: Policy, month: int) -> Levers:
    """The levers in force in a month number."""
    levers = policy.levers
    for since, changed in policy.changes:
        if policy.start + since <= month:
            levers = changed
    return levers


def value_at_start(policy: Policy, path: str) -> Any:
    """The value of a lever at the start of the run, or of `partnership`, as the model has it."""
    section, _, name = path.rpartition(".")
    return getattr(getattr(policy.levers, section) if section else policy, name)


def _value(levers: Levers, path: str) -> Any:
    section, _, name = path.partition(".")
    held = getattr(levers, section)
    return held if path == CLIMATE else getattr(held, name)


def _with(levers: Levers, path: str, value: Any) -> Levers:
    section, _, name = path.partition(".")
    if path == CLIMATE:
        return replace(levers, climate=value)
    return replace(levers, **{section: replace(getattr(levers, section), **{name: value})})


def _at(resolved: dict[str, Any], path: str) -> Any:
    section, _, name = path.partition(".")
    return resolved[section][name]
