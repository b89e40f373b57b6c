"""What several institutions read of the partnership's money and support."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import FloatArray, IntArray
from rsip_sim.model.rules.money import to_pence
from rsip_sim.model.world import World


def subscriptions_pence(world: World) -> IntArray:
    """What members pay, this month's annual rate in pence."""
    price = to_pence(world.levers["funding.subscription_gbp_per_pupil"])
    return np.asarray(np.where(world.agreement.alive, price * world.member_pupils, 0))


def endowment_pence(world: World) -> IntArray:
    """What the Endowment Fund pays the partnership, this month's annual rate in pence."""
    paid = world.agreement.alive & (world.month < world.endowment.ends)
    return np.where(paid, world.endowment.pence_per_year, 0)


def fund_pence(world: World) -> IntArray:
    """The partnership fund, this month's annual rate in pence; 0 without a partnership."""
    budget = world.budget
    own = subscriptions_pence(world) + endowment_pence(world) + world.support.sold
    return np.where(world.agreement.alive, budget.pooled + budget.guarantee + own, 0)


def members_adequacy(world: World, adequacy: FloatArray) -> FloatArray:
    """Mean over the schools in the partnership of adequacy by (grade, legal, replications)."""
    members = world.stocks.schools.sum(axis=0)[:, :, 1]
    total = np.zeros(world.replications)
    for grade in range(4):
        for legal in range(2):
            total = total + members[grade, legal] * adequacy[grade, legal]
    return np.asarray(total / np.maximum(world.member_schools, 1))
