"""What a planner asks of a study: its question, field by field, and every fault of a question.

The fields of a `Question` are the options of a command, the fields of a study file and the
arguments of a Python function alike; the text below a field is the help of all three. What is
wrong with a question is told by the field's path, and named as the asker knows it: ``--metric``
on the command line, ``metrics`` with its line in a file, ``metrics`` in Python.
"""

from __future__ import annotations

import types
import typing
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError
from pydantic.fields import FieldInfo

from rsip_sim.evidence.faults import Fault
from rsip_sim.experiment.errors import ExperimentError
from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import OWN_AGREEMENT, moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.scenario import names as gone
from rsip_sim.scenario.names import near
from rsip_sim.scenario.problems import Problem, Vocabulary, problems_of
from rsip_sim.scenario.reading import Document, KeyPath, dotted, visible
from rsip_sim.scenario.schema import Closed

Names = Annotated[list[str], Field(min_length=1)]
File = Annotated[Path, Field(strict=False)]


class AskedError(ExperimentError):
    """What was asked for cannot be worked out; `faults` says all of why, a line each."""

    def __init__(self, problems: Sequence[Problem | Fault]) -> None:
        """Keep what is wrong, by the path of the field; the message is one line a fault."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.faults))

    @property
    def faults(self) -> list[str]:
        """Each fault as a line, fields named as in Python."""
        return self.named(dotted)

    def named(self, name: Callable[[KeyPath], str]) -> list[str]:
        """Each fault as a line, fields named as the asker knows them."""
        return [
            str(each)
            if isinstance(each, Fault)
            else str(Fault("", 0, 0, name(each.path), each.message, each.allowed, each.suggestion))
            for each in self.problems
        ]


@dataclass(frozen=True)
class Shown:
    """How a field of a question is shown on the command line.

    metavar  what stands for the value in the help
    flag     the option, where it is not the field's own name
    flags    options of the fields of a group, by field
    off      what the option ``--no-NAME`` gives: the field becomes a switch
    """

    metavar: str = ""
    flag: str = ""
    flags: Mapping[str, str] | None = None
    off: Any = None


def shown(default: Any = ..., /, *, factory: Callable[[], Any] | None = None, **how: Any) -> Any:
    """A field of a question with how it is shown: the arguments of `Shown`."""
    field: Any = Field(default) if factory is None else Field(default_factory=factory)
    field.metadata.append(Shown(**how))
    return field


class Question(Closed):
    """What one study is asked; every field has a default or must be given."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The question with these values; AskedError with every fault of theirs."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            nowhere = Document(dict(values))
            raise AskedError(problems_of(error, nowhere, names=_vocabulary(cls))) from None


def _vocabulary(asked: type[Question]) -> Vocabulary:
    def unknown(path: str) -> tuple[str, str, str]:
        names = list(asked.model_fields)
        guess = near(path, names)
        return "unknown argument", "" if guess else f"one of {', '.join(names)}", guess

    return Vocabulary(unknown, defaultdict(lambda: "a value"))


def refusal(message: str, allowed: str = "", suggestion: str = "") -> AskedError:
    """The error of one fault that was found without knowing of which field it is."""
    return AskedError([_fault(message, allowed, suggestion)])


class Faults:
    """Takes down what is wrong with a question, so that one fault hides no other."""

    def __init__(self) -> None:
        """None is known yet."""
        self.found: list[Problem | Fault] = []

    def add(
        self,
        path: str | KeyPath,
        message: str,
        allowed: str = "",
        suggestion: str = "",
        at_key: bool = False,
    ) -> None:
        """Note a fault at a field; `at_key` where its name rather than its value is wrong."""
        at = (path,) if isinstance(path, str) else path
        self.found.append(Problem(at, message, allowed, suggestion, at_key))

    def at(self, path: str | KeyPath, fault: Fault | None) -> None:
        """Note a fault that was found without knowing where; None is none."""
        if fault is not None:
            self.add(path, fault.message, fault.allowed, fault.suggestion)

    def each(self, name: str, values: Iterable[str], check: Callable[[str], Fault | None]) -> None:
        """Note what is wrong with each value of a list."""
        for place, value in enumerate(values):
            self.at((name, place), check(value))

    def once(self, name: str, values: Sequence[str]) -> None:
        """Note each value of a list that stood there before."""
        for place, value in enumerate(values):
            if value in values[:place]:
                self.add((name, place), f"'{visible(value)}' stands twice", "delete one of them")

    def measures(
        self,
        name: str,
        values: Sequence[str],
        scenarios: Sequence[Scenario],
        check: Callable[[str, Sequence[str]], Fault | None],
    ) -> None:
        """Note what is wrong with metrics that are to be read of these scenarios.

        check  of a metric and the titles of those that have no partnership
        """
        without = [each.title for each in scenarios if not each.policy.partnership]
        self.each(name, values, lambda value: check(value, without))
        self.once(name, values)

    def moment(self, at: str | None, scenarios: Sequence[Scenario]) -> None:
        """Note a moment that the run of these scenarios does not have; none: whichever they are."""
        if at is not None and scenarios:
            policy = scenarios[0].policy
            self.at("at", moment_fault(at, moments_of(policy, policy.horizon_months)))

    def beside(self, error: ExperimentError) -> ExperimentError:
        """That error, which ends the check; where more is wrong, told with what is known."""
        if not self.found:
            return error
        alone = [Fault("", 0, 0, "", str(error))]
        return AskedError(
            [*self.found, *(error.problems if isinstance(error, AskedError) else alone)]
        )

    def stop(self) -> None:
        """AskedError if anything was noted."""
        if self.found:
            raise AskedError(self.found)


