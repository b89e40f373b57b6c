"""The block engine and the slow, obvious reference simulate the same world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as fixed_seed
from hypothesis import strategies as st

from rsip_sim.evidence.months import school_year
from rsip_sim.evidence.national import relative_orders
from rsip_sim.evidence.posterior import calibrated_sets
from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.rosters import Roster, load_roster, roster_from_rows
from rsip_sim.model.draws import Draws
from rsip_sim.model.parameters import UNCERTAIN, draw_parameters
from rsip_sim.model.policy import Agreement, Climate, External, Funding, Levers, Policy
from rsip_sim.model.simulation import choice_constants

from .compare import Comparison, compare
from .constants import solve
from .luck import ALTERNATIVES
from .strategies import scenarios

APRIL_2011 = 2011 * 12 + 3
CHUNKS, EXAMPLES = 10, 6  # examples a chunk, so that workers share them
DRAWN = 12  # scenarios a chunk that are looked at without being run
TIES_ALLOWED = 1 / 1000  # replications in which a comparison was too close to call

seeds = st.integers(0, 2**31)
replications = st.integers(0, 5000)


def assert_told_alike(found: Comparison) -> None:
    first = "\n".join(str(each) for each in found.differences[:5])
    assert not found.differences, f"{len(found.differences)} differences, first:\n{first}"


def assert_few_ties(ties: Sequence[str], replications: int) -> None:
    """Beyond a tie nothing is compared, so that many ties would be no comparison."""
    assert len(ties) <= replications * TIES_ALLOWED, ties


def assert_same(found: Comparison) -> None:
    assert_told_alike(found)
    assert_few_ties(found.ties, found.replications)


def a_roster(*rows: Mapping[str, object]) -> Roster:
    common: dict[str, object] = {"school": "A school", "phase": "primary", "pupils": 200}
    return roster_from_rows(
        [{**common, "urn": 100_000 + place, **row} for place, row in enumerate(rows)], "hand-made"
    )


# random scenarios ------------------------------------------------------------------------------


def every_example(
    chunk: int, examples: int, look: Callable[[Policy, Roster, int, int], None]
) -> None:
    """Hand the scenarios of one chunk to a function: the same ones to whoever asks."""

    @fixed_seed(chunk)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(scenarios(), seeds, replications)
    def example(scenario: tuple[Policy, Roster], seed: int, replication: int) -> None:
        look(*scenario, seed, replication)

    example()


def same_world_everywhere(chunk: int, examples: int) -> None:
    """One replication of each scenario told twice, the block engine's in company."""
    told, ties = [0], []

    def look(policy: Policy, roster: Roster, seed: int, replication: int) -> None:
        found = compare(policy, roster, seed, (replication + 3, replication), told_twice=1)
        assert_told_alike(found)
        told[0] += found.replications
        ties.extend(found.ties)

    every_example(chunk, examples, look)
    assert told[0] >= examples
    assert_few_ties(ties, told[0])


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_scenarios_give_the_same_world_to_the_penny(chunk: int) -> None:
    same_world_everywhere(chunk, EXAMPLES)


@pytest.mark.slow
def test_two_thousand_random_scenarios_give_the_same_world() -> None:
    same_world_everywhere(CHUNKS, 2000)


def test_the_random_scenarios_move_every_lever_and_meet_every_kind_of_roster() -> None:
    drawn: list[tuple[Policy, Roster]] = []
    for chunk in range(CHUNKS):
        every_example(chunk, DRAWN, lambda policy, roster, *_: drawn.append((policy, roster)))
    assert len(drawn) >= 100
    for room in vars(Levers()):
        for lever in fields(getattr(Levers(), room)):

            def value(levers: Levers, path: tuple[str, str] = (room, lever.name)) -> object:
                return getattr(getattr(levers, path[0]), path[1])

            assert len({value(policy.levers) for policy, _ in drawn}) > 1, lever.name
            later = [
                value(levers) != value(policy.levers)
                for policy, _ in drawn
                for _, levers in policy.changes
            ]
            assert any(later), lever.name
    for rule, values in ALTERNATIVES.items():
        assert set(values) <= {dict(policy.structure).get(rule) for policy, _ in drawn}, rule
    calibrated = calibrated_sets(load_register())
    assert calibrated is not None
    kinds: Mapping[str, Callable[[Policy, Roster], object]] = {
        "a calibrated set": lambda p, _: (
            p.parameters == UNCERTAIN and set(calibrated.names) - set(dict(p.overrides))
        ),
        "the observed climate": lambda p, _: p.levers.climate.conversion == "observed",
        "one school": lambda _, r: len(r) == 1,
        "one community": lambda _, r: len(r.communities) == 1 and (r.community == 0).all(),
        "no secondary": lambda _, r: not (r.phase == 1).any(),
        "all academies": lambda _, r: (r.legal_status == 1).all(),
        "no partnership": lambda p, _: not p.partnership,
        "overrides": lambda p, _: p.overrides,
    }
    for name, holds in kinds.items():
        assert sum(bool(holds(*each)) for each in drawn) >= 5, name


