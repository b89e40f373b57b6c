"""A paired difference in words, by rules that hold for every metric and every outcome.

Every figure in a sentence is quoted together with the statistic it is. No difference is claimed
where the 95% interval of the mean difference holds zero. The spread of outcomes ("90% of
futures") and the precision of a mean ("95% interval") are never mixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from rsip_sim.measures.metrics import Metric
from rsip_sim.measures.moments import Moment
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE
from rsip_sim.report.quoted import Cell, Given, Quote, Said, Source, Statistic, given, say
from rsip_sim.report.words import of_futures

Verdict = Literal[
    "better",
    "worse",
    "higher",
    "lower",
    "no clear difference",
    "negligible",
    "equal",
    "too uncertain",
    "not defined",
]
CLEAR: frozenset[Verdict] = frozenset({"better", "worse", "higher", "lower"})


@dataclass(frozen=True)
class Difference:
    """One paired difference, in the unit of its metric.

    baseline, level   means; difference: mean of the paired differences
    ci_low, ci_high   95% interval of the mean difference
    p05, p95          5–95% range of the differences across futures
    higher, lower, equal   shares of futures; replications: futures in which both are defined
    """

    baseline: float
    level: float
    difference: float
    ci_low: float
    ci_high: float
    p05: float
    p95: float
    higher: float
    lower: float
    equal: float
    replications: int


def verdict(metric: Metric, numbers: Difference) -> Verdict:
    """What may be said of a difference, and no more."""
    if numbers.replications == 0:
        return "not defined"
    if numbers.equal == 1.0:
        return "equal"
    if numbers.replications < FEWEST_TO_COMPARE:
        return "too uncertain"
    write = metric.format
    if not (numbers.ci_low > 0 or numbers.ci_high < 0):
        nothing = write.shows_zero(numbers.ci_low) and write.shows_zero(numbers.ci_high)
        return "negligible" if nothing else "no clear difference"
    if write.shows_zero(numbers.difference):
        return "negligible"
    up = numbers.difference > 0
    if metric.better == "neither":
        return "higher" if up else "lower"
    return "better" if up == (metric.better == "higher") else "worse"


@dataclass(frozen=True)
class Figures:
    """The numbers of one comparison as they are written, each quoted with its source.

    source  from the name of a field of Difference to where that number stands
    """

    metric: Metric
    numbers: Difference
    source: Callable[[str], Source] = Statistic

    def value(self, statistic: str) -> float:
        """One number of the comparison."""
        return float(getattr(self.numbers, statistic))

    def quote(self, text: str, statistic: str) -> Quote:
        """A text quoted as this number."""
        return Quote(text, self.where(statistic))

    def where(self, statistic: str) -> Source:
        """Where a number stands, and what the metric's format rounds it to."""
        source = self.source(statistic)
        if isinstance(source, Cell):
            return replace(source, nearest=self.metric.format.nearest)
        return source

    def level(self, statistic: str) -> Quote:
        """``12.3%``."""
        return self.quote(self.metric.format.level(self.value(statistic)), statistic)

    def magnitude(self, statistic: str) -> Quote:
        """``0.4 points``, without sign."""
        return self.quote(self.metric.format.magnitude(self.value(statistic)), statistic)

    def difference(self, statistic: str) -> Quote:
        """``−0.4 points``."""
        return self.quote(self.metric.format.difference(self.value(statistic)), statistic)

    def short(self, statistic: str) -> Quote:
        """``−0.4``, where the unit follows later."""
        return self.quote(self.metric.format.short_difference(self.value(statistic)), statistic)

    def relative(self, statistic: str = "difference") -> Said:
        """``0.4 points lower``, ``no different``."""
        value = self.value(statistic)
        if self.metric.format.shows_zero(value):
            return Said(self.quote(relative(self.metric, value), statistic))
        return say(
            "{size} {word}", size=self.magnitude(statistic), word=word(self.metric, value)
        )  # fmt: skip

    def futures(self, statistic: str) -> Quote:
        """``83 of 100 futures``, of a share of futures."""
        count = self.numbers.replications
        return self.quote(of_futures(self.value(statistic), count), statistic)

    def sizes(self, low: str, high: str) -> Said:
        """A range as sizes without signs, the smaller first: ``0.1 to 0.4 points``."""
        small, large = sorted((low, high), key=lambda name: abs(self.value(name)))
        first, last = self.magnitude(small), self.magnitude(large)
        if first.text == last.text:
            return Said(last)
        if suffix := self.metric.format.difference_suffix:
            first = self.quote(first.text.removesuffix(suffix), small)
        return say("{first} to {last}", first=first, last=last)

    def plain(self, statistic: str) -> Quote:
        """``+1.2``, in the unit of a table that says it: millions for £1.2m."""
        write = self.metric.format
        quote = self.quote(write.plain_difference(self.value(statistic)), statistic)
        if isinstance(quote.source, Cell):
            return replace(quote, source=replace(quote.source, unit=write.divisor))
        return quote

    def interval(self) -> Said:
        """The 95% interval of the mean difference: ``−0.48 to +0.48 points``."""
        high = self.difference if self.metric.format.difference_suffix else self.short
        return say("{low} to {high}", low=self.short("ci_low"), high=high("ci_high"))


