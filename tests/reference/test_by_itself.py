"""What must be true of the reference alone, whatever the block engine does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as fixed_seed
from hypothesis import strategies as st

from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.policy import Agreement, Climate, External, Funding, Levers, Policy
from tests.fakes.worlds import APRIL_2011, town

from .accounts import Record
from .strategies import scenarios
from .world import simulate


def assert_conserved(month: Record) -> None:
    """Every penny of both pots, of the fund and of the grant is somewhere, and only once."""
    money = {
        name.removesuffix("_pence_per_year"): amount
        for name, amount in month.items()
        if name.endswith("_pence_per_year")
    }
    assert money["line"] == money["pooled"] + money["delegated"]
    assert money["ses_path"] == money["ses"] + money["guarantee"] - money["overspend"]
    given_by = ("pooled", "guarantee", "subscriptions", "endowment", "sold")
    assert money["fund"] == sum(money[name] for name in given_by)
    assert money["retained"] == money["gross"] - money["recouped"]
    budget = ("line", "pooled", "delegated", "ses_path", "ses", "guarantee", "overspend")
    assert min(money[name] for name in budget) >= 0


def assert_days_add_up(month: Record) -> None:
    """Schools are served what institutions and they themselves pay for, and no more than needed."""
    assert 0 <= month["bought_by_schools_days"] <= month["served_days"] + 1e-9
    assert 0 <= month["commissioned_days"] <= month["served_days"] + 1e-9
    assert month["served_days"] <= month["need_days"] + 1e-9
    assert 0 <= month["adequacy_judged"] <= month["adequacy"] + 1e-9 <= 1 + 2e-9


@fixed_seed(1)
@settings(max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(scenarios(), st.integers(0, 2**31))
def test_money_and_days_are_conserved_in_every_month(
    scenario: tuple[Policy, Roster], seed: int
) -> None:
    for month in simulate(*scenario, seed, 3).months:
        assert_conserved(month)
        assert_days_add_up(month)


# rules worked out by hand ------------------------------------------------------------------------

Overrides = dict[str, float | str]  # parameters, and rules that are otherwise
REFUSED: Overrides = {"forum_intercept": -50.0}  # at the first January that the Forum votes
KEPT: Overrides = {"forum_intercept": 50.0}
AGREED: Overrides = {"renewal_intercept": 50.0}
NOT_AGREED: Overrides = {"renewal_intercept": -50.0}
# the Forum would refuse but for an agreement
SWAYED: Overrides = {"forum_intercept": -50.0, "forum_agreement": 100.0}
SMALL = Funding(
    earmark_gbp_per_year=120_000.0, ses_gbp_per_year=300_000.0, council_cut_pct_per_year=10.0
)


STILL = Levers(
    Agreement(quorum=0.0),
    SMALL,
    climate=Climate(
        "table", tuple((phase, (0.0,)) for phase in ("primary", "secondary", "special"))
    ),
    external=External(0.5, 0.0),
)


def told(
    length: int,
    horizon: int,
    held: Overrides,
    changes: Sequence[tuple[int, Levers]] = (),
    agreement: Agreement = STILL.agreement,
) -> list[Record]:
    """One replication of a small town with central parameters, where no school converts."""
    promise = replace(agreement, length_months=length)
    no_orders: Overrides = {
        f"order_rate_{grade}": 0.0 for grade in ("grade_4", "grade_3_primary", "grade_3_secondary")
    }
    overrides = {"trust_years_between": 100.0} | no_orders | held
    policy = Policy(
        APRIL_2011,
        horizon,
        levers=replace(STILL, agreement=promise),
        changes=tuple(changes),
        overrides=tuple((n, v) for n, v in overrides.items() if not isinstance(v, str)),
        structure=tuple((n, v) for n, v in overrides.items() if isinstance(v, str)),
    )
    return simulate(policy, town(), 7, 2).months


def pounds(month: Record, name: str) -> float:
    return month[f"{name}_pence_per_year"] / 100


def test_a_guarantee_is_paid_from_the_service_in_years_wholly_covered() -> None:
    """30 months: 2012-13 is covered, 2013-14 only for half. The core is £100,000."""
    months = told(30, 38, REFUSED | {"ses_core_gbp": 100_000.0, "ending_threshold_gbp": 0.0})
    assert [pounds(months[at], "pooled") for at in (0, 11, 12, 24)] == [120_000, 120_000, 0, 0]
    assert [pounds(months[at], "delegated") for at in (0, 11, 12, 24)] == [0, 0, 120_000, 120_000]
    assert [pounds(months[at], "guarantee") for at in (11, 12, 23, 24)] == [0, 120_000, 120_000, 0]
    # £270,000 less £120,000 is above the core; the year after nothing is taken
    assert [pounds(months[at], "ses") for at in (0, 12, 24)] == [300_000, 150_000, 243_000]
    assert [pounds(months[at], "overspend") for at in (0, 12, 24)] == [0, 0, 0]


def test_the_core_of_the_service_is_kept_and_the_rest_of_a_guarantee_is_overspent() -> None:
    months = told(60, 14, REFUSED | {"ses_core_gbp": 200_000.0})
    assert pounds(months[12], "ses") == 200_000
    assert pounds(months[12], "overspend") == 200_000 + 120_000 - 270_000


def test_nothing_is_guaranteed_where_the_rule_is_otherwise() -> None:
    months = told(60, 14, REFUSED | {"guarantee": "none"})
    assert pounds(months[12], "guarantee") == 0
    assert pounds(months[12], "ses") == 270_000
    assert pounds(months[12], "fund") == 0


def test_the_partnership_ends_at_the_second_april_without_money_and_its_line_is_delegated() -> None:
    months = told(60, 26, REFUSED | {"guarantee": "none"})
    assert [months[at]["partnership_ended"] for at in (12, 23, 24)] == [0, 0, 1]
    never = told(60, 26, REFUSED | {"guarantee": "none", "ending": "never_for_money"})
    assert never[25]["partnership_ended"] == 0


def test_a_quorum_missed_twice_stops_a_guarantee_within_the_year() -> None:
    """The quorum is raised in the first covered year without a line, beyond anybody's reach."""
    strict = replace(STILL, agreement=Agreement(60, quorum=1.0, reviews_per_year=12))
    months = told(60, 20, REFUSED | {"founding_maintained": 0.8}, [(14, strict)])
    ended = next(place for place, month in enumerate(months) if month["partnership_ended"])
    before, after = months[ended - 1], months[ended]
    assert ended == 15
    assert pounds(before, "guarantee") == 120_000
    assert pounds(after, "pooled") == pounds(after, "guarantee") == pounds(after, "fund") == 0
    assert pounds(after, "delegated") == 120_000
    assert (
        pounds(after, "ses") == pounds(after, "ses_path") == pounds(before, "ses_path") == 270_000
    )


