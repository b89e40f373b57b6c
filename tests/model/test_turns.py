"""The table of turns: in order, complete, and true of what each process is seen to do."""

from __future__ import annotations

from functools import lru_cache

import pytest

from rsip_sim.model.calendar import ACTS, COUNTED, STATE, Turn
from tests.fakes.watching import ROOMS, Watch, watched
from tests.fakes.worlds import TOWN_MONEY, in_full, policy, simulate, town

HOME = {name: state for state, entry in STATE.items() for name in entry.names}
# what never changes, what only counts, and queues between two processes
NO_STATE = {
    *("groups", "partnership", "rules", "parameters", "draws", "calendar", "schools"),
    *("replications", "maintained_at_start", "start_academies", "conversion_taste"),
    *("membership_taste", "_drawn", "_keyed", *ROOMS),
    *("flows", "ties", "months_unmet"),
}
DEAR = {"funding.subscription_gbp_per_pupil": 12.0, "agreement.quorum": 0.8}
BUSY = {
    "agreement.school_commitment_months": 6,
    "external.chain_approaches_per_year": 8.0,
    "funding.endowment": "won",
}
POOR = {"funding.earmark_gbp_per_year": 30_000.0}
LIVELY = {"kappa_primary": 20.0, "forum_intercept": 0.0, "renewal_intercept": 0.0}
TIMELINE = [(14, {"agreement.length_months": 40}), (26, {"funding.line": "dedelegated"})]


@lru_cache(maxsize=1)
def seen() -> Watch:
    """Lively towns, watched: quorums missed, funds too small, lines refused, papers lapsed."""
    with watched() as watch:
        for changes, rest in (
            ({}, {"timeline": TIMELINE}),
            ({**DEAR, **BUSY}, {"timeline": TIMELINE}),
            (POOR, {}),
            ({}, {"structure": (("rebound_after", "lapse"),)}),
        ):
            plan = policy({**TOWN_MONEY, **changes}, horizon=50, overrides=LIVELY, **rest)
            simulate(plan, town(), 24)
    return watch


def states(names: set[str]) -> set[str]:
    """The states behind the names of attributes; counts stand for all that is counted."""
    counted = {"grades", "status", "membership"} if names & set(COUNTED) else set()
    return {HOME[name] for name in names if name in HOME} | counted


def test_the_acts_stand_in_the_order_of_the_turns_and_none_is_missing():
    turns = [act.turn for act in ACTS]
    assert turns == sorted(turns)
    assert set(turns) == set(Turn)


def test_every_process_of_a_simulation_has_its_row():
    assert {act.process for act in ACTS} == set(seen().seen)


def test_everything_that_changes_has_its_home_and_one_only():
    assert len(HOME) == sum(len(entry.names) for entry in STATE.values())
    world = seen().world
    assert world is not None
    kept = {name for name in vars(world) if name not in ROOMS}
    kept |= {f"{room}.{name}" for room in ROOMS for name in vars(getattr(world, room))}
    assert kept == set(HOME) | set(COUNTED) | (NO_STATE - set(ROOMS))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.process)
def test_a_process_changes_what_its_row_says_and_nothing_else(act):
    changed = {HOME[name] for name in seen().changed[act.process] if name in HOME}
    assert changed == set(act.writes)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.process)
def test_a_process_looks_at_what_its_row_says_and_nothing_else(act):
    looked = states(seen().seen[act.process])
    assert looked - set(act.writes) == set(act.reads) - set(act.writes)


def test_a_simulation_that_is_watched_is_the_same_simulation():
    plan = policy({**TOWN_MONEY, **BUSY}, horizon=12, overrides=LIVELY)
    (_, plain) = in_full(plan, town(), 4)
    with watched():
        (_, looked_at) = in_full(plan, town(), 4)
    assert all((plain[name] == looked_at[name]).all() for name in plain)
