"""The levers in force in a block, one value a column.

A block holds one or several policies side by side, each in columns of its own, so that policies
of one roster and calendar share what a block costs whatever its size. No result depends on how
columns are packed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray
from rsip_sim.model.policy import UNCERTAIN, Climate, Levers, Policy

NO_MONTH = 10**6  # a month number that never comes
DRAWN = (  # what nobody local chooses: `uncertain` draws it once a replication
    "funding.council_cut_pct_per_year",
    "external.market_quality",
    "external.chain_approaches_per_year",
)
_SECTIONS = ("agreement", "funding", "support", "external")
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

    @property
    def size(self) -> int:
        """How many columns."""
        return int(self.columns.stop - self.columns.start)

    @property
    def climate(self) -> Climate:
        """The climate now in force."""
        return self.levers.climate


def groups_of(policies: Sequence[Policy], sizes: Sequence[int]) -> tuple[Group, ...]:
    """The policies one after the other, each in so many columns."""
    ends = np.cumsum(sizes).tolist()
    return tuple(
        Group(policy, slice(end - size, end), policy.levers)
        for policy, size, end in zip(policies, sizes, ends, strict=True)
    )


def by_column(groups: Sequence[Group], values: Sequence[object]) -> AnyArray:
    """One value a group → one a column."""
    return np.repeat(np.array(values), [group.size for group in groups])


class LeverColumns:
    """Values by their path in a scenario file: `levers["funding.line"]` is (columns,).

    Service money is nan where it is as observed; a month that is not set is NO_MONTH.
    """

    def __init__(self, groups: Sequence[Group], drawn: Mapping[str, FloatArray]) -> None:
        """Take the levers in force; `drawn` holds one value a column for each of DRAWN."""
        self._values: dict[str, AnyArray] = {}
        for section in _SECTIONS:
            for field in fields(getattr(Levers(), section)):
                path = f"{section}.{field.name}"
                own = [getattr(getattr(each.levers, section), field.name) for each in groups]
                self._values[path] = self._columns(path, own, groups, drawn)

    @staticmethod
    def _columns(
        path: str, own: list[object], groups: Sequence[Group], drawn: Mapping[str, FloatArray]
    ) -> AnyArray:
        if path in DRAWN:
            uncertain = by_column(groups, [value == UNCERTAIN for value in own])
            held = [np.nan if value == UNCERTAIN else value for value in own]
            return np.where(uncertain, drawn[path], by_column(groups, held))
        words = _STAND_INS.get(path, {})
        return by_column(groups, [words.get(value, value) for value in own])

    def __getitem__(self, path: str) -> AnyArray:
        """The lever at a path; KeyError if there is none."""
        return self._values[path]


class Rules:
    """Which alternative of each rule holds, by column: `rules.are("forum", "deaf")`."""

    def __init__(self, groups: Sequence[Group], usual: Mapping[str, str]) -> None:
        """Take each policy's own alternatives; `usual` is the model's own value of each rule."""
        own = [{**usual, **dict(group.policy.structure)} for group in groups]
        self._values = {name: by_column(groups, [each[name] for each in own]) for name in usual}
        self._found: dict[tuple[str, str], BoolArray] = {}

    def are(self, name: str, value: str) -> BoolArray:
        """Columns in which the rule has this named value, (columns,)."""
        if (name, value) not in self._found:
            self._found[name, value] = np.asarray(self._values[name] == value)
        return self._found[name, value]
