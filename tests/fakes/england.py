"""England without a simulation: changes by a formula, and authorities that are measured by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from rsip_sim.measures.metrics import METRICS
from rsip_sim.measures.moments import moments_of
from rsip_sim.scenario import Scenario
from rsip_sim.studies.compare.screen import SHOWN
from rsip_sim.studies.england.places import Place, Rate, price_rates, rate_of, shipped_places
from rsip_sim.studies.england.work import England, EnglandFound
from tests.fakes.panels import NO_AGREEMENT, NO_PARTNERSHIP, TWO_YEAR

THREE = (NO_AGREEMENT, TWO_YEAR, NO_PARTNERSHIP)
NAMED = ("Darlington", "Hackney", "Rotherham", "Rutland")
Change = Callable[[Place, Rate, int], float]


def some_places(every: int = 12) -> tuple[Place, ...]:
    """Every so many-th authority of the table."""
    return shipped_places()[::every]


def named_places(*names: str) -> tuple[Place, ...]:
    """Authorities by name."""
    return tuple(place for place in shipped_places() if place.name in names)


def rates_of(scenario: Scenario, metrics: Sequence[str] = SHOWN) -> tuple[Rate, ...]:
    """Some measures and the price, averaged over time."""
    months = scenario.policy.horizon_months
    moments = moments_of(scenario.policy, months)
    told = [rate_of(METRICS[name], moments, "mean", months) for name in metrics]
    return (*told, *price_rates(moments, "mean", months))


def by_academies(place: Place, rate: Rate, option: int) -> float:
    """The more academies, the larger the change; of prices a little, of erosion none."""
    if rate.name == "erosion":
        return 0.0
    return option * (0.1 if rate.is_price else 1.0 + 40 * place.academies)


def fake_england(
    scenarios: Sequence[Scenario],
    change: Change = by_academies,
    error: float = 0.3,
    places: Sequence[Place] = (),
    replications: int = 100,
    metrics: Sequence[str] = SHOWN,
) -> EnglandFound:
    """What England came to, had an authority changed by so much, with this standard error."""
    chosen, rates = tuple(places) or some_places(), rates_of(scenarios[0], metrics)
    asked = England(
        tuple(scenarios), chosen, tuple(metrics), "mean", replications, 5, generic=True
    )  # fmt: skip
    options = range(len(scenarios))
    changes = np.array([[[change(p, r, o) if o else 0.0 for r in rates] for o in options]
                        for p in chosen])  # fmt: skip
    errors = np.full(changes.shape, error)
    errors[:, :, [rate.is_price for rate in rates]] /= 10
    errors[:, 0] = 0.0
    levels = 50.0 + changes
    return EnglandFound(asked, rates, levels, changes, errors, changes - 1.0, changes + 2.0)


def shorter(scenario: Scenario, months: int = 15) -> Scenario:
    """The scenario over a little more than a year, so that it is simulated quickly."""
    policy = replace(scenario.policy, horizon_months=months)
    return replace(scenario, policy=policy)