def test_a_january_offer_extends_what_runs_or_begins_in_april() -> None:
    extended = told(12, 30, KEPT | AGREED)
    assert [extended[at]["cover_months"] for at in (8, 9, 12)] == [4, 15, 12]
    anew = told(0, 30, KEPT | AGREED)
    assert [anew[at]["agreement_in_force"] for at in (9, 11, 12, 24)] == [0, 0, 1, 1]
    lapsed = told(9, 30, KEPT | AGREED)
    assert [lapsed[at]["lapsed"] for at in (8, 9, 11, 12)] == [0, 1, 1, 0]
    enough = told(24, 30, KEPT | AGREED)
    assert [enough[at]["cover_months"] for at in (9, 12, 20, 21)] == [15, 12, 4, 15]


@pytest.mark.parametrize(
    ("held", "later_offers"),
    [(KEPT, False), (KEPT | {"later_offers": "none"}, True), (REFUSED, True)],
    ids=["the planner", "the rule", "the Forum"],
)
def test_no_offer_comes_where_one_is_not_allowed(held: Overrides, later_offers: bool) -> None:
    agreement = Agreement(quorum=0.0, later_offers=later_offers)
    months = told(0, 30, held | AGREED, agreement=agreement)
    assert not any(month["agreement_in_force"] for month in months)


