"""What is asked of a search, and the checks of it as a whole, so that all faults are told at once.

Each fault stands at the path of its field: ``("search", "lever")``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ClassVar

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.evidence.months import month_name, month_text, parse_month
from rsip_sim.measures.metrics import METRICS, OF_100, Metric
from rsip_sim.measures.moments import OWN_AGREEMENT, Moment, last_day
from rsip_sim.report.words import listed
from rsip_sim.scenario import ChangeError, Scenario, with_values
from rsip_sim.scenario import names as gone
from rsip_sim.scenario.names import near
from rsip_sim.scenario.problems import THOUSANDS
from rsip_sim.scenario.ranges import Line
from rsip_sim.scenario.reading import KeyPath, visible
from rsip_sim.scenario.schema import Closed
from rsip_sim.studies.kernel.asking import AskedError, Faults, Question, refusal, shown
from rsip_sim.studies.kernel.ground import Ground
from rsip_sim.studies.solve.lever import Lever, check_lever, lever_of
from rsip_sim.studies.solve.target import (
    COMPARES,
    SPANS,
    Compare,
    Target,
    moment_of,
    plain,
    value_words,
)

EXAMPLE = "members at end at least 80 with probability 0.8"

_COMPARISONS: dict[str, Compare] = {
    **{word: word for word in COMPARES},
    ">=": "at least",
    "<=": "at most",
    ">": "above",
    "<": "below",
}
_COMPARISON = re.compile("|".join(_COMPARISONS))
_PROBABILITY = re.compile(r"\bwith (?:a )?probability\b(?: of\b)?")
_PREPOSITIONS = ("at", "by", "on", "in", "over", "until")
_AFTER_OUTCOME = re.compile(rf"\b(?:{'|'.join(_PREPOSITIONS)}|mean)\b|{_COMPARISON.pattern}")
_NUMBER = re.compile(
    r"(?P<sign>[-−]?)(?P<pound>£?)(?P<digits>(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d+)?)"
    r"(?: ?(?P<scale>[mk])\b)?(?: ?(?P<percent>%|per cent\b))?(?: (?P<rest>.+))?"
)
_SCALES = {"m": 1e6, "k": 1e3}
_SHARE = re.compile(r"(\d*\.?\d+)( ?%)?")
_MONTHS = [month_name(number).split()[0].lower() for number in range(12)]


def read_target(text: str) -> tuple[Target | None, list[Fault]]:
    """The target of a sentence, or None and every fault of it."""
    reading = _Reading()
    return reading.target(" ".join(text.split()).casefold()), reading.faults


class _Reading:
    """One sentence on its way to a target, with the faults found so far."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self.faults: list[Fault] = []

    def target(self, text: str) -> Target | None:
        """The target, or None where there are faults."""
        said, likely, chance = _around(_PROBABILITY, text)
        name, rest = _outcome(said)
        metric = self._metric(name)
        when, phrase, number = _around(_COMPARISON, rest)
        if not phrase:
            words = listed(COMPARES, "or")
            self._fault("compares with nothing", f"write {words} and a number, as in '{EXAMPLE}'")
            return None
        moment = self._moment(when)
        value = self._value(metric, number)
        how, share = self._probability(metric, chance) if likely else ("at least", None)
        if self.faults or metric is None or moment is None or value is None:
            return None
        return Target(metric.name, moment, _COMPARISONS[phrase], value, share, how)

    def _fault(self, message: str, allowed: str = "", suggestion: str = "") -> None:
        self.faults.append(Fault("", 0, 0, "", message, allowed, suggestion))

    def _metric(self, name: str) -> Metric | None:
        if name in METRICS:
            return METRICS[name]
        if name in gone.METRICS:
            self._fault(f"{name} {gone.METRICS[name][0]}", gone.METRICS[name][1])
            return None
        guess = near(name, METRICS)
        message = f"'{visible(name)}' is no outcome of the model"
        self._fault(
            message if name else "does not begin with an outcome",
            "" if guess else f"one of {', '.join(METRICS)}",
            guess,
        )
        return None

    def _moment(self, said: str) -> str | None:
        moments = listed([*SPANS.values(), "by a month such as 2016-03"], "or")
        words = said.split()
        if words[:1] and words[0] in _PREPOSITIONS:
            words = words[1:]
        name = "_".join(words)
        moment = name if name in SPANS else _month(words)
        if not said:
            self._fault("does not say when it is read", moments)
        elif moment is None:
            guess = nearest(name, SPANS).replace("_", " ")
            self._fault(f"'{visible(said)}' is no moment", "" if guess else moments, guess)
        return moment

    def _value(self, metric: Metric | None, text: str) -> float | None:
        found = _NUMBER.fullmatch(text)
        if found is None:
            message = f"'{visible(text)}' is not a number" if text else "lacks a number"
            self._fault(message, "with a decimal point, and commas only for thousands: 1,234.5")
            return None
        value = float(found["digits"].replace(",", "")) * _SCALES.get(found["scale"], 1.0)
        value = -value if found["sign"] else value
        if metric is not None:
            self._check_unit(metric, found, value)
        return value

    def _check_unit(self, metric: Metric, found: re.Match[str], value: float) -> None:
        """Note where a number does not fit its outcome, or could mean two things."""
        money, percent = bool(metric.format.prefix), metric.unit.startswith("%")
        chance, index = metric.kind in ("chance", "risk"), metric.unit == OF_100
        digits, rest = found["digits"], found["rest"] or ""
        units = (OF_100 if index else metric.unit.split()[0], "of futures" if chance else "")
        small = 0 < abs(value) <= 1
        if (chance or index) and not 0 <= value <= 100:
            self._fault(f"{metric.name} runs from 0 to 100", "such as 75")
        elif money and not found["pound"]:
            pounds = f"{found['sign']}£{plain(float(digits.replace(',', '')))}"
            thousands = f"{found['sign']}£{digits.replace('.', ',')}"
            grouped = THOUSANDS.fullmatch(digits) and not found["scale"]
            self._two_meanings(digits, pounds, thousands if grouped else f"{pounds}m for millions")
        elif (found["pound"] and not money) or (found["percent"] and not percent):
            counted = f"{metric.name} is in {'points ' * index}{metric.unit}"
            self._fault(counted, f"write {value_words(metric, value)}")
        elif percent and small and not found["percent"]:
            self._two_meanings(digits, f"{value:g}%", f"{100 * value:g}%")
        elif index and small and rest != OF_100:
            self._two_meanings(digits, plain(100 * value), f"{plain(value)} {OF_100}")
        elif not (percent or index or found["scale"]) and THOUSANDS.fullmatch(digits):
            written = f"{found['sign']}{found['pound']}"
            large = digits.replace(".", ",")
            self._two_meanings(digits, f"{written}{plain(float(digits))}", f"{written}{large}")
        if rest and rest not in units:
            self._fault(f"'{visible(rest)}' after the number is not understood", f"as '{EXAMPLE}'")

    def _two_meanings(self, digits: str, one: str, other: str) -> None:
        self._fault(f"{digits} could mean two things", f"write {one} or {other}")

    def _probability(self, metric: Metric | None, text: str) -> tuple[Compare, float | None]:
        before, phrase, after = _around(_COMPARISON, text)
        compare = _COMPARISONS[phrase] if phrase else "at least"
        found = _SHARE.fullmatch(after if phrase else before)
        share = float(found[1]) / (100 if found[2] else 1) if found else 0.0
        if metric is not None and metric.kind in ("chance", "risk"):
            self._fault(f"{metric.name} is itself a share of futures", "leave out its probability")
        elif not 0 < share < 1:
            message = f"'{visible(text)}' is no probability"
            self._fault(message, "write a number between 0 and 1, such as 0.8")
        return compare, share


