"""All generic authorities simulated together: what the model makes of England.

Authorities share no luck: each has replications of its own, and the r-th replication of every
authority together are the r-th simulated England.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rsip_sim.evidence.rosters import Roster
from rsip_sim.experiment.authorities import START, generic_authorities
from rsip_sim.model.policy import Climate, Levers, Policy
from rsip_sim.model.simulation import simulate_block

MEMORY_MONTHS = 12  # for how long a conversion counts as recent
TWO_YEARS = 24
_ROTHERHAM_SCHOOLS = 126


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Openings of primary converters with and without a recent converter in their community.

    ratio of rates, pooled over authorities and replications (Mantel and Haenszel), so that
    differences between authorities are taken out
    """

    same_phase: float
    other_phase: float


@dataclass(frozen=True, eq=False)
class England:
    """Openings in the generic authorities; phases primary, secondary, special.

    openings    (authorities, routes 2, phases 3, months, replications): schools opening
    start       (authorities, routes 2, phases 3): academies at the start
    schools     (authorities, phases 3): all schools
    neighbours  local contagion over the months simulated
    first       month number of the first month
    """

    openings: NDArray[np.int64]
    start: NDArray[np.int64]
    schools: NDArray[np.int64]
    neighbours: Neighbours
    first: int

    def maintained(self) -> NDArray[np.int64]:
        """Schools maintained as each month begins, (authorities, phases, months, replications)."""
        opened = self.openings.sum(axis=1)
        before = np.cumsum(opened, axis=2) - opened
        kept = self.schools - self.start.sum(axis=1)
        return np.asarray(kept[:, :, None, None] - before)


def national_policy(
    parameters: str = "central",
    horizon_months: int = TWO_YEARS + 1,
    climate: str = "observed",
    overrides: tuple[tuple[str, float], ...] = (),
) -> Policy:
    """England as it was: no partnership, and the observed climate.

    horizon_months  25 by default: the openings of 1 April 2013 belong to the stock of that day
    """
    return Policy(
        start=START,
        horizon_months=horizon_months,
        partnership=False,
        levers=Levers(climate=Climate(conversion=climate)),
        overrides=overrides,
        parameters=parameters,
    )


def simulate_england(
    policy: Policy,
    seed: int,
    replications: int,
    rosters: Iterable[Roster] | None = None,
) -> England:
    """Simulate every generic authority `replications` times, on one processor.

    policy   for an authority of Rotherham's size: the council's money and the approaches of chains
             are scaled to the number of schools
    rosters  other authorities than the 149 shipped ones
    """
    openings, starts, schools = [], [], []
    tallies = np.zeros((2, 2))
    for place, roster in enumerate(generic_authorities() if rosters is None else rosters):
        own = range(place * replications, (place + 1) * replications)
        outcome = simulate_block(_scaled(policy, roster), roster, seed, own)
        month, route = outcome.schools["opening_month"], outcome.schools["route"]
        openings.append(_openings(roster, month, route, policy.horizon_months))
        starts.append([[_academies(roster, r, phase) for phase in range(3)] for r in (1, 2)])
        schools.append([int((roster.phase == phase).sum()) for phase in range(3)])
        tallies += _neighbour_tallies(roster, month, route, policy)
    same, other = tallies[:, 0] / tallies[:, 1]
    neighbours = Neighbours(float(same), float(other))
    return England(
        np.array(openings), np.array(starts), np.array(schools), neighbours, policy.start
    )


def _scaled(policy: Policy, roster: Roster) -> Policy:
    size = len(roster) / _ROTHERHAM_SCHOOLS
    funding, external = policy.levers.funding, policy.levers.external
    approaches = external.chain_approaches_per_year
    if isinstance(approaches, str):
        raise ValueError("generic authorities need a number of approaches by chains")
    levers = replace(
        policy.levers,
        funding=replace(
            funding,
            ses_gbp_per_year=funding.ses_gbp_per_year * size,
            earmark_gbp_per_year=funding.earmark_gbp_per_year * size,
        ),
        external=replace(external, chain_approaches_per_year=approaches * size),
    )
    return replace(policy, levers=levers)


