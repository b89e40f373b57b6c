"""A model that costs nothing, and scenarios for it, to test how runs are made and kept."""

from __future__ import annotations

import os
import re
import signal
import time
import zlib
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.rosters import Roster, roster_from_rows
from rsip_sim.model.panel import COLUMNS, SCHOOL_COLUMNS
from rsip_sim.model.policy import Agreement, Levers, Policy
from rsip_sim.scenario import RunSettings, Scenario

MONTHS = 6
COMMIT = re.compile(rb'"git": {[^}]*},')


@dataclass
class FakeOutcome:
    panel: dict[str, Any]
    schools: dict[str, Any]
    notes: dict[str, int]


def simulate(policy: Policy, roster: Roster, seed: int, replications: range) -> FakeOutcome:
    """Noise that depends on policy, seed and number of the replication, and on nothing else."""
    which = zlib.crc32(repr(policy).encode())
    panel = {c.name: np.empty((policy.horizon_months, len(replications)), c.dtype) for c in COLUMNS}
    schools = {
        name: np.empty((len(roster), len(replications)), np.int16) for name in SCHOOL_COLUMNS
    }
    for column, replication in enumerate(replications):
        draws = np.random.default_rng([seed, replication, which])
        for array in (*panel.values(), *schools.values()):
            array[:, column] = (100 * draws.random(len(array))).astype(array.dtype)
    return FakeOutcome(panel, schools, {"replications counted": len(replications)})


def simulate_with_gaps(policy: Policy, roster: Roster, seed: int, replications: range) -> Any:
    """As above, with undefined numbers, as a ratio may be."""
    outcome = simulate(policy, roster, seed, replications)
    outcome.panel["cohesion"][::2] = np.nan
    return outcome


def simulate_slowly(policy: Policy, roster: Roster, seed: int, replications: range) -> Any:
    time.sleep(0.1)
    return simulate(policy, roster, seed, replications)


def fail_in_the_second_block(
    policy: Policy, roster: Roster, seed: int, replications: range
) -> FakeOutcome:
    if replications.start:
        raise ArithmeticError("schools were lost")
    return simulate(policy, roster, seed, replications)


def die_in_the_second_block(
    policy: Policy, roster: Roster, seed: int, replications: range
) -> FakeOutcome:
    if replications.start:
        os._exit(1)
    return simulate(policy, roster, seed, replications)


def interrupt_in_the_second_block(
    policy: Policy, roster: Roster, seed: int, replications: range
) -> FakeOutcome:
    if replications.start:
        signal.raise_signal(signal.SIGINT)
    return simulate(policy, roster, seed, replications)


def forget_a_column(policy: Policy, roster: Roster, seed: int, replications: range) -> FakeOutcome:
    outcome = simulate(policy, roster, seed, replications)
    del outcome.panel["cohesion"]
    return outcome


def another_model(policy: Policy, roster: Roster, seed: int, replications: range) -> FakeOutcome:
    return simulate(policy, roster, seed + 1, replications)


def scenario(
    name: str = "two_year",
    length: int = 24,
    partnership: bool = True,
    renewal: str = "uncertain",
    replications: int = 20,
    seed: int = 1,
    months: int = MONTHS,
    start: str = "2011-04",
    schools: int = 3,
) -> Scenario:
    agreement = Agreement(length_months=length, renewal=renewal)
    policy = Policy(parse_month(start), months, partnership, Levers(agreement))
    resolved = {
        "title": name,
        "start": start,
        "horizon_months": months,
        "roster": "three_schools",
        "partnership": partnership,
        "agreement": {"length_months": length, "renewal": renewal},
        "timeline": [],
        "parameters": {},
        "run": {"replications": replications, "seed": seed, "parameters": "central"},
    }
    run = RunSettings(replications, seed, "central")
    path = Path(f"{name}.yaml")
    return Scenario(path, name, name.title(), "", policy, roster(schools), run, resolved)


def roster(schools: int = 3) -> Roster:
    return roster_from_rows(roster_rows(schools), f"{schools}_schools")


def roster_rows(schools: int) -> list[dict[str, object]]:
    return [
        {"urn": 100000 + number, "school": f"School {number}", "phase": "primary", "pupils": 200}
        for number in range(schools)
    ]


class Backwards(Executor):
    """Takes so many tasks, then runs them in the opposite order."""

    def __init__(self, tasks: int) -> None:
        self.tasks = tasks
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        if len(self.waiting) == self.tasks:
            for later, task in reversed(self.waiting):
                later.set_result(task())
        return future


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by its path inside it; without the commit, which may move on."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): COMMIT.sub(b"", path.read_bytes()) for path in files
    }


def data(folder: Path) -> dict[str, bytes]:
    """The data files only."""
    return {name: content for name, content in tree(folder).items() if name.startswith("data/")}
