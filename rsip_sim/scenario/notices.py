"""What scenarios must be together, and what a sound one says that its planner may not expect."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from rsip_sim.evidence.register import load_register
from rsip_sim.model.policy import UNCERTAIN
from rsip_sim.scenario.checks import LAST_OF_SERIES
from rsip_sim.scenario.levers import value_text
from rsip_sim.scenario.loading import Scenario, ScenarioError, load_scenario
from rsip_sim.scenario.together import alike, clashes, unlike, unlike_number

THRESHOLD = "ending_threshold_gbp"


def notices(paths: Iterable[str | Path]) -> list[str]:
    """What there is to know of sound files, one line a notice; files at fault are left out."""
    lines: list[str] = []
    scenarios: dict[Path, Scenario] = {}
    for path in paths:
        try:
            scenario = load_scenario(path)
        except ScenarioError:
            continue
        scenarios.setdefault(Path(path).resolve(), scenario)
        lines += [f"{path}: {notice}" for notice in notices_of(scenario)]
    several = [*scenarios.values()]
    lines += [f"{clash}, to compare them" for clash in clashes(several)]
    lines += unlike(several)
    return lines + [
        each for what in ("seed", "replications") for each in unlike_number(several, what)
    ]


def notices_of(scenario: Scenario) -> list[str]:
    """One sentence a notice: money a pupil, an end by rule, what means something else now."""
    return [
        *_money_a_pupil(scenario),
        *_ends_by_rule(scenario),
        *_other_meanings(scenario),
        *_carried_over(scenario),
        *_forgotten_conversions(scenario),
        *_groups_alike(scenario),
    ]


def own_money_gbp(scenario: Scenario) -> float:
    """What the partnership has to begin with if every school is a member, £ a year."""
    funding = scenario.policy.levers.funding
    pupils = int(scenario.roster.pupils.sum())
    return funding.earmark_gbp_per_year + funding.subscription_gbp_per_pupil * pupils


def ends_by_rule(scenario: Scenario) -> bool:
    """Whether the partnership's own money lies under what it needs to go on, from the start."""
    policy = scenario.policy
    threshold = dict(policy.overrides).get(THRESHOLD, _central_threshold())
    goes_on = dict(policy.structure).get("ending") == "never_for_money"
    return policy.partnership and not goes_on and own_money_gbp(scenario) < threshold


def _central_threshold() -> float:
    value = load_register()[THRESHOLD].value
    return 0.0 if isinstance(value, tuple) else value


def _money_a_pupil(scenario: Scenario) -> Iterator[str]:
    funding = scenario.policy.levers.funding
    pupils = int(scenario.roster.pupils.sum())
    maintained = int(scenario.roster.pupils[scenario.roster.legal_status == 0].sum())
    earmark = funding.earmark_gbp_per_year / pupils
    service = funding.ses_gbp_per_year / max(maintained, 1)
    yield (
        f"the earmark is £{earmark:,.2f} a pupil of all schools, the School Effectiveness Service "
        f"£{service:,.2f} a pupil of the maintained schools at the start"
    )


def _ends_by_rule(scenario: Scenario) -> Iterator[str]:
    if ends_by_rule(scenario):
        yield (
            f"the partnership's own money is £{own_money_gbp(scenario):,.0f} a year, under the "
            f"£{_central_threshold():,.0f} below which it cannot go on: unless something else "
            "comes in it ends at the second April by rule, whatever schools want"
        )


def _other_meanings(scenario: Scenario) -> Iterator[str]:
    policy = scenario.policy
    agreement, funding = policy.levers.agreement, policy.levers.funding
    if policy.partnership and agreement.length_months == 0:
        later = "may be offered one each January" if agreement.later_offers else "never has one"
        yield f"a length of 0 is no agreement to begin with; the partnership {later}"
    if not policy.partnership and funding.earmark_gbp_per_year > 0:
        earmark = value_text("funding.earmark_gbp_per_year", funding.earmark_gbp_per_year)
        yield (
            f"without a partnership schools get the earmark of {earmark} themselves; write "
            "earmark_gbp_per_year: 0 where no such money is meant"
        )
    in_force = [policy.levers, *(levers for _, levers in policy.changes)]
    for cut in dict.fromkeys(each.funding.council_cut_pct_per_year for each in in_force):
        if cut != UNCERTAIN:
            words = value_text("funding.council_cut_pct_per_year", cut)
            yield f"the cut of {words} is of the School Effectiveness Service alone"


def _carried_over(scenario: Scenario) -> Iterator[str]:
    if scenario.policy.start <= LAST_OF_SERIES:
        return
    yield (
        "a start after September 2016 still carries from 2011: how schools of each type and grade "
        "convert, inspections and their outcomes, academy orders, the Education Services Grant at "
        "its last rate, grant a pupil, and every other value of the register"
    )


def _groups_alike(scenario: Scenario) -> Iterator[str]:
    """Names of groups of schools that differ in no more than case, dashes and kinds of space."""
    roster = scenario.roster
    for column, names in (
        ("learning_community", roster.communities),
        ("diocese", roster.dioceses),
        ("trust", sorted({*roster.trust})),
    ):
        seen: dict[str, str] = {}
        for name in names:
            first = seen.setdefault(alike(name), name)
            if first != name:
                yield f"{column}: '{first}' and '{name}' are two, which no reader tells apart"


def _forgotten_conversions(scenario: Scenario) -> Iterator[str]:
    """A roster of the package is as it was when it was made, whatever the start."""
    roster, start = scenario.roster, scenario.policy.start
    late = [at for at, month in enumerate(roster.planned_opening) if 0 <= month < start]
    early = [at for at, month in enumerate(roster.opened) if month > start]
    for schools, what in (
        (late, "was settled to open as an academy before the start, and is maintained at it"),
        (early, "opened as an academy after the start, and is one already at it"),
    ):
        for at in schools:
            yield f"{roster.school[at]} {what}: {roster.name} is the roster of another month"
