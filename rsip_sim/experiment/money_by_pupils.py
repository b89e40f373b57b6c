"""Pounds of one authority put to another: they go by its pupils, and prices stay what they are.

A scenario's pounds are those of the authority for which it was written, the register's those of
Rotherham. An authority with a tenth of the pupils has a tenth of the earmark, of the service and
its core, and of the fund below which a partnership ends. Without this an authority's outcome
would show its size and little else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from numpy.typing import ArrayLike

from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.rosters import load_roster
from rsip_sim.experiment.authority_runs import ROTHERHAM_ROSTER
from rsip_sim.model.arrays import FloatArray
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import draw_parameters
from rsip_sim.model.policy import Levers, Policy


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
