"""The case a paper is about: a stored comparison, what was studied of it, and how it is told."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from rsip_sim.measures.formats import MILLIONS, PER_CENT, PUPILS, THOUSANDS, NumberFormat
from rsip_sim.measures.metrics import HEADLINES
from rsip_sim.measures.moments import MEAN, Moment
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.paper.ledger import LedgerTable
from rsip_sim.paper.sections.money_table import Sums, money_table
from rsip_sim.paper.sections.school_tables import (
    PackSource,
    community_table,
    registers_of,
    school_table,
)
from rsip_sim.paper.sections.seed_risks import risk_table
from rsip_sim.paper.studies import Studies
from rsip_sim.report.findings import Row, importance
from rsip_sim.report.quoted import Derived, Quote, Said, given, say, titled
from rsip_sim.report.verdicts import CLEAR, INTERVAL, Verdict, clause, sentence, verdict, word
from rsip_sim.report.words import authority, in_words, months_in_words
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.risks.work import RiskRegister

MILLION = 1e6


@dataclass(frozen=True)
class Case:
    """One stored comparison to write a paper about.

    tables        the comparison
    results       its panels and its table of schools
    studies       what was studied of it
    record        its manifest
    with_schools  whether the paper may name single schools
    leaning       differences over the range of what has no evidence; None where not kept
    """

    tables: ComparisonTables
    results: PackSource
    studies: Studies
    record: Mapping[str, Any]
    with_schools: bool = False
    leaning: pd.DataFrame | None = None

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

    @property
    def moment(self) -> Moment:
        """The moment on which the findings stand."""
        return self.tables.moments[self.tables.main_moment]

    @property
    def enough(self) -> bool:
        """Whether there are futures enough to compare anything."""
        return self.tables.replications >= FEWEST_TO_COMPARE

    @property
    def base(self) -> Said:
        """The baseline's title, as quoted."""
        return titled(self.baseline.title)

    @functools.cached_property
    def rows(self) -> dict[tuple[str, str, str], Row]:
        """Every compared number by (scenario, metric, moment), as the paper writes it."""
        rows = in_its_digits(self.tables.rows, self.tables.main_moment)
        return {(row.scenario.name, row.metric.name, row.moment.name): row for row in rows}

    @functools.cached_property
    def money(self) -> Sums:
        """Money by financial year."""
        return Sums(money_table(self.results, self.scenarios))

    @functools.cached_property
    def risks(self) -> LedgerTable:
        """Chance and effect of the risks the report named."""
        return risk_table(self.results, self.scenarios)

    @functools.cached_property
    def registers(self) -> Mapping[str, RiskRegister]:
        """The register of risks of each policy, by its name."""
        return registers_of(self.results, self.scenarios)

    @functools.cached_property
    def schools(self) -> LedgerTable:
        """Every school by name, under every policy."""
        return school_table(self.registers)

    @functools.cached_property
    def communities(self) -> LedgerTable:
        """Every learning community under every policy."""
        return community_table(self.registers)

    @property
    def watched(self) -> tuple[Scenario, ...]:
        """Policies under which schools are named: first and last of those with a partnership."""
        founded = [scenario for scenario in self.scenarios if scenario.policy.partnership]
        return tuple(founded if len(founded) < 2 else (founded[0], founded[-1]))

    def row(self, scenario: Scenario, metric: str, moment: str = "") -> Row | None:
        """One compared number, at the main moment unless another is named."""
        return self.rows.get((scenario.name, metric, moment or self.tables.main_moment))

    def row_named(self, scenario: str, metric: str) -> Row | None:
        """The same at the main moment by name of the scenario."""
        return self.rows.get((scenario, metric, self.tables.main_moment))

    def headlines(self, scenario: Scenario) -> list[Row]:
        """The headline measures of one scenario at the main moment, in their order."""
        found = (self.row(scenario, name) for name in HEADLINES)
        return [row for row in found if row is not None]

    def strongest(self, verdict: Verdict, without: Sequence[str] = ()) -> list[Row]:
        """For each headline its largest difference of this verdict, the most important first."""
        best: dict[str, Row] = {}
        for scenario in self.others:
            for row in self.headlines(scenario):
                known = best.get(row.metric.name)
                larger = known is None or _size(row) > _size(known)
                if row.verdict == verdict and row.metric.name not in without and larger:
                    best[row.metric.name] = row
        return sorted(best.values(), key=importance)

    def when(self) -> Said:
        """The main moment as it stands in a sentence of the paper."""
        if self.tables.main_moment != MEAN:
            return given(self.moment.when, "date")
        months = months_in_words(self.baseline, self.moment.first, self.moment.last)
        return say("averaged over {months}", months=given(months, "date"))


