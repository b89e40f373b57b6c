"""The terms of a school's decisions in words: what stood behind each under two scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rsip_sim.evidence.register import load_register
from rsip_sim.model.rules.choice import SECURE_MONTHS
from rsip_sim.studies.story.life import Meeting
from rsip_sim.studies.story.turning_point import Term


@dataclass(frozen=True)
class Label:
    """A term's short name, and the parameter that says how much schools heed it ('' for none)."""

    short: str
    parameter: str = ""


UTILITY: Mapping[str, Label] = {
    "start": Label("starting wish to be a member"),
    "support": Label("support it gets", "b_support"),
    "price": Label("subscription", "b_price"),
    "confidence": Label("confidence in the partnership", "b_confidence"),
    "security": Label("months still guaranteed", "b_secure"),
    "market": Label("support on offer elsewhere", "b_market"),
    "peers": Label("pupils around it in the partnership", "b_peer"),
    "lock": Label("commitment that ties it", "b_lock"),
    "inertia": Label("habit of being in or out"),
    "taste": Label("its own leaning"),
}
RATE: Mapping[str, Label] = {
    "eligible": Label("may apply at all"),
    "national": Label("national rate of conversion"),
    "authority": Label("pace of this authority"),
    "share": Label("academies of its phase here", "share_multiplier"),
    "politics": Label("political setting", "political_multiplier"),
    "money": Label("money that goes with conversion", "money_elasticity"),
    "rebound": Label("agreement that has lapsed", "rebound_multiplier"),
    "grade": Label("Ofsted grade"),
    "type": Label("type of school"),
    "taste": Label("its own leaning"),
    "neighbours": Label("conversions nearby", "contagion_same_phase"),
    "trust": Label("trust that takes schools in", "trust_multiplier"),
    "chain": Label("approach by a national chain", "chain_multiplier"),
    "membership": Label("hold of the partnership", "membership_multiplier"),
    "tie": Label("commitment that ties it", "tied_multiplier"),
}

Titles = tuple[str, str]
Seen = Mapping[str, float]


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


def why_utility(term: Term, ours: Meeting, theirs: Meeting) -> str:
    """What made a term of the utility differ: ``the agreement had 14 months to run …``."""
    said = _UTILITY_WORDS.get(term.name)
    if said is None or not _sees_apart(term.name, ours.seen, theirs.seen):
        return f"{UTILITY[term.name].short}: the scenarios weigh it differently"
    return said(ours.seen, theirs.seen)


def _sees_apart(name: str, ours: Seen, theirs: Seen) -> bool:
    seen = _SEEN[name]
    return seen in ours and seen in theirs and ours[seen] != theirs[seen]


_SEEN = {
    "support": "adequacy", "price": "price", "confidence": "confidence", "security": "unexpired",
    "market": "market", "peers": "peers", "lock": "bound",
}  # fmt: skip


def _support(ours: Seen, theirs: Seen) -> str:
    one, other = apart(ours["adequacy"], theirs["adequacy"], scale=100)
    return (
        f"members like it had {one}% of the support they need in the last four months instead of "
        f"{other}%"
    )


def _peers(ours: Seen, theirs: Seen) -> str:
    one, other = apart(ours["peers"], theirs["peers"], scale=100)
    return f"{one}% of the pupils around it were in the partnership instead of {other}%"


def _security(ours: Seen, theirs: Seen) -> str:
    one, other = months_words(ours["unexpired"]), months_words(theirs["unexpired"])
    if one == "none":
        return f"there was no agreement in force instead of one with {other} to run"
    most = max(ours["unexpired"], theirs["unexpired"])
    alike = f" ({SECURE_MONTHS:.0f} or more count alike)" if most > SECURE_MONTHS else ""
    return f"the agreement had {one} to run instead of {other}{alike}"


def _confidence(ours: Seen, theirs: Seen) -> str:
    one, other = apart(ours["confidence"], theirs["confidence"], 2)
    return f"confidence in the partnership stood at {one} instead of {other}"


def _market(ours: Seen, theirs: Seen) -> str:
    one, other = apart(ours["market"], theirs["market"], 1)
    return f"support on offer elsewhere had a quality of {one} instead of {other}"


def _price(ours: Seen, theirs: Seen) -> str:
    return f"the subscription was £{ours['price']:g} a pupil instead of £{theirs['price']:g}"


def _lock(ours: Seen, theirs: Seen) -> str:
    one, other = months_words(ours["bound"]), months_words(theirs["bound"])
    return f"its commitment to the partnership was {one} instead of {other}"


_UTILITY_WORDS: Mapping[str, Callable[[Seen, Seen], str]] = {
    "support": _support, "price": _price, "confidence": _confidence, "security": _security,
    "market": _market, "peers": _peers, "lock": _lock,
}  # fmt: skip


def why_rate(term: Term, ours: Meeting, theirs: Meeting, titles: Titles) -> str:
    """What made a term of the conversion rate differ at this meeting, or before it."""
    label = RATE[term.name].short
    if term.ours == term.theirs:
        return f"{label}: different at earlier meetings"
    if term.name == "share":
        one, other = apart(ours.seen["academies"], theirs.seen["academies"], scale=100)
        return f"{one}% of the schools of its phase here were academies instead of {other}%"
    under = titles[0] if term.ours > term.theirs else titles[1]
    if term.name in _RATE_WORDS:
        words, lasting = _RATE_WORDS[term.name]
        months = load_register()[lasting].value if lasting else 0
        return words.format(under=f"'{under}'", months=months)
    return f"{label}: different in the two scenarios"


# words, and the parameter that says for how many months it is felt
_RATE_WORDS = {
    "eligible": ("only under {under} was it allowed to apply", ""),
    "national": ("the national rate of conversion was higher under {under}", ""),
    "money": ("conversion brought more money under {under}", ""),
    "rebound": (
        "only under {under} had an agreement lapsed in the {months:g} months before",
        "rebound_months",
    ),
    "grade": ("its Ofsted grade made conversion easier under {under}", ""),
    "neighbours": (
        "conversions nearby in the {months:g} months before weighed more under {under}",
        "contagion_months",
    ),
    "trust": ("only under {under} was a trust near it taking schools in", ""),
    "chain": (
        "only under {under} had a national chain approached it in the {months:g} months before",
        "chain_active_months",
    ),
    "membership": ("the partnership held it back less under {under}", ""),
    "tie": ("it was held less by a commitment under {under}", ""),
}
