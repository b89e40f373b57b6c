"""One school: a plain object with a life, which is a SimPy process."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rsip_sim.evidence.months import month_of_year, parse_month
from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.draws import Purpose

from .clock import HISTORY, Life, Step, Turn
from .conversion import OTHER, SECONDARY, SPECIAL, log_rate, power, soft
from .luck import meeting_month_of_four

if TYPE_CHECKING:
    from .world import World

CONVERTER, SPONSORED = 1, 2
CHAIN = "the chain"
LONG_AGO = -(10**6)


@dataclass
class Application:
    """A place in the pipeline."""

    opening: int
    route: int
    block: Hashable  # the trust it will join
    withdrawn: bool  # found out at the planned opening


def log_odds(uniform: float) -> float:
    return float(np.log(uniform / (1 - uniform)))


class School:
    """State and conduct of one school."""

    def __init__(self, world: World, roster: Roster, row: int) -> None:
        self.world = world
        start = world.policy.start
        self.row = row
        self.urn = int(roster.urn[row])
        self.phase = int(roster.phase[row])
        self.detailed_phase = roster.detailed_phase[row]
        self.pupils = int(roster.pupils[row])
        self.governance = int(roster.governance[row])
        community, diocese = int(roster.community[row]), int(roster.diocese[row])
        self.community = roster.communities[community] if community >= 0 else None
        self.diocese = roster.dioceses[diocese] if diocese >= 0 else None
        self.given_member = int(roster.member[row])
        self.meets_in = meeting_month_of_four(self.urn)

        self.academy = bool(roster.legal_status[row])
        self.academy_at_start = self.academy
        self.applied = LONG_AGO  # month of its last application to convert
        self.route = int(roster.route[row]) if self.academy else 0
        self.opened = int(roster.opened[row]) - start if self.academy else LONG_AGO
        self.block: Hashable = None  # governance block of an academy
        if self.academy:
            self.block = self.starting_block(roster.trust[row])

        self.member = False
        self.tied_until = LONG_AGO
        self.first_month_alone = -1  # month in which it first left
        self.months_unmet = 0
        self.approached = LONG_AGO

        self.spell = 0
        self.clock_before = 0.0  # where the clock stood when the turn of meetings began
        self.new_spell(0)
        self.order_clock = 0.0
        self.order_threshold = self.exponential(Purpose.ORDER_THRESHOLD)
        self.application: Application | None = None
        planned = int(roster.planned_opening[row])
        if planned >= 0:
            route = int(roster.route[row])
            own = self.pipeline_block(("school", self.urn), -HISTORY)
            block = self.sponsor(-HISTORY) if route == SPONSORED else own
            self.application = Application(planned - start, route, block, False)

        p = world.numbers
        known = planned if planned >= 0 else int(roster.opened[row]) if self.academy else -1
        if known >= 0 and int(roster.route[row]) == CONVERTER:
            self.applied = known - start - round(p.pipeline_months_median)
        self.conversion_taste = p.conversion_taste_sd * self.normal(Purpose.CONVERSION_TASTE)
        self.membership_taste = p.membership_taste_sd * self.normal(Purpose.MEMBERSHIP_TASTE)
        drawn = self.grade_from(p.table("start_grade_shares"), self.uniform(Purpose.START_GRADE))
        self.grade = int(roster.ofsted_grade[row]) or drawn
        self.inspections_held = 0
        self.next_inspection = self.months_to_inspection() - 1

    # draws ------------------------------------------------------------------------------------

    def uniform(self, purpose: Purpose, occasion: int = 0) -> float:
        return self.world.luck.uniform(purpose, self.urn, occasion)

    def normal(self, purpose: Purpose, occasion: int = 0) -> float:
        return self.world.luck.normal(purpose, self.urn, occasion)

    def exponential(self, purpose: Purpose, occasion: int = 0) -> float:
        return self.world.luck.exponential(purpose, self.urn, occasion)

    # who it belongs to ------------------------------------------------------------------------

    @property
    def family(self) -> tuple[str, str] | None:
        """Diocese if any, else community, else nothing."""
        if self.diocese:
            return ("diocese", self.diocese)
        return ("community", self.community) if self.community else None

    def starting_block(self, trust: str) -> Hashable:
        if self.diocese:
            return ("diocese", self.diocese)
        return ("trust", trust) if trust else ("school", self.urn)

    def pipeline_block(self, otherwise: Hashable, month: int) -> Hashable:
        """Governance block that an application or order leads to."""
        if self.diocese or (self.family and self.world.trust_active(self.family, month)):
            return self.family
        return otherwise

    def sponsor(self, month: int) -> Hashable:
        """Governance block of a school that is ordered to become an academy."""
        if self.diocese:
            return ("diocese", self.diocese)
        chance = self.world.numbers.sponsor_chain_chance
        if self.recently_approached(month) or self.uniform(Purpose.SPONSOR) < chance:
            return CHAIN
        return ("community", self.community) if self.community else ("school", self.urn)

    def alone_in_block(self) -> bool:
        others = (s for s in self.world.schools if s is not self and s.academy)
        return self.block != CHAIN and all(other.block != self.block for other in others)

    def recently_approached(self, month: int) -> bool:
        return 0 <= month - self.approached < self.world.numbers.chain_active_months

    # the life ---------------------------------------------------------------------------------

    def life(self) -> Life:
        """Opening, inspection, orders and meetings, month after month."""
        world = self.world
        for month in range(-HISTORY, world.policy.horizon_months):
            if month >= 0:
                yield world.at(month, Turn.OPENINGS)
                self.perhaps_open(month)
                yield world.at(month, Turn.INSPECTIONS)
                if month == self.next_inspection:
                    self.be_inspected(month)
            yield world.at(month, Turn.ORDERS)
            self.perhaps_be_ordered(month)
            if (world.policy.start + month) % 4 == self.meets_in:
                yield world.at(month, Turn.MEETINGS, Step.LOOK)
                applies = self.advance_clock(month)
                wants = self.wants_to_belong(month)
                if applies:
                    world.applicants.append(self)
                yield world.at(month, Turn.MEETINGS, Step.ACT)
                if month >= 0:
                    self.settle_membership(month, wants)

    # opening ----------------------------------------------------------------------------------

    def new_spell(self, spell: int) -> None:
        self.spell = spell
        self.clock = 0.0
        self.threshold = self.exponential(Purpose.CONVERSION_THRESHOLD, spell)

    def perhaps_open(self, month: int) -> None:
        application = self.application
        if application is None or application.opening != month:
            return
        self.application = None
        if application.withdrawn:
            self.new_spell(self.spell + 1)
            self.world.flows["withdrawals"] += 1
            return
        self.open(month, application)

    def open(self, month: int, application: Application) -> None:
        world = self.world
        p, phase = world.numbers, ("primary", "secondary", "special")[self.phase]
        self.academy, self.opened, self.route = True, month, application.route
        self.block = application.block
        if self.recently_approached(month) and not self.diocese:
            self.block = CHAIN
        if self.route == SPONSORED:
            world.flows[f"openings_sponsored_{phase}"] += 1
            deficit = (p.deficit_primary_gbp, p.deficit_secondary_gbp, p.deficit_special_gbp)
            if self.uniform(Purpose.DEFICIT) < p.deficit_chance:
                world.deficits += round(deficit[self.phase] * 100)
        else:
            world.flows[f"openings_converter_{phase}"] += 1
            self.perhaps_form_a_trust(month)
        stays = self.uniform(Purpose.ASSOCIATE) < p.associate_stay
        if self.member and not (
            self.tied(month) or (stays and world.levers.agreement.academies_may_join)
        ):
            self.leave(month, "exits_academy")

    def perhaps_form_a_trust(self, month: int) -> None:
        p = self.world.numbers
        forms = self.uniform(Purpose.TRUST_ON_CONVERSION) < p.trust_on_secondary
        if self.phase == SECONDARY and self.family and forms:
            self.world.activate_trust(self.family, month)
            if not self.diocese and self.block != CHAIN:
                self.block = self.family

    # inspection -------------------------------------------------------------------------------

    @staticmethod
    def grade_from(shares: list[float], uniform: float) -> int:
        limits = (shares[0], shares[0] + shares[1], shares[0] + shares[1] + shares[2])
        return 1 + sum(uniform > limit for limit in limits)

    def months_to_inspection(self) -> int:
        rate = self.world.numbers.table("inspection_rate")[self.grade - 1]
        wait = self.exponential(Purpose.INSPECTION, self.inspections_held)
        return self.world.ties.ceil(wait / rate, "inspection")

    def be_inspected(self, month: int) -> None:
        shares = self.chances_of_grades()
        uniform = self.uniform(Purpose.REGRADE, self.inspections_held)
        for place in (1, 2, 3):
            self.world.ties.note(uniform - sum(shares[:place]), "grade")
        self.grade = self.grade_from(shares, uniform)
        self.inspections_held += 1
        self.next_inspection = month + max(1, self.months_to_inspection())

    def chances_of_grades(self) -> list[float]:
        p = self.world.numbers
        shares = p.table(f"regrade_from_{self.grade}")
        better = self.received() - p.tilt_reference
        if self.grade < 4:
            tilt = power(p.fall_ratio, better) * self.world.temper.fall_effect()
            fall = min(shares[3] * tilt, 0.9)
            others = sum(shares[:3])
            best, good, third = (share * (1 - fall) / others for share in shares[:3])
            if self.grade < 3:
                return [best, good, third, fall]
            up = min(power(p.up_ratio, better), (1 - fall) / (best + good))
            return [best * up, good * up, 1 - fall - (best + good) * up, fall]
        leave = sum(shares[:3])
        tilted = min(leave * power(p.leave_ratio, better), 1.0)
        return [share * tilted / leave for share in shares[:3]] + [1 - tilted]

    def received(self) -> float:
        """Share of its need that is met by whomever, by the latest allocation."""
        latest = self.world.support.latest
        assert latest is not None
        return latest.received(self.grade, self.academy, self.member)

    def institutional(self) -> float:
        """Share of its need that service and fund meet, by the latest allocation."""
        latest = self.world.support.latest
        assert latest is not None
        return latest.institutional(self.grade, self.academy, self.member)

    # orders -----------------------------------------------------------------------------------

    def order_rate(self, month: int) -> float:
        """Rate of an academy order this month."""
        p = self.world.numbers
        first = parse_month("2010-12" if self.phase == SECONDARY else "2011-07")
        if self.phase == OTHER or self.world.policy.start + month < first:
            return 0.0
        by_phase = (p.order_rate_grade_3_primary, p.order_rate_grade_3_secondary, 0.0)
        rate = {3: by_phase[self.phase], 4: p.order_rate_grade_4}.get(self.grade, 0.0)
        if self.recently_approached(month):
            rate *= p.chain_multiplier
        climate = self.world.levers.climate
        return (
            rate
            * self.world.temper.order_effect(self.phase)
            * self.world.climate.order_factor(climate, self.phase, month)
        )

    def perhaps_be_ordered(self, month: int) -> None:
        if self.academy or self.application:
            return
        rate = self.order_rate(month)
        self.order_clock += rate
        due = self.world.ties.at_least(self.order_clock, self.order_threshold, "order")
        if rate > 0 and due:
            wait = 9 + min(int(4 * self.uniform(Purpose.ORDER_MONTHS)), 3)
            self.application = Application(month + wait, SPONSORED, self.sponsor(month), False)
            self.world.flows["orders"] += 1

    # conversion -------------------------------------------------------------------------------

    def eligible(self, month: int) -> bool:
        """May apply this month: maintained, not in the pipeline, grade and phase admitted."""
        number = self.world.policy.start + month
        if self.academy or self.application or self.phase == OTHER:
            return False
        if number >= parse_month("2011-04"):
            return True
        if number < parse_month("2010-11"):
            return self.phase != SPECIAL and self.grade == 1
        if self.phase == SPECIAL and number < parse_month("2011-01"):
            return False
        return self.grade <= 2

    def advance_clock(self, month: int) -> bool:
        """Advance the clock by this meeting; True where the school applies."""
        if not self.eligible(month):
            return False
        self.clock += soft(self.log_rate(month))
        return self.world.ties.at_least(self.clock, self.threshold, "application")

    def within_reach(self, month: int) -> bool:
        """Whether a peer's application would carry this school along."""
        rate = self.log_rate(month)
        if not self.eligible(month) or rate == -math.inf:
            return False
        reach = soft(rate + self.world.numbers.consortium_reach)
        missing = self.threshold - self.clock_before
        return self.world.ties.at_least(reach, missing, "reach")

    def log_rate(self, month: int) -> float:
        """a: log rate of applying at a meeting."""
        return log_rate(self, month)

    # membership -------------------------------------------------------------------------------

    def tied(self, month: int) -> bool:
        return self.member and self.tied_until > month

    def utility(self, month: int) -> float:
        """Utility of membership without noise."""
        world, p, levers = self.world, self.world.numbers, self.world.levers
        c = world.constants
        adequacy = world.support.over_the_term(self.grade, self.academy)
        if self.member:
            inertia = c.inertia
            years_tied = max(self.tied_until - month, 0) / 12
        else:
            inertia = -(c.inertia + p.outsider_inertia_extra)
            years_tied = levers.agreement.school_commitment_months / 12
        return (
            (c.u0_academy if self.academy else c.u0_maintained)
            + p.b_support * (adequacy - p.adequacy_reference)
            - p.b_price * max(levers.funding.subscription_gbp_per_pupil - 1, 0)
            + p.b_peer * (self.peers_inside() - p.peer_reference)
            + p.b_confidence * (world.partnership.confidence - p.confidence_reference)
            + p.b_secure * min(world.partnership.cover(month), 24) / 24
            - p.b_market * (world.market_quality() - p.market_reference)
            - p.b_lock * years_tied
            + inertia
            + self.membership_taste
        )

    def peers_inside(self) -> float:
        """Pupil share in the partnership of the other schools of the community."""
        others = [
            s
            for s in self.world.schools
            if s is not self and self.community and s.community == self.community
        ]
        if not others:
            return self.world.pupil_share_inside()
        return sum(s.pupils for s in others if s.member) / sum(s.pupils for s in others)

    def wants_to_belong(self, month: int) -> bool:
        if not self.world.partnership.alive:
            return False
        if self.academy and not self.world.levers.agreement.academies_may_join:
            return False
        noise = log_odds(self.uniform(Purpose.MEMBERSHIP, self.world.policy.start + month))
        wish = self.utility(month) + noise
        return self.world.ties.above(wish, 0.0, "membership")

    def settle_membership(self, month: int, wants: bool) -> None:
        if not self.world.partnership.alive:
            return
        if self.member and not wants and not self.tied(month):
            self.leave(month, "exits_academy" if self.academy else "exits_voluntary")
        elif wants and not self.member:
            self.world.flows["joins"] += 1
            self.join(month)

    def found(self) -> None:
        """The founding round."""
        world, p, levers = self.world, self.world.numbers, self.world.levers
        c = world.constants
        noise = log_odds(self.uniform(Purpose.FOUNDING))
        wish = (
            (c.u0_academy if self.academy else c.u0_maintained)
            + p.b_peer * (p.founding_maintained - p.peer_reference)
            - p.b_price * max(levers.funding.subscription_gbp_per_pupil - 1, 0)
            - p.b_market * (world.market_quality() - p.market_reference)
            - p.b_lock * levers.agreement.school_commitment_months / 12
            + self.membership_taste
            + noise
        )
        joins = world.ties.above(wish, 0.0, "founding")
        if self.academy and not levers.agreement.academies_may_join:
            joins = False
        if self.given_member >= 0:
            joins = self.given_member == 1
        if joins:
            self.join(0)

    def join(self, month: int) -> None:
        self.member = True
        self.tied_until = month + self.world.levers.agreement.school_commitment_months

    def leave(self, month: int, flow: str) -> None:
        self.member = False
        if self.first_month_alone < 0:
            self.first_month_alone = month
        self.world.flows[flow] += 1


def next_month_draws_openings(start: int, opening: int) -> bool:
    """Whether the month after an opening is April or September."""
    return month_of_year(start + opening + 1) in (4, 9)