def counted(number: int, what: str, capital: bool = False) -> Quote:
    """A count in words where it is small, with what was counted."""
    text = in_words(number)
    return Quote(text.capitalize() if capital else text, Derived(f"number of {what}", number))


def futures_of(case: Case) -> Said:
    """``1,000 simulated futures``."""
    number = case.tables.replications
    return say(
        "{number} simulated future{s}",
        number=given(f"{number:,}", "run record: replications"),
        s="" if number == 1 else "s",
    )


def schools_of(case: Case) -> Said:
    """``the 126 state schools of Rotherham``."""
    roster = case.baseline.roster
    return say(
        "the {number} state schools of {place}",
        number=given(f"{len(roster):,}", "roster: number of schools"),
        place=given(authority(case.baseline), "roster: place"),
    )


def changes_of(case: Case, scenario: Scenario) -> list[Said]:
    """In what a scenario differs from the baseline, each with label, old and new value and date."""
    found = differences(case.baseline, scenario)
    return [given(each.sentence, f"scenario file: {each.field}") for each in found]


def effect(row: Row) -> Said:
    """A difference as a clause: ``10 more schools are in the partnership``."""
    figures, metric = row.figures, row.metric
    if metric.kind not in ("chance", "risk"):
        yearly = metric.format.prefix and metric.unit.endswith(" a year")
        if not yearly or metric.format.shows_zero(row.numbers.difference):
            return clause(metric, figures.relative())
        size = say("{size} a year {word}", size=figures.magnitude("difference"),
                   word=word(metric, row.numbers.difference))  # fmt: skip
        return clause(metric, size)
    up = row.numbers.difference > 0
    return say(
        "the chance that {what} {moves} from {before} to {now}",
        what=metric.clause, moves="rises" if up else "falls",
        before=figures.level("baseline"), now=figures.level("level"),
    )  # fmt: skip


def with_interval(row: Row) -> Said:
    """The same with the 95% interval of the average in brackets after it."""
    return say("{effect} ({interval} {ends})", effect=effect(row), interval=INTERVAL,
               ends=ends(row))  # fmt: skip


def ends(row: Row) -> Said:
    """Both ends of the 95% interval of a clear mean difference, as sizes: ``9.2 to 10.7``."""
    figures = row.figures
    if row.metric.kind in ("chance", "risk") or row.verdict not in CLEAR:
        return figures.interval()
    return figures.sizes("ci_low", "ci_high")


def _size(row: Row) -> float:
    return abs(row.numbers.difference)


def in_its_digits(rows: Sequence[Row], main_moment: str) -> list[Row]:
    """The rows with format, verdict and sentence as a paper has them: as many digits as they bear.

    The terminal and the workbook write every measure in one format. A paper is read by people who
    take each digit for knowledge, so sums that never reach a million are told in thousands, pupils
    in tens, and differences of several percentage points without their second decimal.
    """
    by_metric: dict[str, list[Row]] = {}
    for row in rows:
        by_metric.setdefault(row.metric.name, []).append(row)
    chosen = {
        name: _format(of_metric[0].metric.format, of_metric, main_moment)
        for name, of_metric in by_metric.items()
    }
    return [_retold(row, chosen[row.metric.name]) for row in rows]


def _format(usual: NumberFormat, rows: Sequence[Row], main_moment: str) -> NumberFormat:
    main = [row for row in rows if row.moment.name == main_moment] or rows
    if usual is PUPILS:
        return replace(PUPILS, nearest=10.0)
    if usual is PER_CENT and _largest(row.numbers.difference for row in main) >= 1:
        return replace(PER_CENT, difference_decimals=1)
    if usual is MILLIONS:
        levels = _largest(
            size
            for row in rows
            for size in (row.numbers.baseline, row.numbers.level, row.numbers.p95)
        )
        if levels < MILLION:
            return THOUSANDS
        if levels >= 10 * MILLION:
            return replace(MILLIONS, decimals=1)
    return usual


def _largest(numbers: Iterable[float]) -> float:
    """The largest size of those that are defined."""
    return max((abs(number) for number in numbers if number == number), default=0.0)


def _retold(row: Row, write: NumberFormat) -> Row:
    if write is row.metric.format:
        return row
    unit = row.metric.unit.replace("£m", "£") if write is THOUSANDS else row.metric.unit
    metric = replace(row.metric, format=write, unit=unit)
    retold = replace(row, metric=metric, verdict=verdict(metric, row.numbers))
    words = sentence(metric, row.moment, row.numbers).bound(retold.figures.where)
    return replace(retold, sentence=words)
