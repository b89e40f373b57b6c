"""Studies of uncertainty on a small town over two years, simulated once for all tests of them."""

from __future__ import annotations

import functools
from dataclasses import replace
from unittest.mock import patch

from rsip_sim.scenario import Scenario
from rsip_sim.scenario.loading import scenario_of
from rsip_sim.scenario.reading import Document
from rsip_sim.studies.sensitivity import factorial
from rsip_sim.studies.sensitivity.work import Sensitivity, sensitivity
from tests.fakes.panels import NO_AGREEMENT, TWO_YEAR
from tests.fakes.worlds import town

SETS = 64
FEW_CHOICES = {
    "agreement.renewal": ("uncertain", "certain"),
}


def in_town(scenario: Scenario) -> Scenario:
    """The scenario with a few schools instead of Rotherham's, over two years."""
    resolved = {**scenario.resolved, "horizon_months": 24}
    made = scenario_of(Document(resolved), scenario.path, town())
    return replace(made, name=scenario.name)


@functools.cache
def town_study(sets: int = SETS) -> Sensitivity:
    """What matters to two years against none."""
    with patch.object(factorial, "_CHOICES", FEW_CHOICES):
        return sensitivity(in_town(NO_AGREEMENT), in_town(TWO_YEAR), 5, sets=sets, workers=1)


@functools.cache
def same_study() -> Sensitivity:
    """What matters to another name for the same: nothing."""
    scenario = in_town(TWO_YEAR)
    twin = replace(scenario, name="twin", title="The same under another name", short="twin")
    with patch.object(factorial, "_CHOICES", FEW_CHOICES):
        return sensitivity(scenario, twin, 5, ["members", "erosion"], sets=SETS, workers=1)
