"""Which way an outcome must move when a lever moves, as the model's own rules say.

Only directions that follow from the rules whatever the other levers are stand here; the model is
free to surprise everywhere else. Each is held to the mean over the months from which the change
holds, so that one odd month decides nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rsip_sim.analysis.guard_overrides import CLIMATE, DELEGATION, Override
from rsip_sim.model.policy import Policy
from rsip_sim.model.rules.money import service_money_gbp

FREE_SUBSCRIPTION = 1.0  # pounds a pupil: so little keeps nobody away
_RANKS: dict[str, dict[Any, float]] = {
    "agreement.renewal": {"uncertain": 0, "certain": 1},
    "funding.endowment": {"none": 0, "bid": 1, "won": 2},
}
_SERVICE_MONEY = "funding.service_money"


@dataclass(frozen=True)
class Direction:
    """What a rise of a lever does to one metric.

    sign     1 where the metric rises with the lever, −1 where it falls
    because  the reason, to stand after "because"
    applies  whether the direction is claimed for this change in this policy
    """

    path: str
    metric: str
    sign: int
    because: str
    applies: Callable[[Override], bool] = lambda _: True


def _deters(change: Override) -> bool:
    return bool(max(change.old.value, change.new.value) > FREE_SUBSCRIPTION)


def _promises(change: Override) -> bool:
    return bool(min(change.old.value, change.new.value) > 0)


_LENGTH, _EARMARK = "agreement.length_months", "funding.earmark_gbp_per_year"
_SERVICE, _CUT = "funding.ses_gbp_per_year", "funding.council_cut_pct_per_year"
_MEMBERSHIP = "agreement.academies_may_join"
_TIE, _RENEWAL = "agreement.school_commitment_months", "agreement.renewal"

DIRECTIONS: tuple[Direction, ...] = (
    Direction(_LENGTH, "cover_months", 1, "a longer agreement has longer to run"),
    Direction(_LENGTH, "lapsed", -1, "it comes up for renewal less often", _promises),
    Direction("agreement.renewal_months", "cover_months", 1, "a renewed agreement runs longer"),
    Direction(_RENEWAL, "cover_months", 1, "no agreement is left to end"),
    Direction(_RENEWAL, "lapsed", -1, "no agreement is left to end"),
    Direction(_TIE, "exits_voluntary", -1, "a school that is tied may not leave"),
    Direction("agreement.quorum", "breakdown", 1, "a higher quorum is missed sooner"),
    Direction(_MEMBERSHIP, "associates", 1, "academies are let in"),
    Direction(_MEMBERSHIP, "members", 1, "academies are let in"),
    Direction(_MEMBERSHIP, "conversions", 1, "becoming an academy no longer costs membership"),
    Direction(
        "agreement.governance_settled_months", "confidence", -1,
        "confidence is capped until governance is settled",
    ),
    Direction("funding.dsg_gbp_per_pupil", "recouped_cumulative", 1, "each pupil carries more"),
    Direction(_EARMARK, "fund", 1, "the earmark is most of the fund"),
    Direction(_EARMARK, "unmet_days", -1, "the fund buys support"),
    Direction(
        "funding.subscription_gbp_per_pupil", "members", -1, "the price keeps schools away",
        _deters,
    ),
    Direction(_SERVICE, "ses", 1, "its budget is larger from the start"),
    Direction(_SERVICE, "unmet_days", -1, "the service has more advisers"),
    Direction(_CUT, "ses", -1, "the service takes the cut"),
    Direction(_CUT, "unmet_days", 1, "the service has fewer advisers"),
    Direction(_SERVICE_MONEY, "conversions", 1, "a school gains more by converting"),
    Direction("funding.endowment", "fund", 1, "the endowment is paid into the fund"),
    Direction("funding.endowment", "unmet_days", -1, "the fund buys support"),
    Direction("support.sold_beyond_share", "fund", 1, "days are sold beyond the borough"),
    Direction(DELEGATION, "fund", 1, "the earmark stays in the fund longer"),
    Direction(CLIMATE, "conversions", 1, "schools convert faster in the country"),
    Direction(CLIMATE, "erosion", 1, "schools convert faster in the country"),
    Direction("external.market_quality", "members", -1, "support can be had elsewhere"),
    Direction(
        "external.chain_approaches_per_year", "schools_in_chains", 1, "chains ask more schools"
    ),
    Direction(
        "external.chain_approaches_per_year", "conversions", 1, "chains ask schools to convert"
    ),
    Direction("partnership", "unmet_days", -1, "the fund buys support"),
    Direction("partnership", "connectedness", 1, "its members are tied to one another"),
    Direction(
        "cohesion.associate_weight", "participation", 1, "academies in it count for more"
    ),
)  # fmt: skip


def stated(change: Override, policy: Policy) -> list[tuple[Direction, int]]:
    """The directions stated for an override, each with the sign in which its metric must move.

    None where old and new cannot be ranked, such as two climates that cross.
    """
    rise = _rise(change, policy)
    return [
        (direction, rise * direction.sign)
        for direction in DIRECTIONS
        if rise and direction.path == change.path and direction.applies(change)
    ]


def _rise(change: Override, policy: Policy) -> int:
    """1 where the override raises the lever, −1 where it lowers it, 0 where neither is certain."""
    if change.path == CLIMATE:
        return _climate_rise(change)
    if change.path == _SERVICE_MONEY:
        return _service_money_rise(change, policy)
    old, new = (_rank(change.path, each) for each in (change.old.value, change.new.value))
    return 0 if old is None or new is None else int(new > old) - int(new < old)


def _rank(path: str, value: Any) -> float | None:
    if path == DELEGATION:
        return math.inf if value is None else float(value)
    if path in _RANKS:
        return _RANKS[path][value]
    return float(value) if isinstance(value, bool | int | float) else None


def _climate_rise(change: Override) -> int:
    """Flat and surge are ranked, and two tables of which one is nowhere below the other."""
    old, new = change.old.value, change.new.value
    order = ("flat", "surge")
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