def test_a_length_from_the_timeline_revives_no_line_but_the_council_pays() -> None:
    later = replace(STILL, agreement=Agreement(length_months=36, quorum=0.0))
    changes = [(11, later)]
    months = told(0, 26, REFUSED, changes)
    assert [months[at]["cover_months"] for at in (10, 11)] == [0, 36]
    assert pounds(months[12], "pooled") == 0
    assert pounds(months[12], "guarantee") == 120_000


@pytest.mark.parametrize(
    ("rule", "kept"), [("usual", True), ("bound", True), ("deaf", False)], ids=str
)
def test_an_agreement_speaks_for_the_line_as_the_rule_has_it(rule: str, kept: bool) -> None:
    """The Forum would refuse but for an agreement that covers the coming year."""
    held = SWAYED if rule == "usual" else SWAYED | {"forum": rule}
    assert (pounds(told(24, 14, held)[12], "pooled") > 0) is kept
    uncovered = told(23, 14, held | NOT_AGREED)
    assert pounds(uncovered[12], "pooled") == 0


def test_an_agreement_made_in_the_same_january_speaks_for_the_line() -> None:
    assert pounds(told(0, 14, SWAYED | AGREED)[12], "pooled") == 120_000
    assert pounds(told(0, 14, SWAYED | NOT_AGREED)[12], "pooled") == 0


def test_the_line_is_never_raised_after_2012_13() -> None:
    def with_line(gbp: float) -> Levers:
        return replace(STILL, funding=replace(SMALL, earmark_gbp_per_year=gbp))

    changes = [(6, with_line(150_000.0)), (18, with_line(200_000.0)), (30, with_line(90_000.0))]
    months = told(60, 50, KEPT, [*changes, (42, with_line(500_000.0))])
    lines = [pounds(months[at], "line") for at in (0, 11, 12, 24, 36, 48)]
    assert lines == [120_000, 120_000, 150_000, 150_000, 90_000, 150_000]


def test_what_is_delegated_without_a_partnership_is_the_line() -> None:
    levers = Levers(funding=SMALL)
    months = simulate(Policy(APRIL_2011, 14, False, levers), town(), 1, 1).months
    assert all(pounds(month, "delegated") == 120_000 for month in months)
    assert all(pounds(month, "fund") == pounds(month, "guarantee") == 0 for month in months)


def test_a_dedelegated_line_pools_what_maintained_schools_bring() -> None:
    """Conversions take their pupils' share along, which no agreement makes up."""
    start = APRIL_2011 + 24
    fast = Climate("table", tuple((phase, (8.0,)) for phase in ("primary", "secondary", "special")))
    levers = Levers(
        Agreement(length_months=60, quorum=0.0, renewal="certain"),
        replace(SMALL, line="dedelegated"),
        climate=fast,
        external=External(0.5, 0.0),
    )
    months = simulate(Policy(start, 26, levers=levers), town(), 3, 1).months

    def maintained(month: Record) -> float:
        return sum(
            pupils
            for name, pupils in month.items()
            if name.startswith("pupils_") and "_maintained_" in name
        )

    roster = town()
    at_start = int(roster.pupils[roster.legal_status == 0].sum())
    assert pounds(months[0], "pooled") == 120_000
    for april in (12, 24):
        share = maintained(months[april]) / at_start
        assert 0 < share < 1
        assert pounds(months[april], "pooled") == pytest.approx(120_000 * share, abs=0.01)
        assert pounds(months[april], "guarantee") == 0
    assert all(not month["partnership_ended"] for month in months)
