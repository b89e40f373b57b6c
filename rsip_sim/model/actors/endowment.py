"""The Endowment Fund: one bid, decided half a year in, paid over two years."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.draws import Purpose
from rsip_sim.model.rules.money import to_pence
from rsip_sim.model.world import World


def endowment(world: World) -> Process:
    """Decides the bid; a timeline that says `won` later is an award in that month."""
    p, state = world.parameters, world.endowment
    luck = world.draws.one(Purpose.ENDOWMENT)
    decision = p.endowment_decision_months.astype(np.int64)
    general = p.endowment_gbp * p.endowment_general_share
    for turn in world.calendar.months(Turn.RESOLUTION, first=int(decision.min())):
        yield turn
        setting = world.levers["funding.endowment"]
        certain = (setting == "won") & (world.month >= decision)
        drawn = (setting == "bid") & (world.month == decision)
        award = ~state.won & (certain | (drawn & (luck < p.endowment_success)))
        state.won |= award
        state.pence_per_year = np.where(
            award, to_pence(general * 12.0 / p.endowment_months), state.pence_per_year
        )
        until = world.month + p.endowment_months.astype(np.int64)
        state.ends = np.where(award, until, state.ends)
