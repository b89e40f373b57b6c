"""A witness beside the engine: what each school was when it applied, opened, joined or left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from rsip_sim.model.actors import schools_forum
from rsip_sim.model.draws import Purpose
from rsip_sim.model.rules.conversion import eligible_grades
from rsip_sim.model.world import CONVERTER, World
from tests.fakes.random_worlds import RandomWorld, random_worlds
from tests.fakes.worlds import TOWN_MONEY, policy, roster, school, simulate, town


class Witness:
    """Stands beside the four things that can happen to a school and checks each as it happens."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.applications = self.openings = self.joins = self.exits = 0
        self._applied: dict[tuple[int, int], tuple[int, int]] = {}
        for name in ("apply", "open", "join", "leave", "withdraw"):
            original = getattr(World, name)
            patch.setattr(World, name, self._beside(original, getattr(self, name)))

    @staticmethod
    def _beside(original, look):
        def act(world, cells, *rest):
            look(world, cells, *rest)
            return original(world, cells, *rest)

        return act

    def apply(self, world, cells, opening, withdraws, route, block):
        self.applications += len(cells)
        where = (cells.rows, cells.columns)
        assert not world.academy[where].any()
        assert not world.converting[where].any()
        planned = world.schools.roster.planned_opening[cells.rows] >= 0
        is_plan = planned & (world.month == -8)
        assert ((opening > world.month) | is_plan).all()
        if route == CONVERTER:
            allowed = eligible_grades(world.calendar.number)
            grades = world.grade[where].astype(int) - 1
            assert (allowed[world.schools.phase[cells.rows], grades] | is_plan).all()
        for row, column, month in zip(cells.rows, cells.columns, opening, strict=True):
            self._applied[int(row), int(column)] = (world.month, int(month))

    def withdraw(self, world, cells):
        for place in zip(cells.rows.tolist(), cells.columns.tolist(), strict=True):
            del self._applied[place]

    def open(self, world, cells, blocks):
        self.openings += len(cells)
        for place in zip(cells.rows.tolist(), cells.columns.tolist(), strict=True):
            applied, promised = self._applied.pop(place)
            assert applied < world.month == promised

    def join(self, world, cells):
        self.joins += len(cells)
        where = (cells.rows, cells.columns)
        assert world.agreement.alive[cells.columns].all()
        assert not world.member[where].any()
        shut_out = ~world.levers["agreement.academies_may_join"][cells.columns]
        assert not world.academy[where][shut_out].any()

    def leave(self, world, cells, flow):
        self.exits += len(cells)
        where = (cells.rows, cells.columns)
        assert world.member[where].all()
        if flow != "exits_dissolution":
            assert (world.tied_until[where] <= world.month).all()
        if flow == "exits_voluntary":
            assert not world.academy[where].any()
        if flow == "exits_academy":
            assert world.academy[where].all()


def test_a_consortium_shares_the_luck_of_its_smallest_urn(monkeypatch):
    share = 0.4
    groups = 0
    original = World.apply

    def apply(world, cells, opening, withdraws, route, block):
        nonlocal groups
        for column in np.unique(cells.columns) if route == CONVERTER else ():
            inside = cells.columns == column
            smallest = world.schools.keys[cells.rows[inside].min()]
            luck = world.draws.one(Purpose.WITHDRAWAL, world.calendar.number, int(smallest))
            assert (withdraws[inside] == (luck[column] < share)).all()
            assert len(set(opening[inside].tolist())) == 1
            groups += inside.sum() > 1
        return original(world, cells, opening, withdraws, route, block)

    monkeypatch.setattr(World, "apply", apply)
    # one phase in one community: whoever applies in a month forms one consortium
    schools = roster([school(500 + n, learning_community="Ash") for n in range(30)])
    overrides = {"kappa_primary": 20.0, "withdrawal_share": share}
    simulate(policy(horizon=24, overrides=overrides), schools, 48)
    assert groups > 50


@settings(max_examples=25)
@given(random_worlds())
def test_the_forum_votes_every_january_gives_nothing_back_and_takes_offers_along(
    world: RandomWorld,
):
    """Whatever agreement there is: only a Forum that is bound must keep a line it covers."""
    original, votes = schools_forum.vote, 0

    def vote(state, mood):
        nonlocal votes
        agreement = state.agreement
        before = agreement.line_kept.copy()
        april = state.month + 3
        covered = agreement.in_force & (agreement.end >= april + 12) | agreement.offered
        original(state, mood)
        assert not (agreement.offered & ~agreement.line_kept).any()
        delegated = state.calendar.start + april >= state.levers["funding.forum_delegates_from"]
        bound = covered & state.rules.are("forum", "bound") & ~delegated
        assert (agreement.line_kept == before)[bound].all()
        assert not (agreement.line_kept & ~before).any(), "a vote gives nothing back"
        assert state.calendar.number % 12 == 0
        votes += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schools_forum, "vote", vote)
        simulate(world.policy, world.roster, world.replications)
    january = -world.policy.start % 12
    assert votes == len(range(january, world.policy.horizon_months, 12))


@settings(max_examples=25)
@given(random_worlds())
def test_nobody_opens_unasked_joins_twice_or_leaves_while_tied(world: RandomWorld):
    with pytest.MonkeyPatch.context() as patch:
        Witness(patch)
        simulate(world.policy, world.roster, world.replications)


def test_the_witness_sees_everything_that_the_accounts_count(monkeypatch):
    witness = Witness(monkeypatch)
    changes = {
        **TOWN_MONEY,
        "agreement.school_commitment_months": 12,
        "funding.subscription_gbp_per_pupil": 12.0,
    }
    overrides = {"kappa_primary": 40.0, "kappa_secondary": 20.0, "exit_yearly": 0.3}
    panel = simulate(policy(changes, horizon=40, overrides=overrides), town()).panel

    def counted(*prefixes: str) -> int:
        return int(sum(panel[name].sum() for name in panel if name.startswith(prefixes)))

    assert witness.openings == counted("openings_") > 100
    assert witness.joins == counted("joins") > 100
    assert witness.exits == counted("exits_") > 100
    # applications of the months before the start are not in the accounts
    assert witness.applications >= counted("applications", "orders") > 100
    assert not np.isnan(panel["confidence"]).any()
