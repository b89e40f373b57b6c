"""Reads a target from a planner's sentence.

    OUTCOME WHEN COMPARISON NUMBER [with probability P]

OUTCOME      a name from METRICS, with blanks or underscores: ``members``, ``erosion new``
WHEN         ``at end``, ``mean`` (of months 13 to the last), ``over own agreement``, or a month:
             ``by 2016-03``, ``on March 2016``, its last day; it may follow the number instead,
             and a day of the month is the last one or asked back
COMPARISON   ``at least``, ``at most``, ``above``, ``below``, or one of `_SYNONYMS`
NUMBER       with ``%`` for per cent, ``£`` for money (``£600,000``, ``£0.6m``), else bare;
             an index from 0 to 100 at 1 or less says so: ``0.5 of 100``; a comma divides thousands
P            ``0.8`` or ``80%``; ``at most 0.1`` turns it round; otherwise ``at least`` is meant

Whatever is wrong is told at once, each with what may stand there and the nearest name.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable

from rsip_sim.evidence.faults import Fault, nearest
from rsip_sim.evidence.months import month_name, month_text, parse_month
from rsip_sim.measures.metrics import METRICS, OF_100, Metric
from rsip_sim.scenario import gone
from rsip_sim.scenario.meanings import THOUSANDS
from rsip_sim.scenario.names import near
from rsip_sim.scenario.reading import visible
from rsip_sim.studies.solve.target import COMPARES, SPANS, Compare, Target, plain

EXAMPLE = "members at end at least 80 with probability 0.8"

_SYNONYMS: dict[str, Compare] = {
    **{word: word for word in COMPARES},
    "no fewer than": "at least",
    "no less than": "at least",
    "no more than": "at most",
    "more than": "above",
    "fewer than": "below",
    "less than": "below",
    ">=": "at least",
    "≥": "at least",
    "<=": "at most",
    "≤": "at most",
    ">": "above",
    "<": "below",
}
_COMPARISON = re.compile(
    "|".join(
        rf"\b{phrase}\b" if phrase[0].isalpha() else re.escape(phrase)
        for phrase in sorted(_SYNONYMS, key=len, reverse=True)
    )
)
_PROBABILITY = re.compile(r"\bwith (?:a )?probability\b(?: of\b)?")
_NUMBER = re.compile(
    r"(?P<sign>[-−]?)(?P<pound>£?)(?P<digits>[\d,._]*\d) ?"
    r"(?P<scale>million\b|thousand\b|m\b|k\b)? ?(?P<percent>%|per cent\b|percent\b)?(?P<rest>.*)"
)
_GROUPED = re.compile(r"(?:\d{1,3}(?:(?:,\d{3})+|(?:_\d{3})+)|\d*)(?:\.\d+)?")
_SCALES = {"million": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3}
_PREPOSITIONS = ("at", "by", "on", "in", "over", "until")
_DATE = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)? )?(?P<name>[a-z]+) (?P<year>\d{4})"
    r"|(?P<month>\d{4}-\d{2})(?:-(?P<of_month>\d{1,2}))?"
)
_MONTHS = {month_name(number).split()[0].lower(): number for number in range(12)}


class _Reading:
    """One sentence on its way to a target, with the faults found so far."""

    def __init__(self, text: str) -> None:
        """Nothing read yet."""
        self.faults: list[Fault] = []
        self._text = " ".join(text.split()).casefold()

    def target(self) -> Target | None:
        """The target, or None where there are faults."""
        said, chance = _split(_PROBABILITY, self._text)
        before, phrase, after = _around(_COMPARISON, _outcome_as_one_word(said))
        metric, when = self._metric(before)
        if not phrase:
            self._no_comparison()
            return None
        number, later = _number_and_moment(after)
        moment = self._moment(when, later)
        value = self._value(metric, number)
        how, share = ("at least", None) if chance is None else self._probability(metric, chance)
        if self.faults or metric is None or moment is None or value is None:
            return None
        return Target(metric.name, moment, _SYNONYMS[phrase], value, share, how)

    def _fault(self, message: str, allowed: str = "", suggestion: str = "") -> None:
        self.faults.append(Fault("", 0, 0, "", message, allowed, suggestion))

    def _metric(self, text: str) -> tuple[Metric | None, str]:
        """The outcome that the words begin with, and the words after it."""
        name, _, when_read = text.partition(" ")
        if name in METRICS:
            return METRICS[name], when_read
        if name in gone.METRICS:
            message, instead = gone.METRICS[name]
            self._fault(f"{name} {message}", instead)
            return None, when_read
        meant, when = _until_moment(text.replace("_", " ").split())
        if not meant:
            self._fault("does not begin with an outcome", _outcomes())
        else:
            guess = near("_".join(meant), METRICS) or nearest(meant[0], METRICS)
            message = f"'{visible(' '.join(meant))}' is no outcome of the model"
            self._fault(message, "" if guess else _outcomes(), guess)
        return None, " ".join(when)

    def _no_comparison(self) -> None:
        words = self._text.split()
        pairs = [*words, *(" ".join(words[i : i + 2]) for i in range(len(words)))]
        guesses = [found for pair in pairs if (found := nearest(pair, COMPARES))]
        self._fault(
            "compares with nothing",
            f"write {', '.join(COMPARES[:-1])} or {COMPARES[-1]} and a number, as in '{EXAMPLE}'",
            guesses[0] if guesses else "",
        )

    def _moment(self, before: str, after: str) -> str | None:
        if before and after:
            self._fault(f"says twice when it is read: '{before}' and '{after}'", "say it once")
            return None
        said = before or after
        if not said:
            self._fault("does not say when it is read", _moments())
            return None
        words = said.split()
        if words[0] in _PREPOSITIONS:
            words = words[1:]
        if words[:1] == ["the"]:
            words = words[1:]
        name = "_".join(words)
        if name in SPANS:
            return name
        month = _month(" ".join(words))
        if month is None:
            self._no_moment(said, name)
        elif (wrong := _day_fault(" ".join(words), parse_month(month))) is not None:
            self._fault(*wrong)
        return month

    def _no_moment(self, said: str, name: str) -> None:
        guess = nearest(name, [*SPANS, *_MONTHS]).replace("_", " ")
        if re.fullmatch(r"\d{4}", name):
            message = f"'{name}' is a year"
            self._fault(message, f"name a month of it, such as {name}-03")
        else:
            message = f"'{visible(said)}' is no moment"
            self._fault(message, "" if guess else _moments(), guess)

    def _value(self, metric: Metric | None, text: str) -> float | None:
        found = _NUMBER.fullmatch(text)
        if found is None:
            message = f"'{visible(text)}' is not a number" if text else "lacks a number"
            self._fault(message, f"as in '{EXAMPLE}'")
            return None
        if (plainer := _plainer(found["digits"])) is not None:
            self._fault(f"'{visible(text)}' {plainer[0]}", self._instead(metric, found, plainer[1]))
            return None
        value = _amount(found)
        if metric is not None:
            self._check_unit(metric, found, value)
            self._check_rest(found["rest"].strip(), metric)
        return value

    def _instead(self, metric: Metric | None, found: re.Match[str], digits: str) -> str:
        """What to write for a number with other digits, which may be asked about in its turn."""
        start, end = found.span("digits")
        text = found.string[:start] + digits + found.string[end:]
        again = _Reading("")
        again._value(metric, text)
        return again.faults[0].allowed if again.faults else f"write {text}"

    def _check_unit(self, metric: Metric, found: re.Match[str], value: float) -> None:
        money, percent = bool(metric.format.prefix), metric.unit.startswith("%")
        digits, sign = found["digits"], found["sign"]
        written = f"{sign}{'£' * money}"
        if money and not found["pound"]:
            amount = f"{sign}£{digits}{found['scale'] or ''}"
            millions = "" if found["scale"] else f", or {amount}m for millions"
            if THOUSANDS.fullmatch(digits) and not found["scale"]:
                small, large = plain(float(digits)), digits.replace(".", ",")
                amount = f"{written}{small} or {written}{large}"
            self._fault(f"{metric.name} is money", f"write {amount}{millions}")
        elif found["pound"] and not money:
            self._fault(f"{metric.name} is not money", _unit_words(metric))
        elif found["percent"] and not percent:
            self._fault(f"{metric.name} is not in per cent", _unit_words(metric))
        elif percent and not found["percent"] and 0 < abs(value) <= 1:
            self._fault(
                f"{metric.name} is in per cent, and {digits} could mean two things",
                f"write {value:g}% or {100 * value:g}%",
            )
        elif metric.kind in ("chance", "risk") and not 0 <= value <= 100:
            self._fault(f"{metric.name} is a share of futures", "from 0% to 100%")
        elif metric.unit == OF_100 and not 0 <= value <= 100:
            self._fault(f"{metric.name} runs from 0 to 100", "such as 75")
        elif metric.unit == OF_100 and 0 < value <= 1 and found["rest"].strip() != OF_100:
            self._fault(
                f"{metric.name} runs from 0 to 100, and {digits} could mean two things",
                f"write {plain(100 * value)} or {plain(value)} {OF_100}",
            )
        elif not percent and metric.unit != OF_100 and not found["scale"]:
            self._check_dot(digits, written)

    def _check_dot(self, digits: str, before: str) -> None:
        """A dot before three digits divides thousands too."""
        if THOUSANDS.fullmatch(digits):
            small, large = plain(float(digits)), digits.replace(".", ",")
            self._fault(
                f"{before}{digits} could mean two things",
                f"write {before}{small} or {before}{large}",
            )

    def _check_rest(self, rest: str, metric: Metric) -> None:
        units = {
            metric.unit if metric.unit == OF_100 else metric.unit.split()[0],
            "of futures" if metric.kind in ("chance", "risk") else "",
        }
        if rest and rest not in units:
            self._fault(f"'{visible(rest)}' after the number is not understood", f"as '{EXAMPLE}'")

    def _probability(self, metric: Metric | None, text: str) -> tuple[Compare, float | None]:
        compare: Compare = "at least"
        _, phrase, after = _around(_COMPARISON, text)
        if phrase:
            compare, text = _SYNONYMS[phrase], after
        if metric is not None and metric.kind in ("chance", "risk"):
            self._fault(
                f"{metric.name} is itself a share of futures", "leave out 'with probability …'"
            )
            return compare, None
        found = _NUMBER.fullmatch(text)
        message, allowed = "is no probability", "write a number between 0 and 1, such as 0.8"
        if found and (plainer := _plainer(found["digits"])) is not None:
            message, meant = plainer[0], text.replace(found["digits"], plainer[1])
            allowed = f"write {meant}" if 0 < _share(_NUMBER.fullmatch(meant)) < 1 else allowed
            found = None
        value = _share(found)
        if not 0 < value < 1:
            hint = f"{value / 100:.12g}" if 1 < value < 99 else ""
            self._fault(f"'{visible(text)}' {message}", allowed, hint)
            return compare, None
        return compare, value


def read_target(text: str) -> tuple[Target | None, list[Fault]]:
    """The target of a sentence, or None and every fault of it."""
    reading = _Reading(text)
    return reading.target(), reading.faults


def _outcome_as_one_word(text: str) -> str:
    """``below good at end`` → ``below_good at end``, since its name compares nothing."""
    words = text.split()
    for count in range(len(words), 0, -1):
        name = "_".join(words[:count])
        if name in METRICS or name in gone.METRICS:
            return " ".join([name, *words[count:]])
    return text


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    before, found, after = _around(pattern, text)
    return (before, after) if found else (text, None)


def _around(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    """The text before a pattern, what it found, and the text after; all stripped."""
    found = pattern.search(text)
    if found is None:
        return text.strip(), "", ""
    return text[: found.start()].strip(), found[0], text[found.end() :].strip()


def _number_and_moment(text: str) -> tuple[str, str]:
    """``80 schools at end`` → ``80 schools``, ``at end``."""
    words = text.split()
    for i in range(1, len(words)):
        rest = words[i:]
        if _begins_moment(rest) and not (words[i] == "in" and rest[1:2] == ["futures"]):
            return " ".join(words[:i]), " ".join(rest)
    return text, ""


def _begins_moment(words: list[str]) -> bool:
    spans = {name.split("_")[0] for name in SPANS}
    return words[0] in _PREPOSITIONS or words[0] in spans or bool(_month(" ".join(words)))


def _until_moment(words: list[str]) -> tuple[list[str], list[str]]:
    for i in range(len(words)):
        if _begins_moment(words[i:]):
            return words[:i], words[i:]
    return words, []


def _dated(text: str) -> re.Match[str] | None:
    return _DATE.fullmatch(text.replace("_", " "))


def _month(text: str) -> str | None:
    """``2016-03`` of that text, of ``march 2016`` or of ``31 march 2016``; None if no month."""
    found = _dated(text)
    if found and found["name"] in _MONTHS:
        return month_text(int(found["year"]) * 12 + _MONTHS[found["name"]])
    try:
        return month_text(parse_month(found["month"] or "" if found else text))
    except ValueError:
        return None


def _day_fault(text: str, month: int) -> tuple[str, str] | None:
    """What is wrong with the day that a date names, and what to write; None where nothing is."""
    found = _dated(text)
    day = found and (found["day"] or found["of_month"])
    last = calendar.monthrange(month // 12, month % 12 + 1)[1]
    if not day or int(day) == last:
        return None
    own = f"write {month_text(month)} for {last} {month_name(month)}"
    if not 0 < int(day) <= last:
        return f"'{text}' is no day of the calendar", own
    return (
        f"'{text}' is not the last day of its month, on which outcomes are read",
        f"{own} or {month_text(month - 1)} for the month before",
    )


def _plainer(digits: str) -> tuple[str, str] | None:
    """What is wrong with the commas and dots of a number, and the number without; None if sound."""
    if _GROUPED.fullmatch(digits):
        return None
    *parts, last = re.split("[,._]", digits)
    mark = digits[-len(last) - 1]
    if mark != "_" and digits.count(mark) == 1:
        return (
            f"has a decimal {'comma' if mark == ',' else 'point'}",
            f"{''.join(parts) or 0}.{last}",
        )
    return "is not grouped by thousands", "".join(parts) + last


def _amount(found: re.Match[str]) -> float:
    value = float(re.sub("[,_]", "", found["digits"]))
    value *= _SCALES.get(found["scale"] or "", 1.0)
    return -value if found["sign"] else value


def _share(found: re.Match[str] | None) -> float:
    """The part of one that a bare number or one in per cent is; 0 for any other text."""
    if found is None or found["rest"].strip() or found["pound"] or found["scale"]:
        return 0.0
    return _amount(found) / (100 if found["percent"] else 1)


def _unit_words(metric: Metric) -> str:
    if metric.unit == OF_100:
        return "it runs from 0 to 100, such as 75"
    return f"it is counted in {metric.unit}"


def _moments() -> str:
    return _or([*SPANS.values(), "by a month such as 2016-03"])


def _outcomes() -> str:
    return f"one of {', '.join(METRICS)}"


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"
