"""Rules of the second edition, corner by corner: both tell the same world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from rsip_sim.model.policy import Agreement, Climate, Funding, Levers, Policy, Support

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
BUSY: dict[str, float | str] = {
    "kappa_primary": 6.0,
    "kappa_secondary": 6.0,
    "order_rate_grade_4": 0.05,
}


def busy(
    levers: Levers,
    held: Mapping[str, float | str] | None = None,
    *,
    start: int = APRIL_2011,
    horizon: int = 40,
    changes: Sequence[tuple[int, Levers]] = (),
    partnership: bool = True,
) -> Comparison:
    """Several futures of a few schools that convert, are ordered, join and leave."""
    policy = Policy(
        start,
        horizon,
        partnership,
        levers,
        tuple(changes),
        overrides=tuple(sorted({**BUSY, **(held or {})}.items())),
        parameters="uncertain",
    )
    return compare(policy, a_roster(*BUSY_ROWS), 5, range(4))


@pytest.mark.parametrize(
    ("rule", "value"), [(rule, value) for rule, values in ALTERNATIVES.items() for value in values]
)
def test_every_rule_that_is_otherwise_is_the_same_world(rule: str, value: str) -> None:
    """An agreement that may lapse, a line that may be refused, schools that come and go."""
    assert_same(busy(Levers(), {"forum_intercept": 0.5, rule: value}))


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 30, 60])
def test_what_a_length_costs_is_the_same_world(length: int) -> None:
    """The Forum refuses the line sooner or later; the council pays what it has promised."""
    levers = Levers(Agreement(length_months=length, quorum=0.0), NUMBERED)
    assert_same(busy(levers, {"forum_intercept": -1.0, "service_core_gbp": 1_500_000.0}))


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
