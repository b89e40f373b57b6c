"""Random scenarios: levers, timelines, overrides, rules, rosters."""

from __future__ import annotations

import string
from dataclasses import fields, replace
from typing import Any, TypeVar

from hypothesis import strategies as st

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.register import Parameter, load_register
from rsip_sim.evidence.rosters import Roster, roster_from_rows
from rsip_sim.model.policy import (
    Agreement,
    Climate,
    Cohesion,
    External,
    Funding,
    Levers,
    Policy,
    Support,
)
from tests.fakes.random_worlds import acceptable

from .luck import ALTERNATIVES

Group = TypeVar("Group", Agreement, Funding, External, Support)
LONGEST = 40
STARTS = (
    *("2011-04", "2011-04", "2010-09", "2010-11", "2011-01", "2012-04"),
    *("2012-12", "2013-04", "2013-07", "2016-05", "2017-02"),
)
DEDELEGATED_FROM = parse_month("2013-04")
LAST_WITHOUT_TABLE = parse_month("2016-09")  # a later start must bring its own climate
GOVERNANCE = ("community", "foundation", "voluntary aided", "voluntary controlled", "other")
MAINSTREAM = ("primary", "infant", "junior", "secondary")
DETAILED = (*MAINSTREAM, "primary", "secondary", "special", "nursery", "pru")


def pounds(most: float) -> st.SearchStrategy[float]:
    """Amounts with whole pence, nothing and all of it among them; large ones are not rare."""
    return st.one_of(
        st.just(0.0),
        st.integers(1, 20).map(lambda twentieths: most * twentieths / 20),
        st.integers(1, int(most)).map(float),
        st.integers(1, int(most * 100)).map(lambda pence: pence / 100),
    )


def told(draw: st.DrawFn, kind: type[Group], **named: Any) -> Group:
    """A group of levers: these values, and of any lever not named, whatever a scenario may have."""
    rest = {
        each.name: draw(acceptable(f"{kind.__name__.lower()}.{each.name}"))
        for each in fields(kind)  # type: ignore[arg-type]
        if each.name not in named
    }
    return kind(**named, **rest)


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    length = draw(st.sampled_from((0, 1, 3, 11, 12, 13, 24, 24, 25, 36, 60)))
    return told(
        draw,
        Agreement,
        length_months=length,
        renewal_months=draw(st.sampled_from((12, 12, 13, 23, 24, 36))),
        later_offers=draw(st.sampled_from((True, True, True, False))),
        renewal=draw(st.sampled_from(("uncertain", "uncertain", "certain"))),
        school_commitment_months=min(length, draw(st.sampled_from((0, 0, 6, 12, 24)))),
        quorum=draw(st.sampled_from((0.0, 0.3, 0.5, 0.5, 0.8, 0.95, 1.0))),
        reviews_per_year=draw(st.sampled_from((1, 2, 2, 3, 4, 6, 12))),
        academies_may_join=draw(st.sampled_from((True, True, False))),
        governance_settled_months=draw(st.sampled_from((0, 6, 6, 18))),
    )


cuts: st.SearchStrategy[float | str] = st.sampled_from(
    ("uncertain", "uncertain", 8.5, 0.0, 4.0, 12.25, 50.0)
)


@st.composite
def fundings(draw: st.DrawFn, start: int, horizon: int, month: int) -> Funding:
    """The money from a month number on."""
    lines = ("central",) if month < DEDELEGATED_FROM else ("central", "dedelegated")
    months = st.integers(start, start + horizon - 1)
    return told(
        draw,
        Funding,
        dsg_gbp_per_pupil=draw(st.sampled_from((4700.0, 4700.0, 4812.37, 1000.0, 20000.0))),
        earmark_gbp_per_year=draw(st.one_of(st.just(750_000.0), pounds(2_000_000))),
        subscription_gbp_per_pupil=draw(st.one_of(st.just(0.0), pounds(20))),
        ses_gbp_per_year=draw(st.one_of(st.just(2_000_000.0), pounds(3_000_000))),
        ses_capacity_share=draw(st.sampled_from((0.1, 0.1, 0.0, 0.05, 0.2, 0.3))),
        council_cut_pct_per_year=draw(cuts),
        service_money=draw(st.one_of(st.just("observed"), st.floats(1, 1500))),
        endowment=draw(st.sampled_from(("none", "bid", "won"))),
        line=draw(st.sampled_from(lines)),
        forum_delegates_from=draw(st.one_of(st.none(), st.none(), months)),
    )


@st.composite
def climates(draw: st.DrawFn, start: int) -> Climate:
    kinds = ("observed", "flat", "surge", "uncertain", "uncertain", "table")
    kind = draw(st.sampled_from(kinds if start <= LAST_WITHOUT_TABLE else ("table",)))
    if kind != "table":
        return Climate(kind)
    rates = st.lists(st.sampled_from((0.0, 0.2, 1.0, 5.0, 20.0)), min_size=1, max_size=20)
    phases = ("primary", "secondary", "special")
    return Climate(kind, tuple((phase, tuple(draw(rates))) for phase in phases))


