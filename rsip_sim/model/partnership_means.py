"""What several institutions read of the partnership's money and support."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.rules.money import to_pence
from rsip_sim.model.world import World


def fund_pence(world: World) -> IntArray:
    """The partnership fund, this month's annual rate in pence; 0 without a partnership."""
    price = int(to_pence(world.levers.funding.subscription_gbp_per_pupil))
    endowment = np.where(world.month < world.endowment.ends, world.endowment.pence_per_year, 0)
    total = world.budget.earmark + price * world.member_pupils() + endowment + world.budget.traded
    return np.where(world.agreement.alive, total, 0)


def members_adequacy(world: World, adequacy: FloatArray) -> FloatArray:
    """Mean over the schools in the partnership of adequacy by (grade, legal, replications)."""
    members = world.stocks.schools_served_alike()[:, :, 1]
    total = np.zeros(world.replications)
    for grade in range(4):
        for legal in range(2):
            total = total + members[grade, legal] * adequacy[grade, legal]
    return np.asarray(total / np.maximum(world.member_schools(), 1))