def scenario_named(
    name: str, scenarios: Sequence[Scenario], field: str, faults: Faults
) -> Scenario | None:
    """The scenario of that name, or None with the fault noted at a field of the question."""
    for each in scenarios:
        if each.name == name:
            return each
    names = [each.name for each in scenarios]
    guess = near(name, names)
    faults.add(field, f"no scenario here is named '{name}'", f"they are {', '.join(names)}", guess)
    return None


def two_scenarios(
    scenarios: Sequence[Scenario], baseline: str | None, scenario: str | None, faults: Faults
) -> tuple[Scenario, Scenario] | None:
    """Baseline and scenario of a question about two; None with the faults noted.

    baseline  name; None: the first of them
    scenario  name; None: the only other one
    """
    first = scenario_named(baseline or scenarios[0].name, scenarios, "baseline", faults)
    second = scenario_named(scenario, scenarios, "scenario", faults) if scenario else None
    if first is None or (scenario and second is None):
        return None
    others = [each for each in scenarios if each is not first]
    names = ", ".join(each.name for each in others)
    if second is None and len(others) == 1:
        return first, others[0]
    if second is None:
        beside = f"{len(others)} scenarios stand beside '{first.name}'"
        faults.add("scenario", beside, f"name one of {names}")
    elif second is first:
        faults.add("scenario", f"'{scenario}' is the baseline itself", f"others are {names}")
    else:
        return first, second
    return None


def last_named(scenarios: Sequence[Scenario]) -> str | None:
    """What a planner should know where the last of several scenarios is taken unasked."""
    if len(scenarios) < 2:
        return None
    names = ", ".join(each.name for each in scenarios)
    return (
        f"Of several scenarios the last is taken, {scenarios[-1].name}; "
        f"--scenario chooses among {names}"
    )


def metric_fault(name: str, without_partnership: Iterable[str] = ()) -> Fault | None:
    """The fault of a name that is no metric (any more), or of one not defined in some scenarios.

    without_partnership  titles of scenarios that have none
    """
    if name in gone.METRICS:
        message, instead = gone.METRICS[name]
        return _fault(f"the metric {name} {message}", instead)
    if name not in METRICS:
        guess = near(name, METRICS)
        allowed = "" if guess else f"one of {', '.join(METRICS)}"
        return _fault(f"no metric is named '{name}'", allowed, guess)
    metric = METRICS[name]
    missing = [f"'{title}'" for title in dict.fromkeys(without_partnership)]
    if metric.membership and missing:
        message = f"{metric.noun} is not defined without a partnership ({', '.join(missing)})"
        return _fault(message, "use cohesion" if name == "cohesion_all" else "leave it out")
    return None


def objective_fault(name: str, without_partnership: Iterable[str] = ()) -> Fault | None:
    """The fault of a metric that cannot be an objective.

    without_partnership  titles of scenarios that have none
    """
    if name in METRICS and METRICS[name].better == "neither":
        message = f"'{name}' is no objective: neither more nor less of it is better"
        return _fault(message, "choose what is to be had, such as members, cohesion or erosion")
    return metric_fault(name, without_partnership)


def moment_fault(name: str, known: Iterable[str], own: bool = False) -> Fault | None:
    """The fault of a moment at which scenarios cannot be compared.

    known  the moments of the run, or those that several scenarios share
    own    whether each scenario may be read over the months of its own agreement
    """
    common = [each for each in known if own or each != OWN_AGREEMENT]
    if name in common:
        return None
    allowed = f"one of {', '.join(common)}"
    if name == OWN_AGREEMENT and own:
        return _fault("not every scenario has an agreement of its own", allowed)
    if name == OWN_AGREEMENT:
        return _fault(f"{name} is another stretch of months for each scenario", allowed)
    return _fault(f"no moment of this run is named '{name}'", allowed, near(name, common))


