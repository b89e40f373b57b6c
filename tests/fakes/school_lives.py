"""Small simulated comparisons with their tables of schools in memory, for stories and registers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.panel import SCHOOL_COLUMNS
from rsip_sim.model.simulation import BlockOutcome, simulate_block
from rsip_sim.scenario import Scenario
from tests.fakes import panels as fake_panels
from tests.fakes.panels import twin

SEED = 20110401
MONTHS = 36
NO_AGREEMENT, TWO_YEAR, NO_PARTNERSHIP = (
    twin(each, each.name, horizon_months=MONTHS)
    for each in (fake_panels.NO_AGREEMENT, fake_panels.TWO_YEAR, fake_panels.NO_PARTNERSHIP)
)


class Remembered:
    """Outcomes by scenario, as the results of a run hold them."""

    def __init__(self, outcomes: dict[str, BlockOutcome], roster: Roster) -> None:
        self.outcomes = outcomes
        self.roster = roster

    @property
    def replications(self) -> int:
        return int(next(iter(self.outcomes.values())).schools["route"].shape[1])

    @property
    def months(self) -> int:
        return len(next(iter(self.outcomes.values())).panel["partnership_ended"])

    def arrays(self, scenario: str, columns: Sequence[str]) -> dict[str, NDArray[Any]]:
        return {name: self.outcomes[scenario].panel[name] for name in columns}

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        yield self.arrays(scenario, columns)

    def schools(self, scenario: str, columns: Sequence[str]) -> pd.DataFrame:
        table = self.outcomes[scenario].schools
        return pd.DataFrame({name: table[name].T.reshape(-1) for name in columns})


def remembered(scenarios: Sequence[Scenario], replications: int) -> Remembered:
    """Simulate scenarios on the same futures."""
    outcomes = {
        each.name: simulate_block(each.policy, each.roster, SEED, np.arange(replications))
        for each in scenarios
    }
    return Remembered(outcomes, scenarios[0].roster)


@lru_cache(maxsize=1)
def shipped() -> Remembered:
    """The shipped schools without agreement, with one of two years, and without a partnership."""
    return remembered((NO_AGREEMENT, TWO_YEAR, NO_PARTNERSHIP), 60)


def with_roster(scenario: Scenario, roster: Roster, **policy: Any) -> Scenario:
    """The scenario in another place."""
    return replace(scenario, roster=roster, policy=replace(scenario.policy, **policy))


def outcome_of(columns: dict[str, Sequence[Sequence[int]]], months: int = 60) -> BlockOutcome:
    """An outcome written by hand: columns (schools, replications); those not given say never."""
    given = {name: np.array(values, dtype=np.int16) for name, values in columns.items()}
    shape = next(iter(given.values())).shape
    never = {"opening_month": -1, "route": 0, "trust": -1, "first_month_alone": -1}
    table = {
        name: given.get(name, np.full(shape, never.get(name, 0), dtype=np.int16))
        for name in SCHOOL_COLUMNS
    }
    return BlockOutcome(
        {"partnership_ended": np.zeros((months, shape[1]), dtype=np.int8)}, table, {}
    )
