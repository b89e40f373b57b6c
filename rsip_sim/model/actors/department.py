"""The Department for Education: opens academies and orders failing schools to become one."""

from __future__ import annotations

import numpy as np

from rsip_sim.model.arrays import BoolArray, IntArray
from rsip_sim.model.calendar import HISTORY_MONTHS, Process, Turn
from rsip_sim.model.draws import Purpose, exponential
from rsip_sim.model.national import AuthorityTemper, NationalClimate
from rsip_sim.model.panel import CONVERTING_PHASES
from rsip_sim.model.rules.climate import authority_effect
from rsip_sim.model.rules.conversion import ORDERS_FROM, order_months, order_rate, usual_pipeline
from rsip_sim.model.rules.money import to_pence
from rsip_sim.model.world import CONVERTER, SPONSORED, Cells, World, cells_at, cells_of

_DEFICITS = ("deficit_primary_gbp", "deficit_secondary_gbp", "deficit_special_gbp")


def sponsor(world: World, cells: Cells) -> IntArray:
    """The governance block of the sponsor that the Department finds for each school.

    A chain that has approached the school within the year goes before whatever is drawn.
    """
    luck = world.luck(cells, Purpose.SPONSOR)
    outside = luck < world.parameters.sponsor_chain_chance[cells.columns]
    return world.sponsors_block(cells, outside | courted(world, cells))


def courted(world: World, cells: Cells) -> BoolArray:
    """Schools that a chain has approached within the year."""
    since = world.month - cells.of(world.approached).astype(np.int64)
    return np.asarray(since < world.parameters.chain_active_months[cells.columns])


class Openings:
    """Takes schools out of the pipeline on the first of the month."""

    def __init__(self, world: World) -> None:
        """Apply the conversions that the roster already dates."""
        self._world = world
        planned = world.schools.roster.planned_opening
        usual = usual_pipeline(world.parameters.pipeline_months_median)
        rows = np.flatnonzero(planned >= 0)
        for row in rows:
            columns = np.arange(world.replications)
            cells = cells_at(np.full(world.replications, row), columns, world.replications)
            opening = np.full(world.replications, int(planned[row]) - world.calendar.start)
            certain = np.zeros(world.replications, dtype=np.bool_)
            route = int(world.schools.roster.route[row]) or CONVERTER
            sponsored = route == SPONSORED
            block = sponsor(world, cells) if sponsored else world.home_block(cells, cells.rows)
            world.apply(cells, opening, certain, route, block)
            if route == CONVERTER:
                world.applied[row] = opening - usual  # where only the opening is known

    def clear_past(self) -> None:
        """Before the founding: applications that would have opened by now did not happen."""
        self._withdraw(cells_of(self._world.opening_due < self._world.month))

    def _withdraw(self, cells: Cells) -> None:
        """Back to the start, with the threshold of a new spell."""
        world = self._world
        if len(cells) == 0:
            return
        world.withdraw(cells)
        uniform = world.luck(cells, Purpose.CONVERSION_THRESHOLD, cells.of(world.spell))
        cells.put(world.conversion_threshold, exponential(uniform))

    def open(self) -> None:
        """Open this month's academies; some applications turn out to be withdrawn."""
        world = self._world
        due = cells_of(world.opening_due == world.month)
        if len(due) == 0:
            return
        withdrawn = due.of(world.withdraws)
        gone = due.where(withdrawn)
        self._withdraw(gone)
        world.count("withdrawals", gone.columns)
        opening = due.where(~withdrawn)
        world.open(opening, self._blocks(opening))
        self._settle_membership(opening)
        self._record(opening)

    def _blocks(self, cells: Cells) -> IntArray:
        """The planned block, or the chain's where one has approached within the last year."""
        world = self._world
        taken = courted(world, cells) & ~world.schools.diocesan[cells.rows]
        planned = cells.of(world.due_block).astype(np.int64)
        return np.where(taken, world.blocks.chain, planned)

    def _settle_membership(self, cells: Cells) -> None:
        """Most members stay as associates where they may; a tie holds until it ends."""
        world = self._world
        members = cells.where(cells.of(world.member))
        tied = members.of(world.tied_until) > world.month
        luck = world.luck(members, Purpose.ASSOCIATE)
        stays = luck < world.parameters.associate_stay[members.columns]
        stays &= world.levers["agreement.academies_may_join"][members.columns]
        world.leave(members.where(~(tied | stays)), "exits_academy")

    def _record(self, cells: Cells) -> None:
        world = self._world
        phase = world.schools.phase[cells.rows]
        converter = cells.of(world.route) == CONVERTER
        for index, name in enumerate(CONVERTING_PHASES):
            of_phase = phase == index
            world.count(f"openings_converter_{name}", cells.columns[of_phase & converter])
            world.count(f"openings_sponsored_{name}", cells.columns[of_phase & ~converter])
        self._found_trusts(cells.where(converter))
        self._leave_deficits(cells.where(~converter))

    def _leave_deficits(self, sponsored: Cells) -> None:
        """Some sponsored schools leave a deficit with the council."""
        world = self._world
        amounts = to_pence(world.parameters.by(_DEFICITS))
        luck = world.luck(sponsored, Purpose.DEFICIT)
        indebted = sponsored.where(luck < world.parameters.deficit_chance[sponsored.columns])
        phase = world.schools.phase[indebted.rows]
        np.add.at(world.budget.deficits, indebted.columns, amounts[phase, indebted.columns])

    def _found_trusts(self, converters: Cells) -> None:
        """A secondary may found a trust."""
        world = self._world
        schools = world.schools
        phase = schools.phase[converters.rows]
        secondary = converters.where(phase == 1)
        luck = world.luck(secondary, Purpose.TRUST_ON_CONVERSION)
        founding = luck < world.parameters.trust_on_secondary[secondary.columns]
        founders = secondary.where(founding & (schools.family[secondary.rows] < schools.families))
        months = world.parameters.trust_active_months[founders.columns].astype(np.int64)
        family = schools.family[founders.rows]
        np.maximum.at(world.trust_active_until, (family, founders.columns), world.month + months)
        world.house_founders(founders)


