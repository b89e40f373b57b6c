"""Worlds for tests: rosters, policies and simulated blocks, seen only from outside.

A lever is named by its path in a scenario file (`agreement.length_months`), a parameter by its
name in the register.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.rosters import Roster, load_roster, roster_from_rows, roster_path
from rsip_sim.model.diary import Diary
from rsip_sim.model.panel import COLUMN_NAMES, COLUMNS
from rsip_sim.model.policy import Levers, Policy
from rsip_sim.model.simulation import BlockOutcome, Portion, simulate_block, simulate_together
from rsip_sim.model.world import World

APRIL_2011 = parse_month("2011-04")
SEED = 20110401
ROOMS = tuple(group.name for group in fields(Levers))
Row = dict[str, object]

# every lever of a scenario file, from the model's own classes
LEVER_NAMES: tuple[str, ...] = tuple(
    f"{room}.{lever.name}" for room in ROOMS for lever in fields(getattr(Levers(), room))
)

# the couplings between schools, each with what switches it off
PARAMETERS_OFF: dict[str, float] = {
    "b_support": 0.0,
    "b_peer": 0.0,
    "b_confidence": 0.0,
    "rebound_multiplier": 1.0,
    "membership_multiplier": 1.0,
    "contagion_same_phase": 1.0,
    "contagion_other_phase": 1.0,
    "share_multiplier": 1.0,
    "trust_multiplier": 1.0,
    "consortium_reach": -60.0,
    # neighbours that apply in one month share their luck: leave luck nothing to decide
    "pipeline_months_sigma": 0.0,
    "pull_probability": 0.0,
    "withdrawal_share": 0.0,
    "fall_ratio": 1.0,
    "leave_ratio": 1.0,
    "up_ratio": 1.0,
}
LEVERS_OFF: dict[str, object] = {
    "agreement.quorum": 0.0,
    "agreement.renewal": "certain",
    "external.chain_approaches_per_year": 0.0,
}
# money in proportion to a town of thirty schools, above the service's core, so that support is
# scarce
TOWN_MONEY: dict[str, object] = {
    "funding.ses_gbp_per_year": 700_000.0,
    "funding.earmark_gbp_per_year": 120_000.0,
}


# policies


def levers(changes: Mapping[str, object], base: Levers | None = None) -> Levers:
    """The levers with some of them changed."""
    result = base or Levers()
    for path, value in changes.items():
        room, name = path.split(".")
        result = replace(result, **{room: replace(getattr(result, room), **{name: value})})
    return result


def policy(
    changes: Mapping[str, object] | None = None,
    *,
    horizon: int = 60,
    timeline: Sequence[tuple[int, Mapping[str, object]]] = (),
    overrides: Mapping[str, float] | None = None,
    **rest: object,
) -> Policy:
    """A policy from lever paths; each timeline entry changes what stood before it."""
    start = levers(changes or {})
    dated, current = [], start
    for month, change in timeline:
        current = levers(change, current)
        dated.append((month, current))
    return Policy(
        **{"start": APRIL_2011, **rest},  # type: ignore[arg-type]
        horizon_months=horizon,
        levers=start,
        changes=tuple(dated),
        overrides=tuple(sorted((overrides or {}).items())),
    )


def uncoupled(changes: Mapping[str, object] | None = None, **on: float) -> Policy:
    """Every coupling between schools off, but for the parameters and levers named."""
    return policy(
        {**TOWN_MONEY, **LEVERS_OFF, **(changes or {})},
        horizon=27,
        overrides={**LIVELY, **PARAMETERS_OFF, **on},
    )


# a small world in which much happens: many convert, many leave, many come back
LIVELY: dict[str, float] = {
    "kappa_primary": 60.0,
    "kappa_secondary": 25.0,
    "kappa_special": 60.0,
    "exit_yearly": 0.3,
    "outsider_inertia_extra": 0.0,
}


# rosters


def school(urn: int, phase: str = "primary", pupils: int = 200, **columns: object) -> Row:
    """One row of a roster file."""
    return {"urn": urn, "school": f"School {urn}", "phase": phase, "pupils": pupils, **columns}


def academy(urn: int, phase: str = "secondary", pupils: int = 900, **columns: object) -> Row:
    """A school that was an academy before the start."""
    before = {"legal_status": "academy", "opened": month_text(APRIL_2011 - 7)}
    return school(urn, phase, pupils, **{**before, **columns})


def roster(rows: Iterable[Row], name: str = "test") -> Roster:
    """The roster of some rows."""
    return roster_from_rows(list(rows), name)


def town_rows() -> list[Row]:
    """Thirty schools in three communities, a diocese across them, two academies already there."""
    rows: list[Row] = []
    for place, community in enumerate(("Ash", "Birch", "Cedar")):
        first = 1000 * (place + 1)
        rows.append(school(first, "secondary", 1000 + 100 * place, learning_community=community))
        rows += [
            school(first + n, "primary", 150 + 20 * n, learning_community=community)
            for n in range(1, 7)
        ]
        rows += [
            school(
                first + 50 + n,
                "primary",
                180,
                learning_community=community,
                diocese="Hallam",
                governance="voluntary aided",
            )
            for n in range(2)
        ]
    rows.append(school(7001, "special", 90, learning_community="Ash"))
    rows.append(school(7002, "nursery", 80, learning_community="Birch"))
    rows.append(academy(8001, learning_community="Cedar"))
    return rows


@lru_cache(maxsize=1)
def town() -> Roster:
    """The roster of `town_rows`."""
    return roster(town_rows(), "town")


@lru_cache(maxsize=1)
def rotherham() -> Roster:
    """The shipped roster."""
    return load_roster("rotherham_2011")


@lru_cache(maxsize=1)
def undecided() -> Roster:
    """The shipped schools as if all were maintained and nothing settled: no authority's past."""
    rows: list[Row] = []
    with roster_path("rotherham_2011").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            unsettled = {"legal_status": "maintained", "opened": "", "planned_opening": ""}
            rows.append({**row, **unsettled, "route": "", "trust": ""})
    return roster(rows, "undecided")


