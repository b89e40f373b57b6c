"""The accounts: writes down the state of every replication at the end of each month."""

from __future__ import annotations

from collections import Counter, deque
from itertools import product

import numpy as np

from rsip_sim.model.arrays import AnyArray, FloatArray, IntArray, added
from rsip_sim.model.calendar import Process, Turn
from rsip_sim.model.diary import Diary
from rsip_sim.model.panel import COLUMNS, LEGAL_STATUSES, PHASES, RELATIONS
from rsip_sim.model.partnership_means import (
    endowment_pence,
    fund_pence,
    members_adequacy,
    subscriptions_pence,
)
from rsip_sim.model.policy import by_column
from rsip_sim.model.rules import cohesion
from rsip_sim.model.rules.agreement import months_of_cover
from rsip_sim.model.rules.money import recouped_pence, recouped_unit_pence, unit_pence
from rsip_sim.model.tallies import SERVED_ALIKE
from rsip_sim.model.world import World, cells_of

YEAR = 12
_UNITS = {
    "nursery": "unit_nursery_gbp",
    "infant": "unit_primary_gbp",
    "junior": "unit_primary_gbp",
    "primary": "unit_primary_gbp",
    "secondary": "unit_secondary_gbp",
    "special": "unit_special_gbp",
    "pru": "unit_pru_gbp",
}
_CONVERTING_UNITS = ("unit_primary_gbp", "unit_secondary_gbp", "unit_special_gbp")


