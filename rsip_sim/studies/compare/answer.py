"""The sentences that answer a comparison's question, and its title in a few words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from rsip_sim.measures.formats import inside
from rsip_sim.measures.metrics import Metric
from rsip_sim.report.quoted import Derived, Quote, Said, given, joined, listed, say, titled
from rsip_sim.report.verdicts import Row
from rsip_sim.scenario import Scenario
from rsip_sim.scenario.levers import LEVERS
from rsip_sim.studies.compare.price import COUNCIL, LOST, NOTICED_PRICE, SCHOOLS, THOUSAND, PriceRow
from rsip_sim.studies.compare.screen import Ladder, Screen, settled, weight, written

MOST_WORDS = 12
"""Of a title."""

_MOST_NAMED = 3
_FROM = {SCHOOLS: "from schools' budgets", COUNCIL: "from the council", LOST: "school service"}


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


TWO_LINES = 180
"""Characters of what is compared; a longer description stands in the part `scenarios`."""


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
