"""Studies of uncertainty on a small town over two years, simulated once for all tests of them."""

from __future__ import annotations

import functools
from dataclasses import replace

from rsip_sim.scenario import Scenario
from rsip_sim.scenario.loading import scenario_of
from rsip_sim.scenario.reading import Document
from rsip_sim.studies.kernel.ground import Means
from rsip_sim.studies.sensitivity.work import Sensitivity, pair_of, sensitivity
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.worlds import town

SETS = 64


def in_town(scenario: Scenario) -> Scenario:
    """The scenario with a few schools instead of Rotherham's, over two years."""
    resolved = {**scenario.resolved, "horizon_months": 24}
    made = scenario_of(Document(resolved), scenario.path, town())
    return replace(made, name=scenario.name)


@functools.cache
def town_study(sets: int = SETS) -> Sensitivity:
    """What matters to two years against none."""
    pair = pair_of(in_town(NO_AGREEMENT), in_town(TWO_YEAR), 5, [], None)
    return sensitivity(pair, sets=sets, means=Means(1))


@functools.cache
def same_study() -> Sensitivity:
    """What matters to another name for the same: nothing."""
    scenario = in_town(TWO_YEAR)
    twin = replace(scenario, name="twin", title="The same under another name", short="twin")
    metrics = ["members", "erosion"]
    return sensitivity(pair_of(scenario, twin, 5, metrics, None), metrics, SETS, means=Means(1))
