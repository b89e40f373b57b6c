"""The mechanisms of the model by which one policy comes to differ from another, and their "off".

Each is a set of parameters and levers. Switched off, both scenarios have them at the same neutral
value, so that the mechanism can make no difference between them; everything else goes on. What is
in no mechanism (the days of support that money buys, votes, inspections, the law of conversion)
works throughout, and so does what a scenario changes outside these fields: where all mechanisms
are off, what is left of the difference is its doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rsip_sim.evidence.register import load_register
from rsip_sim.scenario.levers import LEVERS, PARAMETERS

GRADES = ("strong", "moderate", "weak", "none")
"""Grades of evidence in the register, best first."""


@dataclass(frozen=True)
class Mechanism:
    """One way in which a policy acts.

    name        key in tables, and in the rows of `rsip_sim.scenario.levers`
    label       as shown
    meaning     what the mechanism is, as a sentence
    off         what holds when it is switched off, as a sentence
    parameters  of the register, and the value at which both scenarios then have them
    strength    parameters that say how strong it is, whose evidence is its evidence
    """

    name: str
    label: str
    meaning: str
    off: str
    parameters: Mapping[str, float]
    strength: tuple[str, ...]

    @property
    def held(self) -> dict[str, Any]:
        """Levers and parameters by dotted path, and the value that both scenarios have when off."""
        levers = {
            row.path: row.mechanism.value
            for row in LEVERS.values()
            if row.mechanism and row.mechanism.mechanism == self.name
        }
        return levers | {f"{PARAMETERS}{name}": value for name, value in self.parameters.items()}

    @property
    def evidence(self) -> str:
        """The weakest grade of evidence among what says how strong it is."""
        return max((load_register()[name].grade for name in self.strength), key=GRADES.index)


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "security",
        "Security",
        "Schools leave less readily the longer the agreement still runs.",
        "The months still to run do not matter to schools; exits stay as calibrated for an "
        "agreement that has a year to run.",
        {"b_secure": 0.0},
        ("b_secure",),
    ),
    Mechanism(
        "renewal",
        "Renewal",
        "The council may let an agreement lapse and the Schools Forum may give the earmark back "
        "to schools, after which conversion quickens for a while.",
        "Every agreement is renewed, the Forum keeps the earmark, and a lapse would not quicken "
        "conversion.",
        {"rebound_multiplier": 1.0},
        ("renewal_intercept", "forum_intercept", "disposition_correlation", "rebound_multiplier"),
    ),
    Mechanism(
        "money",
        "Money",
        "What the council pays: earmark and service budgets, how they are cut, and that an "
        "agreement keeps the earmark out of the cuts.",
        "Both have the money with which the baseline starts, and nothing is cut.",
        {"ses_follows_pupils": 0.0},
        ("ses_follows_pupils",),
    ),
    Mechanism(
        "subscription",
        "Subscription",
        "What members pay: it puts schools off and feeds the fund.",
        "Nobody pays.",
        {},
        ("b_price",),
    ),
    Mechanism(
        "support",
        "Support",
        "Schools judge the partnership by the support they get, and support changes their grades.",
        "Support does not matter to membership or to grades; it is given all the same.",
        {
            "b_support": 0.0,
            "fall_ratio": 1.0,
            "leave_ratio": 1.0,
            "up_ratio": 1.0,
        },
        ("b_support", "fall_ratio", "leave_ratio", "up_ratio"),
    ),
    Mechanism(
        "peers",
        "Peers",
        "Schools want to be where their neighbours are, and too few members end the partnership.",
        "Neighbours do not matter to membership, and the partnership has no quorum.",
        {"b_peer": 0.0},
        ("b_peer",),
    ),
    Mechanism(
        "confidence",
        "Confidence",
        "Reviews of what was delivered raise or lower the wish to be a member.",
        "Reviews do not matter to schools.",
        {"b_confidence": 0.0},
        ("b_confidence",),
    ),
    Mechanism(
        "ties",
        "School ties",
        "Schools that join may not leave for a time, which holds some in and puts others off.",
        "No school is tied.",
        {},
        ("b_lock", "tied_multiplier"),
    ),
    Mechanism(
        "holding_back",
        "Holding back",
        "What a school would lose of the partnership holds it back from becoming an academy.",
        "Membership does not matter to conversion.",
        {"membership_multiplier": 1.0},
        ("membership_multiplier",),
    ),
    Mechanism(
        "imitation",
        "Imitation",
        "A conversion makes others likelier: neighbours, the share of academies, joint "
        "applications, trusts and national chains.",
        "Nobody follows anybody: schools apply together only where each was about to, trusts "
        "draw no one, and no chain approaches a school.",
        {
            "contagion_same_phase": 1.0,
            "contagion_other_phase": 1.0,
            "share_multiplier": 1.0,
            "consortium_reach": 0.0,
            "trust_multiplier": 1.0,
        },
        (
            "contagion_same_phase",
            "contagion_other_phase",
            "share_multiplier",
            "consortium_reach",
            "trust_multiplier",
        ),
    ),
)

EVERYTHING_ELSE = (
    "what the scenarios change outside these mechanisms, and what is left of the difference with "
    "all of them off"
)
