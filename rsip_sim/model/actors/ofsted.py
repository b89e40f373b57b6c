"""Ofsted: inspects schools all year round, the weaker ones more often."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.draws import Purpose, exponential, normal
from rsip_sim.model.rules.climate import authority_effect
from rsip_sim.model.rules.inspection import (
    grade_chances,
    months_to_inspection,
    regraded,
    start_grades,
)
from rsip_sim.model.world import World, cells_of


class Inspectorate:
    """The date of each school's next inspection."""

    def __init__(self, world: World) -> None:
        """Grades at the start, given or drawn, and the first inspection dates."""
        self._world = world
        p, draws, schools = world.parameters, world.draws, world.schools
        given = schools.roster.ofsted_grade
        drawn = start_grades(
            draws.uniform(schools.keys, Purpose.START_GRADE), p.table("start_grade_shares")
        )
        world.grade = np.where(given[:, None] > 0, given[:, None], drawn).astype(np.int8)
        self._count = np.zeros(world.grade.shape, dtype=np.int64)
        threshold = exponential(draws.uniform(schools.keys, Purpose.INSPECTION))
        first = months_to_inspection(threshold, world.grade, p.table("inspection_rate")) - 1
        self._next = first.astype(np.int16)
        effect = normal(draws.one(Purpose.FALL_EFFECT))
        whole = np.ones(world.replications)
        self._fall_effect = np.exp(authority_effect(p.fall_effect_sd, whole, effect, effect))
        rows = ("regrade_from_1", "regrade_from_2", "regrade_from_3", "regrade_from_4")
        self._matrix = np.stack([p.table(row) for row in rows])

    def inspect(self) -> None:
        """Inspect the schools whose date has come and set the next date."""
        world, p = self._world, self._world.parameters
        cells = cells_of(self._next == world.month)
        if len(cells) == 0:
            return
        grade = cells.of(world.grade)
        received = world.support_received(cells)
        chances = grade_chances(
            grade,
            received,
            self._matrix,
            p.fall_ratio[cells.columns],
            p.leave_ratio[cells.columns],
            p.up_ratio[cells.columns],
            self._fall_effect[cells.columns],
            p.tilt_reference[cells.columns],
        )
        luck = world.luck(cells, Purpose.REGRADE, cells.of(self._count))
        found = regraded(luck, chances)
        changed = found != grade
        world.regrade(cells.where(changed), found[changed])
        count = cells.of(self._count) + 1
        cells.put(self._count, count)
        uniform = world.luck(cells, Purpose.INSPECTION, count)
        rates = p.table("inspection_rate")
        months = months_to_inspection(exponential(uniform), cells.of(world.grade), rates)
        cells.put(self._next, world.month + months)


def ofsted(world: World, inspectorate: Inspectorate) -> Process:
    """Inspects every month from the start."""
    for turn in world.calendar.months(Turn.INSPECTIONS):
        yield turn
        inspectorate.inspect()
