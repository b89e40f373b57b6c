"""The first screen of a comparison: the answer and its price, how sure, and no more.

The table sets the options side by side; at most four sentences say what decides. Where options
rise step by step in one lever they are a ladder, and the sentences name its steps; beside it they
name the option that changes most of all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rsip_sim.measures.formats import MINUS
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.moments import Moment, unit_at
from rsip_sim.report.blocks import Block, Column, Heading, Paragraph, Points, Table
from rsip_sim.report.findings import Row
from rsip_sim.report.quoted import Cell, Derived, Quote, Said, given, joined, listed, say, titled
from rsip_sim.report.verdicts import CLEAR, INTERVAL, SPREAD
from rsip_sim.report.words import authority, months_in_words, period
from rsip_sim.scenario import Scenario, differences
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.studies.compare.alternatives import AlternativeRow
from rsip_sim.studies.compare.price import COUNCIL, LOST, SCHOOLS, WHOLE, PriceRow
from rsip_sim.studies.compare.work import ComparisonTables
from rsip_sim.studies.kernel.kept import stored_table

SHOWN = ("erosion", "conversions", "cohesion", "members", "unmet_days")
"""Measures of the first screen, in the one order in which they always stand: what was asked, and
of others that move together one."""

PRICES: Mapping[str, str] = {
    SCHOOLS: "Schools' budgets pay, £000 a year",
    COUNCIL: "The council pays, £000 a year",
    LOST: "School service lost, £000 a year",
}
"""The lines of the price, each borne by others and so never added up."""

NOTICED_PRICE = 5000.0
"""Pounds a year, below which a price is not told apart from none."""

MOST_ACROSS = 7
"""Options side by side; more stand below one another, with the measures across."""

_LABEL, _OPTION, _MEASURE = 40, 8, 11
_MOST_NAMED = 3
_UNDER = 3  # alternatives named in a sentence
_MONTHS, _THOUSAND = 12.0, 1000.0


@dataclass(frozen=True)
class Ladder:
    """Options that differ from the baseline in one lever alone, from its least to its most.

    path  of the lever in a scenario file
    """

    path: str
    options: tuple[Scenario, ...]


def ladder_of(baseline: Scenario, others: Sequence[Scenario]) -> Ladder | None:
    """The longest ladder above the baseline among the options; None where no two make one."""
    steps: dict[str, list[tuple[float, Scenario]]] = {}
    for scenario in others:
        changes = differences(baseline, scenario)
        if len(changes) == 1 and _is_number(changes[0].new) and _is_number(changes[0].old):
            change = changes[0]
            if change.new > change.old:
                steps.setdefault(change.field, []).append((change.new, scenario))
    if not steps:
        return None
    path, found = max(steps.items(), key=lambda each: len(each[1]))
    if len(found) < 2:
        return None
    rising = sorted(found, key=lambda each: each[0])
    return Ladder(path, tuple(scenario for _, scenario in rising))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True)
class Screen:
    """What the first screen is made from.

    rows    the compared numbers by metric and scenario, at the moment of the findings
    prices  the price over the whole run by line and scenario
    """

    tables: ComparisonTables
    ladder: Ladder | None
    rows: Mapping[tuple[str, str], Row]
    prices: Mapping[tuple[str, str], PriceRow]
    alternatives: Sequence[AlternativeRow]

    @classmethod
    def of(cls, tables: ComparisonTables, alternatives: Sequence[AlternativeRow] = ()) -> Screen:
        """The screen of a comparison."""
        rows = {
            (row.metric.name, row.scenario.name): row
            for row in tables.rows
            if row.moment.name == tables.main_moment
        }
        prices = {(row.line, row.scenario.name): row for row in tables.price if row.year == WHOLE}
        ladder = ladder_of(tables.baseline, tables.others)
        return cls(tables, ladder, rows, prices, alternatives)

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
        defined = {name for (name, _), row in self.rows.items() if row.numbers.replications}
        return tuple(METRICS[name] for name in SHOWN if name in defined)

    def row(self, metric: Metric, scenario: Scenario) -> Row | None:
        """One compared number."""
        return self.rows.get((metric.name, scenario.name))

    def told(self, options: Sequence[Scenario]) -> list[Row]:
        """What changes under these options by an amount that is clear and noticed, most first.

        Schools in a partnership are not counted against an option that has none.
        """
        rows = [
            row
            for metric in self.measures
            for option in options
            if (row := self.row(metric, option)) is not None and noticed(row)
            and (option.policy.partnership or metric.name != "members")
        ]  # fmt: skip
        return sorted(rows, key=lambda row: -row.leverage)

    @property
    def middle(self) -> Row | None:
        """The number whose precision is told: of a ladder its middle step, else the lead."""
        lead = self.lead
        if lead is None or self.ladder is None or lead.scenario not in self.ladder.options:
            return lead
        steps = self.ladder.options
        row = self.row(lead.metric, steps[(len(steps) - 1) // 2])
        return row if row is not None and noticed(row) else lead

    @property
    def lead(self) -> Row | None:
        """The number that the answer is about; None where nothing changes that anyone notices."""
        options = self.ladder.options if self.ladder else self.tables.others
        told = self.told(options) or self.told(self.tables.others)
        return told[0] if told else None


def noticed(row: Row) -> bool:
    """Whether a difference is clear, and as large as a councillor would notice."""
    return row.verdict in CLEAR and abs(row.numbers.difference) >= row.metric.format.notice


def question(screen: Screen) -> str:
    """What was asked, as a question."""
    others = screen.tables.others
    if screen.ladder is not None:
        lever = LEVERS.get(screen.ladder.path)
        if lever is not None and lever.question:
            return lever.question
        label = lever.label if lever is not None else screen.ladder.path
        return f"What does another {label[0].lower()}{label[1:]} change?"
    if len(others) == 1:
        return f"What does '{others[0].title}' change?"
    return "Which option changes what, and at what price?"


def scope(screen: Screen) -> Said:
    """Place, period and futures."""
    baseline = screen.baseline
    count = len(baseline.roster.urn)
    return say(
        "{schools} schools of {place}, {period}",
        schools=Quote(str(count), Derived("schools of the roster", count)),
        place=given(authority(baseline), "place"), period=given(period(baseline), "date"),
    )  # fmt: skip


def screen_blocks(screen: Screen) -> tuple[Block, ...]:
    """Everything below the question."""
    return (
        Paragraph(_compared(screen)),
        Paragraph(joined(" ", answer(screen)), apart=True),
        headline_table(screen),
        Paragraph(_key(screen), "note"),
        Heading("How sure"),
        Points(tuple(sure(screen)), plain=True),
    )


def _compared(screen: Screen) -> Said:
    futures = screen.tables.replications
    return say(
        "{futures} simulated futures, each compared with itself. {baseline}: {what}",
        futures=Quote(f"{futures:,}", Derived("futures simulated", futures)),
        baseline=titled(screen.baseline.brief),
        what=given(screen.baseline.description or screen.baseline.title, "of the scenario"),
    )  # fmt: skip


def answer(screen: Screen) -> list[Said]:
    """The sentences that answer the question, and name the price."""
    lead = screen.lead
    if lead is None:
        names = [metric.noun for metric in screen.measures]
        return [say("No option changes {what} by an amount that anyone would notice.",
                    what=listed(names, "or"))]  # fmt: skip
    said: list[Said] = []
    ladder = screen.ladder
    beside = screen.tables.others
    if ladder is not None and lead.scenario in ladder.options:
        said.append(_steps(screen, ladder, lead.metric))
        said += _nothing_in(screen, ladder.options, "It changes")
        beside = tuple(each for each in beside if each not in ladder.options)
    largest = screen.told(beside)
    if largest:
        said.append(_largest(screen, largest[0].scenario, said != []))
        if ladder is None:
            said += _nothing_in(screen, beside, "No option changes")
    said += _costs(screen, lead.scenario)
    return said


def _steps(screen: Screen, ladder: Ladder, metric: Metric) -> Said:
    """``The longer the agreement, the more schools are in the partnership: 1 year +0.9, …``."""
    lever = LEVERS.get(ladder.path)
    rise = lever.rise if lever is not None and lever.rise else f"The higher {ladder.path}"
    rows = [row for option in ladder.options if (row := screen.row(metric, option)) is not None]
    values = [row.numbers.difference for row in rows]
    falls = values[-1] < 0
    steady = all(a >= b if falls else a <= b for a, b in pairwise(values))
    word = metric.words[falls]
    effect = (
        f"the {metric.clause.format(word)}" if word in ("more", "fewer")
        else f"the {word} {metric.noun}"
    )  # fmt: skip
    opening = f"{rise}, {effect}" if steady else f"What changes most is {metric.noun}"
    return say(
        "{opening}: {steps}.",
        opening=opening,
        steps=joined(", ", (say("{n} {size}", n=given(row.scenario.brief, "title of a scenario"),
                                size=brief(row)) for row in rows)),
    )  # fmt: skip


def _nothing_in(screen: Screen, options: Sequence[Scenario], start: str) -> list[Said]:
    told = {row.metric for row in screen.told(options)}
    left = [metric.noun for metric in screen.measures if metric not in told]
    if not left:
        return []
    how = "next to nothing in" if start.startswith("It") else "much in"
    return [say("{start} {how} {what}.", start=start, how=how, what=listed(left, "or"))]


def _largest(screen: Screen, option: Scenario, beside: bool) -> Said:
    rows = screen.told([option])[:_MOST_NAMED]
    template = (
        "More hangs on {option}: {changes}." if beside and _larger(screen, rows[0]) else
        "{option} means {changes}."
    )  # fmt: skip
    changes = listed([
        say("{noun} {size}", noun=row.metric.noun, size=row.figures.relative()) for row in rows
    ])  # fmt: skip
    return say(template, option=titled(option.title), changes=changes)


def _larger(screen: Screen, row: Row) -> bool:
    lead = screen.lead
    return lead is None or row.leverage > lead.leverage


def _costs(screen: Screen, option: Scenario) -> list[Said]:
    """What the option of the answer costs, or that it costs nothing that is noticed."""
    payers = {SCHOOLS: "from schools' budgets", COUNCIL: "from the council",
              LOST: "of school service"}  # fmt: skip
    costs = []
    for line, payer in payers.items():
        row = screen.prices.get((line, option.name))
        if row is not None and priced(row):
            less = "" if row.difference > 0 else "less "
            costs.append(say("{size} {less}{payer}", size=_pounds(row), less=less, payer=payer))
    told = titled(option.title)
    if not costs:
        return [say("{option} costs nobody an amount that is noticed.", option=told)]
    return [say("{option} costs {costs} a year.", option=told, costs=listed(costs))]


def priced(row: PriceRow) -> bool:
    """Whether a difference of price is clear, and as large as is noticed."""
    clear = row.ci_low > 0 or row.ci_high < 0
    return clear and abs(per_year(row, row.difference)) >= NOTICED_PRICE


def per_year(row: PriceRow, pounds: float) -> float:
    """Pounds over the run as pounds a year."""
    return pounds * _MONTHS / row.months


def _pounds(row: PriceRow) -> Quote:
    value = abs(per_year(row, row.difference))
    text = f"£{round(value / _THOUSAND) * 1000:,}"
    what = f"price a year, {row.line}, {row.scenario.name}, less the baseline's"
    return Quote(text, Derived(what, value))


def brief(row: Row) -> Quote:
    """A difference in three figures or so."""
    n = row.numbers
    return row.figures.quote(row.metric.format.brief_difference(n.difference), "difference")


def headline_table(screen: Screen) -> Table:
    """Options across and measures down, the price last; the other way round where they are many."""
    options = screen.tables.others
    labels = [
        *(_label(metric, screen.moment) for metric in screen.measures),
        *(label for line, label in PRICES.items() if (line, screen.baseline.name) in screen.prices),
    ]
    lines = list(_lines(screen))
    told = (
        f"Average, {_when(screen)}: level under '{screen.baseline.brief}', and difference of each "
        "option from it"
    )
    described = (
        "One row a measure: its level under the baseline, then the difference of each option. "
        "A difference in brackets is not clear, or too small to notice."
    )
    if len(options) <= MOST_ACROSS:
        heads = [screen.baseline.brief, *(each.brief for each in options)]
        width = max(_OPTION, *(2 + max(map(len, head.split())) for head in heads))
        over = f"difference from '{heads[0]}'"
        if len(over) >= width * len(options):
            over = "change"
        columns = (
            Column(f"Average, {_when(screen)}", _LABEL, words=True, hang=1),
            Column(heads[0], width, over="level"),
            *(Column(head, width, over=over) for head in heads[1:]),
        )
        rows = tuple((label, *cells) for label, cells in zip(labels, lines, strict=True))
        return Table("headline", told, described, columns, rows, quiet=True, apart=True)
    names = [f"{screen.baseline.brief} (level)", *(each.brief for each in options)]
    columns = (
        Column("option", _LABEL - 8, words=True, hang=1),
        *(Column(label, _MEASURE) for label in labels),
    )
    across = zip(names, zip(*lines, strict=True), strict=True)
    return Table(
        "headline", told, described.replace("One row a measure", "One row an option, one column "
        "a measure"), columns, tuple((name, *cells) for name, cells in across), apart=True,
    )  # fmt: skip


def _label(metric: Metric, moment: Moment) -> str:
    unit = unit_at(metric, moment)
    return metric.label if unit == "schools" else f"{metric.label}, {unit}"


def _when(screen: Screen) -> str:
    return months_in_words(screen.baseline, screen.moment.first, screen.moment.last)


def _lines(screen: Screen) -> Iterator[tuple[Said | str, ...]]:
    """The cells of each measure and of each line of the price: level, then differences."""
    options = screen.tables.others
    for metric in screen.measures:
        rows = [screen.row(metric, option) for option in options]
        first = next(row for row in rows if row is not None and row.numbers.replications)
        level = metric.format.brief(first.numbers.baseline)
        yield (Said(first.figures.quote(level, "baseline")), *map(_cell, rows))
    for line in PRICES:
        base = screen.prices.get((line, screen.baseline.name))
        if base is not None:
            own = "–" if line == LOST else thousands(per_year(base, base.mean), "")
            yield (_price_quote(base, own, base.mean), *(
                _price_cell(screen.prices[line, option.name]) for option in options
            ))  # fmt: skip


def _cell(row: Row | None) -> Said | str:
    if row is None or not row.numbers.replications:
        return "–"
    if row.verdict == "equal":
        return "0"
    quote = Said(brief(row))
    return quote if noticed(row) else say("({n})", n=quote)


def _price_cell(row: PriceRow) -> Said | str:
    if row.difference == 0:
        return "0"
    quote = _price_quote(row, thousands(per_year(row, row.difference), "+"), row.difference)
    return quote if priced(row) else say("({n})", n=quote)


def _price_quote(row: PriceRow, text: str, value: float) -> Said:
    return Said(Quote(text, Derived(f"price a year, {row.line}, {row.scenario.name}",
                                    per_year(row, value))))  # fmt: skip


def thousands(pounds: float, plus: str = "") -> str:
    """Pounds in thousands, as a column in £000 has them."""
    text = f"{abs(pounds) / _THOUSAND:,.0f}"
    return text if text == "0" else f"{MINUS if pounds < 0 else plus}{text}"


def _key(screen: Screen) -> Said:
    lead = screen.middle
    words = "( ) not clear, or too small to notice."
    if lead is None or np.isnan(lead.numbers.ci_low):
        return Said(words)
    n, write = lead.numbers, lead.metric.format
    half = (n.ci_high - n.ci_low) / 2
    return say(
        "{words} {option}: {size} {noun} ± {half} ({interval}).",
        words=words, option=given(lead.scenario.brief, "title of a scenario"), size=brief(lead),
        noun=lead.metric.unit if lead.metric.unit == "schools" else lead.metric.noun,
        half=Quote(write.brief(half), Derived("half of the 95% interval", half)),
        interval=INTERVAL,
    )  # fmt: skip


def sure(screen: Screen) -> Iterator[Said]:
    """The model's precision, and the world's ignorance, apart."""
    lead = screen.middle
    if lead is not None:
        same = "higher" if lead.numbers.difference > 0 else "lower"
        word = lead.metric.words[lead.numbers.difference < 0]
        clause = (
            lead.metric.clause.format(word) if "{}" in lead.metric.clause else lead.metric.clause
        )
        yield say(
            "In the model: under {option} {clause} in {futures}.",
            option=titled(lead.scenario.brief), clause=clause, futures=lead.figures.futures(same),
        )  # fmt: skip
        yield from _in_truth(screen, lead)
    yield from _nobody_decides(screen)
    yield from _fate(screen)


def _in_truth(screen: Screen, lead: Row) -> Iterator[Said]:
    """What the number would be under the rules that most change it."""
    rows = [
        row for row in screen.alternatives
        if (row.scenario.name, row.metric.name) == (lead.scenario.name, lead.metric.name)
    ]  # fmt: skip
    if not rows:
        return
    told = sorted(rows, key=lambda row: -abs(row.change))[:_UNDER]
    told = [row for row in told if abs(row.change) >= lead.metric.format.notice]
    count = len(rows)
    tried = Quote(str(count), Derived("rules tried otherwise", count))
    if not told:
        yield say(
            "In truth: under none of {tried} rules written otherwise is it {notice} away.",
            tried=tried, notice=lead.metric.format.magnitude(lead.metric.format.notice),
        )  # fmt: skip
        return
    yield say(
        "In truth: {size} becomes {under}.", size=brief(lead),
        under=joined("; ", (
            say("{n} if {rule}", n=_expected(row), rule=_rule(row)) for row in told
        )),
    )  # fmt: skip


def _expected(row: AlternativeRow) -> Quote:
    key = (row.alternative.rule.name, row.alternative.value, row.scenario.name, row.metric.name)
    text = row.metric.format.brief_difference(row.expected)
    return Quote(text, Derived(f"expected under {'/'.join(key)}", row.expected))


def _rule(row: AlternativeRow) -> str:
    words = row.alternative.sentence.rstrip(".")
    return words[0].lower() + words[1:]


def _nobody_decides(screen: Screen) -> Iterator[Said]:
    rows = [row for row in screen.rows.values() if row.metric.name == "erosion"]
    if rows:
        yield say(
            "What nobody here decides: {noun} lies between {range} in {spread}.",
            noun=rows[0].metric.noun, range=rows[0].baseline_range(), spread=SPREAD,
        )  # fmt: skip


def _fate(screen: Screen) -> Iterator[Said]:
    """How the model's forecast of primaries fared where it was tried, for that place alone."""
    if screen.baseline.roster.name != "rotherham_2011":
        return
    frame = stored_table("backtest", "rotherham")
    wanted = (frame["mode"] == "national series known") & (frame["route"] == "all")
    row = frame[wanted & (frame["phase"] == "primary")].iloc[0]
    low, median, high, came = (float(row[name]) for name in ("p05", "p50", "p95", "observed"))

    def count(column: str, value: float) -> Quote:
        return Quote(f"{value:.0f}", Cell("backtest_rotherham", ("primary",), column))

    yield say(
        "The model {fared} Rotherham after April 2013: {median} primary academies forecast "
        "({low} to {high}), {came} came.",
        fared="held for" if low <= came <= high else "missed", median=count("p50", median),
        low=count("p05", low), high=count("p95", high), came=count("observed", came),
    )  # fmt: skip
