"""The fields of a question, one by one: for options of a command and arguments of a function."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from rsip_sim.scenario.reading import KeyPath
from rsip_sim.studies.kernel.asking import Question, Shown


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
    shown = next((each for each in field.metadata if isinstance(each, Shown)), Shown())
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
        how = next((each for each in inner.metadata if isinstance(each, Shown)), Shown())
        needed = field.is_required() and inner.is_required()
        flag = (shown.flags or {}).get(leaf, f"--{name}-{leaf}")
        kind = _plain(inner.annotation)
        kind = kind if needed else _optional(kind)
        group_words = field.description if inner.is_required() else ""
        help_ = " ".join(f"{group_words or ''} {inner.description or ''}".split())
        default = ... if needed else None
        yield Parameter((name, leaf), flag, kind, default, how.metavar, help_)


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
    if made is PydanticUndefined:
        return ...
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


def _optional(kind: Any) -> Any:
    return kind if type(None) in typing.get_args(kind) else kind | None
