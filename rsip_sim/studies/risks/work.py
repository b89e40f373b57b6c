"""A register of schools and learning communities by the risk that they leave the partnership."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from rsip_sim.evidence.faults import Fault
from rsip_sim.evidence.months import month_of_year, month_text
from rsip_sim.evidence.rosters import Roster
from rsip_sim.measures.runs import FloatArray
from rsip_sim.measures.school_table import (
    NOT_IN_RUN,
    BoolTable,
    SchoolSource,
    SchoolTable,
    read_schools,
)
from rsip_sim.measures.statistics import FEWEST_TO_COMPARE, paired_differences, wilson_interval
from rsip_sim.report.words import YARDSTICK
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.price import WHOLE, PriceRow, price

APRIL = 4
SURE = 0.9
"""A learning community that holds together less often is at risk."""

HOLDING_SHARE = 0.5
"""A learning community holds together while more than this share of its pupils is inside."""


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
    def compared(self) -> bool:
        """Whether leaving can be compared with the baseline: both have a partnership."""
        return self.partnership and self.baseline is not None and (
            self.baseline.policy.partnership
        )  # fmt: skip

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
        rows = []
        for each in self.registers:
            found = {f"schools_{name}": each.schools[name] for name in ("leaves", "academy")}
            found["communities_holds"] = each.communities["holds"]
            least = 0.0
            for bound, words in YARDSTICK:
                counts = {
                    name: int(chance.between(least, bound, inclusive="left").sum())
                    for name, chance in found.items()
                }
                rows.append({"scenario": each.scenario.name, "likelihood": words, "from": least,
                             "below": min(bound, 1.0), **counts})  # fmt: skip
                least = bound
        return pd.DataFrame(rows)


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
    theirs = read_schools(results, baseline.name) if baseline is not None else None
    leaving = theirs if baseline is not None and baseline.policy.partnership else None
    if not scenario.policy.partnership:
        leaving = None
    return RiskRegister(
        scenario,
        baseline,
        results.replications,
        last,
        _schools(scenario, ours, theirs, leaving, last),
        _communities(scenario, ours, leaving),
    )


def month_fault(results: SchoolSource, scenario: Scenario, by: int) -> Fault | None:
    """The fault of a month number outside the run."""
    start = scenario.policy.start
    if 0 <= by - start < results.months:
        return None
    allowed = f"from {month_text(start)} to {month_text(start + results.months - 1)}"
    message = f"{month_text(by)} is outside the months simulated"
    return Fault("", 0, 0, "", message, allowed)


def by_month(months: NDArray[np.signedinteger], last: int) -> BoolTable:
    """Whether something has happened by the end of a month; NOT_IN_RUN has not."""
    return np.asarray((months != NOT_IN_RUN) & (months <= last))


def half_by(months: NDArray[np.signedinteger], happened: BoolTable) -> list[int]:
    """For each row the month by which half of what happened has; NOT_IN_RUN below ten futures."""
    found = []
    for row, mask in zip(months, happened, strict=True):
        when = np.sort(row[mask])
        found.append(
            int(when[(len(when) - 1) // 2]) if len(when) >= FEWEST_TO_COMPARE else NOT_IN_RUN
        )
    return found


def _schools(
    scenario: Scenario,
    ours: SchoolTable,
    theirs: SchoolTable | None,
    leaving: SchoolTable | None,
    last: int,
) -> pd.DataFrame:
    """One row a school; chances between 0 and 1, NaN where not defined.

    leaves                 leaves the partnership at least once by the date, or is dropped
    leaves_ci_low, …_high  binomial 95% interval;  dropped: of these, as the partnership dissolves
    pupils_at_risk         leaves × pupils, by which the list is sorted
    leaves_difference      from the baseline in the same futures, with its 95% interval
    half_by                month by which half of the futures in which it leaves have it leave
    leaves_by_YYYY_MM      before the first of that April
    outside_at_end         in no partnership after the last month
    academy                becomes an academy by the date; by_order: by an order
    academy_and_leaves     and leaves the partnership as it opens or later
    months_short           mean months below good with too little support;  short_ever: any at all
    """
    roster, start = scenario.roster, scenario.policy.start
    founded = scenario.policy.partnership
    leaves = by_month(ours.first_month_alone, last)
    opens = ours.opens & (ours.opening_month <= last)
    follows = opens & leaves & (ours.first_month_alone >= ours.opening_month)
    could = roster.legal_status == 0
    columns: dict[str, object] = {
        "urn": roster.urn,
        "school": roster.school,
        "phase": roster.detailed_phase,
        "learning_community": _community_names(roster),
        "pupils": roster.pupils,
        **_chance("leaves", leaves, founded),
        "dropped": _share(leaves & ours.dropped, founded),
        "pupils_at_risk": _share(leaves, founded) * roster.pupils,
    }
    if theirs is not None:
        before = by_month(leaving.first_month_alone, last) if leaving is not None else None
        columns |= _difference("leaves", leaves, before)
    columns["half_by"] = [
        month_text(start + month) if month != NOT_IN_RUN and founded else ""
        for month in half_by(ours.first_month_alone, leaves)
    ]
    for april in _aprils(start, ours.months):
        name = f"leaves_by_{month_text(start + april).replace('-', '_')}"
        columns[name] = _share(by_month(ours.first_month_alone, april - 1), founded)
    columns |= {
        "outside_at_end": _share(~ours.inside, founded),
        **_chance("academy", opens, could),
        "by_order": _share(opens & (ours.route == 2), could),
    }
    if theirs is not None:
        before = theirs.opens & (theirs.opening_month <= last)
        found = _difference("academy", opens, before)
        columns |= {name: np.where(could, values, np.nan) for name, values in found.items()}
    columns |= {
        **_chance("academy_and_leaves", follows, could & founded),
        "months_short": ours.months_unmet.mean(axis=1),
        **_chance("short_ever", ours.months_unmet > 0, True),
    }
    frame = pd.DataFrame(columns)
    key = frame["pupils_at_risk"] if founded else frame["academy"].fillna(0) * frame["pupils"]
    return _ranked(frame, key.to_numpy(), frame["urn"].to_numpy())


def community_shares(roster: Roster, inside: BoolTable) -> FloatArray:
    """Pupil share of each learning community that is inside: (communities, replications)."""
    count = len(roster.communities)
    members = np.zeros((count, inside.shape[1]))
    rows = np.flatnonzero(roster.community >= 0)
    np.add.at(members, roster.community[rows], inside[rows] * roster.pupils[rows, None])
    return np.asarray(members / _pupils_of(roster)[:, None])


def holds_together(shares: FloatArray) -> BoolTable:
    """Whether communities hold together: more than half of the pupils in the partnership."""
    return np.asarray(shares > HOLDING_SHARE)


def _pupils_of(roster: Roster) -> NDArray[np.int64]:
    pupils = np.zeros(len(roster.communities), dtype=np.int64)
    rows = np.flatnonzero(roster.community >= 0)
    np.add.at(pupils, roster.community[rows], roster.pupils[rows])
    return pupils


def _communities(scenario: Scenario, ours: SchoolTable, theirs: SchoolTable | None) -> pd.DataFrame:
    """One row a learning community, at the end of the run; chances as in the list of schools.

    holds             more than half of its pupils are in the partnership at the end
    pupils_at_risk    (1 − holds) × pupils, by which the list is sorted
    expected_share    mean share of its pupils in the partnership at the end
    months_short      mean months that a pupil's school is below good with too little support
    schools_short     mean number of its schools that are so in any month
    """
    roster, founded = scenario.roster, scenario.policy.partnership
    count, pupils = len(roster.communities), _pupils_of(roster)
    shares = community_shares(roster, ours.inside)
    holds = holds_together(shares)
    rows = np.flatnonzero(roster.community >= 0)
    at = roster.community[rows]
    short, ever = np.zeros(count), np.zeros(count)
    np.add.at(short, at, ours.months_unmet.mean(axis=1)[rows] * roster.pupils[rows])
    np.add.at(ever, at, (ours.months_unmet > 0).mean(axis=1)[rows])
    columns: dict[str, object] = {
        "learning_community": roster.communities,
        "schools": np.bincount(at, minlength=count),
        "pupils": pupils,
        **_chance("holds", holds, founded),
        "pupils_at_risk": (1 - _share(holds, founded)) * pupils,
    }
    if theirs is not None:
        columns |= _difference(
            "holds", holds, holds_together(community_shares(roster, theirs.inside))
        )
    columns |= {
        "expected_share": np.where(founded, shares.mean(axis=1), np.nan),
        "months_short": short / pupils,
        "schools_short": ever,
    }
    frame = pd.DataFrame(columns)
    key = frame["pupils_at_risk"] if founded else frame["months_short"] * frame["pupils"]
    return _ranked(frame, key.to_numpy(), np.arange(count))


def _community_names(roster: Roster) -> list[str]:
    return [roster.communities[c] if c >= 0 else "" for c in roster.community]


def _aprils(start: int, months: int) -> list[int]:
    """Model months of the Aprils after the start, the one after the last month included."""
    return [m for m in range(1, months + 1) if month_of_year(start + m) == APRIL]


def _share(happened: BoolTable, defined: bool | NDArray[np.bool_]) -> FloatArray:
    return np.where(defined, happened.mean(axis=1), np.nan)


def _chance(
    name: str, happened: BoolTable, defined: bool | NDArray[np.bool_]
) -> dict[str, FloatArray]:
    """A chance and its interval, under its name."""
    share = _share(happened, defined)
    low, high = wilson_interval(share, happened.shape[1])
    return {name: share, f"{name}_ci_low": low, f"{name}_ci_high": high}


def _difference(name: str, ours: BoolTable, theirs: BoolTable | None) -> dict[str, FloatArray]:
    """Paired difference of two chances; NaN where the baseline has none."""
    columns = (f"{name}_difference", f"{name}_difference_ci_low", f"{name}_difference_ci_high")
    if theirs is None:
        return {column: np.full(len(ours), np.nan) for column in columns}
    found = paired_differences(ours.astype(np.float64), theirs.astype(np.float64))
    values = (found.spread.mean, found.ci_low, found.ci_high)
    return dict(zip(columns, values, strict=True))


def _ranked(frame: pd.DataFrame, key: FloatArray, ties: NDArray[np.int64]) -> pd.DataFrame:
    """Largest key first, with its rank as first column."""
    ordered = frame.iloc[np.lexsort((ties, -key))].reset_index(drop=True)
    ordered.insert(0, "rank", np.arange(1, len(ordered) + 1))
    return ordered
