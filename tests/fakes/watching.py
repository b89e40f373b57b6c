"""Watches a simulation: which state each process looks at, and which it changes.

Names are those of the world's attributes and of the rooms': `grade`, `agreement.alive`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from simpy import Event, Process

from rsip_sim.model.state import AgreementState, BudgetState, EndowmentState, SupportState
from rsip_sim.model.tallies import Blocks
from rsip_sim.model.world import World

ROOMS = {
    "agreement": AgreementState,
    "budget": BudgetState,
    "support": SupportState,
    "endowment": EndowmentState,
}
Names = defaultdict[str, set[str]]  # name of a process → names of state


class Watch:
    """What each process has seen and changed so far."""

    def __init__(self) -> None:
        self.seen: Names = defaultdict(set)
        self.changed: Names = defaultdict(set)
        self._acting = ""
        self.world: World | None = None

    def look(self, name: str) -> None:
        """Somebody looks at a state; between the turns nobody does."""
        if self._acting:
            self.seen[self._acting].add(name)

    @contextmanager
    def acting(self, process: str) -> Iterator[None]:
        """One turn of a process."""
        assert self.world is not None
        before = _snapshot(self.world)
        self._acting = process
        yield
        self._acting = ""
        after = _snapshot(self.world)
        self.changed[process] |= {name for name in after if not _same(before[name], after[name])}


@contextmanager
def watched() -> Iterator[Watch]:
    """Every simulation inside is watched."""
    watch = Watch()
    with pytest.MonkeyPatch.context() as patch:
        begin, resume = World.__init__, Process._resume

        def created(world: World, *given: object, **named: object) -> None:
            begin(world, *given, **named)  # type: ignore[arg-type]
            watch.world = world

        def resumed(process: Process, event: Event) -> None:
            with watch.acting(process.name):
                resume(process, event)

        patch.setattr(World, "__init__", created)
        patch.setattr(Process, "_resume", resumed)
        _notice(patch, watch, World, "")
        for room, kind in ROOMS.items():
            _notice(patch, watch, kind, f"{room}.")
        yield watch


def _notice(patch: pytest.MonkeyPatch, watch: Watch, kind: type, prefix: str) -> None:
    original = kind.__getattribute__

    def look(self: object, name: str) -> object:
        if name in original(self, "__dict__"):
            watch.look(prefix + name)
        return original(self, name)

    patch.setattr(kind, "__getattribute__", look)


def _snapshot(world: World) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in vars(world).items():
        if name in ROOMS:
            found |= {f"{name}.{inner}": _copied(each) for inner, each in vars(value).items()}
        else:
            found[name] = _copied(value)
    return found


def _copied(value: object) -> object:
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, dict):
        return {key: _copied(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_copied(each) for each in value]
    if isinstance(value, Blocks):
        return {name: _copied(each) for name, each in vars(value).items()}
    return value


def _same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return one is other