def _around(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """The text before a pattern, what it found, and the text after; all stripped."""
    found = pattern.search(text)
    if found is None:
        return text.strip(), "", ""
    return text[: found.start()].strip(), found[0], text[found.end() :].strip()


def _outcome(text: str) -> tuple[str, str]:
    """The name of the outcome that a text begins with, known or not, and the text after it."""
    words = text.split()
    for count in range(len(words), 0, -1):
        name = "_".join(words[:count])
        if name in METRICS or name in gone.METRICS:
            return name, " ".join(words[count:])
    found = _AFTER_OUTCOME.search(text)
    end = found.start() if found else len(text)
    return text[:end].strip().replace(" ", "_"), text[end:]


def _month(words: list[str]) -> str | None:
    """``2016-03`` of that word, of ``march 2016`` or of its last day; None of all else."""
    if len(words) == 3 and (month := _month(words[1:])):
        return month if last_day(parse_month(month)).split()[0] == words[0] else None
    if len(words) == 2 and words[0] in _MONTHS and re.fullmatch(r"\d{4}", words[1]):
        return month_text(int(words[1]) * 12 + _MONTHS.index(words[0]))
    try:
        return month_text(parse_month(" ".join(words)))
    except ValueError:
        return None


LENGTH = "agreement.length_months"


class LeverRange(Closed):
    """A lever and the range in which to search."""

    section: ClassVar[str] = "search"

    lever: str = shown(metavar="PATH")
    """Path of a number, such as funding.earmark_gbp_per_year or parameters.b_secure."""
    lowest: float | None = shown(None, metavar="X")
    """Lowest value tried; else as far as the evidence goes."""
    highest: float | None = shown(None, metavar="Y")
    """Highest value tried; else as far as the evidence goes."""


class SolveQuestion(Question):
    """From which value of a lever on, or up to which, a target holds."""

    section: ClassVar[str] = "run"  # where the ranges of replications and seed stand

    search: LeverRange = shown(
        flags={"lever": "--lever", "lowest": "--from", "highest": "--to"},
    )
    """The lever whose value is sought."""
    target: Line = shown(metavar="TEXT")
    """What should hold: OUTCOME WHEN COMPARISON NUMBER, perhaps with probability P. OUTCOME:
    members, erosion, breakdown and so on. WHEN: at end, mean, over own agreement, by 2016-03.
    COMPARISON: at least, at most, above, below. NUMBER: 10%, £0.6m, 80. What happens or not, such
    as breakdown, is a share of futures; all else an average, or, with probability P, in a share
    of futures."""
    replications: int | None = shown(None, metavar="N")
    """Simulated futures of each value; else what the file says."""
    seed: int | None = shown(None, metavar="N")
    """Of the random draws; otherwise what the file says."""


@dataclass(frozen=True)
class Search:
    """A checked question: for which values of a lever does a target hold in a scenario?

    replications  simulated futures at every value, the same ones; seed: of their draws
    """

    scenario: Scenario
    target: Target
    moment: Moment
    lever: Lever
    replications: int
    seed: int


def checked(asked: SolveQuestion, ground: Ground, faults: Faults) -> Search | None:
    """The search that is asked for; None with what is wrong with any part of it noted.

    Where the ground has no scenario, since that is faulty or not known, the parts are looked at
    all the same. What is missing of a question is told elsewhere.
    """
    scenario, target, moment = next(iter(ground.scenarios), None), None, None
    if asked.target is not None:
        target, found = read_target(asked.target)
        for fault in found:
            faults.at("target", fault)
    if target is not None and scenario is not None:
        with _noting(faults, ("target",)):
            _check_defined(target, scenario, asked.search)
            moment = moment_of(target, scenario.policy)
    lever = _lever(scenario, asked.search, faults)
    if faults.found or scenario is None or target is None or moment is None or lever is None:
        return None
    return Search(
        scenario,
        target,
        moment,
        lever,
        ground.replications if asked.replications is None else asked.replications,
        ground.seed if asked.seed is None else asked.seed,
    )


def _lever(scenario: Scenario | None, asked: LeverRange | None, faults: Faults) -> Lever | None:
    """The lever, or None with its faults noted at it and at the ends of its range."""
    if asked is None:
        return None
    before = len(faults.found)
    with _noting(faults, ("search", "lever")):
        check_lever(asked.lever)
        for end in ("lowest", "highest"):
            value = getattr(asked, end)
            if value is not None and scenario is not None:
                with _noting(faults, ("search", end)):
                    with_values(scenario, {asked.lever: value})
        if scenario is not None and len(faults.found) == before:
            return lever_of(scenario, asked.lever, asked.lowest, asked.highest)
    return None


@contextmanager
def _noting(faults: Faults, path: KeyPath) -> Iterator[None]:
    """Take down what is wrong with a part of the question instead of stopping at it."""
    try:
        yield
    except AskedError as error:
        for each in error.problems:
            faults.add(path, each.message, each.allowed, each.suggestion)
    except ChangeError as error:
        for fault in error.faults:
            message = f"{fault.field}: {fault.message}" if fault.field else fault.message
            faults.add(path, message, fault.allowed, fault.suggestion)


def _check_defined(target: Target, scenario: Scenario, lever: LeverRange | None) -> None:
    if target.of.membership and not scenario.policy.partnership:
        raise refusal(f"{target.metric} is not defined in a scenario without a partnership")
    if target.moment == OWN_AGREEMENT and lever is not None and lever.lever == LENGTH:
        raise refusal(
            "the agreement's own months change with its length, so that every value would be "
            "read over other months",
            "name a month, 'mean' or 'at end'",
        )
