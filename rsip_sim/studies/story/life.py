"""One school's life in one future of one scenario, simulated again with a diary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from rsip_sim.experiment.errors import StoreError
from rsip_sim.measures.runs import SchoolTable
from rsip_sim.model import diary as written
from rsip_sim.model.diary import Diary
from rsip_sim.model.panel import SCHOOL_COLUMNS
from rsip_sim.model.rules.conversion import clock_increment
from rsip_sim.model.simulation import BlockOutcome, simulate_block
from rsip_sim.scenario import Scenario

MonthArray = NDArray[np.float64]


@dataclass(frozen=True)
class Meeting:
    """One meeting of the governing body, before its decisions; see rsip_sim.model.diary.Meeting.

    step  what the meeting adds to the conversion clock; the founding round has no clock
    """

    month: int
    utility: Mapping[str, float]
    noise: float
    seen: Mapping[str, float]
    in_pipeline: bool = False
    rate: Mapping[str, float] = field(default_factory=dict)
    clock: float = 0.0
    threshold: float = np.inf
    step: float = 0.0

    @property
    def total(self) -> float:
        """Utility of membership without the luck of the day."""
        return float(sum(self.utility.values()))

    @property
    def reached(self) -> float:
        """How far the clock has come with this meeting, as a share of the way."""
        return (self.clock + self.step) / self.threshold

    @property
    def arrives(self) -> bool:
        """Whether the clock reaches its threshold at this meeting."""
        return self.clock + self.step >= self.threshold and not self.in_pipeline


@dataclass(frozen=True)
class Life:
    """A school's life in one future of one scenario.

    row       of the school in the roster
    founding  utility terms and luck of the founding round; then what it came to
    meetings  of the governing body, by month, in order
    months    by name, (months,): as rsip_sim.model.diary.Diary, after everybody has acted
    panel     monthly panel of this future, by column, (months,)
    """

    scenario: Scenario
    row: int
    founding: Meeting
    joined_at_founding: bool
    meetings: Mapping[int, Meeting]
    months: Mapping[str, NDArray[np.int64] | MonthArray]
    panel: Mapping[str, MonthArray]

    @property
    def start(self) -> int:
        """Month number of model month 0."""
        return self.scenario.policy.start

    @property
    def horizon(self) -> int:
        """Months simulated."""
        return self.scenario.policy.horizon_months

    def member_before(self, month: int) -> bool:
        """Whether it is a member before a month's events, after the founding."""
        return bool(self.months["member"][month - 1]) if month else self.joined_at_founding

    def dissolves(self, month: int) -> bool:
        """Whether the partnership dissolves in a month."""
        dissolved = self.panel["partnership_ended"]
        return bool(dissolved[month]) and not (month > 0 and dissolved[month - 1])

    def applies_itself(self, month: int) -> bool:
        """Whether the school's own clock arrives at its meeting of this month."""
        if month:
            academy = bool(self.months["academy"][month - 1])
        else:
            academy = bool(self.scenario.roster.legal_status[self.row] == 1)
        return month in self.meetings and self.meetings[month].arrives and not academy


def relive(scenario: Scenario, seed: int, replication: int, row: int, stored: SchoolTable) -> Life:
    """Simulate one future again with a diary of one school.

    stored  the table of the run, which the future simulated again must give again: StoreError
    """
    diary = Diary(row)
    outcome = simulate_block(
        scenario.policy, scenario.roster, seed, np.array([replication]), diary=diary
    )
    _check(outcome, stored, scenario, replication)
    founding = diary.founding
    assert founding is not None  # every simulation begins with it
    return Life(
        scenario,
        row,
        Meeting(
            0,
            _first(founding.utility),
            float(founding.noise[0]),
            _first(founding.seen),
            bool(founding.in_pipeline[0]),
        ),
        bool(founding.member[0]),
        {each.month: _meeting(each) for each in diary.meetings},
        {name: np.array([values[0] for values in m]) for name, m in diary.months.items()},
        {name: values[:, 0] for name, values in outcome.panel.items()},
    )


def _first(terms: Mapping[str, NDArray[np.generic]]) -> dict[str, float]:
    return {name: float(values[0]) for name, values in terms.items()}


def _meeting(each: written.Meeting) -> Meeting:
    rate = _first(each.rate)
    return Meeting(
        each.month,
        _first(each.utility),
        float(each.noise[0]),
        _first(each.seen),
        bool(each.in_pipeline[0]),
        rate,
        float(each.clock[0]),
        float(each.threshold[0]),
        float(clock_increment(np.array(sum(rate.values())))),
    )


def _check(
    outcome: BlockOutcome, stored: SchoolTable, scenario: Scenario, replication: int
) -> None:
    """The future simulated again must be the stored one, for every school."""
    for name in SCHOOL_COLUMNS:
        if not np.array_equal(outcome.schools[name][:, 0], getattr(stored, name)[:, replication]):
            raise StoreError(
                f"future {replication} of {scenario.name}, simulated again, differs from the one "
                f"that is stored ({name}); the run was changed or made on another machine: "
                "compare the scenarios again in a new folder first"
            )
