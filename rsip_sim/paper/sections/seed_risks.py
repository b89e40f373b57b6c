"""The five risks that the council's report of 2010 names, as events with a chance and an effect.

Each risk is an event that a future either holds or does not, read at the end of the run, and an
effect: how large a part of the schools, grant or support is affected in the futures that hold it.
A quarter is the threshold throughout. It is a reading aid chosen for this table and no evidence;
the chances at any other threshold follow from the stored panels.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from rsip_sim.measures.metrics import stock_columns
from rsip_sim.measures.panels import Panel
from rsip_sim.measures.runs import FloatArray, PanelSource
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, paired_differences, wilson_interval
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.report.quoted import Cell, Quote
from rsip_sim.report.words import per_cent
from rsip_sim.scenario import Scenario

NAME = "risks"
KEYS = ("scenario", "risk")
THRESHOLD = 25.0  # per cent
LAST_YEAR = 12  # months over which a flow is read


SMALLEST = 1.0
"""Difference of a chance that is told, in percentage points: a smaller one would not show."""


@dataclass(frozen=True)
class SeedRisk:
    """One risk.

    letter    by which the grid names it
    label     as the report has it;  short: for the head of a column
    event     what counts as happening, with {threshold}
    affected  what the effect is a part of
    share     of a panel: the part affected at the end, per cent, (replications,)
    event_of  whether it happens, where that is not a matter of the threshold, (replications,)
    founded   defined only where there is a partnership
    """

    letter: str
    name: str
    label: str
    short: str
    event: str
    affected: str
    share: Callable[[Panel], FloatArray]
    event_of: Callable[[Panel], FloatArray] | None = None
    founded: bool = False

    def happens(self, panel: Panel) -> FloatArray:
        """1 in the futures in which it happens, else 0; NaN where it is not defined."""
        if self.founded and not panel.scenario.policy.partnership:
            return np.full(self.share(panel).shape, np.nan)
        if self.event_of is not None:
            return self.event_of(panel)
        return (self.share(panel) >= THRESHOLD).astype(np.float64)


def _stock(panel: Panel, columns: Sequence[str]) -> FloatArray:
    panel.load(columns)
    return np.asarray(sum(panel[column][-1].astype(np.float64) for column in columns))


def _academies(panel: Panel) -> FloatArray:
    phases = ("primary", "special")
    academies = _stock(panel, stock_columns(phases=phases, legal=("academy",)))
    return np.asarray(100 * academies / np.maximum(_stock(panel, stock_columns(phases=phases)), 1))


def _alone(panel: Panel) -> FloatArray:
    schools = _stock(panel, stock_columns())
    return np.asarray(100 * panel["academies_alone"][-1] / np.maximum(schools, 1))


def _grant(panel: Panel) -> FloatArray:
    gross = panel["gross_pence_per_year"][-1].astype(np.float64)
    return np.asarray(100 * panel["recouped_pence_per_year"][-1] / np.maximum(gross, 1))


def _bought(panel: Panel) -> FloatArray:
    served = panel["served_days"][-LAST_YEAR:].mean(axis=0)
    bought = panel["bought_by_schools_days"][-LAST_YEAR:].mean(axis=0)
    return np.asarray(100 * bought / np.maximum(served, 1))


def _unmet(panel: Panel) -> FloatArray:
    return np.asarray(100 * (1 - panel["mutual_support"][-1]))


def _ended(panel: Panel) -> FloatArray:
    return np.asarray(panel["partnership_ended"][-1].astype(np.float64))


SEED_RISKS = (
    SeedRisk(
        "A", "more_academies", "More academies, primary and special schools among them",
        "More academies",
        "at least {threshold} of primary and special schools are academies",
        "of primary and special schools are academies", _academies,
    ),
    SeedRisk(
        "B", "atomisation", "Atomisation", "Atomisation",
        "at least {threshold} of schools are academies in no partnership, trust or diocese",
        "of schools are academies alone", _alone,
    ),
    SeedRisk(
        "C", "dsg_loss", "Loss of the Dedicated Schools Grant", "Loss of DSG",
        "at least {threshold} of the grant is recouped for academies",
        "of the grant is recouped", _grant,
    ),
    SeedRisk(
        "D", "external_providers", "External providers", "External providers",
        "schools buy at least {threshold} of support for themselves, over the last year",
        "of support is bought by schools for themselves", _bought,
    ),
    SeedRisk(
        "E", "breakdown", "Breakdown of relations", "Breakdown",
        "the partnership has ended",
        "of the support that schools below good need is not met", _unmet, _ended,
        founded=True,
    ),
)  # fmt: skip

CHANCES = (
    (0.05, "a remote chance"),
    (0.20, "highly unlikely"),
    (0.40, "unlikely"),
    (0.60, "about as likely as not"),
    (0.80, "likely"),
    (0.95, "highly likely"),
    (1.01, "almost certain"),
)
"""Upper bounds of chances and the words for them: those of the probability yardstick of the UK
government's analysts, with its gaps closed."""

EFFECTS = ((10.0, "slight"), (25.0, "moderate"), (50.0, "serious"), (100.1, "very serious"))
"""Upper bounds of effects, per cent affected, and the words for them."""


def word_of(value: float, scale: Sequence[tuple[float, str]]) -> str:
    """The word for a value on CHANCES or EFFECTS."""
    return next(word for bound, word in scale if value < bound)


def risk_table(results: PanelSource, scenarios: Sequence[Scenario]) -> LedgerTable:
    """Chance and effect of each risk under each scenario, the baseline first.

    chance, ci_low, ci_high       share of futures with its 95% interval (Wilson)
    effect                        per cent affected where it happens, mean; NaN: never happens
    difference, …_ci_low, …_high  of the chance from the baseline's, paired, in points of 100
    """
    records = []
    base: dict[str, FloatArray] = {}
    for scenario in scenarios:
        panel = Panel(results, scenario)
        for risk in SEED_RISKS:
            happens = risk.happens(panel)
            before = base.setdefault(risk.name, happens)
            records.append((scenario.name, risk.name, *_numbers(risk, panel, happens, before)))
    columns = [
        *KEYS, "chance", "ci_low", "ci_high", "effect", "difference", "difference_ci_low",
        "difference_ci_high", "replications",
    ]  # fmt: skip
    percent = dict.fromkeys(("effect",), "%")
    points = dict.fromkeys(columns[6:9], "percentage points")
    shares = dict.fromkeys(columns[2:5], "share of futures")
    return LedgerTable(
        NAME,
        "Chance and effect of the risks named in 2010, at the end of the run",
        pd.DataFrame(records, columns=columns),
        KEYS,
        {**percent, **points, **shares},
    )


def _numbers(
    risk: SeedRisk, panel: Panel, happens: FloatArray, before: FloatArray
) -> tuple[float, ...]:
    chance = float(happens.mean())
    low, high = wilson_interval(np.array([chance]), len(happens))
    where = happens == 1
    effect = float(risk.share(panel)[where].mean()) if where.any() else np.nan
    paired = paired_differences(100 * happens[None, :], 100 * before[None, :])
    return (
        chance, float(low[0]), float(high[0]), effect, float(paired.spread.mean[0]),
        max(float(paired.ci_low[0]), -100.0), min(float(paired.ci_high[0]), 100.0),
        int(paired.spread.count[0]),
    )  # fmt: skip


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
