"""What the institutions hold, in every replication: agreement, budget, support, endowment.

Arrays are (replications,) unless said otherwise; money is in whole pence a year.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from rsip_sim.model.arrays import BoolArray, FloatArray, IntArray

LONG_AGO = -10_000
_TYPES = {"BoolArray": np.bool_, "IntArray": np.int64, "FloatArray": np.float64}


class _Room:
    """What one institution holds."""

    @classmethod
    def at_start(cls, size: int, **begins: Any) -> Self:
        """Every array at nought or False, (size,), but for those with which it begins."""
        noughts: dict[str, Any] = {
            each.name: np.zeros(size, dtype=_TYPES[str(each.type)])
            for each in fields(cls)  # type: ignore[arg-type]
            if each.type in _TYPES
        }
        return cls(**(noughts | begins))


@dataclass
class AgreementState(_Room):
    """The agreement between council and partnership, and how the partnership stands."""

    alive: BoolArray  # the partnership exists
    ended: BoolArray
    in_force: BoolArray
    start: IntArray  # model month the agreement in force began
    end: IntArray  # model month it ends
    next_start: IntArray  # a new agreement signed but not begun; NEVER if none
    next_months: IntArray
    offered: BoolArray  # the council offers one this January, if the Forum keeps the line
    lapsed: BoolArray  # the last one ended and none has followed
    line_kept: BoolArray  # the Forum has not refused the partnership's line
    confidence: FloatArray
    under_quorum: BoolArray  # at the last review
    rebound_from: IntArray  # month since which conversion has been quickened; NEVER if not yet


@dataclass
class BudgetState(_Room):
    """This financial year's budget: the line, which is grant, and the service, which is not.

    The line is either pooled or delegated; what the council pays for a line that the Forum has
    refused is the guarantee.
    """

    cut_index: FloatArray  # what the yearly cuts have left of the service
    line: IntArray  # the earmark as it may be this year
    line_cap: IntArray  # what it may not exceed from April 2013
    pupils_dedelegated: IntArray  # maintained pupils when de-delegation began; −1 while it has not
    pooled: IntArray  # what the partnership gets of the line
    to_all: IntArray  # what all schools get of it
    to_academies: IntArray  # the academies' share of a de-delegated line
    guarantee: IntArray
    path: IntArray  # the council's money for the service
    core: IntArray  # of it for statutory work, which gives schools no days
    ses: IntArray
    overspend: IntArray
    had_money: BoolArray  # line pooled or guaranteed in an earlier budget
    fund_was_short: BoolArray  # at the last budget
    deficits: IntArray  # pence in all, left with the council by sponsored schools

    def stop(self, where: BoolArray) -> None:
        """The partnership ends: the line goes to schools, and the guarantee to the service."""
        for money in (self.pooled, self.to_academies, self.guarantee, self.overspend):
            money[where] = 0
        self.to_all = np.where(where, self.line, self.to_all)
        self.ses = np.where(where, self.path, self.ses)


HISTORY = 4  # months of a term


@dataclass
class SupportState(_Room):
    """Who is served how well; grade axis 4, legal axis 2, relation axis 2 (alone, member).

    What schools judge is what the institutions give; what they receive includes what they buy.
    """

    ses: FloatArray  # share of maintained schools' need the SES serves, (4, replications)
    inside: FloatArray  # given inside the partnership by the institutions, (4, 2, replications)
    received: FloatArray  # share of need met, whoever meets it, (4, 2, 2, replications)
    history: list[FloatArray]  # `inside` of the last four months, latest last
    lead_share: FloatArray  # share of good members that offer days
    sold: IntArray  # income of days sold beyond the borough this month, pence a year
    need_days: FloatArray
    served_days: FloatArray
    bought_days: FloatArray  # by schools themselves
    commissioned_days: FloatArray  # by the partnership, from outside providers

    def last_term(self) -> FloatArray:
        """What the institutions give inside, mean of the last four months, (4, 2, replications)."""
        first, second, third, fourth = self.history
        return np.asarray((first + second + third + fourth) / HISTORY)


@dataclass
class EndowmentState(_Room):
    """The Endowment Fund bid."""

    pence_per_year: IntArray
    ends: IntArray  # model month from which nothing more is paid
    won: BoolArray
