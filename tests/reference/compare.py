"""Where the block engine and the reference tell different worlds."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_block

from .accounts import BEFORE_START
from .schools import CONVERTER
from .world import Outcome, simulate

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Difference:
    """One value told differently; month −1 for the table of schools."""

    replication: int
    month: int
    column: str
    engine: object
    reference: object

    def __str__(self) -> str:
        return (
            f"replication {self.replication}, month {self.month}, {self.column}: "
            f"the block engine has {self.engine!r}, the reference {self.reference!r}"
        )


@dataclass
class Comparison:
    """All differences of a scenario, in order of month, and what was too close to call."""

    differences: list[Difference] = field(default_factory=list)
    replications: int = 0
    conversions: int = 0
    ties: list[str] = field(default_factory=list)


def compare(
    policy: Policy,
    roster: Roster,
    seed: int,
    replications: Sequence[int],
    told_twice: int | None = None,
) -> Comparison:
    """Run both implementations on the same replications and compare everything.

    told_twice  compare only the last so many replications; the others keep the block company
    """
    engine = simulate_block(policy, roster, seed, np.array(replications))
    first = 0 if told_twice is None else len(replications) - told_twice
    found = Comparison(replications=len(replications) - first)
    for column, replication in list(enumerate(replications))[first:]:
        reference = simulate(policy, roster, seed, replication)
        found.conversions += sum(
            row["route"] == CONVERTER and row["opening_month"] != BEFORE_START
            for row in reference.schools
        )
        if reference.tie_month is not None:
            found.ties.append(f"{replication}: month {reference.tie_month}, {reference.tie_why}")
        found.differences += _monthly(engine, reference, column, replication)
        if reference.tie_month is None:
            found.differences += _schools(engine, reference, column, replication)
    return found


def _monthly(
    engine: BlockOutcome, reference: Outcome, column: int, replication: int
) -> list[Difference]:
    last = len(reference.months) if reference.tie_month is None else max(reference.tie_month, 0)
    found = []
    for month, record in enumerate(reference.months[:last]):
        for each in COLUMNS:
            ours, theirs = record[each.name], engine.panel[each.name][month, column].item()
            if not _same(ours, theirs, exact=each.dtype.startswith("int")):
                found.append(Difference(replication, month, each.name, theirs, ours))
    return found


def _same(ours: float, theirs: float, exact: bool) -> bool:
    if exact:
        return ours == theirs
    if np.isnan(ours):
        return bool(np.isnan(theirs))
    return abs(ours - theirs) <= TOLERANCE * max(1.0, abs(ours))


def _schools(
    engine: BlockOutcome, reference: Outcome, column: int, replication: int
) -> list[Difference]:
    found = []
    table = {name: values[:, column].tolist() for name, values in engine.schools.items()}
    rows = reference.schools
    for name in ("opening_month", "route", "first_month_alone", "member_at_end", "months_unmet"):
        for place, row in enumerate(rows):
            if row[name] != table[name][place]:
                label = f"{name} of school {place}"
                found.append(Difference(replication, -1, label, table[name][place], row[name]))
    ours = _families([row["trust"] for row in rows], None)
    theirs = _families(table["trust"], -1)
    if ours != theirs:
        found.append(Difference(replication, -1, "trust", theirs, ours))
    return found


def _families(labels: Sequence[Hashable], maintained: Hashable) -> list[int]:
    """The first school of each school's block, −1 for the maintained family."""
    return [-1 if label == maintained else labels.index(label) for label in labels]