class Accounts:
    """The monthly panel of a block, filled month by month."""

    def __init__(self, world: World, diary: Diary | None = None) -> None:
        """Set out the panel; take the governance blocks of the start as the yardstick."""
        self._world = world
        self._diary = diary
        shape = (world.calendar.horizon_months, world.replications)
        self.panel = {column.name: np.zeros(shape, dtype=column.dtype) for column in COLUMNS}
        self._blocks_at_start = int(world.blocks.sum_of_squares()[0])
        self._members_before: deque[tuple[AnyArray, IntArray]] = deque()
        roster = world.schools.roster
        self._rolls: Counter[str] = Counter()
        for phase, pupils in zip(roster.detailed_phase, roster.pupils, strict=True):
            self._rolls[_UNITS[phase]] += int(pupils)
        self._units_at: tuple[AnyArray, tuple[IntArray, IntArray]] | None = None
        own = [group.policy.cohesion for group in world.groups]
        self._weights = np.stack(
            [by_column(world.groups, each) for each in zip(*(c.weights for c in own), strict=True)]
        )
        self._associate_weight = by_column(world.groups, [c.associate_weight for c in own])
        self._cumulative = {
            name: np.zeros(world.replications, dtype=np.int64)
            for name in ("gross", "recouped", "recouped_new")
        }

    def remember_founding(self) -> None:
        """The founding round is the yardstick of stability for the first year."""
        world = self._world
        self._members_before.append((world.member.copy(), world.member_pupils))

    def close_month(self) -> None:
        """Write this month's row and begin the next month's flows."""
        self._note_unmet()
        values = {**self._stocks(), **self._world.flows, **self._money(), **self._support()}
        values |= self._agreement()
        values |= self._cohesion(values["mutual_support"])
        month = self._world.month
        for name, value in values.items():
            self.panel[name][month] = value
        for flow in self._world.flows.values():
            flow[:] = 0
        if self._diary is not None:
            self._diary.close_month(self._world)

    def _note_unmet(self) -> None:
        """A month below good with less support than the reference counts as unmet."""
        world = self._world
        short = world.support.received < world.parameters.tilt_reference
        short[:2] = False
        weak = cells_of(world.grade > 2)
        unmet = short.reshape(16, -1)[weak.of(world.classes) & SERVED_ALIKE, weak.columns]
        weak.put(world.months_unmet, weak.of(world.months_unmet) + unmet)

    def _stocks(self) -> dict[str, AnyArray]:
        stocks = self._world.stocks
        values: dict[str, AnyArray] = {}
        for what, tally in (("schools", stocks.schools), ("pupils", stocks.pupils)):
            # relation 0 of the tally is alone, 1 member
            by_phase = tally.sum(axis=1)[:, :, ::-1].reshape(16, -1)
            names = product((what,), PHASES, LEGAL_STATUSES, RELATIONS)
            values |= {"_".join(name): own for name, own in zip(names, by_phase, strict=True)}
        world = self._world
        by_grade = stocks.schools.sum(axis=(0, 2, 3))
        values["academies_alone"] = self._academies_alone()
        values["schools_in_chains"] = world.blocks.schools[world.blocks.chain]
        values["schools_below_good"] = by_grade[2] + by_grade[3]
        values["schools_in_category"] = by_grade[3]
        return values

    def _academies_alone(self) -> IntArray:
        """Academies outside the partnership, dioceses, chains and trusts of two schools or more."""
        world = self._world
        outside = ~world.member & world.academy
        outside[world.schools.diocesan] = False
        academies = cells_of(outside)
        block = academies.of(world.block)
        places = block * np.int64(world.replications) + academies.columns
        alone = world.blocks.schools.reshape(-1)[places] == 1
        alone &= block != world.blocks.chain
        return np.bincount(academies.columns[alone], minlength=world.replications)

    def _units(self) -> tuple[IntArray, IntArray]:
        """Gross DSG of all schools, and the recouped unit by converting phase, in pence."""
        world, p = self._world, self._world.parameters
        level = world.levers["funding.dsg_gbp_per_pupil"]
        if self._units_at is not None and self._units_at[0] is level:
            return self._units_at[1]
        gross = np.zeros(world.replications, dtype=np.int64)
        for unit, pupils in self._rolls.items():
            gross += pupils * unit_pence(p.by((unit,))[0], level, p.unit_reference_gbp)
        converting = unit_pence(p.by(_CONVERTING_UNITS), level, p.unit_reference_gbp)
        self._units_at = level, (gross, recouped_unit_pence(converting, p.recoupment_factor))
        return self._units_at[1]

    def _money(self) -> dict[str, AnyArray]:
        world = self._world
        gross, recouped_unit = self._units()
        academies = world.academy_pupils()[:3]
        new = academies - world.start_academies[:3, None]
        recouped = recouped_pence(academies, recouped_unit, gross)
        recouped_new = recouped_pence(new, recouped_unit, recouped)
        totals = self._cumulative
        totals["gross"] = totals["gross"] + gross
        totals["recouped"] = totals["recouped"] + recouped
        totals["recouped_new"] = totals["recouped_new"] + recouped_new
        budget = world.budget
        return {
            "gross_pence_per_year": gross,
            "retained_pence_per_year": gross - recouped,
            "recouped_pence_per_year": recouped,
            "recouped_new_pence_per_year": recouped_new,
            # annual rates added up month by month: a twelfth of the sum
            "gross_cumulative_pence": totals["gross"] // YEAR,
            "recouped_cumulative_pence": totals["recouped"] // YEAR,
            "recouped_new_cumulative_pence": totals["recouped_new"] // YEAR,
            "deficits_cumulative_pence": budget.deficits,
            "line_pence_per_year": budget.line,
            "pooled_pence_per_year": budget.pooled,
            "delegated_pence_per_year": budget.to_all + budget.to_academies,
            "delegated_academies_pence_per_year": budget.to_academies,
            "guarantee_pence_per_year": budget.guarantee,
            "ses_path_pence_per_year": budget.path,
            "ses_pence_per_year": budget.ses,
            "overspend_pence_per_year": budget.overspend,
            "subscriptions_pence_per_year": subscriptions_pence(world),
            "endowment_pence_per_year": endowment_pence(world),
            "sold_pence_per_year": np.where(world.agreement.alive, world.support.sold, 0),
            "fund_pence_per_year": fund_pence(world),
        }

    def _support(self) -> dict[str, AnyArray]:
        world, state = self._world, self._world.support
        counts = world.stocks.schools.sum(axis=0)
        need = world.parameters.table("need_days")
        below = counts[2:] * need[2:, None, None, None]
        unmet_share = 1.0 - state.received[2:]
        needed, met = added(below), added(below * state.received[2:])
        return {
            "mutual_support": cohesion.mutual_support(met, needed),
            "unmet_days_below_good": added(below * unmet_share),
            "vulnerable_pupils": added(world.stocks.pupils.sum(axis=0)[2:] * unmet_share),
            "need_days": state.need_days,
            "served_days": state.served_days,
            "bought_by_schools_days": state.bought_days,
            "commissioned_days": state.commissioned_days,
            "adequacy": members_adequacy(world, state.received[:, :, 1]),
            "adequacy_judged": members_adequacy(world, state.inside),
            "lead_offer_share": state.lead_share,
        }

    def _agreement(self) -> dict[str, AnyArray]:
        state = self._world.agreement
        return {
            "confidence": state.confidence,
            "cover_months": months_of_cover(state.end, self._world.month, state.in_force),
            "agreement_in_force": state.in_force,
            "lapsed": state.lapsed,
            "line_kept": state.line_kept & state.alive,
            "partnership_ended": state.ended,
        }

    def _cohesion(self, mutual_support: AnyArray) -> dict[str, FloatArray]:
        world = self._world
        pupils = world.stocks.pupils[:, :, :, 1].sum(axis=(0, 1), dtype=np.int64)
        world.ties.recount(world.classes, world.block, world.communities_of_members())
        parts = {
            "participation": cohesion.participation(
                pupils[0], pupils[1], world.schools.total_pupils, self._associate_weight
            ),
            "connectedness": world.ties.connectedness(world.support.ses),
            "integrity": cohesion.integrity(world.blocks.sum_of_squares(), self._blocks_at_start),
            "mutual_support": mutual_support,
            "stability": self._stability(),
        }
        stacked = np.stack(list(parts.values()))
        index = cohesion.index(stacked, self._weights)
        return {
            **parts,
            "cohesion": np.where(world.partnership, index, np.nan),
            "cohesion_core": cohesion.core_index(stacked, self._weights),
        }

    def _stability(self) -> FloatArray:
        """Against the members of 12 months ago, or the founding round in the first year."""
        world = self._world
        before, pupils_before = self._members_before[0]
        left = cells_of(before & ~world.member)
        gone = np.zeros(world.replications, dtype=np.int64)
        np.add.at(gone, left.columns, world.schools.pupils[left.rows])
        self._members_before.append((world.member.copy(), world.member_pupils))
        if len(self._members_before) > YEAR:
            self._members_before.popleft()
        return cohesion.stability(pupils_before - gone, pupils_before)


def observer(world: World, accounts: Accounts) -> Process:
    """Closes every month after everybody else has acted."""
    for turn in world.calendar.months(Turn.ACCOUNTS):
        yield turn
        accounts.close_month()
