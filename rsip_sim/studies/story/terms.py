"""The terms of a school's decisions in words: what stood behind each under two scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from rsip_sim.evidence.register import load_register
from rsip_sim.model.rules.choice import SECURE_MONTHS
from rsip_sim.studies.story.life import Meeting
from rsip_sim.studies.story.turning_point import APPLICATION, Term, TurningPoint

Written = Callable[[float, float], tuple[str, str]]


@dataclass(frozen=True)
class Label:
    """What a term of a decision is called, and what is said of it where it differs.

    short      its name;  parameter: says how much schools heed it, '' for none
    words      what differed: of the utility with both numbers, of the rate with where it was more
    seen       name of what the term stands on, in the diary of a school
    written    how the numbers of both lives are written
    lasting    parameter that says for how many months a term of the rate is felt
    """

    short: str
    parameter: str = ""
    words: str = ""
    seen: str = ""
    written: Written | None = None
    lasting: str = ""


def months_words(months: float) -> str:
    """``none``, ``1 month``, ``14 months``."""
    whole = round(months)
    return "none" if whole == 0 else f"{whole} month{'' if whole == 1 else 's'}"


def apart(one: float, other: float, decimals: int = 0, scale: float = 1.0) -> tuple[str, str]:
    """Two numbers with as many decimals as it takes to tell them apart, four at most."""
    for places in range(decimals, 5):
        texts = f"{one * scale:.{places}f}", f"{other * scale:.{places}f}"
        if texts[0] != texts[1]:
            break
    return texts


def _each(written: Callable[[float], str]) -> Written:
    return lambda one, other: (written(one), written(other))


_PER_CENT, _MONTHS, _POUNDS = partial(apart, scale=100), _each(months_words), _each("£{:g}".format)

UTILITY: Mapping[str, Label] = {
    "start": Label("starting wish to be a member"),
    "support": Label(
        "support it gets", "b_support",
        "members like it had {}% of the support they need in the last four months instead of {}%",
        "adequacy", _PER_CENT,
    ),
    "price": Label(
        "subscription", "b_price", "the subscription was {} a pupil instead of {}", "price", _POUNDS
    ),
    "confidence": Label(
        "confidence in the partnership", "b_confidence",
        "confidence in the partnership stood at {} instead of {}", "confidence",
        partial(apart, decimals=2),
    ),
    "security": Label(
        "months still guaranteed", "b_secure",
        "the agreement had {} to run instead of {}", "unexpired", _MONTHS,
    ),
    "market": Label(
        "support on offer elsewhere", "b_market",
        "support on offer elsewhere had a quality of {} instead of {}", "market",
        partial(apart, decimals=1),
    ),
    "peers": Label(
        "pupils around it in the partnership", "b_peer",
        "{}% of the pupils around it were in the partnership instead of {}%", "peers", _PER_CENT,
    ),
    "lock": Label(
        "commitment that ties it", "b_lock",
        "its commitment to the partnership was {} instead of {}", "bound", _MONTHS,
    ),
    "inertia": Label("habit of being in or out"),
    "taste": Label("its own leaning"),
}  # fmt: skip
RATE: Mapping[str, Label] = {
    "eligible": Label("may apply at all", "", "only under {under} was it allowed to apply"),
    "national": Label(
        "national rate of conversion", "",
        "the national rate of conversion was higher under {under}",
    ),
    "authority": Label("pace of this authority"),
    "share": Label("academies of its phase here", "share_multiplier"),
    "politics": Label("political setting", "political_multiplier"),
    "money": Label(
        "money that goes with conversion", "money_elasticity",
        "conversion brought more money under {under}",
    ),
    "rebound": Label(
        "agreement that has lapsed", "rebound_multiplier",
        "only under {under} had an agreement lapsed in the {months:g} months before",
        lasting="rebound_months",
    ),
    "grade": Label("Ofsted grade", "", "its Ofsted grade made conversion easier under {under}"),
    "type": Label("type of school"),
    "taste": Label("its own leaning"),
    "neighbours": Label(
        "conversions nearby", "contagion_same_phase",
        "conversions nearby in the {months:g} months before weighed more under {under}",
        lasting="contagion_months",
    ),
    "trust": Label(
        "trust that takes schools in", "trust_multiplier",
        "only under {under} was a trust near it taking schools in",
    ),
    "chain": Label(
        "approach by a national chain", "chain_multiplier",
        "only under {under} had a national chain approached it in the {months:g} months before",
        lasting="chain_active_months",
    ),
    "membership": Label(
        "hold of the partnership", "membership_multiplier",
        "the partnership held it back less under {under}",
    ),
    "tie": Label(
        "commitment that ties it", "tied_multiplier",
        "it was held less by a commitment under {under}",
    ),
}  # fmt: skip


def label_of(point: TurningPoint, term: Term) -> Label:
    """What a term of a decision is called."""
    return (RATE if point.kind == APPLICATION else UTILITY)[term.name]


def why_utility(term: Term, ours: Meeting, theirs: Meeting) -> str:
    """What made a term of the utility differ: ``the agreement had 14 months to run …``."""
    label = UTILITY[term.name]
    one, other = (each.seen.get(label.seen) for each in (ours, theirs))
    if label.written is None or one is None or other is None or one == other:
        return f"{label.short}: the scenarios weigh it differently"
    numbers = label.written(one, other)
    if term.name != "security":
        return label.words.format(*numbers)
    if numbers[0] == "none":
        return f"there was no agreement in force instead of one with {numbers[1]} to run"
    alike = f" ({SECURE_MONTHS:.0f} or more count alike)" if max(one, other) > SECURE_MONTHS else ""
    return f"{label.words.format(*numbers)}{alike}"


def why_rate(term: Term, ours: Meeting, theirs: Meeting, titles: tuple[str, str]) -> str:
    """What made a term of the conversion rate differ at this meeting, or before it."""
    label = RATE[term.name]
    if term.ours == term.theirs:
        return f"{label.short}: different at earlier meetings"
    if term.name == "share":
        one, other = _PER_CENT(ours.seen["academies"], theirs.seen["academies"])
        return f"{one}% of the schools of its phase here were academies instead of {other}%"
    if not label.words:
        return f"{label.short}: different in the two scenarios"
    under = titles[0] if term.ours > term.theirs else titles[1]
    months = load_register()[label.lasting].value if label.lasting else 0
    return label.words.format(under=f"'{under}'", months=months)
