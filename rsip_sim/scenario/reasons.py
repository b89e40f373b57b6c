"""Why a lever has its value, in the planner's words: `why:`, which moves no number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

WHY = "why"


def reasons_kept(
    before: Mapping[str, Any], after: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The reasons of `before` that still hold in `after`, with its own over them.

    before, after  fields of a scenario file, as they are written
    A reason goes with the value it was given for: where that is another now, it is none of it.
    """
    reasons = before.get(WHY)
    kept = {
        path: reason
        for path, reason in (reasons.items() if isinstance(reasons, dict) else ())
        if list(_written(before, path)) == list(_written(after, path))
    }
    return {**kept, **own}


def _written(values: Mapping[str, Any], path: str) -> Iterator[tuple[object, object]]:
    """The values of a field by the month from which they are given; None: at the start."""
    yield None, _at(values, path)
    timeline = values.get("timeline")
    for entry in timeline if isinstance(timeline, list) else ():
        new = entry.get("set") if isinstance(entry, dict) else None
        value = _at(new, path)
        if value is not ...:
            yield entry.get("from"), value


def _at(values: object, path: str) -> object:
    """The value at a dotted path, which may be one name; ... where there is none."""
    if not isinstance(values, Mapping):
        return ...
    first, _, rest = path.partition(".")
    if path in values or not rest:
        return values.get(path, ...)
    return _at(values.get(first), rest)
