"""A register of schools and learning communities by the risk that they leave the partnership."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from rsip_sim.evidence.rosters import Roster
from rsip_sim.measures.runs import (
    NOT_IN_RUN,
    BoolTable,
    FloatArray,
    SchoolSource,
    SchoolTable,
    read_schools,
)
from rsip_sim.measures.statistics import paired_differences, wilson_interval
from rsip_sim.model.world import SPONSORED
from rsip_sim.report.words import YARDSTICK
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import WHOLE, PriceRow, price

SURE = 0.9
"""A learning community that holds together less often is at risk."""

HOLDING_SHARE = 0.5
"""A learning community holds together while more than this share of its pupils is inside."""

BOUNDS = (0.0, *(bound for bound, _ in YARDSTICK))
"""Bounds of the classes of chances; a chance at a bound is of the class above it."""

Defined = bool | NDArray[np.bool_]
"""Whether a chance is defined, for all rows or for each."""


@dataclass(frozen=True)
class RiskRegister:
    """What a School Effectiveness Service would work from, most pupils at risk first.

    scenario, baseline  baseline None: no differences, since the scenario is the baseline itself
    replications  simulated futures
    by            last model month counted for leaving and becoming an academy
    schools       one row a school: columns as `_schools` says
    communities   one row a learning community: columns as `_communities` says; no row where the
                  roster has none
    """

    scenario: Scenario
    baseline: Scenario | None
    replications: int
    by: int
    schools: pd.DataFrame
    communities: pd.DataFrame

    @property
    def partnership(self) -> bool:
        """Whether there is a partnership to leave."""
        return self.scenario.policy.partnership

    @property
    def measure(self) -> str:
        """Column of the chance by which schools are told: ``leaves``, or ``academy``."""
        return "leaves" if self.partnership else "academy"

    @property
    def last_month(self) -> int:
        """Month number of the last month counted."""
        return self.scenario.policy.start + self.by


@dataclass(frozen=True)
class Risks:
    """The registers of all scenarios of a comparison, the baseline first.

    chosen  the one whose lists are told
    prices  by line and scenario, over the whole run
    """

    chosen: RiskRegister
    registers: tuple[RiskRegister, ...]
    prices: Mapping[tuple[str, str], PriceRow]

    @property
    def counts(self) -> pd.DataFrame:
        """Schools and communities by chance: one row a scenario and word of the yardstick.

        schools_leaves, schools_academy  schools with that chance to leave, to become academies
        communities_holds                communities with that chance to hold together
        """
        words = [word for _, word in YARDSTICK]
        frames = [
            pd.DataFrame(
                {
                    "scenario": each.scenario.name,
                    "likelihood": words,
                    "from": BOUNDS[:-1],
                    "below": [min(bound, 1.0) for bound in BOUNDS[1:]],
                    "schools_leaves": in_classes(each.schools["leaves"]),
                    "schools_academy": in_classes(each.schools["academy"]),
                    "communities_holds": in_classes(each.communities["holds"]),
                }
            )
            for each in self.registers
        ]
        return pd.concat(frames, ignore_index=True)


def in_classes(chances: pd.Series[float]) -> list[int]:
    """How many chances are in each class of the yardstick, the remote ones first."""
    return [
        int(chances.between(low, high, inclusive="left").sum())
        for low, high in itertools.pairwise(BOUNDS)
    ]


def risks_of(
    results: SchoolSource, scenarios: Sequence[Scenario], chosen: Scenario, by: int | None = None
) -> Risks:
    """The registers of all these scenarios, the first of which is the baseline of the others."""
    baseline, *others = scenarios
    registers = tuple(
        risk_register(results, each, None if each is baseline else baseline, by)
        for each in scenarios
    )
    prices = price(results, baseline, others)
    return Risks(
        next(each for each in registers if each.scenario is chosen),
        registers,
        {(row.line, row.scenario.name): row for row in prices if row.year == WHOLE},
    )


def risk_register(
    results: SchoolSource,
    scenario: Scenario,
    baseline: Scenario | None,
    by: int | None = None,
) -> RiskRegister:
    """The register of one scenario, from the stored table of schools alone.

    baseline  compared with in the same futures; None: not compared
    by        count what happens to the end of this month, a month number; None: to the end
    """
    last = results.months - 1 if by is None else by - scenario.policy.start
    ours = read_schools(results, scenario.name)
    theirs = None if baseline is None else read_schools(results, baseline.name)
    both = scenario.policy.partnership and (baseline or scenario).policy.partnership
    return RiskRegister(
        scenario,
        baseline,
        results.replications,
        last,
        _schools(scenario, ours, theirs, both, last),
        _communities(scenario, ours, theirs, both),
    )


def by_month(months: NDArray[np.signedinteger], last: int) -> BoolTable:
    """Whether something has happened by the end of a month; NOT_IN_RUN has not."""
    return np.asarray((months != NOT_IN_RUN) & (months <= last))


def _schools(
    scenario: Scenario, ours: SchoolTable, theirs: SchoolTable | None, both: bool, last: int
) -> pd.DataFrame:
    """One row a school; chances between 0 and 1, NaN where not defined.

    leaves                 leaves the partnership at least once by the date, or is dropped
    leaves_ci_low, …_high  binomial 95% interval;  dropped: of these, as the partnership dissolves
    pupils_at_risk         leaves × pupils, by which the list is sorted
    leaves_difference      from the baseline in the same futures, with its 95% interval
    outside_at_end         in no partnership after the last month
    academy                becomes an academy by the date; by_order: by an order
    months_short           mean months below good with too little support

    both  whether scenario and baseline have a partnership to leave
    """
    roster, founded = scenario.roster, scenario.policy.partnership
    leaves = by_month(ours.first_month_alone, last)
    opens = ours.opens & (ours.opening_month <= last)
    could = roster.legal_status == 0
    columns: dict[str, object] = {
        "urn": roster.urn,
        "school": roster.school,
        "phase": roster.detailed_phase,
        "learning_community": [roster.communities[c] if c >= 0 else "" for c in roster.community],
        "pupils": roster.pupils,
        **_chance("leaves", leaves, founded),
        "dropped": _share(leaves & ours.dropped, founded),
        "pupils_at_risk": _share(leaves, founded) * roster.pupils,
    }
    if theirs is not None:
        before = by_month(theirs.first_month_alone, last)
        columns |= _difference("leaves", leaves, before, both)
    columns |= {
        "outside_at_end": _share(~ours.inside, founded),
        **_chance("academy", opens, could),
        "by_order": _share(opens & (ours.route == SPONSORED), could),
    }
    if theirs is not None:
        before = theirs.opens & (theirs.opening_month <= last)
        columns |= _difference("academy", opens, before, could)
    columns["months_short"] = ours.months_unmet.mean(axis=1)
    frame = pd.DataFrame(columns)
    key = frame["pupils_at_risk"] if founded else frame["academy"].fillna(0) * frame["pupils"]
    return _ranked(frame, key, frame["urn"])


def per_pupil(roster: Roster, values: FloatArray | BoolTable) -> FloatArray:
    """Mean over the pupils of each learning community of what is given by school, (schools, …)."""
    pupils = _belongs(roster) * roster.pupils
    return np.asarray(((pupils @ values).T / pupils.sum(axis=1)).T)


def _belongs(roster: Roster) -> BoolTable:
    """Which schools are of which learning community: (communities, schools)."""
    return np.asarray(np.arange(len(roster.communities))[:, None] == roster.community)


def _communities(
    scenario: Scenario, ours: SchoolTable, theirs: SchoolTable | None, both: bool
) -> pd.DataFrame:
    """One row a learning community, at the end of the run; chances as in the list of schools.

    holds             more than half of its pupils are in the partnership at the end
    pupils_at_risk    (1 − holds) × pupils, by which the list is sorted
    expected_share    mean share of its pupils in the partnership at the end
    months_short      mean months that a pupil's school is below good with too little support
    """
    roster, founded = scenario.roster, scenario.policy.partnership
    belongs = _belongs(roster)
    pupils = belongs @ roster.pupils
    shares = per_pupil(roster, ours.inside)
    holds = shares > HOLDING_SHARE
    columns: dict[str, object] = {
        "learning_community": roster.communities,
        "schools": belongs.sum(axis=1),
        "pupils": pupils,
        **_chance("holds", holds, founded),
        "pupils_at_risk": (1 - _share(holds, founded)) * pupils,
    }
    if theirs is not None:
        before = per_pupil(roster, theirs.inside) > HOLDING_SHARE
        columns |= _difference("holds", holds, before, both)
    columns |= {
        "expected_share": np.where(founded, shares.mean(axis=1), np.nan),
        "months_short": per_pupil(roster, ours.months_unmet.mean(axis=1)),
    }
    frame = pd.DataFrame(columns)
    key = frame["pupils_at_risk"] if founded else frame["months_short"] * frame["pupils"]
    return _ranked(frame, key, frame.index)


def _share(happened: BoolTable, defined: Defined) -> FloatArray:
    return np.where(defined, happened.mean(axis=1), np.nan)


def _chance(name: str, happened: BoolTable, defined: Defined) -> dict[str, FloatArray]:
    """A chance and its interval, under its name."""
    share = _share(happened, defined)
    low, high = wilson_interval(share, happened.shape[1])
    return {name: share, f"{name}_ci_low": low, f"{name}_ci_high": high}


def _difference(
    name: str, ours: BoolTable, theirs: BoolTable, defined: Defined
) -> dict[str, FloatArray]:
    """Paired difference of two chances and its interval, under their names."""
    found = paired_differences(ours.astype(np.float64), theirs.astype(np.float64))
    values = {"": found.spread.mean, "_ci_low": found.ci_low, "_ci_high": found.ci_high}
    return {
        f"{name}_difference{ending}": np.where(defined, value, np.nan)
        for ending, value in values.items()
    }


def _ranked(frame: pd.DataFrame, key: ArrayLike, ties: ArrayLike) -> pd.DataFrame:
    """Largest key first, with its rank as first column."""
    order = np.lexsort((np.asarray(ties), -np.asarray(key)))
    ordered = frame.iloc[order].reset_index(drop=True)
    ordered.insert(0, "rank", np.arange(1, len(ordered) + 1))
    return ordered
