"""One risk under one scenario: its chance and effect, as numbers and as quoted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.seed_risks import (
    CHANCES,
    EFFECTS,
    KEYS,
    NAME,
    SEED_RISKS,
    SeedRisk,
    word_of,
)
from rsip_sim.report.quoted import Cell, Quote
from rsip_sim.report.words import per_cent
from rsip_sim.scenario import Scenario

SMALLEST = 1.0
"""Difference of a chance that is told, in percentage points: a smaller one would not show."""


@dataclass(frozen=True)
class Chance:
    """One risk under one scenario; numbers: a row of `seed_risks.risk_table` by column."""

    scenario: Scenario
    risk: SeedRisk
    numbers: Mapping[str, float]

    @property
    def defined(self) -> bool:
        """Whether the risk exists under the scenario."""
        return not math.isnan(self.numbers["chance"])

    @property
    def happens(self) -> bool:
        """Whether it happened in any future."""
        return self.numbers["chance"] > 0

    @property
    def clear(self) -> bool:
        """Whether the chance differs from the baseline's by a point, and by its interval."""
        n = self.numbers
        enough = n["replications"] >= FEWEST_TO_COMPARE and abs(n["difference"]) >= SMALLEST
        return enough and (n["difference_ci_low"] > 0 or n["difference_ci_high"] < 0)

    @property
    def word(self) -> str:
        """The chance in words."""
        if self.numbers["chance"] == 0:
            return "in no future simulated"
        return word_of(self.numbers["chance"], CHANCES)

    @property
    def effect_word(self) -> str:
        """The effect in words."""
        return word_of(self.numbers["effect"], EFFECTS)

    def percent(self, column: str = "chance") -> Quote:
        """``27%``, never rounded to none or all."""
        return Quote(per_cent(self.numbers[column]), self._cell(column))

    def effect(self) -> Quote:
        """``42%`` of what is affected, on average where it happens."""
        return Quote(f"{self.numbers['effect']:.0f}%", self._cell("effect"))

    def points(self, column: str = "difference", unit: bool = True) -> Quote:
        """``−1.2 points``, the difference from the baseline."""
        value = self.numbers[column]
        size = f"{abs(value):.1f}"
        sign = "" if float(size) == 0 else "+" if value > 0 else "\N{MINUS SIGN}"
        return Quote(f"{sign}{size}{' points' if unit else ''}", self._cell(column))

    def _cell(self, column: str) -> Cell:
        return Cell(NAME, (self.scenario.name, self.risk.name), column)


def chances_of(table: LedgerTable, scenarios: Sequence[Scenario]) -> dict[tuple[str, str], Chance]:
    """Every risk under every scenario, by both their names."""
    columns = [column for column in table.frame.columns if column not in KEYS]

    def numbers(scenario: Scenario, risk: SeedRisk) -> dict[str, float]:
        key = (scenario.name, risk.name)
        return {column: table.value(key, column) for column in columns}

    return {
        (scenario.name, risk.name): Chance(scenario, risk, numbers(scenario, risk))
        for scenario in scenarios
        for risk in SEED_RISKS
    }
