"""Whatever the scenario and the schools: no pupil is lost, no penny, no promise.

The quick run looks at the same few dozen random worlds each time, simulated once for all checks;
the slow one at hundreds of new ones, and shrinks what fails.
"""

from __future__ import annotations

import warnings
from functools import lru_cache

import pytest
from checks import CHECKS, Check
from hypothesis import HealthCheck, given, note, settings

from rsip_sim.model.simulation import BlockOutcome
from tests.fakes.random_worlds import (
    RandomWorld,
    random_worlds,
    unknown_parameters,
)
from tests.fakes.worlds import flows, simulate

QUICK, MANY = 70, 400


def simulated(world: RandomWorld) -> BlockOutcome:
    """What happens, with numpy's complaints as errors."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return simulate(world.policy, world.roster, world.replications)


@lru_cache(maxsize=1)
def worlds_and_outcomes() -> tuple[tuple[RandomWorld, BlockOutcome], ...]:
    found = []

    @settings(max_examples=QUICK)
    @given(random_worlds())
    def collect(world: RandomWorld) -> None:
        found.append((world, simulated(world)))

    collect()
    return tuple(found)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_in_every_random_world(check: Check):
    for world, outcome in worlds_and_outcomes():
        check(world, outcome)


def test_much_happens_in_the_random_worlds():
    outcomes = [outcome for _, outcome in worlds_and_outcomes()]
    for prefix in ("openings_converter", "openings_sponsored", "exits_", "joins", "withdrawals"):
        busy = sum(bool(flows(outcome, prefix).any()) for outcome in outcomes)
        assert busy > len(outcomes) / 10, prefix
    for column in ("lapsed", "partnership_ended", "schools_in_chains", "guarantee_pence_per_year"):
        busy = sum(bool(outcome.panel[column].any()) for outcome in outcomes)
        assert busy > len(outcomes) / 20, column


def test_random_worlds_move_only_parameters_that_exist():
    assert unknown_parameters() == set()


@pytest.mark.slow
@settings(
    max_examples=MANY, derandomize=False, suppress_health_check=list(HealthCheck), print_blob=True
)
@given(random_worlds(longest=72))
def test_every_check_in_hundreds_of_new_worlds(world):
    outcome = simulated(world)
    for check in CHECKS:
        note(check.__name__)
        check(world, outcome)