@pytest.mark.slow
@pytest.mark.parametrize("parameters", ["central", "uncertain"])
@pytest.mark.parametrize("climate", ["observed", "uncertain", "surge"])
@pytest.mark.parametrize("length", [0, 24, 36])
def test_rotherham_over_five_years_is_the_same_world(
    parameters: str, climate: str, length: int
) -> None:
    levers = Levers(
        Agreement(length_months=length, school_commitment_months=min(length, 12)),
        Funding(subscription_gbp_per_pupil=3.5),
        climate=Climate(climate),
    )
    policy = Policy(APRIL_2011, 60, levers=levers, parameters=parameters)
    assert_same(compare(policy, load_roster("rotherham_2011"), 2011, range(6)))


def test_rotherham_is_the_same_world() -> None:
    policy = Policy(APRIL_2011, 30, parameters="uncertain")
    assert_same(compare(policy, load_roster("rotherham_2011"), 7, range(3)))


# corners named in words ------------------------------------------------------------------------


def test_one_school_is_the_same_world() -> None:
    for phase in ("primary", "secondary", "special", "nursery", "pru"):
        policy = Policy(APRIL_2011, 40, parameters="uncertain")
        assert_same(compare(policy, a_roster({"phase": phase, "pupils": 1}), 1, range(4)))


def test_one_community_without_a_secondary_is_the_same_world() -> None:
    rows = [{"learning_community": "Wath"} for _ in range(12)]
    levers = Levers(climate=Climate("surge"))
    assert_same(compare(Policy(APRIL_2011, 40, levers=levers), a_roster(*rows), 1, range(4)))


@pytest.mark.parametrize("may_join", [True, False])
def test_academies_alone_at_the_start_are_the_same_world(may_join: bool) -> None:
    rows = [
        {"legal_status": "academy", "opened": "2010-10", "trust": trust, "learning_community": "A"}
        for trust in ("", "", "One", "One", "Two")
    ]
    levers = Levers(
        Agreement(academies_may_join=may_join), external=External(chain_approaches_per_year=5)
    )
    assert_same(compare(Policy(APRIL_2011, 40, levers=levers), a_roster(*rows), 1, range(4)))


def test_no_partnership_is_the_same_world() -> None:
    policy = Policy(APRIL_2011, 40, partnership=False, parameters="uncertain")
    assert_same(compare(policy, a_roster(*[{} for _ in range(8)]), 1, range(4)))


def test_calibrated_parameters_are_the_same_world() -> None:
    """Ten replications, each with another set of the posterior sample."""
    rows = [{"phase": phase, "learning_community": "A"} for phase in ("primary", "secondary")] * 4
    levers = Levers(climate=Climate("observed"))
    policy = Policy(APRIL_2011, 20, levers=levers, parameters=UNCERTAIN)
    assert_same(compare(policy, a_roster(*rows), 3, range(10)))


@pytest.mark.parametrize("start", [APRIL_2011, APRIL_2011 + 24])
def test_orders_scaled_by_school_year_are_the_same_world(start: int) -> None:
    """Under the observed climate, through years in which orders were few and others with many."""
    rows = [{"phase": phase, "ofsted_grade": "4"} for phase in ("primary", "secondary", "special")]
    rate = (("order_rate_grade_4", 0.05),)
    levers = Levers(climate=Climate("observed"))
    policy = Policy(start, 30, levers=levers, overrides=rate)
    found = compare(policy, a_roster(*rows * 8), 1, range(4))
    assert_same(found)
    factors = np.array([relative_orders(school_year(start + month + 10)) for month in range(30)])
    assert (factors != 1.0).any(axis=0).all()
    assert len(np.unique(factors[:, 0])) > 1
    assert found.orders > 10, "the scenario shows nothing where no school is ordered"