class Orders:
    """The risk of an academy order, advanced month by month against a unit-exponential clock."""

    def __init__(self, world: World, climate: NationalClimate, temper: AuthorityTemper) -> None:
        """The rate of every phase and grade, and every school's clock."""
        self._world = world
        self._climate = climate
        p = world.parameters
        self._left = exponential(world.draws.uniform(world.schools.keys, Purpose.ORDER_THRESHOLD))
        correlation = p.order_correlation
        own = world.draws.normal(Purpose.ORDER_EFFECT)
        whole = np.ones(world.replications)
        blend = correlation * temper.fixed + np.sqrt(1.0 - correlation * correlation) * own
        effect = np.exp(authority_effect(p.order_effect_sd, whole, blend, blend))
        rates = order_rate(
            np.arange(4)[:, None, None],
            np.arange(1, 5)[:, None],
            p.order_rate_grade_4,
            p.order_rate_grade_3_primary,
            p.order_rate_grade_3_secondary,
        )
        self._rates = (rates * effect[[0, 1, 2, 2]][:, None]).reshape(16, -1)

    def order(self) -> None:
        """Order the schools whose clock runs out this month."""
        world = self._world
        begun = [phase for phase, first in enumerate(ORDERS_FROM) if world.calendar.number >= first]
        if not begun:
            return
        factor = np.zeros((4, world.replications))
        factor[begun] = self._climate.order_factor(world.month)[begun]
        risky = cells_of((world.grade > 2) & ~(world.academy | world.converting))
        phase = world.schools.phase[risky.rows]
        rate = self._rates[phase * 4 + risky.of(world.grade) - 1, risky.columns]
        faster = world.parameters.chain_multiplier[risky.columns]
        rate = np.where(courted(world, risky), rate * faster, rate)
        left = risky.of(self._left) - rate * factor[phase, risky.columns]
        risky.put(self._left, left)
        self._issue(risky.where(left <= 0.0))

    def _issue(self, cells: Cells) -> None:
        """Schools that are ordered leave the risk set for good."""
        world = self._world
        if len(cells) == 0:
            return
        cells.put(self._left, np.inf)
        months = order_months(world.luck(cells, Purpose.ORDER_MONTHS))
        opening = world.month + months
        certain = np.zeros(len(cells), dtype=np.bool_)
        world.apply(cells, opening, certain, SPONSORED, sponsor(world, cells))
        world.count("orders", cells.columns)


def academy_openings(world: World, openings: Openings) -> Process:
    """Opens academies on the first of every month."""
    for turn in world.calendar.months(Turn.OPENINGS):
        yield turn
        openings.open()


def academy_orders(world: World, orders: Orders) -> Process:
    """Issues academy orders every month, from the months of the pipeline on."""
    for turn in world.calendar.months(Turn.ORDERS, first=-HISTORY_MONTHS):
        yield turn
        orders.order()
