"""What the institutions hold, in every replication: agreement, budgets, support, endowment.

Arrays are (replications,) unless said otherwise; money is in whole pence a year.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rsip_sim.model.arrays import BoolArray, FloatArray, IntArray
from rsip_sim.model.rules.inspection import NEVER

LONG_AGO = -10_000


@dataclass
class AgreementState:
    """The agreement between council and partnership, and how the partnership stands."""

    alive: BoolArray  # the partnership exists
    dissolved: BoolArray
    in_force: BoolArray
    start: IntArray  # model month the agreement in force began
    end: IntArray  # model month it ends
    next_start: IntArray  # a new agreement signed but not begun; NEVER if none
    next_months: IntArray
    ever: BoolArray  # there has been an agreement
    lapsed: BoolArray  # the last one ended without renewal
    lapsed_month: IntArray
    line_kept: BoolArray  # the Forum has not given the earmark back to schools
    confidence: FloatArray
    under_quorum: BoolArray  # at the last review

    @classmethod
    def at_start(cls, size: int, alive: bool, confidence: FloatArray) -> AgreementState:
        """Before the founding."""
        no = np.zeros(size, dtype=np.bool_)
        zero = np.zeros(size, dtype=np.int64)
        return cls(
            alive=np.full(size, alive),
            dissolved=no.copy(),
            in_force=no.copy(),
            start=zero.copy(),
            end=zero.copy(),
            next_start=np.full(size, NEVER),
            next_months=zero.copy(),
            ever=no.copy(),
            lapsed=no.copy(),
            lapsed_month=np.full(size, LONG_AGO),
            line_kept=np.ones(size, dtype=np.bool_),
            confidence=confidence.copy(),
            under_quorum=no.copy(),
        )


@dataclass
class BudgetState:
    """This financial year's budget."""

    cut_index: float  # what the yearly cuts have left of the envelope
    promised: int  # the scenario's earmark, pence a year
    envelope: IntArray
    earmark: IntArray
    ses: IntArray
    overspend: IntArray
    pressure: FloatArray
    traded: IntArray  # income from lead-school days sold last year
    fund_was_positive: BoolArray
    fund_was_zero: BoolArray  # at the last budget
    deficits: IntArray  # pence in all, left with the council by sponsored schools

    @classmethod
    def at_start(cls, size: int) -> BudgetState:
        """Before the first budget."""
        zero = np.zeros(size, dtype=np.int64)
        return cls(
            cut_index=1.0,
            promised=0,
            envelope=zero.copy(),
            earmark=zero.copy(),
            ses=zero.copy(),
            overspend=zero.copy(),
            pressure=np.zeros(size),
            traded=zero.copy(),
            fund_was_positive=np.zeros(size, dtype=np.bool_),
            fund_was_zero=np.zeros(size, dtype=np.bool_),
            deficits=zero.copy(),
        )


@dataclass
class SupportState:
    """Who is served how well; grade axis 4, legal axis 2, relation axis 2 (alone, member)."""

    ses: FloatArray  # share of need the SES serves, (4, replications)
    inside: FloatArray  # adequacy inside the partnership, (4, 2, replications)
    own: FloatArray  # adequacy as it is, (4, 2, 2, replications)
    history: list[FloatArray]  # `inside` of the last four months, latest last
    lead_share: FloatArray  # share of good members that offer days
    spare_lead_days: FloatArray  # unused since April
    need_days: FloatArray
    served_days: FloatArray
    external_days: FloatArray

    @classmethod
    def at_start(cls, size: int, lead_share: FloatArray) -> SupportState:
        """Before the first allocation."""
        return cls(
            ses=np.zeros((4, size)),
            inside=np.zeros((4, 2, size)),
            own=np.zeros((4, 2, 2, size)),
            history=[],
            lead_share=lead_share.copy(),
            spare_lead_days=np.zeros(size),
            need_days=np.zeros(size),
            served_days=np.zeros(size),
            external_days=np.zeros(size),
        )

    def last_term(self) -> FloatArray:
        """Adequacy inside, mean of the last four months, (4, 2, replications)."""
        first, second, third, fourth = self.history
        return np.asarray((first + second + third + fourth) / 4.0)


@dataclass
class EndowmentState:
    """The Endowment Fund bid."""

    pence_per_year: IntArray
    ends: IntArray  # model month from which nothing more is paid
    won: BoolArray

    @classmethod
    def at_start(cls, size: int) -> EndowmentState:
        """Before the decision."""
        zero = np.zeros(size, dtype=np.int64)
        return cls(zero.copy(), zero.copy(), np.zeros(size, dtype=np.bool_))
