"""The terms of a school's decisions: what each is called, what it stands on, who heeds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rsip_sim.report.words import counted


@dataclass(frozen=True)
class Label:
    """What a term of a decision is called.

    short      its name
    parameter  of the register that says how much schools heed it; '' for none
    seen       name of what the term stands on, in the diary of a school; '' for nothing it sees
    written    how that is written
    """

    short: str
    parameter: str = ""
    seen: str = ""
    written: Callable[[float], str] = "{:.2f}".format


def _months(months: float) -> str:
    return counted(round(months), "month")


_PER_CENT, _POUNDS = "{:.1%}".format, "£{:g}".format

LABELS: Mapping[str, Label] = {
    # of the utility of membership
    "start": Label("starting wish to be a member"),
    "support": Label("support it gets, of need", "b_support", "adequacy", _PER_CENT),
    "price": Label("subscription a pupil", "b_price", "price", _POUNDS),
    "confidence": Label("confidence in the partnership", "b_confidence", "confidence"),
    "security": Label("months still guaranteed", "b_secure", "unexpired", _months),
    "market": Label("support on offer elsewhere", "b_market", "market"),
    "peers": Label("pupils around it that are in", "b_peer", "peers", _PER_CENT),
    "lock": Label("commitment that ties it", "b_lock", "bound", _months),
    "inertia": Label("habit of being in or out"),
    "taste": Label("its own leaning"),
    # of the rate of conversion
    "eligible": Label("may apply at all"),
    "national": Label("national rate of conversion"),
    "authority": Label("pace of this authority"),
    "share": Label("academies of its phase here", "share_multiplier", "academies", _PER_CENT),
    "politics": Label("political setting", "political_multiplier"),
    "money": Label("money that goes with conversion", "money_elasticity"),
    "rebound": Label("agreement that has lapsed", "rebound_multiplier"),
    "grade": Label("Ofsted grade"),
    "type": Label("type of school"),
    "neighbours": Label("conversions nearby", "contagion_same_phase"),
    "trust": Label("trust that takes schools in", "trust_multiplier"),
    "chain": Label("approach by a national chain", "chain_multiplier"),
    "membership": Label("hold of the partnership", "membership_multiplier"),
    "tie": Label("commitment that ties it", "tied_multiplier"),
}
