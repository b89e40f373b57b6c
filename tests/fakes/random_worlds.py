"""Random small worlds for hypothesis: any roster that loads, any policy that the schema accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args, get_origin

from hypothesis import strategies as st

from rsip_sim.evidence.months import month_text, parse_month
from rsip_sim.evidence.register import load_register
from rsip_sim.evidence.rosters import Roster
from rsip_sim.model.policy import DRAWN, UNCERTAIN, Cohesion, Levers, Policy
from rsip_sim.scenario.ranges import range_of
from rsip_sim.scenario.schema import LEVER_SECTIONS
from tests.fakes.worlds import LEVER_NAMES, Row, academy, levers, roster, school

STARTS = tuple(map(parse_month, ("2010-09", "2011-01", "2011-04", "2011-09", "2013-04", "2017-02")))
CONVERTING = ("primary", "infant", "junior", "secondary", "special")
SHORTEST, LONGEST = 1, 36


@dataclass(frozen=True)
class RandomWorld:
    """A policy, the schools it meets and the replications to simulate."""

    policy: Policy
    roster: Roster
    replications: int = 6


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    return st.one_of(st.just(low), st.just(high), st.floats(low, high))


def acceptable(path: str) -> st.SearchStrategy[object]:
    """Whatever the schema accepts for a lever; the ends of its range come up often."""
    section, _, name = path.partition(".")
    kind, limits = LEVER_SECTIONS[section].model_fields[name].annotation, range_of(path)
    if kind is bool:
        return st.booleans()
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if limits is None or limits.minimum is None or limits.maximum is None:
        raise TypeError(f"name values of {path}")
    if kind is int:
        return st.integers(int(limits.minimum), int(limits.maximum))
    numbers = _numbers(limits.minimum, limits.maximum)
    return st.one_of(st.just(UNCERTAIN), numbers) if path in DRAWN else numbers


# Lever paths → values a scenario file may hold. Named here are those whose accepted values would
# seldom matter in so short a run, and those that are no plain number or word; two are made below.
VALUES: dict[str, st.SearchStrategy[object]] = {
    "agreement.length_months": st.one_of(
        st.sampled_from([0, 1, 12, 24, 36, 60]), st.integers(0, 40)
    ),
    "agreement.renewal_months": st.integers(12, 30),
    "agreement.school_commitment_months": st.one_of(st.just(0), st.integers(0, 30)),
    "agreement.reviews_per_year": st.sampled_from([1, 2, 3, 4, 6, 12]),
    "agreement.governance_settled_months": st.integers(0, 30),
    "funding.earmark_gbp_per_year": st.one_of(st.just(750_000.0), _numbers(0.0, 10_000_000.0)),
    "funding.subscription_gbp_per_pupil": st.one_of(st.just(0.0), _numbers(0.0, 30.0)),
    "funding.ses_gbp_per_year": st.one_of(st.just(2_000_000.0), _numbers(0.0, 20_000_000.0)),
    "funding.service_money": st.one_of(st.just("observed"), _numbers(1.0, 1500.0)),
    "climate.conversion": st.sampled_from(["observed", "flat", "surge", "uncertain"]),
}
SPECIAL = ("funding.forum_delegates_from", "climate.opening_pct_per_month")
VALUES |= {path: acceptable(path) for path in LEVER_NAMES if path not in (*VALUES, *SPECIAL)}

# rates made high enough that something happens to a handful of schools in three years
BUSY: dict[str, st.SearchStrategy[float]] = {
    "kappa_primary": st.sampled_from([0.0, 0.76, 20.0, 200.0]),
    "kappa_secondary": st.sampled_from([0.0, 1.19, 20.0, 200.0]),
    "kappa_special": st.sampled_from([0.0, 20.0]),
    "exit_yearly": st.sampled_from([0.02, 0.4]),
    "outsider_inertia_extra": st.sampled_from([0.0, 2.0]),
    "order_rate_grade_4": st.sampled_from([0.0, 0.026, 0.5]),
    "withdrawal_share": st.sampled_from([0.0, 0.12, 0.6]),
    "consortium_reach": st.sampled_from([1.1, 5.0]),
    "recoupment_factor": st.sampled_from([0.97, 1.0, 1.03]),
    "forum_intercept": st.sampled_from([-3.0, 1.5]),
    "renewal_intercept": st.sampled_from([-3.0, 0.5]),
    "founding_maintained": st.sampled_from([0.5, 0.93]),
    "endowment_success": st.sampled_from([0.03, 1.0]),
    "ending_threshold_gbp": st.sampled_from([0.0, 50_000.0, 700_000.0]),
    "forum_agreement": st.sampled_from([0.0, 3.0]),
    "sponsor_chain_chance": st.sampled_from([0.0, 1.0]),
    "deficit_chance": st.sampled_from([0.0, 1.0]),
    "lead_days_per_month": st.sampled_from([0.25, 4.0]),
    "adequacy_reference": st.sampled_from([0.3, 0.6]),
}


def _columns(draw: st.DrawFn, phase: str) -> Row:
    columns: Row = {
        "governance": draw(st.sampled_from(["", "foundation", "voluntary aided", "other"])),
        "learning_community": draw(st.sampled_from(["", "Ash", "Birch"])),
        "diocese": draw(st.sampled_from(["", "", "Hallam", "Sheffield"])),
        "ofsted_grade": draw(st.sampled_from(["", 1, 2, 3, 4])),
        "member": draw(st.sampled_from(["", "", "yes", "no"])),
        "pupils": draw(st.one_of(st.integers(1, 1500), st.just(10_000))),
    }
    return {**columns, "phase": phase}


@st.composite
def rosters(draw: st.DrawFn, start: int, most: int = 12) -> Roster:
    """One to a dozen schools of all kinds."""
    rows: list[Row] = []
    for urn in draw(st.lists(st.integers(1, 9_999_999), min_size=1, max_size=most, unique=True)):
        phase = draw(st.sampled_from([*CONVERTING, "primary", "secondary", "nursery", "pru"]))
        columns = _columns(draw, phase)
        status = draw(st.sampled_from(["maintained"] * 4 + ["academy", "planned"]))
        if phase in CONVERTING and status == "academy":
            before = {
                "opened": month_text(start - draw(st.integers(1, 30))),
                "route": draw(st.sampled_from(["converter", "sponsored"])),
                "trust": draw(st.sampled_from(["", "A Trust"])),
            }
            rows.append(academy(urn, **{**columns, **before}))
        elif phase in CONVERTING and status == "planned":
            planned = month_text(start + draw(st.integers(0, 12)))
            rows.append(school(urn, **{**columns, "planned_opening": planned}))
        else:
            rows.append(school(urn, **columns))
    return roster(rows, "random")


def _some_levers(draw: st.DrawFn, base: Levers, most: int) -> Levers:
    chosen = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=most, unique=True))
    result = levers({name: draw(VALUES[name]) for name in chosen}, base)
    if draw(st.integers(0, 5)) == 0:
        table = tuple(
            (phase, tuple(draw(st.lists(_numbers(0.0, 100.0), min_size=1, max_size=6))))
            for phase in ("primary", "secondary", "special")
        )
        change = {"climate.conversion": "table", "climate.opening_pct_per_month": table}
        result = levers(change, result)
    return _within_agreement(result)


def _within_agreement(plan: Levers) -> Levers:
    """A scenario file may not tie schools for longer than the agreement."""
    agreement = plan.agreement
    tied = min(agreement.school_commitment_months, agreement.length_months)
    return levers({"agreement.school_commitment_months": tied}, plan)


def _structure(draw: st.DrawFn) -> tuple[tuple[str, str], ...]:
    """Some rules otherwise than the model has them; mostly none."""
    rules = load_register().structures
    chosen = draw(st.lists(st.sampled_from(sorted(rules)), max_size=3, unique=True))
    return tuple(sorted((name, draw(st.sampled_from(rules[name].values))) for name in chosen))


@st.composite
def policies(draw: st.DrawFn, start: int, longest: int = LONGEST) -> Policy:
    """Any levers at the start, up to three later changes, some rates made high."""
    horizon = draw(st.integers(SHORTEST, longest))
    first = _some_levers(draw, Levers(), 6)
    if draw(st.integers(0, 3)) == 0:
        delegates = start + draw(st.integers(0, horizon - 1))
        first = levers({"funding.forum_delegates_from": delegates}, first)
    months = st.lists(st.integers(1, max(horizon - 1, 1)), max_size=3, unique=True)
    changes, current = [], first
    for month in sorted(draw(months)) if horizon > 1 else []:
        current = _some_levers(draw, current, 3)
        changes.append((month, current))
    overrides = {
        name: draw(BUSY[name])
        for name in draw(st.lists(st.sampled_from(sorted(BUSY)), max_size=8, unique=True))
    }
    weights = draw(
        st.lists(_numbers(0.0, 3.0), min_size=5, max_size=5).filter(lambda w: sum(w) > 0)
    )
    return Policy(
        start=start,
        horizon_months=horizon,
        partnership=draw(st.integers(0, 7)) > 0,
        levers=first,
        changes=tuple(changes),
        cohesion=Cohesion(tuple(weights), draw(_numbers(0.0, 1.0))),  # type: ignore[arg-type]
        overrides=tuple(sorted(overrides.items())),
        structure=_structure(draw),
        parameters=draw(st.sampled_from(["central", "uncertain"])),
    )


@st.composite
def random_worlds(draw: st.DrawFn, longest: int = LONGEST) -> RandomWorld:
    """A policy and the schools it meets."""
    start = draw(st.sampled_from(STARTS))
    return RandomWorld(draw(policies(start, longest)), draw(rosters(start)))


def unknown_parameters() -> set[str]:
    """Overrides used here that the register does not have."""
    return {name for name in BUSY if name not in load_register()}
