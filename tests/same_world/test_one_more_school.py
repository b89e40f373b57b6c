"""One more school changes another's history only through a coupling that the planner can name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.draws import Draws, Purpose
from rsip_sim.model.policy import Policy
from rsip_sim.model.simulation import simulate_policies
from tests.fakes.worlds import (
    SEED,
    Row,
    bits,
    in_full,
    policy,
    roster,
    school,
    simulate,
    town,
    town_rows,
    uncoupled,
)

REPLICATIONS = 48
OPENINGS = ("opening_month", "route")
MEMBERSHIP = ("first_month_alone",)
HISTORY = (*OPENINGS, *MEMBERSHIP)


@lru_cache(maxsize=3)
def larger_town(phase: str = "secondary") -> Roster:
    """The town and one big school more, with the smallest URN, so that every row moves down."""
    newcomer: Row = school(7, phase, 4000, learning_community="Ash", ofsted_grade=4)
    return roster([newcomer, *town_rows()], "larger town")


def changed_together(
    plans: Sequence[Policy], phase: str = "secondary", replications: int = REPLICATIONS
) -> list[set[str]]:
    """What differs in the history of the town's own schools once the newcomer is there.

    The plans share a block in each town.
    """
    before, after = town(), larger_town(phase)
    own = np.searchsorted(after.urn, before.urn)
    index = np.arange(replications)
    without, beside = (
        simulate_policies(plans, schools, SEED, index) for schools in (before, after)
    )
    return [
        {name for name in HISTORY if not np.array_equal(one.schools[name], two.schools[name][own])}
        for one, two in zip(without, beside, strict=True)
    ]


def changed_histories(
    plan: Policy, phase: str = "secondary", replications: int = REPLICATIONS
) -> set[str]:
    """The same of a single plan."""
    return changed_together([plan], phase, replications)[0]


def test_a_newcomer_changes_nobody_elses_draws():
    before, after = town().urn, larger_town().urn
    own = np.searchsorted(after, before)
    draws = Draws(1, np.arange(REPLICATIONS))
    for purpose in Purpose:
        np.testing.assert_array_equal(
            draws.uniform(before, purpose, 3), draws.uniform(after, purpose, 3)[own]
        )


@pytest.mark.parametrize("phase", ["primary", "secondary", "special", "nursery"])
def test_with_every_coupling_off_a_newcomer_changes_nobody_elses_history(phase):
    assert changed_histories(uncoupled(), phase) == set()


# what the newcomer does change: names of trusts, which are places in the roster; and how well
# support meets need, which is shared out and here moves nobody
NOT_HISTORY = {"block", "due_block", "months_unmet"}


def test_with_every_coupling_off_a_newcomer_changes_no_state_of_anybody_in_any_month():
    before, after = town(), larger_town()
    own = np.searchsorted(after.urn, before.urn)
    (_, without), (_, beside) = (
        in_full(uncoupled(), schools, REPLICATIONS) for schools in (before, after)
    )
    assert {"grade", "member", "academy", "opening_due", "conversion_clock"} <= set(without)
    for name in sorted(set(without) - NOT_HISTORY):
        np.testing.assert_array_equal(bits(without[name]), bits(beside[name][:, own]), err_msg=name)


def test_the_uncoupled_town_is_a_lively_one():
    histories = simulate(uncoupled(), town(), REPLICATIONS).schools
    assert (histories["opening_month"] >= 0).sum() > 3 * REPLICATIONS
    assert (histories["route"] == 2).sum() > REPLICATIONS / 2
    assert (histories["first_month_alone"] >= 0).sum() > 5 * REPLICATIONS


# one coupling at a time: parameters and levers that switch it on, and what it reaches


COUPLINGS: dict[str, tuple[dict[str, float], tuple[str, ...]]] = {
    "support is shared out": ({"b_support": 3.0}, MEMBERSHIP),
    "neighbours in the partnership": ({"b_peer": 3.0}, MEMBERSHIP),
    "confidence in the partnership": ({"b_confidence": 8.0}, MEMBERSHIP),
    "contagion within a phase": ({"contagion_same_phase": 6.0}, OPENINGS),
    "contagion between phases": ({"contagion_other_phase": 6.0}, OPENINGS),
    "share of academies": ({"share_multiplier": 4.0}, OPENINGS),
    "consortia": ({"consortium_reach": 6.0}, OPENINGS),
    "a trust nearby": ({"trust_multiplier": 8.0, "trust_on_secondary": 1.0}, OPENINGS),
    "support against falling into category": ({"fall_ratio": 0.02}, OPENINGS),
    "support for leaving category": ({"leave_ratio": 9.0}, OPENINGS),
    "support for rising from grade 3": ({"up_ratio": 9.0}, OPENINGS),
    "support that holds back": ({"membership_multiplier": 0.1}, OPENINGS),
}


@lru_cache(maxsize=1)
def changed_by_couplings() -> dict[str, set[str]]:
    plans = [uncoupled(**parameters) for parameters, _ in COUPLINGS.values()]
    return dict(zip(COUPLINGS, changed_together(plans), strict=True))


@pytest.mark.parametrize("coupling", COUPLINGS)
def test_switching_one_coupling_on_makes_the_newcomer_matter(coupling):
    assert changed_by_couplings()[coupling] & set(COUPLINGS[coupling][1])


def test_neighbours_that_apply_in_one_month_share_their_luck():
    kinds = {"pipeline_months_sigma": 0.35, "pull_probability": 0.5, "withdrawal_share": 0.4}
    plans = [uncoupled(kappa_primary=150.0, **{name: value}) for name, value in kinds.items()]
    for kind, changed in zip(kinds, changed_together(plans, "primary", 250), strict=True):
        assert changed & set(OPENINGS), kind


def test_contagion_within_a_phase_does_not_reach_another_phase():
    # without sponsored openings, which an application forestalls, only the same phase can react
    plan = uncoupled(contagion_same_phase=6.0)
    before, after = town(), larger_town("special")
    own = np.searchsorted(after.urn, before.urn)
    without, beside = (simulate(plan, schools, REPLICATIONS) for schools in (before, after))
    primary = before.phase == 0
    for name in HISTORY:
        one, other = without.schools[name], beside.schools[name][own]
        np.testing.assert_array_equal(one[primary], other[primary])


def test_chains_that_turn_to_the_newcomer_leave_others_alone():
    assert "opening_month" in changed_histories(
        uncoupled({"external.chain_approaches_per_year": 12.0}, chain_multiplier=6.0)
    )


def test_a_quorum_makes_everybody_depend_on_the_newcomers_pupils():
    plan = uncoupled({"agreement.quorum": 0.8})
    assert "first_month_alone" in changed_histories(plan)


def test_a_vote_on_renewal_makes_everybody_depend_on_the_newcomer_through_security():
    vote = {"agreement.renewal": "uncertain", "agreement.length_months": 12}
    heeded, unheeded = changed_together(
        [uncoupled(vote, b_secure=weight, renewal_intercept=-0.5) for weight in (4.0, 0.0)]
    )
    assert heeded >= set(MEMBERSHIP)
    assert unheeded == set(), "where nobody cares for security, the vote reaches nobody"


def test_the_rebound_when_money_stops_reaches_conversions():
    vote = {"agreement.renewal": "uncertain", "agreement.length_months": 12}
    values = {"b_secure": 0.0, "forum_intercept": -0.5}
    assert changed_histories(uncoupled(vote, rebound_multiplier=6.0, **values)) & set(OPENINGS)


def test_the_hold_on_members_carries_neighbours_membership_into_conversion():
    alike = {"structure": (("brake", "constant"),)}
    free, held = changed_together(
        [
            replace(uncoupled(b_peer=weight, membership_multiplier=0.2), **alike)
            for weight in (0.0, 3.0)
        ]
    )
    assert not free
    assert held & set(OPENINGS)


def test_the_budget_reaches_others_only_through_support():
    assert changed_histories(uncoupled(ses_follows_pupils=1.0)) == set()


# labels


def _renamed(rows: list[Row]) -> list[Row]:
    return [{**row, "school": f"Renamed {place}"} for place, row in enumerate(rows)]


def test_renaming_schools_changes_nothing():
    plan = policy(horizon=36, parameters="uncertain")
    one, other = (simulate(plan, roster(rows)) for rows in (town_rows(), _renamed(town_rows())))
    for name in one.panel:
        np.testing.assert_array_equal(one.panel[name], other.panel[name], err_msg=name)
    for name in one.schools:
        np.testing.assert_array_equal(one.schools[name], other.schools[name], err_msg=name)


def test_the_order_of_rows_in_the_file_changes_nothing():
    rows = town_rows()
    shuffled = [rows[place] for place in np.random.default_rng(5).permutation(len(rows))]
    plan = policy(horizon=36, parameters="uncertain")
    one, other = (simulate(plan, roster(r)) for r in (rows, shuffled))
    for name in one.panel:
        np.testing.assert_array_equal(one.panel[name], other.panel[name], err_msg=name)
    for name in one.schools:
        np.testing.assert_array_equal(one.schools[name], other.schools[name], err_msg=name)
