"""What the first screen of a comparison stands on: its numbers, and which of them are told.

A difference is told where it is clear and as large as a councillor would notice. Options that rise
step by step in one lever are a ladder.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.report.quoted import Derived, Quote, Said, given, joined, listed, say, titled
from rsip_sim.report.verdicts import CLEAR, Row
from rsip_sim.scenario import Scenario, differences
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.studies.compare.alternatives import AlternativeRow
from rsip_sim.studies.compare.price import (
    COUNCIL,
    LOST,
    NOTICED_PRICE,
    SCHOOLS,
    THOUSAND,
    WHOLE,
    PriceRow,
)
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

MOST_WORDS = 12
"""Of a title."""

_MOST_NAMED = 3
_FROM = {SCHOOLS: "from schools' budgets", COUNCIL: "from the council", LOST: "school service"}

TWO_LINES = 180
"""Characters of what is compared; a longer description stands in the part `scenarios`."""

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


def question(screen: Screen) -> str:
    """What was asked, as a question."""
    others = screen.tables.others
    if screen.ladder is not None:
        lever = LEVERS.get(screen.ladder.path)
        if lever is not None and lever.question:
            return lever.question
        label = inside(lever.label) if lever is not None else screen.ladder.path
        return f"What does another {label} change?"
    if len(others) == 1:
        return f"What does '{others[0].title}' change?"
    return "Which option changes what, and at what price?"


def compared(futures: int, scenario: Scenario) -> Said:
    """How many futures, and what the baseline is."""
    name = titled(scenario.brief)
    count = Quote(f"{futures:,}", Derived("futures simulated", futures))
    start = say("{futures} simulated futures, each compared with itself.", futures=count)
    what = given(scenario.description or scenario.title, "of the scenario")
    if len(start) + len(what) > TWO_LINES:
        what = given(f"{scenario.title}.", "of the scenario")
    return say("{start} {name}: {what}", start=start, name=name, what=what)


def answer(screen: Screen, brief: bool = False) -> list[Said]:
    """The sentences: what changes, what does not, and the price.

    brief  only the first and the last, and what changes most beside a ladder
    """
    lead = screen.lead
    if lead is None:
        return [_nothing_told(screen), _cost(screen, _costliest(screen))]
    said: list[Said] = []
    beside = screen.tables.others
    if screen.ladder is not None and screen.steps:
        said.append(_steps(screen, screen.ladder, lead.metric, brief))
        said += [] if brief else _unchanged(screen, screen.steps)
        beside = tuple(each for each in beside if each not in screen.steps)
    if largest := screen.told(beside):
        said.append(_largest(screen, largest[0], lead))
        said += [] if brief or screen.steps else _unchanged(screen, beside)
    return [*said, _cost(screen, lead.scenario)]


def short_answer(screen: Screen) -> Said:
    """The answer in at most MOST_WORDS words."""
    lead = screen.lead
    if lead is None:
        return Said(
            "No option changes anything that anyone would notice"
            if _all_settled(screen) else "No difference between these options is clear"
        )  # fmt: skip
    if screen.ladder is not None and screen.steps:
        return Said(_opening(screen, screen.ladder, lead.metric))
    name = lead.scenario.brief[0].upper() + lead.scenario.brief[1:]
    told = change(lead)
    if len(f"{name} {told}".split()) > MOST_WORDS:
        return say("Largest change: {told}", told=told)
    return say("{name}: {told}", name=given(name, "title of a scenario"), told=told)


def change(row: Row) -> Said:
    """``cohesion is 31.2 points lower``, ``3.4 more schools are in the partnership``."""
    metric, value = row.metric, row.numbers.difference
    size = say(
        "{size} {word}",
        size=row.quote(metric.format.brief_magnitude(value), "difference"),
        word=metric.words[value < 0],
    )
    if "{}" not in metric.clause:
        return say("the chance that {clause} is {size}", clause=metric.clause, size=size)
    return say(metric.clause.replace("{}", "{size}"), size=size)


def _opening(screen: Screen, ladder: Ladder, metric: Metric) -> str:
    """``The longer the agreement, the more schools are in the partnership``, where it is so."""
    values = [
        0.0 if row is None else row.numbers.difference
        for row in (screen.row(metric, option) for option in ladder.options)
    ]
    falls = values[-1] < 0
    if not all(a >= b if falls else a <= b for a, b in pairwise([0.0, *values])):
        return f"What changes most is {_quantity(metric)}"
    lever = LEVERS.get(ladder.path)
    rise = f"The higher {ladder.path if lever is None else 'the ' + inside(lever.label)}"
    if lever is not None and lever.rise:
        rise = lever.rise
    word = metric.words[falls]
    if metric.clause.startswith("{}"):
        return f"{rise}, the {metric.clause.format(word)}"
    return f"{rise}, the {'less' if word == 'fewer' else word} {metric.noun}"


def _steps(screen: Screen, ladder: Ladder, metric: Metric, brief: bool) -> Said:
    if brief:
        return say("{opening}.", opening=_opening(screen, ladder, metric))
    rows = [row for option in ladder.options if (row := screen.row(metric, option)) is not None]
    return say(
        "{opening}: {steps}.",
        opening=_opening(screen, ladder, metric),
        steps=joined(", ", (
            say("{n} {size}", n=given(row.scenario.brief, "title of a scenario"),
                size=written(row)) for row in rows
        )),
    )  # fmt: skip


def _quantity(metric: Metric) -> str:
    return f"the number of {metric.noun}" if metric.unit == "schools" else metric.noun


def _unchanged(screen: Screen, options: Sequence[Scenario]) -> list[Said]:
    """What these options surely do not change, and what is not clear."""
    told = {row.metric for row in screen.told(options)}
    left = [metric for metric in screen.measures if metric not in told]
    rows = screen.of_options(options)
    sure = [metric for metric in left if all(settled(row) for row in rows if row.metric == metric)]
    start = "It hardly changes" if len(options) == 1 or screen.steps else "No option much changes"
    said = []
    for sentence, metrics in (
        (f"{start} {{what}}.", sure),
        ("What it does to {what} is small or not clear.", [m for m in left if m not in sure]),
    ):
        if metrics:
            said.append(say(sentence, what=listed([_quantity(m) for m in metrics], "or")))
    return said


def _largest(screen: Screen, row: Row, lead: Row) -> Said:
    """What one option changes most, at most three measures of it."""
    more = "more" if weight(row) > weight(lead) else "too"
    return say(
        "{name} changes {most}: {changes}.", name=titled(row.scenario.title),
        most=more if screen.steps else "most",
        changes=listed([change(each) for each in screen.told([row.scenario])[:_MOST_NAMED]]),
    )  # fmt: skip


def _all_settled(screen: Screen) -> bool:
    return all(map(settled, screen.of_options(screen.tables.others)))


def _nothing_told(screen: Screen) -> Said:
    if _all_settled(screen):
        names = [_quantity(metric) for metric in screen.measures]
        return say("No option changes {what} by an amount that anyone would notice.",
                   what=listed(names, "or"))  # fmt: skip
    futures = screen.tables.replications
    count = Quote(f"{futures:,}", Derived("futures simulated", futures))
    return say("{n} futures do not tell the options apart: no difference is clear.", n=count)


def _prices(screen: Screen, option: Scenario) -> list[PriceRow]:
    found = (screen.prices.get((line, option.name)) for line in _FROM)
    return [row for row in found if row is not None]


def _costliest(screen: Screen) -> Scenario:
    """The option with the largest price that is told, or the first."""

    def told(option: Scenario) -> float:
        return sum(abs(row.difference) for row in _prices(screen, option) if row.told)

    return max(screen.tables.others, key=told)


def _cost(screen: Screen, option: Scenario) -> Said:
    """What an option costs whom, or that it costs nobody anything that is noticed."""
    rows, told = _prices(screen, option), titled(option.title)
    costs = [
        say(
            "{size} {more} {payer}",
            size=_pounds(row),
            # of a service that is lost, what is left is less
            more="more" if (row.difference > 0) != (row.line == LOST) else "less",
            payer=_FROM[row.line],
        )
        for row in rows
        if row.told
    ]
    if costs:
        return say("The price of {option} a year: {costs}.", option=told, costs=listed(costs))
    if all(row.settled for row in rows):
        least = given(f"£{NOTICED_PRICE:,.0f}", "the smallest price that is told")
        return say("{option} costs nobody {least} a year.", option=told, least=least)
    return say("What {option} costs is not clear.", option=told)


def _pounds(row: PriceRow) -> Said:
    text = f"£{round(abs(row.a_year('difference')) / THOUSAND) * 1000:,}"
    return row.quote_a_year(text, "difference", 1.0, THOUSAND)
