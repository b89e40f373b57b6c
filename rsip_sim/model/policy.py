"""The policy of one scenario as plain frozen data: all that the model knows of a planner's file.

`rsip_sim.scenario` turns the checked file into these; the model never sees the file or pydantic.
Money is in pounds here (the model turns it into whole pence), time in months.

A block holds one or several policies side by side, each in columns of its own, so that policies of
one roster and calendar share what a block costs whatever its size: the levers in force are held by
column. No result depends on how columns are packed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray

UNCERTAIN: Final = "uncertain"  # a lever nobody local chooses: drawn once a replication
Drawn = float | Literal["uncertain"]


@dataclass(frozen=True)
class Agreement:
    """The Cabinet agreement and the rules of membership."""

    length_months: int = 24
    renewal_months: int = 12
    later_offers: bool = True  # each January the council may offer an agreement
    # uncertain, or certain: offered every January, and the Forum keeps the line
    renewal: str = "uncertain"
    school_commitment_months: int = 0
    quorum: float = 0.5
    reviews_per_year: int = 2
    academies_may_join: bool = True
    governance_settled_months: int = 6


@dataclass(frozen=True)
class Funding:
    """The money levers, in pounds a year unless the name says otherwise."""

    dsg_gbp_per_pupil: float = 4700.0
    earmark_gbp_per_year: float = 750_000.0
    subscription_gbp_per_pupil: float = 0.0
    ses_gbp_per_year: float = 2_000_000.0
    ses_capacity_share: float = 0.10
    council_cut_pct_per_year: Drawn = 10.0
    service_money: str | float = "observed"  # or pounds per pupil a year, held constant
    endowment: str = "bid"  # none | bid | won
    line: str = "central"  # or "dedelegated"
    forum_delegates_from: int | None = None  # month number; see rsip_sim.evidence.months


@dataclass(frozen=True)
class Support:
    """How support is shared out."""

    weakest_first_share: float = 0.5
    sold_beyond_share: float = 0.0


@dataclass(frozen=True)
class Climate:
    """The national rate at which schools become academies."""

    conversion: str = "uncertain"  # observed | flat | surge | uncertain | table
    # for "table": openings a month, per cent of maintained schools, from the scenario's start
    opening_pct_per_month: tuple[tuple[str, tuple[float, ...]], ...] = ()


@dataclass(frozen=True)
class External:
    """What the world outside the borough offers."""

    market_quality: Drawn = 0.5
    chain_approaches_per_year: Drawn = 1.0


@dataclass(frozen=True)
class Levers:
    """Everything the timeline may change."""

    agreement: Agreement = field(default_factory=Agreement)
    funding: Funding = field(default_factory=Funding)
    support: Support = field(default_factory=Support)
    climate: Climate = field(default_factory=Climate)
    external: External = field(default_factory=External)


@dataclass(frozen=True)
class Cohesion:
    """How the cohesion index is put together; a matter of measurement, not of policy."""

    # participation, connectedness, integrity, mutual support, stability
    weights: tuple[float, float, float, float, float] = (0.20, 0.25, 0.20, 0.20, 0.15)
    associate_weight: float = 1.0


@dataclass(frozen=True)
class Policy:
    """One scenario, resolved: levers at the start and each later change of them.

    start           month number of model month 0 (see rsip_sim.evidence.months)
    horizon_months  months simulated
    partnership     False: there is no partnership, fund or agreement at all; the earmark is then
                    delegated to schools
    changes         (model month, the levers in force from then on), in order of month;
                    every month lies within 1 … horizon_months − 1
    overrides       (register name, value): parameters held at the planner's own value
    structure       (register name, named value): rules that go otherwise than the model's own
    parameters      "central", "uncertain" or "prior", as rsip_sim.model.parameters says
    """

    start: int
    horizon_months: int = 60
    partnership: bool = True
    levers: Levers = field(default_factory=Levers)
    changes: tuple[tuple[int, Levers], ...] = ()
    cohesion: Cohesion = field(default_factory=Cohesion)
    overrides: tuple[tuple[str, float], ...] = ()
    structure: tuple[tuple[str, str], ...] = ()
    parameters: str = "central"


NO_MONTH = 10**6  # a month number that never comes
DRAWN = (  # what nobody local chooses: `uncertain` draws it once a replication
    "funding.council_cut_pct_per_year",
    "external.market_quality",
    "external.chain_approaches_per_year",
)
_STAND_INS: dict[str, dict[object, float | int]] = {
    "funding.service_money": {"observed": np.nan},
    "funding.forum_delegates_from": {None: NO_MONTH},
}


@dataclass
class Group:
    """The columns of one policy, and the levers now in force there."""

    policy: Policy
    columns: slice
    levers: Levers


def groups_of(policies: Sequence[Policy], sizes: Sequence[int]) -> tuple[Group, ...]:
    """The policies one after the other, each in so many columns."""
    ends = np.cumsum(sizes).tolist()
    return tuple(
        Group(policy, slice(end - size, end), policy.levers)
        for policy, size, end in zip(policies, sizes, ends, strict=True)
    )


def by_column(groups: Sequence[Group], values: Sequence[object]) -> AnyArray:
    """One value a group → one a column."""
    return np.repeat(np.array(values), [each.columns.stop - each.columns.start for each in groups])


class LeverColumns:
    """Values by their path in a scenario file: `levers["funding.line"]` is (columns,).

    Service money is nan where it is as observed; a month that is not set is NO_MONTH.
    """

    def __init__(self, groups: Sequence[Group], drawn: Mapping[str, FloatArray]) -> None:
        """Look at the levers in force; `drawn` holds one value a column for each of DRAWN."""
        self._groups, self._drawn = groups, drawn
        self._read: dict[str, AnyArray] = {}  # each is asked for every month

    def __getitem__(self, path: str) -> AnyArray:
        """The lever at a path; AttributeError if there is none."""
        if path not in self._read:
            self._read[path] = self._columns(path)
        return self._read[path]

    def _columns(self, path: str) -> AnyArray:
        section, _, name = path.partition(".")
        own = [getattr(getattr(group.levers, section), name) for group in self._groups]
        if path in DRAWN:
            uncertain = by_column(self._groups, [value == UNCERTAIN for value in own])
            held = [np.nan if value == UNCERTAIN else value for value in own]
            return np.where(uncertain, self._drawn[path], by_column(self._groups, held))
        words = _STAND_INS.get(path, {})
        return by_column(self._groups, [words.get(value, value) for value in own])


class Rules:
    """Which alternative of each rule holds, by column: `rules.are("forum", "deaf")`."""

    def __init__(self, groups: Sequence[Group], usual: Mapping[str, str]) -> None:
        """Take each policy's own alternatives; `usual` is the model's own value of each rule."""
        self._groups = groups
        self._own = [{**usual, **dict(group.policy.structure)} for group in groups]
        self._read: dict[tuple[str, str], BoolArray] = {}

    def are(self, name: str, value: str) -> BoolArray:
        """Columns in which the rule has this named value, (columns,)."""
        if (name, value) not in self._read:
            held = [own[name] == value for own in self._own]
            self._read[name, value] = by_column(self._groups, held)
        return self._read[name, value]