@pytest.mark.parametrize("hold", [0.7, 0.001])
def test_neighbours_that_apply_together_are_the_same_world(hold: float) -> None:
    """Families, phases and replications that apply in one month are kept apart; peers go along."""
    rows = [
        {"phase": phase, "learning_community": community, "diocese": diocese}
        for community in ("", "A", "B", "C", "D")
        for diocese in ("", "X", "")
        for phase in ("primary", "primary", "secondary", "special")
    ]
    keen = (("kappa_primary", 1000.0), ("kappa_secondary", 300.0), ("kappa_special", 1000.0))
    luck = (("pull_probability", 0.5), ("withdrawal_share", 0.4))
    held = (("membership_multiplier", hold),)
    policy = Policy(APRIL_2011, 10, overrides=tuple(sorted(keen + luck + held)))
    found = compare(policy, a_roster(*rows), 1, range(3))
    assert_same(found)
    assert found.conversions > 20


def test_agreements_that_lapse_and_return_several_times_are_the_same_world() -> None:
    levers = Levers(Agreement(length_months=3, renewal_months=12, quorum=0.0))
    tossed = (
        ("disposition_correlation", 0.0),
        ("forum_intercept", 10.0),
        ("renewal_intercept", -2.5),
    )
    policy = Policy(APRIL_2011, 88, levers=levers, overrides=tossed)
    assert_same(compare(policy, a_roster({}, {}, {}), 1, range(6)))


@pytest.mark.parametrize(
    "lengths",
    [
        ((3, 0), (8, 4), (16, 0), (22, 1), (26, 0), (30, 12)),
        ((3, 0), (8, 4), (22, 0), (24, 1), (34, 0), (36, 12)),
    ],
    ids=["within a year", "in another year than the lapse"],
)
def test_lengths_that_the_timeline_changes_are_the_same_world(
    lengths: tuple[tuple[int, int], ...],
) -> None:
    """To none, to a month, and back, whether an agreement is in force by then or not."""
    start = Levers(Agreement(length_months=6, quorum=0.0))
    changes = tuple(
        (month, replace(start, agreement=replace(start.agreement, length_months=length)))
        for month, length in lengths
    )
    tossed = (("renewal_intercept", 0.0),)
    policy = Policy(APRIL_2011, 40, levers=start, changes=changes, overrides=tossed)
    assert_same(compare(policy, a_roster({}, {}, {}), 1, range(6)))


def test_schools_that_are_asked_to_tie_themselves_found_the_same_partnership() -> None:
    levers = Levers(Agreement(length_months=60, school_commitment_months=36))
    wary = (("b_lock", 1.0), ("founding_maintained", 0.8))
    policy = Policy(APRIL_2011, 2, levers=levers, overrides=wary)
    assert_same(compare(policy, a_roster(*[{} for _ in range(25)]), 1, range(8)))


def test_schools_that_chains_courted_for_a_while_are_the_same_world() -> None:
    levers = Levers(external=External(chain_approaches_per_year=20.0))
    ordered = (
        ("chain_active_months", 2.0),
        ("chain_multiplier", 20.0),
        ("order_rate_grade_4", 0.03),
    )
    policy = Policy(APRIL_2011, 24, levers=levers, overrides=ordered)
    found = compare(policy, a_roster(*[{"ofsted_grade": "4"} for _ in range(20)]), 1, range(6))
    assert_same(found)
    assert found.orders > 20


def test_monthly_reviews_of_a_partnership_that_changes_at_once_are_the_same_world() -> None:
    levers = Levers(
        Agreement(reviews_per_year=12, governance_settled_months=0, quorum=0.0),
        Funding(subscription_gbp_per_pupil=6.0),
    )
    restless = (
        ("confidence_exit_weight", 1.0),
        ("exit_yearly", 0.3),
        ("founding_maintained", 0.5),
        ("outsider_inertia_extra", 0.0),
    )
    policy = Policy(APRIL_2011, 6, levers=levers, overrides=restless)
    assert_same(compare(policy, a_roster(*[{} for _ in range(20)]), 1, range(6)))


