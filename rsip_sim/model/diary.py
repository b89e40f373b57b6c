"""What one school lives through, month by month and meeting by meeting, for its story.

A diary only reads: a run with a diary is the same run, to the bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rsip_sim.model.arrays import AnyArray, FloatArray
from rsip_sim.model.outlook import Outlook, view_of
from rsip_sim.model.world import World, cells_at


@dataclass(frozen=True)
class Meeting:
    """One meeting of the governing body, before its decisions; arrays (replications,).

    month          model month
    utility        terms of the utility of membership, by name; {} while there is no partnership
    noise          logit of the luck of the day: a member is who has utility + noise > 0
    rate           terms of the log rate at which the conversion clock advances, by name
    clock, threshold   where the clock stood, and where it must get for an application
    in_pipeline    whether an application or order was on its way, so that the clock did not count
    tied           whether a commitment held the school in
    """

    month: int
    utility: dict[str, FloatArray]
    noise: FloatArray
    rate: dict[str, FloatArray]
    clock: FloatArray
    threshold: FloatArray
    in_pipeline: AnyArray
    tied: AnyArray


@dataclass
class Diary:
    """The diary of one school in every replication of a block.

    row       of the school in the roster
    meetings  in order of month
    months    by name, one array (replications,) a month: grade, member, academy, opening_due
              (model month, or rsip_sim.model.rules.inspection.NEVER), adequacy, in_force
    """

    row: int
    meetings: list[Meeting] = field(default_factory=list)
    months: dict[str, list[AnyArray]] = field(default_factory=dict)

    def meet(self, world: World, outlook: Outlook, noise: FloatArray, founded: bool) -> None:
        """Write down what the governing body sees, before it decides."""
        columns = np.arange(world.replications)
        cells = cells_at(np.full(world.replications, self.row), columns, world.replications)
        view = view_of(cells, world.replications)
        exp_utility = outlook.exp_utility(view) if founded else None
        never = np.zeros(world.replications, dtype=np.bool_)
        self.meetings.append(
            Meeting(
                world.month,
                outlook.utility_terms(view) if founded else {},
                np.log(noise) - np.log1p(-noise),
                outlook.rate_terms(view, exp_utility),
                world.conversion_clock[self.row].copy(),
                world.conversion_threshold[self.row].copy(),
                world.converting[self.row].copy(),
                outlook.tied(view) if founded else never,
            )
        )

    def close_month(self, world: World) -> None:
        """Write down how the school stands after everybody has acted."""
        columns = np.arange(world.replications)
        cells = cells_at(np.full(world.replications, self.row), columns, world.replications)
        state = {
            "grade": world.grade[self.row],
            "member": world.member[self.row],
            "academy": world.academy[self.row],
            "opening_due": world.opening_due[self.row],
            "adequacy": world.own_adequacy(cells),
            "in_force": world.agreement.in_force,
        }
        for name, values in state.items():
            self.months.setdefault(name, []).append(values.copy())
