"""One file over another: `extends:`, the deep merge and the confinement to one folder.

And which reasons of `why:` still hold where values are others: those move no number.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.scenario.file_names import (
    PREFIX,
    is_shipped_name,
    shipped_file,
    shipped_scenarios,
    unknown_shipped,
)
from rsip_sim.scenario.reading import WHY, Document, KeyPath, Place, read_document, visible
from rsip_sim.scenario.schema import OWN_FIELDS

_MOST_PARENTS = 20


def read_chain(path: Path) -> Document:
    """The file merged over its parents; each place names the file that really holds the value.

    Mappings are merged field by field; every other value of the child, a list included, replaces
    the parent's. Title, description and author are each file's own and never taken over.
    """
    documents = [read_one(path)]
    seen = [_resolved(path)]
    folder = path.parent
    while "extends" in documents[-1].values:
        child = documents[-1]
        shown = Path(child.places[()].file)
        parent = parent_of(child, shown, folder, seen)
        if parent is not None and len(documents) > _MOST_PARENTS:
            _fault(child, f"more than {_MOST_PARENTS} files extend one another")
            parent = None
        if parent is None:
            child.complete = False
            break
        seen.append(_resolved(parent))
        documents.append(read_one(parent))
    merged = documents[-1]
    for child in reversed(documents[:-1]):
        merged = _over(merged, child)
    merged.places[()] = documents[0].places[()]
    return merged


def read_one(path: Path) -> Document:
    """One file without its parents, or the shipped scenario of a name such as ``rsip:base``."""
    if not is_shipped_name(path):
        return read_document(path, str(path))
    file = shipped_file(path)
    if file is not None:
        return read_document(file, str(path))
    fault = Fault(str(path), 0, 0, "", *unknown_shipped(path))
    return Document(places={(): Place(str(path), 1, 1)}, faults=[fault], complete=False)


def parent_of(child: Document, shown: Path, folder: Path, seen: list[Path]) -> Path | None:
    """The path of the parent a document names, or None with a fault added to the document."""
    name = child.values["extends"]
    if not isinstance(name, str) or not name.strip():
        _fault(child, "is not the name of one file", "one parent, such as extends: rsip:base")
        return None
    if is_shipped_name(shown) and not is_shipped_name(name):
        name = PREFIX + Path(name).stem  # shipped scenarios stand beside one another
    if is_shipped_name(name) and shipped_file(name) is None:
        _fault(child, *unknown_shipped(name))
        return None
    parent = Path(name) if is_shipped_name(name) else beside(shown.parent, name, folder)
    if parent is None:
        message = f"'{visible(name)}' leaves the folder of the scenario"
        _fault(child, message, "a parent stands in the same folder")
        return None
    if _resolved(parent) in seen:
        _fault(
            child, f"'{visible(name)}' extends this file in its turn", "a parent may not be a child"
        )
        return None
    if not is_shipped_name(parent) and not is_file(parent):
        suggestion = near_file(shown.parent, name, ".yaml", shown.name)
        known = parent.stem in shipped_scenarios()
        allowed = f"the one that comes with the package is {PREFIX}{parent.stem}" if known else ""
        _fault(child, no_file(parent, name), allowed, "" if known else suggestion)
        return None
    return parent


def beside(base: Path, name: str, folder: Path) -> Path | None:
    """The path `name` seen from `base`, or None where it leads out of `folder` (links followed)."""
    if Path(name).is_absolute() or "\\" in name or "\0" in name:
        return None
    return base / name if _resolved(base / name).is_relative_to(_resolved(folder)) else None


def is_file(path: Path) -> bool:
    """Whether there is a file of that name; none can have a name too long for the disk."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def no_file(path: Path, name: str) -> str:
    """What is wrong with a path, called by a name, that is no file."""
    with contextlib.suppress(OSError, ValueError):
        if path.is_dir():
            return f"'{visible(name)}' is a folder, and no file"
        if os.path.lexists(path):
            return f"'{visible(name)}' is no file that can be read"
    return f"there is no file '{visible(name)}' in the folder"


def near_file(base: Path, name: str, ending: str, but: str = "") -> str:
    """The nearest file of that ending to the name seen from `base`, or ''."""
    wanted = Path(name)
    try:
        beside = (base / wanted).parent.glob(f"*{ending}")
        found = [each.name for each in beside if each.is_file()]
    except (OSError, ValueError):
        return ""
    near = nearest(wanted.name, sorted(each for each in found if each != but))
    return (wanted.parent / near).as_posix() if near else ""


def _resolved(path: Path) -> Path:
    try:
        return Path(os.path.realpath(shipped_file(path) or path))
    except (OSError, ValueError):
        return path.absolute()


def _fault(document: Document, message: str, allowed: str = "", suggestion: str = "") -> None:
    place = document.place(("extends",)) or Place("", 0, 0)
    document.faults.append(
        Fault(place.file, place.line, place.column, "extends", message, allowed, suggestion)
    )


def _over(parent: Document, child: Document) -> Document:
    faults = child.faults + parent.faults
    merged = Document(faults=faults, complete=parent.complete and child.complete)
    inherited = {name: value for name, value in parent.values.items() if name not in OWN_FIELDS}
    replaced: set[KeyPath] = set()
    merged.values = _merge(inherited, child.values, (), replaced)
    for mine, theirs, own in (
        (merged.places, parent.places, child.places),
        (merged.keys, parent.keys, child.keys),
    ):
        for path, place in theirs.items():
            around = (path[:length] for length in range(1, len(path) + 1))
            if path[:1] and path[0] not in OWN_FIELDS and replaced.isdisjoint(around):
                mine[path] = place
        mine |= own
    if isinstance(merged.values.get(WHY), dict):
        merged.values[WHY] = reasons_kept(inherited, merged.values, child.values.get(WHY, {}))
    return merged


def _merge(
    inherited: dict[str, Any], own: dict[str, Any], at: KeyPath, replaced: set[KeyPath]
) -> dict[str, Any]:
    """Own values over those inherited; `replaced` gains the paths of which nothing is inherited."""
    values = {**inherited, **own}
    for name, value in own.items():
        base = inherited.get(name)
        if isinstance(value, dict) and isinstance(base, dict):
            values[name] = _merge(base, value, (*at, name), replaced)
        else:
            replaced.add((*at, name))
    return values


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