@pytest.mark.parametrize("delegated", [23, 24, 25])
def test_an_agreement_that_ends_as_the_forum_delegates_is_the_same_world(delegated: int) -> None:
    levers = Levers(
        Agreement(length_months=24, renewal="certain", quorum=0.0),
        Funding(forum_delegates_from=APRIL_2011 + delegated),
    )
    assert_same(compare(Policy(APRIL_2011, 38, levers=levers), a_roster({}, {}, {}), 1, range(2)))


def test_a_school_on_its_own_that_applies_beside_a_family_is_the_same_world() -> None:
    rows = [{"learning_community": community} for community in ("", *"AAAAAA")]
    policy = Policy(APRIL_2011, 6, overrides=(("kappa_primary", 300.0),))
    assert_same(compare(policy, a_roster(*rows), 1, range(30)))


def test_trusts_that_form_of_their_own_accord_are_the_same_world() -> None:
    rows = [{"learning_community": community} for community in "ABCDEF" for _ in range(4)]
    often = {
        "kappa_primary": 6.0,
        "trust_multiplier": 20.0,
        "trust_years_between": 1.5,
        "trust_active_months": 5.0,
    }
    policy = Policy(APRIL_2011, 24, overrides=tuple(sorted(often.items())))
    assert_same(compare(policy, a_roster(*rows), 1, range(5)))


@pytest.mark.parametrize("first", ["none", "bid"])
@pytest.mark.parametrize("later", ["none", "bid", "won"])
def test_bids_decided_once_are_the_same_world(first: str, later: str) -> None:
    start = Levers(funding=Funding(endowment=first))
    changed = replace(start, funding=replace(start.funding, endowment=later))
    even = (("endowment_months", 9.0), ("endowment_success", 0.5))
    policy = Policy(APRIL_2011, 20, levers=start, changes=((8, changed),), overrides=even)
    assert_same(compare(policy, a_roster({}, {}), 1, range(6)))


def test_a_run_that_begins_a_month_before_the_budget_is_the_same_world() -> None:
    assert_same(compare(Policy(APRIL_2011 - 1, 16), a_roster({}, {}, {}), 1, range(2)))


def test_trusts_of_secondaries_that_convert_are_the_same_world() -> None:
    """A converter with a family may found one; an ordered school, or one on its own, does not."""
    rows = [
        {"phase": phase, "learning_community": community, "ofsted_grade": grade}
        for community in ("", "A", "B", "C")
        for phase, grade in (("secondary", "4"), ("secondary", "1"), *[("primary", "2")] * 3)
    ]
    overrides = {
        "kappa_secondary": 6.0,
        "kappa_primary": 3.0,
        "order_rate_grade_4": 0.3,
        "trust_multiplier": 20.0,
        "trust_on_secondary": 0.7,
    }
    policy = Policy(APRIL_2011, 30, overrides=tuple(sorted(overrides.items())))
    found = compare(policy, a_roster(*rows), 1, range(8))
    assert_same(found)
    assert found.orders > 10
    assert found.conversions > 10


@pytest.mark.parametrize("renewal", ["uncertain", "certain"])
@pytest.mark.parametrize("delegated", [None, 23, 24, 25])
def test_a_line_without_an_agreement_is_the_same_world(renewal: str, delegated: int | None) -> None:
    """The Forum votes each January on the year that begins in April."""
    month = None if delegated is None else APRIL_2011 + delegated
    levers = Levers(
        Agreement(length_months=0, renewal=renewal, quorum=0.0),
        Funding(forum_delegates_from=month),
    )
    undecided = (("forum_intercept", 0.5),)
    policy = Policy(APRIL_2011, 38, levers=levers, overrides=undecided)
    assert_same(compare(policy, a_roster(*[{} for _ in range(4)]), 1, range(4)))


# scenarios in which the two once differed ------------------------------------------------------


def test_a_planned_opening_keeps_its_route() -> None:
    planned = {"planned_opening": "2011-06", "route": "sponsored"}
    assert_same(compare(Policy(APRIL_2011, 4), a_roster(planned, {}), 1, [0]))


def test_a_planned_opening_beyond_the_horizon_is_no_route_yet() -> None:
    planned = {"planned_opening": "2012-06", "route": "converter"}
    assert_same(compare(Policy(APRIL_2011, 2), a_roster(planned, {}), 1, [0]))


