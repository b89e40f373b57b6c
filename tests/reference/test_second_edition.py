"""Rules of the second edition, corner by corner: both tell the same world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from rsip_sim.model.policy import Agreement, Climate, External, Funding, Levers, Policy, Support

from .compare import Comparison, compare
from .luck import ALTERNATIVES
from .test_same_world import APRIL_2011, a_roster, assert_same

NUMBERED = Funding(council_cut_pct_per_year=10.0)
BUSY_ROWS: list[dict[str, object]] = [
    {"phase": phase, "learning_community": community, "diocese": diocese, "ofsted_grade": grade}
    for community, diocese in (("A", ""), ("B", "X"), ("", ""))
    for phase in ("primary", "primary", "secondary", "special", "nursery")
    for grade in ("", "4")
]
BUSY: dict[str, float] = {
    "kappa_primary": 6.0,
    "kappa_secondary": 6.0,
    "order_rate_grade_4": 0.05,
}


def busy(
    levers: Levers,
    held: Mapping[str, float] | None = None,
    *,
    rules: Mapping[str, str] | None = None,
    start: int = APRIL_2011,
    horizon: int = 40,
    changes: Sequence[tuple[int, Levers]] = (),
    partnership: bool = True,
    futures: int = 2,
) -> Comparison:
    """Several futures of a few schools that convert, are ordered, join and leave."""
    policy = Policy(
        start,
        horizon,
        partnership,
        levers,
        tuple(changes),
        overrides=tuple(sorted({**BUSY, **(held or {})}.items())),
        structure=tuple(sorted((rules or {}).items())),
        parameters="uncertain",
    )
    return compare(policy, a_roster(*BUSY_ROWS), 5, range(futures))


@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in ALTERNATIVES.items() for value in values]
)
def test_every_rule_that_is_otherwise_is_the_same_world(rule: str, value: str) -> None:
    """An agreement that may lapse, a line that may be refused, schools that come and go."""
    assert_same(busy(Levers(), {"forum_intercept": 0.5}, rules={rule: value}))


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 30, 60])
def test_what_a_length_costs_is_the_same_world(length: int) -> None:
    """The Forum refuses the line sooner or later; the council pays what it has promised."""
    levers = Levers(Agreement(length_months=length, quorum=0.0), NUMBERED)
    assert_same(busy(levers, {"forum_intercept": -1.0, "ses_core_gbp": 1_500_000.0}))


@pytest.mark.parametrize("partnership", [True, False])
@pytest.mark.parametrize("first", ["central", "dedelegated"])
def test_a_line_that_is_dedelegated_for_a_time_is_the_same_world(
    first: str, partnership: bool
) -> None:
    start = Levers(funding=replace(NUMBERED, line=first))
    other = "dedelegated" if first == "central" else "central"
    changed = replace(start, funding=replace(NUMBERED, line=other))
    changes = ((12, changed), (26, start))
    assert_same(busy(start, start=APRIL_2011 + 24, changes=changes, partnership=partnership))


def test_a_fund_near_its_threshold_is_the_same_world() -> None:
    levers = Levers(funding=replace(NUMBERED, earmark_gbp_per_year=50_000.0))
    assert_same(busy(levers))


@pytest.mark.parametrize("weakest_first", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("sold", [0.0, 0.5])
def test_days_spent_otherwise_are_the_same_world(weakest_first: float, sold: float) -> None:
    levers = Levers(support=Support(weakest_first, sold))
    assert_same(busy(levers))


def test_members_that_may_not_stay_as_academies_are_the_same_world() -> None:
    assert_same(busy(Levers(Agreement(academies_may_join=False)), {"exclusion_multiplier": 0.5}))


def test_a_run_that_outlives_the_education_services_grant_is_the_same_world() -> None:
    paid = replace(NUMBERED, service_money=200.0)
    rates = tuple((phase, (0.5,)) for phase in ("primary", "secondary", "special"))
    levers = Levers(funding=paid, climate=Climate("table", rates))
    assert_same(busy(levers, {"money_elasticity": 0.8}, start=APRIL_2011 + 70))


def test_a_line_that_is_raised_when_it_may_not_be_is_the_same_world() -> None:
    start = Levers(Agreement(length_months=60), NUMBERED)
    raised = replace(start, funding=replace(NUMBERED, earmark_gbp_per_year=900_000.0))
    assert_same(busy(start, {"forum_intercept": 10.0}, changes=((20, raised),)))


# scenarios in which the two once differed ------------------------------------------------------


@pytest.mark.parametrize(("length", "month"), [(0, 10), (1, 10), (1, 11), (30, 11), (2, 12)])
def test_a_length_set_between_january_and_april_is_the_same_world(length: int, month: int) -> None:
    """What was agreed in January stands, and in April extends what the timeline has signed."""
    start = Levers(Agreement(length_months=0, quorum=0.0), NUMBERED)
    changed = replace(start, agreement=replace(start.agreement, length_months=length + 1))
    back = replace(start, agreement=replace(start.agreement, length_months=length))
    agreed = {"renewal_intercept": 10.0, "forum_intercept": 10.0}
    assert_same(busy(start, agreed, horizon=20, changes=((5, changed), (month, back))))


@pytest.mark.parametrize("month", [11, 12, 13])
def test_a_service_whose_money_changes_is_the_same_world(month: int) -> None:
    """Its core is that of the year's budget: at most what the service has at the start."""
    start = Levers(funding=NUMBERED)
    poorer = replace(start, funding=replace(NUMBERED, ses_gbp_per_year=300_000.0))
    assert_same(busy(start, {"ses_core_gbp": 500_000.0}, horizon=30, changes=((month, poorer),)))


def test_a_dedelegated_line_that_is_refused_is_the_same_world() -> None:
    """The council pays what would have been pooled: it makes up no more than the Forum did."""
    levers = Levers(Agreement(length_months=60, quorum=0.0), replace(NUMBERED, line="dedelegated"))
    assert_same(busy(levers, {"forum_intercept": -1.0}, start=APRIL_2011 + 24))


def test_a_chain_that_came_before_the_order_is_the_same_world() -> None:
    """It is the sponsor even where the school opens more than a year after it came."""
    levers = Levers(funding=NUMBERED, external=External(chain_approaches_per_year=20.0))
    ordered = {"order_rate_grade_4": 0.1, "sponsor_chain_chance": 0.0, "chain_active_months": 6.0}
    found = busy(levers, ordered, horizon=30, futures=4)
    assert_same(found)
    assert found.orders > 10
