"""A question as far as it is sound, so that one fault of a file hides no other."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Set
from typing import Any, TypeVar

from pydantic import BaseModel

from rsip_sim.scenario.reading import KeyPath
from rsip_sim.studies.kernel.parameters import group_of

Model = TypeVar("Model", bound=BaseModel)


def sound_part(
    model: type[Model], values: Mapping[str, Any], faulty: Set[KeyPath], at: KeyPath = ()
) -> Model:
    """The values without those at fault, as the class has them; nothing is checked again.

    faulty  paths of the faults of the values
    at      path of the values themselves
    A field at fault has its default. One that must be given is empty, or None where it is neither
    list nor mapping. A list with a fault is empty, since it may be of any length; a group of
    fields that lacks what it needs is left out.
    """
    made: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        path, group = (*at, name), group_of(field.annotation)
        sound = name in values and path not in faulty
        if sound and group is not None and isinstance(values[name], dict):
            part = sound_part(group, values[name], faulty, path)
            needed = (each for each, inner in group.model_fields.items() if inner.is_required())
            made[name] = None if any(getattr(part, each) is None for each in needed) else part
        elif sound:
            made[name] = _sound(values[name], path, faulty)
        elif field.is_required():
            empty = typing.get_origin(field.annotation)
            made[name] = empty() if empty in (dict, list) else None
    return model.model_construct(**made)


def _sound(value: Any, path: KeyPath, faulty: Set[KeyPath]) -> Any:
    if isinstance(value, dict):
        inner = {name: (*path, name) for name in value}
        return {
            name: _sound(each, inner[name], faulty)
            for name, each in value.items()
            if inner[name] not in faulty
        }
    inside = any(len(each) > len(path) and each[: len(path)] == path for each in faulty)
    return [] if isinstance(value, list) and inside else value
