"""However the work is divided, a replication is the same to the bit: alone, in any block, anywhere.

Processes, hash seeds and interruptions are tested with the runner; here the model is divided.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsip_sim.model.policy import Cohesion, Policy
from rsip_sim.model.simulation import (
    BlockOutcome,
    Portion,
    simulate_block,
    simulate_policies,
    simulate_together,
)
from tests.fakes.random_worlds import STARTS, policies, rosters
from tests.fakes.worlds import (
    SEED,
    TOWN_MONEY,
    assert_same,
    policy,
    remembered,
    rotherham,
    simulate,
    town,
)

WHOLE = 24


def plan(parameters: str = "uncertain") -> Policy:
    changes = {
        **TOWN_MONEY,
        "external.chain_approaches_per_year": 6.0,
        "funding.subscription_gbp_per_pupil": 8.0,
    }
    return policy(changes, horizon=30, parameters=parameters, overrides={"kappa_primary": 10.0})


@lru_cache(maxsize=2)
def whole(parameters: str = "uncertain") -> BlockOutcome:
    return simulate(plan(parameters), town(), WHOLE)


def assert_part(part: BlockOutcome, replications: list[int], all_of_it: BlockOutcome) -> None:
    for name, column in part.panel.items():
        expected = all_of_it.panel[name][:, replications]
        assert column.dtype == expected.dtype, name
        assert column.tobytes() == np.ascontiguousarray(expected).tobytes(), name
    for name, table in part.schools.items():
        assert (
            table.tobytes()
            == np.ascontiguousarray(all_of_it.schools[name][:, replications]).tobytes()
        )


@pytest.mark.parametrize("parameters", ["central", "uncertain"])
@pytest.mark.parametrize("replication", [0, 13])
def test_a_replication_can_be_reproduced_alone(replication, parameters):
    alone = simulate(plan(parameters), town(), [replication])
    assert_part(alone, [replication], whole(parameters))


@settings(max_examples=5)
@given(st.lists(st.integers(0, WHOLE - 1), min_size=1, max_size=12, unique=True))
def test_any_block_in_any_order_holds_the_same_replications(replications):
    assert_part(simulate(plan(), town(), replications), replications, whole())


def test_adding_replications_leaves_the_earlier_ones_untouched():
    assert_part(whole(), list(range(WHOLE)), simulate(plan(), town(), 3 * WHOLE + 1))


def test_a_wide_block_of_the_real_authority_holds_the_narrow_ones():
    # wide enough for numpy to sum in another way
    real = policy({"external.chain_approaches_per_year": 6.0}, horizon=14, parameters="uncertain")
    wide = simulate(real, rotherham(), 700)
    for replications in ([0], [699], list(range(317, 330))):
        assert_part(simulate(real, rotherham(), replications), replications, wide)


def test_another_seed_is_another_world():
    other = simulate(plan(), town(), WHOLE, seed=SEED + 1)
    assert not np.array_equal(other.panel["participation"], whole().panel["participation"])


def test_replications_are_not_copies_of_each_other():
    opened = whole().schools["opening_month"]
    assert len(np.unique(opened, axis=1).T) > WHOLE / 2


def test_simulating_changes_neither_policy_nor_roster():
    before = pickle.dumps((plan(), town()))
    given_plan, given_town = pickle.loads(before)
    simulate(given_plan, given_town, 4)
    assert pickle.dumps((given_plan, given_town)) == before


def test_what_a_worker_gets_and_gives_survives_the_journey():
    sent = pickle.loads(pickle.dumps((plan(), town())))
    returned = pickle.loads(pickle.dumps(simulate(*sent, WHOLE)))
    assert_same(returned, whole())


# policies side by side


def others() -> list[Policy]:
    """Policies that differ in every kind of thing a column may have to itself."""
    base = plan()
    tied = policy({**TOWN_MONEY, "agreement.school_commitment_months": 6}, horizon=30)
    dated = policy(
        {"agreement.later_offers": False, "climate.conversion": "observed"},
        horizon=30,
        timeline=[
            (7, {"funding.subscription_gbp_per_pupil": 3.0, "agreement.length_months": 18}),
            (20, {"climate.conversion": "surge", "funding.line": "dedelegated"}),
        ],
    )
    drawn = policy(
        {
            "external.market_quality": "uncertain",
            "external.chain_approaches_per_year": "uncertain",
            "funding.council_cut_pct_per_year": "uncertain",
        },
        horizon=30,
        parameters="uncertain",
    )
    otherwise = replace(base, structure=(("brake", "off"), ("forum", "deaf")), parameters="central")
    nobody = replace(base, partnership=False, overrides=(("unit_special_gbp", 9000.0),))
    weighed = replace(base, cohesion=Cohesion((1.0, 0.0, 0.0, 0.0, 2.0), 0.5))
    return [base, tied, dated, drawn, otherwise, nobody, weighed]


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "backwards"])
def test_policies_that_share_a_block_are_what_they_are_alone(order):
    plans = others()[::order]
    together = simulate_policies(plans, town(), SEED, np.arange(5))
    for each, outcome in zip(plans, together, strict=True):
        assert_same(remembered(each, town(), 5), outcome)


@settings(max_examples=8)
@given(st.data())
def test_random_policies_of_one_calendar_share_a_block(data):
    start, horizon = data.draw(st.sampled_from(STARTS)), data.draw(st.integers(1, 30))
    number = data.draw(st.integers(2, 4))
    plans = [
        replace(data.draw(policies(start, horizon)), horizon_months=horizon, changes=())
        for _ in range(number)
    ]
    schools = data.draw(rosters(start))
    together = simulate_policies(plans, schools, SEED, [4, 0, 9])
    for each, outcome in zip(plans, together, strict=True):
        assert_same(simulate(each, schools, [4, 0, 9]), outcome)


def test_what_is_held_from_outside_is_held_in_every_policy():
    plans = others()[:2]
    held = {"b_price": np.array([0.05, 0.25]), "external.market_quality": np.array([0.2, 0.9])}
    together = simulate_policies(plans, town(), SEED, [0, 1], held)
    for each, outcome in zip(plans, together, strict=True):
        assert_same(simulate_block(each, town(), SEED, [0, 1], held), outcome)


def test_portions_of_other_futures_and_other_values_share_a_block():
    """Each is what it is alone: the same policy twice, and futures that meet in any order."""
    base, tied = others()[:2]
    portions = [
        Portion(base, [4, 0, 9]),
        Portion(base, [7], {"b_price": [0.2]}),
        Portion(tied, np.arange(5), {"external.market_quality": np.linspace(0.1, 0.9, 5)}),
        Portion(base, [9, 4]),
    ]
    for each, outcome in zip(portions, simulate_together(portions, town(), SEED), strict=True):
        alone = simulate_block(each.policy, town(), SEED, each.replications, each.held)
        assert_same(alone, outcome)


def test_policies_of_different_calendars_share_no_block():
    with pytest.raises(ValueError, match="share their start and their horizon"):
        simulate_policies([plan(), replace(plan(), horizon_months=31)], town(), SEED, [0])
