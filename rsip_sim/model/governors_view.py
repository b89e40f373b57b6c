"""What governing bodies see in a month: the utility of membership and the rate of conversion.

Everything is read from the state as it stood when the turn began. What is common to a class of
schools is computed once for the class; a `View` then looks it up for the schools that meet, or
for single schools in single replications.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from rsip_sim.model.arrays import AnyArray, BoolArray, FloatArray, IntArray
from rsip_sim.model.national import AuthorityTemper, NationalClimate
from rsip_sim.model.rules import choice, conversion
from rsip_sim.model.rules.money import service_money_gbp
from rsip_sim.model.tallies import ACADEMY_BIT, MAINTAINED, MEMBER_BIT, SERVED_ALIKE
from rsip_sim.model.world import World


class View:
    """Reads arrays for whole rows (`columns` None) or for single cells."""

    def __init__(self, rows: IntArray, columns: IntArray | None, replications: int) -> None:
        """Rows meet in every replication; with columns, row i only in replication columns[i]."""
        self.rows = rows
        self.columns = columns
        self.places: IntArray = np.arange(replications) if columns is None else columns
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
        flat += self.places
        return np.asarray(table.reshape(-1).take(flat))


def log_or_never(rate: FloatArray) -> FloatArray:
    """Log of a rate, minus infinity where it is 0."""
    with np.errstate(divide="ignore"):
        return np.log(rate)


def in_order(terms: Iterable[FloatArray]) -> FloatArray:
    """The terms added one after the other, so that the last bit does not depend on who asks."""
    first, *rest = terms
    total = first
    for term in rest:
        total = total + term
    return total


class Constants:
    """Derived once a block: choice constants, tastes and type multipliers."""

    def __init__(self, world: World, u0: FloatArray, inertia: FloatArray) -> None:
        """Hold u0 (2, replications) and inertia (replications,)."""
        self.u0 = u0
        self.inertia = inertia
        p = world.parameters
        self.grade_log = log_or_never(
            np.stack([p.by((f"grade_multiplier_{g}",))[0] for g in (1, 2, 3, 4)])
        )
        self._types = p.by(
            tuple(f"type_primary_{each}" for each in ("foundation", "va_early", "va_late", "vc"))
            + tuple(f"type_secondary_{each}" for each in ("foundation", "va", "vc"))
        )
        self._lasting: dict[bool, FloatArray] = {}

    def lasting(self, world: World, conversion_taste: FloatArray, number: int) -> FloatArray:
        """Taste plus log type multiplier, (schools, replications); changes once, in July 2012."""
        period = number >= conversion.JULY_2012
        if period not in self._lasting:
            table = log_or_never(conversion.type_multipliers(self._types, number))
            schools = world.schools
            self._lasting = {period: conversion_taste + table[schools.phase, schools.governance]}
        return self._lasting[period]


class GovernorsView:
    """The month's tables, from which utilities and rates are looked up."""

    def __init__(
        self, world: World, constants: Constants, climate: NationalClimate, temper: AuthorityTemper
    ) -> None:
        """Work out what is common to classes, communities and families this month."""
        self._world = world
        self._constants = constants
        self._month = world.month
        self._number = world.calendar.number
        self._ties_possible = any(
            levers.agreement.school_commitment_months
            for group in world.groups
            for levers in (group.policy.levers, *(change for _, change in group.policy.changes))
        )
        self._rate_table = self._rates_by_class(climate, temper)
        self._nearby = self._nearby_by_phase_and_community()
        self._trusts = world.trust_active_until > self._month
        self._log_trust = log_or_never(world.parameters.trust_multiplier)
        self.founded = self._month >= 0 and bool(world.partnership.any())
        self._utility_table = self._utility_by_class() if self.founded else np.empty(0)

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
        table = table + in_order(self._common_utility().values())
        # an outsider who joined now would be tied for the whole commitment
        table[:, :, 0] -= p.b_lock * (self._commitment() / 12.0)
        return table.reshape(16, -1)

    def _common_utility(self) -> dict[str, FloatArray]:
        """The terms of utility that are the same for all schools, (replications,) each."""
        p, agreement, levers = self._world.parameters, self._world.agreement, self._world.levers
        quality = levers["external.market_quality"]
        return {
            "price": choice.price_term(p.b_price, levers["funding.subscription_gbp_per_pupil"]),
            "confidence": p.b_confidence * (agreement.confidence - p.confidence_reference),
            "security": p.b_secure * choice.security(self._unexpired()),
            "market": -p.b_market * (quality - p.market_reference),
        }

    def _unexpired(self) -> IntArray:
        """Months that the agreement in force has still to run; 0 without one."""
        agreement = self._world.agreement
        return np.where(agreement.in_force, agreement.end - self._month, 0)

    def _commitment(self) -> IntArray:
        return self._world.levers["agreement.school_commitment_months"]

    def _rates_by_class(self, climate: NationalClimate, temper: AuthorityTemper) -> FloatArray:
        """The log rate of each class before what differs from school to school, (64, …)."""
        self._phase_rates = self._rates_by_phase(climate, temper)
        self._brake = self._brake_by_grade()
        by_phase = in_order(self._phase_rates.values())
        table = np.full((4, 4, 2, 2, self._world.replications), -np.inf)
        table[:3] = (by_phase[:, None] + self._constants.grade_log)[:, :, None, None]
        table[~conversion.eligible_grades(self._number)] = -np.inf
        table[:, :, MAINTAINED, 1] += self._brake
        return table.reshape(64, -1)

    def _brake_by_grade(self) -> FloatArray:
        """What holds maintained members back from converting: log multiplier, (grade 4, …)."""
        world, p = self._world, self._world.parameters
        reference = p.adequacy_reference
        given = world.support.last_term()[:, MAINTAINED]
        given = np.where(world.rules.are("brake", "constant"), reference, given)
        held = conversion.brake(given, reference, p.membership_multiplier)
        held = np.where(world.rules.are("brake", "off"), 0.0, held)
        shut_out = ~world.levers["agreement.academies_may_join"]
        return np.asarray(held + np.where(shut_out, log_or_never(p.exclusion_multiplier), 0.0))

    def _rates_by_phase(
        self, climate: NationalClimate, temper: AuthorityTemper
    ) -> dict[str, FloatArray]:
        """The terms of the log rate that are the same for all schools of a phase, (3, …) each."""
        world, p = self._world, self._world.parameters
        academies = world.stocks.schools[:, :, 1].sum(axis=(1, 2))[:3]
        of_phase = world.schools.in_phase[:3, None]
        return {
            "national": log_or_never(climate.rates(self._month)),
            "authority": temper.effect(self._month),
            "share": conversion.share_effect(academies, of_phase, p.share_multiplier),
            "politics": log_or_never(p.political_multiplier),
            "money": self._money(),
            "rebound": self._rebound(),
        }

    def _rebound(self) -> FloatArray:
        world, p = self._world, self._world.parameters
        multiplier = np.where(world.rules.are("rebound", "none"), 1.0, p.rebound_multiplier)
        multiplier = np.where(world.rules.are("rebound", "threefold"), 3.0, multiplier)
        since = self._month - world.agreement.rebound_from
        holds = conversion.rebound_holds(since, p.rebound_months)
        return np.where(holds, np.log(multiplier), 0.0)

    def _money(self) -> FloatArray:
        own = self._world.levers["funding.service_money"]
        elasticity = self._world.parameters.money_elasticity
        effects = [
            conversion.money_effect(own, service_money_gbp(self._number, secondary), elasticity)
            for secondary in (False, True, False)
        ]
        return np.stack(effects)

    def _nearby_by_phase_and_community(self) -> FloatArray:
        """Log multiplier for applications of the last 12 months nearby: (3 × communities, …)."""
        world, p = self._world, self._world.parameters
        schools = world.schools
        recent = np.zeros((3, *world.community_members.shape), dtype=np.bool_)
        if len(schools.near_rows):
            since = self._month - world.applied[schools.near_rows]
            fresh = (since > 0) & (since < p.contagion_months)
            recent.reshape(-1, world.replications)[schools.near_places] = np.logical_or.reduceat(
                fresh, schools.near_starts, axis=0
            )
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
        utility += self._peer_term(view, classes)
        utility += view.state(world.membership_taste)
        if self._ties_possible:
            utility -= self._lock_term(view)
        return np.exp(utility)

    def utility_terms(self, view: View) -> dict[str, FloatArray]:
        """What the utility of `exp_utility` is the sum of, by name; for diaries, not for speed."""
        world, p = self._world, self._world.parameters
        classes = view.state(world.classes)
        legal, member = (classes >> 1) & 1, (classes & 1) == 1
        inside = self._adequacy_inside(view, classes)
        inertia, extra = (
            view.replication(each) for each in (self._constants.inertia, p.outsider_inertia_extra)
        )
        outsider_lock = view.replication(p.b_lock * (self._commitment() / 12.0))
        lock = self._lock_term(view) if self._ties_possible else np.zeros(inside.shape)
        return {
            "start": self._constants.u0[legal, view.places],
            "support": view.replication(p.b_support)
            * (inside - view.replication(p.adequacy_reference)),
            **{name: view.replication(term) for name, term in self._common_utility().items()},
            "peers": self._peer_term(view, classes),
            "lock": -lock - np.where(member, 0.0, outsider_lock),
            "inertia": np.where(member, inertia, -(inertia + extra)),
            "taste": view.state(world.membership_taste),
        }

    def seen(self, view: View) -> dict[str, AnyArray]:
        """What the terms stand on, by name; for diaries, not for speed.

        alive       whether the partnership exists;  member  whether the school is in it
        price       subscription, £ a pupil a year;  market  quality of support on offer elsewhere
        unexpired   months that the agreement in force has still to run
        adequacy    share of need that service and partnership met, mean of the last four months
        confidence  0–1;  peers  pupil share of its community in the partnership
        bound       months for which it is tied, or for which joining would tie it
        academies   share of the authority's schools of its phase that are academies
        """
        world, agreement = self._world, self._world.agreement
        classes = view.state(world.classes)
        member = (classes & 1) == 1
        left = np.maximum(view.state(world.tied_until) - self._month, 0)
        of_phase = np.maximum(world.schools.in_phase, 1)[:, None]
        academies = world.stocks.schools[:, :, 1].sum(axis=(1, 2)) / of_phase
        same = np.zeros(classes.shape)
        return {
            "alive": view.replication(agreement.alive),
            "member": member,
            "price": same + view.replication(world.levers["funding.subscription_gbp_per_pupil"]),
            "market": same + view.replication(world.levers["external.market_quality"]),
            "unexpired": view.replication(self._unexpired()),
            "adequacy": self._adequacy_inside(view, classes),
            "confidence": view.replication(agreement.confidence),
            "peers": self._peers(view, classes),
            "bound": np.where(member, left, view.replication(self._commitment())),
            "academies": academies[classes >> 4, view.places],
        }

    def _adequacy_inside(self, view: View, classes: AnyArray) -> FloatArray:
        """Share of a school's need that is met inside the partnership, as schools judge it."""
        grade, legal = (classes >> 2) & 3, (classes >> 1) & 1
        return np.asarray(self._world.support.last_term()[grade, legal, view.places])

    def _peer_term(self, view: View, classes: AnyArray) -> FloatArray:
        p = self._world.parameters
        return np.asarray(
            view.replication(p.b_peer)
            * (self._peers(view, classes) - view.replication(p.peer_reference))
        )

    def _lock_term(self, view: View) -> FloatArray:
        left = np.maximum(view.state(self._world.tied_until) - self._month, 0)
        return np.asarray(view.replication(self._world.parameters.b_lock) * (left / 12.0))

    def _peers(self, view: View, classes: AnyArray) -> FloatArray:
        """Pupil share of the other schools of the community in the partnership."""
        schools = self._world.schools
        around = view.school(schools.peer_pupils)
        inside = view.group(self._world.community_members, schools.community)
        inside = inside - (classes & 1) * view.school(schools.pupils)
        everywhere = view.replication(self._world.member_share())
        return np.where(around > 0, inside / np.maximum(around, 1), everywhere)

    def log_rate(self, view: View) -> FloatArray:
        """a_i: log of the rate at which the conversion clock advances at a meeting."""
        world = self._world
        rate = view.look_up(self._rate_table, view.state(world.classes))
        rate += view.state(self._constants.lasting(world, world.conversion_taste, self._number))
        for term in self._local_rates(view).values():
            rate += term
        return rate

    def rate_terms(self, view: View) -> dict[str, FloatArray]:
        """What the log rate of `log_rate` is the sum of, by name; for diaries, not for speed.

        "eligible" is 0, or −∞ while a school of this grade and phase may not apply.
        """
        world = self._world
        classes = view.state(world.classes)
        phase, grade = np.minimum(classes >> 4, 2), (classes >> 2) & 3
        eligible = conversion.eligible_grades(self._number)[classes >> 4, grade]
        taste = view.state(world.conversion_taste)
        lasting = view.state(self._constants.lasting(world, world.conversion_taste, self._number))
        by_phase = {
            name: np.broadcast_to(term, (3, world.replications))[phase, view.places]
            for name, term in self._phase_rates.items()
        }
        return {
            "eligible": np.where(eligible, 0.0, -np.inf),
            **by_phase,
            "grade": self._constants.grade_log[grade, view.places],
            "type": lasting - taste,
            "taste": taste,
            "membership": np.where(
                (classes & (ACADEMY_BIT | MEMBER_BIT)) == MEMBER_BIT,
                self._brake[grade, view.places],
                0.0,
            ),
            **self._local_rates(view),
        }

    def _local_rates(self, view: View) -> dict[str, FloatArray]:
        """The terms of the log rate that differ from school to school, in the order of adding."""
        world, p = self._world, self._world.parameters
        schools = world.schools
        phase = np.minimum(schools.phase, 2)
        communities = len(world.community_members)
        trust = view.group(self._trusts, schools.family)
        approached = self._month - view.state(world.approached) < view.replication(
            p.chain_active_months
        )
        terms = {
            "neighbours": view.group(self._nearby, phase * communities + schools.community),
            "trust": np.where(trust, view.replication(self._log_trust), 0.0),
            "chain": np.where(approached, view.replication(log_or_never(p.chain_multiplier)), 0.0),
        }
        if self._ties_possible:
            tied = view.replication(log_or_never(p.tied_multiplier))
            terms["tie"] = np.where(self.tied(view), tied, 0.0)
        return terms

    def tied(self, view: View) -> BoolArray:
        """Members whose commitment has not ended."""
        return np.asarray(
            view.state(self._world.member) & (view.state(self._world.tied_until) > self._month)
        )
