"""Hybrids lead from one scenario to the other; a mechanism that is off makes no difference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.model.simulation import simulate_block
from rsip_sim.scenario import load_scenario, with_values
from rsip_sim.studies.explain.hybrids import (
    BY_LEVER,
    BY_MECHANISM,
    field_label,
    lever_hybrids,
    mechanism_hybrids,
)
from tests.fakes.scenario_files import SCENARIOS

SHIPPED = {
    path.stem: load_scenario(path)
    for path in sorted(SCENARIOS.glob("*.yaml"))
    if path.stem != "white_paper_2016"  # which lasts longer
}
TWO_YEAR = SHIPPED["two_year"]
MECHANISMS = load_register().mechanisms()
BY_NAME = {rule.name: rule for rule in MECHANISMS}


@pytest.mark.parametrize("name", SHIPPED)
def test_no_step_is_the_baseline_and_all_steps_are_the_scenario(name: str) -> None:
    for one, other in ((TWO_YEAR, SHIPPED[name]), (SHIPPED[name], TWO_YEAR)):
        made = lever_hybrids(one, other)
        whole = (1 << len(made.steps)) - 1
        assert made.pairs[0] == (one.policy, one.policy)
        assert made.pairs[whole] == (one.policy, other.policy)
        assert made.family == BY_LEVER


def test_a_step_is_taken_without_the_others() -> None:
    made = lever_hybrids(TWO_YEAR, SHIPPED["external_surge"])
    assert [step.name for step in made.steps] == [
        "climate.conversion", "external.chain_approaches_per_year"
    ]  # fmt: skip
    _, only_climate = made.pairs[0b01]
    assert only_climate.levers.climate.conversion == "surge"
    assert only_climate.levers.external == TWO_YEAR.policy.levers.external
    _, only_chains = made.pairs[0b10]
    assert only_chains.levers.climate == TWO_YEAR.policy.levers.climate
    assert only_chains.levers.external.chain_approaches_per_year == 4


def test_a_dated_change_is_a_step_of_its_own_and_can_be_taken_alone() -> None:
    made = lever_hybrids(TWO_YEAR, SHIPPED["subscription_funded"])
    assert [(step.label, step.month) for step in made.steps] == [
        ("Partnership earmark from April 2012", 12),
        ("School subscription from April 2012", 12),
        ("Partnership earmark from April 2013", 24),
        ("School subscription from April 2013", 24),
    ]
    assert made.steps[2].name == "funding.earmark_gbp_per_year@2013-04"
    assert made.steps[2].words.startswith("Partnership earmark: £500,000 → £250,000 a year")
    _, only_the_second_cut = made.pairs[0b0100]
    ((month, levers),) = only_the_second_cut.changes
    assert (month, levers.funding.earmark_gbp_per_year) == (24, 250_000)
    assert only_the_second_cut.levers.funding.earmark_gbp_per_year == 750_000


def test_a_parameter_held_by_one_scenario_only_is_a_step() -> None:
    held = with_values(TWO_YEAR, {"parameters.b_secure": 2.0})
    (step,) = lever_hybrids(TWO_YEAR, held).steps
    assert step.label == load_register()["b_secure"].label
    assert "as in the register → 2" in step.words
    made = lever_hybrids(held, TWO_YEAR)
    assert made.pairs[1][1].overrides == ()


def test_scenarios_that_do_not_differ_have_no_steps() -> None:
    assert lever_hybrids(TWO_YEAR, replace(SHIPPED["base"], name="other")).steps == ()


def test_every_setting_that_can_differ_has_a_label() -> None:
    for path in ("cohesion.weights", "partnership", "parameters.b_peer", "climate.conversion"):
        label = field_label(path)
        assert label[0].isupper()
        assert "_" not in label


@pytest.mark.parametrize("name", BY_NAME)
def test_a_mechanism_that_is_off_is_the_alternative_of_the_register_in_both(name: str) -> None:
    """Nothing else of either scenario is touched."""
    rule = BY_NAME[name]
    for scenario in SHIPPED.values():
        made = mechanism_hybrids(TWO_YEAR, scenario, [rule])
        for off, own in zip(made.pairs[0], (TWO_YEAR.policy, scenario.policy), strict=True):
            assert off == replace(own, structure=((name, rule.switched_off),))


def test_with_all_mechanisms_on_the_policies_are_the_scenarios_own() -> None:
    for scenario in SHIPPED.values():
        made = mechanism_hybrids(TWO_YEAR, scenario, MECHANISMS[:3])
        assert made.pairs[0b111] == (TWO_YEAR.policy, scenario.policy)


def test_a_future_needs_far_fewer_policies_than_all_of_them_together() -> None:
    """What makes explaining cheap; the same again once all orders have been taken."""
    made = mechanism_hybrids(SHIPPED["no_agreement"], TWO_YEAR)
    steps = len(made.steps)
    for future in (0, 7):
        needed = made.needed(future)
        assert {*made.pairs[0], *made.pairs[(1 << steps) - 1]} <= set(needed)
        assert len(needed) <= 2 * (4 * steps - 2) < len(made.pairs)
        assert made.needed(future + made.orders) == needed
    assert set(made.needed(0)) != set(made.needed(1))
    few = mechanism_hybrids(SHIPPED["no_agreement"], TWO_YEAR, MECHANISMS[:3])
    assert set(few.needed(0)) == {policy for pair in few.pairs.values() for policy in pair}


def test_with_all_mechanisms_off_the_length_of_the_agreement_makes_no_difference() -> None:
    made = mechanism_hybrids(SHIPPED["no_agreement"], SHIPPED["five_year"])
    first, last = (
        simulate_block(policy, TWO_YEAR.roster, 1, np.arange(20)).panel for policy in made.pairs[0]
    )
    cover = {"cover_months", "agreement_in_force", "overspend_pence_per_year"}
    for column in first.keys() - cover:
        np.testing.assert_array_equal(first[column], last[column], err_msg=column)


def test_a_mechanism_that_both_scenarios_have_switched_off_is_no_step() -> None:
    deaf, too = (
        with_values(each, {"parameters.forum": "deaf"})
        for each in (SHIPPED["no_agreement"], TWO_YEAR)
    )
    made = mechanism_hybrids(deaf, too)
    assert made.family == BY_MECHANISM
    assert {step.name for step in made.steps} | {"forum"} == set(BY_NAME)
    one_alone = mechanism_hybrids(deaf, TWO_YEAR, [BY_NAME["forum"]])
    assert [step.name for step in one_alone.steps] == ["forum"]
    assert one_alone.pairs[1] == (deaf.policy, TWO_YEAR.policy)


def test_unheeded_months_are_a_weight_of_nought_from_calibration_on() -> None:
    """The alternative of the register is what a planner gets with b_secure held at 0."""
    unheeded = with_values(TWO_YEAR, {"parameters.security": "unheeded"})
    nought = with_values(TWO_YEAR, {"parameters.b_secure": 0.0})
    one, other, own = (
        simulate_block(each.policy, TWO_YEAR.roster, 1, np.arange(6)).panel
        for each in (unheeded, nought, TWO_YEAR)
    )
    for column in one:
        np.testing.assert_array_equal(one[column], other[column], err_msg=column)
    assert any((one[column] != own[column]).any() for column in one if column.startswith("schools"))
