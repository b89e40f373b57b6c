"""What governing bodies see in a month: the utility of membership and the rate of conversion.

Everything is read from the state as it stood when the turn began. What is common to a class of
schools is computed once for the class; a `View` then looks it up for the schools that meet, or
for single schools in single replications.
"""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray
from rsip_sim.model.national import AuthorityTemper, NationalClimate
from rsip_sim.model.rules import choice, conversion
from rsip_sim.model.rules.money import service_money_gbp
from rsip_sim.model.tallies import SERVED_ALIKE
from rsip_sim.model.world import Cells, World


class View:
    """Reads arrays for whole rows (`columns` None) or for single cells."""

    def __init__(self, rows: IntArray, columns: IntArray | None, replications: int) -> None:
        """Rows meet in every replication; with columns, row i only in replication columns[i]."""
        self.rows = rows
        self.columns = columns
        self._places: IntArray = np.arange(replications) if columns is None else columns
        self._replications = replications
        self._flat = None if columns is None else self.rows * replications + columns

    def state(self, array: AnyArray) -> AnyArray:
        """Values of a (schools, replications) array."""
        if self._flat is None:
            return array[self.rows]
        return array.reshape(-1).take(self._flat)

    def school(self, array: AnyArray) -> AnyArray:
        """Values of a (schools,) array, ready to broadcast."""
        return array[self.rows][:, None] if self.columns is None else array[self.rows]

    def replication(self, array: AnyArray) -> AnyArray:
        """Values of a (replications,) array."""
        return array if self.columns is None else array[self.columns]

    def group(self, table: AnyArray, index: IntArray) -> AnyArray:
        """Values of a (groups, replications) table at each school's group."""
        chosen = index[self.rows]
        return table[chosen] if self.columns is None else table[chosen, self.columns]

    def look_up(self, table: FloatArray, codes: AnyArray) -> FloatArray:
        """Values of a (codes, replications) table at a code that differs from cell to cell."""
        flat = codes.astype(np.intp)
        flat *= self._replications
        flat += self._places
        return np.asarray(table.reshape(-1).take(flat))


def log_or_never(rate: FloatArray) -> FloatArray:
    """Log of a rate, minus infinity where it is 0."""
    with np.errstate(divide="ignore"):
        return np.log(rate)


class Constants:
    """Derived once a block: choice constants, tastes and type multipliers."""

    def __init__(self, world: World, u0: FloatArray, inertia: FloatArray, nest: FloatArray) -> None:
        """Hold u0 (2, replications), inertia and lambda (replications,)."""
        self.u0 = u0
        self.inertia = inertia
        self.nest = nest
        p = world.parameters
        self.grade_log = log_or_never(
            np.stack([p.by((f"grade_multiplier_{g}",))[0] for g in (1, 2, 3, 4)])
        )
        self._types = p.by(
            (
                "type_primary_foundation",
                "type_primary_va_early",
                "type_primary_va_late",
                "type_primary_vc",
                "type_secondary_foundation",
                "type_secondary_va",
                "type_secondary_vc",
            )
        )
        self._lasting: dict[int, FloatArray] = {}

    def lasting(self, world: World, conversion_taste: FloatArray, number: int) -> FloatArray:
        """Taste plus log type multiplier, (schools, replications); changes once, in July 2012."""
        period = conversion.type_period(number)
        if period not in self._lasting:
            table = log_or_never(conversion.type_multipliers(self._types, number))
            schools = world.schools
            self._lasting = {period: conversion_taste + table[schools.phase, schools.governance]}
        return self._lasting[period]