def _academies(roster: Roster, route: int, phase: int) -> int:
    return int(((roster.route == route) & (roster.phase == phase)).sum())


def _openings(
    roster: Roster, month: NDArray[np.int16], route: NDArray[np.int16], months: int
) -> NDArray[np.int64]:
    """Schools opening by route, phase, month and replication."""
    counts = np.zeros((2, 3, months, month.shape[1]), dtype=np.int64)
    rows, columns = np.nonzero(month >= 0)
    cells = month[rows, columns], route[rows, columns]
    np.add.at(counts, (cells[1] - 1, roster.phase[rows], cells[0], columns), 1)
    return counts


def _neighbour_tallies(
    roster: Roster, month: NDArray[np.int16], route: NDArray[np.int16], policy: Policy
) -> NDArray[np.float64]:
    """Numerator and denominator of the rate ratio, by same and other phase: (2, 2)."""
    events = _converters_by_community(roster, month, route, policy)
    recent = _recent(events)
    primary = events[0, :, MEMORY_MONTHS:]
    at_risk = _primaries_maintained(roster, month, policy.horizon_months)
    exposed = recent[0] > 0, (recent[1] + recent[2]) > 0
    return np.array([_mantel_haenszel(primary, at_risk, near) for near in exposed])


def _converters_by_community(
    roster: Roster, month: NDArray[np.int16], route: NDArray[np.int16], policy: Policy
) -> NDArray[np.int64]:
    """Converters opening, (phases, communities, 12 months before the start and all after, …)."""
    before = np.where(roster.route == 1, roster.opened - policy.start, -2 * MEMORY_MONTHS)
    opened = np.where((month >= 0) & (route == 1), month, before[:, None])
    shape = (3, len(roster.communities), MEMORY_MONTHS + policy.horizon_months, month.shape[1])
    events = np.zeros(shape, dtype=np.int64)
    rows, columns = np.nonzero(opened >= -MEMORY_MONTHS)
    when = opened[rows, columns] + MEMORY_MONTHS
    np.add.at(events, (roster.phase[rows], roster.community[rows], when, columns), 1)
    return events


def _recent(events: NDArray[np.int64]) -> NDArray[np.int64]:
    """Converters of the 12 months before each month of the simulation."""
    total = np.cumsum(events, axis=2)
    total = np.concatenate([np.zeros_like(total[:, :, :1]), total], axis=2)
    return np.asarray(total[:, :, MEMORY_MONTHS:-1] - total[:, :, : -MEMORY_MONTHS - 1])


def _primaries_maintained(
    roster: Roster, month: NDArray[np.int16], months: int
) -> NDArray[np.int64]:
    """Primary schools maintained as each month begins, (communities, months, replications)."""
    rows = np.flatnonzero((roster.phase == 0) & (roster.legal_status == 0))
    kept = np.zeros((len(roster.communities), months, month.shape[1]), dtype=np.int64)
    leaves = np.where(month[rows] < 0, months, month[rows])
    for now in range(months):
        np.add.at(kept[:, now], roster.community[rows], leaves >= now)
    return kept


def _mantel_haenszel(
    events: NDArray[np.int64], at_risk: NDArray[np.int64], near: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Numerator and denominator of the pooled rate ratio; a replication is a stratum."""
    axes = (0, 1)
    time = at_risk.sum(axis=axes)
    time_near = (at_risk * near).sum(axis=axes)
    near_events, far_events = (events * near).sum(axis=axes), (events * ~near).sum(axis=axes)
    time = np.maximum(time, 1)
    return np.array(
        [
            (near_events * (time - time_near) / time).sum(),
            (far_events * time_near / time).sum(),
        ]
    )
