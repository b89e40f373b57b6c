"""Where the block engine and the reference tell different worlds.

Compared are every column of the panel and every school's status, relation, grade, opening and
trust in every month, and the table of schools.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.panel import COLUMNS
from rsip_sim.model.policy import Policy
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.simulation import BlockOutcome, simulate_block
from tests.fakes.worlds import Ledger

from .accounts import BEFORE_START, Standing
from .schools import CONVERTER
from .world import Outcome, simulate

TOLERANCE = 1e-9
STATUSES = ("maintained", "converting", "academy")


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
    orders: int = 0
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
    ledger = Ledger()
    engine = simulate_block(policy, roster, seed, np.array(replications), diary=ledger)
    assert all(engine.panel[each.name].dtype == each.dtype for each in COLUMNS)
    first = 0 if told_twice is None else len(replications) - told_twice
    found = Comparison(replications=len(replications) - first)
    for column, replication in list(enumerate(replications))[first:]:
        reference = simulate(policy, roster, seed, replication)
        found.conversions += sum(
            row["route"] == CONVERTER and row["opening_month"] != BEFORE_START
            for row in reference.schools
        )
        found.orders += int(sum(record["orders"] for record in reference.months))
        if reference.tie_month is not None:
            found.ties.append(f"{replication}: month {reference.tie_month}, {reference.tie_why}")
        assert set(reference.months[0]) == {each.name for each in COLUMNS}, "another panel"
        last = len(reference.months) if reference.tie_month is None else reference.tie_month
        for month in range(max(last, 0)):
            found.differences += _panel(engine, reference, month, column, replication)
            found.differences += _standings(ledger, reference, month, column, replication)
        if reference.tie_month is None:
            found.differences += _schools(engine, reference, column, replication)
    return found


def _panel(
    engine: BlockOutcome, reference: Outcome, month: int, column: int, replication: int
) -> list[Difference]:
    found = []
    for each in COLUMNS:
        ours, theirs = (
            reference.months[month][each.name],
            engine.panel[each.name][month, column].item(),
        )
        if not _same(ours, theirs, exact=each.dtype.startswith("int")):
            found.append(Difference(replication, month, each.name, theirs, ours))
    return found


def _standings(
    ledger: Ledger, reference: Outcome, month: int, column: int, replication: int
) -> list[Difference]:
    """Every school's standing at the end of the month."""
    state = {name: values[month][:, column].tolist() for name, values in ledger.months.items()}
    engine = [_standing({name: each[row] for name, each in state.items()}) for row in _rows(state)]
    return [
        Difference(replication, month, f"{name} of school {place}", theirs[name], ours[name])
        for place, (theirs, ours) in enumerate(
            zip(_with_families(engine), _with_families(reference.standings[month]), strict=True)
        )
        for name in ours
        if theirs[name] != ours[name]
    ]


def _rows(state: dict[str, list[int]]) -> range:
    return range(len(state["grade"]))


def _standing(state: dict[str, int]) -> Standing:
    """The engine's arrays of one school in the words of the reference."""
    waiting = state["opening_due"] != NEVER
    assert not (waiting and state["academy"]), "an academy in the pipeline"
    return {
        "status": STATUSES[2 if state["academy"] else int(waiting)],
        "relation": "member" if state["member"] else "alone",
        "grade": state["grade"],
        "due": state["opening_due"] if waiting else None,
        "route": state["route"],
        "spell": state["spell"],
        "tied until": state["tied_until"] if state["member"] else None,
        "trust": state["block"] if state["academy"] else None,
    }


def _with_families(standings: list[Standing]) -> list[Standing]:
    """A trust named by its first school, since the two implementations label trusts differently."""
    families = _families([each["trust"] for each in standings], None)
    return [each | {"trust": first} for each, first in zip(standings, families, strict=True)]


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
