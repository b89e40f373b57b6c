"""What the analysis needs of a run, and nothing more: the results of a run fit, and so do fakes.

Panels are read column by column; the stored table of schools says what became of every school in
every future.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from rsip_sim.model.panel import SCHOOL_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]


class PanelSource(Protocol):
    """Monthly panels of several scenarios, simulated on the same futures."""

    @property
    def replications(self) -> int:
        """Number of simulated futures, the same in every scenario."""

    def blocks(self, scenario: str, columns: Sequence[str]) -> Iterator[dict[str, NDArray[Any]]]:
        """Some panel columns of each block of futures in turn, of shape (months, replications)."""


class SeededRun(PanelSource, Protocol):
    """A run whose futures drew their parameters and their luck from a known seed."""

    seed: int


class ComparisonError(ValueError):
    """The scenarios cannot be compared; the message says why, in words for a planner."""


NOT_IN_RUN = -1
"""Of a month in the table: it never happened."""

IntTable = NDArray[np.signedinteger]
BoolTable = NDArray[np.bool_]


class SchoolSource(PanelSource, Protocol):
    """What holds tables of schools too: the results of a run, or fakes."""

    @property
    def months(self) -> int:
        """Months simulated."""

    def schools(self, scenario: str, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns, one row a replication and school, schools in the order of the roster."""


@dataclass(frozen=True)
class SchoolTable:
    """Arrays (schools, replications); the columns of rsip_sim.model.panel.SCHOOL_COLUMNS.

    dissolved  month in which the partnership dissolved, (replications,), NOT_IN_RUN if it did not
    months     simulated
    """

    opening_month: IntTable
    route: IntTable
    trust: IntTable
    first_month_alone: IntTable
    member_at_end: IntTable
    months_unmet: IntTable
    dissolved: NDArray[np.int64]
    months: int

    @property
    def leaves(self) -> BoolTable:
        """Left the partnership at least once, or was dropped when it dissolved."""
        return np.asarray(self.first_month_alone != NOT_IN_RUN)

    @property
    def dropped(self) -> BoolTable:
        """Was in the partnership until it dissolved, or left in the same month."""
        ended = self.dissolved != NOT_IN_RUN
        return np.asarray(ended & (self.first_month_alone == self.dissolved))

    @property
    def opens(self) -> BoolTable:
        """Became an academy since the start."""
        return np.asarray(self.opening_month >= 0)

    @property
    def inside(self) -> BoolTable:
        """In the partnership at the end."""
        return np.asarray(self.member_at_end == 1)

    def of(self, row: int) -> SchoolTable:
        """One school's rows alone: arrays (replications,)."""
        columns = {name: getattr(self, name)[row].astype(np.int64) for name in SCHOOL_COLUMNS}
        return SchoolTable(**columns, dissolved=self.dissolved, months=self.months)


def read_schools(results: SchoolSource, scenario: str) -> SchoolTable:
    """The table of one scenario that was run."""
    frame = results.schools(scenario, tuple(SCHOOL_COLUMNS))
    columns = {
        name: np.ascontiguousarray(frame[name].to_numpy().reshape(results.replications, -1).T)
        for name in SCHOOL_COLUMNS
    }
    first = []
    for block in results.blocks(scenario, ("partnership_ended",)):
        dissolved = block["partnership_ended"] > 0
        first.append(np.where(dissolved.any(axis=0), dissolved.argmax(axis=0), NOT_IN_RUN))
    return SchoolTable(**columns, dissolved=np.concatenate(first), months=results.months)