def sentence(metric: Metric, moment: Moment, numbers: Difference) -> Said:
    """The difference as one sentence for a reader who has not seen the table."""
    figures = Figures(metric, numbers)
    when = given(moment.phrase(metric), "date")
    about = say("{noun} {when}", noun=metric.noun, when=when)
    found = verdict(metric, numbers)
    if found == "not defined":
        return say(
            "{label} {when}: not defined in at least one of the scenarios compared.",
            label=metric.label, when=when,
        )  # fmt: skip
    if found == "equal":
        return say(
            "No difference at all in {about}: {every} the same.",
            about=about, every=figures.quote(_every(numbers.replications), "equal"),
        )  # fmt: skip
    if found == "too uncertain":
        return _too_few(about, figures)
    if metric.kind in ("chance", "risk"):
        return _chance(when, figures, clear=found in CLEAR)
    if found == "negligible":
        return say(
            "Practically no difference in {about}: {below} on average; {range}.",
            about=about, range=_range(figures),
            below=figures.quote(f"less than {metric.format.smallest}", "difference"),
        )  # fmt: skip
    if found == "no clear difference":
        return _no_clear_difference(about, figures)
    return _clear_difference(when, figures)


def relative(metric: Metric, value: float) -> str:
    """A signed difference in words: ``0.4 points lower``, ``3 more``, ``no different``."""
    if metric.format.shows_zero(value):
        return "no different"
    return f"{metric.format.magnitude(value)} {word(metric, value)}"


def word(metric: Metric, value: float) -> str:
    """The metric's word for a change in this direction: ``more``, ``lower``."""
    return metric.words[0 if value > 0 else 1]


def clause(metric: Metric, size: Said | Quote | str) -> Said:
    """The metric's clause about a change of this size: ``10 more schools stand alone``."""
    return say(metric.clause.replace("{}", "{size}"), size=size)


SPREAD = Quote("90% of futures", Given("convention: from the 5th to the 95th percentile"))
INTERVAL = Quote("95% interval", Given("convention: confidence of the interval of a mean"))
FEWEST = Quote(str(FEWEST_TO_COMPARE), Given("convention: fewest futures that are compared"))
ADVISED = Quote("1,000", Given("convention: futures advised"))


def _every(replications: int) -> str:
    return "the one future simulated gives exactly" if replications == 1 else (
        "every future gives exactly"
    )  # fmt: skip


def _too_few(about: Said, figures: Figures) -> Said:
    count = figures.numbers.replications
    return say(
        "Too uncertain to compare {about}: {count} {futures} simulated, where at least {fewest}, "
        "better {advised}, are needed.",
        about=about, count=figures.quote(str(count), "replications"),
        futures="future" if count == 1 else "futures", fewest=FEWEST, advised=ADVISED,
    )  # fmt: skip


def _clear_difference(when: Said, figures: Figures) -> Said:
    metric, numbers = figures.metric, figures.numbers
    direction = word(metric, numbers.difference)
    same, other = ("higher", "lower") if numbers.difference > 0 else ("lower", "higher")
    if figures.value(same) > 0.5:
        return say(
            "In {futures} {what} {when}; {range}.",
            futures=figures.futures(same), what=clause(metric, direction), when=when,
            range=_range(figures),
        )  # fmt: skip
    return say(
        "On average {what} {when}, but in only {same}; the other way round in {other}, "
        "no difference in {equal}.",
        what=clause(metric, figures.relative()), when=when, same=figures.futures(same),
        other=figures.futures(other), equal=figures.futures("equal"),
    )  # fmt: skip


def _range(figures: Figures) -> Said:
    """The 5–95% range across futures in words."""
    metric, write = figures.metric, figures.metric.format
    low, high = figures.numbers.p05, figures.numbers.p95
    no_low, no_high = write.shows_zero(low), write.shows_zero(high)
    if no_low and no_high:
        return say("no difference that shows in {spread}", spread=SPREAD)
    if no_low or no_high or (low > 0) == (high > 0):
        return say(
            "typically {sizes} {word} ({spread})",
            sizes=figures.sizes("p05", "p95"), word=word(metric, low if no_high else high),
            spread=SPREAD,
        )  # fmt: skip
    return say(
        "typically between {low} and {high} ({spread})",
        low=figures.relative("p05"), high=figures.relative("p95"), spread=SPREAD,
    )  # fmt: skip


def _no_clear_difference(about: Said, figures: Figures) -> Said:
    return say(
        "No clear difference in {about}: on average {mean} ({interval} of this average {ends}); "
        "{range}.",
        about=about, mean=figures.relative(), interval=INTERVAL, ends=figures.interval(),
        range=_range(figures),
    )  # fmt: skip


def _chance(when: Said, figures: Figures, clear: bool) -> Said:
    metric, numbers = figures.metric, figures.numbers
    interval = say(
        "difference {mean}, {interval} {ends}",
        mean=figures.difference("difference"), interval=INTERVAL, ends=figures.interval(),
    )  # fmt: skip
    if clear and not math.isnan(numbers.difference):
        return say(
            "The chance that {what} {when} {moves} from {before} to {now} ({interval}).",
            what=metric.clause, when=when, moves="rises" if numbers.difference > 0 else "falls",
            before=figures.level("baseline"), now=figures.level("level"), interval=interval,
        )  # fmt: skip
    return say(
        "No clear difference in the chance that {what} {when}: {before} in the baseline, {now} "
        "here ({interval}).",
        what=metric.clause, when=when, before=figures.level("baseline"),
        now=figures.level("level"), interval=interval,
    )  # fmt: skip
