"""In what a scenario differs from another: in words, and as overrides that can be undone singly.

A scenario is taken apart into settings, one for each field and month from which it holds. An
override is a setting that the other scenario does not share; undoing it puts the other's setting
in its place, or, where the other has none from that month, lets what held before go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from rsip_sim.evidence.months import month_name, month_of_year, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.model.policy import DRAWN, UNCERTAIN, Cohesion, Levers, Policy
from rsip_sim.model.rules.agreement import MONTHS_TO_APRIL
from rsip_sim.scenario.levers import (
    CLIMATE,
    OPENINGS,
    PARAMETERS,
    WEIGHTS,
    between,
    field_label,
    value_text,
)
from rsip_sim.scenario.loading import Scenario
from rsip_sim.scenario.names import fields_of, lever_paths
from rsip_sim.scenario.resolved import policy_of as policy_of_file
from rsip_sim.scenario.resolved import resolved_values
from rsip_sim.scenario.schema import MONTH_FIELDS, ScenarioFile
from rsip_sim.scenario.timeline import states_of

Key = tuple[str, int | None]
"""Dotted path of a field, and the month number from which it holds; None: not a dated field."""

_UNDATED = (
    *("partnership", "start", "horizon_months", "roster"),
    *(f"{WEIGHTS}.{name}" for name in fields_of(WEIGHTS)),
    *("cohesion.associate_weight", "run.parameters"),
)


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
    change      ``24 → 60 months, from April 2012``
    """

    key: Key
    old: Setting
    new: Setting
    month: int
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
        votes = [_vote_before(each) for each in (old.value, new.value) if each is not None]
        acts = max(acts, min(votes)) if votes else acts
    since = f", from {month_name(month)}" if month is not None and month > start else ""
    return Override(key, old, new, acts, f"{_change(path, old, new)}{since}")


def _vote_before(delegated_from: int) -> int:
    """The January in which the Schools Forum votes on the first budget without the line."""
    return delegated_from + (4 - month_of_year(delegated_from)) % 12 - MONTHS_TO_APRIL


def _before(key: Key, settings: Settings) -> Setting:
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
            "as in the register" if each is NOTHING else _name_or_number(each.written)
            for each in (old, new)
        )
    if old.written == new.written:
        return f"{value_text(path, new.written)} as before"
    return between(path, old.written, new.written, "→")


def _name_or_number(value: float | str) -> str:
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


def _value(levers: Levers, path: str) -> Any:
    section, _, name = path.partition(".")
    held = getattr(levers, section)
    return held if path == CLIMATE else getattr(held, name)


def _with(levers: Levers, path: str, value: Any) -> Levers:
    section, _, name = path.partition(".")
    if path == CLIMATE:
        return replace(levers, climate=value)
    return replace(levers, **{section: replace(getattr(levers, section), **{name: value})})


@dataclass(frozen=True)
class Difference:
    """One field in which a scenario differs from the baseline.

    field       dotted path in the scenario file
    label       what a reader calls it
    old, new    the baseline's value and the scenario's, as in the resolved file; equal where
                an earlier difference ends
    sentence    all of this in words: ``Partnership earmark: £750,000 → £375,000 a year, from …``
    why         the scenario's reason for it, in the planner's words; '' where none is given
    """

    field: str
    label: str
    old: Any
    new: Any
    sentence: str
    why: str = ""

    @property
    def reasoned(self) -> str:
        """The sentence, with the reason where there is one."""
        return f"{self.sentence} (why: {self.why})" if self.why else self.sentence


def differences(baseline: Scenario, scenario: Scenario) -> list[Difference]:
    """Every difference of policy, schools or parameters, in the order of the schema.

    Titles, descriptions, replications and seeds are no differences of policy, nor are two names of
    one roster.
    """
    ours, theirs = baseline.resolved, scenario.resolved
    alike = {"roster"} if baseline.roster.digest == scenario.roster.digest else set()
    found = [
        _difference(path, _at(ours, path), _at(theirs, path), None)
        for path in _UNDATED
        if path not in alike and _at(ours, path) != _at(theirs, path)
    ]
    for path in lever_paths():
        found += _dated(path, ours, theirs)
    found += _held(ours["parameters"], theirs["parameters"])
    return [replace(each, why=scenario.reasons.get(each.field, "")) for each in found]


def _dated(path: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    old_steps, new_steps = _written(path, ours), _written(path, theirs)
    first = max(min(old_steps), min(new_steps))
    months = sorted({first, *(month for month in {**old_steps, **new_steps} if month > first)})
    before: tuple[Any, Any] = (None, None)
    for month in months:
        pair = _in_force(old_steps, month), _in_force(new_steps, month)
        if pair != before and (pair[0] != pair[1] or before[0] != before[1]):
            yield _difference(path, *pair, month)
        before = pair


def _written(path: str, resolved: dict[str, Any]) -> dict[int, Any]:
    """The value of a lever by the month number from which it holds."""
    steps = {parse_month(resolved["start"]): _at(resolved, path)}
    for entry in resolved["timeline"]:
        if path in entry["set"]:
            steps[parse_month(entry["from"])] = entry["set"][path]
    return steps


def _in_force(steps: dict[int, Any], month: int) -> Any:
    return steps[max(each for each in steps if each <= month)]


def _at(resolved: dict[str, Any], path: str) -> Any:
    value: Any = resolved
    for name in path.split("."):
        value = value[name]
    return value


def _difference(path: str, old: Any, new: Any, month: int | None) -> Difference:
    label = field_label(path)
    if old == new:
        change = f"back to {value_text(path, new)}"
    elif isinstance(old, dict) and isinstance(new, dict):
        change = "another table"
    else:
        change = between(path, old, new, "→")
    undated = month is None or path in MONTH_FIELDS  # whose value is a date itself
    since = "" if undated else f", from {month_name(month or 0)}"
    return Difference(path, label, old, new, f"{label}: {change}{since}")


def _held(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[Difference]:
    """Parameters held otherwise, and rules of the model set otherwise."""
    register = load_register()
    for name in sorted({*ours, *theirs}):
        old, new = ours.get(name), theirs.get(name)
        if old == new:
            continue
        if rule := register.structures.get(name):
            old, new = old or rule.value, new or rule.value
            then = rule.alternatives.get(new, "as the model has it")
            label, change = rule.label, f"{old} → {new} ({then})"
        else:
            texts = ["as in the register" if each is None else f"{each:g}" for each in (old, new)]
            label = register[name].label
            change = f"{texts[0]} → {texts[1]} ({register[name].unit})"
        yield Difference(f"{PARAMETERS}{name}", label, old, new, f"{label}: {change}")


def is_drawn(scenario: Scenario, path: str) -> bool:
    """Whether the scenario draws this lever anew in each future, as what nobody local chooses."""
    return path in DRAWN and value_of(scenario, path) == UNCERTAIN


def varied_from(scenario: Scenario, path: str) -> Any:
    """The value from which a study varies a field: its own, or the median of what is drawn."""
    return load_register()[path].value if is_drawn(scenario, path) else value_of(scenario, path)


def value_of(scenario: Scenario, path: str) -> Any:
    """The value a field has at the start of the run; None for a parameter that is drawn."""
    section, _, leaf = path.rpartition(".")
    holder = scenario.resolved[section] if section else scenario.resolved
    return holder.get(leaf)
