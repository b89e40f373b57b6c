"""A paired difference in words, by rules that hold for every metric and every outcome.

No difference is claimed where the 95 % interval of the mean difference holds zero. The spread of
outcomes ("90% of futures") and the precision of a mean ("95% interval") are never mixed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from rsip_sim.analysis.metrics import Metric
from rsip_sim.analysis.moments import Moment

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
FEWEST_FUTURES = 10


@dataclass(frozen=True)
class Difference:
    """One paired difference, in the unit of its metric.

    baseline, level   means; difference: mean of the paired differences
    ci_low, ci_high   95 % interval of the mean difference
    p05, p95          5–95 % range of the differences across futures
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
    if numbers.replications < FEWEST_FUTURES:
        return "too uncertain"
    if not (numbers.ci_low > 0 or numbers.ci_high < 0):
        return "no clear difference"
    if metric.format.shows_zero(numbers.difference):
        return "negligible"
    up = numbers.difference > 0
    if metric.better == "neither":
        return "higher" if up else "lower"
    return "better" if up == (metric.better == "higher") else "worse"


def sentence(metric: Metric, moment: Moment, numbers: Difference) -> str:
    """The difference as one sentence for a reader who has not seen the table."""
    when = moment.phrase(metric)
    about = f"{metric.noun} {when}"
    found = verdict(metric, numbers)
    if found == "not defined":
        return f"{metric.label} {when}: not defined in at least one of the two scenarios."
    if found == "equal":
        return f"No difference at all in {about}: {_every(numbers.replications)} the same."
    if found == "too uncertain":
        return _too_few(about, numbers)
    if metric.kind in ("chance", "risk"):
        return _chance(metric, when, numbers, clear=found in CLEAR)
    if found == "negligible":
        return (
            f"Practically no difference in {about}: less than {metric.format.smallest} on "
            f"average; {_range(metric, numbers)}."
        )
    if found == "no clear difference":
        return _no_clear_difference(metric, about, numbers)
    return _clear_difference(metric, when, numbers)


def of_futures(share: float, replications: int) -> str:
    """``83 of 100 futures``; counts are kept below 100 futures and never rounded to none or all."""
    count = round(share * replications)
    if count == 0:
        return "none"
    if count == replications:
        return "every future"
    if replications < 100:
        return f"{count} of {replications} futures"
    rounded = round(100 * share)
    if rounded == 100:
        return "more than 99 of 100 futures"
    if rounded == 0:
        return "fewer than 1 of 100 futures"
    return f"{rounded} of 100 futures"


def relative(metric: Metric, value: float) -> str:
    """A signed difference in words: ``0.4 points lower``, ``3 more``, ``no different``."""
    if metric.format.shows_zero(value):
        return "no different"
    return f"{metric.format.magnitude(value)} {_word(metric, value)}"


def _word(metric: Metric, value: float) -> str:
    return metric.words[0 if value > 0 else 1]


def _every(replications: int) -> str:
    return "the one future simulated gives exactly" if replications == 1 else (
        "every future gives exactly"
    )  # fmt: skip


def _too_few(about: str, numbers: Difference) -> str:
    futures = "future" if numbers.replications == 1 else "futures"
    return (
        f"Too uncertain to compare {about}: {numbers.replications} {futures} simulated, where at "
        f"least {FEWEST_FUTURES}, better 1,000, are needed."
    )


def _clear_difference(metric: Metric, when: str, numbers: Difference) -> str:
    word = _word(metric, numbers.difference)
    share, other = numbers.higher, numbers.lower
    if numbers.difference < 0:
        share, other = other, share
    if share > 0.5:
        futures = of_futures(share, numbers.replications)
        return f"In {futures} {metric.clause.format(word)} {when}; {_range(metric, numbers)}."
    size = f"{metric.format.magnitude(numbers.difference)} {word}"
    return (
        f"On average {metric.clause.format(size)} {when}, but in only "
        f"{of_futures(share, numbers.replications)}; the other way round in "
        f"{of_futures(other, numbers.replications)}, no difference in "
        f"{of_futures(numbers.equal, numbers.replications)}."
    )


def _range(metric: Metric, numbers: Difference) -> str:
    """The 5–95 % range across futures in words."""
    low, high, write = numbers.p05, numbers.p95, metric.format
    no_low, no_high = write.shows_zero(low), write.shows_zero(high)
    if no_low and no_high:
        return "no difference that shows in 90% of futures"
    if no_low or no_high or (low > 0) == (high > 0):
        word = _word(metric, low if no_high else high)
        small, large = sorted((abs(low), abs(high)))
        return f"typically {write.magnitudes(small, large)} {word} (90% of futures)"
    return (
        f"typically between {relative(metric, low)} and {relative(metric, high)} (90% of futures)"
    )


def _no_clear_difference(metric: Metric, about: str, numbers: Difference) -> str:
    return (
        f"No clear difference in {about}: on average {relative(metric, numbers.difference)} "
        f"(95% interval of this average {metric.format.short_difference(numbers.ci_low)} to "
        f"{metric.format.difference(numbers.ci_high)}); {_range(metric, numbers)}."
    )


def _chance(metric: Metric, when: str, numbers: Difference, clear: bool) -> str:
    write = metric.format
    interval = (
        f"difference {write.difference(numbers.difference)}, 95% interval "
        f"{write.short_difference(numbers.ci_low)} to {write.difference(numbers.ci_high)}"
    )
    levels = write.level(numbers.baseline), write.level(numbers.level)
    if clear and not math.isnan(numbers.difference):
        moves = "rises" if numbers.difference > 0 else "falls"
        return (
            f"The chance that {metric.clause} {when} {moves} from {levels[0]} to {levels[1]} "
            f"({interval})."
        )
    return (
        f"No clear difference in the chance that {metric.clause} {when}: {levels[0]} in the "
        f"baseline, {levels[1]} here ({interval})."
    )
