"""Which way an outcome must move when a lever moves, as the model's own rules say.

The directions stand in the rows of `rsip_sim.scenario.levers`: only those that follow from the
rules whatever the other levers are; the model is free to surprise everywhere else. Each is held to
the mean over the months from which the change holds, so that one odd month decides nothing.
"""

from __future__ import annotations

import math
from typing import Any

from rsip_sim.model.policy import Policy
from rsip_sim.model.rules.money import service_money_gbp
from rsip_sim.scenario.levers import CLIMATE, LEVERS, SERVICE_MONEY, Direction
from rsip_sim.scenario.schema import MONTH_FIELDS
from rsip_sim.scenario.settings import Override


def stated(change: Override, policy: Policy) -> list[tuple[Direction, int]]:
    """The directions stated for an override, each with the sign in which its metric must move.

    None where old and new cannot be ranked, such as two climates that cross.
    """
    row, rise = LEVERS.get(change.path), rise_of(change, policy)
    if row is None or not rise:
        return []
    return [
        (direction, rise * direction.sign)
        for direction in row.directions
        if direction.applies(change.old.value, change.new.value)
    ]


def rise_of(change: Override, policy: Policy) -> int:
    """1 where the override raises the lever, −1 where it lowers it, 0 where neither is certain."""
    if change.path == CLIMATE:
        return _climate_rise(change)
    if change.path == SERVICE_MONEY:
        return _service_money_rise(change, policy)
    old, new = (_rank(change.path, each) for each in (change.old.value, change.new.value))
    return 0 if old is None or new is None else int(new > old) - int(new < old)


def _rank(path: str, value: Any) -> float | None:
    if path in MONTH_FIELDS:
        return math.inf if value is None else float(value)  # never is later than any month
    if path in LEVERS and value in LEVERS[path].rising:
        return LEVERS[path].rising.index(value)
    return float(value) if isinstance(value, bool | int | float) else None


def _climate_rise(change: Override) -> int:
    """Flat and surge are ranked, and two tables of which one is nowhere below the other."""
    old, new = change.old.value, change.new.value
    order = LEVERS[CLIMATE].rising
    if old.conversion in order and new.conversion in order:
        return order.index(new.conversion) - order.index(old.conversion)
    if not old.conversion == new.conversion == "table":
        return 0
    before, after = dict(old.opening_pct_per_month), dict(new.opening_pct_per_month)
    if any(len(before[phase]) != len(after[phase]) for phase in before):
        return 0  # the shorter of the two goes on with its last year
    steps = [
        (y > x) - (y < x)
        for phase in before
        for x, y in zip(before[phase], after[phase], strict=True)
    ]
    falls, rises = min(steps) < 0, max(steps) > 0
    return int(rises) - int(falls)


def _service_money_rise(change: Override, policy: Policy) -> int:
    """Against what was observed, only a sum above or below all that it was can be ranked."""
    months = range(policy.start, policy.start + policy.horizon_months)
    observed = [service_money_gbp(each, phase) for each in months for phase in (False, True)]
    span = (min(observed), max(observed))
    low_high = [
        span if value == "observed" else (value, value)
        for value in (change.old.value, change.new.value)
    ]
    (old_low, old_high), (new_low, new_high) = low_high
    return int(new_low > old_high) - int(new_high < old_low)
