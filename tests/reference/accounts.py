"""The accounts of each month: the same columns as the panel of the block engine."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from rsip_sim.model.panel import LEGAL_STATUSES, PHASES, RELATIONS

from .clock import Life, Turn
from .schools import CHAIN, School
from .support import GRADES

if TYPE_CHECKING:
    from .world import World

Record = dict[str, float]
Standing = dict[str, Hashable]
FLOOR = 0.02
BEFORE_START, NEVER = -2, -1
FLOWS = (
    *(f"openings_{route}_{phase}" for route in ("converter", "sponsored") for phase in PHASES[:3]),
    "applications",
    "withdrawals",
    "orders",
    "joins",
    "exits_voluntary",
    "exits_academy",
    "exits_dissolution",
)


class Accounts:
    """Observes the world after everything else in the month."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.months: list[Record] = []
        self.standings: list[list[Standing]] = []  # of every school, by month
        self.members_at: list[set[int]] = []  # URNs in the partnership, by month
        self.founders: set[int] = set()
        self.gross_so_far = self.recouped_so_far = self.new_so_far = 0  # pence × 12
        self.concentration_at_start = self.concentration()

    def unit_pence(self, school: School) -> int:
        """DSG of a pupil, whole pence a year."""
        p = self.world.numbers
        pounds = {
            "nursery": p.unit_nursery_gbp,
            "pru": p.unit_pru_gbp,
            "special": p.unit_special_gbp,
            "secondary": p.unit_secondary_gbp,
        }.get(school.detailed_phase, p.unit_primary_gbp)
        scale = self.world.levers.funding.dsg_gbp_per_pupil / p.unit_reference_gbp
        return round(pounds * scale * 100)

    def recouped_pence(self, school: School) -> int:
        """What leaves with a pupil of an academy, whole pence a year."""
        factor = self.world.numbers.recoupment_factor
        return round(self.unit_pence(school) * factor)

    def remember_founding(self) -> None:
        self.founders = {s.urn for s in self.world.members()}

    def observe(self) -> Life:
        for month in range(self.world.policy.horizon_months):
            yield self.world.at(month, Turn.ACCOUNTS)
            self.members_at.append({s.urn for s in self.world.members()})
            self.watch_schools()
            self.standings.append([self.standing_of(s) for s in self.world.schools])
            self.months.append(
                self.stocks()
                | {name: self.world.flows[name] for name in FLOWS}
                | self.money()
                | self.service()
                | self.standing(month)
                | self.cohesion(month)
            )
            self.world.flows.clear()

    def watch_schools(self) -> None:
        reference = self.world.numbers.tilt_reference
        for school in self.world.schools:
            if school.grade >= 3:
                received = school.received()
                if received != reference:
                    self.world.ties.note(received - reference, "reference adequacy")
                school.months_unmet += received < reference

    def stocks(self) -> Record:
        record: Record = defaultdict(int)
        for phase in PHASES:
            for legal in LEGAL_STATUSES:
                for relation in RELATIONS:
                    record[f"schools_{phase}_{legal}_{relation}"] = 0
                    record[f"pupils_{phase}_{legal}_{relation}"] = 0
        for s in self.world.schools:
            legal, relation = LEGAL_STATUSES[s.academy], RELATIONS[not s.member]
            record[f"schools_{PHASES[s.phase]}_{legal}_{relation}"] += 1
            record[f"pupils_{PHASES[s.phase]}_{legal}_{relation}"] += s.pupils
        return dict(record)

    def money(self) -> Record:
        """Everything in whole pence."""
        world = self.world
        schools = world.schools
        academies = [s for s in schools if s.academy]
        gross = sum(s.pupils * self.unit_pence(s) for s in schools)
        # no more leaves than there is, though an academy takes more than its unit
        recouped = min(sum(s.pupils * self.recouped_pence(s) for s in academies), gross)
        since = [s for s in academies if not s.academy_at_start]
        new = min(sum(s.pupils * self.recouped_pence(s) for s in since), recouped)
        self.gross_so_far += gross
        self.recouped_so_far += recouped
        self.new_so_far += new
        return {
            "gross_pence_per_year": gross,
            "retained_pence_per_year": gross - recouped,
            "recouped_pence_per_year": recouped,
            "recouped_new_pence_per_year": new,
            "gross_cumulative_pence": self.gross_so_far // 12,
            "recouped_cumulative_pence": self.recouped_so_far // 12,
            "recouped_new_cumulative_pence": self.new_so_far // 12,
            "deficits_cumulative_pence": world.deficits,
            **self.two_pots(),
        }

    def two_pots(self) -> Record:
        """The line and the council's own money, this year's budget; the fund this month."""
        council, partnership = self.world.council, self.world.partnership
        alive = partnership.alive
        amounts = {
            "line": council.line,
            "pooled": council.pooled,
            "delegated": council.delegated,
            "delegated_academies": council.delegated if council.for_academies_only else 0,
            "ses_path": council.path,
            "ses": council.ses,
            "guarantee": council.guarantee,
            "overspend": council.overspend,
            "subscriptions": partnership.subscriptions() if alive else 0,
            "endowment": partnership.endowment if alive else 0,
            "sold": self.world.support.sold,
            "fund": partnership.fund(),
        }
        return {f"{name}_pence_per_year": amount for name, amount in amounts.items()}

    def service(self) -> Record:
        """Support as it reaches schools."""
        world, need = (
            self.world,
            dict(zip(GRADES, self.world.numbers.table("need_days"), strict=True)),
        )
        support = world.support
        below_good = [s for s in world.schools if s.grade >= 3]
        members = world.members()
        return {
            "need_days": support.needed,
            "served_days": support.served,
            "unmet_days_below_good": sum(need[s.grade] * (1 - s.received()) for s in below_good),
            "vulnerable_pupils": sum(s.pupils * (1 - s.received()) for s in below_good),
            "adequacy": self.mean([s.received() for s in members]),
            "adequacy_judged": self.mean([s.institutional() for s in members]),
            "commissioned_days": support.commissioned,
            "bought_by_schools_days": support.bought_by_schools,
            "lead_offer_share": support.lead_share,
            "schools_below_good": len(below_good),
            "schools_in_category": sum(s.grade == 4 for s in world.schools),
        }

    @staticmethod
    def mean(shares: list[float]) -> float:
        return sum(shares) / len(shares) if shares else 0.0

    def standing(self, month: int) -> Record:
        world = self.world
        academies_outside = [s for s in world.schools if s.academy and not s.member]
        alone = [s for s in academies_outside if not s.diocese and s.alone_in_block()]
        return {
            "confidence": world.partnership.confidence,
            "cover_months": world.partnership.cover(month),
            "schools_in_chains": sum(s.block == CHAIN for s in world.schools),
            "academies_alone": len(alone),
            "agreement_in_force": int(world.partnership.in_force),
            "lapsed": int(world.partnership.lapsed),
            "line_kept": int(world.council.line_is_kept()),
            "partnership_ended": int(world.partnership.dissolved),
        }

    # cohesion ---------------------------------------------------------------------------------

    def cohesion(self, month: int) -> Record:
        choice = self.world.policy.cohesion
        parts = [
            self.participation(choice.associate_weight),
            self.connectedness(),
            min(1.0, self.concentration() / self.concentration_at_start),
            self.mutual_support(),
            self.stability(month),
        ]
        names = ("participation", "connectedness", "integrity", "mutual_support", "stability")
        record: Record = dict(zip(names, parts, strict=True))
        defined = self.world.policy.partnership
        record["cohesion"] = self.index(parts, list(choice.weights)) if defined else float("nan")
        record["cohesion_core"] = self.index(parts[1:4], list(choice.weights[1:4]))
        return record

    @staticmethod
    def index(parts: list[float], weights: list[float]) -> float:
        """Weighted geometric mean; weights that are all 0 count alike."""
        if sum(weights) == 0:
            weights = [1.0] * len(weights)
        logs = [float(np.log(max(part, FLOOR))) for part in parts]
        total = sum(weight * each for weight, each in zip(weights, logs, strict=True))
        return float(np.exp(total / sum(weights)))

    def participation(self, associate_weight: float) -> float:
        inside = sum(
            s.pupils * (associate_weight if s.academy else 1.0) for s in self.world.members()
        )
        return inside / sum(s.pupils for s in self.world.schools)

    def connectedness(self) -> float:
        communities: dict[str, list[School]] = defaultdict(list)
        for school in self.world.schools:
            if school.community:
                communities[school.community].append(school)
        chances = []
        for members in communities.values():
            if len(members) > 1:
                ties = [self.tie(a, b) for a, b in combinations(members, 2)]
                chances.append((sum(ties) / len(ties), sum(s.pupils for s in members)))
        if not chances:
            return 1.0
        pupils = sum(each for _, each in chances)
        return sum(chance * each for chance, each in chances) / pupils

    def tie(self, a: School, b: School) -> float:
        """Strength of the live tie of two schools of one community."""
        in_partnership = a.member and b.member
        in_trust = a.academy and b.academy and a.block == b.block
        in_diocese = a.diocese is not None and a.diocese == b.diocese
        if in_partnership or in_trust or in_diocese:
            return 1.0
        if a.academy or b.academy:
            return 0.0
        latest = self.world.support.latest
        assert latest is not None
        return min(latest.service[a.grade], latest.service[b.grade])

    def concentration(self) -> float:
        """Herfindahl index of governance blocks, by pupils."""
        pupils: dict[Hashable, int] = defaultdict(int)
        for school in self.world.schools:
            pupils[school.block if school.academy else None] += school.pupils
        total = sum(pupils.values())
        return sum(each**2 for each in pupils.values()) / total**2

    def mutual_support(self) -> float:
        need = dict(zip(GRADES, self.world.numbers.table("need_days"), strict=True))
        below_good = [s for s in self.world.schools if s.grade >= 3]
        if not below_good:
            return 1.0
        served = sum(need[s.grade] * s.received() for s in below_good)
        return served / sum(need[s.grade] for s in below_good)

    def stability(self, month: int) -> float:
        then = self.members_at[month - 12] if month >= 12 else self.founders
        before = [s for s in self.world.schools if s.urn in then]
        if not before:
            return 0.0
        still = sum(s.pupils for s in before if s.member)
        return still / sum(s.pupils for s in before)

    # schools ----------------------------------------------------------------------------------

    def standing_of(self, s: School) -> Standing:
        """How one school stands; `due` is the month for which an opening is planned."""
        converting = "converting" if s.application else "maintained"
        return {
            "status": "academy" if s.academy else converting,
            "relation": "member" if s.member else "alone",
            "grade": s.grade,
            "due": s.application.opening if s.application else None,
            "route": s.route,
            "spell": s.spell,
            "tied until": s.tied_until if s.member else None,
            "trust": s.block if s.academy else None,
        }

    def school_row(self, s: School) -> dict[str, Hashable]:
        opened = (BEFORE_START if s.academy_at_start else s.opened) if s.academy else NEVER
        return {
            "opening_month": opened,
            "route": s.route,
            "trust": s.block if s.academy else None,
            "first_month_alone": s.first_month_alone,
            "member_at_end": int(s.member),
            "months_unmet": s.months_unmet,
        }