def test_a_conversion_to_come_does_not_hide_one_that_was_made() -> None:
    """Neighbours answer to applications; the roster dates one for later than its latest academy."""
    opened = {"legal_status": "academy", "opened": "2011-04", "route": "converter"}
    planned = {"planned_opening": "2012-03", "route": "converter"}
    rows = [{**row, "learning_community": "A"} for row in (opened, planned, *[{}] * 8)]
    catching = (("contagion_same_phase", 10.0), ("kappa_primary", 10.0))
    policy = Policy(APRIL_2011, 12, overrides=catching)
    assert_same(compare(policy, a_roster(*rows), 1, range(8)))


def test_an_academy_alone_in_a_chain_is_in_a_trust() -> None:
    levers = Levers(external=External(chain_approaches_per_year=20))
    certain = (("chain_lone_academy_probability", 1.0),)
    policy = Policy(APRIL_2011, 12, partnership=False, levers=levers, overrides=certain)
    academy = a_roster({"legal_status": "academy", "opened": "2010-10"})
    assert_same(compare(policy, academy, 1, [0]))


def test_a_new_offer_has_the_length_of_its_own_january() -> None:
    """Whatever offers other replications of the block have signed before."""
    longer = Levers(Agreement(length_months=3, renewal_months=24))
    shorter = replace(longer, agreement=replace(longer.agreement, renewal_months=13))
    policy = Policy(
        APRIL_2011,
        26,
        levers=longer,
        changes=((12, shorter),),
        overrides=(
            ("disposition_correlation", 0.0),
            ("forum_intercept", 10.0),
            ("renewal_intercept", -4.0),
        ),
    )
    assert_same(compare(policy, a_roster(*[{} for _ in range(8)]), 1, range(20)))


def test_days_used_up_to_the_last_leave_none_for_a_class_without_need() -> None:
    """Schools outside see what they would get inside: nothing is left over but rounding."""
    inside = [{"ofsted_grade": "4", "member": "yes"} for _ in range(6)]
    outside = [{"ofsted_grade": "3", "member": "no"} for _ in range(10)]
    levers = Levers(
        funding=Funding(ses_gbp_per_year=0.0, earmark_gbp_per_year=628_000.0),
        external=External(chain_approaches_per_year=0.0),
    )
    tempted = (("b_support", 10.0), ("outsider_inertia_extra", 0.0))
    policy = Policy(APRIL_2011, 6, levers=levers, overrides=tempted)
    assert_same(compare(policy, a_roster(*inside, *outside), 1, range(4)))


def test_the_only_member_that_comes_and_goes_between_reviews_costs_confidence() -> None:
    levers = Levers(
        Agreement(length_months=0, quorum=0.0, reviews_per_year=1, governance_settled_months=0),
        Funding(earmark_gbp_per_year=0.0, ses_capacity_share=0.3, council_cut_pct_per_year=8.5),
    )
    two = a_roster(*[{"phase": "nursery", "pupils": 1, "learning_community": "A"}] * 2)
    assert_same(compare(Policy(APRIL_2011, 13, levers=levers), two, 18031151, range(470, 480)))


@pytest.mark.parametrize(
    "name",
    [
        "tied_multiplier",
        "trust_multiplier",
        "chain_multiplier",
        "share_multiplier",
        "contagion_same_phase",
        "contagion_other_phase",
    ],
)
def test_a_multiplier_of_nought_stops_only_the_schools_it_is_about(name: str) -> None:
    fast = Climate("table", (("primary", (8.0,)), ("secondary", (8.0,)), ("special", (8.0,))))
    levers = Levers(Agreement(school_commitment_months=6), climate=fast)
    policy = Policy(APRIL_2011, 30, levers=levers, overrides=((name, 0.0),))
    rows = [{"learning_community": "A" if place < 3 else ""} for place in range(8)]
    found = compare(policy, a_roster(*rows), 1, range(4))
    assert_same(found)
    assert found.conversions > 0, "the scenario shows nothing where no school converts"


# derived constants -----------------------------------------------------------------------------


def test_derived_constants_are_those_of_the_words() -> None:
    parameters = draw_parameters(load_register(), {}, UNCERTAIN, Draws(5, np.arange(24)))
    (maintained, academy), inertia = choice_constants(parameters)
    for replication in range(24):
        alone = draw_parameters(load_register(), {}, UNCERTAIN, Draws(5, np.array([replication])))
        expected = solve(alone)
        found: Sequence[float] = [
            float(values[replication]) for values in (maintained, academy, inertia)
        ]
        assert found == pytest.approx(expected, abs=1e-9)
