"""At the bounds of every parameter and lever, a number keeps its meaning."""

from __future__ import annotations

import numpy as np
import pytest

from rsip_sim.evidence.register import load_register
from rsip_sim.experiment.tables import UNDEFINED, check_outcome
from rsip_sim.measures.metrics import METRICS
from rsip_sim.model.policy import Cohesion, Policy
from rsip_sim.model.simulation import BlockOutcome, simulate_policies
from tests.fakes.worlds import SEED, policy, roster, simulate, town
from tests.invariants.checks import FRACTIONS

MONTHS, FUTURES = 26, 4
HELD = [
    (each.name, bound)
    for each in load_register()
    if not isinstance(each.value, tuple)
    for bound in (each.minimum, each.maximum)
    if bound is not None
]
AT_ONCE = 24  # bounds that share a block


def sound(outcome: BlockOutcome) -> None:
    """Whatever the world: no undefined number but where it may be, and every share is one."""
    schools = len(next(iter(outcome.schools.values())))
    check_outcome(outcome, MONTHS, schools, FUTURES)
    for name in FRACTIONS:
        values = outcome.panel[name]
        assert values.min() >= 0.0, name
        assert values.max() <= 1.0 + 1e-12, name
    for what in ("", "_new"):
        recouped = outcome.panel[f"recouped{what}_pence_per_year"]
        assert (recouped <= outcome.panel["gross_pence_per_year"]).all()
    for name in ("erosion", "erosion_new", "erosion_cumulative"):
        values = METRICS[name].compute(outcome.panel)
        assert np.nanmax(values) <= 100.0, name


def fault(outcome: BlockOutcome) -> str:
    """What is not sound, or nothing."""
    try:
        sound(outcome)
    except (AssertionError, ValueError) as unsound:
        return str(unsound)
    return ""


def at_bound(name: str, bound: float) -> Policy:
    """One parameter or lever at its bound, in a town where schools convert, join and leave."""
    given = load_register()[name]
    if name == "cohesion.associate_weight":
        return policy(horizon=MONTHS, cohesion=Cohesion(associate_weight=bound))
    if given.kind != "lever":
        return policy(horizon=MONTHS, overrides={name: bound})
    return policy(
        {name: int(bound) if isinstance(given.value, int) else float(bound)}, horizon=MONTHS
    )


@pytest.mark.parametrize("first", range(0, len(HELD), AT_ONCE), ids=lambda first: HELD[first][0])
@pytest.mark.filterwarnings("error")
def test_each_bound_leaves_every_number_sound(first: int) -> None:
    """One at a time, though several share a block."""
    held = HELD[first : first + AT_ONCE]
    with np.errstate(invalid="raise"):
        outcomes = simulate_policies(
            [at_bound(*each) for each in held], town(), SEED, np.arange(FUTURES)
        )
    unsound = {each: fault(outcome) for each, outcome in zip(held, outcomes, strict=True)}
    assert not {each: what for each, what in unsound.items() if what}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
@pytest.mark.parametrize("reference", [0.0, 1e-6, 0.1, 0.9])
def test_capacity_has_a_meaning_wherever_its_usual_share_lies(
    share: float, reference: float
) -> None:
    """Where nothing is usual and nothing is built, lead schools are as many as at the start."""
    plan = policy(
        {"funding.ses_capacity_share": share}, horizon=MONTHS,
        overrides={"capacity_share_reference": reference},
    )  # fmt: skip
    outcome = simulate(plan, town(), FUTURES)
    sound(outcome)
    if share == 0.0:
        lead = outcome.panel["lead_offer_share"]
        assert (lead <= lead[0] + 1e-12).all()


def test_just_above_a_bound_is_just_beside_it() -> None:
    """A parameter at 0 and at a millionth are told apart by no one."""
    at, above = (
        simulate(
            policy(
                {"funding.ses_capacity_share": 0.0}, horizon=MONTHS,
                overrides={"capacity_share_reference": reference},
            ),
            town(),
            FUTURES,
        ).panel["fund_pence_per_year"]
        for reference in (0.0, 1e-9)
    )  # fmt: skip
    assert (at == above).all()


def test_where_all_schools_are_academies_no_more_is_recouped_than_there_is() -> None:
    rows = [
        {"urn": urn, "school": f"School {urn}", "phase": "primary", "pupils": 200,
         "legal_status": "academy", "opened": "2010-09"}
        for urn in range(1, 6)
    ]  # fmt: skip
    plan = policy(horizon=MONTHS, overrides={"recoupment_factor": 1.03})
    outcome = simulate(plan, roster(rows), FUTURES)
    sound(outcome)
    assert (METRICS["erosion"].compute(outcome.panel) == 100.0).all()
    assert not outcome.panel["retained_pence_per_year"].any()


def test_only_what_may_be_undefined_is() -> None:
    outcome = simulate(policy(horizon=MONTHS, partnership=False), town(), FUTURES)
    sound(outcome)
    assert np.isnan(outcome.panel[UNDEFINED[0]]).all()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["participation", "need_days", "lead_offer_share"])
def test_a_number_that_is_no_result_ends_the_block(name: str, value: float) -> None:
    outcome = simulate(policy(horizon=MONTHS), town(), FUTURES)
    outcome.panel[name] = outcome.panel[name].copy()
    outcome.panel[name][3, 1] = value
    with pytest.raises(ValueError, match=f"column {name} holds .*, which is no result"):
        sound(outcome)


@pytest.mark.parametrize("name", ["fund_pence_per_year", "gross_pence_per_year", "joins"])
def test_what_a_failed_cast_leaves_ends_the_block(name: str) -> None:
    outcome = simulate(policy(horizon=MONTHS), town(), FUTURES)
    values = outcome.panel[name].copy()
    values[3, 1] = np.iinfo(values.dtype).min
    outcome.panel[name] = values
    with pytest.raises(ValueError, match=f"column {name} holds .*, a failed cast"):
        sound(outcome)
