"""The council's two pots: the line for the partnership (DSG) and its own money for the SES."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsip_sim.evidence.months import financial_year, month_of_year, parse_month

from .clock import Life, Turn
from .partnership import APRIL, pence

if TYPE_CHECKING:
    from .world import World

LAST_FREE_YEAR = 2012  # financial year whose line later ones may not exceed


class Council:
    """This financial year's budget; money in pence a year."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.cut_index = 1.0
        self.line = self.pooled = self.delegated = 0
        self.ceiling: int | None = None  # of the line, from April 2013
        self.maintained_when_dedelegated: int | None = None  # pupils
        self.for_academies_only = False  # whom the delegated part goes to
        self.promised = 0  # what is pooled this year, or would be had the Forum kept the line
        self.kept = False  # the line, in this year's budget
        self.path = self.ses = self.core = 0
        self.guarantee = self.overspend = 0
        self.money_at_last_budget = 0  # of the line or the guarantee
        self.poor_at_last_budget = False

    # the line ---------------------------------------------------------------------------------

    def set_line(self, month: int) -> None:
        """This year's line, and which part of it is pooled."""
        number = self.world.policy.start + month
        wished = pence(self.world.levers.funding.earmark_gbp_per_year)
        if financial_year(number) <= LAST_FREE_YEAR or self.ceiling is None:
            self.ceiling = wished
        self.line = min(wished, self.ceiling)
        self.note_dedelegation(number)
        if self.maintained_when_dedelegated is None:
            self.promised = self.line
        else:
            self.promised = self.share_of_maintained(self.maintained_when_dedelegated)
        self.kept = self.line_is_kept()
        self.pooled = self.promised if self.kept else 0
        self.delegated = self.line - self.pooled
        self.for_academies_only = self.kept

    def line_is_kept(self) -> bool:
        return self.world.partnership.alive and self.world.partnership.line_kept

    def note_dedelegation(self, number: int) -> None:
        """The rate is that of the April in which de-delegation began."""
        chosen = self.world.levers.funding.line == "dedelegated"
        if not chosen or number < parse_month("2013-04"):
            self.maintained_when_dedelegated = None
        elif self.maintained_when_dedelegated is None:
            self.maintained_when_dedelegated = self.maintained_pupils()

    def maintained_pupils(self) -> int:
        return sum(s.pupils for s in self.world.schools if not s.academy)

    def share_of_maintained(self, pupils_then: int) -> int:
        if pupils_then == 0:
            return 0
        return self.whole(self.line * self.maintained_pupils() / pupils_then)

    def delegated_gbp_per_pupil(self, academy: bool) -> float:
        """What a school has of the part of the line that is not pooled, this month."""
        if self.delegated == 0 or (self.for_academies_only and not academy):
            return 0.0
        shared_by = [s for s in self.world.schools if s.academy or not self.for_academies_only]
        return self.delegated / 100 / sum(s.pupils for s in shared_by)

    # the service ------------------------------------------------------------------------------

    def set_service(self, month: int) -> None:
        """The SES, and what a guarantee takes from it."""
        p, partnership = self.world.numbers, self.world.partnership
        first = pence(self.world.levers.funding.ses_gbp_per_year)
        left = 1 - self.follows_pupils() * self.share_converted()
        self.path = self.whole(max(first * self.cut_index * left, 0.0))
        self.core = min(pence(p.ses_core_gbp), first)
        refused = partnership.alive and not partnership.line_kept
        pays = refused and partnership.covers_the_year(month)
        self.guarantee = self.promised if pays and self.world.rules["guarantee"] != "none" else 0
        self.ses = max(self.path - self.guarantee, min(self.path, self.core))
        self.overspend = self.ses + self.guarantee - self.path

    def follows_pupils(self) -> float:
        """v: how far the service shrinks with the pupils that leave."""
        usual = self.world.numbers.ses_follows_pupils
        return {"kept": 0.0, "wholly": 1.0}.get(self.world.rules["ses_size"], usual)

    def share_converted(self) -> float:
        """q: pupils in academies since the start ÷ pupils maintained at the start."""
        at_start = sum(s.pupils for s in self.world.schools if not s.academy_at_start)
        gone = sum(s.pupils for s in self.world.schools if s.academy and not s.academy_at_start)
        return gone / at_start if at_start else 0.0

    def whole(self, amount: float) -> int:
        """Whole pence, an exact half to the even one."""
        if amount % 1 != 0.5:
            self.world.ties.note(amount % 1 - 0.5, "a half penny")
        return round(amount)

    # the year ---------------------------------------------------------------------------------

    def set_budget(self, month: int) -> None:
        """The budget of the financial year (or of the rest of it, at the start)."""
        self.set_line(month)
        self.set_service(month)
        money = (self.line if self.line_is_kept() else 0) + self.guarantee
        if self.world.partnership.alive and money == 0 and self.money_at_last_budget > 0:
            self.world.partnership.conversions_rebound(month)
        self.money_at_last_budget = money

    def watch_the_fund(self, month: int) -> None:
        """The partnership ends when its fund is too small at two budgets running."""
        partnership = self.world.partnership
        if not partnership.alive:
            return
        poor = partnership.fund() < self.world.numbers.ending_threshold_gbp * 100
        twice = poor and self.poor_at_last_budget
        self.poor_at_last_budget = poor
        if twice and self.world.rules["ending"] != "never_for_money":
            partnership.dissolve(month)

    def partnership_ends(self) -> None:
        """The line is delegated, and a guarantee stops."""
        self.pooled, self.delegated, self.for_academies_only = 0, self.line, False
        self.ses, self.guarantee, self.overspend = self.path, 0, 0

    def share_of_promise_kept(self) -> float:
        """A de-delegated line counts as kept, and so does one that the council pays itself."""
        kept = self.kept or self.guarantee > 0
        return 1.0 if kept or self.line == 0 else 0.0


def budgets(world: World) -> Life:
    """Each April after the founding: cut, budget, and a look at the fund."""
    for month in range(1, world.policy.horizon_months):
        yield world.at(month, Turn.BUDGETS)
        if month_of_year(world.policy.start + month) == APRIL:
            world.council.cut_index *= 1 - world.council_cut() / 100
            world.council.set_budget(month)
            world.council.watch_the_fund(month)