@st.composite
def externals(draw: st.DrawFn) -> External:
    return told(
        draw,
        External,
        market_quality=draw(st.sampled_from(("uncertain", "uncertain", 0.5, 0.0, 0.2, 0.8, 1.0))),
        chain_approaches_per_year=draw(
            st.sampled_from(("uncertain", "uncertain", 1.0, 0.0, 3.0, 20.0))
        ),
    )


@st.composite
def supports(draw: st.DrawFn) -> Support:
    return told(
        draw,
        Support,
        weakest_first_share=draw(st.sampled_from((0.5, 0.5, 0.0, 0.3, 1.0))),
        sold_beyond_share=draw(st.sampled_from((0.0, 0.0, 0.1, 0.5, 1.0))),
    )


@st.composite
def changes(
    draw: st.DrawFn, before: Levers, start: int, horizon: int
) -> tuple[tuple[int, Levers], ...]:
    """A timeline: each change touches one group of levers, or one lever of it."""
    months = st.lists(st.integers(1, horizon - 1), max_size=3, unique=True)
    timeline = []
    for month in sorted(draw(months)) if horizon > 1 else []:
        group = draw(st.sampled_from(("agreement", "funding", "climate", "external", "support")))
        new: object = draw(
            {
                "agreement": agreements(),
                "funding": fundings(start, horizon, start + month),
                "climate": climates(start),
                "external": externals(),
                "support": supports(),
            }[group]
        )
        before = replace(before, **{group: new})  # type: ignore[arg-type]
        timeline.append((month, before))
    return tuple(timeline)


def _values(parameter: Parameter) -> st.SearchStrategy[float]:
    if parameter.low is None or parameter.high is None:
        return st.just(float(parameter.value))  # type: ignore[arg-type]
    return st.floats(parameter.low, parameter.high)


FREE = (
    ("membership_multiplier", (0.1, 1.0, 1.5)),
    ("share_multiplier", (0.0, 0.9, 2.0)),
    ("kappa_primary", (5.0,)),
    ("kappa_secondary", (5.0,)),
    ("exit_yearly", (0.3,)),
    ("withdrawal_share", (0.0, 0.6)),
    ("pull_probability", (0.0, 1.0)),
    ("trust_on_secondary", (0.0, 1.0)),
    ("trust_years_between", (0.5, 2.0)),
    ("consortium_reach", (0.0, 5.0)),
    ("order_rate_grade_4", (0.3,)),
    ("order_rate_grade_3_primary", (0.2,)),
    ("chain_lone_academy_probability", (1.0,)),
    ("rebound_multiplier", (10.0,)),
    ("tied_multiplier", (0.0, 2.0)),
    ("trust_multiplier", (0.0, 20.0)),
    ("chain_multiplier", (0.0, 20.0)),
    ("contagion_same_phase", (0.0, 10.0)),
    ("grade_multiplier_3", (0.0, 10.0)),
    ("deficit_chance", (0.0, 1.0)),
    ("sponsor_chain_chance", (0.0, 1.0)),
    ("exclusion_multiplier", (0.0, 2.0)),
    ("forum_agreement", (-3.0, 10.0)),
    ("endowment_success", (1.0,)),
    ("renewal_intercept", (-10.0, 10.0)),
    ("forum_intercept", (-10.0, 10.0)),
    ("founding_maintained", (0.5,)),
    ("outsider_inertia_extra", (0.0,)),
    ("contagion_months", (3.0, 30.0)),
    ("chain_active_months", (3.0, 60.0)),
    ("trust_active_months", (0.0, 6.0)),
    ("rebound_months", (2.0,)),
    ("endowment_decision_months", (0.0, 3.0)),
    ("endowment_months", (5.0,)),
    ("in_school_share", (0.01, 0.9)),
    ("ses_core_gbp", (0.0, 1_500_000.0, 3_000_000.0)),
    ("ses_follows_pupils", (0.0, 1.0)),
    ("buy_back_share", (0.0, 1.0)),
    ("ending_threshold_gbp", (0.0, 400_000.0, 10_000_000.0)),
    ("fall_ratio", (0.0, 5.0)),
    ("leave_ratio", (5.0,)),
    ("up_ratio", (0.0, 5.0)),
    ("fund_fixed_gbp", (0.0, 5_000_000.0)),
    ("fund_day_share", (0.0, 1.0)),
    ("lead_days_per_month", (0.0, 20.0)),
    ("lead_day_gbp", (50.0, 600.0)),
    ("political_multiplier", (0.0, 3.0)),
    ("recoupment_factor", (0.97, 1.03, 1.0213)),
)