# simulated blocks


def simulate(
    plan: Policy,
    schools: Roster | None = None,
    replications: int | Sequence[int] = 32,
    seed: int = SEED,
) -> BlockOutcome:
    """Simulate replications 0, 1, … (or those named)."""
    index = np.arange(replications) if isinstance(replications, int) else np.array(replications)
    return simulate_block(plan, schools or town(), seed, index)


History = dict[str, NDArray[np.generic]]  # state → (months, schools, replications)


class Ledger(Diary):
    """Every state of every school at the end of every month, whatever the world holds of it."""

    def __init__(self) -> None:
        super().__init__(row=-1)  # no school of its own, so that no meeting is written down

    def close_month(self, world: World) -> None:
        for name, values in vars(world).items():
            if isinstance(values, np.ndarray) and values.shape == world.grade.shape:
                self.months.setdefault(name, []).append(values.copy())

    def history(self) -> History:
        """All that has been written down."""
        return {name: np.array(months) for name, months in self.months.items()}


class LedgerOfAll(Ledger):
    """What institutions hold as well, by replication, under names such as `agreement.end`."""

    def close_month(self, world: World) -> None:
        super().close_month(world)
        for room in ("agreement", "budget", "support", "endowment"):
            for name, values in vars(getattr(world, room)).items():
                if isinstance(values, np.ndarray) and values.shape[-1] == world.replications:
                    self.months.setdefault(f"{room}.{name}", []).append(values.copy())


def in_full(
    plan: Policy,
    schools: Roster | None = None,
    replications: int = 32,
    book: type[Ledger] = Ledger,
) -> tuple[BlockOutcome, History]:
    """What `simulate` gives, and the history of every school (and what else the book holds)."""
    (told,) = in_full_together([plan], schools, replications, book)
    return told


def in_full_together(
    plans: Sequence[Policy],
    schools: Roster | None = None,
    replications: int = 32,
    book: type[Ledger] = Ledger,
) -> list[tuple[BlockOutcome, History]]:
    """What `in_full` gives of each of some plans of one calendar, which share a block."""
    ledger = book()
    portions = [Portion(plan, np.arange(replications)) for plan in plans]
    outcomes = simulate_together(portions, schools or town(), SEED, ledger)
    history, columns = ledger.history(), np.arange(len(plans)).repeat(replications)
    return [
        (outcome, {name: values[..., columns == place] for name, values in history.items()})
        for place, outcome in enumerate(outcomes)
    ]


@lru_cache(maxsize=64)
def remembered(plan: Policy, schools: Roster, replications: int) -> BlockOutcome:
    """The same, kept for the next test that asks for it; never write into it."""
    return simulate(plan, schools, replications)


def differing(
    one: BlockOutcome, other: BlockOutcome, columns: Iterable[str] = COLUMN_NAMES
) -> dict[str, int]:
    """Columns that are not equal to the bit → the first month in which they differ.

    Where one outcome is shorter, its months are compared.
    """
    first, second = ({name: each.panel[name] for name in columns} for each in (one, other))
    return first_differences(first, second)


def first_differences(
    one: Mapping[str, NDArray[np.generic]], other: Mapping[str, NDArray[np.generic]]
) -> dict[str, int]:
    """Names whose arrays (months, …) are not equal to the bit → the first such month."""
    found = {}
    for name, values in one.items():
        months = min(len(values), len(other[name]))
        unequal = bits(values[:months]) != bits(other[name][:months])
        by_month = unequal.reshape(months, -1).any(axis=1)
        if by_month.any():
            found[name] = int(np.argmax(by_month))
    return found


def bits(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """The array's bits, so that −0 is not 0 and an undefined number equals itself."""
    return np.ascontiguousarray(array).view(f"u{array.dtype.itemsize}")


def all_but(*names: str) -> tuple[str, ...]:
    """Every column of the panel but some."""
    unknown = set(names) - set(COLUMN_NAMES)
    assert not unknown, unknown
    return tuple(name for name in COLUMN_NAMES if name not in names)


def assert_same(one: BlockOutcome, other: BlockOutcome) -> None:
    """Equal to the bit in every column, for every school, and in the notes."""
    assert differing(one, other) == {}
    for name, table in one.schools.items():
        np.testing.assert_array_equal(table, other.schools[name], err_msg=name)
    assert one.notes == other.notes


def stocks(outcome: BlockOutcome, what: str, *words: str) -> NDArray[np.int64]:
    """Sum over the stock columns whose names hold every word: (months, replications)."""
    names = [
        column.name
        for column in COLUMNS
        if column.name.startswith(f"{what}_")
        and column.name.count("_") == 3
        and set(words) <= set(column.name.split("_"))
    ]
    assert names, words
    return np.asarray(sum(outcome.panel[name].astype(np.int64) for name in names))


def flows(outcome: BlockOutcome, prefix: str) -> NDArray[np.int64]:
    """Sum over the flow columns that begin so: (months, replications)."""
    names = [name for name in COLUMN_NAMES if name.startswith(prefix)]
    assert names, prefix
    return np.asarray(sum(outcome.panel[name].astype(np.int64) for name in names))


def at(outcome: BlockOutcome, column: str, month: int) -> NDArray[np.generic]:
    """One column in one month, by replication."""
    return outcome.panel[column][month]


Measure = Callable[[BlockOutcome], NDArray[np.float64]]
