"""What a study of sensitivity found, in sentences, by rules that hold whatever it found."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import METRICS, Metric
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.statistics import STANDARD_ERRORS
from rsip_sim.report.words import share_of_spread
from rsip_sim.scenario.settings import field_label
from rsip_sim.scenario.wording import value_text
from rsip_sim.studies.sensitivity.factorial import Effect, Lever
from rsip_sim.studies.sensitivity.pair import DIFFERENCE, LEVEL
from rsip_sim.studies.sensitivity.work import OTHERS, Sensitivity

MOST = 3
_NUMBERS = ("No input", "One input", "Two inputs", "Three inputs")


def share_words(three: FloatArray) -> str:
    """``41% (95% interval 23% to 55%)``."""
    return f"{share_of_spread(three[0])} (95% interval {interval_words(three)})"


def interval_words(three: FloatArray) -> str:
    """``23% to 55%``; shares of a whole lie between none and all of it."""
    low, high = (100 * min(max(end, 0.0), 1.0) for end in three[1:])
    return f"{low:.0f}% to {high:.0f}%"


def varies(found: Sensitivity, kind: int, name: str) -> bool:
    """Whether the outcome differs between futures."""
    return bool(found.indices.variance[found.outcome(kind, name)] > 0)


def rank(found: Sensitivity, kind: int, name: str) -> list[int]:
    """Factors with a parameter of their own, by what each makes alone; only those that show.

    One shows if the interval of its share, or of its swing, does not hold none. The order is that
    of what one would most like to know; what an input only has a part in (its total index) tells
    which may be left alone.
    """
    at = found.outcome(kind, name)
    first = found.indices.first[at]
    places = [place for place, factor in enumerate(found.factors) if factor in found.own]
    clear = [place for place in places if first[place, 1] > 0 or _swing_clear(found, at, place)]
    return sorted(clear, key=lambda place: -float(first[place, 0]))


def clearest(found: Sensitivity) -> str:
    """The metric told of whose difference has the input that makes most of its spread."""

    def most(name: str) -> float:
        leading = rank(found, DIFFERENCE, name)[:1]
        return max((found.indices.first[found.outcome(DIFFERENCE, name), place, 0]
                    for place in leading), default=-1.0)  # fmt: skip

    return max(found.told, key=most)


def _swing_clear(found: Sensitivity, at: int, place: int) -> bool:
    swing = found.inputs.names.index(found.factors[place])
    low, high = found.swings.low[at, swing], found.swings.high[at, swing]
    return bool(low > 0 or high < 0)


def written(metric: Metric, kind: int, value: float) -> str:
    """A level, or a difference with its sign."""
    return metric.format.level(value) if kind == LEVEL else metric.format.difference(value)


def average_sentence(found: Sensitivity, kind: int, name: str) -> str:
    """Average and range of an outcome."""
    metric, at = METRICS[name], found.outcome(kind, name)
    average, (low, high) = found.average[at], found.spread[:, at]
    what = f"Under '{found.pair.scenario.title}'" if kind == LEVEL else "The difference"
    verb = "it is " if kind == LEVEL else "is "
    spread = f"{_range(metric, kind, low, high)} in 90% of futures"
    if metric.kind in ("chance", "risk"):
        spread = "in each future it either happens or does not"
    comma = ", " if kind == LEVEL else " "
    return f"{what}{comma}{verb}{written(metric, kind, average)} on average ({spread})."


def _range(metric: Metric, kind: int, low: float, high: float) -> str:
    """``−0.55 to 0.00 points``; one number where both ends are written alike."""
    last = written(metric, kind, high)
    if written(metric, kind, low) == last:
        return last
    first = written(metric, kind, low) if kind == LEVEL else metric.format.short_difference(low)
    return f"{first} to {last}"


def leading_inputs(found: Sensitivity, kind: int, name: str) -> tuple[str, tuple[str, ...]]:
    """The inputs that matter most to an outcome: how many and in what order, and which."""
    leading = rank(found, kind, name)[:MOST]
    if not leading:
        return "No single input makes a part of its spread that can be told from none.", ()
    count = _NUMBERS[len(leading)]
    start = (
        f"{count} matter most"
        if len(leading) == MOST
        else f"Only {count[0].lower()}{count[1:]} can be told from none"
    )
    overlap = "; they overlap, so the order is not certain" if _overlap(found, kind, name) else ""
    said = f"{start} (share of the spread with its 95% interval{overlap}):"
    return said, tuple(_input_words(found, kind, name, place) for place in leading)


def _input_words(found: Sensitivity, kind: int, name: str, place: int) -> str:
    metric, at, factor = METRICS[name], found.outcome(kind, name), found.factors[place]
    share, swing = found.indices.first[at, place], found.inputs.names.index(factor)
    low, high = found.swings.at_low[at, swing], found.swings.at_high[at, swing]
    return (
        f"{parameter_words(factor)}: alone {share_of_spread(share[0])} ({interval_words(share)}); "
        f"{written(metric, kind, low)} at its low end, {written(metric, kind, high)} at its high "
        "end"
    )


def _overlap(found: Sensitivity, kind: int, name: str) -> bool:
    """Whether the intervals of inputs that follow one another in the order overlap."""
    shares = found.indices.first[found.outcome(kind, name)]
    pairs = itertools.pairwise(rank(found, kind, name)[: MOST + 1])
    return any(shares[one, 1] <= shares[other, 2] for one, other in pairs)


def parameter_words(name: str) -> str:
    """Label and name: ``Weight of months still guaranteed in the choice to stay (b_secure)``."""
    return f"{load_register()[name].label} ({name})"


def luck_sentence(found: Sensitivity, kind: int, name: str) -> str:
    """How much of the spread is luck, how much ignorance, and how much takes both."""
    at, shares = found.outcome(kind, name), found.indices
    luck, others, both = shares.apart[at], shares.others[at], shares.both[at]
    parts = (
        f"Of this spread luck alone makes {share_words(luck)}, not knowing the parameters alone "
        f"{share_words(others)}, and {share_words(both)} takes both together"
    )
    largest = int(np.argmax([luck[0], others[0], both[0]]))
    said = (
        "most of it no study could take away",
        "most of it more evidence could take away",
        "the same luck does something else with other parameters",
    )[largest]
    return f"{parts}: {said}." if max(luck[0], others[0], both[0]) > 0.5 else f"{parts}."


def others_sentence(found: Sensitivity, kind: int, name: str) -> str:
    """What the parameters without an index of their own come to; '' where there are none."""
    if OTHERS not in found.factors:
        return ""
    place, count = found.factors.index(OTHERS), len(found.inputs.names) - len(found.own)
    share = found.indices.first[found.outcome(kind, name), place]
    return f"The {count} parameters not looked at one by one make {share_words(share)} together."


def same_sentence(found: Sensitivity, kind: int, name: str) -> str:
    """What is said of an outcome that does not vary."""
    value = written(METRICS[name], kind, found.average[found.outcome(kind, name)])
    what = "The difference is" if kind == DIFFERENCE else "It is"
    return f"{what} the same in every future, {value}, so there is nothing to explain."


def effect_words(levers: Sequence[Lever], effect: Effect) -> str:
    """``Renewal of the agreement: uncertain → certain``, two of them joined by "with"."""
    parts = []
    for place, value in effect.changes:
        lever = levers[place]
        old, new = (value_text(lever.path, lever.values[at]) for at in (0, value))
        parts.append(f"{field_label(lever.path)}: {old} → {new}")
    return " with ".join(parts)


def interactions(found: Sensitivity, name: str) -> list[Effect]:
    """Interactions on the difference that are clear and show, largest first."""
    at, write = found.outcome(DIFFERENCE, name), METRICS[name].format
    clear = [
        each
        for each in found.effects
        if len(each.changes) == 2
        and (each.low[at] > 0 or each.high[at] < 0)
        and not write.shows_zero(each.mean[at])
    ]
    return sorted(clear, key=lambda each: -abs(each.mean[at]))


def joint_sentences(found: Sensitivity, name: str) -> list[str]:
    """What two choices do to the difference together, beyond the sum of each."""
    tried = sum(len(each.changes) == 2 for each in found.effects)
    if not tried:
        return []
    clear, metric, at = interactions(found, name), METRICS[name], found.outcome(DIFFERENCE, name)
    if not clear:
        return ["No two of these choices act on one another by an amount that shows."]
    said = [
        f"{effect_words(found.levers, each)}: {metric.format.difference(each.mean[at])} "
        f"({metric.format.short_difference(each.low[at])} to "
        f"{metric.format.short_difference(each.high[at])})"
        for each in clear[:MOST]
    ]
    return [
        f"Effects of two choices beyond the sum of each, clear for {len(clear)} of {tried} pairs, "
        f"where about {max(round(tried / 20), 1)} would be by chance: {'; '.join(said)}."
    ]


def correlation_sentence(found: Sensitivity) -> str:
    """How much is left out by drawing calibrated parameters each by itself."""
    known = found.inputs.correlations()
    if known is None:
        return "No parameters are calibrated together here, so no correlation is left out."
    one, other = known.between
    return (
        f"Calibrated parameters are drawn here each by itself, which leaves out how they go "
        f"together: of {known.pairs} correlations {known.beyond} are beyond ±0.2, the largest "
        f"{known.largest:+.2f} ({one} and {other}), and they are typically ±{known.typical:.2f}, "
        f"where chance alone gives ±{known.chance:.2f} in a sample of this size."
        f"{_together_words(found)}"
    ).replace(" -", " \N{MINUS SIGN}")


def _together_words(found: Sensitivity) -> str:
    """The spread here beside the spread where they are drawn together."""
    said = []
    for name in found.told:
        at = found.outcome(DIFFERENCE, name)
        (here, own), (together, its) = found.deviation[:, at], found.together[:, at]
        if here > 0 and together > 0 and np.isfinite([own, its]).all():
            change, error = (
                together / here - 1,
                STANDARD_ERRORS * together / here * np.hypot(own, its),
            )
            per_cents = round(100 * change) + 0  # and no −0
            said.append(f"by {per_cents:+}% (±{100 * error:.0f}) for {METRICS[name].noun}")
    if not said:
        return ""
    return (
        " Drawn together, as the model draws them, the standard deviation of the difference "
        f"changes {', '.join(said)} (95% intervals)."
    )


def title(found: Sensitivity) -> str:
    """What the study is of."""
    pair = found.pair
    return (
        f"What matters to '{pair.scenario.title}' and its difference from '{pair.baseline.title}'"
    )
