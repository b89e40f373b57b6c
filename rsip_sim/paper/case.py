"""The case a paper is about: a stored comparison, what it told, and what was studied of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from rsip_sim.charts.frame import Chart
from rsip_sim.measures.formats import inside
from rsip_sim.measures.runs import SchoolSource
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.seed_risks import USUAL_SCALE, RiskScale, risk_table
from rsip_sim.paper.told import COMPARISON, Told, traced
from rsip_sim.report.blocks import Block, Report
from rsip_sim.report.quoted import Said, given
from rsip_sim.scenario import Scenario
from rsip_sim.studies.assumptions.work import AssumptionLog, log_of_package
from rsip_sim.studies.compare.headline_table import read_over
from rsip_sim.studies.compare.screen import Screen
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.risks.work import Risks, risks_of


class PaperSource(SchoolSource, Protocol):
    """What a paper needs of a run."""

    @property
    def digest(self) -> str:
        """Sha256 of what the run is."""

    @property
    def seed(self) -> int:
        """Seed of the draws."""


@dataclass(frozen=True)
class Case:
    """One stored comparison to write a paper about.

    tables        the comparison;  results: its panels and its table of schools
    report        what it told
    record        its manifest
    told          the studies kept with it, and what was made for the paper
    left_out      what is kept with it and not taken in, each with the reason
    log           the assumptions, with what hangs on each
    charts        those of the comparison, most important first
    scale         on which the template scores risks
    with_schools  whether the annex may name single schools
    """

    tables: ComparisonTables
    results: PaperSource
    report: Report
    record: Mapping[str, Any]
    told: tuple[Told, ...] = ()
    left_out: tuple[str, ...] = ()
    log: AssumptionLog = field(default_factory=log_of_package)
    charts: Mapping[str, Chart] = field(default_factory=dict)
    scale: RiskScale = USUAL_SCALE
    with_schools: bool = False

    @property
    def baseline(self) -> Scenario:
        """The scenario compared with."""
        return self.tables.baseline

    @property
    def others(self) -> tuple[Scenario, ...]:
        """The scenarios compared with it: the options."""
        return self.tables.others

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All of them, the baseline first."""
        return (self.baseline, *self.others)

    @functools.cached_property
    def screen(self) -> Screen:
        """What the first screen of the comparison was made from."""
        return Screen.of(self.tables)

    @functools.cached_property
    def risks(self) -> LedgerTable:
        """Chance and effect of the risks that the report of 2010 named."""
        return risk_table(self.results, self.scenarios, self.scale)

    @functools.cached_property
    def schools(self) -> Risks | None:
        """The register of risks, schools by name, of the last option with a partnership."""
        founded = [each for each in self.scenarios if each.policy.partnership]
        return risks_of(self.results, self.scenarios, founded[-1]) if founded else None

    @property
    def headline(self) -> str:
        """The chart that the report shows, its most important; '' where none was made."""
        return next(iter(self.charts), "")

    @property
    def dated(self) -> Said:
        """Over which months its figures are read: ``average, April 2012 to March 2016``."""
        return given(inside(read_over(self.baseline, self.screen.moment)), "date")

    def comparison(self, blocks: tuple[Block, ...]) -> list[Block]:
        """Blocks of what the comparison told, every figure in them with its source."""
        return traced(blocks, COMPARISON)


def brief(scenario: Scenario) -> Said:
    """The short name of a scenario, as it stands in a table."""
    return given(scenario.brief, "title of a scenario")
