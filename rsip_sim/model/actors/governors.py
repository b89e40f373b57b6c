"""Governing bodies: meet once every four months, decide on conversion and then on membership."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import IntArray
from rsip_sim.model.calendar import HISTORY_MONTHS, MEETING_GROUPS, Process, Turn
from rsip_sim.model.diary import Diary
from rsip_sim.model.draws import Purpose, exponential, normal
from rsip_sim.model.governors_view import Constants, GovernorsView, View
from rsip_sim.model.national import AuthorityTemper, NationalClimate
from rsip_sim.model.rules import conversion
from rsip_sim.model.rules.choice import wants_membership
from rsip_sim.model.rules.inspection import NEVER
from rsip_sim.model.world import CONVERTER, Cells, World, cells_at, cells_of, joined


class GoverningBodies:
    """All governing bodies of the block."""

    def __init__(
        self,
        world: World,
        constants: Constants,
        climate: NationalClimate,
        temper: AuthorityTemper,
        diary: Diary | None = None,
    ) -> None:
        """Give every school its persistent tastes and its first threshold."""
        self._diary = diary
        self._world = world
        self._constants = constants
        self._climate = climate
        self._temper = temper
        draws, schools, p = world.draws, world.schools, world.parameters
        taste = normal(draws.uniform(schools.keys, Purpose.CONVERSION_TASTE))
        world.conversion_taste = p.conversion_taste_sd * taste
        taste = normal(draws.uniform(schools.keys, Purpose.MEMBERSHIP_TASTE))
        world.membership_taste = p.membership_taste_sd * taste
        world.conversion_threshold = exponential(
            draws.uniform(schools.keys, Purpose.CONVERSION_THRESHOLD)
        )
        self._applying = np.zeros(world.academy.size, dtype=np.bool_)
        self._peers = self._peers_by_family_and_phase()

    def _peers_by_family_and_phase(self) -> list[list[IntArray]]:
        """Rows that could convert together; schools without a family have no peers."""
        schools = self._world.schools
        return [
            [np.flatnonzero((schools.family == f) & (schools.phase == phase)) for phase in range(3)]
            for f in range(schools.families)
        ] + [[np.empty(0, dtype=np.int64)] * 3]

    def meet(self) -> None:
        """One month's meetings: conversion on the membership held before, then membership.

        All decisions read the state as it stood when the turn began.
        """
        world = self._world
        rows = world.schools.meeting_rows[world.calendar.number % MEETING_GROUPS]
        if len(rows) == 0:
            return
        outlook = GovernorsView(world, self._constants, self._climate, self._temper)
        view = View(rows, None, world.replications)
        if self._diary is not None and self._diary.row in rows:
            own = np.array([self._diary.row])
            noise = world.luck_of_rows(own, Purpose.MEMBERSHIP, world.calendar.number)[0]
            self._diary.meet(world, outlook, noise)
        changes = self._membership(view, outlook) if outlook.founded else None
        self._advance(view, outlook)
        if changes is not None:
            self._apply_membership(*changes)

    # conversion

    def _advance(self, view: View, outlook: GovernorsView) -> None:
        world = self._world
        clock = view.state(world.conversion_clock)
        advanced = clock + conversion.clock_increment(outlook.log_rate(view))
        crossed = advanced >= view.state(world.conversion_threshold)
        crossed &= ~view.state(world.academy) & (view.state(world.opening_due) == NEVER)
        applicants = cells_of(crossed, view.rows)
        if len(applicants):
            self._apply(applicants, outlook)
        world.conversion_clock[view.rows] = advanced

    def _apply(self, applicants: Cells, outlook: GovernorsView) -> None:
        """Applicants of one family and phase form a consortium with the peers in reach."""
        world, schools = self._world, self._world.schools
        phase = schools.phase[applicants.rows]
        family = schools.family[applicants.rows]
        # without a family a school is a group of its own
        own = schools.families + 1 + applicants.rows
        family_key = np.where(family < schools.families, family, own)
        key = (family_key * 3 + phase) * world.replications + applicants.columns
        groups, first, group = np.unique(key, return_index=True, return_inverse=True)
        peers, peer_group = self._peers_in_reach(
            family[first], phase[first], applicants.columns[first], applicants, outlook
        )
        cells = joined([applicants, peers])
        group = np.concatenate([group.reshape(-1), peer_group])
        smallest = np.full(len(groups), schools.count, dtype=np.int64)
        np.minimum.at(smallest, group, cells.rows)
        self._enter_pipeline(cells, group, smallest, applicants.columns[first])

    def _peers_in_reach(
        self,
        family: IntArray,
        phase: IntArray,
        columns: IntArray,
        applicants: Cells,
        outlook: GovernorsView,
    ) -> tuple[Cells, IntArray]:
        world, p = self._world, self._world.parameters
        rows_of = [self._peers[f][s] for f, s in zip(family, phase, strict=True)]
        sizes = np.array([len(rows) for rows in rows_of], dtype=np.int64)
        group = np.repeat(np.arange(len(sizes)), sizes)
        cells = cells_at(np.concatenate(rows_of), columns[group], world.replications)
        free = ~cells.of(world.academy) & (cells.of(world.opening_due) == NEVER)
        self._applying[applicants.flat] = True
        free &= ~self._applying[cells.flat]
        self._applying[applicants.flat] = False
        cells, group = cells.where(free), group[free]
        rate = outlook.log_rate(View(cells.rows, cells.columns, world.replications))
        step = conversion.clock_increment(rate + p.consortium_reach[cells.columns])
        near = cells.of(world.conversion_threshold) - cells.of(world.conversion_clock) <= step
        near &= step > 0.0
        return cells.where(near), group[near]

    def _enter_pipeline(
        self, cells: Cells, group: IntArray, smallest: IntArray, columns: IntArray
    ) -> None:
        """One opening date and one withdrawal draw for the group, keyed by its smallest URN."""
        world, p = self._world, self._world.parameters
        number = world.calendar.number
        first = cells_at(smallest, columns, world.replications)
        months = conversion.pipeline_months(
            normal(world.luck(first, Purpose.PIPELINE, number)),
            p.pipeline_months_median[columns],
            p.pipeline_months_sigma[columns],
        )
        opening = conversion.opening_month(np.full(len(columns), world.month), months)
        pull = world.luck(first, Purpose.PULL, number) < p.pull_probability[columns]
        opening = conversion.pulled(opening, world.calendar.start, pull)
        withdraws = world.luck(first, Purpose.WITHDRAWAL, number) < p.withdrawal_share[columns]
        blocks = world.home_block(cells, smallest[group])
        world.apply(cells, opening[group], withdraws[group], CONVERTER, blocks)
        cells.put(world.applied, world.month)
        world.count("applications", cells.columns)

    # membership

    def _membership(self, view: View, outlook: GovernorsView) -> tuple[Cells, Cells]:
        world = self._world
        noise = world.luck_of_rows(view.rows, Purpose.MEMBERSHIP, world.calendar.number)
        academy, member = view.state(world.academy), view.state(world.member)
        wants = wants_membership(outlook.exp_utility(view), noise)
        wants &= ~academy | world.levers["agreement.academies_may_join"]
        inside = (wants | outlook.tied(view)) & world.agreement.alive
        return cells_of(inside & ~member, view.rows), cells_of(member & ~inside, view.rows)

    def _apply_membership(self, joining: Cells, leaving: Cells) -> None:
        world = self._world
        world.join(joining)
        world.count("joins", joining.columns)
        academy = leaving.of(world.academy)
        world.leave(leaving.where(~academy), "exits_voluntary")
        world.leave(leaving.where(academy), "exits_academy")


def governors(world: World, bodies: GoverningBodies) -> Process:
    """Meets every month a quarter of the schools, from the months of the pipeline on."""
    for turn in world.calendar.months(Turn.MEETINGS, first=-HISTORY_MONTHS):
        yield turn
        bodies.meet()