class Outlook:
    """The month's tables, from which utilities and rates are looked up."""

    def __init__(
        self,
        world: World,
        constants: Constants,
        climate: NationalClimate,
        temper: AuthorityTemper,
    ) -> None:
        """Work out what is common to classes, communities and families this month."""
        self._world = world
        self._constants = constants
        self._month = world.month
        self._number = world.calendar.number
        self._ties_possible = any(
            levers.agreement.school_commitment_months
            for levers in (world.policy.levers, *(change for _, change in world.policy.changes))
        )
        self._rate_table = self._rates_by_phase_and_grade(climate, temper)
        self._nearby = self._nearby_by_phase_and_community()
        self._trusts = world.trust_active_until > self._month
        self._log_trust = log_or_never(world.parameters.trust_multiplier)
        self._founded = self._month >= 0 and world.policy.partnership
        self._utility_table = self._utility_by_class() if self._founded else np.empty(0)

    def _utility_by_class(self) -> FloatArray:
        world, p = self._world, self._world.parameters
        table = choice.class_utility(
            self._constants.u0,
            world.support.last_term(),
            self._constants.inertia,
            p.outsider_inertia_extra,
            p.b_support,
            p.adequacy_reference,
        )
        agreement = world.agreement
        unexpired = np.where(agreement.in_force, agreement.end - self._month, 0)
        common = choice.price_term(p.b_price, world.levers.funding.subscription_gbp_per_pupil)
        common = common + p.b_confidence * (agreement.confidence - p.confidence_reference)
        common = common + p.b_secure * choice.security(unexpired)
        market = world.levers.external.market_quality
        common = common - p.b_market * (market - p.market_reference)
        table = table + common
        # an outsider who joined now would be tied for the whole commitment
        commitment = world.levers.agreement.school_commitment_months
        table[:, :, 0] -= p.b_lock * (commitment / 12.0)
        return table.reshape(16, -1)

    def _rates_by_phase_and_grade(
        self, climate: NationalClimate, temper: AuthorityTemper
    ) -> FloatArray:
        world, p = self._world, self._world.parameters
        per_meeting = climate.rates(self._month, world.levers.climate)
        academies = world.stocks.schools[:, :, 1].sum(axis=(1, 2))[:3]
        of_phase = world.schools.in_phase[:3, None]
        by_phase = log_or_never(per_meeting) + temper.effect(self._month)
        by_phase += conversion.share_effect(academies, of_phase, p.share_multiplier)
        by_phase += log_or_never(p.political_multiplier)
        by_phase += self._money()
        since_lapse = self._month - world.agreement.lapsed_month
        rebound = (since_lapse >= 0) & (since_lapse < p.rebound_months)
        by_phase += np.where(rebound, np.log(p.rebound_multiplier), 0.0)
        table = np.full((4, 4, world.replications), -np.inf)
        table[:3] = by_phase[:, None] + self._constants.grade_log
        table[~conversion.eligible_grades(self._number)] = -np.inf
        return table.reshape(16, -1)

    def _money(self) -> FloatArray:
        setting = self._world.levers.funding.service_money
        elasticity = self._world.parameters.money_elasticity
        effects = []
        for secondary in (False, True, False):
            national = service_money_gbp(self._number, secondary)
            own = national if isinstance(setting, str) else float(setting)
            effects.append(conversion.money_effect(own, national, elasticity))
        return np.stack(effects)

    def _nearby_by_phase_and_community(self) -> FloatArray:
        """Log multiplier for converters of the last 12 months nearby: (3 × communities, …)."""
        world, p = self._world, self._world.parameters
        since = self._month - world.last_converter
        recent = (since >= 0) & (since < p.contagion_months)
        same = log_or_never(p.contagion_same_phase)
        other = log_or_never(p.contagion_other_phase)
        elsewhere = np.stack([recent[1] | recent[2], recent[0] | recent[2], recent[0] | recent[1]])
        table = np.where(recent, same, 0.0) + np.where(elsewhere, other, 0.0)
        table[:, -1] = 0.0  # schools without a community have no neighbours
        return np.asarray(table.reshape(-1, world.replications))

    def exp_utility(self, view: View) -> FloatArray:
        """e^u of membership, u with inertia and taste but without noise."""
        world = self._world
        classes = view.state(world.classes)
        utility = view.look_up(self._utility_table, classes & SERVED_ALIKE)
        utility += view.replication(world.parameters.b_peer) * (
            self._peers(view, classes) - view.replication(world.parameters.peer_reference)
        )
        utility += view.state(world.membership_taste)
        if self._ties_possible:
            left = np.maximum(view.state(world.tied_until) - self._month, 0)
            utility -= view.replication(world.parameters.b_lock) * (left / 12.0)
        return np.exp(utility)

    def _peers(self, view: View, classes: AnyArray) -> FloatArray:
        """Pupil share of the other schools of the community in the partnership."""
        schools = self._world.schools
        around = view.school(schools.peer_pupils)
        inside = view.group(self._world.community_members, schools.community)
        inside = inside - (classes & 1) * view.school(schools.pupils)
        everywhere = view.replication(self._world.member_share())
        return np.where(around > 0, inside / np.maximum(around, 1), everywhere)

    def log_rate(self, view: View, exp_utility: FloatArray | None) -> FloatArray:
        """a_i: log of the rate at which the conversion clock advances at a meeting."""
        world, p = self._world, self._world.parameters
        schools = world.schools
        phase = np.minimum(schools.phase, 2)
        rate = view.look_up(self._rate_table, view.state(world.classes) >> 2)
        rate += view.state(self._constants.lasting(world, world.conversion_taste, self._number))
        communities = len(world.community_members)
        rate += view.group(self._nearby, phase * communities + schools.community)
        trust = view.group(self._trusts, schools.family)
        rate += np.where(trust, view.replication(self._log_trust), 0.0)
        approached = self._month - view.state(world.approached) < view.replication(
            p.chain_active_months
        )
        rate += np.where(approached, view.replication(log_or_never(p.chain_multiplier)), 0.0)
        if exp_utility is not None:
            rate += self._nest(view, exp_utility)
            if self._ties_possible:
                tied = view.replication(log_or_never(p.tied_multiplier))
                rate += np.where(self.tied(view), tied, 0.0)
        return rate

    def _nest(self, view: View, exp_utility: FloatArray) -> FloatArray:
        constants, agreement = self._constants, self._world.agreement
        may_join = self._world.levers.agreement.academies_may_join
        shift = (
            np.exp(constants.u0[1] - constants.u0[0]) if may_join else np.zeros_like(constants.nest)
        )
        strength = np.where(agreement.alive, constants.nest, 0.0)
        ratio = conversion.nest_ratio(exp_utility, view.replication(shift))
        return np.asarray(view.replication(strength) * ratio)

    def tied(self, view: View) -> BoolArray:
        """Members whose commitment has not ended."""
        return np.asarray(
            view.state(self._world.member) & (view.state(self._world.tied_until) > self._month)
        )


def view_of(cells: Cells, replications: int) -> View:
    """A view of single cells."""
    return View(cells.rows, cells.columns, replications)
