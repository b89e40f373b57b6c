"""Many authorities simulated on their own luck, with money by their pupils: openings by month.

Every authority has its own seed, so that neither its luck nor its parameter sets are those of
another; replication k of an authority depends on its seed and on k alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rsip_sim.evidence.months import parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.rosters import Roster, load_roster
from rsip_sim.experiment.authorities import authority_names, generic_roster
from rsip_sim.experiment.progress import Progress
from rsip_sim.experiment.tasks import filled, run_tasks
from rsip_sim.experiment.worker import BLOCK
from rsip_sim.model.arrays import FloatArray
from rsip_sim.model.draws import Draws
from rsip_sim.model.panel import CONVERTING_PHASES, ROUTES
from rsip_sim.model.parameters import draw_parameters
from rsip_sim.model.policy import Climate, Funding, Levers, Policy

START = parse_month("2011-04")
KNOWN = parse_month("2013-04")
"""The information set ends with the openings of 1 April 2013."""

ROTHERHAM = "Rotherham"
ROTHERHAM_ROSTER = "rotherham_2011"
FLOWS = tuple(f"openings_{route}_{phase}" for route in ROUTES for phase in CONVERTING_PHASES)


@dataclass(frozen=True)
class Job:
    """One authority under one policy: which replications of which seed."""

    authority: str
    policy: Policy
    seed: int
    replications: NDArray[np.int64]


@dataclass(frozen=True)
class Openings:
    """What one job came to.

    openings  int16 (months, replications, 2 routes, 3 phases), month 0 is April 2011
    founding  float (replications,): share of maintained schools that founded the partnership
    exits     float (replications,): share of maintained members leaving of their own will, a year
    The last two are NaN without a partnership.
    """

    authority: str
    openings: NDArray[np.int16]
    founding: NDArray[np.float64]
    exits: NDArray[np.float64]


def policy_for(
    authority: str,
    horizon_months: int,
    parameters: str,
    climate: Climate | None = None,
    overrides: tuple[tuple[str, float], ...] = (),
) -> Policy:
    """The policy an authority lived under: Rotherham had a partnership, the others none."""
    partnership = authority == ROTHERHAM
    funding = Funding() if partnership else Funding(endowment="none")
    levers = Levers(climate=climate or Climate(conversion="observed"), funding=funding)
    return Policy(
        start=START,
        horizon_months=horizon_months,
        partnership=partnership,
        levers=levers,
        parameters=parameters,
        overrides=overrides,
    )


def roster_of(authority: str) -> Roster:
    """Rotherham's own roster, or the generic one of another authority."""
    return load_roster(ROTHERHAM_ROSTER) if authority == ROTHERHAM else generic_roster(authority)


def seed_of(seed: int, authority: str) -> int:
    """An authority's own seed: that of the study plus its place in the table, from 1."""
    return seed + 1 + authority_names().index(authority)


def simulate(jobs: Sequence[Job]) -> list[Openings]:
    """Simulate jobs of one authority, seed and calendar, in blocks as full as they can be."""
    from rsip_sim.model.simulation import Portion, simulate_together

    roster = roster_of(jobs[0].authority)
    pieces = [
        (place, Portion(job.policy, job.replications[first : first + BLOCK]))
        for place, job in enumerate(jobs)
        for first in range(0, len(job.replications), BLOCK)
    ]
    parts: list[list[tuple[NDArray[Any], ...]]] = [[] for _ in jobs]
    for block in filled([np.size(piece.replications) for _, piece in pieces], BLOCK):
        portions = [pieces[place][1] for place in block]
        outcomes = simulate_together(portions, roster, jobs[0].seed)
        for place, outcome in zip(block, outcomes, strict=True):
            panel = outcome.panel
            flows = np.stack([panel[name] for name in FLOWS], axis=-1)
            shape = (*flows.shape[:2], len(ROUTES), len(CONVERTING_PHASES))
            openings = flows.reshape(shape).astype(np.int16)
            parts[pieces[place][0]].append((openings, *_membership(panel)))
    return [_joined(job.authority, own) for job, own in zip(jobs, parts, strict=True)]


def _joined(authority: str, parts: Sequence[tuple[NDArray[Any], ...]]) -> Openings:
    openings, founding, exits = zip(*parts, strict=True)
    return Openings(
        authority,
        np.concatenate(openings, axis=1),
        np.concatenate(founding),
        np.concatenate(exits),
    )


def _membership(
    panel: dict[str, NDArray[np.generic]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Founding share and yearly exits of maintained schools to April 2013."""
    phases = (*CONVERTING_PHASES, "other")
    members = sum(panel[f"schools_{p}_maintained_member"].astype(np.float64) for p in phases)
    outside = sum(panel[f"schools_{p}_maintained_alone"].astype(np.float64) for p in phases)
    months = slice(1, KNOWN - START + 1)
    leaving = panel["exits_voluntary"][months].astype(np.float64).sum(axis=0)
    present = np.asarray(members)[months].sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        founding = np.asarray(members)[0] / (np.asarray(members)[0] + np.asarray(outside)[0])
        exits = 12.0 * leaving / present
    nobody = np.asarray(members)[0] == 0
    return np.where(nobody, np.nan, founding), np.where(nobody, np.nan, exits)


def simulate_all(
    jobs: Sequence[Job], workers: int | None = None, progress: Progress | None = None
) -> Iterator[Openings]:
    """The outcomes of the jobs, in the order of the jobs, whoever simulates them.

    Jobs of one authority and calendar that follow one another share blocks.
    """
    groups = [list(group) for _, group in groupby(jobs, key=_shared)]
    work = [sum(len(job.replications) for job in group) for group in groups]
    for outcomes in run_tasks(simulate, groups, work, workers, progress):
        yield from outcomes


def _shared(job: Job) -> tuple[object, ...]:
    """What jobs have in common that share a block."""
    return job.authority, job.seed, job.policy.start, job.policy.horizon_months


@cache
def amounts() -> tuple[str, ...]:
    """Levers and parameters that are pounds of a whole authority, by their register names."""
    return tuple(each.name for each in load_register() if each.is_amount)


@cache
def register_pupils() -> int:
    """The pupils for whom the register's pounds are meant: Rotherham's."""
    return int(load_roster(ROTHERHAM_ROSTER).pupils.sum())


def policy_by_pupils(policy: Policy, factor: float) -> Policy:
    """The policy with every amount of its own times a factor, at the start and ever after.

    Its own are its levers, and the parameters that a planner holds; see `amounts_by_pupils`.
    """
    known = amounts()
    return replace(
        policy,
        levers=_levers(policy.levers, factor),
        changes=tuple((month, _levers(levers, factor)) for month, levers in policy.changes),
        overrides=tuple(
            (name, value * factor if name in known else value) for name, value in policy.overrides
        ),
    )


def amounts_by_pupils(
    how: str, factor: float, seed: int, replications: ArrayLike
) -> dict[str, FloatArray]:
    """The register's amounts times a factor, as these futures draw them: (replications,) each.

    how  which parameters are drawn, as rsip_sim.model.parameters says
    """
    drawn = draw_parameters(load_register(), {}, how, Draws(seed, replications))
    names = [name for name in amounts() if not _is_lever(name)]
    return {name: factor * drawn.by((name,))[0] for name in names}


def _levers(levers: Levers, factor: float) -> Levers:
    for section, name in (each.split(".") for each in amounts() if _is_lever(each)):
        group = getattr(levers, section)
        scaled = replace(group, **{name: getattr(group, name) * factor})
        levers = replace(levers, **{section: scaled})
    return levers


def _is_lever(name: str) -> bool:
    return "." in name
