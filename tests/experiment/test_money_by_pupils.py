"""Pounds of a whole authority go by its pupils, and prices of anything smaller do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.national import authorities, regions
from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.authorities import (
    amounts,
    amounts_by_pupils,
    policy_by_pupils,
    register_pupils,
)
from rsip_sim.model.parameters import CENTRAL, UNCERTAIN
from rsip_sim.model.policy import Policy
from tests.fakes.worlds import levers, policy

GO_BY_PUPILS = {
    "funding.earmark_gbp_per_year",
    "funding.ses_gbp_per_year",
    "fund_fixed_gbp",
    "fund_reference_gbp",
    "ses_core_gbp",
    "endowment_gbp",
    "ending_threshold_gbp",
}
PRICES = {
    "funding.dsg_gbp_per_pupil",
    "funding.subscription_gbp_per_pupil",
    "funding.service_money",
    "post_gbp",
    "lead_day_gbp",
    "external_day_gbp",
    "deficit_secondary_gbp",
    "deficit_primary_gbp",
    "deficit_special_gbp",
    "unit_primary_gbp",
    "unit_secondary_gbp",
    "unit_nursery_gbp",
    "unit_special_gbp",
    "unit_pru_gbp",
    "unit_reference_gbp",
}


def test_every_number_in_pounds_is_known_as_an_amount_or_as_a_price() -> None:
    assert set(amounts()) == GO_BY_PUPILS
    pounds = {each.name for each in load_register() if each.unit.startswith("£")}
    assert pounds == GO_BY_PUPILS | PRICES


def test_amounts_are_scaled_at_the_start_at_each_change_and_where_they_are_held() -> None:
    before = policy(
        {"funding.earmark_gbp_per_year": 600_000.0, "funding.subscription_gbp_per_pupil": 6.0},
        timeline=[(12, {"funding.ses_gbp_per_year": 900_000.0})],
        overrides={"ses_core_gbp": 400_000.0, "lead_day_gbp": 300.0},
    )
    after = policy_by_pupils(before, 0.25)
    wanted = {"funding.earmark_gbp_per_year": 150_000.0, "funding.ses_gbp_per_year": 500_000.0}
    assert after.levers == levers(wanted, before.levers)
    ((month, changed),) = after.changes
    assert (month, changed) == (
        12,
        levers({**wanted, "funding.ses_gbp_per_year": 225_000.0}, before.levers),
    )
    assert dict(after.overrides) == {"ses_core_gbp": 100_000.0, "lead_day_gbp": 300.0}
    assert replace(after, levers=before.levers, changes=(), overrides=()) == replace(
        before, changes=(), overrides=()
    )


@pytest.mark.parametrize("how", [CENTRAL, UNCERTAIN])
def test_the_registers_amounts_are_scaled_as_each_future_draws_them(how: str) -> None:
    whole, tenth = (amounts_by_pupils(how, factor, 7, np.arange(20)) for factor in (1.0, 0.1))
    assert set(whole) == {name for name in GO_BY_PUPILS if "." not in name}
    for name, values in whole.items():
        np.testing.assert_allclose(tenth[name], 0.1 * values)
    core = load_register()["ses_core_gbp"].value
    assert np.all(whole["ses_core_gbp"] == core) == (how == CENTRAL)


def test_a_factor_of_one_changes_no_policy() -> None:
    usual = Policy(start=24135)
    assert policy_by_pupils(usual, 1.0) == usual


def test_the_registers_pounds_are_those_of_rotherham() -> None:
    assert register_pupils() == 45_433


def test_every_authority_lies_in_one_of_the_nine_regions() -> None:
    assert set(regions()) == {each.authority for each in authorities()}
    assert len(set(regions().values())) == 9
