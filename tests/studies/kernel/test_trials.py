"""Trials in memory give the numbers that a stored run gives."""

from __future__ import annotations

import numpy as np
import pytest

import rsip_sim
from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.measures.metrics import metrics_named
from rsip_sim.measures.moments import Panel, moments_of
from rsip_sim.scenario import with_values
from rsip_sim.scenario.loading import with_values_from
from rsip_sim.studies.kernel.trials import Trial, measure_all, parameter_values
from tests.fakes.scenario_files import SCENARIOS

METRICS = ("members", "erosion", "cohesion", "breakdown", "joins")
FUTURES = np.arange(30)


@pytest.fixture(scope="module")
def scenario():
    whole = rsip_sim.load_scenario(SCENARIOS / "two_year.yaml")
    return with_values(whole, {"agreement.length_months": 12})


def trial(scenario, **changes):
    moments = tuple(moments_of(scenario.policy, scenario.policy.horizon_months).values())
    settings = {"replications": FUTURES, "metrics": METRICS, "moments": moments}
    seed = scenario.run.seed
    return Trial(scenario.policy, scenario.roster, seed, **(settings | changes))


def test_a_trial_measures_what_a_stored_run_holds(scenario) -> None:
    run = rsip_sim.run(scenario, replications=len(FUTURES), workers=1)
    moments = moments_of(scenario.policy, scenario.policy.horizon_months)
    stored = Panel(run.results, scenario).at(metrics_named(METRICS), moments)
    (measured,) = measure_all([trial(scenario)], workers=1)
    np.testing.assert_array_equal(measured, stored)


def test_blocks_and_processes_do_not_show(scenario, monkeypatch) -> None:
    trials = [trial(scenario, replications=np.arange(first, first + 12)) for first in (0, 12)]
    plain = measure_all(trials, workers=1)
    monkeypatch.setattr("rsip_sim.studies.kernel.trials.BLOCK", 5)
    for changed in (measure_all(trials, workers=1), measure_all(trials, workers=2)):
        for one, other in zip(plain, changed, strict=True):
            np.testing.assert_array_equal(one, other)


def test_trials_that_share_a_block_measure_what_each_does_alone(scenario) -> None:
    """Whatever policy stands beside it, and whatever is read of that one."""
    moments = moments_of(scenario.policy, scenario.policy.horizon_months)
    trials = [
        trial(scenario),
        trial(with_values(scenario, {"parameters.forum": "deaf"})),
        trial(with_values(scenario, {"partnership": False}), metrics=("erosion",)),
        trial(with_values(scenario, {"agreement.length_months": 60}), moments=(moments["end"],)),
    ]
    together = measure_all(trials, workers=1)
    for one, other in zip(trials, together, strict=True):
        np.testing.assert_array_equal(measure_all([one], workers=1)[0], other)


def test_trials_of_other_futures_and_values_fill_one_block(scenario, monkeypatch) -> None:
    """Small ones share it whatever they hold; what does not fit makes another."""
    blocks = []

    def counted(trials):
        blocks.append(sum(len(each.replications) for each in trials))
        return [np.zeros((1, 1, len(each.replications))) for each in trials]

    monkeypatch.setattr("rsip_sim.studies.kernel.trials.measure_together", counted)
    monkeypatch.setattr("rsip_sim.studies.kernel.trials.BLOCK", 30)
    some = [
        trial(scenario, replications=np.arange(first, first + 7), held={"b_price": np.full(7, k)})
        for k, first in enumerate((0, 40, 3, 3, 90))
    ]
    assert [each.shape[2] for each in measure_all(some, workers=1)] == [7] * 5
    assert blocks == [28, 7]


def test_values_held_are_cut_with_their_futures(scenario, monkeypatch) -> None:
    held = {"exit_yearly": np.where(FUTURES < 15, 0.003, 0.08)}
    (whole,) = measure_all([trial(scenario, held=held)], workers=1)
    monkeypatch.setattr("rsip_sim.studies.kernel.trials.BLOCK", 7)
    (cut,) = measure_all([trial(scenario, held=held)], workers=1)
    np.testing.assert_array_equal(whole, cut)
    members = whole[0, -1]
    assert members[:15].mean() > members[15:].mean()


def test_parameter_values_are_those_the_futures_drew(scenario) -> None:
    """Held at what they were drawn as, they give the same numbers; none is left out."""
    values = parameter_values(scenario.policy, scenario.run.seed, FUTURES)
    register = load_register()
    drawn = (*register.uncertain(), *register.drawn_levers())
    assert set(values) == {each.name for each in drawn}
    same, plain = measure_all([trial(scenario, held=values), trial(scenario)], workers=1)
    np.testing.assert_array_equal(same, plain)


def test_parameters_a_scenario_holds_itself_are_not_uncertain(scenario) -> None:
    held = with_values(scenario, {"parameters.b_secure": 2.0})
    assert "b_secure" not in parameter_values(held.policy, 1, FUTURES)


def test_what_nobody_local_chooses_is_uncertain_unless_the_scenario_says_a_number(scenario) -> None:
    cut, market = "funding.council_cut_pct_per_year", "external.market_quality"
    held = with_values(scenario, {cut: 8, market: 0.4})
    later = with_values_from(held, parse_month("2013-04"), {market: "uncertain"})
    assert not {cut, market} & set(parameter_values(held.policy, 1, FUTURES))
    assert {cut, market} & set(parameter_values(later.policy, 1, FUTURES)) == {market}
    assert np.ptp(parameter_values(scenario.policy, 1, FUTURES)[cut]) > 0
