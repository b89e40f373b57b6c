"""Generic authorities: England's 149 authorities with as many schools as they had, else alike.

What is known of each authority is how many schools and academies it had by phase; everything else
(sizes, kinds of governance, grades, communities) is given in national proportions, without a
random number. They serve to compare the model with England; nobody should read one as a portrait.

Sources: Department for Education register of schools (stocks by authority; governance of the
schools open in August 2010; average sizes of the performance tables, rounded); Ofsted annual
report 2010/11 (grades of all schools on 31 August 2011).

They are simulated with money by their pupils. Every authority has its own seed, so that neither its
luck nor its parameter sets are those of another; replication k of an authority depends on its seed
and on k alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.national import PHASES, AuthorityCount, authorities, opening_hazard
from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.rosters import Roster, load_roster, roster_from_rows
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

_BEFORE = parse_month("2010-09")
_SIZES = {"primary": 255, "secondary": 1050, "special": 120}
_FIRST_NUMBER = {"primary": 0, "secondary": 600, "special": 800}
_NUMBERS_AN_AUTHORITY = 1000
_FIRST_URN = 1_000_000
# schools open on 31 August 2010, by governance; special schools all count as community schools
_GOVERNANCE = {
    "primary": {
        "community": 9783,
        "foundation": 918,
        "voluntary aided": 3743,
        "voluntary controlled": 2468,
    },
    "secondary": {
        "community": 1488,
        "foundation": 1008,
        "voluntary aided": 533,
        "voluntary controlled": 102,
    },
    "special": {"community": 1},
}
# outstanding, good, satisfactory, inadequate
_GRADE_SHARES = (0.20, 0.50, 0.28, 0.02)
_GOLDEN_SECTION = (math.sqrt(5.0) - 1.0) / 2.0
_CATHOLIC, _ANGLICAN = "Roman Catholic", "Church of England"


@cache
def _counts() -> dict[tuple[int, str, str], AuthorityCount]:
    return {(row.month, row.authority, row.phase): row for row in authorities()}


@cache
def authority_names() -> tuple[str, ...]:
    """The authorities of the shipped table, in order of name."""
    return tuple(sorted({row.authority for row in authorities()}))


def generic_authorities() -> Iterator[Roster]:
    """The rosters of all authorities on 31 March 2011, in order of name."""
    return (generic_roster(authority) for authority in authority_names())


@cache
def generic_roster(authority: str) -> Roster:
    """An authority's schools as they stood when April 2011 began, before that day's openings.

    authority  a name of `authority_names()`
    There is one learning community for each secondary school, and the primary and special schools
    are spread over them evenly. URNs are made up, and differ between authorities.
    Raises ValueError for an authority the table does not have.
    """
    if authority not in authority_names():
        raise ValueError(f"the table of authorities has no '{authority}'")
    communities = max(_total(authority, "secondary"), 1)
    first = _FIRST_URN + authority_names().index(authority) * _NUMBERS_AN_AUTHORITY
    rows: list[dict[str, object]] = []
    for phase in PHASES:
        kinds = _governance(phase, _total(authority, phase))
        urns = [first + _FIRST_NUMBER[phase] + number for number in range(len(kinds))]
        opened = _academies(authority, phase, urns)
        for number, (urn, (kind, diocese)) in enumerate(zip(urns, kinds, strict=True)):
            community = number * communities // len(kinds) + 1
            row: dict[str, object] = {
                "urn": urn,
                "school": f"{authority} {phase} {number + 1}",
                "phase": phase,
                "pupils": _SIZES[phase],
                "governance": kind,
                "learning_community": f"{authority} {community:03d}",
                "diocese": diocese,
                "legal_status": "maintained",
                "ofsted_grade": _grade(urn),
            }
            if urn in opened:
                route, month = opened[urn]
                row |= {"legal_status": "academy", "route": route, "opened": month_text(month)}
            rows.append(row)
    return roster_from_rows(rows, authority)


def _total(authority: str, phase: str) -> int:
    row = _counts()[START, authority, phase]
    return row.maintained + row.converter + row.sponsored


def _governance(phase: str, schools: int) -> list[tuple[str, str]]:
    """Governance and diocese of each school: at every length as near the national mix as can be.

    Voluntary aided schools are Catholic and Church of England in turn, controlled ones Church of
    England.
    """
    shares = {kind: n / sum(_GOVERNANCE[phase].values()) for kind, n in _GOVERNANCE[phase].items()}
    given = dict.fromkeys(shares, 0)
    kinds = []
    for number in range(schools):
        due = {kind: share * (number + 1) - given[kind] for kind, share in shares.items()}
        kind = max(due, key=lambda name: due[name])
        given[kind] += 1
        diocese = _ANGLICAN if kind == "voluntary controlled" else ""
        if kind == "voluntary aided":
            diocese = _CATHOLIC if given[kind] % 2 else _ANGLICAN
        kinds.append((kind, diocese))
    return kinds


def _spread(urn: int) -> float:
    """A number from 0 to 1; those of successive URNs fill the interval evenly."""
    return urn * _GOLDEN_SECTION % 1.0


def _grade(urn: int) -> int:
    return 1 + sum(_spread(urn) >= bound for bound in itertools.accumulate(_GRADE_SHARES[:3]))


def _academies(authority: str, phase: str, urns: list[int]) -> dict[int, tuple[str, int]]:
    """Which schools are academies already, by URN: route and month of opening.

    Converters are outstanding schools first, since until November 2010 only those could convert.
    Sponsored ones are any others, dated September 2010: nothing depends on their date.
    """
    months = _converter_months(phase)[authority]
    best = sorted(urns, key=lambda urn: (_grade(urn), _spread(7 * urn)))
    others = sorted(best[len(months) :], key=lambda urn: _spread(7 * urn))
    sponsored = others[: _counts()[START, authority, phase].sponsored]
    return {urn: ("converter", month) for urn, month in zip(best, months, strict=False)} | {
        urn: ("sponsored", _BEFORE) for urn in sponsored
    }


@cache
def _converter_months(phase: str) -> dict[str, list[int]]:
    """Months of opening of the converters that stood before 1 April 2011, by authority.

    The table says where converters stood on 1 September 2010 and on 1 April 2011, and the national
    series how many opened in each month between. The months are dealt to the authorities in turn,
    so those of 1 April 2011 itself are put back among the maintained schools in proportion.
    """
    months = {
        name: [_BEFORE] * _counts()[_BEFORE, name, phase].converter for name in authority_names()
    }
    new = [
        name
        for name in authority_names()
        for _ in range(_counts()[START, name, phase].converter - len(months[name]))
    ]
    series = opening_hazard()
    between = range(_BEFORE + 1, START + 1)
    openings = series.openings[0, PHASES.index(phase)]
    flow = {month: int(openings[month - series.first]) for month in between}
    total, passed = sum(flow.values()), dict.fromkeys(between, 0)
    for place, name in enumerate(new):
        due = {month: (place + 1) * flow[month] / total - passed[month] for month in between}
        month = max(due, key=lambda candidate: due[candidate])
        passed[month] += 1
        if month < START:
            months[name].append(month)
    return months


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
    authority: str, horizon_months: int, parameters: str, climate: Climate | None = None
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
    found = []
    for job, own in zip(jobs, parts, strict=True):
        openings, *membership = zip(*own, strict=True)
        joined = np.concatenate(openings, axis=1), *map(np.concatenate, membership)
        found.append(Openings(job.authority, *joined))
    return found


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

    def shared(job: Job) -> tuple[object, ...]:
        return job.authority, job.seed, job.policy.start, job.policy.horizon_months

    groups = [list(group) for _, group in groupby(jobs, key=shared)]
    work = [sum(len(job.replications) for job in group) for group in groups]
    for outcomes in run_tasks(simulate, groups, work, workers, progress):
        yield from outcomes


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
    names = [name for name in amounts() if "." not in name]
    return {name: factor * drawn.by((name,))[0] for name in names}


def _levers(levers: Levers, factor: float) -> Levers:
    for section, name in (each.split(".") for each in amounts() if "." in each):
        group = getattr(levers, section)
        scaled = replace(group, **{name: getattr(group, name) * factor})
        levers = replace(levers, **{section: scaled})
    return levers