def _fault(message: str, allowed: str = "", suggestion: str = "") -> Fault:
    return Fault("", 0, 0, "", message, allowed, suggestion)


@dataclass(frozen=True)
class Parameter:
    """One value of a question.

    path      in the question: one name, or group and name
    flag      its option on the command line, such as ``--metric``
    kind      its type, without what pydantic knows beside it
    default   ... where it must be given
    metavar   what stands for it in the help;  help: what it is
    switch    what the question gets where the option is switched off; None: it is no switch
    """

    path: tuple[str, ...]
    flag: str
    kind: Any
    default: Any
    metavar: str
    help: str
    switch: Any = None

    @property
    def name(self) -> str:
        """Its name as an argument."""
        return "_".join(self.path)

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.default is ...


def parameters_of(asked: type[Question]) -> list[Parameter]:
    """The values of a question in their order, groups of fields taken apart."""
    return [each for name, field in asked.model_fields.items() for each in _of(name, field)]


def _of(name: str, field: FieldInfo) -> Iterator[Parameter]:
    shown = _shown_of(field)
    group = group_of(field.annotation)
    if group is None:
        kind, default = _plain(field.annotation), _default(field)
        help_ = " ".join((field.description or "").split())
        flag = shown.flag or "--" + name.replace("_", "-")
        if shown.off is not None:
            yield Parameter((name,), flag, bool, True, "", help_, shown.off)
        else:
            yield Parameter((name,), flag, kind, default, shown.metavar, help_)
        return
    for leaf, inner in group.model_fields.items():
        needed = field.is_required() and inner.is_required()
        flag = (shown.flags or {}).get(leaf, f"--{name}-{leaf}")
        kind = _plain(inner.annotation)
        kind = kind if needed else kind | None
        group_words = field.description if inner.is_required() else ""
        help_ = " ".join(f"{group_words or ''} {inner.description or ''}".split())
        default = ... if needed else None
        yield Parameter((name, leaf), flag, kind, default, _shown_of(inner).metavar, help_)


def _shown_of(field: FieldInfo) -> Shown:
    return next((each for each in field.metadata if isinstance(each, Shown)), Shown())


def values_of(asked: type[Question], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a question from arguments by `Parameter.name`; what is None is not given."""
    values: dict[str, Any] = {}
    for each in parameters_of(asked):
        value = given.get(each.name)
        if each.switch is not None:
            if value is False:
                values[each.path[0]] = each.switch
            elif value is not True and value is not None:
                values[each.path[0]] = value
            continue
        if value is None or (isinstance(value, list | tuple) and not value):
            continue
        value = list(value) if isinstance(value, tuple) else value
        holder = values
        for part in each.path[:-1]:
            holder = holder.setdefault(part, {})
        holder[each.path[-1]] = value
    return values


def flag_of(asked: type[Question], path: KeyPath) -> str:
    """What a field is called on the command line: ``--metric`` for an item of metrics."""
    names = tuple(part for part in path if isinstance(part, str))
    known = {each.path: each.flag for each in parameters_of(asked)}
    if names in known:
        return known[names]
    inside = [flag for where, flag in known.items() if where[: len(names)] == names and names]
    return ", ".join(inside) or ".".join(names)


def _default(field: FieldInfo) -> Any:
    if field.is_required():
        return ...
    made = field.get_default(call_default_factory=True, validated_data={})
    return made if not isinstance(made, list) else None


def group_of(kind: Any) -> type[BaseModel] | None:
    """The class of a field that holds a group of fields, which may be optional; else None."""
    options = (kind, *typing.get_args(kind))
    return next(
        (each for each in options if isinstance(each, type) and issubclass(each, BaseModel)), None
    )


def _plain(kind: Any) -> Any:
    """The type without validators: ``list[Annotated[str, …]]`` becomes ``list[str]``."""
    origin = typing.get_origin(kind)
    if origin is typing.Annotated:
        return _plain(typing.get_args(kind)[0])
    if origin in (list, tuple):
        return list[_plain(typing.get_args(kind)[0])]  # type: ignore[misc]
    if origin in (typing.Union, types.UnionType):
        return typing.Union[tuple(_plain(each) for each in typing.get_args(kind))]  # noqa: UP007
    return kind
