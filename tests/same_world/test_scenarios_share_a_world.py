"""Two scenarios are one world until the first month in which they differ, and equal ones for ever.

Every lever, every column of the panel, every state of every school, and what the agreement, the
budget and support hold; whatever the lever is for, nothing may move before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pytest

from rsip_sim.model import simulation
from rsip_sim.model.calendar import Turn
from rsip_sim.model.draws import Purpose
from rsip_sim.model.policy import Cohesion, Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_policies
from tests.fakes.worlds import (
    APRIL_2011,
    LEVER_NAMES,
    SEED,
    TOWN_MONEY,
    History,
    LedgerOfAll,
    all_but,
    assert_same,
    differing,
    first_differences,
    flows,
    in_full,
    in_full_together,
    policy,
    rotherham,
    simulate,
    town,
)

HORIZON = 40
REPLICATIONS = 64
TABLE = tuple((phase, (1.0,) * 12) for phase in ("primary", "secondary", "special"))
# what makes every lever tell: subscriptions that deter, a quorum that bites, a market that lures
SETTING: dict[str, object] = {
    **TOWN_MONEY,
    "funding.subscription_gbp_per_pupil": 12.0,
    "agreement.quorum": 0.7,
    "external.chain_approaches_per_year": 4.0,
    "agreement.school_commitment_months": 3,
}
LIKELY = {"endowment_success": 0.5, "kappa_primary": 10.0, "forum_intercept": 0.0}

# lever → another value, and the first month in which anything may differ if it holds from month 0
LEVERS: dict[str, tuple[object, int]] = {
    "agreement.length_months": (36, 0),
    "agreement.renewal_months": (24, 9),  # the first offer
    "agreement.later_offers": (False, 9),
    "agreement.renewal": ("certain", 9),
    "agreement.school_commitment_months": (12, 0),
    "agreement.quorum": (0.99, 12),  # under it at two reviews running
    "agreement.reviews_per_year": (4, 3),
    "agreement.academies_may_join": (False, 0),
    "agreement.governance_settled_months": (24, 6),  # the first review
    "funding.dsg_gbp_per_pupil": (5000.0, 0),
    "funding.earmark_gbp_per_year": (60_000.0, 0),
    "funding.subscription_gbp_per_pupil": (5.0, 0),
    "funding.ses_gbp_per_year": (600_000.0, 0),
    "funding.ses_capacity_share": (0.25, 0),
    "funding.council_cut_pct_per_year": (25.0, 12),  # the next budget
    "funding.service_money": (900.0, 0),
    "funding.endowment": ("won", 6),  # the decision
    "funding.line": ("dedelegated", 0),
    "support.weakest_first_share": (1.0, 0),
    "support.sold_beyond_share": (0.4, 0),
    "funding.forum_delegates_from": (APRIL_2011 + 30, 33),  # the vote on the next year
    "climate.conversion": ("surge", 0),
    "climate.opening_pct_per_month": (TABLE, 0),
    "external.market_quality": (0.9, 0),
    "external.chain_approaches_per_year": (12.0, 0),
}
# the same levers changed by the timeline in month T, where they wait for something
CHANGED_AT = 17
WAITS_UNTIL = {
    "agreement.renewal_months": 21,  # the next January
    "agreement.later_offers": 21,
    "agreement.renewal": 21,
    "agreement.quorum": 18,
    "agreement.reviews_per_year": 18,
    "agreement.governance_settled_months": 18,
    "funding.earmark_gbp_per_year": 24,  # the next April
    "funding.ses_gbp_per_year": 24,
    "funding.council_cut_pct_per_year": 24,
    "funding.line": 24,
    "funding.forum_delegates_from": 33,
}
NOT_SO_LATE = {"agreement.governance_settled_months"}  # long settled by then


def setting(**rest: object) -> Policy:
    start = dict(SETTING)
    start.update(rest.pop("changes", {}))  # type: ignore[call-overload]
    return policy(start, horizon=HORIZON, overrides=LIKELY, **rest)  # type: ignore[arg-type]


def with_table(name: str, value: object) -> dict[str, object]:
    """The change of a lever; a table of openings counts only under its own climate."""
    if name == "climate.opening_pct_per_month":
        return {"climate.conversion": "table", name: value}
    return {name: value}


@lru_cache(maxsize=1)
def baseline_in_full() -> tuple[BlockOutcome, History]:
    return in_full(setting(), town(), REPLICATIONS, LedgerOfAll)


def baseline() -> BlockOutcome:
    return baseline_in_full()[0]


Told = tuple[BlockOutcome, History]
AT_ONCE = 5  # plans that share a block


def assert_first_difference(told: Told, month: int, but: tuple[str, ...] = ()) -> None:
    """Equal to the bit before the month; and not equal for ever."""
    (outcome, schools), (changed, changed_schools) = baseline_in_full(), told
    difference = differing(outcome, changed)
    assert set(difference) - set(but)
    too_early = {
        name: first
        for name, first in (difference | first_differences(schools, changed_schools)).items()
        if first < month and name not in but
    }
    assert too_early == {}


@lru_cache(maxsize=1)
def told_together(first: int, changed_at: int | None) -> dict[str, Told]:
    """A few levers from the start, or from a month on: each in a plan of its own."""
    names = sorted(LEVERS)[first : first + AT_ONCE]
    changes = [with_table(name, LEVERS[name][0]) for name in names]
    plans = [
        setting(changes=each) if changed_at is None else setting(timeline=[(changed_at, each)])
        for each in changes
    ]
    return dict(zip(names, in_full_together(plans, town(), REPLICATIONS, LedgerOfAll), strict=True))


def told(name: str, changed_at: int | None = None) -> Told:
    place = sorted(LEVERS).index(name)
    return told_together(place - place % AT_ONCE, changed_at)[name]


# equal scenarios


def test_a_scenario_equal_to_the_baseline_differs_by_exactly_nought():
    again = simulate(setting(), town(), REPLICATIONS)
    assert_same(baseline(), again)
    for name, column in baseline().panel.items():
        difference = again.panel[name].astype(float) - column
        assert not np.nan_to_num(difference).any(), name


def test_a_timeline_entry_that_changes_nothing_changes_nothing():
    same = {"funding.subscription_gbp_per_pupil": 12.0, "agreement.length_months": 24}
    repeated = setting(timeline=[(5, same), (24, {}), (31, same)])
    assert_same(baseline(), simulate(repeated, town(), REPLICATIONS))


def test_a_change_undone_in_the_same_month_never_happened():
    # of two entries in one month the later holds
    undone = setting(
        timeline=[
            (9, {"external.market_quality": 0.9}),
            (9, {"external.market_quality": 0.5}),
        ]
    )
    assert_same(baseline(), simulate(undone, town(), REPLICATIONS))


def test_weights_of_the_index_change_the_index_and_nothing_else():
    weighted = setting(cohesion=Cohesion((0.0, 0.0, 1.0, 0.0, 0.0), 0.5))
    changed = differing(baseline(), simulate(weighted, town(), REPLICATIONS))
    assert set(changed) == {"participation", "cohesion", "cohesion_core"}


def test_parameters_held_at_their_central_values_are_the_central_parameters():
    overrides = {**LIKELY, "b_price": 0.15, "contagion_same_phase": 1.45}
    held = policy(SETTING, horizon=HORIZON, overrides=overrides)
    assert_same(baseline(), simulate(held, town(), REPLICATIONS))


def test_holding_one_uncertain_parameter_leaves_the_draws_of_the_others_alone():
    free = policy(SETTING, horizon=9, parameters="uncertain")
    held = policy(
        SETTING, horizon=9, parameters="uncertain", overrides={"disposition_correlation": 0.7}
    )
    # nothing is offered or voted on in the first year: the held parameter has not yet mattered
    assert_same(simulate(free), simulate(held))


# no anticipation


def test_every_lever_of_a_scenario_stands_in_these_tables():
    assert set(LEVERS) == set(LEVER_NAMES)


@pytest.mark.parametrize("name", sorted(LEVERS))
def test_a_lever_moves_nothing_before_it_can_act_and_something_after(name):
    # the first review only remembers who was under the quorum; the second acts on it
    but = ("agreement.under_quorum",) if name == "agreement.quorum" else ()
    assert_first_difference(told(name), LEVERS[name][1], but)


@pytest.mark.parametrize("name", sorted(set(LEVERS) - NOT_SO_LATE))
def test_a_lever_changed_in_a_later_month_moves_nothing_before_it(name):
    assert_first_difference(told(name, CHANGED_AT), WAITS_UNTIL.get(name, CHANGED_AT))


def test_the_end_of_the_partnership_question_is_settled_at_the_founding():
    without = simulate(setting(partnership=False), town(), REPLICATIONS)
    assert min(differing(baseline(), without).values()) == 0
    # the pipeline of the years before does not know whether there will be one
    assert (flows(baseline(), "openings_")[0] == flows(without, "openings_")[0]).all()


def test_lengths_of_24_and_36_months_differ_in_security_from_the_second_month():
    longer = setting(changes={"agreement.length_months": 36})
    (alone,) = in_full_together([longer], town(), REPLICATIONS, LedgerOfAll)
    assert_first_difference(alone, 1, but=("cover_months", "agreement.end"))


def test_lengths_of_48_and_60_months_are_one_world_while_both_give_full_security():
    outcomes = [
        simulate(policy({"agreement.length_months": m}, horizon=60, overrides=LIKELY), town(), 64)
        for m in (48, 60)
    ]
    difference = differing(*outcomes, columns=all_but("cover_months"))
    assert min(difference.values()) >= 25
    assert difference


def test_a_climate_set_from_a_month_acts_in_that_month_and_not_before():
    nought = tuple((phase, (0.0,)) for phase in ("primary", "secondary", "special"))
    calm = {"climate.conversion": "table", "climate.opening_pct_per_month": nought}
    for month in (1, 7, 20):
        plan = setting(timeline=[(month, calm)])
        changed = simulate(plan, town(), REPLICATIONS)
        assert min(differing(baseline(), changed).values()) >= month
        # from the month on nobody applies any more, even where earlier rates looked past it
        applications = changed.panel["applications"]
        assert (applications[:month] == baseline().panel["applications"][:month]).all()
        assert applications[month:].sum() == 0
    assert baseline().panel["applications"][20:].sum() > 0


def test_a_surge_to_come_is_seen_only_from_the_month_it_is_announced():
    late = setting(timeline=[(4, {"climate.conversion": "surge"})])
    early = setting(changes={"climate.conversion": "surge"})
    assert min(differing(baseline(), simulate(late, town(), REPLICATIONS)).values()) >= 4
    assert min(differing(baseline(), simulate(early, town(), REPLICATIONS)).values()) < 4


# time


@lru_cache(maxsize=2)
def until(months: int) -> Told:
    plan = {**TOWN_MONEY, "external.chain_approaches_per_year": 4.0}
    return in_full(policy(plan, horizon=months, parameters="uncertain"), town(), 16, LedgerOfAll)


@pytest.mark.parametrize("shorter", [1, 7, 24, 59])
def test_a_longer_horizon_reproduces_the_shorter(shorter):
    second, later_schools = until(84)
    first, schools = until(shorter)
    runs = [first, second]
    assert differing(*runs) == {}
    assert first_differences(schools, later_schools) == {}
    opened, later = (run.schools["opening_month"] for run in runs)
    np.testing.assert_array_equal(opened, np.where(later >= shorter, -1, later))
    alone, later = (run.schools["first_month_alone"] for run in runs)
    np.testing.assert_array_equal(alone, np.where(later >= shorter, -1, later))


@pytest.mark.parametrize("climate", ["observed", "flat", "surge", "uncertain"])
def test_the_horizon_does_not_change_the_climate_seen_within_it(climate):
    runs = [
        simulate(policy({"climate.conversion": climate}, horizon=months), rotherham(), 8)
        for months in (20, 26)
    ]
    assert differing(*runs) == {}


# lengths of the agreement, where an agreement is nothing but words

WORDS = {"b_secure": 0.0, "forum_agreement": 0.0}
NOT_PAID = (("guarantee", "none"),)
IN_WORDS_ONLY = {"cover_months", "agreement_in_force", "lapsed"}


def of_lengths(
    lengths: Sequence[int], overrides: dict[str, float], **rest: object
) -> tuple[BlockOutcome, ...]:
    """Agreements of these lengths, which share a block."""
    plans = [
        policy(
            {
                **TOWN_MONEY,
                "funding.subscription_gbp_per_pupil": 6.0,
                "agreement.length_months": months,
            },
            horizon=84,
            overrides={"forum_intercept": 0.5, **overrides},
            **rest,  # type: ignore[arg-type]
        )
        for months in lengths
    ]
    return simulate_policies(plans, town(), SEED, np.arange(32))


@pytest.mark.parametrize("parameters", ["central", "uncertain"])
def test_an_agreement_that_nobody_hears_and_nobody_pays_is_paper(parameters):
    """Schools, Forum and council indifferent: lengths agree to the bit in all but the words."""
    none, *others = of_lengths((0, 1, 24, 60), WORDS, structure=NOT_PAID, parameters=parameters)
    for other in others:
        assert set(differing(none, other)) <= IN_WORDS_ONLY
        assert set(differing(none, other)) >= {"cover_months"}
        for name in none.schools:
            np.testing.assert_array_equal(none.schools[name], other.schools[name])


@pytest.mark.parametrize(
    ("overrides", "structure"),
    [
        ({"forum_agreement": 0.0}, NOT_PAID),
        ({"b_secure": 0.0}, NOT_PAID),
        ({"b_secure": 0.0, "forum_agreement": 0.0}, ()),
    ],
    ids=["security", "the Forum's ear", "the guarantee"],
)
def test_security_the_forums_ear_and_the_guarantee_each_tell_lengths_apart(overrides, structure):
    # the Forum's ear tells two lengths apart that cover another year in January
    runs = of_lengths((12, 60), overrides, structure=structure)
    assert set(differing(*runs)) > IN_WORDS_ONLY


# somebody who draws and does nothing


def test_an_actor_that_draws_and_does_nothing_changes_nothing(monkeypatch):
    plan, drawn = policy(SETTING, horizon=14, overrides=LIKELY), []
    plain = simulate(plan)
    original = simulation.endowment

    def idle(world):
        for month in range(plan.horizon_months):
            for turn in Turn:
                yield world.calendar.at(month, turn)
                for purpose in list(Purpose)[month % 4 :: 4]:
                    drawn.append(world.draws.one(purpose, world.calendar.number))
                    world.draws.uniform(world.schools.keys, purpose, world.calendar.number)

    def accompanied(world):
        world.calendar.at(0, Turn.FOUNDING).env.process(idle(world))
        yield from original(world)

    monkeypatch.setattr(simulation, "endowment", accompanied)
    assert_same(plain, simulate(plan))
    assert len(drawn) > plan.horizon_months * len(Turn)


def test_the_model_draws_from_no_generator_of_its_own(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a draw that belongs to no key")

    for name in ("default_rng", "seed", "random", "rand", "randn", "normal", "uniform"):
        monkeypatch.setattr(np.random, name, refuse)
    simulate(policy(horizon=6), town(), 4)
