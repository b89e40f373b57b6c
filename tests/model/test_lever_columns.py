"""Levers as columns of a block: drawn levers are one draw a replication, in every scenario."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import draw_parameters
from rsip_sim.model.policy import DRAWN, NO_MONTH, LeverColumns, Rules, groups_of
from rsip_sim.model.simulation import simulate_policies
from tests.fakes.worlds import SEED, assert_same, differing, levers, policy, simulate, town

UNCERTAIN = dict.fromkeys(DRAWN, "uncertain")
SIZE = 6


def drawn(how: str = "uncertain") -> dict[str, np.ndarray]:
    parameters = draw_parameters(load_register(), {}, how, Draws(SEED, np.arange(SIZE)))
    return {path: parameters.by((path,))[0] for path in DRAWN}


def test_every_column_has_the_levers_of_its_own_policy():
    plans = [
        policy({"agreement.length_months": 12, "funding.service_money": 450.0}),
        policy({"funding.line": "dedelegated", "funding.forum_delegates_from": 24_200}),
    ]
    both = {path: np.tile(values, 2) for path, values in drawn().items()}
    columns = LeverColumns(groups_of(plans, [SIZE] * len(plans)), both)
    assert columns["agreement.length_months"].tolist() == [12] * SIZE + [24] * SIZE
    assert columns["funding.line"].tolist() == ["central"] * SIZE + ["dedelegated"] * SIZE
    assert columns["funding.forum_delegates_from"].tolist() == [NO_MONTH] * SIZE + [24_200] * SIZE
    money = columns["funding.service_money"]
    assert (money[:SIZE] == 450.0).all()
    assert np.isnan(money[SIZE:]).all()


@pytest.mark.parametrize("path", DRAWN)
def test_uncertain_takes_the_draw_and_a_number_holds(path):
    plans = [policy({path: "uncertain"}), policy({path: 0.25})]
    both = {name: np.tile(values, 2) for name, values in drawn().items()}
    columns = LeverColumns(groups_of(plans, [SIZE] * len(plans)), both)[path]
    assert (columns[:SIZE] == drawn()[path]).all()
    assert (columns[SIZE:] == 0.25).all()
    assert len(set(columns[:SIZE])) == SIZE


@pytest.mark.parametrize("path", DRAWN)
def test_with_central_parameters_uncertain_is_the_median(path):
    value = load_register()[path].value
    assert (drawn("central")[path] == value).all()
    assert_same(
        simulate(policy({path: "uncertain"}, horizon=13), town(), 3),
        simulate(policy({path: value}, horizon=13), town(), 3),
    )


def test_the_draw_is_the_same_in_every_scenario_and_from_whatever_month():
    plain = policy(UNCERTAIN, horizon=14, parameters="uncertain")
    dated = policy(
        {"external.market_quality": 0.1},
        horizon=14,
        parameters="uncertain",
        timeline=[(0, {}), (1, {"external.market_quality": "uncertain"})],
    )
    held = {path: values for path, values in drawn().items()}
    market = {"external.market_quality": held["external.market_quality"]}
    one, other = simulate_policies([plain, dated], town(), SEED, np.arange(SIZE))
    again = simulate(policy(UNCERTAIN, horizon=14, parameters="uncertain"), town(), SIZE, SEED)
    assert_same(one, again)
    assert differing(one, other)
    # given from outside what is drawn anyway, nothing changes
    given = simulate_policies([plain], town(), SEED, np.arange(SIZE), market)[0]
    assert_same(one, given)


def test_every_rule_has_its_named_value_in_every_column():
    usual = {name: rule.value for name, rule in load_register().structures.items()}
    plans = [policy(), policy(structure=(("forum", "deaf"), ("brake", "off")))]
    rules = Rules(groups_of(plans, [2] * len(plans)), usual)
    assert rules.are("forum", "deaf").tolist() == [False, False, True, True]
    assert rules.are("forum", "hears").tolist() == [True, True, False, False]
    assert rules.are("guarantee", "paid").all()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (name, value)
        for name, rule in load_register().structures.items()
        for value in rule.alternatives
    ],
)
def test_every_alternative_changes_something_somewhere(name, value):
    """None is a switch that is connected to nothing."""
    changes = {
        "funding.ses_gbp_per_year": 900_000.0,
        "funding.earmark_gbp_per_year": 120_000.0,
        "agreement.length_months": 24,
    }
    lively = {"kappa_primary": 20.0, "forum_intercept": -0.5, "ending_threshold_gbp": 100_000.0}
    plain = policy(changes, horizon=60, overrides=lively)
    otherwise = policy(changes, horizon=60, overrides=lively, structure=((name, value),))
    one, other = simulate_policies([plain, otherwise], town(), SEED, np.arange(48))
    assert differing(one, other)


def test_a_rule_named_at_its_own_value_is_the_model_itself():
    usual = tuple((name, rule.value) for name, rule in load_register().structures.items())
    plan = policy(horizon=30)
    assert_same(simulate(plan, town(), 4), simulate(policy(horizon=30, structure=usual), town(), 4))


def test_the_timeline_of_one_policy_does_not_reach_the_columns_of_another():
    dated = policy(horizon=8, timeline=[(3, {"funding.subscription_gbp_per_pupil": 9.0})])
    plain = policy(horizon=8)
    one, other = simulate_policies([dated, plain], town(), SEED, np.arange(4))
    assert_same(other, simulate(plain, town(), 4))
    assert min(differing(one, other).values()) == 3
    assert levers({"funding.subscription_gbp_per_pupil": 9.0}) == dated.changes[0][1]
