"""What the first screen of a comparison stands on: its numbers, and which of them are told.

A difference is told where it is clear and as large as a councillor would notice. Options that rise
step by step in one lever are a ladder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.report.quoted import Said, say
from rsip_sim.report.verdicts import CLEAR, Row
from rsip_sim.scenario import Scenario, differences
from rsip_sim.studies.compare.alternatives import AlternativeRow
from rsip_sim.studies.compare.price import COUNCIL, LOST, SCHOOLS, WHOLE, PriceRow
from rsip_sim.studies.compare.work import ComparisonTables

SHOWN = ("erosion", "conversions", "cohesion", "members", "unmet_days")
"""Measures of the first screen, in the one order in which they always stand: what was asked, and
of others that move together one."""

PRICES: Mapping[str, str] = {
    SCHOOLS: "Schools' budgets pay, £000 a year",
    COUNCIL: "The council pays, £000 a year",
    LOST: "School service lost, £000 a year",
}
"""The lines of the price, each borne by others and so never added up."""

_NOTICES = 10  # thresholds of notice: the least against which a difference is weighed


@dataclass(frozen=True)
class Ladder:
    """Options that differ from the baseline in one lever alone, from its least to its most.

    path  of the lever in a scenario file
    """

    path: str
    options: tuple[Scenario, ...]


@dataclass(frozen=True)
class Screen:
    """What the first screen of a comparison is made from."""

    tables: ComparisonTables
    alternatives: Sequence[AlternativeRow] = ()

    @cached_property
    def rows(self) -> Mapping[tuple[str, str], Row]:
        """The compared numbers by metric and scenario, at the moment of the findings."""
        return {
            (row.metric.name, row.scenario.name): row
            for row in self.tables.rows
            if row.moment.name == self.tables.main_moment and defined(row)
        }

    @cached_property
    def prices(self) -> Mapping[tuple[str, str], PriceRow]:
        """The price over the whole run by line and scenario."""
        return {
            (row.line, row.scenario.name): row for row in self.tables.price if row.year == WHOLE
        }

    @cached_property
    def ladder(self) -> Ladder | None:
        """The longest ladder above the baseline among the options; None where no two make one."""
        steps: dict[str, list[tuple[float, Scenario]]] = {}
        for scenario in self.tables.others:
            changes = differences(self.baseline, scenario)
            for each in changes if len(changes) == 1 else ():
                if {type(each.old), type(each.new)} <= {int, float} and each.new > each.old:
                    steps.setdefault(each.field, []).append((each.new, scenario))
        path, found = max(steps.items(), key=lambda each: len(each[1]), default=("", []))
        if len(found) < 2:
            return None
        rising = sorted(found, key=lambda each: each[0])
        return Ladder(path, tuple(scenario for _, scenario in rising))

    @property
    def baseline(self) -> Scenario:
        """The scenario compared with."""
        return self.tables.baseline

    @property
    def moment(self) -> Moment:
        """When the measures are read."""
        return self.tables.moments[self.tables.main_moment]

    @property
    def measures(self) -> tuple[Metric, ...]:
        """The measures shown, those that are defined somewhere."""
        known = {name for name, _ in self.rows}
        return tuple(METRICS[name] for name in SHOWN if name in known)

    def row(self, metric: Metric, scenario: Scenario) -> Row | None:
        """One compared number; None where it is not defined."""
        return self.rows.get((metric.name, scenario.name))

    def of_options(self, options: Sequence[Scenario]) -> list[Row]:
        """The numbers of these options, measure by measure."""
        found = (self.row(metric, option) for metric in self.measures for option in options)
        return [row for row in found if row is not None]

    def told(self, options: Sequence[Scenario]) -> list[Row]:
        """What changes under these options by an amount that is clear and noticed, most first."""
        return sorted(filter(noticed, self.of_options(options)), key=lambda row: -weight(row))

    @property
    def steps(self) -> tuple[Scenario, ...]:
        """The options of the ladder, of which the answer speaks first; () where there is none."""
        ladder = self.ladder
        return ladder.options if ladder is not None and self.told(ladder.options) else ()

    @property
    def lead(self) -> Row | None:
        """The number that the answer is about; None where nothing changes that anyone notices."""
        told = self.told(self.steps or self.tables.others)
        return told[0] if told else None

    @property
    def middle(self) -> Row | None:
        """The number whose precision is told: of a ladder its middle step, else the lead."""
        lead = self.lead
        if lead is None or not self.steps:
            return lead
        row = self.row(lead.metric, self.steps[(len(self.steps) - 1) // 2])
        return row if row is not None and noticed(row) else lead

    def most_changed(self, count: int) -> tuple[Scenario, ...]:
        """At most so many options: those that change most, in the order in which they stand."""
        others = self.tables.others
        weights = {
            each.name: max(map(weight, self.of_options([each])), default=0.0) for each in others
        }
        most = sorted(others, key=lambda each: -weights[each.name])[:count]
        return tuple(each for each in others if each in most)


def defined(row: Row) -> bool:
    """Whether there is such a number."""
    return row.numbers.replications > 0 and counted_under(row.scenario, row.metric)


def counted_under(scenario: Scenario, metric: Metric) -> bool:
    """Whether a measure means anything: without a partnership there are no members to count."""
    return scenario.policy.partnership or metric.name != "members"


def weight(row: Row) -> float:
    """Size of a difference beside the range of the baseline's futures, to set measures in order."""
    spread = row.numbers.baseline_p95 - row.numbers.baseline_p05
    least = _NOTICES * row.metric.format.notice
    return abs(row.numbers.difference) / max(spread if math.isfinite(spread) else 0.0, least)


def noticed(row: Row) -> bool:
    """Whether a difference is clear, and as large as a councillor would notice."""
    return row.verdict in CLEAR and abs(row.numbers.difference) >= row.metric.format.notice


def settled(row: Row) -> bool:
    """Whether it is certain that nobody would notice the difference."""
    n, notice = row.numbers, row.metric.format.notice
    return row.verdict == "equal" or (n.ci_low > -notice and n.ci_high < notice)


def written(row: Row) -> Said:
    """A difference in three figures or so, in brackets where it is not told."""
    if row.verdict == "equal":
        return Said("0")
    text = row.metric.format.brief_difference(row.numbers.difference)
    quote = Said(row.quote(text, "difference"))
    return quote if noticed(row) else say("({n})", n=quote)
