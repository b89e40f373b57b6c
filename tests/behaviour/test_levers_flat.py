"""No lever is flat without a stated reason: each moves a headline, or its row says why it does not.

Paired futures of the two-year scenario as it is shipped, means of month 13 to the horizon: a lever
moves a headline where the mean difference is beyond three standard errors, and is flat where no
headline differs in any future by more than the rounding of a unit of grant to the penny.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from rsip_sim.measures.metrics import HEADLINES, metrics_named
from rsip_sim.measures.moments import values_of
from rsip_sim.model.policy import Cohesion, Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_policies
from rsip_sim.scenario import load_scenario, with_values
from rsip_sim.scenario.levers import LEVERS, OPENINGS, WEIGHTS
from rsip_sim.scenario.loading import with_values_from
from tests.fakes.places import SCENARIOS
from tests.fakes.worlds import SEED

FUTURES = 96
FIRST = 13
ROUNDING = 1e-5  # relative: a penny of some £4,000 a pupil
TWO_YEAR = load_scenario(SCENARIOS / "two_year.yaml")
APRIL_2013 = TWO_YEAR.policy.start + 24

# of every lever a value far from that of the two-year agreement, within what evidence met
TRIED: Mapping[str, Any] = {
    "partnership": False,
    "climate.conversion": "observed",
    "agreement.length_months": 36,
    "agreement.renewal": "certain",
    "agreement.renewal_months": 36,
    "agreement.later_offers": False,
    "agreement.school_commitment_months": 24,
    "agreement.quorum": 0.75,
    "agreement.reviews_per_year": 4,
    "agreement.academies_may_join": False,
    "agreement.governance_settled_months": 18,
    "funding.earmark_gbp_per_year": 500_000,
    "funding.subscription_gbp_per_pupil": 12,
    "funding.ses_gbp_per_year": 1_250_000,
    "funding.ses_capacity_share": 0.2,
    "funding.council_cut_pct_per_year": 15,
    "funding.dsg_gbp_per_pupil": 5_080,
    "funding.service_money": 771,
    "funding.endowment": "won",
    "funding.line": "dedelegated",
    "funding.forum_delegates_from": "2013-04",
    "support.weakest_first_share": 0,
    "support.sold_beyond_share": 0.5,
    "external.market_quality": 0.8,
    "external.chain_approaches_per_year": 3,
    "cohesion.associate_weight": Cohesion(associate_weight=0.0),
    WEIGHTS: Cohesion(weights=(0.2, 0.5, 0.2, 0.2, 0.15)),
}


def changed(path: str, value: Any) -> Policy:
    """The two-year agreement with one lever otherwise."""
    if isinstance(value, Cohesion):
        return replace(TWO_YEAR.policy, cohesion=value)
    if path == "funding.line":  # which the law allows from April 2013
        return with_values_from(TWO_YEAR, APRIL_2013, {path: value}).policy
    return with_values(TWO_YEAR, {path: value}).policy


def headlines(outcome: BlockOutcome, partnership: bool) -> NDArray[np.float64]:
    """Mean of each headline over the headline months, (headlines, futures)."""
    return np.array(
        [
            values_of(metric, outcome.panel, partnership)[FIRST:].mean(axis=0)
            for metric in metrics_named(HEADLINES)
        ]
    )


@lru_cache(maxsize=1)
def differences() -> dict[str, NDArray[np.float64]]:
    """Lever → what each headline differs by, relative to its mean, (headlines, futures)."""
    plans = [TWO_YEAR.policy, *(changed(*each) for each in TRIED.items())]
    outcomes = simulate_policies(plans, TWO_YEAR.roster, SEED, np.arange(FUTURES))
    found = [
        headlines(outcome, plan.partnership) for outcome, plan in zip(outcomes, plans, strict=True)
    ]
    size = found[0].mean(axis=1, keepdims=True)
    return {path: (moved - found[0]) / size for path, moved in zip(TRIED, found[1:], strict=True)}


def test_every_lever_is_tried():
    assert {*TRIED, OPENINGS} == set(LEVERS)  # openings are the climate in numbers of its own


@pytest.mark.parametrize("path", TRIED)
def test_a_lever_moves_a_headline_or_says_why_it_does_not(path):
    moved = differences()[path]
    moved = moved[~np.isnan(moved).any(axis=1)]  # headlines that are not defined without members
    error = moved.std(axis=1, ddof=1) / np.sqrt(FUTURES)
    clear = np.abs(moved.mean(axis=1)) > np.maximum(3.0 * error, ROUNDING)
    if LEVERS[path].flat:
        assert np.abs(moved).max() < ROUNDING
    else:
        assert clear.any()