# in half of the scenarios much happens even to few schools: many apply, leave and come back
LIVELY = {
    "kappa_primary": 30.0,
    "kappa_secondary": 15.0,
    "kappa_special": 30.0,
    "exit_yearly": 0.3,
    "outsider_inertia_extra": 0.0,
    "order_rate_grade_4": 0.1,
}


@st.composite
def rules(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """Rules that are otherwise, in about half of the scenarios."""
    otherwise = [(rule, value) for rule, values in ALTERNATIVES.items() for value in values]
    chosen = draw(st.one_of(st.just([]), st.lists(st.sampled_from(otherwise), max_size=4)))
    return tuple(sorted(dict(chosen).items()))


@st.composite
def overrides(draw: st.DrawFn) -> tuple[tuple[str, float], ...]:
    uncertain = {each.name: _values(each) for each in load_register().uncertain()}
    chosen = draw(st.lists(st.sampled_from(sorted(uncertain)), max_size=3, unique=True))
    values: dict[str, float] = dict(draw(st.sampled_from(({}, LIVELY))))
    values |= {name: draw(uncertain[name]) for name in chosen}
    for name, extremes in draw(st.lists(st.sampled_from(FREE), max_size=4)):
        values[name] = draw(st.sampled_from(extremes))
    return tuple(sorted(values.items()))


@st.composite
def rosters(draw: st.DrawFn, start: int, horizon: int) -> Roster:
    """One to twenty-five schools, with every oddity a roster may hold."""
    size = draw(st.one_of(st.integers(1, 6), st.integers(7, 25)))
    kind = draw(st.sampled_from(("mixed", "mixed", "mixed", "academies", "primaries")))
    places = draw(st.sampled_from(("", "A", "AB", "ABCD")))
    faiths = draw(st.sampled_from(("", "", "X", "XY")))
    base = draw(st.integers(1, 900_000)) * 10
    rows: list[dict[str, object]] = []
    for place in range(size):
        phase = draw(st.sampled_from(MAINSTREAM[:3] if kind == "primaries" else DETAILED))
        row: dict[str, object] = {
            "urn": base - place * 3 + 80,
            "school": string.ascii_letters[place],
            "phase": phase,
            "pupils": draw(st.sampled_from((1, 37, 120, 210, 333, 481, 1210))),
            "governance": draw(st.sampled_from(GOVERNANCE)),
            "learning_community": draw(st.sampled_from((*places, *places, ""))),
            "diocese": draw(st.sampled_from((*faiths, "", "", ""))),
            "ofsted_grade": draw(st.sampled_from(("", "", "", 1, 2, 3, 4))),
            "member": draw(st.sampled_from(("", "", "", "", "yes", "no"))),
            "pupils_filled": "no",
        }
        if phase not in ("nursery", "pru"):
            odd = draw(st.integers(0, 9))
            route = draw(st.sampled_from(("converter", "sponsored")))
            if kind == "academies" or odd == 0:
                age = draw(st.sampled_from((0, 1, 5, 11, 12, 13, 30)))
                row |= {"legal_status": "academy", "opened": month_text(start - age)}
                row |= {"route": route, "trust": draw(st.sampled_from(("", "", "T1", "T2")))}
            elif odd == 1:
                ahead = draw(st.integers(-3, horizon))
                row |= {"planned_opening": month_text(start + ahead), "route": route}
                row |= {"trust": draw(st.sampled_from(("", "T1")))}
        rows.append(row)
    return roster_from_rows(rows, "random")


@st.composite
def weights(draw: st.DrawFn) -> Cohesion:
    one = st.sampled_from((0.2, 0.1, 1.0, 3.0, 0.0))
    five = (draw(one), draw(one), draw(one), draw(one), draw(one))
    five = five if any(five) else (1.0, 0.0, 0.0, 0.0, 0.0)
    return Cohesion(five, draw(st.sampled_from((1.0, 0.5, 0.0))))


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[Policy, Roster]:
    start = parse_month(draw(st.sampled_from(STARTS)))
    horizon = draw(st.integers(1, LONGEST))
    levers = Levers(
        agreement=draw(agreements()),
        funding=draw(fundings(start, horizon, start)),
        support=draw(supports()),
        climate=draw(climates(start)),
        external=draw(externals()),
    )
    policy = Policy(
        start=start,
        horizon_months=horizon,
        partnership=draw(st.sampled_from((True, True, True, True, False))),
        levers=levers,
        changes=draw(changes(levers, start, horizon)),
        cohesion=draw(weights()),
        overrides=draw(overrides()),
        structure=draw(rules()),
        parameters=draw(st.sampled_from(("central", "uncertain"))),
    )
    return policy, draw(rosters(start, horizon))
